import NASCrypto
import NASMessages
import NASSecurity

/// An attach under way (TS 24.301 §5.5.1.2).
struct AttachAttempt: Sendable, Equatable {
  /// Attach attempt counter (§5.5.1.1).
  var number: Int
  /// The plain ATTACH REQUEST: HASHMME is over it, and the network may want it replayed.
  var request: [UInt8]
  var procedureTransactionIdentity: UInt8
  /// Set when we rejected the network's SECURITY MODE COMMAND: the reason to tell if the attach then ends.
  var rejectedSecurityMode: UE.Failure?
  /// What ESM INFORMATION RESPONSE told.
  var accessPointName: AccessPointName?
  /// The plain ACTIVATE DEDICATED EPS BEARER CONTEXT REQUESTs that came, and the MODIFY EPS BEARER CONTEXT REQUESTs behind them: answered in
  /// this order when the attach is complete (§5.5.1.2.4).
  var bearerRequests: [[UInt8]] = []
  /// Those of the attaches that were broken off for this one over the same connection (§5.5.1.2.6 e), the last few.
  var abortedTransactions: [UInt8] = []

  static let maximumAbortedTransactions = 8

  /// An ATTACH ACCEPT with this ESM message answers an attach that was broken off, and none that runs: the PTI says which PDN CONNECTIVITY
  /// REQUEST its default bearer is for (§6.4.1.3).
  func isAborted(_ container: ESMMessageContainer) -> Bool {
    guard !abortedTransactions.isEmpty, let message = try? container.message() else { return false }
    return message.type == .activateDefaultEPSBearerContextRequest && message.procedureTransactionIdentity != procedureTransactionIdentity
      && abortedTransactions.contains(message.procedureTransactionIdentity)
  }
}

extension UE {
  static let maximumAttachAttempts = 5

  /// The user or an application wants EPS services.
  mutating func attachWanted(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    if configuration.isECallOnly, circumstances.eCall.call == nil, case .deregistered = machine {
      return outputs.append(.event(.attachFailed(.eCallOnly)))
    }
    if mayNotRegister, case .deregistered = machine {
      // §5.2.2.3: when a cell with normal service is found.
      if let area = servingTrackingArea { _ = limitsService(area) }
      circumstances.isProcedureDue = true
      return outputs.append(.event(.attachFailed(.areaForbidden)))
    }
    startAttach(using: &engine, into: &outputs)
  }

  /// §5.5.1.2.2: ATTACH REQUEST with a PDN CONNECTIVITY REQUEST in it.
  ///
  /// - Parameter overConnection: an attach that is begun anew goes over the connection that there is.
  mutating func startAttach(overConnection: Bool = false, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .deregistered(let substate, let attempts) = machine else { return }
    backOff.attachesAfterRelease = false
    backOff.isAttachUnwanted = false
    guard usim.isValid || configuration.attachesForEmergency else {
      outputs.append(.event(.attachFailed(.usimInvalid)))
      return
    }
    stopBackOffOfAnotherPLMN(into: &outputs)
    guard !backOff.t3346Runs || configuration.attachesForEmergency else {
      // §5.5.1.2.6 l: begun when the back-off ends.
      backOff.attachesAfterwards = true
      outputs.append(.event(.attachFailed(.backedOff)))
      return
    }
    guard !isBackedOff(attachAccessPointName) || configuration.attachesForEmergency else {
      // §6.5.1.4.2: begun when T3396 ends.
      attachAwaitsSessionBackOff = true
      outputs.append(.event(.attachFailed(.backedOff)))
      return
    }
    switch obstacle() {
    case .noCell:
      // §5.2.2.3: when a cell is found.
      circumstances.isProcedureDue = true
      outputs.append(.event(.attachFailed(.noCell)))
      return
    case .accessBarred:
      // §5.5.1.2.6 a: as soon as access is granted.
      machine = .deregistered(.attachNeeded, attempts: attempts)
      outputs.append(.event(.attachFailed(.accessBarred)))
      return
    default: break
    }
    if substate == .attemptingToAttach { stop(.t3411, .t3402, into: &outputs) }
    guard connection == .idle || overConnection else {
      // The network has yet to release the connection of what went before: attach as soon as it did (§5.1.3.2.3).
      machine = .deregistered(.attachNeeded, attempts: attempts)
      return
    }
    leaveExhaustedContext(into: &outputs)
    let transaction = newProcedureTransactionIdentity()
    let request = attachRequest(procedureTransactionIdentity: transaction).encoded()
    // Attempts for emergency services are not counted (§5.5.1.2.6).
    let number = configuration.attachesForEmergency ? 0 : min(attempts + 1, UE.maximumAttachAttempts)
    let attempt = AttachAttempt(number: number, request: request, procedureTransactionIdentity: transaction)
    guard connection == .idle else {
      machine = .registeredInitiated(attempt)
      outputs.append(.startTimer(.t3410, after: EMMTimer.t3410.defaultDuration))
      return sendUnciphered(request, using: &engine, into: &outputs)
    }
    guard let pdu = protectInitial(request, using: &engine) else {
      countExhausted(into: &outputs)
      return
    }
    machine = .registeredInitiated(attempt)
    connection = .open
    outputs.append(.startTimer(.t3410, after: EMMTimer.t3410.defaultDuration))
    outputs.append(
      .establishConnection(initialMessage(pdu, cause: configuration.attachesForEmergency ? .emergency : .mobileOriginatedSignalling)))
  }

