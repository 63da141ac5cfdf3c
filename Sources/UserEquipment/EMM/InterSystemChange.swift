import NASCrypto
import NASMessages
import NASSecurity
import RadioInterface

/// An idle mode change from UTRAN or GERAN: what the UE brings along.
public struct IdleChangeFromUTRAN: Sendable, Equatable {
  public var umts: UMTSSecurityContext
  /// P-TMSI and RAI as a GUTI (TS 23.003).
  public var mappedGUTI: GUTI
  /// Of the P-TMSI, where it has one.
  public var signature: PTMSISignature?
  public var t3312: PeriodicRoutingAreaUpdate

  public init(
    umts: UMTSSecurityContext, mappedGUTI: GUTI, signature: PTMSISignature? = nil, t3312: PeriodicRoutingAreaUpdate = .deactivated
  ) {
    self.umts = umts
    self.mappedGUTI = mappedGUTI
    self.signature = signature
    self.t3312 = t3312
  }
}

/// An idle mode change from N1 mode, the network having N26: what the UE brings along.
public struct IdleChangeFromN1: Sendable, Equatable {
  public var context: FiveGSecurityContext
  /// The 5G-GUTI as a GUTI (TS 23.003).
  public var mappedGUTI: GUTI

  public init(context: FiveGSecurityContext, mappedGUTI: GUTI) {
    self.context = context
    self.mappedGUTI = mappedGUTI
  }
}

/// What a UE of single-registration mode had in N1 mode, when it is to attach in S1 mode (TS 24.301 §5.5.1.2.2 a).
public struct N1Registration: Sendable, Equatable {
  /// The 5G-GUTI as a GUTI (TS 23.003); nil where it holds none.
  public var mappedGUTI: GUTI?
  /// The network said "interworking without N26 interface not supported": MMEs and AMFs share N26.
  public var hasN26: Bool
  /// In 5GMM-REGISTERED.
  public var isRegistered: Bool

  public init(mappedGUTI: GUTI?, hasN26: Bool, isRegistered: Bool) {
    self.mappedGUTI = mappedGUTI
    self.hasN26 = hasN26
    self.isRegistered = isRegistered
  }
}

/// A handover to S1 mode.
public enum HandoverToEUTRAN: Sendable, Equatable {
  /// From UTRAN or GERAN, with the NAS security transparent container (TS 24.301 §4.4.2.2); P-TMSI and RAI as a GUTI where the last
  /// update was there (TIN "P-TMSI").
  case fromUTRAN(UMTSSecurityContext, NASSecurityParametersToEUTRA, mappedGUTI: GUTI? = nil)
  /// From N1 mode, with the downlink NAS COUNT that the command names (TS 33.501 §8.4); the 5G-GUTI as a GUTI (TS 23.003).
  case fromN1(FiveGSecurityContext, containerCount: NASCount, mappedGUTI: GUTI? = nil)

  /// How the update that follows says where the UE came from.
  var origin: HandoverOrigin {
    switch self {
    case .fromUTRAN(_, _, let guti): HandoverOrigin(mappedGUTI: guti, isN1: false)
    case .fromN1(_, _, let guti): HandoverOrigin(mappedGUTI: guti, isN1: true)
    }
  }
}

/// The other system that a handover left, for the first update under the mapped context (§5.5.3.2.2).
struct HandoverOrigin: Sendable, Equatable {
  /// Its temporary identity as a GUTI: the old GUTI of the update, beside which our own is the additional one.
  var mappedGUTI: GUTI?
  var isN1: Bool
}

