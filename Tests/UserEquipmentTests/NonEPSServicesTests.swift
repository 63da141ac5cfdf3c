import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// What a UE registered for non-EPS services as well does: combined and IMSI detach (TS 24.301 §5.5.2), CS SERVICE NOTIFICATION
/// (§5.6.2.3).
@Suite struct NonEPSServicesTests {
  func combined(idle: Bool = false, acceptsCalls: Bool = true) throws -> Bench {
    let bench = Bench {
      $0.registersForNonEPSServices = true
      $0.acceptsCalls = acceptsCalls
    }
    try bench.secureWhileAttaching()
    var accept = Bench.attachAccept()
    accept.set(AttachAccept.epsAttachResult, .combinedEPSIMSIAttach)
    _ = try bench.opened(bench.deliver(accept, .ciphered))
    try #require(bench.ue.registration.nonEPS != nil && bench.ue.state == .registered)
    if idle { bench.give(.radioConnectionReleased) }
    return bench
  }

  func notification() -> NASMessage {
    var message = NASMessage(.csServiceNotification)
    message.set(CSServiceNotification.pagingIdentity, PagingIdentity(rawValue: 1))
    return message
  }

  // MARK: What combined requests tell

  @Test("Combined requests: TMSI status without a valid TMSI, else its NRI; the old LAI where there is one (§5.5.1.3.2, §5.5.3.3.2)")
  func identitiesOfCombinedRequests() throws {
    let bench = Bench { $0.registersForNonEPSServices = true }
    let attach = try bench.assertSends(bench.give(.attach), .attachRequest, header: .plain)
    #expect(try attach[AttachRequest.tmsiStatus] == .noValidTMSI && attach[AttachRequest.tmsiBasedNRIContainer] == nil)
    #expect(try attach[AttachRequest.oldLocationAreaIdentification] == nil)
    let registered = try combined(idle: true)
    let lai = LocationAreaIdentity(plmn: Bench.plmn, lac: 7)
    registered.ue.registration.nonEPS = .init(locationArea: lai, tmsi: 0xC1A5_8001)
    let update = try registered.assertSends(
      registered.give(.updateTrackingArea(isActive: false)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try update[TrackingAreaUpdateRequest.oldLocationAreaIdentification] == lai)
    #expect(try update[TrackingAreaUpdateRequest.tmsiStatus] == nil)
    // Bits 23 to 14.
    #expect(try update[TrackingAreaUpdateRequest.tmsiBasedNRIContainer]?.value == 0b10_1001_0110)
    // One for EPS services alone says nothing of it.
    let ordinary = Bench()
    let other = try ordinary.assertSends(ordinary.give(.attach), .attachRequest, header: .plain)
    #expect(try other[AttachRequest.tmsiStatus] == nil)
  }

  @Test("A combined update rejected with #13 or #15: the next one is with IMSI attach (§5.5.3.3.5)", arguments: [13, 15] as [UInt8])
  func withIMSIAttachAfterReject(cause: UInt8) throws {
    let bench = try combined(idle: true)
    bench.give(.campedOn(Bench.area))
    _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
    bench.deliver(Bench.updateReject(EMMCause(rawValue: cause)), .ciphered)
    bench.give(.radioConnectionReleased)
    let next = try bench.assertSends(bench.give(.campedOn(Bench.otherArea)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try next[TrackingAreaUpdateRequest.epsUpdateType].kind == .combinedTALAUpdatingWithIMSIAttach)
  }

  // MARK: Detach

  @Test("A UE registered for both detaches for both", arguments: [true, false])
  func combinedDetach(switchOff: Bool) throws {
    let bench = try combined()
    let request = try bench.assertSends(
      bench.give(.detach(switchOff: switchOff)), .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    let type = try request[DetachRequestFromUE.detachType]
    #expect(type.kind == DetachType.combinedDetach.kind && type.isSwitchOff == switchOff)
    // One registered for EPS services alone says so.
    let ordinary = Bench()
    try ordinary.attach()
    let other = try ordinary.assertSends(
      ordinary.give(.detach(switchOff: switchOff)), .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(try other[DetachRequestFromUE.detachType].kind == DetachType.epsDetach.kind)
  }

  @Test("IMSI detach: EMM-REGISTERED.IMSI-DETACH-INITIATED, and EPS services go on")
  func imsiDetach() throws {
    let bench = try combined()
    let outputs = bench.give(.detachFromNonEPSServices)
    #expect(bench.words(outputs) == ["start T3421", "send DETACH REQUEST/2", "EMM-REGISTERED.IMSI-DETACH-INITIATED"])
    let accepted = bench.deliver(NASMessage(.detachAccept), .ciphered)
    #expect(bench.words(accepted) == ["stop T3421", "event: nonEPSServicesEnded(acknowledged: true)", "start T3440", "EMM-REGISTERED"])
    #expect(bench.ue.registration.nonEPS == nil && !bench.ue.bearers.isEmpty && bench.ue.registration.guti != nil)
    // Nothing is left to detach from.
    #expect(bench.give(.detachFromNonEPSServices).isEmpty)
  }

  @Test("Four retransmissions, and at the fifth expiry it is done (§5.5.2.2.4 c); so is it when the connection is lost (b)")
  func imsiDetachUnanswered() throws {
    let bench = try combined(idle: true)
    let outputs = bench.give(.detachFromNonEPSServices)
    let request = try bench.assertSends(outputs, .detachRequestFromUE, header: .integrityProtected)
    #expect(try request[DetachRequestFromUE.detachType] == .imsiDetachByUE)
    for _ in 0..<4 { #expect(bench.give(.timerExpired(.t3421)).uplinks.count == 1) }
    #expect(bench.give(.timerExpired(.t3421)).events == [.nonEPSServicesEnded(acknowledged: false)])
    #expect(bench.ue.state == .registered && bench.ue.registration.nonEPS == nil)

    let lost = try combined(idle: true)
    lost.give(.detachFromNonEPSServices)
    let released = lost.give(.radioConnectionReleased)
    #expect(released.stopped.contains(.t3421) && lost.ue.state == .registered && lost.ue.registration.nonEPS == nil)
  }

  @Test("EMM common procedures go on during it (§5.5.2.2.4 e)")
  func commonProcedures() throws {
    let bench = try combined()
    _ = try bench.opened(bench.give(.detachFromNonEPSServices))
    try bench.assertSends(
      bench.deliver(Bench.gutiReallocationCommand(Bench.guti), .ciphered), .gutiReallocationComplete, header: .integrityProtectedAndCiphered
    )
    try bench.assertSends(
      bench.deliver(bench.challenge(eKSI: 1), .ciphered), .authenticationResponse, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.state == .registeredSubstate(.imsiDetachInitiated))
  }

  @Test("A new tracking area: the update first, then the IMSI detach anew (§5.5.2.2.4 f)")
  func newArea() throws {
    let bench = try combined()
    bench.give(.detachFromNonEPSServices)
    try bench.synchroniseNetwork()
    let update = bench.give(.campedOn(Bench.otherArea))
    #expect(update.stopped.contains(.t3421))
    try bench.assertSends(update, .trackingAreaUpdateRequest, header: .integrityProtected)
    let accepted = bench.deliver(Bench.updateAccept(areas: [Bench.otherArea], result: .combinedTALAUpdated), .ciphered)
    let request = try bench.assertSends(accepted, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(try request[DetachRequestFromUE.detachType] == .imsiDetachByUE)
  }

  @Test("A detach for everything takes its place")
  func fullDetachDuringIt() throws {
    let bench = try combined()
    _ = try bench.opened(bench.give(.detachFromNonEPSServices))
    let outputs = bench.give(.detach(switchOff: false))
    try bench.assertSends(outputs, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.state == .deregisteredInitiated)
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    #expect(bench.ue.state == .deregistered(.normalService))
  }

  @Test("IMSI detach by the network: re-attached for non-EPS services by a combined update with IMSI attach (§5.5.2.3.2)")
  func byTheNetwork() throws {
    let bench = try combined()
    let outputs = bench.deliver(Bench.detachRequest(.imsiDetachByNetwork), .ciphered)
    let sent = try bench.opened(outputs)
    #expect(sent.map(\.message.type) == [.detachAccept, .trackingAreaUpdateRequest])
    #expect(try sent.last?.message[TrackingAreaUpdateRequest.epsUpdateType].kind == .combinedTALAUpdatingWithIMSIAttach)
    #expect(!bench.ue.bearers.isEmpty)
    // With #2 the USIM is no good for them until switching off.
    let unknown = try combined()
    try unknown.assertSends(
      unknown.deliver(Bench.detachRequest(.reattachNotRequired, cause: .imsiUnknownInHSS), .ciphered), .detachAccept,
      header: .integrityProtectedAndCiphered)
    let update = try unknown.assertSends(
      unknown.give(.updateTrackingArea(isActive: false)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try update[TrackingAreaUpdateRequest.epsUpdateType].kind == .taUpdating)
  }

  @Test("Re-attach required stops T3346 and T3396 (§5.5.2.3.2)")
  func reattachStopsBackOffs() throws {
    let bench = Bench()
    try bench.attach()
    bench.ue.backOff.t3346Runs = true
    bench.ue.sessionBackOffs = [SessionBackOff(accessPointName: "ims", isDeactivated: false)]
    let outputs = bench.deliver(Bench.detachRequest(.reattachRequired), .ciphered)
    #expect(outputs.stopped.contains(.t3346) && outputs.contains(.stopSessionTimer(ESMTimer(t3396: "ims"))))
    #expect(bench.give(.radioConnectionReleased).uplinks.count == 1)
  }

  // MARK: CS SERVICE NOTIFICATION

  @Test("Answered by EXTENDED SERVICE REQUEST with the CSFB response", arguments: [true, false])
  func callNotified(accepts: Bool) throws {
    let bench = try combined(acceptsCalls: accepts)
    let outputs = bench.deliver(notification(), .ciphered)
    #expect(outputs.events.contains(.callAnnounced))
    let request = try bench.assertSends(outputs, .extendedServiceRequest, header: .integrityProtectedAndCiphered)
    #expect(try request[ExtendedServiceRequest.serviceType] == ServiceType(rawValue: 1))
    #expect(try request[ExtendedServiceRequest.csfbResponse] == (accepts ? .accepted : .rejected))
    #expect((bench.ue.state == .serviceRequestInitiated) == accepts)
    #expect(outputs.started.contains(.t3417extMT) == accepts)
  }

  @Test("During an update: after it, over its connection (§5.5.3.2.6 p), and T3440 does not run")
  func duringUpdate() throws {
    let bench = try combined(idle: true)
    _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
    bench.deliver(Bench.identityRequest(.imei), .ciphered)
    #expect(bench.deliver(notification(), .ciphered).uplinks.isEmpty)
    try bench.synchroniseNetwork()
    let accepted = bench.deliver(Bench.updateAccept(result: .combinedTALAUpdated), .ciphered)
    try bench.assertSends(accepted, .extendedServiceRequest, header: .integrityProtectedAndCiphered)
    #expect(!accepted.started.contains(.t3440) && bench.ue.state == .serviceRequestInitiated)
  }

  @Test("While the UE waits for the release: T3440 stops (§5.3.1.2.1)")
  func duringT3440() throws {
    let bench = try combined(idle: true)
    _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
    #expect(bench.deliver(Bench.updateAccept(result: .combinedTALAUpdated), .ciphered).started.contains(.t3440))
    let outputs = bench.deliver(notification(), .ciphered)
    #expect(outputs.stopped.contains(.t3440) && outputs.uplinks.count == 1)
  }

  @Test("A call of ours waits for the release while T3440 runs; an emergency lets the connection go at once (§5.3.1.2.1)")
  func ownCallDuringT3440() throws {
    for call in [CSFallback.originating, .emergency] {
      let bench = try combined(idle: true)
      _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
      bench.deliver(Bench.updateAccept(result: .combinedTALAUpdated), .ciphered)
      let outputs = bench.give(.requestCSFallback(call))
      if call == .emergency {
        #expect(outputs.stopped.contains(.t3440) && outputs.contains(.releaseConnection))
        try bench.assertSends(outputs, .extendedServiceRequest, header: .integrityProtected)
      } else {
        #expect(outputs.isEmpty)
        try bench.assertSends(bench.give(.timerExpired(.t3440)), .extendedServiceRequest, header: .integrityProtected)
      }
    }
  }

  @Test("During a detach of ours it is ignored (§5.5.2.2.4 i)")
  func duringDetach() throws {
    let bench = try combined()
    _ = try bench.opened(bench.give(.detach(switchOff: false)))
    bench.assertDiscards(notification(), .ciphered, verified: true)
    let imsi = try combined()
    _ = try imsi.opened(imsi.give(.detachFromNonEPSServices))
    imsi.assertDiscards(notification(), .ciphered, verified: true)
  }

  @Test("A UE without non-EPS services has no use for it")
  func withoutNonEPS() throws {
    let bench = Bench()
    try bench.attach()
    try bench.assertSends(bench.deliver(notification(), .ciphered), .emmStatus, header: .integrityProtectedAndCiphered)
  }
}
