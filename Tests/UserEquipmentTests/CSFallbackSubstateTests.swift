import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Calls and paging for calls in the substates of EMM-REGISTERED other than NORMAL-SERVICE (TS 24.301 §5.2.3.2, §5.5.3.3.2, §5.6.2.3).
@Suite struct CSFallbackSubstateTests {
  private static let taken = CSFallback.terminating(accepted: true)

  /// Registered for both, idle, after an update that failed: EU2, T3411 runs.
  private func attempting() throws -> Bench {
    let bench = try EPSOnlyResultTests.combined()
    bench.give(.campedOn(Bench.otherArea))
    bench.give(.radioConnectionReleased)
    try #require(bench.ue.state == .registeredSubstate(.attemptingToUpdate) && bench.ue.registration.updateStatus == .notUpdated)
    try bench.synchroniseNetwork()
    return bench
  }

  private func accept() -> NASMessage { Bench.updateAccept(areas: [Bench.otherArea], result: .combinedTALAUpdated) }

  @Test(arguments: [CSFallback.originating, .emergency, taken])
  func `ATTEMPTING-TO-UPDATE: a call triggers a combined update, and follows it over the same connection (§5.2.3.2 h, j, §5.5.3.3.2 r)`(
    call: CSFallback
  ) throws {
    let bench = try attempting()
    let outputs = bench.give(.requestCSFallback(call))
    let update = try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    let type = try update[TrackingAreaUpdateRequest.epsUpdateType]
    #expect(type.isCombined && type.isActive)
    #expect(outputs.stopped.contains(.t3411))
    let answer = bench.deliver(accept(), .ciphered)
    let request = try bench.assertSends(answer, .extendedServiceRequest, header: .integrityProtectedAndCiphered)
    #expect(try request[ExtendedServiceRequest.csfbResponse] == (call == Self.taken ? .accepted : nil))
    #expect(bench.ue.state == .serviceRequestInitiated)
  }

  @Test func `ATTEMPTING-TO-UPDATE while T3346 runs: not for an originating call; for a paging and an emergency call it is begun`() throws {
    for call in [CSFallback.originating, .emergency, Self.taken] {
      let bench = try attempting()
      bench.give(.timerExpired(.t3411))
      try bench.synchroniseNetwork()
      bench.deliver(Bench.updateReject(.congestion, t3346: GPRSTimer(seconds: 60)), .ciphered)
      bench.give(.radioConnectionReleased)
      try #require(bench.ue.backOff.t3346Runs && bench.ue.state == .registeredSubstate(.attemptingToUpdate))
      let outputs = bench.give(.requestCSFallback(call))
      if call == .originating {
        #expect(outputs == [.event(.serviceFailed(.backedOff(.t3346)))])
      } else {
        try bench.synchroniseNetwork()
        #expect(outputs.uplinks.count == 1 && bench.ue.state == .trackingAreaUpdatingInitiated)
      }
    }
  }

