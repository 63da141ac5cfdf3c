public import Alignment

/// What the verdicts of a run come to: a fold. Decides between exit status 0 and 1.
public struct Scoreboard: Sendable, Equatable {
  public private(set) var counts: [Verdict.Outcome: Int] = [:]
  /// What was required and stayed open: slugs of unobserved verdicts, and required slugs that no verdict is about.
  public var missing: Set<String> { unobserved.union(unseen) }

  private let required: Set<String>
  private var unobserved: Set<String> = []
  private var unseen: Set<String>

  /// - Parameter required: slugs, of an assertion (`nas-context`) or of one attribute (`nas-context/eksi`).
  public init(_ verdicts: [Verdict] = [], required: Set<String> = []) {
    self.required = required
    unseen = required
    for verdict in verdicts { consume(verdict) }
  }

  public mutating func consume(_ verdict: Verdict) {
    counts[verdict.verdict, default: 0] += 1
    unseen.remove(verdict.slug)
    unseen.remove(verdict.assertion)
    if verdict.verdict == .unobserved, isFailure(verdict) { unobserved.insert(verdict.slug) }
  }

  /// Nothing misaligned, and nothing required left open.
  public var isPassed: Bool { counts[.misaligned, default: 0] == 0 && missing.isEmpty }

  /// Whether that verdict alone fails the run.
  public func isFailure(_ verdict: Verdict) -> Bool {
    switch verdict.verdict {
    case .misaligned: true
    case .unobserved: required.contains(verdict.slug) || required.contains(verdict.assertion)
    case .aligned, .warning, .observed, .notApplicable: false
    }
  }
}
