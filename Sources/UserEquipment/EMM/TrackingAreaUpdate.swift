import NASCrypto
import NASMessages
import NASSecurity

/// A tracking area update under way (TS 24.301 §5.5.3.2).
struct TrackingAreaUpdateAttempt: Sendable, Equatable {
  /// The plain TRACKING AREA UPDATE REQUEST: HASHMME is over it, and the network may want it replayed.
  var request: [UInt8]
  var type: EPSUpdateType
  /// It opened the connection.
  var fromIdle: Bool
  var registered: UE.Registered
  /// The user wants to leave as soon as the update is done (§5.5.3.2.6 m).
  var detachesAfterwards = false
  /// The detach is one for good.
  var staysAway: Bool { detachesAfterwards && !registered.attachesAfterDetach }
  /// An idle mode change from UTRAN or GERAN: what a mapped context would be made of. It goes with the attempt, so that
  /// the nonce is forgotten when the update ends (§5.5.3.2.4).
  var mapping: Mapping?
  /// An idle mode change from N1 mode.
  var isFromN1 = false
  /// The first update under a mapped context that a handover made: it names the native one aside (§8.2.29.2).
  var origin: HandoverOrigin?
  /// It was begun for a PDN connection for emergency bearer services.
  var isForEmergencyConnection = false

  struct Mapping: Sendable, Equatable {
    var umts: UMTSSecurityContext
    var nonceUE: UInt32
    /// The MME's, of the contexts that were taken into use.
    var usedNonces: [UInt32] = []
  }
}

extension UE {
  static let maximumUpdateAttempts = 5

  /// The serving cell's tracking area is not one of ours (§5.5.3.2.2 a), or the network does not know where we are (k of
  /// §5.2.3.2), or it is yet to be told that the UE came from another system (§5.5.3.2.2 c, z).
  var needsUpdate: Bool {
    if registration.temporaryIdentityInNextUpdate == .pTMSI { return true }
    if comesFromN1 { return true }
    guard let areas = registration.trackingAreas else { return true }
    return servingTrackingArea.map { !areas.contains($0) } ?? false
  }

  /// An application or a test wants an update.
  mutating func requestUpdate(isActive: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    if mayNotRegister, case .registered = machine { return outputs.append(.event(.trackingAreaUpdateFailed(.areaForbidden))) }
    startUpdate(EPSUpdateType(.taUpdating, isActive: isActive), using: &engine, into: &outputs)
  }

  /// The periodic update (§5.3.5): delayed where the substate does not allow it.
  mutating func periodicUpdateDue(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered(var registered) = machine, connection == .idle else { return }
    if isAttachedForEmergency {
      // §5.3.5: no periodic update, but a local detach.
      leaveRegistered(into: &outputs)
      machine = .deregistered(.normalService, attempts: 0)
      return outputs.append(.event(.detached(.locally)))
    }
    guard registered.substate == .normalService else {
      let isForBoth = registered.substate == .noCellAvailable && wantsNonEPS && registration.isRegisteredForNonEPS
      let type = EPSUpdateType(isForBoth ? .combinedTALAUpdatingWithIMSIAttach : .periodicUpdating)
      registered.owedUpdate = registered.owedUpdate ?? type
      if !hasCoverage { circumstances.isProcedureDue = true }
      if registered.substate == .noCellAvailable { startT3423(into: &outputs) }
      machine = .registered(registered)
      return
    }
    startUpdate(EPSUpdateType(.periodicUpdating), using: &engine, into: &outputs)
  }

