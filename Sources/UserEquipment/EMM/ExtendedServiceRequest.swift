import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// TS 24.301 §5.6.1.2.1, cases d and e: EXTENDED SERVICE REQUEST, in EMM-IDLE and in EMM-CONNECTED.
  mutating func requestCSFallback(_ call: CSFallback, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered(let registered) = machine, let guti = registration.guti, mayCall(call, in: registered.substate) else { return }
    if call != .emergency, circumstancesBox != nil, circumstances.isCSFallbackBarred {
      return outputs.append(.event(.serviceFailed(.noCSDomain)))
    }
    if call == .originating {
      if backOff.t3442Runs { return outputs.append(.event(.serviceFailed(.backedOff(.t3442)))) }
      if backOff.t3346Runs { return outputs.append(.event(.serviceFailed(.backedOff(.t3346)))) }
    }
    if let obstacle = obstacle(isExempt: call != .originating) { return outputs.append(.event(.serviceFailed(obstacle))) }
    switch registered.substate {
    case .normalService: break
    case .attemptingToUpdate: return startUpdate(for: call, using: &engine, into: &outputs)
    case .updateNeeded:
      // §5.2.3.2: nothing but the answer to a paging.
      guard call.isTerminating else { return outputs.append(.event(.serviceFailed(.accessBarred))) }
      // A service request only with EU1 and within the TAI list (§5.6.1.1); an update that a paging brings about is not barred (§5.5.3.2.6 a).
      guard contexts.current != nil, !needsUpdate, registration.updateStatus == .updated else {
        return startUpdate(for: call, using: &engine, into: &outputs)
      }
    case .attemptingToUpdateMM, .limitedService, .plmnSearch, .noCellAvailable, .imsiDetachInitiated:
      // Nobody but the user is told: of a paging, which says "CS", nothing comes.
      if !call.isTerminating { outputs.append(.event(.serviceFailed(.otherSystemNeeded))) }
      return
    }
    stopAwaitingReleaseForData(into: &outputs)
    if backOff.t3440Runs {
      // §5.3.1.2.1: what is no emergency waits for the release.
      guard call == .emergency else { return waitForRelease(call) }
      stopAwaitingRelease(into: &outputs)
      releaseLocally(into: &outputs)
    }
    var request = NASMessage(.extendedServiceRequest)
    request.set(ExtendedServiceRequest.serviceType, call.serviceType)
    request.set(ExtendedServiceRequest.nasKeySetIdentifier, contexts.eKSI)
    request.set(ExtendedServiceRequest.mTMSI, .tmsi(guti.mTMSI))
    // Only over an existing connection (§8.2.15.2).
    if case .terminating(let accepted) = call, connection != .idle {
      request.set(ExtendedServiceRequest.csfbResponse, accepted ? .accepted : .rejected)
    }
    request.set(ExtendedServiceRequest.epsBearerContextStatus, EPSBearerContextStatus(active: activeBearerIdentities))
    if case .terminating(accepted: false) = call, connection != .idle {
      // Nothing is to follow a refusal (§5.6.1.2.1 e).
      return send(request.encoded(), using: &engine, into: &outputs)
    }
    begin(.csFallback(call), registered, request.encoded(), using: &engine, into: &outputs)
  }

  /// Calls are for who is registered for non-EPS services, or is about to be; an emergency call is for everybody.
  private func mayCall(_ call: CSFallback, in substate: EMMState.Registered) -> Bool {
    if call == .emergency || registration.isRegisteredForNonEPS { return true }
    return !call.isTerminating && wantsNonEPS && (substate == .attemptingToUpdate || substate == .attemptingToUpdateMM)
  }

  /// §5.2.3.2 h, j, §5.5.3.3.2 r: in ATTEMPTING-TO-UPDATE the call goes on over the connection of an update.
  private mutating func startUpdate(for call: CSFallback, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    waitForRelease(call)
    startUpdate(EPSUpdateType(.taUpdating, isActive: true), answersPaging: call.isTerminating, using: &engine, into: &outputs)
  }

  private mutating func waitForRelease(_ call: CSFallback) {
    guard case .registered(var registered) = machine else { return }
    registered.pendingCall = call
    machine = .registered(registered)
  }

  /// §5.6.1.2.2: CONTROL PLANE SERVICE REQUEST, with data in it where there are any.
  mutating func requestControlPlaneService(
    paged: Bool, _ data: ControlPlaneData? = nil, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard case .registered(let registered) = machine, registered.substate == .normalService else { return }
    guard connection == .idle else {
      if case .nas = data { stopAwaitingReleaseForData(into: &outputs) }
      guard connection == .secured, !backOff.t3440Runs, let data else { return }
      // Over a connection that is there the data go as they are.
      return send(data.message, using: &engine, into: &outputs)
    }
    if !paged, backOff.t3346Runs { return outputs.append(.event(.serviceFailed(.backedOff(.t3346)))) }
    if !paged, data != nil, isControlPlaneHeldBack { return outputs.append(.event(.serviceFailed(.backedOff(.t3448)))) }
    if let obstacle = obstacle(isExempt: paged) { return outputs.append(.event(.serviceFailed(obstacle))) }
    var request = NASMessage(.controlPlaneServiceRequest)
    request.set(ControlPlaneServiceRequest.controlPlaneServiceType, ControlPlaneServiceType(rawValue: paged ? 1 : 0))
    request.set(ControlPlaneServiceRequest.nasKeySetIdentifier, contexts.eKSI)
    switch data {
    case .esm(let message): request.set(ControlPlaneServiceRequest.esmMessageContainer, ESMMessageContainer(message))
    case .nas(let message): request.set(ControlPlaneServiceRequest.nasMessageContainer, NASMessageContainer(message))
    case .none: break
    }
    request.set(ControlPlaneServiceRequest.epsBearerContextStatus, EPSBearerContextStatus(active: activeBearerIdentities))
    begin(.controlPlane(paged: paged, hasData: data != nil), registered, request.encoded(), using: &engine, into: &outputs)
  }

  private mutating func begin(
    _ reason: ServiceReason, _ registered: Registered, _ request: [UInt8], using engine: inout CryptoEngine,
    into outputs: inout [Output]
  ) {
    leaveExhaustedContext(into: &outputs)
    guard contexts.current != nil else {
      // It goes on over the connection of the update, which for an emergency T3346 does not hold back (§5.5.3.2.6 l, e), and for a paging no
      // barring does (§5.5.3.2.6 a).
      if case .csFallback(let call) = reason { return startUpdate(for: call, using: &engine, into: &outputs) }
      let isPaged = if case .controlPlane(paged: true, hasData: _) = reason { true } else { false }
      return startUpdate(EPSUpdateType(.taUpdating, isActive: true), answersPaging: isPaged, using: &engine, into: &outputs)
    }
    machine = .serviceRequestInitiated(ServiceAttempt(reason: reason, registered: registered, fromIdle: connection == .idle))
    outputs.append(.startTimer(reason.timer, after: reason.timer.defaultDuration))
    guard connection == .idle else { return send(request, using: &engine, into: &outputs) }
    guard let pdu = protectInitial(request, using: &engine) else { return countExhausted(into: &outputs) }
    connection = .open
    let cause: EstablishmentCause =
      reason == .csFallback(.emergency) ? .emergency : reason.isAnswerToPaging ? .mobileTerminatedAccess : .mobileOriginatedData
    outputs.append(.establishConnection(initialMessage(pdu, cause: cause)))
  }

  /// SERVICE ACCEPT (§5.6.1.4): bearers the network does not have go; for CONTROL PLANE SERVICE REQUEST it is success, as it
  /// is for a UE without bearers.
  mutating func serviceAccepted(
    _ accept: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    switch machine {
    case .serviceRequestInitiated(let attempt):
      // §5.4.2.3 a.
      forgetChallenge(into: &outputs)
      let hasT3448 = takeT3448(
        (try? accept[ServiceAccept.t3448Value]) ?? nil, stopsWithout: attempt.fromIdle && attempt.reason.isControlPlane, into: &outputs)
      if let status = (try? accept[ServiceAccept.epsBearerContextStatus]) ?? nil, let last = keepBearers(status.active) {
        return detachWithoutConnections(after: last, using: &engine, into: &outputs)
      }
      if attempt.reason.isControlPlane || bearers.isEmpty { serviceSucceeded(into: &outputs) }
      if hasT3448 { awaitReleaseForData(into: &outputs) }
    case .registered where backOff.t3449Runs:
      // After a success that came another way (§5.6.1.4.2).
      forgetChallenge(into: &outputs)
      stopAwaitingAcceptance(into: &outputs)
      let hasT3448 = takeT3448((try? accept[ServiceAccept.t3448Value]) ?? nil, stopsWithout: true, into: &outputs)
      if let status = (try? accept[ServiceAccept.epsBearerContextStatus]) ?? nil, let last = keepBearers(status.active) {
        return detachWithoutConnections(after: last, using: &engine, into: &outputs)
      }
      if hasT3448 { awaitReleaseForData(into: &outputs) }
    case .null, .deregistered, .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .deregisteredInitiated:
      notCompatible(accept, using: &engine, into: &outputs)
    }
  }

  /// §5.6.1.4.2: a protected and ciphered message that belongs to no common procedure ends a CONTROL PLANE SERVICE REQUEST, or
  /// the wait for a SERVICE ACCEPT.
  mutating func controlPlaneServiceAnswered(by type: NASMessageType, into outputs: inout [Output]) {
    if backOff.t3449Runs, type != .serviceAccept, !UE.isOfCommonProcedure(type) { stopAwaitingAcceptance(into: &outputs) }
    guard case .serviceRequestInitiated(let attempt) = machine, case .controlPlane = attempt.reason else { return }
    switch type {
    // These speak for themselves.
    case .serviceReject, .serviceAccept: return
    case .securityModeCommand: awaitAcceptance(into: &outputs)
    default: if UE.isOfCommonProcedure(type) { return }
    }
    serviceSucceeded(into: &outputs)
  }

  /// §5.4: the EMM common procedures.
  private static func isOfCommonProcedure(_ type: NASMessageType) -> Bool {
    switch type {
    case .identityRequest, .authenticationRequest, .authenticationReject, .gutiReallocationCommand, .emmInformation, .securityModeCommand:
      true
    default: false
    }
  }

  /// T3449: a SERVICE ACCEPT with the state of the bearers may follow.
  mutating func awaitAcceptance(into outputs: inout [Output]) {
    backOff.t3449Runs = true
    outputs.append(.startTimer(.t3449, after: EMMTimer.t3449.defaultDuration))
  }

  mutating func stopAwaitingAcceptance(into outputs: inout [Output]) {
    guard backOff.t3449Runs else { return }
    backOff.t3449Runs = false
    stop(.t3449, into: &outputs)
  }

  /// §6.6.4.4 c: RRC re-establishes the connection.
  mutating func calculateNASMAC(over input: [UInt8], using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard connection == .secured, machine.registered != nil, contexts.current != nil else { return }
    guard let (mac, count) = contexts.withCurrent({ try? $0.nasMAC(over: input, using: &engine) }) else {
      return countExhausted(into: &outputs)
    }
    outputs.append(.event(.nasMACCalculated(mac, count5: count.sequenceNumber & 0x1F)))
  }

  /// The change to GERAN or UTRAN is complete: success of a CS fallback (§5.6.1.4.1).
  ///
  /// In idle mode the UE takes a NAS token along.
  mutating func leftForOtherSystem(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard var registered = machine.registered else { return }
    if case .serviceRequestInitiated(let attempt) = machine {
      guard case .csFallback = attempt.reason else { return }
      serviceSucceeded(into: &outputs)
      registered = machine.registered ?? registered
    }
    guard case .registered = machine else { return }
    if connection == .idle, contexts.current != nil, let token = contexts.withCurrent({ try? $0.nasToken(using: &engine) }) {
      outputs.append(.event(.leftWithNASToken(token)))
    }
    releaseLocally(into: &outputs)
    endISRForYoungBearers(into: &outputs)
    circumstances.before = .registered(registered.substate)
    circumstances.coverage = .none
    registered.substate = .noCellAvailable
    machine = .registered(registered)
  }
}

/// Data that travel over the control plane (TS 24.301 §4.4.5, §5.6.1.2.2).
public enum ControlPlaneData: Sendable, Equatable {
  /// An ESM message, such as ESM DATA TRANSPORT.
  case esm([UInt8])
  /// A short message: CP-DATA, CP-ACK or CP-ERROR, 2 to 251 octets.
  case nas([UInt8])

  /// What goes over a connection that is there.
  var message: [UInt8] {
    switch self {
    case .esm(let octets): return octets
    case .nas(let octets):
      var transport = NASMessage(.uplinkNASTransport)
      transport.set(UplinkNASTransport.nasMessageContainer, NASMessageContainer(octets))
      return transport.encoded()
    }
  }
}

extension CSFallback {
  var serviceType: ServiceType {
    switch self {
    case .originating: ServiceType(rawValue: 0)
    case .terminating: ServiceType(rawValue: 1)
    case .emergency: ServiceType(rawValue: 2)
    }
  }
}
