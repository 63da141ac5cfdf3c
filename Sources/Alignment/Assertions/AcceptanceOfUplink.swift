import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// How the network answers verified initial messages that something made hard for it: a sequence number that wrapped (`count-estimation`), or
/// forgeries before (`forgery-inert`). SERVICE REJECT #9 to one that verifies says that the network's COUNT or context is another.
struct AcceptanceOfUplink: WireAssertion {
  private struct Probe: Sendable {
    var observation: Observation
    var name: String
    var count: UInt32
    var context: ObservedContext
    var wrap: String?
    /// It went to an MME that may not know the UE: see ``Circumstances/mayNotBeKnown(to:)``.
    var isElsewhere: Bool
    var forgery: (event: Int, words: String)?
  }

  /// A request behind a wrap of the sequence number, on a connection where the UE was proven, that has had no answer.
  private struct Unanswered: Sendable {
    var observation: Observation
    var name: String
    var type: NASMessageType
    var words: String
    var context: ObservedContext
    /// The connection on which the UE sent it again.
    var again: KeNBTriggers.Connection?
  }

  /// Within this a release follows from the message before it, unless something else passed on the connection.
  private static let promptness: Duration = .seconds(1)
  /// A UE waits this long at least before it sends a request again (TS 24.301 §10.2: T3421, T3430, 15 s).
  private static let patience: Duration = .seconds(10)

