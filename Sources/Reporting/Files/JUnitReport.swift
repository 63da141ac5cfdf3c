import Alignment

extension RunReport {
  /// JUnit XML: one testcase per verdict. Misaligned, and required but unobserved, are failures; open or not applicable is skipped;
  /// the other outcomes pass and say what they are in `system-out`.
  public func junit() -> String {
    let score = scoreboard
    var cases = ""
    var failures = 0
    var skipped = 0
    var total = verdicts.count
    for verdict in verdicts {
      if score.isFailure(verdict) { failures += 1 } else if Self.isSkipped(verdict) { skipped += 1 }
      cases += testcase(verdict, isFailure: score.isFailure(verdict))
    }
    let slugs = Set(verdicts.flatMap { [$0.slug, $0.assertion] })
    for slug in required.subtracting(slugs).sorted() {
      total += 1
      failures += 1
      cases += testcase(slug, title, failure: ("unobserved", "required, and nothing was seen that decides it", ""))
    }
    if !failure.isEmpty {
      total += 1
      failures += 1
      cases += testcase("run", title, failure: ("failed", failure, ""))
    }
    let time = EventSummary.text(of: duration)
    let counts = "tests=\"\(total)\" failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\" time=\"\(time)\""
    let name = Markup.escape(title)
    var properties = ""
    if !facts.isEmpty {
      properties = "    <properties>\n"
      for fact in facts {
        properties += "      <property name=\"\(Markup.escape(fact.name))\" value=\"\(Markup.escape(fact.value))\"/>\n"
      }
      properties += "    </properties>\n"
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="\(name)" \(counts)>
        <testsuite name="\(name)" \(counts)>
      \(properties)\(cases)  </testsuite>
      </testsuites>

      """
  }

  private static func isSkipped(_ verdict: Verdict) -> Bool {
    verdict.verdict == .unobserved || verdict.verdict == .notApplicable
  }

  private func testcase(_ verdict: Verdict, isFailure: Bool) -> String {
    let group = verdict.ue.isEmpty ? title : verdict.ue
    let evidence = verdict.evidenceRows.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
    if isFailure {
      let message =
        verdict.verdict == .misaligned
        ? "expected \(verdict.expected), observed \(verdict.observed)" : "required, and nothing was seen that decides it"
      return testcase(verdict.slug, group, failure: (verdict.verdict.rawValue, message, evidence))
    }
    var body = ""
    if Self.isSkipped(verdict) {
      body = "      <skipped message=\"\(Markup.escape(VerdictLines.word(for: verdict.verdict) + ": " + verdict.note))\"/>\n"
    }
    body += "      <system-out>\(Markup.escape(verdict.verdict.rawValue + "\n" + evidence))</system-out>\n"
    return opening(verdict.slug, group) + ">\n" + body + "    </testcase>\n"
  }

  private func testcase(_ name: String, _ group: String, failure: (type: String, message: String, text: String)) -> String {
    let attributes = "type=\"\(Markup.escape(failure.type))\" message=\"\(Markup.escape(failure.message))\""
    return opening(name, group) + ">\n      <failure \(attributes)>\(Markup.escape(failure.text))</failure>\n    </testcase>\n"
  }

  private func opening(_ name: String, _ group: String) -> String {
    "    <testcase name=\"\(Markup.escape(name))\" classname=\"\(Markup.escape(group))\""
  }
}

extension Verdict {
  /// What it rests on, without what is empty, in the order of reading.
  var evidenceRows: [(name: String, value: String)] {
    [
      ("expected", expected), ("observed", observed), ("derivation", derivation), ("message", message),
      ("frame", frame.map(String.init) ?? ""), ("clause", clause), ("rules", rules.joined(separator: ", ")), ("note", note),
      ("deviations", deviations.joined(separator: ", ")),
    ].filter { !$0.1.isEmpty }
  }
}