  @Test func `an update for a call that fails: the call is given up, and is not begun anew with the next update (§5.5.3.3.6)`() throws {
    let bench = try attempting()
    bench.give(.requestCSFallback(.originating))
    let failed = bench.give(.timerExpired(.t3430))
    #expect(
      failed.events == [
        .trackingAreaUpdateFailed(.noAnswer(timer: .t3430, attempts: 2)), .serviceFailed(.noAnswer(timer: .t3430, attempts: 2)),
      ])
    #expect(failed.uplinks.isEmpty && bench.ue.state == .registeredSubstate(.attemptingToUpdate))
    bench.give(.timerExpired(.t3411))
    try bench.synchroniseNetwork()
    let answer = bench.deliver(accept(), .ciphered)
    #expect(answer.events.contains(.trackingAreaUpdated))
    #expect(try bench.opened(answer).allSatisfy { $0.message.type != .extendedServiceRequest })
  }

  @Test func `a paging for a call that comes without a security context: an update that is not barred, and the answer after it`() throws {
    let bench = try EPSOnlyResultTests.combined()
    bench.give(.radioConnectionReleased)
    bench.give(.contextsLost)
    let outputs = bench.give(.requestCSFallback(Self.taken))
    #expect(outputs.uplinks.count == 1 && bench.ue.state == .trackingAreaUpdatingInitiated)
    guard case .trackingAreaUpdatingInitiated(let attempt) = bench.ue.machine else {
      Issue.record("no update")
      return
    }
    #expect(attempt.registered.pendingCall == Self.taken)
  }

  @Test func `UPDATE-NEEDED: a paging for a call is answered by EXTENDED SERVICE REQUEST; a call of ours is not begun (§5.2.3.2)`() throws {
    let bench = try EPSOnlyResultTests.combined()
    bench.give(.accessBarred)
    bench.give(.updateTrackingArea(isActive: false))
    try #require(bench.ue.state == .registeredSubstate(.updateNeeded))
    for call in [CSFallback.originating, .emergency] {
      #expect(bench.give(.requestCSFallback(call)) == [.event(.serviceFailed(.accessBarred))])
    }
    try bench.assertSends(bench.give(.requestCSFallback(Self.taken)), .extendedServiceRequest, header: .integrityProtected)
  }

  @Test(arguments: [true, false])
  func `UPDATE-NEEDED outside the TAI list or with EU2: an update answers that paging, and is not barred (§5.6.1.1)`(isOutside: Bool) throws
  {
    let bench = try EPSOnlyResultTests.combined()
    if isOutside {
      bench.give(.campedOnBarredCell(Bench.otherArea))
    } else {
      bench.give(.accessBarred)
      bench.give(.updateTrackingArea(isActive: false))
      bench.ue.registration.updateStatus = .notUpdated
    }
    try #require(bench.ue.state == .registeredSubstate(.updateNeeded))
    try bench.assertSends(bench.give(.requestCSFallback(Self.taken)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(bench.ue.machine.registered?.pendingCall == Self.taken)
  }

  @Test(arguments: [CSFallback.originating, .emergency, taken])
  func `ATTEMPTING-TO-UPDATE-MM: a call is for GERAN or UTRAN, and nothing is sent (§5.2.3.2 e, f)`(call: CSFallback) throws {
    let bench = try EPSOnlyResultTests.combined()
    bench.give(.updateTrackingArea(isActive: false))
    try bench.synchroniseNetwork()
    var accept = Bench.updateAccept(result: .taUpdated)
    accept.set(TrackingAreaUpdateAccept.emmCause, .mscTemporarilyNotReachable)
    bench.deliver(accept, .ciphered)
    bench.give(.radioConnectionReleased)
    try #require(bench.ue.state == .registeredSubstate(.attemptingToUpdateMM))
    let outputs = bench.give(.requestCSFallback(call))
    #expect(outputs.uplinks.isEmpty && bench.ue.state == .registeredSubstate(.attemptingToUpdateMM))
    #expect(outputs.events == (call == Self.taken ? [] : [.serviceFailed(.otherSystemNeeded)]))
  }

  @Test func `a call that waits for a combined update which registers for EPS services alone is for GERAN or UTRAN (§5.5.3.3.6)`() throws {
    let bench = try attempting()
    bench.give(.requestCSFallback(.originating))
    var accept = Bench.updateAccept(areas: [Bench.otherArea], result: .taUpdated)
    accept.set(TrackingAreaUpdateAccept.emmCause, .mscTemporarilyNotReachable)
    let outputs = bench.deliver(accept, .ciphered)
    #expect(outputs.events.contains(.serviceFailed(.otherSystemNeeded)))
    #expect(try bench.opened(outputs).allSatisfy { $0.message.type != .extendedServiceRequest })
  }

  @Test func `without a cell, or with limited service, a call of ours fails, and says so`() throws {
    let away = try EPSOnlyResultTests.combined()
    away.give(.noCellFound)
    #expect(away.give(.requestCSFallback(.originating)) == [.event(.serviceFailed(.noCell))])
    let limited = try EPSOnlyResultTests.combined()
    limited.ue.forbidden.insert(Bench.otherArea, isProven: true)
    limited.give(.campedOn(Bench.otherArea))
    try #require(limited.ue.state == .registeredSubstate(.limitedService))
    #expect(limited.give(.requestCSFallback(.originating)) == [.event(.serviceFailed(.otherSystemNeeded))])
    #expect(limited.give(.requestCSFallback(Self.taken)).isEmpty)
  }

  // MARK: Case k

  @Test(arguments: [true, false])
  func `a CS fallback that failed leaves EU2 without a timer: an update is begun at once (§5.2.3.2 k)`(isIdle: Bool) throws {
    let bench = try ExtendedServiceTests.bench(idle: isIdle)
    _ = try bench.opened(bench.give(.requestCSFallback(.originating)))
    let outputs = bench.give(.timerExpired(.t3417ext))
    #expect(outputs.events == [.serviceFailed(.noAnswer(timer: .t3417ext, attempts: 1))])
    try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(outputs.contains(.releaseConnection) == isIdle && bench.ue.registration.updateStatus == .notUpdated)
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.ue.registration.updateStatus == .updated)
  }

  @Test func `no update at once while T3346 or T3411 runs, in a forbidden area or without a cell`() throws {
    func failing(_ change: (Bench) -> Void) throws -> [UE.Output] {
      let bench = try ExtendedServiceTests.bench()
      _ = try bench.opened(bench.give(.requestCSFallback(.originating)))
      change(bench)
      return bench.give(.timerExpired(.t3417ext))
    }
    #expect(try failing { _ in }.uplinks.count == 1)
    #expect(try failing { $0.ue.backOff.start(of: Bench.plmn) }.uplinks.isEmpty)
    #expect(
      try failing {
        $0.ue.servingTrackingArea = Bench.area
        $0.ue.forbidden.insert(Bench.area, isProven: true)
      }.uplinks.isEmpty)
    let attempting = try attempting()
    #expect(attempting.give(.timerExpired(.t3442)).uplinks.isEmpty)
    let away = try ExtendedServiceTests.bench()
    _ = try away.opened(away.give(.requestCSFallback(.originating)))
    #expect(away.give(.coverageLost).uplinks.isEmpty)
    // There is one again: the update is due.
    #expect(away.give(.campedOn(Bench.area)).uplinks.count == 1)
  }
}
