import NASCrypto
import NASMessages
import NASSecurity

/// A detach that the user started (TS 24.301 §5.5.2.2).
struct DetachAttempt: Sendable, Equatable {
  /// The plain DETACH REQUEST; each retransmission is protected anew.
  var request: [UInt8]
  var transmissions: Int
  var switchOff: Bool
  /// What EMM-REGISTERED knew; nil where an attach was broken off.
  var registered: UE.Registered?
  /// An attach is to follow (§6.4.2.4, §6.4.3.4).
  var attachesAfterwards = false
}

extension UE {
  static let maximumDetachTransmissions = 5

  /// The user wants to leave, and an attach is to follow no detach any more that the network brought about.
  mutating func detachWanted(switchOff: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    switch machine {
    case .trackingAreaUpdatingInitiated(var attempt):
      attempt.registered.attachesAfterDetach = false
      machine = .trackingAreaUpdatingInitiated(attempt)
    case .deregisteredInitiated(var attempt):
      attempt.attachesAfterwards = false
      machine = .deregisteredInitiated(attempt)
    case .null, .deregistered, .registeredInitiated, .registered, .serviceRequestInitiated: break
    }
    startDetach(switchOff: switchOff, using: &engine, into: &outputs)
  }

  /// The update that a detach waited for failed, in whatever way: the detach is tried all the same.
  mutating func beginOwedDetach(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered(var registered) = machine, registered.owesDetach else { return }
    registered.owesDetach = false
    machine = .registered(registered)
    startDetach(switchOff: false, using: &engine, into: &outputs)
  }

  /// §5.5.2.2.1: for EPS services, and for non-EPS services where the UE is registered for those as well.
  mutating func startDetach(switchOff: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    var registered = machine.registered
    if registered?.imsiDetach != nil {
      // Both go at once now.
      registered?.imsiDetach = nil
      registered?.substate = .normalService
    }
    switch machine {
    case .null: return
    case .deregisteredInitiated(let attempt):
      // §5.5.2.2.1: who is to be switched off says so, whatever it said before.
      guard switchOff else { return }
      stop(.t3421, into: &outputs)
      registered = attempt.registered
    case .deregistered(let substate, _):
      // Nothing to leave: the network does not know us. But no attach is wanted any more.
      if substate == .attemptingToAttach { stop(.t3411, .t3402, into: &outputs) }
      backOff.attachesAfterRelease = false
      backOff.attachesAfterwards = false
      attachAwaitsSessionBackOff = false
      if switchOff {
        if unprotectedRejects.timerRuns {
          unprotectedRejects.timerRuns = false
          stop(.t3247, into: &outputs)
        }
        machine = .null
        switchedOff(into: &outputs)
      } else {
        backOff.isAttachUnwanted = true
        machine = .deregistered(substate.withoutWish, attempts: 0)
        forgetWishForCell()
      }
      outputs.append(.event(.detached(.byUser(switchOff: switchOff, acknowledged: false))))
      return
    case .registeredInitiated:
      // §5.5.1.2.6 f: the attach is aborted, the detach performed.
      stop(.t3410, into: &outputs)
    case .trackingAreaUpdatingInitiated(var attempt):
      guard switchOff else {
        // §5.5.3.2.6 m: after the update.
        attempt.detachesAfterwards = true
        machine = .trackingAreaUpdatingInitiated(attempt)
        return
      }
      stop(.t3430, into: &outputs)
    case .serviceRequestInitiated(let attempt):
      stop(attempt.reason.timer, into: &outputs)
      if attempt.registered.mayRunRetryTimer { stop(.t3411, .t3402, into: &outputs) }
    case .registered(let registered): if registered.mayRunRetryTimer { stop(.t3411, .t3402, into: &outputs) }
    }
    stopAwaitingRelease(into: &outputs)
    leaveExhaustedContext(into: &outputs)
    if let registered, !mayBeSignalled(registered) {
      detachLocally(switchOff: switchOff, into: &outputs)
      if registered.attachesAfterDetach, !switchOff { startAttach(using: &engine, into: &outputs) }
      return
    }
    let type: DetachType = registration.isRegisteredForNonEPS ? .combinedDetach : .epsDetach
    let request = detachRequest(type.switchingOff(switchOff)).encoded()
    var attempt = DetachAttempt(request: request, transmissions: 0, switchOff: switchOff, registered: registered)
    attempt.attachesAfterwards = registered?.attachesAfterDetach == true && !switchOff
    machine = .deregisteredInitiated(attempt)
    transmitDetachRequest(using: &engine, into: &outputs)
  }

