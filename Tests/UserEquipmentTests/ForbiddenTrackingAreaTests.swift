import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// The lists of forbidden tracking areas: TS 24.301 §5.3.2.
@Suite struct ForbiddenTrackingAreaTests {
  /// Registered in ``Bench/area`` and idle; ``Bench/otherArea`` is forbidden, by a reject with #15.
  private func forbidden() throws -> Bench {
    let bench = try TrackingAreaUpdateTests.idle()
    _ = try bench.opened(bench.give(.campedOn(Bench.otherArea)))
    let outputs = bench.deliver(Bench.updateReject(.noSuitableCellsInTrackingArea), .ciphered)
    #expect(outputs.contains(timer: .forbiddenAreas, after: .seconds(12 * 3600)))
    bench.give(.radioConnectionReleased)
    try #require(bench.ue.forbidden.trackingAreas == [Bench.otherArea])
    return bench
  }

  @Test(arguments: [true, false])
  func
    `an attach or update on request waits for a cell with normal service, unless the UE is told to ignore the lists (§5.2.2.3, §5.2.3.2)`(
      ignores: Bool
    ) throws
  {
    let bench = Bench { if ignores { $0.deviations = [.ignoreForbiddenAreas] } }
    bench.give(.campedOn(Bench.otherArea))
    bench.give(.attach)
    bench.deliver(Bench.attachReject(EMMCause(rawValue: 15)), .plain)
    bench.give(.radioConnectionReleased)
    try #require(bench.ue.state == .deregistered(.limitedService) && bench.ue.forbidden.contains(Bench.otherArea))
    let outputs = bench.give(.attach)
    guard !ignores else {
      #expect(outputs.uplinks.count == 1 && bench.ue.state == .registeredInitiated)
      return
    }
    #expect(outputs == [.event(.attachFailed(.areaForbidden))] && bench.ue.state == .deregistered(.limitedService))
    #expect(bench.give(.campedOn(Bench.area)).uplinks.count == 1 && bench.ue.state == .registeredInitiated)

    let registered = try forbidden()
    registered.give(.radioConnectionReleased)
    registered.give(.campedOn(Bench.otherArea))
    try #require(registered.ue.state == .registeredSubstate(.limitedService))
    #expect(registered.give(.updateTrackingArea(isActive: true)) == [.event(.trackingAreaUpdateFailed(.areaForbidden))])
    #expect(registered.give(.campedOn(Bench.area)).uplinks.count == 1)
  }

  @Test func `a UE that ignores the lists updates on request in a forbidden area; an emergency attach does not mind them`() throws {
    let bench = try forbidden()
    bench.give(.radioConnectionReleased)
    bench.give(.campedOn(Bench.otherArea))
    try #require(bench.ue.state == .registeredSubstate(.limitedService))
    bench.ue.configuration.deviations = [.ignoreForbiddenAreas]
    #expect(bench.give(.updateTrackingArea(isActive: false)).uplinks.count == 1)
    let emergency = Bench { $0.attachesForEmergency = true }
    emergency.ue.forbidden.insert(Bench.area, isProven: true)
    emergency.give(.campedOn(Bench.area))
    #expect(emergency.give(.attach).uplinks.count == 1)
  }

