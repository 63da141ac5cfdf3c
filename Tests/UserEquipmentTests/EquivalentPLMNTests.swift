import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// What the list of equivalent PLMNs is used for and when it goes (TS 24.301 §5.3.4, §5.3.6, §5.3.9, §5.2.2.3, §5.2.3.2, §5.5.2.3.4,
/// §5.5.3.2.6).
@Suite struct EquivalentPLMNTests {
  static let equivalent = PLMN("26201")!
  static let foreign = PLMN("20801")!
  static func area(of plmn: PLMN, _ tac: UInt16 = 9) -> TrackingAreaIdentity { TrackingAreaIdentity(plmn: plmn, tac: tac) }

  /// Registered, with a list and T3402 of one minute; idle.
  private func registered(_ change: (inout UEConfiguration) -> Void = { _ in }) throws -> Bench {
    let bench = Bench(configuration: change)
    bench.give(.campedOn(Bench.area))
    bench.give(.attach)
    bench.deliver(bench.challenge(), .plain)
    bench.deliver(bench.securityModeCommand())
    var accept = Bench.attachAccept()
    accept.set(AttachAccept.equivalentPLMNs, PLMNList([Self.equivalent]))
    accept.set(AttachAccept.t3402Value, GPRSTimer(seconds: 60))
    bench.deliver(accept, .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.registration.equivalentPLMNs == [Self.equivalent, Bench.plmn])
    return bench
  }

  @Test func `the list is kept when the UE is switched off (§5.3.4)`() throws {
    let bench = try registered()
    bench.give(.detach(switchOff: true))
    #expect(try bench.restarted().ue.registration.equivalentPLMNs == [Self.equivalent, Bench.plmn])
  }

  @Test func `of an emergency registration the list ends with EMM-REGISTERED (§5.3.4)`() throws {
    let bench = try registered { $0.attachesForEmergency = true }
    bench.give(.detach(switchOff: true))
    #expect(bench.ue.registration.equivalentPLMNs.isEmpty)
  }

  @Test func `the fifth failed update deletes the list (§5.5.3.2.6)`() throws {
    let bench = try registered()
    bench.give(.updateTrackingArea(isActive: false))
    for _ in 0..<4 {
      bench.give(.timerExpired(.t3430))
      #expect(!bench.ue.registration.equivalentPLMNs.isEmpty)
      bench.give(.timerExpired(.t3411))
    }
    bench.give(.timerExpired(.t3430))
    #expect(bench.ue.registration.equivalentPLMNs.isEmpty)
  }

  @Test func `a detach by the network with no cause of the list deletes it (§5.5.2.3.4 b)`() throws {
    for cause in [nil, EMMCause(rawValue: 17)] {
      let bench = try registered()
      bench.give(.updateTrackingArea(isActive: true))
      try bench.synchroniseNetwork()
      bench.deliver(Bench.updateAccept(), .ciphered)
      bench.ue.registration.equivalentPLMNs = [Self.equivalent, Bench.plmn]
      bench.deliver(Bench.detachRequest(.reattachNotRequired, cause: cause), .ciphered)
      #expect(bench.ue.state == .deregistered(.attemptingToAttach) && bench.ue.registration.equivalentPLMNs.isEmpty)
    }
  }

  @Test func `a paging by IMSI deletes GUTI and areas, not the list (§5.6.2.2.2)`() throws {
    let bench = try registered()
    bench.give(.paged(.imsi(Bench.imsi)))
    #expect(bench.ue.registration.guti == nil && bench.ue.registration.equivalentPLMNs == [Self.equivalent, Bench.plmn])
  }

  // MARK: T3346

  /// ATTEMPTING-TO-UPDATE, T3346 running.
  private func congested() throws -> Bench {
    let bench = try registered()
    bench.give(.updateTrackingArea(isActive: false))
    try bench.synchroniseNetwork()
    bench.deliver(Bench.updateReject(.congestion, t3346: GPRSTimer(seconds: 600)), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .registeredSubstate(.attemptingToUpdate) && bench.ue.backOff.t3346Runs)
    return bench
  }

  @Test func `T3346 holds an update back in an equivalent PLMN, not in another (§5.2.3.2 c, §5.3.9)`() throws {
    let bench = try congested()
    #expect(bench.give(.campedOn(Self.area(of: Self.equivalent))).uplinks.isEmpty)
    #expect(bench.ue.backOff.t3346Runs)
    let outputs = bench.give(.campedOn(Self.area(of: Self.foreign)))
    #expect(outputs.stopped.contains(.t3346) && outputs.uplinks.count == 1 && !bench.ue.backOff.t3346Runs)
    #expect(bench.ue.state == .trackingAreaUpdatingInitiated)
  }

