import NASCrypto
import NASMessages
import S1AP

/// NAS timers of the network side (TS 24.301 §10.2), kept by the driver.
extension MME {
  mutating func start(_ kind: MMETimer.Kind, on id: UInt32, instance: UInt8 = 0) {
    guard connections[id] != nil else { return }
    sink.append(.startTimer(MMETimer(kind, owner: id, instance: instance), after: configuration.timers.duration(of: kind)))
  }

  mutating func stop(_ kind: MMETimer.Kind, on id: UInt32, instance: UInt8 = 0) {
    sink.append(.stopTimer(MMETimer(kind, owner: id, instance: instance)))
  }

  /// An expiry counts only while what it supervises is still outstanding.
  mutating func expired(_ timer: MMETimer, using engine: inout CryptoEngine) {
    let id = timer.owner
    switch timer.kind {
    case .t3413: return pagingExpired(Int(id))
    case .t3Response: return t3Expired(timer, using: &engine)
    case .handover where s10.arrivals[id] != nil: return abandonArrival(id, cause: .unspecifiedRadioNetwork, "not completed in time")
    default: break
    }
    guard let connection = connections[id] else { return }
    if connection.isSilent, timer.kind != .s1Guard, timer.kind != .handover, !configuration.defects.contains(.downlinkNASAfterRelocation) {
      // Nothing is sent again before it is known how the relocation ended.
      return start(timer.kind, on: id, instance: timer.instance)
    }
    switch timer.kind {
    case .t3413, .t3Response: break
    case .t3422:
      if case .networkDetach(let detach) = connection.specific { detachExpired(detach, on: id, using: &engine) }
    case .t3450 where timer.instance == MMETimer.reallocation:
      if let reallocation = connection.reallocation { gutiReallocationExpired(reallocation, on: id, using: &engine) }
    case .t3450:
      switch connection.specific {
      case .attach(let attach): attachExpired(attach, on: id, using: &engine)
      case .trackingAreaUpdate(let update): updateExpired(update, on: id, using: &engine)
      case .serviceRequest, .detachByUE, .networkDetach, nil: break
      }
    case .t3460 where timer.instance == MMETimer.securityMode:
      if let control = connection.securityMode { securityModeExpired(control, on: id, using: &engine) }
    case .t3460:
      if let authentication = connection.authentication { authenticationExpired(authentication, on: id, using: &engine) }
    case .t3470:
      if let identification = connection.identification { identificationExpired(identification, on: id, using: &engine) }
    case .t3489:
      if let information = connection.esmInformation { esmInformationExpired(information, on: id, using: &engine) }
    case .t3485, .t3486, .t3495: bearerProcedureExpired(timer, on: id, using: &engine)
    case .s1Guard: s1AnswerMissing(connection, using: &engine)
    case .handover: handoverExpired(connection, using: &engine)
    }
  }

  /// Ends every procedure of a connection without an answer to the UE, with its timers.
  ///
  /// - Parameter deregisters: false where the caller sees to a UE that is not registered any more.
  mutating func endProcedures(on id: UInt32, _ why: String, deregisters: Bool = true) {
    guard let connection = connections[id] else { return }
    for common in connection.commons { stop(common.timer.kind, on: id, instance: common.timer.instance) }
    switch connection.specific {
    case .attach(let attach):
      if case .accepting = attach.stage { stop(.t3450, on: id) }
    case .trackingAreaUpdate(let update):
      if case .accepting = update.stage { stop(.t3450, on: id) }
    case .networkDetach: stop(.t3422, on: id)
    case .serviceRequest, .detachByUE, nil: break
    }
    if connection.reallocation != nil { stop(.t3450, on: id, instance: MMETimer.reallocation) }
    var running = connection.commons.map(\.name)
    if let name = connection.specific?.name { running.append(name) }
    if connection.reallocation != nil { running.append("GUTI reallocation") }
    for procedure in connection.bearerProcedures {
      stop(procedure.kind.timer, on: id, instance: procedure.bearer.identity)
      running.append("\(procedure.kind.name) of bearer \(procedure.bearer.identity)")
      // A deactivation that lost its connection is done at the network's side alone (§6.4.4.5 c).
      if procedure.kind == .deactivate, let index = connection.subject.verified { ues[index].removeBearer(procedure.bearer.identity) }
    }
    for name in running { reportProcedure("\(name) aborted: \(why)", on: id) }
    // Its command may have been answered all the same: which COMPLETE the UE's KeNB follows from is known again after the next one.
    if connection.securityMode != nil, connection.contextSetup != .none { connections[id]?.keNBTrigger = nil }
    connections[id]?.commons = []
    connections[id]?.specific = nil
    connections[id]?.reallocation = nil
    connections[id]?.bearerProcedures = []
    connections[id]?.connectivity = nil
    connections[id]?.waitingSecurityMode = nil
    connections[id]?.waitingContextSetup = nil
    guard let index = connection.subject.verified else { return }
    if deregisters, connection.specific?.endsRegistration == true { deregister(index) }
    // Whether it took the new GUTI or not, the UE is registered (§5.5.3.2.7 b, c).
    if case .trackingAreaUpdate(let update) = connection.specific, case .accepting = update.stage { setState(.registered, of: index) }
  }

  /// A procedure came to nothing, and what it served with it (§5.4.2.7 b, §5.4.3.7 b, §5.4.4.6 b, §5.5.1.2.7 c). A UE whose request has
  /// no answer any more has no use for the connection either, so that ends too.
  mutating func abort(_ why: String, on id: UInt32, using engine: inout CryptoEngine) {
    reportProcedure(why, on: id)
    release(id, cause: .unspecifiedNAS)
  }
}

extension SpecificProcedure {
  /// Broken off, it leaves the UE in EMM-DEREGISTERED.
  var endsRegistration: Bool {
    switch self {
    // The UE may or may not have taken the ATTACH ACCEPT; without ATTACH COMPLETE it is not registered.
    case .attach(let attach): if case .accepting = attach.stage { true } else { false }
    case .networkDetach(let detach): detach.endsEPSServices
    case .trackingAreaUpdate, .serviceRequest, .detachByUE: false
    }
  }

  var name: String {
    switch self {
    case .attach: "attach"
    case .trackingAreaUpdate: "tracking area update"
    case .serviceRequest: "service request"
    case .detachByUE, .networkDetach: "detach"
    }
  }
}

extension MMEConfiguration.Timers {
  func duration(of kind: MMETimer.Kind) -> Duration {
    switch kind {
    case .t3413: t3413
    case .t3422: t3422
    case .t3450: t3450
    case .t3460: t3460
    case .t3470: t3470
    case .t3485: t3485
    case .t3486: t3486
    case .t3489: t3489
    case .t3495: t3495
    case .s1Guard: s1Guard
    case .handover: handover
    case .t3Response: t3Response
    }
  }
}
