import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// TS 24.301 §5.5.3.2.4.
  mutating func updateAccepted(
    _ accept: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) throws(NASDecodingError) {
    if case .registered(let registered) = machine, !registered.complete.isEmpty, registered.accept == accept.encoded() {
      // Our COMPLETE was lost and T3450 sent the ACCEPT again: answer as before.
      send(registered.complete, using: &engine, into: &outputs)
      return
    }
    guard case .trackingAreaUpdatingInitiated(let attempt) = machine else {
      return notCompatible(accept, using: &engine, into: &outputs)
    }
    let result = try accept[TrackingAreaUpdateAccept.epsUpdateResult]
    stop(.t3430, into: &outputs)
    forgetChallenge(into: &outputs)
    unprotectedRejects.usimInvalidations = 0
    adoptRegistration(accept)
    if let areas = (try? accept[TrackingAreaUpdateAccept.taiList]) ?? nil { admit(areas, into: &outputs) }
    takeISR(
      isActivated: result == .taUpdatedISRActivated || result == .combinedTALAUpdatedISRActivated,
      t3423: (try? accept[TrackingAreaUpdateAccept.t3423Value]) ?? nil, into: &outputs)
    let hasT3448 = takeT3448((try? accept[TrackingAreaUpdateAccept.t3448Value]) ?? nil, stopsWithout: attempt.fromIdle, into: &outputs)
    let lastConnection = (try? accept[TrackingAreaUpdateAccept.epsBearerContextStatus]).flatMap { keepBearers($0.active) }

    var registered = attempt.registered
    registered.substate = .normalService
    registered.updateAttempts = 0
    registered.serviceAttempts = 0
    registered.owedUpdate = nil
    registered.isUpdateDue = false
    registered.wantsService = attempt.type.isActive && registered.wantsService
    let tmsiGiven = takeNonEPSResult(
      accept, result, of: attempt.type, attempts: attempt.registered.updateAttempts, &registered, into: &outputs)
    let gutiGiven = (try? accept[TrackingAreaUpdateAccept.guti]) != nil
    let news = takeRadioCapabilityID(
      (try? accept[TrackingAreaUpdateAccept.ueRadioCapabilityID]) ?? nil,
      deleting: (try? accept[TrackingAreaUpdateAccept.ueRadioCapabilityIDDeletionIndication]) ?? nil)
    if gutiGiven || tmsiGiven || news != .none {
      let complete = NASMessage(.trackingAreaUpdateComplete).encoded()
      registered.accept = accept.encoded()
      registered.complete = complete
      machine = .registered(registered)
      send(complete, using: &engine, into: &outputs)
    } else {
      machine = .registered(registered)
    }
    guard machine.registered != nil else { return }
    outputs.append(.event(.trackingAreaUpdated))
    if let lastConnection {
      return detachWithoutConnections(after: lastConnection, attaches: !attempt.staysAway, using: &engine, into: &outputs)
    }
    if attempt.detachesAfterwards {
      return startDetach(switchOff: false, using: &engine, into: &outputs)
    }
    if news == .deleted { return updateAfterDeletion(news, using: &engine, into: &outputs) }
    // §5.3.1.2.1 b: nobody wants the connection any longer.
    if attempt.fromIdle, !attempt.type.isActive, !isAccessStratumSecured, registered.pendingCall == nil { awaitRelease(into: &outputs) }
    if hasT3448 { awaitReleaseForData(into: &outputs) }
  }

  /// GUTI, tracking areas and timer values; optional elements that are syntactically incorrect count as absent (§7.7.1).
  private mutating func adoptRegistration(_ accept: NASMessage) {
    registration.updateStatus = .updated
    if case .guti(let new) = try? accept[TrackingAreaUpdateAccept.guti] { registration.guti = new }
    if let areas = (try? accept[TrackingAreaUpdateAccept.taiList]) ?? nil { registration.trackingAreas = areas }
    if let areas = registration.trackingAreas { adoptLastVisited(from: areas) }
    if let value = (try? accept[TrackingAreaUpdateAccept.t3412Value]) ?? nil { registration.t3412 = value.duration }
    if let value = (try? accept[TrackingAreaUpdateAccept.t3412ExtendedValue]) ?? nil { registration.t3412 = value.duration }
    // §5.3.6 a, b: without a value, or deactivated, it has its default again.
    takeT3402((try? accept[TrackingAreaUpdateAccept.t3402Value]) ?? nil)
    adoptEquivalentPLMNs((try? accept[TrackingAreaUpdateAccept.equivalentPLMNs]) ?? nil)
    if let area = servingTrackingArea, !isAttachedForEmergency { forbidden.remove(area.plmn) }
  }

  /// The last visited registered TAI: where we are, if that is one of ours.
  mutating func adoptLastVisited(from areas: TAIList) {
    if let area = servingTrackingArea, areas.contains(area) {
      registration.lastVisitedTrackingArea = area
    } else {
      registration.lastVisitedTrackingArea = areas.areas.first
    }
  }

  /// §5.5.3.3.4: what became of the location area update inside a combined one.
  ///
  /// - Returns: whether a TMSI was given, which is acknowledged.
  private mutating func takeNonEPSResult(
    _ accept: NASMessage, _ result: EPSUpdateResult, of type: EPSUpdateType, attempts: Int, _ registered: inout Registered,
    into outputs: inout [Output]
  ) -> Bool {
    let succeeded = result == .combinedTALAUpdated || result == .combinedTALAUpdatedISRActivated
    switch type.kind {
    case .combinedTALAUpdating, .combinedTALAUpdatingWithIMSIAttach: break
    // §5.5.3.2.4: of a UE that was registered for both, the answer may be about both.
    case .periodicUpdating: guard succeeded, registration.isRegisteredForNonEPS else { return false }
    default: return false
    }
    return takeNonEPS(
      succeeded: succeeded,
      area: (try? accept[TrackingAreaUpdateAccept.locationAreaIdentification]) ?? nil,
      identity: (try? accept[TrackingAreaUpdateAccept.msIdentity]) ?? nil,
      cause: (try? accept[TrackingAreaUpdateAccept.emmCause]) ?? nil, attempts: attempts, &registered, into: &outputs)
  }

  /// §5.5.1.3.4, §5.5.3.3.4: the result for non-EPS services, of a combined attach or update.
  ///
  /// - Parameter attempts: the tracking area updating attempt counter before it; here it is reset unless the result says otherwise.
  /// - Returns: whether a TMSI was given.
  mutating func takeNonEPS(
    succeeded: Bool, area: LocationAreaIdentity?, identity: MobileIdentity?, cause: EMMCause?, attempts: Int,
    _ registered: inout Registered, into outputs: inout [Output]
  ) -> Bool {
    if succeeded {
      var nonEPS = registration.nonEPS ?? Registration.NonEPS()
      nonEPS.isRegistered = true
      if let area { nonEPS.locationArea = area }
      var given = false
      if case .tmsi(let tmsi) = identity {
        nonEPS.tmsi = tmsi
        given = true
      } else if case .imsi = identity {
        nonEPS.tmsi = nil
      }
      registration.nonEPS = nonEPS
      if circumstancesBox != nil, case .trackingAreaUpdatingInitiated = machine { circumstances.isCSFallbackBarred = false }
      return given
    }
    registration.nonEPS = nil
    switch cause?.rawValue {
    case 2:
      // The USIM is good for EPS services alone, until switching off or T3245.
      isUSIMValidForNonEPS = false
      startT3245(into: &outputs)
    case 18: if !circumstances.plmnsWithoutCS.contains(selectedPLMN) { circumstances.plmnsWithoutCS.append(selectedPLMN) }
    default:
      // #16, #17, others (§5.5.1.3.6, §5.5.3.3.6): tried again, EPS services going on. #22 leaves no attempt but that after T3402.
      registered.substate = .attemptingToUpdateMM
      registered.updateAttempts = cause == .congestion ? UE.maximumUpdateAttempts : min(attempts + 1, UE.maximumUpdateAttempts)
      let isLast = registered.updateAttempts >= UE.maximumUpdateAttempts
      let timer = isLast ? EMMTimer.t3402 : .t3411
      outputs.append(.startTimer(timer, after: isLast ? t3402 : timer.defaultDuration))
    }
    return false
  }
}
