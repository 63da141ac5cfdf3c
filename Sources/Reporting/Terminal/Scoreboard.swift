public import Alignment

/// What the verdicts of a run come to: a fold. Decides between exit status 0 and 1.
///
/// What is required must be decided for every UE that it is asked of: another UE's verdict does not stand in, and neither does one that
/// leaves it open (`unobserved`, or `observed` where the specification does).
public struct Scoreboard: Sendable, Equatable {
  /// A required slug, and the UE that it is open for; no UE where it is asked of the run as a whole.
  public struct Requirement: Sendable, Hashable, Comparable {
    /// Of an assertion or of one attribute.
    public var slug: String
    /// As verdicts name it; empty for the run as a whole.
    public var ue: String

    public static func < (one: Self, other: Self) -> Bool { (one.ue, one.slug) < (other.ue, other.slug) }
  }

  /// How many verdicts came to each outcome.
  public private(set) var counts: [Verdict.Outcome: Int] = [:]
  /// What the UEs that the verdicts are about were told to do otherwise.
  public private(set) var deviations: Set<String> = []
  /// What was required and stayed open: slugs of verdicts that leave it open, and required slugs that no verdict is about.
  public var missing: Set<String> { Set(undecided.map(\.slug)).union(unseen.map(\.slug)) }
  /// The same with the UE of each, in order.
  public var open: [Requirement] { undecided.union(unseen).sorted() }
  /// What was required and no verdict at all is about.
  public private(set) var unseen: Set<Requirement>

  private let required: Set<String>
  private var undecided: Set<Requirement> = []

  /// - Parameters:
  ///   - required: slugs, of an assertion (`nas-context`) or of one attribute (`nas-context/eksi`).
  ///   - ues: as verdicts name them, the UEs that each need their own verdict on what is required; empty: any UE's will do.
  public init(_ verdicts: [Verdict] = [], required: Set<String> = [], ues: [String] = []) {
    self.required = required
    unseen = Set((ues.isEmpty ? [""] : ues).flatMap { ue in required.map { Requirement(slug: $0, ue: ue) } })
    for verdict in verdicts { consume(verdict) }
  }

  /// Takes one more verdict.
  public mutating func consume(_ verdict: Verdict) {
    counts[verdict.verdict, default: 0] += 1
    if !verdict.deviations.isEmpty { deviations.formUnion(verdict.deviations) }
    guard !required.isEmpty else { return }
    for slug in [verdict.slug, verdict.assertion] {
      for ue in ["", verdict.ue] { unseen.remove(Requirement(slug: slug, ue: ue)) }
    }
    if verdict.verdict != .misaligned, isFailure(verdict) { undecided.insert(Requirement(slug: verdict.slug, ue: verdict.ue)) }
  }

  /// Takes aligned verdicts of which nobody asks what they are about.
  /// - Precondition: nothing is required.
  public mutating func consume(aligned number: Int) {
    precondition(required.isEmpty, "what is required is looked for among all verdicts")
    if number > 0 { counts[.aligned, default: 0] += number }
  }

  /// How many verdicts there were.
  public var total: Int { counts.values.reduce(0, +) }

  /// Whether anything was found to be so or not.
  public var hasDecided: Bool { counts.contains { $0.key != .unobserved && $0.key != .notApplicable && $0.value > 0 } }

  /// Nothing misaligned, and nothing required left open.
  public var isPassed: Bool { counts[.misaligned, default: 0] == 0 && undecided.isEmpty && unseen.isEmpty }

  /// Whether that verdict alone fails the run.
  public func isFailure(_ verdict: Verdict) -> Bool {
    switch verdict.verdict {
    case .misaligned: true
    case .unobserved, .observed: required.contains(verdict.slug) || required.contains(verdict.assertion)
    case .aligned, .warning, .notApplicable: false
    }
  }
}
