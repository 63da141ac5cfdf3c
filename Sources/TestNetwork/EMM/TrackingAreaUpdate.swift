import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// A tracking area update in progress (TS 24.301 §5.5.3.2, §5.5.3.3).
struct TrackingAreaUpdate: Sendable {
  enum Stage: Sendable {
    /// Identification, authentication, security mode control: whichever is needed next.
    case preparing
    /// TRACKING AREA UPDATE ACCEPT with a new GUTI sent, T3450 runs.
    case accepting(NASMessage, transmissions: Int)
  }

  var initial: InitialRequest
  let type: EPSUpdateType
  let oldGUTI: EPSMobileIdentity
  /// Which bearers the UE has, where it says so.
  let bearerStatus: EPSBearerContextStatus?
  var stage = Stage.preparing
  /// The GUTI is another MME's, or stands for what another system gave: the UE's bearers are taken over as if its context had come.
  var isFromElsewhere = false
  /// The MME before has been asked for the UE's context.
  var awaitsContext = false
  /// A DETACH REQUEST that came meanwhile: served after it.
  var detach: DetachType?
  /// Its UMTS keys are known and it does not prove itself: an SMC with a context made of them does.
  var mapping: MME.Mapping?

  init(_ request: NASMessage, protection: Protection, mustAuthenticate: Bool) throws(NASDecodingError) {
    type = try request[TrackingAreaUpdateRequest.epsUpdateType]
    oldGUTI = try request[TrackingAreaUpdateRequest.oldGUTI]
    // §7.7: an optional element that cannot be read counts as absent.
    bearerStatus = try? request[TrackingAreaUpdateRequest.epsBearerContextStatus]
    initial = InitialRequest(
      message: request, protection: protection, networkCapability: try? request[TrackingAreaUpdateRequest.ueNetworkCapability],
      msNetworkCapability: try? request[TrackingAreaUpdateRequest.msNetworkCapability],
      additionalCapability: try? request[TrackingAreaUpdateRequest.ueAdditionalSecurityCapability], mustAuthenticate: mustAuthenticate)
  }

  var isCombined: Bool { type.kind == .combinedTALAUpdating || type.kind == .combinedTALAUpdatingWithIMSIAttach }
}

extension MME {
  mutating func trackingAreaUpdateRequest(_ received: ReceivedNAS, on id: UInt32, using engine: inout CryptoEngine) {
    let request = received.message
    let eKSI: NASKeySetIdentifier
    var update: TrackingAreaUpdate
    do {
      eKSI = try request[TrackingAreaUpdateRequest.nasKeySetIdentifier]
      update = try TrackingAreaUpdate(
        request, protection: received.protection,
        mustAuthenticate: !received.protection.isVerified || configuration.authenticatesKnownUEs)
    } catch {
      discard("TRACKING AREA UPDATE REQUEST: \(error)", "TS 24.301 §5.5.3.2.7 b", association: connections[id]?.association)
      return rejectUpdate(on: id, cause: .invalidMandatoryInformation, using: &engine)
    }
    if case .trackingAreaUpdate(let running) = connections[id]?.specific, running.initial.message == request {
      return repeatedUpdateRequest(running, on: id, using: &engine)
    }
    if isIgnoredBesideDetach(.trackingAreaUpdateRequest, on: id) { return }
    if received.protection.isVerified, attachWasNotCompleted(on: id) {
      return rejectUpdate(on: id, cause: .implicitlyDetached, using: &engine)
    }
    // §5.5.3.2.7 e, §5.4.3.7 c: a new request ends what ran, and is served; §5.4.4.6 f: both go on.
    endProcedures(on: id, "TRACKING AREA UPDATE REQUEST received", exceptCommanded: .identification)
    connections[id]?.statedKeySetIdentifier = eKSI.isNoKey ? nil : eKSI.value
    if case .verified(let count) = received.protection, let index = connections[id]?.subject.verified {
      connections[id]?.isSecure = true
      // KeNB comes of this COUNT if the eNB gets its context for this request, and of no later one (TS 33.401 §7.2.7).
      if connections[id]?.contextSetup == S1Connection.ContextSetup.none { connections[id]?.keNBTrigger = count }
      // After a handover between MMEs the GUTI is still the other's.
      update.isFromElsewhere = source(of: update.oldGUTI)?.index == index || isForeign(update.oldGUTI)
      connections[id]?.specific = .trackingAreaUpdate(update)
      reportContexts(of: index, "TRACKING AREA UPDATE REQUEST verified under eKSI \(eKSI.value)")
      return proceed(id, using: &engine)
    }
    if let (index, mapping) = mapping(for: request) {
      update.isFromElsewhere = true
      update.mapping = mapping
      claim(.claimed(index, byGUTI: true), on: id)
    } else if let (index, _) = source(of: update.oldGUTI) {
      update.isFromElsewhere = true
      claim(.claimed(index, byGUTI: true), on: id)
    } else if let index = index(of: update.oldGUTI) {
      // A UE that is not registered here gains nothing by proving who it is (§5.5.3.2.5, #10).
      guard ues[index].state == .registered || ues[index].state == .commonProcedureInitiated else {
        return rejectUpdate(on: id, cause: .implicitlyDetached, using: &engine)
      }
      claim(.claimed(index, byGUTI: true), on: id)
    } else {
      let isForeign = isForeign(update.oldGUTI)
      update.awaitsContext = isForeign && requestContext(of: update.oldGUTI, nas: received.octets, on: id)
      guard isForeign, configuration.adoptsUEsOfOtherMMEs || update.awaitsContext else {
        return rejectUpdate(on: id, cause: .ueIdentityCannotBeDerivedByTheNetwork, using: &engine)
      }
      update.isFromElsewhere = true
      claim(.unknown, on: id)
    }
    connections[id]?.specific = .trackingAreaUpdate(update)
    proceed(id, using: &engine)
  }

