import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Idle mode signalling reduction: TIN, T3312, T3323, T3423 (TS 24.301 §5.3.5, §5.5.3.2.4, §6.1.5).
@Suite struct IdleModeSignallingReductionTests {
  private static func change(_ t3312: PeriodicRoutingAreaUpdate) -> IdleChangeFromUTRAN {
    IdleChangeFromUTRAN(umts: InterSystemTests.umts, mappedGUTI: InterSystemTests.mappedGUTI, t3312: t3312)
  }

  /// Back from UTRAN, the update accepted with ISR; idle.
  private func active(_ t3312: PeriodicRoutingAreaUpdate = .running(.seconds(600)), t3423: GPRSTimer? = nil) throws -> Bench {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.attachAndRelease()
    bench.give(.enteredFromUTRAN(Self.change(t3312)))
    try bench.synchroniseNetwork()
    var accept = Bench.updateAccept(result: .taUpdatedISRActivated)
    accept.set(TrackingAreaUpdateAccept.t3423Value, t3423)
    bench.deliver(accept, .ciphered)
    bench.give(.radioConnectionReleased)
    return bench
  }

  @Test func `T3312 goes on in E-UTRAN; running or deactivated ISR is activated, overdue it is not (§5.5.3.2.4)`() throws {
    for (t3312, tin) in [
      (PeriodicRoutingAreaUpdate.running(.seconds(600)), TemporaryIdentityInNextUpdate.ratRelatedTMSI), (.deactivated, .ratRelatedTMSI),
      (.expired, .guti),
    ] {
      #expect(try active(t3312).ue.registration.temporaryIdentityInNextUpdate == tin, "\(t3312)")
    }
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.attachAndRelease()
    #expect(bench.give(.enteredFromUTRAN(Self.change(.running(.seconds(600))))).contains(timer: .t3312, after: .seconds(600)))
    bench.give(.timerExpired(.t3312))
    try bench.synchroniseNetwork()
    bench.deliver(Bench.updateAccept(result: .taUpdatedISRActivated), .ciphered)
    #expect(bench.ue.registration.temporaryIdentityInNextUpdate == .guti)
  }

  @Test func `an accept without ISR stops T3312, and TIN is GUTI`() throws {
    let bench = try active()
    bench.give(.updateTrackingArea(isActive: false))
    try bench.synchroniseNetwork()
    #expect(bench.deliver(Bench.updateAccept(), .ciphered).stopped.contains(.t3312))
    #expect(bench.ue.registration.temporaryIdentityInNextUpdate == .guti)
  }

  @Test func `T3312 that ends with ISR is followed by T3323, and that by TIN GUTI (TS 24.008 §4.7.2.2)`() throws {
    let bench = try active()
    #expect(bench.give(.timerExpired(.t3312)).started == [.t3323])
    #expect(bench.ue.isISRActive)
    bench.give(.timerExpired(.t3323))
    #expect(bench.ue.registration.temporaryIdentityInNextUpdate == .guti && bench.ue.circumstances.isr == ISRProgress())
  }

  @Test func `away in UTRAN T3412 is followed by T3423, as long as the network said, else as T3412 (§5.3.5)`() throws {
    for (told, length) in [(GPRSTimer(seconds: 360), Duration.seconds(360)), (nil, .seconds(3240))] {
      let bench = try active(t3423: told)
      bench.give(.leftForOtherSystem)
      #expect(bench.ue.state == .registeredSubstate(.noCellAvailable) && bench.ue.isISRActive)
      #expect(bench.give(.timerExpired(.t3412)).contains(timer: .t3423, after: length))
    }
  }

  @Test func `back before T3423 ends the UE updates and stops it; after it TIN is P-TMSI and the update goes by that`() throws {
    for isLate in [false, true] {
      let bench = try active()
      bench.give(.leftForOtherSystem)
      bench.give(.timerExpired(.t3412))
      if isLate {
        bench.give(.timerExpired(.t3423))
        #expect(bench.ue.registration.temporaryIdentityInNextUpdate == .pTMSI)
      }
      try bench.synchroniseNetwork()
      let outputs = bench.give(.campedOn(Bench.area))
      #expect(outputs.stopped.contains(.t3423) == !isLate)
      let request = try #require(try bench.opened(outputs).first).message
      #expect(try request[TrackingAreaUpdateRequest.oldGUTIType] == (isLate ? .mapped : .native))
    }
  }

  @Test func `with ISR the UE comes and goes without a word`() throws {
    let bench = try active()
    bench.give(.leftForOtherSystem)
    #expect(bench.give(.campedOn(Bench.area)).uplinks.isEmpty && bench.ue.state == .registered && bench.ue.isISRActive)
  }

  @Test func `a bearer that was there before ISR ends it when it is modified, a younger one when the UE leaves (§6.1.5 a, b)`() throws {
    let bench = try active()
    bench.give(.requestService)
    bench.give(.accessStratumSecured)
    try bench.synchroniseNetwork()
    bench.deliver(SessionTests.dedicated(bearer: 6), .ciphered)
    bench.deliver(SessionTests.modification(bearer: 6), .ciphered)
    #expect(bench.ue.isISRActive)
    let (ue, network) = (bench.ue, bench.network)
    #expect(bench.deliver(SessionTests.modification(bearer: 5), .ciphered).stopped == [.t3312])
    #expect(!bench.ue.isISRActive)
    (bench.ue, bench.network) = (ue, network)
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.leftForOtherSystem).stopped.contains(.t3312))
    #expect(bench.ue.registration.temporaryIdentityInNextUpdate == .guti)
  }

  @Test func `the end of the registration ends its timers`() throws {
    let bench = try active()
    bench.give(.detach(switchOff: true))
    #expect(bench.ue.circumstances.isr == ISRProgress())
  }
}
