/// The outcome of one assertion on one piece of evidence: what the alignment engine says, and why.
public struct Verdict: Sendable, Equatable {
  /// The six outcomes. Only `aligned` is a pass; `unobserved` never is.
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    case aligned
    case misaligned
    /// Against good practice, or against a rule that has no deadline.
    case warning
    /// The specification leaves it open.
    case observed
    /// Nothing seen that decides it.
    case unobserved
    /// The peer or the scenario cannot do it; `note` has the reason.
    case notApplicable
  }

  /// The assertion, `kenb-explained`; an attribute of one after a slash, `nas-context/uplink-nas-count`.
  public var slug: String
  public var verdict: Outcome
  /// Slugs of the concurrency rules that a misaligned assertion breaks.
  public var rules: [String]
  /// IMSI, or what else the UE is known by on the wire.
  public var ue: String
  /// "TS 33.401 §7.2.9".
  public var clause: String
  /// The message that is the evidence: "INITIAL CONTEXT SETUP REQUEST".
  public var message: String
  /// Index of the trace event that is the evidence.
  public var frame: Int?
  public var expected: String
  public var observed: String
  /// What the expected value was derived from: PLMN, KASME (its fingerprint), COUNT, eKSI.
  public var derivation: String
  public var note: String
  /// Where a key that was sent is not the right one: what each follows from, and where the two part.
  public var chains: KeyChains?
  /// What our UE was told to do other than TS 24.301 says, by name, in order; empty for an exact UE. The verdict is about that UE.
  public var deviations: [String]

  public init(
    slug: String, verdict: Outcome, rules: [String] = [], ue: String = "", clause: String, message: String = "", frame: Int? = nil,
    expected: String = "", observed: String = "", derivation: String = "", note: String = "", chains: KeyChains? = nil,
    deviations: [String] = []
  ) {
    self.slug = slug
    self.verdict = verdict
    self.rules = rules
    self.ue = ue
    self.clause = clause
    self.message = message
    self.frame = frame
    self.expected = expected
    self.observed = observed
    self.derivation = derivation
    self.note = note
    self.chains = chains
    self.deviations = deviations
  }

  /// The slug without its attribute: `nas-context`.
  public var assertion: String { String(slug.prefix { $0 != "/" }) }
}