  /// Where a detach is told to the network: not without a cell or where access is barred (§5.5.2.2.4 a), nor in the substates that allow
  /// other procedures alone (§5.1.3.2.4, §5.2.3.2).
  private func mayBeSignalled(_ registered: Registered) -> Bool {
    if obstacle() != nil { return false }
    switch registered.substate {
    case .normalService, .attemptingToUpdateMM, .imsiDetachInitiated: return true
    case .attemptingToUpdate:
      guard backOff.t3346Runs, let area = servingTrackingArea else { return false }
      return registration.trackingAreas?.contains(area) == true
    case .limitedService, .plmnSearch, .updateNeeded, .noCellAvailable: return connection != .idle
    }
  }

  /// Nobody is told.
  private mutating func detachLocally(switchOff: Bool, into outputs: inout [Output]) {
    leaveRegistered(into: &outputs)
    if switchOff {
      machine = .null
      switchedOff(into: &outputs)
    } else {
      backOff.isAttachUnwanted = true
      machine = .deregistered(.normalService, attempts: 0)
      if let area = servingTrackingArea, hasCoverage { _ = limitsService(area) }
    }
    outputs.append(.event(.detached(.byUser(switchOff: switchOff, acknowledged: false))))
    releaseLocally(into: &outputs)
  }

  func detachRequest(_ type: DetachType) -> NASMessage {
    var request = NASMessage(.detachRequestFromUE)
    request.set(DetachRequestFromUE.detachType, type)
    request.set(DetachRequestFromUE.nasKeySetIdentifier, contexts.eKSI)
    request.set(DetachRequestFromUE.epsMobileIdentity, registration.guti.map(EPSMobileIdentity.guti) ?? identityWithoutGUTI)
    return request
  }

  /// A DETACH REQUEST that goes out again, with the key set of the context that it goes out under: an SMC may have come between.
  func statingCurrentKeySet(_ request: [UInt8]) -> [UInt8] {
    guard var message = try? NASMessage(decoding: request, direction: .uplink) else { return request }
    message.set(DetachRequestFromUE.nasKeySetIdentifier, contexts.eKSI)
    return message.encoded()
  }

  /// §5.5.2.2.4 h: begun anew, over the connection that is there.
  mutating func restartDetach(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .deregisteredInitiated(var attempt) = machine else { return }
    attempt.transmissions = 0
    machine = .deregisteredInitiated(attempt)
    transmitDetachRequest(using: &engine, into: &outputs)
  }

  /// §5.5.2.2.4 f, g: the tracking area is none of ours, so an update comes first.
  mutating func detachAfterUpdate(_ attempt: DetachAttempt, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    stop(.t3421, into: &outputs)
    guard let registered = attempt.registered else { return finishDetach(acknowledged: false, into: &outputs) }
    machine = .registered(registered)
    startUpdate(EPSUpdateType(.taUpdating), using: &engine, into: &outputs)
    guard case .trackingAreaUpdatingInitiated(var update) = machine else { return finishDetach(acknowledged: false, into: &outputs) }
    update.detachesAfterwards = true
    update.registered.attachesAfterDetach = attempt.attachesAfterwards
    machine = .trackingAreaUpdatingInitiated(update)
  }

  private mutating func transmitDetachRequest(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .deregisteredInitiated(var attempt) = machine else { return }
    attempt.transmissions += 1
    attempt.request = statingCurrentKeySet(attempt.request)
    machine = .deregisteredInitiated(attempt)
    if connection == .idle {
      guard let pdu = protectInitial(attempt.request, using: &engine) else { return countExhausted(into: &outputs) }
      connection = .open
      outputs.append(.establishConnection(initialMessage(pdu, cause: .mobileOriginatedSignalling)))
    } else {
      send(attempt.request, using: &engine, into: &outputs)
      // The COUNT was used up, and the detach is over (§4.4.3.5, §5.5.2.2.4 b).
      guard case .deregisteredInitiated = machine else { return }
    }
    if attempt.switchOff {
      leaveRegistered(into: &outputs)
      machine = .null
      switchedOff(into: &outputs)
      outputs.append(.event(.detached(.byUser(switchOff: true, acknowledged: false))))
    } else {
      outputs.append(.startTimer(.t3421, after: EMMTimer.t3421.defaultDuration))
    }
  }

