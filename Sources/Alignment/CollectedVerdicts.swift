/// Verdicts while they are collected. A trace of many UEs has hundreds of thousands, almost all of them aligned: where nobody reads those, they
/// are counted and not made.
struct CollectedVerdicts: Sendable {
  private(set) var all: [Verdict] = []
  /// Aligned ones that were not made.
  private(set) var counted = 0
  let countsAligned: Bool

  init(countingAligned: Bool = false) { countsAligned = countingAligned }

  var count: Int { all.count }
  var indices: Range<Int> { all.indices }

  subscript(position: Int) -> Verdict {
    get { all[position] }
    set { all[position] = newValue }
  }

  /// - Parameter verdict: of this outcome; made where it is kept.
  mutating func append(_ outcome: Verdict.Outcome, _ verdict: @autoclosure () -> Verdict) {
    if countsAligned, outcome == .aligned { counted += 1 } else { all.append(verdict()) }
  }

  mutating func append(_ verdict: Verdict) { append(verdict.verdict, verdict) }

  mutating func append(_ verdicts: [Verdict]) { for verdict in verdicts { append(verdict) } }

  mutating func removeAll() {
    all.removeAll(keepingCapacity: true)
    counted = 0
  }
}