  /// A GUTI that this MME cannot have given.
  private func isForeign(_ identity: EPSMobileIdentity) -> Bool {
    guard case .guti(let guti) = identity else { return false }
    return guti.mmeGroupID != configuration.mmeGroupID || guti.mmeCode != configuration.mmeCode || !configuration.plmns.contains(guti.plmn)
  }

  /// §5.5.1.2.7 g: an update in place of ATTACH COMPLETE is refused, and the attach is over; its GUTI is the UE's.
  ///
  /// - Returns: false where no ATTACH COMPLETE is awaited.
  private mutating func attachWasNotCompleted(on id: UInt32) -> Bool {
    guard let connection = connections[id], case .attach(let attach) = connection.specific, case .accepting = attach.stage,
      let index = connection.subject.verified
    else { return false }
    stop(.t3450, on: id)
    connections[id]?.specific = nil
    confirmGUTI(of: index)
    reportProcedure("attach: TRACKING AREA UPDATE REQUEST came in place of ATTACH COMPLETE", on: id)
    return true
  }

  /// §5.5.3.2.7 e, f: the same request again. The answer goes out again if it was sent, else the update just goes on.
  private mutating func repeatedUpdateRequest(_ update: TrackingAreaUpdate, on id: UInt32, using engine: inout CryptoEngine) {
    guard case .accepting(let accept, _) = update.stage else {
      return discard(
        "TRACKING AREA UPDATE REQUEST repeated while it is being served", "TS 24.301 §5.5.3.2.7 f", ue: connections[id]?.subject.index)
    }
    send(accept, on: id, using: &engine)
    start(.t3450, on: id)
  }

