import Alignment
import NASCrypto
import Trace

/// The ladder as one SVG: a lifeline for each UE (one for all where there are many), eNB and MME, and the events down the page.
struct HTMLLadder {
  private let events: [EventSummary]
  private let names: TraceLog.Names
  private let ues: [String]
  private let eNBs: [Int]
  private let mmes: [Int]
  private let hasRadioPoint: Bool
  /// What is wrong at an event, by its index.
  private let marks: [Int: [Verdict]]
  /// The numbers of the UEs that can be chosen.
  private let choices: [String: Int]
  /// Before the identities of the events.
  private let anchor: String

  private static let left = 100
  private static let gap = 290
  private static let right = 330
  private static let top = 44
  /// More UEs than this share one lifeline.
  private static let maximumUELanes = 4

  init(events: [EventSummary], names: TraceLog.Names, verdicts: [Verdict] = [], choices: [String: Int] = [:], anchor: String = "") {
    self.events = events
    self.anchor = anchor
    self.choices = choices
    var marks: [Int: [Verdict]] = [:]
    for verdict in verdicts where verdict.verdict == .misaligned || verdict.verdict == .warning {
      if let frame = verdict.frame { marks[frame, default: []].append(verdict) }
    }
    self.marks = marks
    self.names = names
    var ues: [String] = []
    var eNBs: Set<Int> = []
    var mmes: Set<Int> = []
    for event in events {
      if let ue = event.ue, !ues.contains(ue), ues.count <= Self.maximumUELanes { ues.append(ue) }
      if let leg = event.leg {
        eNBs.insert(leg.eNB)
        mmes.insert(leg.mme)
      }
      if event.kind == .gtp { mmes.formUnion([event.ownerNumber, event.targetNumber].compactMap { $0 }) }
    }
    self.ues = ues.count > Self.maximumUELanes || ues.isEmpty ? [] : ues
    self.eNBs = eNBs.isEmpty ? [0] : eNBs.sorted()
    self.mmes = mmes.isEmpty ? [0] : mmes.sorted()
    hasRadioPoint = events.contains { $0.kind == .nas }
  }

  private var ueLanes: Int { max(ues.count, 1) }
  private var lanes: Int { ueLanes + eNBs.count + mmes.count }
  private var width: Int { Self.left + 60 + (lanes - 1) * Self.gap + Self.right }

  private func x(_ lane: Int) -> Int { Self.left + 60 + lane * Self.gap }

  private func laneOfUE(_ ue: String?) -> Int { ue.flatMap { ues.firstIndex(of: $0) } ?? 0 }
  private func laneOfENB(_ number: Int?) -> Int { ueLanes + (number.flatMap { eNBs.firstIndex(of: $0) } ?? 0) }
  private func laneOfMME(_ number: Int?) -> Int { ueLanes + eNBs.count + (number.flatMap { mmes.firstIndex(of: $0) } ?? 0) }

  func svg() -> String {
    var body = ""
    var y = Self.top + 16
    var last: Int?
    for (position, event) in events.enumerated() {
      let (inside, height) = event.isMessage ? message(event, y) : remark(event, y)
      guard height > 0 else { continue }
      // One packet may have brought several events: the last of them is what a verdict is about.
      let isLast = position + 1 == events.count || events[position + 1].index != event.index
      let wrong = isLast ? marks[event.index] ?? [] : []
      body += group(event, y, height + 15 * wrong.count, inside + marked(wrong, y + height), isFirst: event.index != last, wrong)
      y += height + 15 * wrong.count
      last = event.index
    }
    let height = y + 12
    var frame =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\" role=\"img\">\n"
    frame += "<title>Ladder of messages</title>\n"
    let heads =
      (ues.isEmpty ? ["UE"] : ues.map { "UE \($0)" }) + eNBs.map { names.eNB($0) } + mmes.map { names.mme($0) }
    for (lane, head) in heads.enumerated() {
      frame += "<text class=\"head\" x=\"\(x(lane))\" y=\"24\" text-anchor=\"middle\">\(Markup.escape(head))</text>"
      frame += "<line class=\"life\" x1=\"\(x(lane))\" y1=\"34\" x2=\"\(x(lane))\" y2=\"\(height - 6)\"/>\n"
    }
    return frame + body + "</svg>\n"
  }

  private func marked(_ verdicts: [Verdict], _ y: Int) -> String {
    verdicts.enumerated().map { number, verdict in
      let word = VerdictLines.word(for: verdict.verdict)
      return "<text class=\"verdict \(verdict.verdict.rawValue)\" x=\"\(Self.left + 8)\" y=\"\(y + 10 + 15 * number)\">"
        + "▲ \(word): \(Markup.escape(verdict.slug)), expected \(Markup.escape(verdict.expected)), observed \(Markup.escape(verdict.observed))</text>"
    }.joined()
  }