  /// §5.5.3.2.2: TRACKING AREA UPDATE REQUEST, if nothing stands against it. A service request that runs gives way.
  ///
  /// - Parameters:
  ///   - opensConnection: this update, begun anew, opened the connection that is there.
  ///   - answersPaging: then no access is barred (§5.5.3.2.6 a).
  ///   - origin: a handover from another system is what it is for.
  ///   - namesKey: false says "no key is available" in it.
  mutating func startUpdate(
    _ type: EPSUpdateType, opensConnection: Bool = false, answersPaging: Bool = false, after origin: HandoverOrigin? = nil,
    namesKey: Bool = true,
    using engine: inout CryptoEngine,
    into outputs: inout [Output]
  ) {
    var registered: Registered
    switch machine {
    case .registered(let current): registered = current
    case .serviceRequestInitiated(let attempt):
      // §5.6.1.6 f.
      stop(attempt.reason.timer, into: &outputs)
      registered = attempt.registered
      // The call goes on over the connection of the update.
      if case .csFallback(let call) = attempt.reason { registered.pendingCall = call } else { registered.wantsService = true }
    case .null, .deregistered, .registeredInitiated, .trackingAreaUpdatingInitiated, .deregisteredInitiated: return
    }
    registered.owesNonEPSUpdate = false
    if registered.imsiDetach != nil {
      // §5.5.2.2.4 f: after the update.
      stop(.t3421, into: &outputs)
      registered.imsiDetach = nil
      registered.substate = .normalService
      registered.owesIMSIDetach = true
    }
    guard registration.guti != nil || registration.origin != nil else {
      // A registration without any temporary identity cannot be updated: what is left is to attach anew.
      leaveRegistered(into: &outputs)
      machine = .deregistered(.attachNeeded, attempts: 0)
      outputs.append(.event(.detached(.locally)))
      return startAttach(using: &engine, into: &outputs)
    }
    let wanted = EPSUpdateType(
      combined(type.kind), isActive: type.isActive || registered.wantsService || registered.owedUpdate?.isActive == true)
    registered.owedUpdate = wanted
    machine = .registered(registered)
    leaveExhaustedContext(into: &outputs)
    stopBackOffOfAnotherPLMN(into: &outputs)
    let isForEmergency = isInEmergency || registered.pendingCall == .emergency
    if backOff.t3346Runs, connection == .idle, !answersPaging, !isForEmergency {
      // §5.5.3.2.6 l: not but for b, d and e.
      if needsUpdate {
        registration.updateStatus = .notUpdated
        registered.substate = .attemptingToUpdate
        machine = .registered(registered)
      }
      return outputs.append(.event(.trackingAreaUpdateFailed(.backedOff(.t3346))))
    }
    stopAwaitingReleaseForData(into: &outputs)
    // A connection that is about to go is not used any more (§5.3.1.2.1).
    if backOff.t3440Runs {
      registered.isUpdateDue = true
      machine = .registered(registered)
      return
    }
    if let obstacle = obstacle(isExempt: answersPaging || awaitsEmergencyConnection) {
      if obstacle == .noCell { circumstances.isProcedureDue = true } else { registered.substate = .updateNeeded }
      machine = .registered(registered)
      return outputs.append(.event(.trackingAreaUpdateFailed(obstacle)))
    }
    if registered.substate == .updateNeeded { registered.substate = .normalService }
    registered.owedUpdate = nil
    registered.isUpdateDue = false
    stop(.t3411, .t3402, into: &outputs)
    if backOff.t3442Runs {
      backOff.t3442Runs = false
      stop(.t3442, into: &outputs)
    }
    if connection == .idle, case .n1(let change) = registration.origin {
      return sendUpdate(wanted, registered, from: change, using: &engine, into: &outputs)
    }
    var message = updateRequest(wanted, after: origin)
    if !namesKey || configuration.deviations.contains(.nameNoKeyInUpdate) {
      message.set(TrackingAreaUpdateRequest.nasKeySetIdentifier, .noKey)
    }
    let mapping = connection == .idle ? nameGPRSKeys(in: &message) : nil
    let request = message.encoded()
    let fromIdle = connection == .idle || opensConnection
    var attempt = TrackingAreaUpdateAttempt(request: request, type: wanted, fromIdle: fromIdle, registered: registered)
    attempt.mapping = mapping
    attempt.origin = origin
    attempt.isForEmergencyConnection = awaitsEmergencyConnection
    if case .n1 = registration.origin { attempt.isFromN1 = true }
    machine = .trackingAreaUpdatingInitiated(attempt)
    if connection == .idle {
      guard let pdu = protectInitial(request, using: &engine) else { return countExhausted(into: &outputs) }
      connection = .open
      outputs.append(.startTimer(.t3430, after: EMMTimer.t3430.defaultDuration))
      // Annex D.
      let cause: EstablishmentCause = isInEmergency ? .emergency : wanted.isActive ? .mobileOriginatedData : .mobileOriginatedSignalling
      outputs.append(.establishConnection(initialMessage(pdu, cause: cause)))
    } else {
      outputs.append(.startTimer(.t3430, after: EMMTimer.t3430.defaultDuration))
      if opensConnection {
        resendInitial(request, using: &engine, into: &outputs)
      } else {
        sendUnciphered(request, using: &engine, into: &outputs)
      }
    }
  }

  /// The kind for a UE that is attached for non-EPS services as well (§5.5.3.3.2).
  private func combined(_ kind: EPSUpdateType.Kind) -> EPSUpdateType.Kind {
    guard wantsNonEPS, kind == .taUpdating else { return kind }
    return registration.isRegisteredForNonEPS ? .combinedTALAUpdating : .combinedTALAUpdatingWithIMSIAttach
  }

