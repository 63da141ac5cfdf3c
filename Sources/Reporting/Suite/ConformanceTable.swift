public import Alignment

/// How often each assertion came to each outcome, and what became of each rule of TS 33.401 §7.2.10: what a core conforms to.
public struct ConformanceTable: Sendable {
  /// By assertion, in the order in which they first appeared.
  public private(set) var rows: [(assertion: String, counts: [Verdict.Outcome: Int])] = []
  private var broken: [String: Int] = [:]
  private var kept: [String: Int] = [:]

  public init(_ verdicts: some Sequence<Verdict>) {
    for verdict in verdicts {
      if let place = rows.firstIndex(where: { $0.assertion == verdict.assertion }) {
        rows[place].counts[verdict.verdict, default: 0] += 1
      } else {
        rows.append((verdict.assertion, [verdict.verdict: 1]))
      }
      for rule in verdict.kept { kept[rule, default: 0] += 1 }
      if verdict.verdict == .misaligned { for rule in verdict.rules { broken[rule, default: 0] += 1 } }
    }
  }

  /// `broken 2`, `kept` where its case arose and it was kept and never broken, `not put to the test` otherwise: an assertion that holds
  /// where nothing overlaps shows nothing of a rule on overlaps.
  public func word(for rule: ConcurrencyRule) -> String {
    if let count = broken[rule.slug] { return "broken \(count)" }
    return kept[rule.slug] == nil ? "not put to the test" : "kept"
  }

  /// A line for each assertion, then one for each rule.
  public func text(style: TerminalStyle) -> String {
    guard !rows.isEmpty else { return "" }
    let outcomes = Verdict.Outcome.allCases.filter { outcome in rows.contains { $0.counts[outcome] != nil } }
    let rules = ConcurrencyRule.allCases
    let width = max(9, (rows.map(\.assertion.count) + rules.map(\.slug.count)).max() ?? 0)
    var text = "assertion".padded(to: width) + outcomes.map { "  " + VerdictLines.word(for: $0) }.joined() + "\n"
    for row in rows {
      text += row.assertion.padded(to: width)
      for outcome in outcomes {
        let number = row.counts[outcome].map(String.init) ?? "-"
        text += "  " + String(repeating: " ", count: max(0, VerdictLines.word(for: outcome).count - number.count)) + number
      }
      text += "\n"
    }
    text += "\n" + "rule of TS 33.401 §7.2.10\n"
    for rule in rules { text += rule.slug.padded(to: width) + "  " + word(for: rule) + "\n" }
    return text + "\n"
  }
}