extension UE {
  /// TS 24.301 §5.5.3.2.2: an update with P-TMSI and RAI, CKSN and a fresh nonce; protected if there is a current EPS security context. They
  /// stay with the registration until an update succeeds.
  mutating func enteredFromUTRAN(_ change: IdleChangeFromUTRAN, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered = machine, connection == .idle else { return }
    coverageIsBack()
    registration.temporaryIdentityInNextUpdate = .pTMSI
    registration.origin = .packet(PacketRegistration(mappedGUTI: change.mappedGUTI, signature: change.signature, umts: change.umts))
    if change.t3312 != .deactivated || circumstancesBox != nil { takeT3312(change.t3312, into: &outputs) }
    startUpdate(EPSUpdateType(.taUpdating), using: &engine, into: &outputs)
  }

  /// TS 24.301 §4.4.2.3, §5.5.3.2.2 case z: an update protected with the 5G NAS security context.
  mutating func enteredFromN1(_ change: IdleChangeFromN1, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered = machine, connection == .idle, change.context.uplinkNASCount.next != nil else { return }
    coverageIsBack()
    registration.origin = .n1(change)
    startUpdate(EPSUpdateType(.taUpdating), using: &engine, into: &outputs)
  }

  /// The next attach says what the UE had in N1 mode.
  mutating func leftN1Mode(_ registration: N1Registration) {
    guard case .deregistered = machine else { return }
    self.registration.origin = .n1Attach(registration)
  }

  /// TS 33.501 §8.2, §8.6.1: the mapped context, made with the COUNT of the update, is in force from then on and continues the 5G COUNTs.
  /// An attempt that fails is repeated under the next of them.
  mutating func sendUpdate(
    _ type: EPSUpdateType, _ registered: Registered, from change: IdleChangeFromN1, using engine: inout CryptoEngine,
    into outputs: inout [Output]
  ) {
    let five = change.context
    let derived = SecurityContext(idleFrom5GS: five, requestCount: five.uplinkNASCount, side: .userEquipment, using: &engine)
    guard let next = five.uplinkNASCount.next, let mapped = MappedSecurityContext(derived) else {
      // No message can be protected by it any more: as if it had never been.
      registration.origin = nil
      return startUpdate(type, using: &engine, into: &outputs)
    }
    contexts.takeByHandover(mapped)
    var remembered = change
    remembered.context.uplinkNASCount = next
    registration.origin = .n1(remembered)
    var request = updateRequest(type, after: HandoverOrigin(mappedGUTI: change.mappedGUTI, isN1: true))
    request.set(TrackingAreaUpdateRequest.nonCurrentNativeNASKeySetIdentifier, nil)
    let octets = request.encoded()
    var attempt = TrackingAreaUpdateAttempt(request: octets, type: type, fromIdle: true, registered: registered)
    attempt.isFromN1 = true
    attempt.isForEmergencyConnection = awaitsEmergencyConnection
    machine = .trackingAreaUpdatingInitiated(attempt)
    let pdu = five.protectUpdateRequest(octets, using: &engine)
    keNBTrigger = KeNBTrigger(kasme: derived.kasme, count: five.uplinkNASCount)
    lastSent = SentMessage(pdu: pdu, plain: octets)
    outputs.append(.securityContexts(contexts, why: "idle mode change from N1 mode made a mapped context"))
    outputs.append(.startTimer(.t3430, after: EMMTimer.t3430.defaultDuration))
    guard connection == .idle else { return outputs.append(.uplinkNAS(pdu)) }
    connection = .open
    outputs.append(
      .establishConnection(
        InitialNASMessage(
          octets: pdu, establishmentCause: .mobileOriginatedSignalling, temporaryIdentity: nil, registeredMME: change.mappedGUTI,
          isRegisteredMMEMappedFrom5GS: true)))
  }

  /// A handover that was completed, where AS keys are not looked at.
  mutating func handedOver(_ handover: HandoverToEUTRAN, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered = machine, connection == .idle, let mapped = mappedContext(handover, using: &engine) else { return }
    arrive(handover, mapped, nil, using: &engine, into: &outputs)
  }

