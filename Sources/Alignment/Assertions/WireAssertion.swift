import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// What an assertion may know beside the observation at hand: how things stood just before it.
struct Circumstances {
  var running = RunningProcedures()
  /// The context that the UE uses.
  var current: ObservedContext?
  /// The network has shown that it uses the UE's context, with the integrity algorithm that the UE uses: where an SMC was abandoned neither
  /// need be so (TS 24.301 §5.4.3.7).
  var isInForce = false
  /// A request of the UE has had no answer, or came while an SMC had none: the network may have aborted the SMC for it.
  var hasCollided = false
  /// Nothing proves the context in use.
  var unprovable: UnprovableContext.Kind?
  /// Neither K nor a KASME of the UE is known: what is plain can be judged.
  var isKeyless = false
  /// The trace is one of a run and not of a capture: entities or the radio were heard too.
  var isLive = false
  /// The 3GPP release that the network is of, where it is known.
  var release: Int?
  /// The MME that the UE has its GUTI from, as far as that was seen, and as long as the UE has been at no other since. Who serves it need not know it
  /// by that name otherwise: after a handover within its TAI list a UE has no reason for an update (TS 24.301 §5.5.3.2.2), and comes back from idle
  /// with the GUTI of before; and where it comes back to by another handover, there it is a new one.
  private(set) var namingMME: Int?

  /// Whether an MME may not know a UE that comes to it with its GUTI.
  func mayNotBeKnown(to mme: Int) -> Bool { namingMME != mme }

  /// After the assertions have looked at it.
  mutating func follow(_ observation: Observation) {
    let mme = observation.leg.mme
    switch observation.body {
    case .nas(let nas):
      if nas.direction == .downlink {
        if nas.integrity.count != nil, nas.givesGUTI { namingMME = mme }
      } else if case .verified = nas.integrity {
        leave(for: mme)
      }
    case .procedure(let procedure):
      if procedure.message == .handoverNotify || procedure.message == .pathSwitchRequest { leave(for: mme) }
    default: break
    }
  }

  private mutating func leave(for mme: Int) { if namingMME != mme { namingMME = nil } }
}

extension NASObservation {
  /// Whether it gives the UE a GUTI.
  fileprivate var givesGUTI: Bool {
    guard let message else { return false }
    return switch message.type {
    case .attachAccept: (try? message[AttachAccept.guti]) ?? nil != nil
    case .trackingAreaUpdateAccept: (try? message[TrackingAreaUpdateAccept.guti]) ?? nil != nil
    case .gutiReallocationCommand: true
    default: false
    }
  }
}

/// One assertion of concurrency-rules.md on one UE, judged from the wire and K alone.
protocol WireAssertion: Sendable {
  /// Takes the next NAS message of the UE.
  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine)
  /// Takes its next message of a procedure of S1AP.
  mutating func observe(_ procedure: ProcedureObservation, _ observation: Observation, _ circumstances: Circumstances)
  /// Takes whatever else is observed of it.
  mutating func observe(_ observation: Observation, _ circumstances: Circumstances)
  /// Appends the verdicts so far, without the UE's name.
  func collect(into result: inout CollectedVerdicts)
}

extension WireAssertion {
  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {}
  mutating func observe(_ procedure: ProcedureObservation, _ observation: Observation, _ circumstances: Circumstances) {}
  mutating func observe(_ observation: Observation, _ circumstances: Circumstances) {}
}

/// What one assertion has found on one UE: how often it held, and everything else it has to say.
struct Findings: Sendable {
  static let maximum = 64

  let assertion: Assertion
  private(set) var held = 0
  /// What held last. Most are never told, so its words are made when they are.
  private var lastHeld: HeldWords?
  private var message = ""
  private var event = 0
  private var others: [Verdict] = []
  /// Rules whose case arose, and that were kept.
  private var kept: [ConcurrencyRule] = []

  init(_ assertion: Assertion) {
    self.assertion = assertion
  }

