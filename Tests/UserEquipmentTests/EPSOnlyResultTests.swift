import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// A combined attach or update that succeeds for EPS services only (TS 24.301 §5.5.1.3.4.3, §5.5.3.3.4.3), and what #18 bars.
@Suite struct EPSOnlyResultTests {
  static func accept(_ cause: EMMCause?) -> NASMessage {
    var accept = Bench.updateAccept()
    accept.set(TrackingAreaUpdateAccept.emmCause, cause)
    return accept
  }

  /// A UE that asked for both and got EPS services with this cause.
  static func attached(_ cause: EMMCause?) throws -> (bench: Bench, outputs: [UE.Output]) {
    let bench = Bench { $0.registersForNonEPSServices = true }
    try bench.secureWhileAttaching()
    var accept = Bench.attachAccept()
    accept.set(AttachAccept.emmCause, cause)
    let outputs = bench.deliver(accept, .ciphered)
    _ = try bench.opened(outputs)
    bench.give(.radioConnectionReleased)
    return (bench, outputs)
  }

  /// Registered for both, in EMM-IDLE.
  static func combined() throws -> Bench {
    let bench = Bench { $0.registersForNonEPSServices = true }
    try bench.secureWhileAttaching()
    var accept = Bench.attachAccept()
    accept.set(AttachAccept.epsAttachResult, .combinedEPSIMSIAttach)
    _ = try bench.opened(bench.deliver(accept, .ciphered))
    bench.give(.radioConnectionReleased)
    try #require(bench.ue.registration.nonEPS != nil)
    return bench
  }

  private func kind(_ bench: Bench, _ outputs: [UE.Output]) throws -> EPSUpdateType.Kind {
    try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)[TrackingAreaUpdateRequest.epsUpdateType].kind
  }

  @Test(arguments: [EMMCause.mscTemporarilyNotReachable, .networkFailure, nil])
  func `#16 and #17 count to five: T3411 four times, then T3402`(cause: EMMCause?) throws {
    let (bench, outputs) = try Self.attached(cause)
    #expect(outputs.started.contains(.t3411) && bench.ue.machine.registered?.updateAttempts == 1)
    for attempt in 2...5 {
      let request = bench.give(.timerExpired(.t3411))
      #expect(try kind(bench, request) == .combinedTALAUpdatingWithIMSIAttach)
      let answered = bench.deliver(Self.accept(cause), .ciphered)
      #expect(answered.started.contains(attempt < 5 ? .t3411 : .t3402) && bench.ue.machine.registered?.updateAttempts == attempt)
      #expect(bench.ue.state == .registeredSubstate(.attemptingToUpdateMM) && bench.ue.registration.updateStatus == .updated)
      bench.give(.radioConnectionReleased)
    }
    #expect(bench.give(.timerExpired(.t3411)).uplinks.isEmpty || bench.ue.machine.registered?.updateAttempts == 5)
  }

  @Test(arguments: [true, false])
  func `#22 leaves no attempt but that after T3402`(atAttach: Bool) throws {
    let bench: Bench
    let outputs: [UE.Output]
    if atAttach {
      (bench, outputs) = try Self.attached(.congestion)
    } else {
      bench = try Self.combined()
      _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
      outputs = bench.deliver(Self.accept(.congestion), .ciphered)
      bench.give(.radioConnectionReleased)
    }
    #expect(outputs.started.contains(.t3402) && !outputs.started.contains(.t3411))
    #expect(bench.ue.machine.registered?.updateAttempts == 5 && bench.ue.state == .registeredSubstate(.attemptingToUpdateMM))
    #expect(try kind(bench, bench.give(.timerExpired(.t3402))) == .combinedTALAUpdatingWithIMSIAttach)
  }

  @Test(arguments: [EMMCause.imsiUnknownInHSS, .csDomainNotAvailable])
  func `#2 and #18 leave EPS services alone, until switching off`(cause: EMMCause) throws {
    let (bench, outputs) = try Self.attached(cause)
    #expect(bench.ue.state == .registered && !outputs.started.contains(.t3411) && !outputs.started.contains(.t3402))
    #expect(try kind(bench, bench.give(.updateTrackingArea(isActive: false))) == .taUpdating)
    bench.deliver(Bench.updateAccept(), .ciphered)
    bench.give(.radioConnectionReleased)
    bench.give(.detach(switchOff: true))
    bench.give(.radioConnectionReleased)
    bench.give(.powerOn)
    let request = try #require(try bench.opened(bench.give(.attach)).first).message
    #expect(try request[AttachRequest.epsAttachType] == .combinedEPSIMSIAttach)
  }

  @Test func `#18 is said of one PLMN alone`() throws {
    let (bench, _) = try Self.attached(.csDomainNotAvailable)
    bench.ue.servingTrackingArea = EquivalentPLMNTests.area(of: EquivalentPLMNTests.foreign)
    #expect(bench.ue.wantsNonEPS)
    bench.ue.servingTrackingArea = Bench.area
    #expect(!bench.ue.wantsNonEPS)
  }

  @Test func `a periodic update answered "combined TA/LA updated" gives a TMSI, which is acknowledged (§5.5.3.2.4)`() throws {
    for isForBoth in [true, false] {
      let bench = isForBoth ? try Self.combined() : Bench()
      if !isForBoth { try bench.attachAndRelease() }
      _ = try bench.opened(bench.give(.timerExpired(.t3412)))
      var accept = Bench.updateAccept(result: .combinedTALAUpdated)
      accept.set(TrackingAreaUpdateAccept.msIdentity, .tmsi(0xAABB_CCDD))
      let outputs = bench.deliver(accept, .ciphered)
      #expect(bench.ue.registration.nonEPS?.tmsi == (isForBoth ? 0xAABB_CCDD : nil))
      #expect(try bench.opened(outputs).map(\.message.type) == (isForBoth ? [.trackingAreaUpdateComplete] : []))
    }
  }

  @Test func `SERVICE REJECT #18 bars CS fallback until a combined update succeeded (§5.6.1.5)`() throws {
    let bench = try Self.combined()
    bench.give(.requestCSFallback(.originating))
    try bench.synchroniseNetwork()
    bench.deliver(Bench.serviceReject(.csDomainNotAvailable), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .registered)
    let barred = bench.give(.requestCSFallback(.originating))
    #expect(barred == [.event(.serviceFailed(.noCSDomain))])
    let ue = bench.ue
    #expect(bench.give(.requestCSFallback(.emergency)).uplinks.count == 1)
    bench.ue = ue
    bench.give(.updateTrackingArea(isActive: false))
    try bench.synchroniseNetwork()
    bench.deliver(Bench.updateAccept(result: .combinedTALAUpdated), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.requestCSFallback(.originating)).uplinks.count == 1)
  }
}