  /// §4.4.2.2, §4.4.2.3: the mapped context is in force, and the first message under it is an update, not ciphered.
  ///
  /// - Parameter serving: AS security in the target cell; nil where AS keys are not looked at.
  mutating func arrive(
    _ handover: HandoverToEUTRAN, _ mapped: MappedSecurityContext, _ serving: AccessStratum.Serving?, using engine: inout CryptoEngine,
    into outputs: inout [Output]
  ) {
    coverageIsBack()
    contexts.takeByHandover(mapped)
    isHandedOver = true
    connection = .secured
    switch handover {
    case .fromUTRAN(_, _, let mappedGUTI?):
      registration.temporaryIdentityInNextUpdate = .pTMSI
      registration.origin = .packet(PacketRegistration(mappedGUTI: mappedGUTI))
    case .fromN1(_, _, let mappedGUTI?): registration.origin = .handedOverFromN1(mappedGUTI: mappedGUTI)
    case .fromUTRAN, .fromN1: break
    }
    outputs.append(.securityContexts(contexts, why: "handover to E-UTRAN made a mapped context"))
    if let serving {
      accessStratum = AccessStratum(serving: serving)
      isAccessStratumSecured = true
    }
    startUpdate(EPSUpdateType(.taUpdating), after: handover.origin, using: &engine, into: &outputs)
  }

  /// MOBILITY FROM EUTRA COMMAND (TS 24.301 §4.4.2.2, TS 33.401 §9.2.1): CK' and IK' of the COUNT that the container names, under the eKSI
  /// of the current context. The UE goes; that it has come there is for the lower layers to tell.
  mutating func leave(
    _ container: NASSecurityParametersFromEUTRA, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard case .registered = machine, let current = contexts.current,
      let keys = contexts.withCurrent({ $0.handedOverToUTRAN(container, using: &engine) }) ?? nil
    else {
      return outputs.append(.radio(.discarded("MOBILITY FROM EUTRA COMMAND without a NAS security context", clause: "TS 33.401 §9.2.1")))
    }
    let octets = keys.withUnsafeBytes { Array($0) }
    outputs.append(.securityContexts(contexts, why: "handover to UTRAN or GERAN: CK' and IK' derived"))
    outputs.append(
      .radio(
        .leave(
          UMTSSecurityContext(
            ck: KeyMaterial(octets.prefix(16)), ik: KeyMaterial(octets.dropFirst(16)), keySetIdentifier: current.keySetIdentifier))))
    leftForOtherSystem(using: &engine, into: &outputs)
  }

  /// nil where what the command brings is no security context.
  mutating func mappedContext(_ handover: HandoverToEUTRAN, using engine: inout CryptoEngine) -> MappedSecurityContext? {
    derivedContext(handover, using: &engine).flatMap(MappedSecurityContext.init)
  }

  private mutating func derivedContext(_ handover: HandoverToEUTRAN, using engine: inout CryptoEngine) -> SecurityContext? {
    switch handover {
    case .fromUTRAN(let umts, let container, _):
      guard let ciphering = CipheringAlgorithm(rawValue: container.ciphering),
        let integrity = IntegrityAlgorithm(rawValue: container.integrity), container.keySetIdentifier.value < 7
      else { return nil }
      let algorithms = NASAlgorithms(ciphering: ciphering, integrity: integrity)
      if algorithms == .null, isInEmergency {
        // §4.4.2.2: over a K'ASME made up locally.
        return SecurityContext(
          kasme: KeyMaterial(random.octets(32)), type: .mapped, keySetIdentifier: container.keySetIdentifier.value,
          side: .userEquipment, algorithms: .null, using: &engine)
      }
      guard integrity != .eia0 else { return nil }
      return SecurityContext(
        handover: umts, nonceMME: container.nonceMME, keySetIdentifier: container.keySetIdentifier.value, side: .userEquipment,
        algorithms: algorithms, using: &engine)
    case .fromN1(let context, let count, _):
      return SecurityContext(handoverFrom5GS: context, containerCount: count, side: .userEquipment, using: &engine)
    }
  }
}
