import Alignment

extension SuiteReport {
  /// Runs with all that passed in them; of more than these, those that failed come with it and the others with their steps and verdicts.
  private static let maximumWhole = 60

  /// One self-contained HTML file: a table of the profiles, what the network conforms to, and each profile with its steps, verdicts, time line
  /// and ladder.
  public func html() -> String {
    var body = "<p class=\"counts\">"
    body += ["passed", "failed", "skipped"].map { "<span class=\"badge \($0)\">\(count($0)) \($0)</span>" }.joined(separator: " ")
    body += "</p>\n" + contents() + conformance()
    for number in entries.indices { body += part(number) }
    return HTMLPage.document(title: title, state: count("failed") == 0 ? "passed" : "failed", body: body)
  }

  private func contents() -> String {
    var text = "<section><h2>Profiles</h2><div class=\"scroll\"><table><thead><tr>"
    for head in ["Outcome", "Profile", "Clause", "File", "Time"] { text += "<th scope=\"col\">\(head)</th>" }
    text += "</tr></thead><tbody>\n"
    for (number, entry) in entries.enumerated() {
      let why = entry.outcome.reason.isEmpty ? "" : "<br><em>\(Markup.escape(entry.outcome.reason))</em>"
      text += "<tr\(entry.outcome.word == "failed" ? " class=\"misaligned\"" : "")>"
      text += "<td><span class=\"badge \(entry.outcome.word)\">\(entry.outcome.word)</span></td>"
      text += "<td><a href=\"#p\(number)-\">\(Markup.escape(entry.title))</a>\(why)</td><td>\(Markup.escape(entry.clause))</td>"
      text += "<td><code>\(Markup.escape(entry.file))</code></td><td>\(EventSummary.text(of: entry.duration)) s</td></tr>\n"
    }
    return text + "</tbody></table></div></section>\n"
  }

  private func conformance() -> String {
    let table = ConformanceTable(entries.flatMap(\.verdicts))
    guard !table.rows.isEmpty else { return "" }
    let outcomes = Verdict.Outcome.allCases.filter { outcome in table.rows.contains { $0.counts[outcome] != nil } }
    var text = "<section><h2>Conformance</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Assertion</th>"
    text += outcomes.map { "<th scope=\"col\">\(VerdictLines.word(for: $0))</th>" }.joined() + "</tr></thead><tbody>\n"
    for row in table.rows {
      text += "<tr><td><code>\(Markup.escape(row.assertion))</code></td>"
      text += outcomes.map { "<td>\(row.counts[$0].map(String.init) ?? "")</td>" }.joined() + "</tr>\n"
    }
    text += "</tbody></table></div><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Rule of TS 33.401 §7.2.10</th>"
    text += "<th scope=\"col\">Was</th></tr></thead><tbody>\n"
    for rule in ConcurrencyRule.allCases {
      text += "<tr><td><code>\(rule.slug)</code></td><td>\(table.word(for: rule))</td></tr>\n"
    }
    return text + "</tbody></table></div></section>\n"
  }

  private func part(_ number: Int) -> String {
    let entry = entries[number]
    let isFailed = entry.outcome.word == "failed"
    let isOpen = isFailed || entries.count == 1
    let anchor = "p\(number)-"
    var text = "<details class=\"profile\"\(isOpen ? " open" : "")>"
    text += "<summary><span class=\"badge \(entry.outcome.word)\">\(entry.outcome.word)</span> \(Markup.escape(entry.title))</summary>\n"
    // Inside, so that a browser opens what a link leads to.
    text += "<div id=\"\(anchor)\">"
    if !entry.checks.isEmpty {
      text += "<ol class=\"steps\">"
      for check in entry.checks {
        text += "<li class=\"\(check.outcome.word)\">\(Markup.escape(check.text)) <code>\(Markup.escape(check.place))</code>"
        text += check.outcome.reason.isEmpty ? "</li>\n" : ": \(Markup.escape(check.outcome.reason))</li>\n"
      }
      text += "</ol>\n"
    }
    if var run = entry.run {
      if !isFailed, entries.count > Self.maximumWhole { run.leaveEventsOut() }
      text += run.htmlBody(anchor: anchor)
    }
    return text + "</div></details>\n"
  }
}
