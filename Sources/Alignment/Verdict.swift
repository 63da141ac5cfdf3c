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
  /// Slugs of the rules whose case arose and that an aligned assertion shows to be kept; empty where nothing put them to the test.
  public var kept: [String] = []
  /// IMSI, or what else the UE is known by on the wire.
  public var ue: String
  /// "TS 33.401 §7.2.9".
  public var clause: String
  /// The message that is the evidence: "INITIAL CONTEXT SETUP REQUEST".
  public var message: String
  /// Index of the trace event that is the evidence.
  public var frame: Int?
  public var expected: String {
    get { words.expected }
    set { change { $0.expected = newValue } }
  }
  public var observed: String {
    get { words.observed }
    set { change { $0.observed = newValue } }
  }
  /// What the expected value was derived from: PLMN, KASME (its fingerprint), COUNT, eKSI.
  public var derivation: String {
    get { words.derivation }
    set { change { $0.derivation = newValue } }
  }
  public var note: String {
    get { words.note }
    set { change { $0.note = newValue } }
  }
  /// Where a key that was sent is not the right one: what each follows from, and where the two part.
  public var chains: KeyChains?
  /// What our UE was told to do other than TS 24.301 says, by name, in order; empty for an exact UE. The verdict is about that UE.
  public var deviations: [String]
  /// What was seen shows it by itself: no message that was not seen could make it otherwise.
  public var isCertain = false
  /// A trace of many UEs has hundreds of thousands of verdicts of which few are read, so their words are made when they are.
  var told: Told

  enum Told: Sendable {
    case inWords(VerdictWords)
    case whenAsked(@Sendable () -> VerdictWords)
  }

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
    told = .inWords(VerdictWords(expected: expected, observed: observed, derivation: derivation, note: note))
    self.chains = chains
    self.deviations = deviations
  }

  /// The slug without its attribute: `nas-context`.
  public var assertion: String { String(slug.prefix { $0 != "/" }) }

  init(
    slug: String, verdict: Outcome, rules: [String] = [], kept: [String] = [], ue: String = "", clause: String, message: String = "",
    frame: Int? = nil, words: @escaping @Sendable () -> VerdictWords
  ) {
    self.slug = slug
    self.verdict = verdict
    self.rules = rules
    self.ue = ue
    self.clause = clause
    self.message = message
    self.frame = frame
    self.kept = kept
    chains = nil
    deviations = []
    told = .whenAsked(words)
  }

  /// All four at once: each of them alone makes all of them.
  var words: VerdictWords {
    switch told {
    case .inWords(let words): words
    case .whenAsked(let words): words()
    }
  }

  private mutating func change(_ body: (inout VerdictWords) -> Void) {
    var words = words
    body(&words)
    told = .inWords(words)
  }

  public static func == (one: Self, other: Self) -> Bool {
    one.slug == other.slug && one.verdict == other.verdict && one.rules == other.rules && one.kept == other.kept && one.ue == other.ue
      && one.clause == other.clause
      && one.message == other.message && one.frame == other.frame && one.words == other.words && one.chains == other.chains
      && one.deviations == other.deviations
  }
}

extension Verdict: CustomStringConvertible {
  /// All of it, its words too.
  public var description: String {
    let words = words
    return
      "Verdict(\(slug): \(verdict), UE \(ue), \(clause), rules \(rules), \(message), frame \(frame.map(String.init) ?? "none"), expected \(words.expected), "
      + "observed \(words.observed), derivation \(words.derivation), note \(words.note), chains \(chains.map { "\($0)" } ?? "none"), deviations \(deviations))"
  }
}

/// What a verdict says in words.
struct VerdictWords: Sendable, Equatable {
  var expected = ""
  var observed = ""
  var derivation = ""
  var note = ""
}