  /// §5.5.2.2.2: DETACH ACCEPT.
  mutating func detachAccepted(_ accept: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    switch machine {
    case .deregisteredInitiated: finishDetach(acknowledged: true, into: &outputs)
    case .registered(let registered) where registered.imsiDetach != nil: finishIMSIDetach(acknowledged: true, into: &outputs)
    case .null, .deregistered, .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated:
      notCompatible(accept, using: &engine, into: &outputs)
    }
  }

  /// T3421 expired (§5.5.2.2.4 c).
  mutating func detachUnanswered(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .deregisteredInitiated(let attempt) = machine else {
      return imsiDetachUnanswered(using: &engine, into: &outputs)
    }
    if attempt.transmissions < UE.maximumDetachTransmissions {
      transmitDetachRequest(using: &engine, into: &outputs)
    } else {
      finishDetach(acknowledged: false, into: &outputs)
      releaseLocally(into: &outputs)
      afterRelease(using: &engine, into: &outputs)
    }
  }

  mutating func finishDetach(acknowledged: Bool, into outputs: inout [Output]) {
    stop(.t3421, into: &outputs)
    if case .deregisteredInitiated(let attempt) = machine {
      backOff.attachesAfterRelease = attempt.attachesAfterwards
      backOff.isAttachUnwanted = !attempt.attachesAfterwards
    }
    leaveRegistered(into: &outputs)
    machine = .deregistered(.normalService, attempts: 0)
    outputs.append(.event(.detached(.byUser(switchOff: false, acknowledged: acknowledged))))
  }

  /// §5.5.2.3: the network detaches us.
  mutating func detachRequested(
    _ request: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  )
    throws(NASDecodingError)
  {
    let type = try request[DetachRequestFromNetwork.detachType]
    let cause = (try? request[DetachRequestFromNetwork.emmCause]) ?? nil
    let reattach = type.kind == DetachType.reattachRequired.kind
    // Only the non-EPS services end (§5.5.2.3.2, cause #2 too).
    let staysAttached = type.kind == DetachType.imsiDetachByNetwork.kind || (!reattach && cause == .imsiUnknownInHSS)
    var releases = false
    switch machine {
    case .null, .deregistered: return notCompatible(request, using: &engine, into: &outputs)
    case .registeredInitiated:
      // §5.5.1.2.6 g.
      if staysAttached {
        return discard(.notCompatibleWithState("ignored while an attach is running (§5.5.1.2.6 g)"), request.type.name, into: &outputs)
      }
      releases = reattach
      stop(.t3410, into: &outputs)
    case .deregisteredInitiated: if !staysAttached { stop(.t3421, into: &outputs) }
    case .trackingAreaUpdatingInitiated:
      // §5.5.3.2.6 f.
      if staysAttached {
        return discard(
          .notCompatibleWithState("ignored while a tracking area update is running (§5.5.3.2.6 f)"), request.type.name, into: &outputs)
      }
      stop(.t3430, into: &outputs)
    case .serviceRequestInitiated(let attempt): if !staysAttached { stop(attempt.reason.timer, into: &outputs) }  // §5.6.1.6 h
    case .registered: break
    }
    stopAwaitingRelease(into: &outputs)
    // The user wants to leave: a detach runs, or waits for the update that the request aborts (§5.5.3.2.6 f, m).
    let isLeaving =
      switch machine {
      case .deregisteredInitiated: true
      case .trackingAreaUpdatingInitiated(let attempt): attempt.staysAway
      case .null, .deregistered, .registeredInitiated, .registered, .serviceRequestInitiated: false
      }
    // §6.4.4.4 a: of a detach that the end of the last PDN connection brought about, an attach is to follow.
    let comesBack = if case .deregisteredInitiated(let attempt) = machine { attempt.attachesAfterwards } else { false }
    send(NASMessage(.detachAccept).encoded(), using: &engine, into: &outputs)
    if staysAttached { return nonEPSServicesEnded(by: type, isLeaving: isLeaving, using: &engine, into: &outputs) }
    leaveRegistered(into: &outputs)
    if isLeaving { backOff.isAttachUnwanted = !comesBack }
    if reattach {
      stopBackOff(into: &outputs)
      stopSessionBackOffs(into: &outputs)
      // The attach follows the release of the connection (§5.5.2.3.2), unless we are leaving anyway (§5.5.2.2.4 d).
      machine = .deregistered(isLeaving && !comesBack ? .normalService : .attachNeeded, attempts: 0)
    } else {
      let effect = RejectEffect(detach: cause)
      apply(effect, into: &outputs)
      // #35 is none of the causes of a detach.
      if let cause, (11...15).contains(cause.rawValue) { forbid(cause, into: &outputs) }
      machine = .deregistered(effect.substate, attempts: 0)
      if effect.substate == .attemptingToAttach { outputs.append(.startTimer(.t3402, after: t3402)) }
      // §5.5.2.3.4 b deletes the list as well.
      if effect.substate == .attemptingToAttach {
        registration.equivalentPLMNs = []
      } else if let cause {
        forgetEquivalentPLMNs(after: cause, protected: true)
      }
    }
    // §5.3.1.2.1 a.
    if !reattach, let cause { awaitRelease(after: cause, into: &outputs) }
    outputs.append(.event(.detached(.byNetwork(reattachRequired: reattach, cause: cause))))
    guard releases, connection != .idle else { return }
    releaseLocally(into: &outputs)
    startAttach(using: &engine, into: &outputs)
  }