  private var estimation = Findings(.countEstimation)
  private var inertness = Findings(.forgeryInert)
  @Rare private var probe: Probe?
  @Rare private var forgery: (event: Int, words: String)?
  private var lastCounts = FewByKey<Int, UInt32>()
  /// The connection on which the UE was proven last, and one that came after without proof.
  private var proven: KeNBTriggers.Connection?
  private var claimed: (connection: KeNBTriggers.Connection, event: Int, time: Duration)?
  /// Whether the eNB has asked for the release of the connection of the UE that is proven.
  private var isReleaseAsked = false
  /// Whether that connection has done its work: an update without bearers is over, and no KeNB has come since.
  private var isDone = false
  private var requests = UnprovenRequests()
  @Rare private var unanswered: Unanswered?

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    if let claimed, isElsewhere(observation, than: claimed.connection) { self.claimed = nil }
    if let request = requests.observe(nas, observation) { granted(request, observation) }
    if nas.direction == .uplink { uplink(nas, observation, circumstances) } else { downlink(nas, observation) }
  }

  mutating func observe(_ procedure: ProcedureObservation, _ observation: Observation, _ circumstances: Circumstances) {
    if let claimed, isElsewhere(observation, than: claimed.connection) { self.claimed = nil }
    switch procedure.message {
    case .ueContextReleaseRequest:
      if observation.connection == proven { (claimed, isReleaseAsked) = (nil, true) }
    case .ueContextReleaseCommand: released(observation, cause: procedure.cause)
    default: break
    }
  }

  mutating func observe(_ observation: Observation, _ circumstances: Circumstances) {
    if let claimed, isElsewhere(observation, than: claimed.connection) { self.claimed = nil }
    switch observation.body {
    case .keNB(let key):
      if observation.connection == proven { isDone = false }
      // A key made for this connection shows that the message was taken; whether it is the right one is `kenb-explained`.
      if probe?.observation.connection == observation.connection { accepted(observation, key.carrier.rawValue) }
    case .challengeAnswered(_, isCorrect: true): claimed = nil
    case .connectionReleased(let isLast):
      requests.released(observation, isLast: isLast)
      if observation.connection == proven { proven = nil }
      if observation.connection == claimed?.connection { claimed = nil }
      if isLast { probe = nil }
    default: break
    }
  }

  private mutating func uplink(_ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances) {
    guard circumstances.unprovable == nil else { return }
    switch nas.integrity {
    case .verified(let count):
      guard let context = nas.context else { return }
      if proven != observation.connection { (isReleaseAsked, isDone) = (false, false) }
      proven = observation.connection
      claimed = nil
      // An update that asked for no bearers is over, and with it the connection.
      if nas.type == .trackingAreaUpdateComplete, !circumstances.running.isActive(on: observation.connection) { isDone = true }
      let bits: UInt32 = nas.serviceRequest == nil ? 8 : 5
      let previous = lastCounts.updateValue(count, forKey: context.id)
      if lastCounts.count > 16 {
        lastCounts.removeAll()
        lastCounts[context.id] = count
      }
      let wraps = previous.map { $0 >> bits != count >> bits } ?? false
      follow(nas, observation, context, wrap: wraps && bits == 8 ? previous.map { ($0, count) } : nil)
      guard nas.isInitial, wraps || forgery != nil, circumstances.isInForce, circumstances.current?.id == context.id else { return }
      probe = Probe(
        observation: observation, name: nas.name, count: count, context: context,
        wrap: wraps ? previous.map { "\(bits)-bit sequence number wrapped, COUNT \($0) to \(count)" } : nil,
        isElsewhere: circumstances.mayNotBeKnown(to: observation.leg.mme), forgery: forgery)
      forgery = nil
    case .failed, .stale:
      // A UE that changed its keys looks like a forger; then what it sends afterwards does not verify either, and nothing is probed.
      forgery = (observation.event, "\(nas.name), \(nas.integrity.count == nil ? "bad MAC" : "replayed")")
      if nas.isInitial, proven != nil, proven != observation.connection { claim(observation) }
    case .plain, .unverifiable:
      if nas.isInitial, proven != nil, proven != observation.connection { claim(observation) }
    }
  }

  /// A network that has another COUNT behind the wrap keeps silent to a request on a secured connection, and takes the UE for a stranger when it
  /// comes with it again.
  private mutating func follow(_ nas: NASObservation, _ observation: Observation, _ context: ObservedContext, wrap: (UInt32, UInt32)?) {
    if let silent = unanswered, silent.type == nas.type, nas.isInitial, observation.time - silent.observation.time >= Self.patience {
      // Another MME may have to ask, whatever the COUNT.
      if observation.leg.mme == silent.observation.leg.mme { unanswered?.again = observation.connection } else { unanswered = nil }
      return
    }
    guard let type = nas.type, type == .trackingAreaUpdateRequest || type == .detachRequestFromUE else { return }
    unanswered = nil
    guard let wrap, !nas.isInitial else { return }
    unanswered = Unanswered(
      observation: observation, name: nas.name, type: type, words: "8-bit sequence number wrapped, COUNT \(wrap.0) to \(wrap.1)",
      context: context)
  }

  private mutating func answerUnanswered(_ nas: NASObservation, _ observation: Observation) {
    guard let silent = unanswered else { return }
    guard let again = silent.again else {
      if observation.connection == silent.observation.connection {
        unanswered = nil
        estimation.hold(observation, nas.name, .init(observed: nas.name, derivation: silent.context.derivation, note: silent.words))
      }
      return
    }
    guard observation.connection == again else { return }
    unanswered = nil
    switch nas.type {
    case NASMessageType.authenticationRequest, NASMessageType.identityRequest, NASMessageType.trackingAreaUpdateReject:
      estimation.find(
        .misaligned, observation, nas.name,
        .init(
          expected: "an answer to \(silent.name) of frame \(silent.observation.event), which verifies", observed: "none, then \(nas.name)",
          derivation: silent.context.derivation, note: "\(silent.words); when the UE sent it again it was taken for a stranger"))
    default: break
    }
  }

  private mutating func downlink(_ nas: NASObservation, _ observation: Observation) {
    answerUnanswered(nas, observation)
    guard let probe, probe.observation.connection == observation.connection else { return }
    switch nas.type {
    case NASMessageType.serviceReject:
      guard (try? nas.message?[ServiceReject.emmCause])?.rawValue == 9 else { return self.probe = nil }
      self.probe = nil
      var words = Findings.Words(
        expected: "accepted", observed: "SERVICE REJECT #9", derivation: "\(probe.context.derivation), COUNT \(probe.count)",
        note: "\(probe.name) of frame \(probe.observation.event) verifies; ")
      if probe.isElsewhere {
        words.expected = ""
        words.note += "the MME that it came to did not give the UE its GUTI, or the UE has been at another one since, "
        words.note += "so it need not know the UE by that; "
      }
      let outcome: Verdict.Outcome = probe.isElsewhere ? .unobserved : .misaligned
      if let wrap = probe.wrap {
        var all = words
        all.note += wrap
        estimation.find(outcome, observation, nas.name, all)
      }
      if let forgery = probe.forgery {
        var all = words
        all.note += "before it came \(forgery.words), frame \(forgery.event)"
        inertness.find(outcome, observation, nas.name, all)
      }
    case NASMessageType.attachAccept, NASMessageType.trackingAreaUpdateAccept, NASMessageType.serviceAccept, NASMessageType.detachAccept:
      accepted(observation, nas.name)
    case NASMessageType.authenticationRequest, NASMessageType.securityModeCommand, NASMessageType.identityRequest:
      // It may authenticate whenever it likes.
      self.probe = nil
    default: break
    }
  }

  private mutating func accepted(_ observation: Observation, _ message: String) {
    guard let probe else { return }
    self.probe = nil
    let words = Findings.Words(
      expected: "accepted", observed: message, derivation: "\(probe.context.derivation), COUNT \(probe.count)", note: probe.wrap ?? "")
    if probe.wrap != nil { estimation.hold(observation, message, words) }
    if let forgery = probe.forgery {
      inertness.hold(
        observation, message, .init(expected: "accepted", observed: message, note: "after \(forgery.words), frame \(forgery.event)"))
    }
  }

  /// A request with a bad MAC, or a replayed one, did what it asked for. Plain ones are `protection-by-state`.
  private mutating func granted(_ request: UnprovenRequests.Request, _ observation: Observation) {
    guard case .nas(let nas) = observation.body, request.integrity != .plain else { return }
    inertness.find(
      .misaligned, observation, nas.name,
      .init(
        expected: "no answer to \(request.name)", observed: nas.name,
        note:
          "\(request.name) of frame \(request.event) \(request.integrity.count == nil ? "has a bad MAC" : "is a replay"), and was granted"))
  }

  /// Something on the connection of the UE that is proven that may end it; and an answer to whoever claims to be the UE.
  private func isElsewhere(_ observation: Observation, than claim: KeNBTriggers.Connection) -> Bool {
    if case .procedure(let procedure) = observation.body, procedure.message == .ueContextReleaseCommand { return false }
    if case .nas(let nas) = observation.body, nas.direction == .downlink, observation.connection == claim { return true }
    return observation.connection == proven
  }

  private mutating func claim(_ observation: Observation) {
    claimed = isReleaseAsked || isDone ? nil : (observation.connection, observation.event, observation.time)
  }

  /// A release of the connection on which the UE is proven, after a message that claims to be the UE's elsewhere and proves nothing.
  private mutating func released(_ observation: Observation, cause: Cause?) {
    // The source of a handover is left for that, whatever else comes.
    guard let claimed, observation.connection == proven, cause != .successfulHandover else { return }
    self.claimed = nil
    // What comes later has a cause of its own.
    guard observation.time - claimed.time < Self.promptness else { return }
    inertness.find(
      .misaligned, observation, "UE CONTEXT RELEASE COMMAND",
      .init(
        expected: "nothing, on the connection of the UE that is proven", observed: "released",
        note: "a message of frame \(claimed.event) that nothing proves to be this UE's tore it down"))
  }

  func collect(into result: inout CollectedVerdicts) {
    estimation.collect(into: &result)
    inertness.collect(into: &result)
  }
}
