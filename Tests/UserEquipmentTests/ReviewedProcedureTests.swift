import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Emergencies, AUTHENTICATION REJECT and false networks where procedures meet.
@Suite struct ReviewedProcedureTests {
  @Test(arguments: [true, false])
  func `ATTACH REJECT #5 to an emergency attach: EMM-DEREGISTERED.NO-IMSI (§5.5.1.2.5A)`(isProtected: Bool) throws {
    let bench = Bench { $0.attachesForEmergency = true }
    bench.give(.attach)
    if isProtected { try bench.secureWhileAttaching() }
    bench.deliver(Bench.attachReject(.imeiNotAccepted), isProtected ? .ciphered : .plain)
    #expect(bench.ue.state == .deregistered(.noIMSI))
    // To others it is no cause of an attach.
    let ordinary = Bench()
    ordinary.give(.attach)
    ordinary.deliver(Bench.attachReject(.imeiNotAccepted), .plain)
    #expect(ordinary.ue.state == .deregistered(.attemptingToAttach))
  }

  @Test(arguments: [true, false])
  func `AUTHENTICATION REJECT ends the registration; unprotected it deletes the equivalent PLMNs (§5.4.2.5, §5.3.7b)`(
    isProtected: Bool
  ) throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.ue.registration.equivalentPLMNs = [Bench.plmn]
    _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
    bench.deliver(NASMessage(.authenticationReject), isProtected ? .ciphered : .plain)
    #expect(bench.ue.registration.equivalentPLMNs.isEmpty == !isProtected)
    #expect(bench.ue.bearers.isEmpty && bench.ue.contexts == SecurityContexts() && bench.ue.machine.registered == nil)
  }

  @Test func `AUTHENTICATION REJECT stops T3421 of an IMSI detach, and T3448`() throws {
    let bench = try EPSOnlyResultTests.combined()
    _ = try bench.opened(bench.give(.detachFromNonEPSServices))
    bench.ue.circumstances.t3448PLMN = Bench.plmn
    let outputs = bench.deliver(NASMessage(.authenticationReject), .plain)
    #expect(outputs.stopped.contains(.t3421) && outputs.stopped.contains(.t3448))
  }

  @Test func `AUTHENTICATION FAILURE stops T3421 of an IMSI detach, a success starts it again (§5.4.2.7 c)`() throws {
    let bench = try EPSOnlyResultTests.combined()
    _ = try bench.opened(bench.give(.detachFromNonEPSServices))
    let failed = bench.deliver(bench.challenge(eKSI: 1, amf: 0), .plain)
    #expect(failed.stopped.contains(.t3421) && failed.started == [.t3418])
    #expect(bench.deliver(bench.challenge(eKSI: 1), .plain).started.contains(.t3421))
  }

  @Test func `a false network: the lower layers are to treat the active cell as barred (§5.4.2.7 f)`() throws {
    let bench = Bench()
    bench.give(.attach)
    bench.deliver(bench.challenge(amf: 0), .plain)
    let outputs = bench.give(.timerExpired(.t3418))
    #expect(outputs.events.contains(.activeCellBarred) && outputs.contains(.releaseConnection))
  }

  @Test(arguments: [true, false])
  func `IDENTITY REQUEST for the IMSI without a valid USIM: no identity (§5.4.4.5 a)`(isValid: Bool) throws {
    let bench = Bench { $0.attachesForEmergency = true }
    bench.ue.usim.isValid = isValid
    bench.give(.attach)
    let response = try bench.assertSends(bench.deliver(Bench.identityRequest(.imsi), .plain), .identityResponse, header: .plain)
    #expect(try response[IdentityResponse.mobileIdentity] == (isValid ? .imsi(Bench.imsi) : .noIdentity))
  }

  @Test func `T3346 holds an update back, but not for an emergency registration, a paging, or an emergency call (§5.5.3.2.6 l)`() throws {
    let ordinary = Bench()
    try ordinary.attachAndRelease()
    ordinary.ue.backOff.start(of: Bench.plmn)
    let ue = ordinary.ue
    #expect(ordinary.give(.campedOn(Bench.otherArea)).uplinks.isEmpty)
    ordinary.ue = ue
    ordinary.ue.registration.trackingAreas = nil
    #expect(ordinary.give(.paged(ServiceTests.ours)).uplinks.count == 1)
    ordinary.ue = ue
    ordinary.give(.contextsLost)
    #expect(ordinary.give(.requestCSFallback(.originating)).uplinks.isEmpty)
    #expect(ordinary.give(.requestCSFallback(.emergency)).uplinks.count == 1)
    #expect(ordinary.ue.state == .trackingAreaUpdatingInitiated && ordinary.ue.machine.registered?.pendingCall == .emergency)

    let emergency = Bench { $0.attachesForEmergency = true }
    try emergency.attachAndRelease()
    emergency.ue.backOff.start(of: Bench.plmn)
    #expect(emergency.give(.campedOn(Bench.otherArea)).uplinks.count == 1)
  }
}
