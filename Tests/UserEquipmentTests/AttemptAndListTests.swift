import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Attempt counters (TS 24.301 §5.5.1.1, §5.5.3.1), T3402 of a reject (§5.3.6), equivalent PLMNs (§5.3.4), CS fallback that fails (§5.6.1.6).
@Suite struct AttemptAndListTests {
  private func unanswered(_ bench: Bench, _ times: Int) {
    for _ in 0..<times {
      bench.give(.timerExpired(.t3410))
      bench.give(.timerExpired(.t3411))
    }
  }

  @Test func `a new tracking area resets the attach attempt counter`() {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    bench.give(.attach)
    unanswered(bench, 3)
    bench.give(.timerExpired(.t3410))
    #expect(bench.ue.state == .deregistered(.attemptingToAttach))
    bench.give(.campedOn(Bench.otherArea))
    #expect(bench.ue.state == .registeredInitiated)
    let outputs = bench.give(.timerExpired(.t3410))
    #expect(outputs.contains(.startTimer(.t3411, after: EMMTimer.t3411.defaultDuration)), "attempt 1, not 5")
    #expect(outputs.events == [.attachFailed(.noAnswer(timer: .t3410, attempts: 1))])
  }

  @Test func `a new tracking area resets the update attempt counter in ATTEMPTING-TO-UPDATE`() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.give(.campedOn(Bench.otherArea))
    for _ in 0..<4 {
      bench.give(.timerExpired(.t3430))
      if bench.ue.state != .registeredSubstate(.attemptingToUpdate) { break }
      guard case .registered(let registered) = bench.ue.machine, registered.updateAttempts < 4 else { break }
      bench.give(.timerExpired(.t3411))
    }
    guard case .registered(let registered) = bench.ue.machine else {
      Issue.record("\(bench.ue.state)")
      return
    }
    #expect(registered.updateAttempts == 4 && registered.substate == .attemptingToUpdate)
    bench.give(.campedOn(TrackingAreaIdentity(plmn: Bench.plmn, tac: 9)))
    let outputs = bench.give(.timerExpired(.t3430))
    #expect(outputs.events == [.trackingAreaUpdateFailed(.noAnswer(timer: .t3430, attempts: 1))])
  }

  @Test(arguments: [(true, 60), (false, 720)] as [(Bool, Int)])
  func `T3402 of an ATTACH REJECT holds if it was protected, else the default`(isProtected: Bool, seconds: Int) {
    let bench = Bench()
    bench.give(.attach)
    bench.deliver(bench.challenge(), .plain)
    if isProtected { bench.deliver(bench.securityModeCommand()) }
    var reject = Bench.attachReject(.protocolErrorUnspecified)
    reject.set(AttachReject.t3402Value, GPRSTimer(seconds: 60))
    let outputs = bench.deliver(reject, isProtected ? .ciphered : .plain)
    #expect(outputs.contains(.startTimer(.t3402, after: .seconds(seconds))))
  }

  @Test func `attempts for emergency services are not counted, and no timer begins them anew (§5.5.1.2.6)`() throws {
    let bench = Bench(registration: Registration(guti: Bench.guti)) { $0.attachesForEmergency = true }
    for _ in 0..<6 {
      #expect(bench.give(.attach).uplinks.count == 1)
      let outputs = bench.give(.timerExpired(.t3410))
      #expect(outputs.started.isEmpty && bench.ue.state == .deregistered(.normalService))
    }
    bench.give(.attach)
    #expect(bench.deliver(Bench.attachReject(.protocolErrorUnspecified), .plain).started.isEmpty)
    #expect(bench.ue.registration.guti == Bench.guti)
  }

  @Test func `39 starts T3440 where the request opened the connection, not on a connection that was there (§5.3.1.2.1 g)`() throws {
    for isIdle in [true, false] {
      let bench = try ExtendedServiceTests.bench(idle: isIdle)
      _ = try bench.opened(bench.give(.requestCSFallback(.originating)))
      let reject = Bench.serviceReject(.csServiceTemporarilyNotAvailable, t3442: GPRSTimer(seconds: 60))
      let outputs = bench.deliver(reject, .ciphered)
      #expect(outputs.started.contains(.t3440) == isIdle && outputs.started.contains(.t3442))
    }
  }

  // MARK: Equivalent PLMNs

  private func attached(_ list: [PLMN]?) throws -> Bench {
    let bench = Bench()
    bench.ue.forbidden.plmns = [PLMN("26203")!]
    bench.give(.attach)
    bench.deliver(bench.challenge(), .plain)
    bench.deliver(bench.securityModeCommand())
    var accept = Bench.attachAccept()
    accept.set(AttachAccept.equivalentPLMNs, list.map { PLMNList($0) })
    bench.deliver(accept, .ciphered)
    return bench
  }

  @Test func `the list of an accept is stored without forbidden ones and with the registered PLMN; an accept without one deletes it`()
    throws
  {
    let bench = try attached([PLMN("26201")!, PLMN("26203")!])
    #expect(bench.ue.registration.equivalentPLMNs == [PLMN("26201")!, Bench.plmn])
    bench.give(.updateTrackingArea(isActive: false))
    try bench.synchroniseNetwork()
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.ue.registration.equivalentPLMNs.isEmpty)
  }

  @Test(
    arguments: [
      (3, true), (6, true), (7, false), (8, true), (11, true), (12, false), (13, true), (14, true), (15, false), (35, true), (42, true),
    ] as [(UInt8, Bool)])
  func `the causes that delete it`(cause: UInt8, deletes: Bool) throws {
    let bench = try attached([PLMN("26201")!])
    bench.give(.updateTrackingArea(isActive: false))
    try bench.synchroniseNetwork()
    bench.deliver(Bench.updateReject(EMMCause(rawValue: cause)), .ciphered)
    #expect(bench.ue.registration.equivalentPLMNs.isEmpty == deletes)
  }

  // MARK: CS fallback

  /// Registered for both, idle, a call under way.
  private func calling() throws -> Bench {
    let bench = try ExtendedServiceTests.bench()
    bench.give(.requestCSFallback(.originating))
    #expect(bench.ue.state == .serviceRequestInitiated)
    try bench.synchroniseNetwork()
    return bench
  }

  @Test func `the connection is lost: EU2, and an update is tried (§5.6.1.6 b, §5.2.3.2 k)`() throws {
    let bench = try calling()
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.registration.updateStatus == .notUpdated && bench.ue.state == .trackingAreaUpdatingInitiated)
  }

  @Test func `another cause: EU2, and an update is tried (§5.6.1.6 e, §5.2.3.2 k)`() throws {
    let bench = try calling()
    bench.deliver(Bench.serviceReject(.protocolErrorUnspecified), .ciphered)
    #expect(bench.ue.registration.updateStatus == .notUpdated && bench.ue.state == .trackingAreaUpdatingInitiated)
  }

  @Test func `#39 from idle: T3442 and T3440 (§5.3.1.2.1 g)`() throws {
    let bench = try calling()
    let outputs = bench.deliver(Bench.serviceReject(.csServiceTemporarilyNotAvailable, t3442: GPRSTimer(seconds: 60)), .ciphered)
    #expect(outputs.contains(.startTimer(.t3442, after: .seconds(60))))
    #expect(outputs.contains(.startTimer(.t3440, after: EMMTimer.t3440.defaultDuration)))
  }

  @Test func `#9 to a call: no T3440, and no attach of its own (§5.6.1.5)`() throws {
    let bench = try calling()
    let outputs = bench.deliver(Bench.serviceReject(EMMCause(rawValue: 9)), .ciphered)
    #expect(!outputs.contains(.startTimer(.t3440, after: EMMTimer.t3440.defaultDuration)))
    #expect(bench.give(.radioConnectionReleased).allSatisfy { if case .establishConnection = $0 { false } else { true } })
  }

  @Test func `a new tracking area meanwhile: the call follows the update over the same connection (§5.6.1.6 f)`() throws {
    let bench = try calling()
    bench.give(.campedOn(Bench.otherArea))
    #expect(bench.ue.state == .trackingAreaUpdatingInitiated)
    try bench.synchroniseNetwork()
    var accept = Bench.updateAccept()
    accept.set(TrackingAreaUpdateAccept.taiList, TAIList(areas: [Bench.otherArea]))
    let sent = try bench.opened(bench.deliver(accept, .ciphered)).map(\.message.type)
    #expect(sent.last == .extendedServiceRequest)
  }
}