  @Test func `an area that TRACKING AREA UPDATE ACCEPT lists is forbidden no longer`() throws {
    let bench = try forbidden()
    _ = try bench.opened(bench.give(.campedOn(Bench.area)))
    let outputs = bench.deliver(Bench.updateAccept(areas: [Bench.area, Bench.otherArea]), .ciphered)
    #expect(bench.ue.forbidden == ForbiddenAreas() && outputs.stopped.contains(.forbiddenAreas))
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.campedOn(Bench.otherArea)).isEmpty && bench.ue.state == .registered)
    #expect(bench.give(.requestService).uplinks.count == 1)
  }

  @Test func `an area that ATTACH ACCEPT or GUTI REALLOCATION COMMAND lists is forbidden no longer, one that neither lists is`() throws {
    let third = TrackingAreaIdentity(plmn: Bench.plmn, tac: 9)
    for isAttach in [true, false] {
      let bench = Bench()
      bench.give(.campedOn(Bench.area))
      let listed = isAttach ? Bench.area : Bench.otherArea
      bench.ue.forbidden.insert(third, isProven: true)
      bench.ue.forbidden.insert(listed, isProven: false)
      if isAttach {
        bench.ue.forbidden.insert(listed, isProven: false)
        bench.ue.configuration.deviations = [.ignoreForbiddenAreas]
        try bench.attach()
      } else {
        try bench.attach()
        bench.deliver(Bench.gutiReallocationCommand(Bench.guti, areas: [Bench.area, Bench.otherArea]), .ciphered)
      }
      #expect(bench.ue.forbidden.trackingAreas == [third])
    }
  }

  @Test func `an accept without a list removes none`() throws {
    let bench = try forbidden()
    _ = try bench.opened(bench.give(.campedOn(Bench.area)))
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.ue.forbidden.trackingAreas == [Bench.otherArea])
  }

  @Test func `where the only PDN connection is one for emergencies none is removed`() throws {
    let bench = Bench { $0.attachesForEmergency = true }
    bench.ue.forbidden.insert(Bench.area, isProven: true)
    try bench.attach()
    #expect(bench.ue.forbidden.trackingAreas == [Bench.area])
  }

  @Test func `the lists are erased after a time of 12 to 24 h, and the UE serves itself in the area that was on them`() throws {
    let bench = try forbidden()
    #expect(bench.ue.state == .registeredSubstate(.limitedService))
    let outputs = bench.give(.timerExpired(.forbiddenAreas))
    #expect(bench.ue.forbidden == ForbiddenAreas())
    try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)

    let attaching = Bench()
    attaching.give(.campedOn(Bench.area))
    try attaching.secureWhileAttaching()
    attaching.deliver(Bench.attachReject(.roamingNotAllowedInThisTrackingArea), .ciphered)
    attaching.give(.radioConnectionReleased)
    #expect(attaching.ue.state == .deregistered(.limitedService))
    #expect(attaching.give(.timerExpired(.forbiddenAreas)).uplinks.count == 1)
  }

  @Test func `the time starts with the first area on the lists, and is over with switching off`() throws {
    let bench = try forbidden()
    _ = try bench.opened(bench.give(.campedOn(TrackingAreaIdentity(plmn: Bench.plmn, tac: 9))))
    #expect(!bench.deliver(Bench.updateReject(.noSuitableCellsInTrackingArea), .ciphered).started.contains(.forbiddenAreas))
    #expect(bench.ue.forbidden.trackingAreas.count == 2)
    bench.give(.radioConnectionReleased)
    bench.give(.detach(switchOff: true))
    #expect(bench.give(.powerOn).stopped.contains(.forbiddenAreas) && bench.ue.forbidden == ForbiddenAreas())
    #expect(bench.give(.timerExpired(.forbiddenAreas)).isEmpty)
  }

  @Test func `T3247 ends in an area that a protected reject forbade: no attach there, but where service is normal (§5.3.7b, §5.2.2.3)`()
    throws
  {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    bench.give(.attach)
    #expect(bench.deliver(Bench.attachReject(.noSuitableCellsInTrackingArea), .plain).started.contains(.t3247))
    bench.give(.radioConnectionReleased)
    bench.give(.campedOn(Bench.otherArea))
    try bench.secureWhileAttaching()
    bench.deliver(Bench.attachReject(.trackingAreaNotAllowed), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.timerExpired(.t3247)).isEmpty && bench.ue.forbidden.trackingAreas == [Bench.otherArea])
    #expect(bench.ue.state == .deregistered(.limitedService))
    #expect(bench.give(.campedOn(Bench.area)).uplinks.count == 1)
  }

  @Test func `T3346 and T3411 end in a forbidden area: nothing begins there, and what waits begins elsewhere (§5.2.2.3, §5.2.3.2)`() throws
  {
    let attaching = Bench()
    attaching.give(.campedOn(Bench.area))
    try attaching.secureWhileAttaching()
    var reject = Bench.attachReject(.congestion)
    reject.set(AttachReject.t3346Value, GPRSTimer(seconds: 60))
    attaching.deliver(reject, .ciphered)
    attaching.give(.radioConnectionReleased)
    attaching.ue.forbidden.insert(Bench.otherArea, isProven: true)
    attaching.give(.campedOn(Bench.otherArea))
    #expect(attaching.give(.timerExpired(.t3346)).uplinks.isEmpty && attaching.ue.state == .deregistered(.limitedService))
    #expect(attaching.give(.campedOn(Bench.area)).uplinks.count == 1)

    let updating = try TrackingAreaUpdateTests.updating()
    updating.give(.timerExpired(.t3430))
    updating.ue.forbidden.insert(Bench.otherArea, isProven: true)
    updating.give(.campedOn(Bench.otherArea))
    #expect(updating.give(.timerExpired(.t3411)).uplinks.isEmpty && updating.ue.state == .registeredSubstate(.limitedService))
    #expect(updating.give(.campedOn(Bench.area)).uplinks.count == 1)
  }

  @Test func `#12 is for the list of regional provision of service, #13 and #15 are for that of roaming`() throws {
    for (cause, purpose) in [(12, .regionalProvision), (13, .roaming), (15, .roaming)] as [(UInt8, ForbiddenAreas.Purpose)] {
      let bench = Bench()
      bench.give(.campedOn(Bench.area))
      try bench.secureWhileAttaching()
      bench.deliver(Bench.attachReject(EMMCause(rawValue: cause)), .ciphered)
      for list in ForbiddenAreas.Purpose.allCases {
        #expect(bench.ue.forbidden.trackingAreas(for: list) == (list == purpose ? [Bench.area] : []), "#\(cause)")
      }
    }
  }

  @Test func `each list takes 40 areas, and of a full one its own oldest goes`() {
    var areas = ForbiddenAreas()
    func area(_ code: Int) -> TrackingAreaIdentity { TrackingAreaIdentity(plmn: Bench.plmn, tac: UInt16(code)) }
    for code in 1...40 { areas.insert(area(code), for: .roaming, isProven: true) }
    for code in 101...140 { areas.insert(area(code), for: .regionalProvision, isProven: true) }
    #expect(areas.trackingAreas.count == 80 && areas.contains(area(1)) && areas.contains(area(101)))
    areas.insert(area(141), for: .regionalProvision, isProven: false)
    #expect(areas.contains(area(1)) && !areas.contains(area(101)) && areas.contains(area(141)))
    // T3247: what nobody proved goes, from either list; one that another list proved stays.
    areas.insert(area(40), for: .regionalProvision, isProven: false)
    areas.forgetUnproven()
    #expect(!areas.contains(area(141)) && areas.contains(area(40)))
  }

  @Test func `where nothing is limited the end of the time changes nothing but the lists`() throws {
    let bench = try forbidden()
    _ = try bench.opened(bench.give(.campedOn(Bench.area)))
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.give(.timerExpired(.forbiddenAreas)).isEmpty && bench.ue.state == .registered && bench.ue.isConnected)
    #expect(bench.ue.forbidden == ForbiddenAreas())
  }
}
