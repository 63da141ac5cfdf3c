import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// `context-in-force`: which context the network serves the UE under after an SMC or an authentication came to nothing, shown by how it answers the
/// next initial message. After SECURITY MODE REJECT and AUTHENTICATION FAILURE the context before stays in force (TS 24.301 §5.4.3.5,
/// §4.4.2.1); after a failure of the lower layers, the last expiry of T3460 or a collision with a procedure of the UE the text does not say
/// (§5.4.2.7, §5.4.3.7), and what is seen is reported as observed.
struct ContextInForce: WireAssertion {
  /// An SMC or an authentication of a UE that has a context.
  private struct Running: Sendable {
    var message: String
    var event: Int
    var before: ObservedContext
  }

  /// One that came to nothing.
  private struct Doubt: Sendable {
    var running: Running
    var words: String
    var isSettled: Bool
  }

  private struct Probe: Sendable {
    var doubt: Doubt
    var observation: Observation
    var name: String
    var context: ObservedContext
    var isInForce: Bool
    /// It went to an MME that may not know the UE: see ``Circumstances/mayNotBeKnown(to:)``.
    var isElsewhere: Bool
  }

  private var findings = Findings(.contextInForce)
  @Rare private var running: Running?
  @Rare private var doubt: Doubt?
  @Rare private var probe: Probe?
  private var command: [UInt8]?
  /// RAND of the last AUTHENTICATION REQUEST.
  private var challenge: [UInt8]?

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    if nas.direction == .downlink { downlink(nas, observation, circumstances) } else { uplink(nas, observation, circumstances) }
  }

  mutating func observe(_ procedure: ProcedureObservation, _ observation: Observation, _ circumstances: Circumstances) {
    guard procedure.message == .nasNonDeliveryIndication, let running, let command, procedure.undelivered == command,
      circumstances.running.handover == nil
    else { return }
    doubt = Doubt(running: running, words: "was not delivered (frame \(observation.event))", isSettled: false)
    self.running = nil
  }

  mutating func observe(_ observation: Observation, _ circumstances: Circumstances) {
    switch observation.body {
    case .challengeAnswered(_, isCorrect: true):
      // What is authenticated and has no SMC yet is a partial context: nothing changes.
      running = nil
    case .contextTakenIntoUse: end()
    case .keNB(let key):
      if probe?.observation.connection == observation.connection { served(observation, key.carrier.rawValue) }
    case .connectionReleased(isLast: true):
      probe = nil
      guard let running else { return }
      doubt = Doubt(running: running, words: "had no answer when the connection went (frame \(observation.event))", isSettled: false)
      self.running = nil
    default: break
    }
  }

  private mutating func end() { (running, doubt, probe) = (nil, nil, nil) }

  // MARK: The UE

  private mutating func uplink(_ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances) {
    guard case .verified = nas.integrity, let context = nas.context else { return }
    switch nas.type {
    case NASMessageType.securityModeReject, NASMessageType.authenticationFailure:
      guard let running, running.before.id == context.id else { return }
      doubt = Doubt(running: running, words: "was answered by \(nas.name) (frame \(observation.event))", isSettled: true)
      return self.running = nil
    case NASMessageType.detachRequestFromUE: return end()
    default: break
    }
    guard nas.isInitial else { return }
    if let running {
      doubt = Doubt(running: running, words: "had no answer when \(nas.name) came", isSettled: false)
      self.running = nil
    }
    guard let doubt else { return }
    probe = Probe(
      doubt: doubt, observation: observation, name: nas.name, context: context, isInForce: circumstances.isInForce,
      isElsewhere: circumstances.mayNotBeKnown(to: observation.leg.mme))
  }

  // MARK: The network

  private mutating func downlink(_ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances) {
    if PartingLedger.parting(nas) != nil, nas.type != .serviceReject, nas.type != .trackingAreaUpdateReject { return end() }
    switch nas.type {
    case NASMessageType.authenticationRequest, NASMessageType.securityModeCommand:
      // It may authenticate whenever it likes, so nothing is decided.
      probe = nil
      let rand = (try? nas.message?[AuthenticationRequest.authenticationParameterRAND])?.octets
      // Once more what the UE has answered already.
      if doubt != nil, let rand, rand == challenge { return }
      challenge = rand
      guard let before = circumstances.current, before.isFull, circumstances.unprovable == nil else { return }
      command = nas.octets
      doubt = nil
      running = Running(message: nas.name, event: observation.event, before: before)
    case NASMessageType.serviceReject:
      refused(observation, nas, (try? nas.message?[ServiceReject.emmCause])?.rawValue)
    case NASMessageType.trackingAreaUpdateReject:
      refused(observation, nas, (try? nas.message?[TrackingAreaUpdateReject.emmCause])?.rawValue)
    case NASMessageType.trackingAreaUpdateAccept, NASMessageType.serviceAccept, NASMessageType.attachAccept:
      if probe?.observation.connection == observation.connection { served(observation, nas.name) }
    default: break
    }
  }

  private func words(_ probe: Probe, _ expected: String, _ observed: String) -> Findings.Words {
    let running = probe.doubt.running
    let which = probe.context.id == running.before.id ? "the context before" : "another context"
    return Findings.Words(
      expected: expected, observed: observed, derivation: probe.context.derivation,
      note: "\(running.message) of frame \(running.event) \(probe.doubt.words); then \(probe.name) under \(which)")
  }

  private mutating func served(_ observation: Observation, _ message: String) {
    guard let probe else { return }
    end()
    let words = words(probe, "served under the context before", "served")
    if probe.doubt.isSettled, probe.context.id == probe.doubt.running.before.id { return findings.hold(observation, message, words) }
    var open = words
    open.expected = ""
    findings.find(.observed, observation, message, open)
  }

  private mutating func refused(_ observation: Observation, _ nas: NASObservation, _ cause: UInt8?) {
    guard let probe, probe.observation.connection == observation.connection else { return }
    end()
    // Causes that say something of the UE's context: #9, #10; #24 of the procedure that came to nothing.
    guard let cause, [9, 10, 24].contains(cause) else { return }
    var words = words(probe, "served under the context before", "refused, #\(cause)")
    if probe.doubt.isSettled, probe.isInForce, !probe.isElsewhere, probe.context.id == probe.doubt.running.before.id {
      return findings.find(.misaligned, observation, nas.name, words)
    }
    words.expected = ""
    findings.find(.observed, observation, nas.name, words)
  }

  func collect(into result: inout CollectedVerdicts) { findings.collect(into: &result) }
}