  func attachRequest(procedureTransactionIdentity: UInt8) -> NASMessage {
    var connectivity = NASMessage(
      .pdnConnectivityRequest, procedureTransactionIdentity: procedureTransactionIdentity, epsBearerIdentity: 0)
    connectivity.set(PDNConnectivityRequest.requestType, configuration.attachesForEmergency ? .emergency : .initialRequest)
    connectivity.set(PDNConnectivityRequest.pdnType, configuration.pdnType)
    if configuration.transfersESMInformationProtected {
      connectivity.set(PDNConnectivityRequest.esmInformationTransferFlag, .required)
    }
    var request = NASMessage(.attachRequest)
    request.set(
      AttachRequest.epsAttachType,
      configuration.attachesForEmergency
        ? .epsEmergencyAttach : wantsNonEPS ? .combinedEPSIMSIAttach : .epsAttach)
    request.set(AttachRequest.nasKeySetIdentifier, contexts.eKSI)
    let identities = attachIdentities
    request.set(AttachRequest.epsMobileIdentity, identities.old?.identity ?? identityWithoutGUTI)
    request.set(AttachRequest.ueNetworkCapability, configuration.networkCapability)
    request.set(AttachRequest.esmMessageContainer, ESMMessageContainer(connectivity.encoded()))
    if let old = identities.old { request.set(AttachRequest.oldGUTIType, old.isMapped ? .mapped : .native) }
    request.set(AttachRequest.additionalGUTI, identities.additional.map(EPSMobileIdentity.guti))
    request.set(AttachRequest.oldPTMSISignature, identities.signature)
    request.set(AttachRequest.ueStatus, attachStatus)
    if let last = registration.lastVisitedTrackingArea { request.set(AttachRequest.lastVisitedRegisteredTAI, last) }
    if let additional = configuration.additionalSecurityCapability {
      request.set(AttachRequest.ueAdditionalSecurityCapability, additional)
    }
    if let capability = configuration.msNetworkCapability {
      request.set(AttachRequest.msNetworkCapability, capability)
      // A/Gb mode or Iu mode is supported (§5.5.1.2.2).
      request.set(AttachRequest.drxParameter, DRXParameter(cycle: nil))
    }
    if !configuration.attachesForEmergency, wantsNonEPS { describeNonEPS(inAttach: &request) }
    if applicableRadioCapabilityID != nil { request.set(AttachRequest.ueRadioCapabilityIDAvailability, .available) }
    return request
  }

  /// IMSI; for an emergency attach without a valid USIM the IMEI (§5.5.1.2.2).
  var identityWithoutGUTI: EPSMobileIdentity {
    usim.isValid ? .imsi(configuration.imsi) : .imei(String(configuration.imeisv.prefix(14)) + "0")
  }

