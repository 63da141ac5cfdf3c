import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Updates and attaches that are begun anew, and what waited for them: TS 24.301 §5.5.1.2.6 e, §5.5.3.2.6 e, h, m.
@Suite struct UpdateBegunAnewTests {
  enum Way: CaseIterable { case newArea, handover, lostRequest }

  /// An update that runs, with bearers, and is begun anew.
  private func begunAnew(_ way: Way, _ change: (Bench) -> Void = { _ in }) throws -> (Bench, [UE.Output]) {
    let bench = try TrackingAreaUpdateTests.idle()
    let first = bench.give(.updateTrackingArea(isActive: way == .handover))
    _ = try bench.opened(first)
    change(bench)
    switch way {
    case .newArea: return (bench, bench.give(.campedOn(Bench.otherArea)))
    case .handover:
      bench.give(.accessStratumSecured)
      return (bench, bench.give(.campedOn(Bench.otherArea)))
    case .lostRequest: return (bench, bench.give(.transmissionFailed(try #require(first.uplinks.first), movedTo: nil)))
    }
  }

  // MARK: The detach that waits (§5.5.3.2.6 m)

  @Test(arguments: Way.allCases)
  func `a detach that waits for an update waits for the one begun in its place (§5.5.3.2.6 e, h, m)`(way: Way) throws {
    let (bench, outputs) = try begunAnew(way) { $0.give(.detach(switchOff: false)) }
    try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    let accepted = bench.deliver(Bench.updateAccept(areas: [Bench.area, Bench.otherArea]), .ciphered)
    try bench.assertSends(accepted, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    // The user wants to stay away.
    #expect(bench.ue.state == .deregistered(.normalService) && bench.give(.radioConnectionReleased).uplinks.isEmpty)
  }

  @Test(arguments: Way.allCases)
  func `a detach from the last PDN connection waits likewise, and an attach follows it (§6.4.4.4)`(way: Way) throws {
    let (bench, outputs) = try begunAnew(way) { $0.deliver(SessionTests.deactivation(bearer: 5), .ciphered) }
    _ = try bench.opened(outputs)
    let accepted = bench.deliver(Bench.updateAccept(areas: [Bench.area, Bench.otherArea]), .ciphered)
    try bench.assertSends(accepted, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    try bench.assertSends(bench.give(.radioConnectionReleased), .attachRequest, header: .integrityProtected)
  }

  @Test func `a detach that waits is tried in whatever way the update fails`() throws {
    let ends: [(String, (Bench) -> [UE.Output])] = [
      ("T3430", { $0.give(.timerExpired(.t3430)) }),
      ("connection lost", { $0.give(.radioConnectionReleased) }),
      ("reject", { $0.deliver(Bench.updateReject(.networkFailure), .ciphered) }),
      (
        "false network",
        {
          $0.ue.authentication.consecutiveFailures = 1
          return $0.give(.timerExpired(.t3418))
        }
      ),
    ]
    for (name, end) in ends {
      let bench = try TrackingAreaUpdateTests.updating()
      try bench.synchroniseNetwork()
      bench.give(.detach(switchOff: false))
      let outputs = end(bench)
      #expect(try bench.opened(outputs).map(\.message.type) == [.detachRequestFromUE], "\(name)")
      #expect(bench.ue.state == .deregisteredInitiated, "\(name)")
    }
  }

  // MARK: Over which connection (§5.5.1.2.6 e, §5.5.3.2.6 e)

  @Test func `after a handover the update goes on over the connection that stands: EU2, not ciphered, and KeNB is what it was`() throws {
    let bench = try TrackingAreaUpdateTests.idle()
    _ = try bench.opened(bench.give(.updateTrackingArea(isActive: true)))
    bench.give(.accessStratumSecured)
    bench.deliver(bench.challenge(eKSI: 1), .plain)
    _ = try bench.opened(bench.deliver(bench.securityModeCommand()))
    let trigger = bench.ue.keNBTrigger
    let outputs = bench.give(.campedOn(Bench.otherArea))
    #expect(!outputs.contains(.releaseConnection) && bench.ue.hasSecureExchange && bench.ue.isHandedOver)
    #expect(outputs.stopped.contains(.t3430) && outputs.started == [.t3430] && bench.ue.registration.updateStatus == .notUpdated)
    let request = try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    // Under the context that the command took into use.
    #expect(try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.native, value: 1))
    #expect(bench.ue.keNBTrigger == trigger)
    // What the network owes on this connection is answered.
    try bench.assertSends(bench.deliver(Bench.identityRequest(.imei), .ciphered), .identityResponse, header: .integrityProtectedAndCiphered)
    bench.deliver(Bench.updateAccept(areas: [Bench.otherArea]), .ciphered)
    #expect(bench.ue.state == .registered && bench.ue.isConnected && bench.ue.registration.updateStatus == .updated)
  }

  @Test func `a periodic update that a handover takes to an area outside the list goes on as a normal one`() throws {
    let bench = try TrackingAreaUpdateTests.idle()
    _ = try bench.opened(bench.give(.timerExpired(.t3412)))
    bench.give(.accessStratumSecured)
    let request = try bench.assertSends(
      bench.give(.campedOn(Bench.otherArea)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try request[TrackingAreaUpdateRequest.epsUpdateType].kind == .taUpdating)
  }

  @Test func `without AS security another cell means that the connection is lost: the update opens a new one`() throws {
    let (bench, outputs) = try begunAnew(.newArea)
    #expect(outputs.contains(.releaseConnection))
    let establishes = outputs.contains { if case .establishConnection = $0 { true } else { false } }
    #expect(establishes && bench.ue.state == .trackingAreaUpdatingInitiated)
  }

  @Test(arguments: [true, false])
  func `an attach is begun anew, after a handover over the connection that stands (§5.5.1.2.6 e)`(isHandover: Bool) throws {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.secureWhileAttaching()
    if isHandover { bench.give(.accessStratumSecured) }
    let trigger = bench.ue.keNBTrigger
    let outputs = bench.give(.campedOn(Bench.otherArea))
    #expect(outputs.contains(.releaseConnection) == !isHandover && outputs.started == [.t3410])
    let request = try bench.assertSends(outputs, .attachRequest, header: .integrityProtected)
    #expect(try request[AttachRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.native, value: 0))
    guard case .registeredInitiated(let attempt) = bench.ue.machine else { return #expect(Bool(false)) }
    #expect(attempt.number == 1 && bench.ue.hasSecureExchange == isHandover)
    if isHandover { #expect(bench.ue.keNBTrigger == trigger) }
    var accept = Bench.attachAccept(activation: Bench.activation(transaction: attempt.procedureTransactionIdentity))
    accept.set(AttachAccept.taiList, TAIList(areas: [Bench.otherArea]))
    bench.deliver(accept, .ciphered)
    #expect(bench.ue.state == .registered)
  }

  // MARK: A failed update that leaves NORMAL-SERVICE (§5.5.3.2.6, §5.6.1.1)

  /// A periodic update was not answered: EU1, NORMAL-SERVICE, T3411 runs.
  private func waiting() throws -> Bench {
    let bench = try TrackingAreaUpdateTests.idle()
    bench.give(.timerExpired(.t3412))
    bench.give(.timerExpired(.t3430))
    try bench.synchroniseNetwork()
    try #require(bench.ue.state == .registered && bench.ue.registration.updateStatus == .updated)
    return bench
  }

  @Test(arguments: [UE.Input.paged(ServiceTests.ours), .requestService])
  func `while a failed update waits for T3411 in NORMAL-SERVICE, paging and user data bring a SERVICE REQUEST`(input: UE.Input) throws {
    let bench = try waiting()
    #expect(bench.words(bench.give(input)).contains("establish with SERVICE REQUEST"))
    #expect(bench.ue.state == .serviceRequestInitiated)
    bench.give(.accessStratumSecured)
    #expect(bench.ue.state == .registered)
    // The update is not forgotten.
    let retried = try bench.assertSends(bench.give(.timerExpired(.t3411)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try retried[TrackingAreaUpdateRequest.epsUpdateType].kind == .periodicUpdating)
  }

  @Test func `T3411 ends while the service request runs: it gives way to the update, with the active flag (§5.6.1.6 f)`() throws {
    let bench = try waiting()
    _ = bench.words(bench.give(.requestService))
    let outputs = bench.give(.timerExpired(.t3411))
    #expect(outputs.stopped.contains(.t3417))
    let request = try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try request[TrackingAreaUpdateRequest.epsUpdateType].isActive)
  }

  @Test func `in ATTEMPTING-TO-UPDATE a paging still brings an update (§5.5.3.2.2 r)`() throws {
    let bench = try waiting()
    bench.ue.registration.trackingAreas = TAIList(areas: [Bench.otherArea])
    _ = bench.give(.timerExpired(.t3411))
    bench.give(.timerExpired(.t3430))
    #expect(bench.ue.state == .registeredSubstate(.attemptingToUpdate))
    try bench.synchroniseNetwork()
    try bench.assertSends(bench.give(.paged(ServiceTests.ours)), .trackingAreaUpdateRequest, header: .integrityProtected)
  }
}