  private func group(_ event: EventSummary, _ y: Int, _ height: Int, _ inside: String, isFirst: Bool, _ wrong: [Verdict]) -> String {
    var attributes = isFirst ? "id=\"\(anchor)f\(event.index)\" tabindex=\"-1\" " : ""
    if let ue = event.ue.flatMap({ choices[$0] }) { attributes += "data-ue=\"\(ue)\" " }
    let outcome = wrong.contains { $0.verdict == .misaligned } ? "misaligned" : wrong.isEmpty ? "" : "warning"
    return """
      <g \(attributes)class="event \(outcome)"><rect class="mark" x="0" y="\(y)" width="\(width)" height="\(height)"/>\
      <text class="time" x="8" y="\(y + 16)">\(event.timeText)</text>\(inside)</g>

      """
  }

  private func message(_ event: EventSummary, _ y: Int) -> (String, Int) {
    let isUplink = event.direction == .uplink
    let isBetweenMMEs = event.kind == .gtp
    let near = isBetweenMMEs ? laneOfMME(event.ownerNumber) : event.kind == .nas ? laneOfUE(event.ue) : laneOfENB(event.leg?.eNB)
    let far = isBetweenMMEs ? laneOfMME(event.targetNumber) : event.kind == .nas ? laneOfENB(nil) : laneOfMME(event.leg?.mme)
    // Which eNB a UE is at is not in the event: of several the first stands for it.
    let (from, to) = isUplink || isBetweenMMEs ? (x(near), x(far)) : (x(far), x(near))
    var below: [String] = []
    if let nas = event.nas {
      if event.kind == .s1ap { below.append(nas.name + (nas.inner.map { " + \($0)" } ?? "")) }
      if event.kind == .nas || !hasRadioPoint { below.append(nas.details()) }
    }
    if event.kind != .nas, !event.detail.isEmpty { below.append(event.detail) }
    let isBad = event.nas?.isVerified == false || event.nas?.protection == .unreadable
    let colour = isBad ? "bad" : isUplink ? "up" : "down"
    let at = y + 22
    let middle = (from + to) / 2
    let direction = to > from ? 1 : -1
    var inside = "<title>\(Markup.escape(tooltip(event)))</title>"
    inside += "<text class=\"name\" x=\"\(middle)\" y=\"\(at - 6)\" text-anchor=\"middle\">\(Markup.escape(event.title))</text>"
    inside += "<line class=\"\(colour)\" stroke-width=\"1.5\" x1=\"\(from)\" y1=\"\(at)\" x2=\"\(to - 7 * direction)\" y2=\"\(at)\"/>"
    inside += "<path class=\"\(colour)fill\" d=\"M\(to) \(at)l\(-9 * direction) -4v8z\"/>"
    for (number, line) in below.enumerated() {
      inside +=
        "<text class=\"small\" x=\"\(middle)\" y=\"\(at + 14 + 13 * number)\" text-anchor=\"middle\">\(Markup.escape(line))</text>"
    }
    let height = 32 + 13 * below.count
    return (inside, height)
  }

  private func tooltip(_ event: EventSummary) -> String {
    var parts = ["frame \(event.index)", "\(event.octetCount) octets"]
    if let stream = event.stream { parts.append("stream \(stream)") }
    if let nas = event.nas { parts.append(nas.details()) }
    return parts.joined(separator: ", ")
  }

  private func remark(_ event: EventSummary, _ y: Int) -> (String, Int) {
    if event.kind == .timer, !event.title.hasSuffix("expired") { return ("", 0) }
    let lane: Int? =
      switch event.lane {
      case .ue: laneOfUE(event.ue)
      case .eNB: laneOfENB(event.leg?.eNB ?? event.ownerNumber)
      case .mme: laneOfMME(event.ownerNumber)
      case nil: nil
      }
    var text = event.owner.isEmpty || event.lane == .ue && !ues.isEmpty ? "" : event.owner + (event.kind == .discard ? " " : ": ")
    text += event.title
    if event.kind == .association, !event.detail.isEmpty { text += ": \(event.detail)" }
    if !event.clause.isEmpty { text += " (\(event.clause))" }
    let colour =
      switch event.kind {
      case .discard: "bad"
      case .timer, .association: "warn"
      case .state: "good"
      case .securityContext, .keNB: "info"
      case .note, .s1ap, .nas: "soft"
      case .gtp: "info"
      }
    // Room to the right edge, at about 7 units a character of this size.
    let start = lane.map { x($0) + 10 } ?? Self.left + 8
    let lines = TerminalStyle().wrap(text, to: max((width - start - 10) / 7, 40))
    var inside = lane.map { "<circle class=\"\(colour)fill\" cx=\"\(x($0))\" cy=\"\(y + 12)\" r=\"4\"/>" } ?? ""
    for (number, line) in lines.enumerated() {
      inside += "<text class=\"\(colour)fill\" x=\"\(start)\" y=\"\(y + 16 + 14 * number)\">\(Markup.escape(line))</text>"
    }
    let height = 10 + 14 * lines.count
    return (inside, height)
  }
}