  /// What Annex C does not keep ends with the mobile equipment's power.
  private mutating func switchedOff(into outputs: inout [Output]) {
    sessionBackOffsAtSwitchOff()
    forgetListOfEmergency()
    registration.trackingAreas = nil
    // EF_LOCI is none of the files that are kept here.
    registration.nonEPS = nil
    registration.t3402 = EMMTimer.t3402.defaultDuration
    registration.t3402PLMN = nil
    if backOff.t3325Runs { stop(.t3325, into: &outputs) }
    if backOff.t3442Runs { stop(.t3442, into: &outputs) }
    (backOff.t3325Runs, backOff.t3442Runs) = (false, false)
  }

  /// What leaving EMM-REGISTERED does: bearers go, contexts follow §4.4.2.1 (g).
  ///
  /// - Parameter wasForEmergency: the UE was attached for emergency bearer services until its last PDN connection went.
  mutating func leaveRegistered(wasForEmergency: Bool = false, into outputs: inout [Output]) {
    if let registered = machine.registered {
      if registered.imsiDetach != nil { stop(.t3421, into: &outputs) }
      // No update is tried again.
      if registered.mayRunRetryTimer { stop(.t3411, .t3402, into: &outputs) }
    }
    let wasForEmergency = wasForEmergency || endsWithEmergency
    if wasForEmergency { registration.equivalentPLMNs = [] }
    dropEmergencyConnection(into: &outputs)
    bearers = []
    dedicatedBearers = []
    registration.nonEPS?.isRegistered = false
    abortTransactions(into: &outputs)
    sessions = Sessions()
    if comesFromN1 { registration.origin = nil }
    stopT3448(into: &outputs)
    stopISRTimers(into: &outputs)
    forgetChallenge(into: &outputs)
    let before = contexts
    contexts.deregistered()
    if wasForEmergency {
      // Annex C: what an emergency registration left is deleted with it.
      registration.forget()
      registration.updateStatus = .notUpdated
      contexts.deleteAll()
    } else if contexts.current?.algorithms.integrity == .eia0 {
      // Taken into use for an emergency connection that went before the others: no ordinary registration begins under it (§4.4.4.1).
      contexts.deleteCurrent()
    }
    if contexts != before { outputs.append(.securityContexts(contexts, why: "left for EMM-DEREGISTERED")) }
  }
}

extension EMMState.Deregistered {
  /// The substate of a UE that stays in EMM-DEREGISTERED and wants no attach any more: what the cell and the USIM make of it (§5.2.2.4).
  var withoutWish: EMMState.Deregistered {
    switch self {
    case .limitedService, .plmnSearch, .noIMSI, .noCellAvailable, .eCallInactive: self
    case .normalService, .attemptingToAttach, .attachNeeded: .normalService
    }
  }
}