  /// What of the words is known as it holds: an assertion holds at every other message.
  enum HeldWords: Sendable {
    indirect case words(Words)
    case header(SecurityHeaderType)
    case count(UInt32, ObservedContext)
    case pair(KeyMaterial, chainingCount: UInt8)
    case capabilities(CapabilitiesReplayed.Told)
    case replay(CapabilitiesReplayed.Replay)
    case hash(HashOfInitialMessage.Sent)
    case keySet(UInt8)
    case keySetOfCommand(NASKeySetIdentifier, ObservedContext)
    case integrity(UInt8)

    var words: Words {
      switch self {
      case .words(let words): words
      case .header(let header): Words(observed: "\(header)")
      case .count(let count, let context): Words(observed: "COUNT \(count)", derivation: context.derivation)
      case .capabilities(let told): told.words
      case .replay(let replay): replay.words
      case .hash(let hash): hash.words
      case .keySet(let value): Words(observed: String(value))
      case .keySetOfCommand(let named, let context): EKSIConsistent.words(named, context)
      case .integrity(let value): Words(observed: "EIA\(value)")
      case .pair(let key, let chainingCount): Words(observed: "key \(key.fingerprint), NCC \(chainingCount)")
      }
    }
  }

  private func verdict(
    _ outcome: Verdict.Outcome, _ frame: Int, _ message: String, _ words: Words, _ rules: [ConcurrencyRule]
  ) -> Verdict {
    Verdict(
      slug: assertion.slug, verdict: outcome, rules: rules.map(\.rawValue), clause: rules.first?.clause ?? assertion.clause,
      message: message,
      frame: frame, expected: words.expected, observed: words.observed, derivation: words.derivation, note: words.note)
  }

  typealias Words = VerdictWords

  /// - Parameter rules: whose case was there, and which this shows to be kept.
  mutating func hold(_ observation: Observation, _ message: String, _ words: Words = Words(), keeping rules: [ConcurrencyRule] = []) {
    hold(at: observation.event, message, words, keeping: rules)
  }

  /// For what holds at every other message.
  mutating func hold(_ observation: Observation, _ message: String, _ words: HeldWords) { hold(at: observation.event, message, words) }

  mutating func hold(at frame: Int, _ message: String, _ words: Words, keeping rules: [ConcurrencyRule] = []) {
    hold(at: frame, message, .words(words))
    for rule in rules where !kept.contains(rule) { kept.append(rule) }
  }

  private mutating func hold(at frame: Int, _ message: String, _ words: HeldWords) {
    held += 1
    lastHeld = words
    self.message = message
    event = frame
  }

  mutating func find(
    _ outcome: Verdict.Outcome, _ observation: Observation, _ message: String, _ words: Words, breaking rules: [ConcurrencyRule] = []
  ) { find(outcome, at: observation.event, message, words, breaking: rules) }

  mutating func find(
    _ outcome: Verdict.Outcome, at frame: Int, _ message: String, _ words: Words, breaking rules: [ConcurrencyRule] = []
  ) {
    guard others.count < Self.maximum else { return }
    others.append(verdict(outcome, frame, message, words, rules))
  }

  var isMisaligned: Bool { others.contains { $0.verdict == .misaligned } }

  /// One verdict for all that held, unless something did not.
  func collect(into result: inout CollectedVerdicts) {
    if !others.isEmpty { result.append(others) }
    guard let lastHeld, others.isEmpty || !others.contains(where: { $0.verdict == .misaligned || $0.verdict == .warning }) else { return }
    result.append(
      .aligned,
      Verdict(
        slug: assertion.slug, verdict: .aligned, kept: kept.map(\.slug), clause: assertion.clause, message: message, frame: event
      ) { [words = lastHeld, count = held] in
        var all = words.words
        if count > 1 { all.note += (all.note.isEmpty ? "" : "; ") + "held \(count) times, this is the last" }
        return all
      })
  }
}