  mutating func proceed(_ update: TrackingAreaUpdate, _ connection: S1Connection, using engine: inout CryptoEngine) {
    let id = connection.identifier
    guard case .preparing = update.stage, !update.awaitsContext else { return }
    switch connection.subject {
    case .unknown: identify(.imsi, for: .whoIsIt, on: id, using: &engine)
    case .claimed(let index, _):
      if let mapping = update.mapping { return startMappedSecurityMode(mapping, for: index, on: id, using: &engine) }
      authenticate(index, for: .procedure, on: id, using: &engine)
    case .verified(let index):
      if update.initial.mustAuthenticate, !update.initial.hasFreshKASME {
        return authenticate(index, for: .procedure, on: id, using: &engine)
      }
      if update.initial.hasFreshKASME || !connection.isSecure || needsRadioCapabilityID(update.initial, of: index) {
        guard update.initial.networkCapability != nil || ues[index].networkCapability != nil else {
          // Another MME's UE that does not say what it can do: it has to attach.
          return rejectUpdate(on: id, cause: .implicitlyDetached, using: &engine)
        }
        return startSecurityMode(on: id, for: .procedure, using: &engine)
      }
      if let cause = configuration.updateRejections[name(of: index)] {
        return rejectUpdate(on: id, cause: EMMCause(rawValue: cause), using: &engine)
      }
      if update.isFromElsewhere { adopt(index, update) }
      guard ues[index].state == .registered || ues[index].state == .commonProcedureInitiated, ues[index].bearer != nil else {
        return rejectUpdate(on: id, cause: .implicitlyDetached, using: &engine)
      }
      accept(update, index, on: id, using: &engine)
    }
  }

  /// The UE of another MME becomes ours, as if S10 had brought its default bearer: there is no S10 here.
  private mutating func adopt(_ index: Int, _ update: TrackingAreaUpdate) {
    if ues[index].bearer == nil {
      let identity = update.bearerStatus?.active.filter { Bearer.identities.contains($0) }.min()
      ues[index].bearers = [defaultBearer(for: index, nil, identity: identity ?? Bearer.identities.lowerBound)]
    }
    setState(.registered, of: index)
  }

  /// TRACKING AREA UPDATE ACCEPT (§5.5.3.2.4), with INITIAL CONTEXT SETUP REQUEST where bearers are wanted.
  private mutating func accept(_ update: TrackingAreaUpdate, _ index: Int, on id: UInt32, using engine: inout CryptoEngine) {
    forgetSource(of: index)
    if let capability = update.initial.networkCapability {
      ues[index].networkCapability = capability
      ues[index].msNetworkCapability = update.initial.msNetworkCapability
      ues[index].additionalCapability = update.initial.additionalCapability
    }
    if let status = update.bearerStatus {
      synchroniseBearers(of: index, with: status)
      guard ues[index].bearer != nil else {
        return rejectUpdate(on: id, cause: .noEPSBearerContextActivated, using: &engine)
      }
    }
    var message = NASMessage(.trackingAreaUpdateAccept)
    message.set(TrackingAreaUpdateAccept.epsUpdateResult, .taUpdated)
    message.set(TrackingAreaUpdateAccept.t3412Value, GPRSTimer(minutes: configuration.periodicUpdateMinutes))
    let isReallocated = configuration.gutiAtUpdate.reallocates(at: update)
    if isReallocated { message.set(TrackingAreaUpdateAccept.guti, .guti(proposeGUTI(to: index))) }
    ues[index].trackingAreas = trackingAreas(around: id)
    message.set(
      TrackingAreaUpdateAccept.taiList,
      TAIList(areas: ues[index].trackingAreas.map { TrackingAreaIdentity(plmn: $0.plmn, tac: $0.code) }))
    if update.bearerStatus != nil {
      message.set(TrackingAreaUpdateAccept.epsBearerContextStatus, EPSBearerContextStatus(active: ues[index].bearerIdentities))
    }
    // No CS domain here: EPS services only, and why (§5.5.3.3.4.3).
    if update.isCombined { message.set(TrackingAreaUpdateAccept.emmCause, .csDomainNotAvailable) }
    message.set(TrackingAreaUpdateAccept.t3402Value, GPRSTimer(minutes: configuration.t3402Minutes))
    if isReallocated {
      var next = update
      next.stage = .accepting(message, transmissions: 1)
      connections[id]?.specific = .trackingAreaUpdate(next)
      setState(.commonProcedureInitiated, of: index)
    } else {
      connections[id]?.specific = nil
      setState(.registered, of: index)
    }
    guard let nas = protect(message, on: id, using: &engine) else { return }
    // What waits for the UE needs the user plane's security as much as the UE's own data does.
    if update.type.isActive || !ues[index].queue.isEmpty {
      setUpContext(on: id, index, nas: nas, using: &engine)
    } else {
      transport(nas, on: id)
    }
    if isReallocated { return start(.t3450, on: id) }
    finishUpdate(update, on: id, using: &engine)
  }