  @Test func `T3346 holds an attach back in an equivalent PLMN, not in another (§5.2.2.3 c, §5.3.9)`() throws {
    let bench = Bench()
    bench.ue.registration.equivalentPLMNs = [Self.equivalent, Bench.plmn]
    bench.give(.campedOn(Bench.area))
    bench.give(.attach)
    var reject = Bench.attachReject(.congestion)
    reject.set(AttachReject.t3346Value, GPRSTimer(seconds: 600))
    bench.deliver(reject, .plain)
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.campedOn(Self.area(of: Self.equivalent))).uplinks.isEmpty && bench.ue.backOff.t3346Runs)
    let outputs = bench.give(.campedOn(Self.area(of: Self.foreign)))
    #expect(outputs.stopped.contains(.t3346) && outputs.uplinks.count == 1 && !bench.ue.backOff.t3346Runs)
  }

  @Test func `an attach that waits for T3346 after power-on begins in a PLMN that is no equivalent of the one that started it`() throws {
    let bench = try congested()
    bench.give(.detach(switchOff: true))
    let next = try bench.restarted()
    next.give(.powerOn)
    next.give(.campedOn(Bench.area))
    #expect(next.give(.attach).events == [.attachFailed(.backedOff)])
    #expect(next.give(.campedOn(Self.area(of: Self.equivalent))).uplinks.isEmpty)
    let outputs = next.give(.campedOn(Self.area(of: Self.foreign)))
    #expect(outputs.stopped.contains(.t3346) && next.ue.state == .registeredInitiated)
  }

  // MARK: T3402

  @Test(arguments: [(PLMN("00101")!, 60), (equivalent, 60), (foreign, 720)] as [(PLMN, Int)])
  func `T3402 has its default in a new PLMN that is no equivalent, after five updates that failed (§5.3.6 d)`(
    plmn: PLMN, seconds: Int
  )
    throws
  {
    let bench = try registered()
    bench.give(.campedOn(Self.area(of: plmn)))
    for _ in 0..<4 {
      bench.give(.timerExpired(.t3430))
      bench.give(.timerExpired(.t3411))
    }
    #expect(bench.give(.timerExpired(.t3430)).contains(.startTimer(.t3402, after: .seconds(seconds))))
  }

  @Test(arguments: [(equivalent, 60), (foreign, 720)] as [(PLMN, Int)])
  func `and after five attaches that failed (§5.3.6 e)`(plmn: PLMN, seconds: Int) throws {
    let bench = try registered()
    bench.give(.detach(switchOff: false))
    bench.give(.radioConnectionReleased)
    bench.give(.campedOn(Self.area(of: plmn)))
    bench.give(.attach)
    for _ in 0..<4 {
      bench.give(.timerExpired(.t3410))
      bench.give(.timerExpired(.t3411))
    }
    #expect(bench.give(.timerExpired(.t3410)).contains(.startTimer(.t3402, after: .seconds(seconds))))
  }

  @Test func `an emergency attach takes no PLMN off the forbidden ones (§5.5.1.2.4)`() throws {
    let bench = Bench { $0.attachesForEmergency = true }
    bench.ue.forbidden.plmns = [Bench.plmn]
    try bench.attach()
    #expect(bench.ue.forbidden.plmns == [Bench.plmn])
  }

  // MARK: No attach is wanted any more

  @Test(arguments: [(15, .limitedService), (11, .plmnSearch)] as [(UInt8, EMMState.Deregistered)])
  func `a UE without service that wants none stays where the cell puts it, and no other cell makes it attach (§5.2.2.4)`(
    cause: UInt8, substate: EMMState.Deregistered
  ) throws {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.secureWhileAttaching()
    bench.deliver(Bench.attachReject(EMMCause(rawValue: cause)), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .deregistered(substate))
    bench.give(.detach(switchOff: false))
    #expect(bench.ue.state == .deregistered(substate))
    #expect(bench.give(.campedOn(Self.area(of: Self.foreign))).uplinks.isEmpty)
    #expect(bench.give(.attach).uplinks.count == 1)
  }

  @Test func `a UE that wants no attach any more still trusts its USIM again after T3247 (§5.3.7b)`() {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    bench.give(.attach)
    bench.deliver(Bench.attachReject(EMMCause(rawValue: 15)), .plain)
    bench.give(.radioConnectionReleased)
    bench.give(.detach(switchOff: false))
    #expect(bench.ue.forbidden.contains(Bench.area))
    #expect(bench.give(.timerExpired(.t3247)).uplinks.isEmpty)
    #expect(!bench.ue.forbidden.contains(Bench.area))
  }
}
