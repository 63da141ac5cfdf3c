import NASCrypto
import NASMessages
import NASSecurity

/// An idle mode change from UTRAN or GERAN: what the UE brings along.
public struct IdleChangeFromUTRAN: Sendable, Equatable {
  public var umts: UMTSSecurityContext
  /// P-TMSI and RAI as a GUTI (TS 23.003).
  public var mappedGUTI: GUTI

  public init(umts: UMTSSecurityContext, mappedGUTI: GUTI) {
    self.umts = umts
    self.mappedGUTI = mappedGUTI
  }
}

/// A handover to S1 mode.
public enum HandoverToEUTRAN: Sendable, Equatable {
  /// From UTRAN or GERAN, with the NAS security transparent container (TS 24.301 §4.4.2.2).
  case fromUTRAN(UMTSSecurityContext, NASSecurityParametersToEUTRA)
  /// From N1 mode, with the downlink NAS COUNT that the command names (TS 33.501 §8.4).
  case fromN1(FiveGSecurityContext, containerCount: NASCount)
}

extension UE {
  /// TS 24.301 §5.5.3.2.2: an update with CKSN and a fresh nonce; protected if there is a current EPS security context.
  mutating func enteredFromUTRAN(_ change: IdleChangeFromUTRAN, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered(let registered) = machine, connection == .idle, !backOff.t3346Runs else { return }
    forgetExhaustedContext(into: &outputs)
    let nonce = UInt32.random(in: .min ... .max, using: &random)
    var request = updateRequest(EPSUpdateType(.taUpdating), change.mappedGUTI)
    request.set(TrackingAreaUpdateRequest.oldGUTIType, .mapped)
    request.set(TrackingAreaUpdateRequest.additionalGUTI, registration.guti.map(EPSMobileIdentity.guti))
    request.set(
      TrackingAreaUpdateRequest.gprsCipheringKeySequenceNumber, CipheringKeySequenceNumber(rawValue: change.umts.keySetIdentifier))
    request.set(TrackingAreaUpdateRequest.nonceUE, Nonce(nonce))
    let octets = request.encoded()
    var attempt = TrackingAreaUpdateAttempt(
      request: octets, type: EPSUpdateType(.taUpdating), fromIdle: true, registered: registered)
    attempt.mapping = .init(umts: change.umts, nonceUE: nonce)
    machine = .trackingAreaUpdatingInitiated(attempt)
    guard let pdu = protectInitial(octets, using: &engine) else { return countExhausted(into: &outputs) }
    connection = .open
    outputs.append(.startTimer(.t3430, after: EMMTimer.t3430.defaultDuration))
    outputs.append(.establishConnection(initialMessage(pdu, cause: .mobileOriginatedSignalling)))
  }

  /// §4.4.2.2, §4.4.2.3: the mapped context is in force, and the first message under it is an update, not ciphered.
  mutating func handedOver(_ handover: HandoverToEUTRAN, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered = machine, connection == .idle, let mapped = mappedContext(handover, using: &engine) else { return }
    contexts.takeByHandover(mapped)
    connection = .secured
    outputs.append(.securityContexts(contexts, why: "handover to E-UTRAN made a mapped context"))
    startUpdate(EPSUpdateType(.taUpdating), using: &engine, into: &outputs)
  }

  private func mappedContext(_ handover: HandoverToEUTRAN, using engine: inout CryptoEngine) -> SecurityContext? {
    switch handover {
    case .fromUTRAN(let umts, let container):
      guard let ciphering = CipheringAlgorithm(rawValue: container.ciphering),
        let integrity = IntegrityAlgorithm(rawValue: container.integrity), container.keySetIdentifier.value < 7,
        integrity != .eia0
      else { return nil }
      return SecurityContext(
        handover: umts, nonceMME: container.nonceMME, keySetIdentifier: container.keySetIdentifier.value, side: .userEquipment,
        algorithms: NASAlgorithms(ciphering: ciphering, integrity: integrity), using: &engine)
    case .fromN1(let context, let count):
      return SecurityContext(handoverFrom5GS: context, containerCount: count, side: .userEquipment, using: &engine)
    }
  }
}