  func updateRequest(_ type: EPSUpdateType, after origin: HandoverOrigin? = nil) -> NASMessage {
    var request = NASMessage(.trackingAreaUpdateRequest)
    request.set(TrackingAreaUpdateRequest.epsUpdateType, type)
    request.set(TrackingAreaUpdateRequest.nasKeySetIdentifier, contexts.eKSI)
    let identities = updateIdentities(after: origin)
    if let old = identities.old {
      request.set(TrackingAreaUpdateRequest.oldGUTI, old.identity)
      request.set(TrackingAreaUpdateRequest.oldGUTIType, old.isMapped ? .mapped : .native)
    }
    request.set(TrackingAreaUpdateRequest.additionalGUTI, identities.additional.map(EPSMobileIdentity.guti))
    request.set(TrackingAreaUpdateRequest.oldPTMSISignature, identities.signature)
    if origin != nil {
      request.set(TrackingAreaUpdateRequest.nonCurrentNativeNASKeySetIdentifier, contexts.nonCurrentNativeKeySetIdentifier)
    }
    if origin?.isN1 == true || comesFromN1 {
      request.set(TrackingAreaUpdateRequest.ueStatus, UEStatus(s1Registered: false, n1Registered: true))
    }
    if let last = registration.lastVisitedTrackingArea { request.set(TrackingAreaUpdateRequest.lastVisitedRegisteredTAI, last) }
    request.set(TrackingAreaUpdateRequest.epsBearerContextStatus, EPSBearerContextStatus(active: activeBearerIdentities))
    if type.isCombined { describeNonEPS(inUpdate: &request) }
    if type.kind != .periodicUpdating {
      request.set(TrackingAreaUpdateRequest.ueNetworkCapability, configuration.networkCapability)
      if let capability = configuration.msNetworkCapability { request.set(TrackingAreaUpdateRequest.msNetworkCapability, capability) }
      if let additional = configuration.additionalSecurityCapability {
        request.set(TrackingAreaUpdateRequest.ueAdditionalSecurityCapability, additional)
      }
      if applicableRadioCapabilityID != nil { request.set(TrackingAreaUpdateRequest.ueRadioCapabilityIDAvailability, .available) }
    }
    return request
  }

  /// §5.5.3.2.6 b, c, d: the attempt failed without a final answer.
  ///
  /// - Parameter isLast: the cause says that more attempts are of no use.
  mutating func updateAttemptFailed(_ failure: ServiceFailure, isLast: Bool = false, into outputs: inout [Output]) {
    guard case .trackingAreaUpdatingInitiated(let attempt) = machine else { return }
    stop(.t3430, into: &outputs)
    forgetChallenge(into: &outputs)
    var registered = attempt.registered
    // §5.5.3.2.6: an update for an emergency call does not count.
    let attempts = attempt.isForEmergencyConnection ? registered.updateAttempts : registered.updateAttempts + 1
    registered.updateAttempts = isLast ? UE.maximumUpdateAttempts : min(attempts, UE.maximumUpdateAttempts)
    registered.owedUpdate = attempt.type
    registered.owesDetach = attempt.detachesAfterwards
    // §5.5.3.3.6: the UE looks for GERAN or UTRAN, and finds none.
    let call = registered.pendingCall
    registered.pendingCall = nil
    if registered.updateAttempts >= UE.maximumUpdateAttempts {
      registration.updateStatus = .notUpdated
      registered.substate = .attemptingToUpdate
      outputs.append(.startTimer(.t3402, after: t3402))
      registration.equivalentPLMNs = []
    } else {
      if needsUpdate || registration.updateStatus != .updated || attempt.isFromN1 || attempt.origin?.isN1 == true {
        registration.updateStatus = .notUpdated
        registered.substate = .attemptingToUpdate
      } else {
        registered.substate = .normalService
      }
      outputs.append(.startTimer(.t3411, after: EMMTimer.t3411.defaultDuration))
    }
    machine = .registered(registered)
    outputs.append(.event(.trackingAreaUpdateFailed(failure)))
    if let call, !call.isTerminating { outputs.append(.event(.serviceFailed(failure))) }
    dropEmergencyConnection(into: &outputs)
  }

