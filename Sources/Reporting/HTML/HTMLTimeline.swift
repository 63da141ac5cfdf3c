import Alignment
import Trace

/// The time line of contexts, COUNTs and AS keys, down the page: a table for each UE, in which each context has its colour.
struct HTMLTimeline {
  private let timeline: Timeline
  private let verdicts: [Verdict]
  private let choices: [String: Int]
  /// Before the identities of the ladder's events.
  private let anchor: String

  /// UEs with a table each; where there are more, those of which something is wrong come first.
  private static let maximumUEs = 20
  private static let maximumRows = 2_000
  private static let colours = 6

  init(_ timeline: Timeline, verdicts: [Verdict], choices: [String: Int], anchor: String) {
    self.timeline = timeline
    self.verdicts = verdicts.filter { $0.frame != nil || $0.verdict == .aligned }
    self.choices = choices
    self.anchor = anchor
  }

  func section() -> String {
    var order: [String] = []
    var rows: [String: [Timeline.Row]] = [:]
    for row in timeline.rows {
      let name = timeline.name(of: row)
      guard !name.isEmpty else { continue }
      if rows[name] == nil { order.append(name) }
      rows[name, default: []].append(row)
    }
    guard !order.isEmpty else { return "" }
    let wrong = Set(verdicts.filter { $0.verdict == .misaligned || $0.verdict == .warning }.map(\.ue))
    if order.count > Self.maximumUEs { order = order.filter(wrong.contains) + order.filter { !wrong.contains($0) } }
    var text = """
      <section class="timeline"><h2>Contexts, COUNTs and keys in time</h2>
      <p>What the wire proves, what each side says, and both key chains: each key that the network sent for the eNB, and the one that follows from K.</p>

      """
    for ue in order.prefix(Self.maximumUEs) { text += table(ue, rows[ue] ?? [], isOpen: order.count <= 4 || wrong.contains(ue)) }
    if order.count > Self.maximumUEs { text += "<p>\(order.count - Self.maximumUEs) more UEs are not shown.</p>\n" }
    if timeline.omitted > 0 { text += "<p>\(timeline.omitted) later steps are not shown.</p>\n" }
    return text + "</section>\n"
  }

  private func table(_ ue: String, _ rows: [Timeline.Row], isOpen: Bool) -> String {
    var colours: [String: Int] = [:]
    func colour(_ mark: Timeline.Mark?) -> String {
      guard let mark, !mark.kasme.isEmpty else { return "" }
      let number = colours[mark.kasme] ?? colours.count
      colours[mark.kasme] = number
      return " class=\"context c\(number % Self.colours)\""
    }
    let chosen = choices[ue].map { " data-ue=\"\($0)\"" } ?? ""
    var text =
      "<details\(chosen)\(isOpen ? " open" : "")><summary>UE \(Markup.escape(ue))</summary><div class=\"scroll\"><table><thead><tr>"
    // A capture has nobody's word.
    let hasWords = rows.contains { $0.told != nil }
    let heads =
      ["Time", "Step", "Context on the wire", "Uplink COUNT", "Downlink COUNT"] + (hasWords ? ["UE says", "MME says"] : [])
      + ["Key sent", "Key due"]
    for head in heads {
      text += "<th scope=\"col\">\(head)</th>"
    }
    text += "</tr></thead><tbody>\n"
    // What goes on from the row before is drawn and not written again.
    var wire: Timeline.Mark?
    var told: [Bool: Timeline.Mark?] = [:]
    for row in rows.prefix(Self.maximumRows) {
      var cells: [String] = []
      cells.append("<td class=\"time\">\(EventSummary.text(of: row.time))</td>")
      cells.append("<td><a href=\"#\(anchor)f\(row.frame)\">frame \(row.frame)</a> \(Markup.escape(row.title))</td>")
      var context = ""
      if let mark = row.mark {
        if row.isOffer {
          context = "offered: " + words(mark)
        } else if row.uplink != nil, row.doubt.isEmpty {
          context = mark == wire ? "" : words(mark)
          wire = mark
        } else if mark != wire {
          context = words(mark)
        }
      }
      cells.append("<td\(colour(row.isOffer ? row.mark : wire))>\(context)</td>")
      cells.append(count(row.uplink, row, isUplink: true))
      cells.append(count(row.downlink, row, isUplink: false))
      for isUE in hasWords ? [true, false] : [] {
        var said = ""
        if let now = row.told, now.isUE == isUE {
          let isSame = told[isUE] == .some(now.mark)
          said = (isSame || now.mark == nil ? "" : now.mark.map(words).map { $0 + "<br>" } ?? "") + Markup.escape(now.words)
          told[isUE] = .some(now.mark)
        }
        cells.append("<td\(colour(told[isUE] ?? nil))>\(said)</td>")
      }
      let (key, isWrong) = keys(row, ue)
      cells.append(key)
      text += "<tr\(isWrong || isMisaligned(row, ue) ? " class=\"misaligned\"" : "")>\(cells.joined())</tr>\n"
    }
    text += "</tbody></table></div>"
    if rows.count > Self.maximumRows { text += "<p>\(rows.count - Self.maximumRows) later steps are not shown.</p>" }
    return text + "</details>\n"
  }

  private func words(_ mark: Timeline.Mark) -> String {
    var parts = ["eKSI \(mark.eKSI)"]
    if !mark.kasme.isEmpty { parts.append("KASME <code>\(Markup.escape(mark.kasme))</code>") }
    if !mark.algorithms.isEmpty { parts.append(Markup.escape(mark.algorithms)) }
    return parts.joined(separator: " · ")
  }

  private func count(_ count: UInt32?, _ row: Timeline.Row, isUplink: Bool) -> String {
    let isHere = count != nil || !row.doubt.isEmpty && row.uplink == nil && row.downlink == nil && isUplink
    guard isHere else { return "<td></td>" }
    let number = count.map(String.init) ?? ""
    return "<td class=\"count\">\(number)\(row.doubt.isEmpty ? "" : " <em>\(row.doubt)</em>")</td>"
  }

  private func isMisaligned(_ row: Timeline.Row, _ ue: String) -> Bool {
    verdicts.contains { $0.verdict == .misaligned && $0.frame == row.frame && $0.ue == ue }
  }

  /// The key that was sent and the one that is due: by the verdict on this step, and where none has anything against it the same.
  private func keys(_ row: Timeline.Row, _ ue: String) -> (String, isWrong: Bool) {
    guard let key = row.key else { return ("<td></td><td></td>", false) }
    let sent = "<td>\(key.name) <code>\(Markup.escape(key.key))</code></td>"
    let slugs = key.name == "KeNB" ? ["kenb-explained"] : ["nh-genealogy", "ncc-order"]
    let about = verdicts.filter { slugs.contains($0.slug) && $0.ue == ue }
    if let verdict = about.first(where: { $0.frame == row.frame && $0.verdict != .aligned }) {
      let due = verdict.expected.isEmpty ? Markup.escape(verdict.note) : "<code>\(Markup.escape(verdict.expected))</code>"
      return (sent + "<td>\(due)</td>", verdict.verdict == .misaligned)
    }
    return (sent + "<td>\(about.contains { $0.verdict == .aligned } ? "the same" : "not known")</td>", false)
  }
}