  /// §5.5.1.2.4.
  mutating func attachAccepted(
    _ accept: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  )
    throws(NASDecodingError)
  {
    if case .registered(let registered) = machine, registered.accept == accept.encoded() {
      // Our ATTACH COMPLETE was lost and T3450 sent the ACCEPT again (§5.5.1.2.7 c): answer as before.
      send(registered.complete, using: &engine, into: &outputs)
      return
    }
    guard case .registeredInitiated(let attempt) = machine else { return notCompatible(accept, using: &engine, into: &outputs) }
    let areas = try accept[AttachAccept.taiList]
    let t3412 = try accept[AttachAccept.t3412Value]
    let container = try accept[AttachAccept.esmMessageContainer]
    guard !attempt.isAborted(container) else {
      // It was sent before the network had the new ATTACH REQUEST, with which it aborts that attach too (§5.5.1.2.7 d, e): nothing of it
      // counts, and its default bearer is none that our ESM failed to take (§5.5.1.2.6 j).
      return discard(.notCompatibleWithState("it answers an attach that was begun anew (§5.5.1.2.6 e)"), accept.type.name, into: &outputs)
    }
    stop(.t3410, into: &outputs)
    registration.trackingAreas = areas
    admit(areas, into: &outputs)
    adoptLastVisited(from: areas)
    registration.updateStatus = .updated
    unprotectedRejects.usimInvalidations = 0
    registration.t3412 = t3412.duration
    // Optional elements that are syntactically incorrect count as absent (§7.7.1).
    if let extended = try? accept[AttachAccept.t3412ExtendedValue] { registration.t3412 = extended.duration }
    takeT3402((try? accept[AttachAccept.t3402Value]) ?? nil)
    if case .guti(let new) = try? accept[AttachAccept.guti] { registration.guti = new }
    if supportsOtherSystems { adoptTemporaryIdentity(isISRActivated: false) }
    if n1Registration != nil { registration.origin = nil }
    stopISRTimers(into: &outputs)
    let hasT3448 = takeT3448((try? accept[AttachAccept.t3448Value]) ?? nil, stopsWithout: false, into: &outputs)
    if !configuration.attachesForEmergency { forbidden.remove(selectedPLMN) }
    adoptEquivalentPLMNs((try? accept[AttachAccept.equivalentPLMNs]) ?? nil)
    let news = takeRadioCapabilityID(
      (try? accept[AttachAccept.ueRadioCapabilityID]) ?? nil,
      deleting: (try? accept[AttachAccept.ueRadioCapabilityIDDeletionIndication]) ?? nil)

    var bearer: DefaultBearer
    do { bearer = try DefaultBearer(answering: attempt.procedureTransactionIdentity, in: container) } catch {
      return defaultBearerNotAccepted(error, accept, using: &engine, into: &outputs)
    }
    if configuration.attachesForEmergency {
      bearer.requested = .emergency
    } else {
      bearer.requested = .accessPoint(attempt.accessPointName)
      stopSessionBackOff(attempt.accessPointName, into: &outputs)
    }
    bearers = [bearer]
    dedicatedBearers = []
    var complete = NASMessage(.attachComplete)
    complete.set(AttachComplete.esmMessageContainer, ESMMessageContainer(bearer.activationAccept.encoded()))
    let octets = complete.encoded()
    var registered = Registered(accept: accept.encoded(), complete: octets)
    if wantsNonEPS {
      _ = takeNonEPS(
        succeeded: (try? accept[AttachAccept.epsAttachResult]) == .combinedEPSIMSIAttach,
        area: (try? accept[AttachAccept.locationAreaIdentification]) ?? nil, identity: (try? accept[AttachAccept.msIdentity]) ?? nil,
        cause: (try? accept[AttachAccept.emmCause]) ?? nil, attempts: 0, &registered, into: &outputs)
    } else {
      registration.nonEPS?.isRegistered = false
    }
    machine = .registered(registered)
    send(octets, using: &engine, into: &outputs)
    outputs.append(.event(.attached))
    // The COUNT may have ended with ATTACH COMPLETE, and the connection with it (§4.4.3.5).
    guard connection != .idle else { return }
    answer(attempt.bearerRequests, using: &engine, into: &outputs)
    if hasT3448 { awaitReleaseForData(into: &outputs) }
    updateAfterDeletion(news, using: &engine, into: &outputs)
  }

  /// §5.5.1.2.6 j: EMM has its registration, ESM not its bearer; so the UE detaches.
  private mutating func defaultBearerNotAccepted(
    _ reason: DefaultBearerError, _ accept: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    machine = .registered(Registered(accept: accept.encoded(), complete: []))
    outputs.append(.event(.attachFailed(.defaultBearerNotAccepted(reason.description))))
    startDetach(switchOff: false, using: &engine, into: &outputs)
  }