  /// §5.2.3.2 k: EU2 in ATTEMPTING-TO-UPDATE, and no timer that would begin an update. While one runs, an update is owed.
  mutating func beginUpdateWithoutTimer(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered(let registered) = machine, registered.substate == .attemptingToUpdate, registered.owedUpdate == nil,
      registration.updateStatus == .notUpdated, !backOff.t3346Runs, !backOff.t3440Runs, !isInForbiddenArea, hasCoverage
    else { return }
    startUpdate(EPSUpdateType(.taUpdating), using: &engine, into: &outputs)
  }

  /// T3430 expired (§5.5.3.2.6 c).
  mutating func updateUnanswered(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .trackingAreaUpdatingInitiated(let attempt) = machine else { return }
    updateAttemptFailed(.noAnswer(timer: .t3430, attempts: attempt.registered.updateAttempts + 1), into: &outputs)
    releaseLocally(into: &outputs)
  }

  /// T3411 or T3402 expired in EMM-REGISTERED: once more. A service request that runs gives way (§5.6.1.6 f).
  mutating func retryUpdate(after timer: EMMTimer, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard var registered = machine.registered else { return }
    guard registered.owedUpdate != nil || registered.substate == .attemptingToUpdate || registered.substate == .attemptingToUpdateMM
    else { return }
    // Only the expiry of T3402, among the timers, resets the counter (§5.5.3.1).
    if timer == .t3402 { registered.updateAttempts = 0 }
    guard !isInForbiddenArea else {
      // It is begun where service is normal again (§5.2.3.2).
      if case .registered = machine { machine = .registered(registered) }
      return
    }
    var type = registered.owedUpdate ?? EPSUpdateType(.taUpdating)
    if case .serviceRequestInitiated(var attempt) = machine {
      attempt.registered = registered
      machine = .serviceRequestInitiated(attempt)
      type = EPSUpdateType(type.kind, isActive: true)
    } else {
      machine = .registered(registered)
    }
    startUpdate(type, using: &engine, into: &outputs)
  }

  /// §5.5.1.1, §5.5.3.1: a new tracking area is entered, or T3346 started, in ATTEMPTING-TO-ATTACH or ATTEMPTING-TO-UPDATE (-MM).
  mutating func resetAttemptCounters() {
    switch machine {
    case .deregistered(.attemptingToAttach, _): machine = .deregistered(.attemptingToAttach, attempts: 0)
    case .registered(var registered) where registered.substate == .attemptingToUpdate || registered.substate == .attemptingToUpdateMM:
      registered.updateAttempts = 0
      machine = .registered(registered)
    case .null, .deregistered, .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated,
      .deregisteredInitiated:
      break
    }
  }

