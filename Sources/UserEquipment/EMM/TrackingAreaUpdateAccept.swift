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
    takeISR(
      isActivated: result == .taUpdatedISRActivated || result == .combinedTALAUpdatedISRActivated,
      t3423: (try? accept[TrackingAreaUpdateAccept.t3423Value]) ?? nil, into: &outputs)
    takeT3448((try? accept[TrackingAreaUpdateAccept.t3448Value]) ?? nil, stopsWithout: attempt.fromIdle, into: &outputs)
    let losesLastConnection = (try? accept[TrackingAreaUpdateAccept.epsBearerContextStatus]).map { keepBearers($0.active) } ?? false

    var registered = attempt.registered
    registered.substate = .normalService
    registered.updateAttempts = 0
    registered.serviceAttempts = 0
    registered.owedUpdate = nil
    registered.wantsService = attempt.type.isActive && registered.wantsService
    let tmsiGiven = takeNonEPSResult(accept, result, of: attempt.type, &registered, into: &outputs)
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
    if losesLastConnection {
      return detachWithoutConnections(attaches: !attempt.detachesAfterwards, using: &engine, into: &outputs)
    }
    if attempt.detachesAfterwards {
      return startDetach(switchOff: false, using: &engine, into: &outputs)
    }
    if news == .deleted { return updateAfterDeletion(news, using: &engine, into: &outputs) }
    // §5.3.1.2.1 b: nobody wants the connection any longer.
    if attempt.fromIdle, !attempt.type.isActive, registered.pendingCall == nil { awaitRelease(into: &outputs) }
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
    if let area = servingTrackingArea, !configuration.attachesForEmergency { forbidden.remove(area.plmn) }
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
    _ accept: NASMessage, _ result: EPSUpdateResult, of type: EPSUpdateType, _ registered: inout Registered, into outputs: inout [Output]
  ) -> Bool {
    guard type.kind == .combinedTALAUpdating || type.kind == .combinedTALAUpdatingWithIMSIAttach else { return false }
    return takeNonEPS(
      succeeded: result == .combinedTALAUpdated || result == .combinedTALAUpdatedISRActivated,
      area: (try? accept[TrackingAreaUpdateAccept.locationAreaIdentification]) ?? nil,
      identity: (try? accept[TrackingAreaUpdateAccept.msIdentity]) ?? nil,
      cause: (try? accept[TrackingAreaUpdateAccept.emmCause]) ?? nil, &registered, into: &outputs)
  }

  /// §5.5.1.3.4, §5.5.3.3.4: the result for non-EPS services, of a combined attach or update.
  mutating func takeNonEPS(
    succeeded: Bool, area: LocationAreaIdentity?, identity: MobileIdentity?, cause: EMMCause?, _ registered: inout Registered,
    into outputs: inout [Output]
  ) -> Bool {
    if succeeded {
      var nonEPS = registration.nonEPS ?? Registration.NonEPS()
      if let area { nonEPS.locationArea = area }
      var given = false
      if case .tmsi(let tmsi) = identity {
        nonEPS.tmsi = tmsi
        given = true
      } else if case .imsi = identity {
        nonEPS.tmsi = nil
      }
      registration.nonEPS = nonEPS
      return given
    }
    registration.nonEPS = nil
    switch cause?.rawValue {
    case 2, 18: break
    default:
      // #16, #17, others: tried again, EPS services going on (§5.5.3.3.4.3).
      registered.substate = .attemptingToUpdateMM
      registered.updateAttempts = min(registered.updateAttempts + 1, UE.maximumUpdateAttempts)
      let isLast = registered.updateAttempts >= UE.maximumUpdateAttempts
      let timer = isLast ? EMMTimer.t3402 : .t3411
      outputs.append(.startTimer(timer, after: isLast ? t3402 : timer.defaultDuration))
    }
    return false
  }
}
