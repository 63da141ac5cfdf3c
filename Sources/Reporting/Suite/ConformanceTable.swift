public import Alignment

/// How often each assertion came to each outcome, and which rules were seen broken: what a core conforms to.
public struct ConformanceTable: Sendable {
  /// By assertion, in the order in which they first appeared.
  public private(set) var rows: [(assertion: String, counts: [Verdict.Outcome: Int], rules: Set<String>)] = []

  public init(_ verdicts: some Sequence<Verdict>) {
    for verdict in verdicts {
      let place: Int
      if let found = rows.firstIndex(where: { $0.assertion == verdict.assertion }) {
        place = found
      } else {
        place = rows.count
        rows.append((verdict.assertion, [:], []))
      }
      rows[place].counts[verdict.verdict, default: 0] += 1
      if verdict.verdict == .misaligned { rows[place].rules.formUnion(verdict.rules) }
    }
  }

  /// A line for each assertion.
  public func text(style: TerminalStyle) -> String {
    guard !rows.isEmpty else { return "" }
    let outcomes = Verdict.Outcome.allCases.filter { outcome in rows.contains { $0.counts[outcome] != nil } }
    let width = max(9, rows.map(\.assertion.count).max() ?? 0)
    var text = "assertion".padded(to: width)
    for outcome in outcomes { text += "  " + VerdictLines.word(for: outcome) }
    text += "\n"
    for row in rows {
      var line = row.assertion.padded(to: width)
      for outcome in outcomes {
        let head = VerdictLines.word(for: outcome)
        let number = row.counts[outcome].map(String.init) ?? "-"
        line += "  " + String(repeating: " ", count: max(0, head.count - number.count)) + number
      }
      if !row.rules.isEmpty { line += "  breaks \(row.rules.sorted().joined(separator: ", "))" }
      text += line + "\n"
    }
    return text + "\n"
  }
}