  /// §5.5.1.2.5.
  mutating func attachRejected(
    _ reject: NASMessage, protected: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) throws(NASDecodingError) {
    guard case .registeredInitiated(let attempt) = machine else { return notCompatible(reject, using: &engine, into: &outputs) }
    let cause = try reject[AttachReject.emmCause]
    // §5.3.6: this one, if it can be believed, or the default.
    takeT3402(protected ? (try? reject[AttachReject.t3402Value]) ?? nil : nil)
    // What ESM says is for the user; EMM goes by its own cause, whatever is wrong with the container (§7.5.2, §7.7.1).
    var esmCause: ESMCause?
    if let message = try? reject[AttachReject.esmMessageContainer]?.message(), message.type == .pdnConnectivityReject,
      message.procedureTransactionIdentity == attempt.procedureTransactionIdentity
    {
      // Of another transaction it is ignored (§7.3.1 a).
      esmCause = try? message[PDNConnectivityReject.esmCause]
      if let esmCause {
        let rejection = SessionRejection(
          cause: esmCause, value: (try? message[PDNConnectivityReject.backOffTimerValue]) ?? nil,
          reattempt: (try? message[PDNConnectivityReject.reattemptIndicator]) ?? nil, isProven: protected, isStandalone: false)
        holdBack(.connectivity, attempt.accessPointName, rejection, into: &outputs)
        // §6.5.1.4.3: not by itself once more with this PDN type.
        backOff.isAttachUnwanted = rejection.forbidsPDNType
      }
    }
    stop(.t3410, into: &outputs)
    forgetChallenge(into: &outputs)
    if cause == .congestion, let value = (try? reject[AttachReject.t3346Value])?.duration, value > .zero {
      // §5.5.1.2.5, #22: tried again when the back-off ends.
      startBackOff(value, protected: protected, into: &outputs)
      backOff.attachesAfterwards = true
      registration.updateStatus = .notUpdated
      machine = .deregistered(.attemptingToAttach, attempts: 0)
      outputs.append(.event(.attachFailed(attempt.rejectedSecurityMode ?? .rejected(cause, esm: esmCause))))
      return
    }
    if protected { forbid(cause, into: &outputs) }
    forgetEquivalentPLMNs(after: cause, protected: protected)
    var effect = protected ? RejectEffect(attach: cause) : unprotectedReject(cause, into: &outputs)
    // §5.5.1.2.5A: "IMEI not accepted".
    if cause == .imeiNotAccepted, configuration.attachesForEmergency { effect.substate = .noIMSI }
    apply(effect, into: &outputs)
    awaitRelease(after: cause, into: &outputs)
    let attempts = effect.countsAsLastAttempt && !configuration.attachesForEmergency ? UE.maximumAttachAttempts : attempt.number
    let keepsCount = effect.substate == .attemptingToAttach || effect.countsAsLastAttempt
    machine = .deregistered(effect.substate, attempts: keepsCount ? attempts : 0)
    if effect.substate == .attemptingToAttach { tryAgainLater(afterAttempts: attempts, into: &outputs) }
    outputs.append(.event(.attachFailed(attempt.rejectedSecurityMode ?? .rejected(cause, esm: esmCause))))
  }

  /// §5.5.1.2.6: the attempt failed without a final answer.
  mutating func attachAttemptFailed(_ failure: Failure, into outputs: inout [Output]) {
    guard case .registeredInitiated(let attempt) = machine else { return }
    stop(.t3410, into: &outputs)
    forgetChallenge(into: &outputs)
    tryAgainLater(afterAttempts: attempt.number, into: &outputs)
    outputs.append(.event(.attachFailed(attempt.rejectedSecurityMode ?? failure)))
  }

  private mutating func tryAgainLater(afterAttempts attempts: Int, into outputs: inout [Output]) {
    guard !configuration.attachesForEmergency else {
      // Neither T3411 nor the substate is for emergencies: who needs it asks again.
      machine = .deregistered(usim.isValid ? .normalService : .limitedService, attempts: 0)
      return
    }
    machine = .deregistered(.attemptingToAttach, attempts: attempts)
    guard attempts >= UE.maximumAttachAttempts else {
      outputs.append(.startTimer(.t3411, after: EMMTimer.t3411.defaultDuration))
      return
    }
    let pause = t3402
    registration.forget()
    registration.equivalentPLMNs = []
    registration.updateStatus = .notUpdated
    contexts.deleteAll()
    outputs.append(.securityContexts(contexts, why: "attach attempt counter reached \(UE.maximumAttachAttempts)"))
    outputs.append(.startTimer(.t3402, after: pause))
  }
}
