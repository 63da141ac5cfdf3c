import Alignment
import NASCrypto
import Trace

extension RunReport {
  /// UEs that can be chosen in one report.
  private static let maximumChoices = 100

  /// The UEs by which the report can be filtered, in order; none where there is one alone, or more than anyone would choose among.
  private var choices: [String] {
    var found: [String] = []
    for ue in verdicts.map(\.ue) + events.compactMap(\.ue) where !ue.isEmpty && !found.contains(ue) {
      guard found.count < Self.maximumChoices else { return [] }
      found.append(ue)
    }
    return found.count > 1 ? found : []
  }

  private var choiceNumbers: [String: Int] {
    Dictionary(choices.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// One UE or all: radio buttons and rules of style, so that no script is needed.
  ///
  /// - Parameter anchor: before every identity of this part of the page.
  private func filter(_ anchor: String) -> String {
    let choices = choices
    guard !choices.isEmpty else { return "" }
    let name = anchor + "ue"
    var text = "<fieldset class=\"filter\"><legend>Show</legend>"
    text += "<label><input type=\"radio\" name=\"\(name)\" id=\"\(name)-all\" checked> all UEs</label>"
    for (number, ue) in choices.enumerated() {
      text += "<label><input type=\"radio\" name=\"\(name)\" id=\"\(name)-\(number)\"> \(Markup.escape(ue))</label>"
    }
    text += "</fieldset>\n<style>"
    for number in choices.indices {
      let chosen = "#\(anchor)run:has(#\(name)-\(number):checked)"
      text +=
        "\(chosen) tr[data-ue]:not([data-ue=\"\(number)\"]), \(chosen) details[data-ue]:not([data-ue=\"\(number)\"]) { display: none; } "
      text += "\(chosen) g[data-ue]:not([data-ue=\"\(number)\"]) { opacity: .12; }\n"
    }
    return text + "</style>\n"
  }

  /// One self-contained HTML file: no scripts, nothing loaded from elsewhere, light or dark as the reader's system is.
  public func html() -> String {
    HTMLPage.document(title: title, state: isPassed ? "passed" : "failed", body: htmlBody())
  }

  /// What the file says of this run.
  ///
  /// - Parameter anchor: before every identity in it, so that many can be on one page.
  func htmlBody(anchor: String = "") -> String {
    var body = "<div id=\"\(anchor)run\">\n"
    if !failure.isEmpty { body += "<p class=\"failure\">\(Markup.escape(failure))</p>\n" }
    body += factTable()
    body += filter(anchor)
    body += verdictSection(anchor)
    body += contextSection()
    body += HTMLTimeline(timeline, verdicts: verdicts, choices: choiceNumbers, anchor: anchor).section()
    body += ladderSection(anchor)
    return body + "</div>\n"
  }

  private func factTable() -> String {
    var rows = facts
    rows.append(Fact("Duration", EventSummary.text(of: duration) + " s"))
    rows.append(Fact("Events", String(events.count + omittedEvents)))
    let cells = rows.map { "<div><dt>\(Markup.escape($0.name))</dt><dd>\(Markup.escape($0.value))</dd></div>" }
    return "<dl class=\"facts\">\(cells.joined())</dl>\n"
  }

  // MARK: Verdicts

  private func verdictSection(_ anchor: String) -> String {
    let score = scoreboard
    var text = "<section><h2>Verdicts</h2>\n<p class=\"counts\">"
    text += Verdict.Outcome.allCases.compactMap { outcome in
      score.counts[outcome].map { "<span class=\"outcome \(outcome.rawValue)\">\($0) \(VerdictLines.word(for: outcome))</span>" }
    }.joined(separator: " ")
    text += "</p>\n"
    if !score.missing.isEmpty {
      let slugs = score.missing.sorted().map { "<code>\(Markup.escape($0))</code>" }.joined(separator: ", ")
      text += "<p class=\"failure\">Required, and nothing was seen that decides it: \(slugs)</p>\n"
    }
    guard !verdicts.isEmpty else { return text + "<p>There is no verdict.</p></section>\n" }
    text += "<div class=\"scroll\"><table><thead><tr><th>Verdict</th><th>Assertion</th><th>UE</th><th>Expected</th><th>Observed</th>"
    text += "<th>Evidence</th></tr></thead><tbody>\n"
    let numbers = choiceNumbers
    // What is wrong comes first.
    let isWrong = { (verdict: Verdict) in verdict.verdict == .misaligned || verdict.verdict == .warning }
    for verdict in verdicts.filter(isWrong) + verdicts.filter({ !isWrong($0) }) { text += row(verdict, numbers[verdict.ue], anchor) }
    return text + "</tbody></table></div></section>\n"
  }

  private func row(_ verdict: Verdict, _ ue: Int?, _ anchor: String) -> String {
    let word = VerdictLines.word(for: verdict.verdict)
    var evidence: [String] = []
    var where_ = Markup.escape(verdict.message)
    if let frame = verdict.frame {
      let link = "<a href=\"#\(anchor)f\(frame)\">frame \(frame)</a>"
      where_ += where_.isEmpty ? link : ", \(link)"
    }
    if !where_.isEmpty { evidence.append(where_) }
    if !verdict.derivation.isEmpty { evidence.append("<code>\(Markup.escape(verdict.derivation))</code>") }
    if !verdict.clause.isEmpty { evidence.append(Markup.escape(verdict.clause)) }
    if !verdict.rules.isEmpty {
      evidence.append("breaks " + verdict.rules.map { "<code>\(Markup.escape($0))</code>" }.joined(separator: ", "))
    }
    if !verdict.note.isEmpty { evidence.append("<em>\(Markup.escape(verdict.note))</em>") }
    if !verdict.deviations.isEmpty {
      let names = verdict.deviations.map { "<code>\(Markup.escape($0))</code>" }.joined(separator: ", ")
      evidence.append("<span class=\"deviation\">the UE deviates: \(names)</span>")
    }
    if let chains = verdict.chains { evidence.append(HTMLKeyChains.table(chains)) }
    return """
      <tr class="\(verdict.verdict.rawValue)"\(ue.map { " data-ue=\"\($0)\"" } ?? "")><td><span class="outcome \(verdict.verdict.rawValue)">\(word)</span></td>\
      <td><code>\(Markup.escape(verdict.slug))</code></td><td>\(Markup.escape(verdict.ue))</td>\
      <td><code>\(Markup.escape(verdict.expected))</code></td><td><code>\(Markup.escape(verdict.observed))</code></td>\
      <td>\(evidence.joined(separator: "<br>"))</td></tr>

      """
  }

  // MARK: Contexts

  private func contextSection() -> String {
    guard !contexts.isEmpty else { return "" }
    var text = "<section><h2>Security contexts</h2>\n<p>As each side told them last.</p>\n<div class=\"scroll\"><table><thead><tr>"
    for head in ["UE", "Told by", "Kind", "eKSI", "KASME", "Ciphering", "Integrity", "Uplink COUNT", "Downlink COUNT", "Changed by"] {
      text += "<th>\(head)</th>"
    }
    text += "</tr></thead><tbody>\n"
    let sorted = contexts.enumerated().sorted {
      ($0.element.imsi, $0.element.eKSI, $0.offset) < ($1.element.imsi, $1.element.eKSI, $1.offset)
    }
    for (_, context) in sorted {
      let cells = [
        context.imsi, context.owner.description, context.kind.rawValue, "\(context.eKSI)\(context.isMapped ? " (mapped)" : "")",
        context.kasme.map { keyText($0) } ?? "none", context.cipheringAlgorithm?.description ?? "none",
        context.integrityAlgorithm?.description ?? "none", context.uplinkNASCount.description, context.downlinkNASCount.description,
        context.cause,
      ]
      text += "<tr>" + cells.map { "<td>\(Markup.escape($0))</td>" }.joined() + "</tr>\n"
    }
    return text + "</tbody></table></div></section>\n"
  }

  // MARK: Ladder

  private func ladderSection(_ anchor: String) -> String {
    var text = "<section><h2>Messages</h2>\n"
    if omittedEvents > 0 { text += "<p>The first \(events.count) events; \(omittedEvents) more are not shown.</p>\n" }
    guard !events.isEmpty else { return text + "<p>There was no message.</p></section>\n" }
    return text + "<div class=\"scroll\">"
      + HTMLLadder(events: events, names: names, verdicts: verdicts, choices: choiceNumbers, anchor: anchor).svg()
      + "</div></section>\n"
  }
}