  mutating func trackingAreaUpdateComplete(on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id], case .trackingAreaUpdate(let update) = connection.specific, case .accepting = update.stage,
      let index = connection.subject.verified
    else { return drop(.notCompatibleWithState("TRACKING AREA UPDATE COMPLETE without a new GUTI"), on: id) }
    stop(.t3450, on: id)
    connections[id]?.specific = nil
    confirmGUTI(of: index)
    setState(.registered, of: index)
    finishUpdate(update, on: id, using: &engine)
  }

  private mutating func finishUpdate(_ update: TrackingAreaUpdate, on id: UInt32, using engine: inout CryptoEngine) {
    if let index = connections[id]?.subject.verified { reportContexts(of: index, "tracking area update completed") }
    reportProcedure("tracking area update completed", on: id)
    if let type = update.detach, let index = connections[id]?.subject.verified {
      return serveDetach(type, of: index, on: id, using: &engine)
    }
    payOwedKeyChange(on: id, using: &engine)
    runQueue(on: id, using: &engine)
    // Nothing was set up and nothing waits: the UE goes back to idle (§5.5.3.2.4).
    guard let connection = connections[id], connection.contextSetup == .none, connection.isFree else { return }
    release(id, cause: .normalRelease)
  }

  mutating func updateExpired(_ update: TrackingAreaUpdate, on id: UInt32, using engine: inout CryptoEngine) {
    guard case .accepting(let accept, let transmissions) = update.stage else { return }
    guard transmissions <= configuration.timers.retransmissions else {
      // §5.5.3.2.7 c: both GUTIs stay the UE's, and it stays registered.
      return abort("tracking area update: TRACKING AREA UPDATE ACCEPT was not answered", on: id, using: &engine)
    }
    var next = update
    next.stage = .accepting(accept, transmissions: transmissions + 1)
    connections[id]?.specific = .trackingAreaUpdate(next)
    send(accept, on: id, using: &engine)
    start(.t3450, on: id)
  }

  mutating func rejectUpdate(on id: UInt32, cause: EMMCause, using engine: inout CryptoEngine) {
    var reject = NASMessage(.trackingAreaUpdateReject)
    reject.set(TrackingAreaUpdateReject.emmCause, cause)
    if cause == .congestion { reject.set(TrackingAreaUpdateReject.t3346Value, GPRSTimer(minutes: configuration.t3346Minutes)) }
    reportProcedure("tracking area update rejected: \(cause)", on: id)
    send(reject, on: id, using: &engine)
    connections[id]?.specific = nil
    // A UE that was proved follows what the cause says; one that is only claimed keeps all it has.
    if let connection = connections[id], connection.isSecure, let index = connection.subject.verified, cause.deregisters,
      ues[index].state != .deregistered
    {
      deregister(index)
    }
    release(id, cause: .normalRelease)
  }

  /// The UE's own tracking area first, then the configured ones; 16 are what a list holds (TS 24.301 §9.9.3.33).
  func trackingAreas(around id: UInt32) -> [MMEConfiguration.TrackingArea] {
    var areas = connections[id].map { [$0.trackingArea] } ?? []
    for area in configuration.trackingAreas where !areas.contains(area) { areas.append(area) }
    return Array(areas.prefix(16))
  }
}

extension MMEConfiguration.GUTIAtUpdate {
  fileprivate func reallocates(at update: TrackingAreaUpdate) -> Bool {
    switch self {
    case .always: true
    case .unlessPeriodic: update.type.kind != .periodicUpdating || update.isFromElsewhere
    // Another MME's GUTI cannot stay.
    case .never: update.isFromElsewhere
    }
  }
}

extension EMMCause {
  /// TRACKING AREA UPDATE REJECT or SERVICE REJECT with this cause takes the UE to EMM-DEREGISTERED (§5.5.3.2.5, §5.6.1.5).
  var deregisters: Bool {
    switch rawValue {
    case 3, 6, 7, 8, 9, 10, 11, 12, 14, 35, 40, 42: true
    default: false
    }
  }
}