  /// The UE camps on a cell of `area` or was handed over to one.
  ///
  /// - Parameter isBarred: access of the cell is barred for what the UE originates.
  mutating func camped(
    on area: TrackingAreaIdentity, isBarred: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    if isBarred { circumstances.isAccessBarred = true }
    if !hasCoverage { return cellFound(in: area, using: &engine, into: &outputs) }
    guard servingTrackingArea != area else { return }
    if connection != .idle, servingTrackingArea != nil { isHandedOver = true }
    // Handover needs AS security (TS 36.331 §5.3.1.1): then the connection stands. Without it another cell means that it is lost.
    let wasHandedOver = connection != .idle && isAccessStratumSecured
    let isLost = connection != .idle && !wasHandedOver && servingTrackingArea != nil
    servingTrackingArea = area
    if circumstancesBox != nil, connection == .idle { circumstances.isAccessBarred = isBarred }
    resetAttemptCounters()
    switch machine {
    case .registered, .deregistered: if isLost { releaseLocally(into: &outputs) }
    case .null, .registeredInitiated, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: break
    }
    // A forbidden area stands against cells that the UE selects, not against where the network hands it over to (§5.2.3.2, §5.5.3.2.6 e).
    if limitsService(area), !wasHandedOver || isDeregistered {
      if isLost { abortInForbiddenArea(area, into: &outputs) }
      return
    }
    switch machine {
    case .null: break
    case .deregisteredInitiated(let attempt):
      // §5.5.2.2.4 f.
      guard needsUpdate else { return }
      if !wasHandedOver { releaseLocally(into: &outputs) }
      detachAfterUpdate(attempt, using: &engine, into: &outputs)
    case .deregistered(let substate, _):
      switch substate {
      case .attemptingToAttach, .limitedService, .plmnSearch:
        // §5.2.2.3: another cell, another chance, unless the USIM or a back-off stands against it.
        let wasDue = circumstances.isProcedureDue
        if wasDue { circumstances.isProcedureDue = false }
        if substate == .limitedService, usim.isValid { machine = .deregistered(.normalService, attempts: 0) }
        guard usim.isValid, !backOff.t3346Runs || isBackOffOfAnotherPLMN, !backOff.isAttachUnwanted,
          substate == .attemptingToAttach || registration.updateStatus == .roamingNotAllowed || wasDue
        else { return }
        // §5.5.1.2.2: those of the attempts before, which LIMITED-SERVICE did not end.
        if wasDue, substate == .limitedService { stop(.t3411, .t3402, into: &outputs) }
        startAttach(using: &engine, into: &outputs)
      case .normalService:
        // §5.3.9: it waited for T3346 of another PLMN; or for the release (§5.3.1.2.1).
        guard backOff.attachesAfterwards && isBackOffOfAnotherPLMN || isLost && backOff.attachesAfterRelease else { return }
        startAttach(using: &engine, into: &outputs)
      case .attachNeeded: if connection == .idle { startAttach(using: &engine, into: &outputs) }
      case .noIMSI, .noCellAvailable, .eCallInactive: break
      }
    case .registeredInitiated(let attempt):
      // §5.5.1.2.6 e: begun anew at once; the attempt does not count.
      stop(.t3410, into: &outputs)
      forgetChallenge(into: &outputs)
      if wasHandedOver { stopAuthenticationTimers(into: &outputs) } else { releaseLocally(into: &outputs) }
      machine = .deregistered(.normalService, attempts: max(0, attempt.number - 1))
      startAttach(overConnection: wasHandedOver, using: &engine, into: &outputs)
      guard wasHandedOver, case .registeredInitiated(var anew) = machine else { return }
      anew.abortedTransactions = (attempt.abortedTransactions + [attempt.procedureTransactionIdentity])
        .suffix(AttachAttempt.maximumAbortedTransactions)
      machine = .registeredInitiated(anew)
    case .registered(let registered):
      stopT3448OfAnotherPLMN(into: &outputs)
      guard needsUpdate || registered.substate != .normalService else {
        if isLost { afterRelease(using: &engine, into: &outputs) }
        return
      }
      if goesByIMSI, connection == .idle { return attachByIMSI(using: &engine, into: &outputs) }
      startUpdate(EPSUpdateType(.taUpdating), using: &engine, into: &outputs)
    case .serviceRequestInitiated:
      // §5.6.1.6 f, i.
      guard needsUpdate else { return }
      if !wasHandedOver { releaseLocally(into: &outputs) }
      startUpdate(EPSUpdateType(.taUpdating, isActive: true), using: &engine, into: &outputs)
    case .trackingAreaUpdatingInitiated:
      // §5.5.3.2.6 e.
      if !wasHandedOver { releaseLocally(into: &outputs) }
      updateAnew(using: &engine, into: &outputs)
    }
  }

  private var isDeregistered: Bool { if case .deregistered = machine { true } else { false } }

  /// A procedure was lost with its connection, and the cell that the UE selected then is one of a forbidden area: nothing is begun anew there.
  private mutating func abortInForbiddenArea(_ area: TrackingAreaIdentity, into outputs: inout [Output]) {
    releaseLocally(into: &outputs)
    switch machine {
    case .trackingAreaUpdatingInitiated: updateAttemptFailed(.connectionLost, into: &outputs)
    case .serviceRequestInitiated: serviceAttemptFailed(.connectionLost, into: &outputs)
    case .registeredInitiated: attachAttemptFailed(.connectionLost, into: &outputs)
    case .deregisteredInitiated: finishDetach(acknowledged: false, into: &outputs)
    case .null, .deregistered, .registered: break
    }
    _ = limitsService(area)
  }

  /// §5.5.3.2.6 m: a detach that waited for an update waits for the one that was begun in its place; where none could be, it is due.
  mutating func detachAfterwards(
    _ earlier: TrackingAreaUpdateAttempt, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard earlier.detachesAfterwards else { return }
    switch machine {
    case .trackingAreaUpdatingInitiated(var attempt):
      attempt.detachesAfterwards = true
      machine = .trackingAreaUpdatingInitiated(attempt)
    case .registered: startDetach(switchOff: false, using: &engine, into: &outputs)
    // What is left of a registration that could not be updated is an attach, which a detach of the network's making wants anyway.
    case .deregistered, .registeredInitiated: if earlier.staysAway { startDetach(switchOff: false, using: &engine, into: &outputs) }
    case .null, .serviceRequestInitiated, .deregisteredInitiated: break
    }
  }
}
