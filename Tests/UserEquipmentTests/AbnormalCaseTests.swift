import NASCrypto
import NASMessages
import NASSecurity
import RadioInterface
import Testing

@testable import UserEquipment

/// Procedures of the UE that meet one another, a reject that was proved, a lost connection or the end of a COUNT: each by its clause.
@Suite struct AbnormalCaseTests {
  private func idle() throws -> Bench {
    let bench = try ServiceTests.idle()
    bench.give(.campedOn(Bench.area))
    return bench
  }

  // MARK: Forbidden areas

  @Test(arguments: ["attach", "update", "GUTI reallocation"])
  func `an area that the network names is forbidden no more (§5.3.2)`(procedure: String) throws {
    let bench = Bench()
    if procedure != "attach" { try bench.attach() }
    bench.ue.forbidden.insert(Bench.otherArea, isProven: true)
    for purpose in ForbiddenAreas.Purpose.allCases { bench.ue.forbidden.insert(Bench.area, for: purpose, isProven: false) }
    switch procedure {
    case "attach": try bench.attach()
    case "update":
      bench.give(.updateTrackingArea(isActive: false))
      bench.deliver(Bench.updateAccept(areas: [Bench.area]), .ciphered)
    default: bench.deliver(Bench.gutiReallocationCommand(Bench.guti, areas: [Bench.area]), .ciphered)
    }
    #expect(bench.ue.forbidden.trackingAreas == [Bench.otherArea])
  }

  @Test func `not so while the only PDN connection is for emergencies (§5.3.2)`() throws {
    let bench = Bench { $0.attachesForEmergency = true }
    bench.ue.forbidden.insert(Bench.area, isProven: true)
    try bench.attach()
    #expect(bench.ue.forbidden.trackingAreas == [Bench.area])
  }

  @Test(arguments: [EMMTimer.t3346, .t3247])
  func `no timer begins an attach where a reject that was proved forbids it (§5.2.2.3, §5.3.7b)`(timer: EMMTimer) throws {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    bench.give(.attach)
    try bench.secureWhileAttaching()
    bench.deliver(Bench.attachReject(.trackingAreaNotAllowed), .ciphered)
    bench.give(.radioConnectionReleased)
    bench.ue.backOff.t3346Runs = timer == .t3346
    bench.ue.backOff.attachesAfterwards = timer == .t3346
    bench.ue.unprotectedRejects.timerRuns = timer == .t3247
    #expect(bench.give(.timerExpired(timer)).uplinks.isEmpty && bench.ue.state == .deregistered(.limitedService))
    #expect(bench.give(.campedOn(Bench.otherArea)).uplinks.count == 1)
  }

  // MARK: Detach

  @Test func `a detach that waits for an update waits for the one begun in its place (§5.5.3.2.6 e, h, m)`() throws {
    for isLost in [false, true] {
      let bench = try idle()
      bench.give(.updateTrackingArea(isActive: false))
      bench.give(.detach(switchOff: false))
      if isLost {
        let sent = try #require(bench.ue.lastSent)
        bench.give(.transmissionFailed(sent.pdu, movedTo: nil))
      } else {
        bench.give(.campedOn(Bench.otherArea))
      }
      #expect(bench.ue.state == .trackingAreaUpdatingInitiated)
      try bench.synchroniseNetwork()
      bench.deliver(Bench.updateAccept(areas: [Bench.area, Bench.otherArea]), .ciphered)
      #expect(bench.ue.state == .deregisteredInitiated, "lost: \(isLost)")
    }
  }

  @Test(arguments: [11, 12, 13, 14, 15, 25] as [UInt8])
  func `a detach by the network with these causes gives it T3440 to release the connection (§5.3.1.2.1 a)`(cause: UInt8) throws {
    let bench = Bench()
    try bench.attach()
    bench.give(.campedOn(Bench.area))
    let outputs = bench.deliver(Bench.detachRequest(.reattachNotRequired, cause: EMMCause(rawValue: cause)), .ciphered)
    #expect(outputs.started.contains(.t3440))
    #expect(bench.give(.timerExpired(.t3440)).contains(.releaseConnection) && !bench.ue.isConnected)
  }

  @Test func `T3411 of a failed update does not end the wait for T3402 after a detach by the network (§5.5.2.3.4 b)`() throws {
    let bench = Bench { $0.registersForNonEPSServices = true }
    try bench.secureWhileAttaching()
    let attached = bench.deliver(Bench.attachAccept(), .ciphered)
    #expect(attached.started.contains(.t3411) && bench.ue.state == .registeredSubstate(.attemptingToUpdateMM))
    try bench.synchroniseNetwork()
    let outputs = bench.deliver(Bench.detachRequest(.reattachNotRequired), .ciphered)
    #expect(outputs.stopped.contains(.t3411) && outputs.started.contains(.t3402))
  }

  @Test func `the attach after the end of the last PDN connection follows, though the network's detach crosses ours (§6.4.4.4 a)`() throws {
    let bench = Bench()
    try bench.attach()
    bench.deliver(SessionTests.deactivation(bearer: 5), .ciphered)
    #expect(bench.ue.state == .deregisteredInitiated)
    try bench.synchroniseNetwork()
    bench.deliver(Bench.detachRequest(.reattachRequired), .ciphered)
    #expect(bench.give(.radioConnectionReleased).uplinks.count == 1 && bench.ue.state == .registeredInitiated)
  }

  // MARK: COUNT

  @Test func `switched off with its COUNT used up, the UE says so without a key and is off (§4.4.3.5)`() throws {
    let bench = try idle()
    bench.moveCounts(to: 0, before: 0)
    bench.give(.updateTrackingArea(isActive: false))
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.contexts.current?.counts.nextToSend == nil)
    let outputs = bench.give(.detach(switchOff: true))
    let octets = try #require(outputs.uplinks.first)
    let request = try NASMessage(decoding: octets, direction: .uplink)
    #expect(request.type == .detachRequestFromUE && bench.ue.state == .null)
    #expect(try request[DetachRequestFromUE.nasKeySetIdentifier] == .noKey)
  }

  @Test func `over a secured connection a used up COUNT means its release, and the update opens another without a key (§4.4.3.5)`() throws {
    let bench = Bench()
    try bench.attach()
    bench.moveCounts(to: 0, before: 0)
    bench.give(.sendStatus(.protocolErrorUnspecified, afterLosing: 0))
    #expect(bench.ue.contexts.current?.counts.nextToSend == nil && bench.ue.isConnected)
    let outputs = bench.give(.updateTrackingArea(isActive: false))
    #expect(outputs.first == .releaseConnection && bench.ue.contexts.current == nil && !bench.ue.hasSecureExchange)
    guard case .establishConnection(let initial)? = outputs.first(where: \.isUplink) else { return #expect(Bool(false)) }
    let request = try NASMessage(decoding: initial.octets, direction: .uplink)
    #expect(try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == .noKey)
  }

  // MARK: Services

  @Test(arguments: [UE.Input.requestService, .paged(ServiceTests.ours)])
  func `services are requested while a failed update waits for T3411 in an area of ours (§5.6.1.1, §5.5.3.2.6)`(input: UE.Input) throws {
    let bench = try idle()
    bench.give(.updateTrackingArea(isActive: false))
    try bench.synchroniseNetwork()
    bench.deliver(Bench.updateReject(.networkFailure), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .registered && bench.ue.machine.registered?.owedUpdate != nil)
    #expect(bench.give(input).uplinks.map(\.headerType) == [.serviceRequest])
    // T3411 triggers the update all the same.
    #expect(bench.give(.timerExpired(.t3411)).started.contains(.t3430) && bench.ue.state == .trackingAreaUpdatingInitiated)
  }

  @Test func `a CS fallback that fails in EMM-CONNECTED leaves the connection (§5.6.1.6 c to e)`() throws {
    for isRejected in [false, true] {
      let bench = try NonEPSServicesTests().combined()
      bench.give(.requestCSFallback(.originating))
      #expect(bench.ue.state == .serviceRequestInitiated)
      try bench.synchroniseNetwork()
      let outputs = isRejected ? bench.deliver(Bench.serviceReject(.networkFailure), .ciphered) : bench.give(.timerExpired(.t3417ext))
      #expect(bench.ue.isConnected && !outputs.contains(.releaseConnection))
      // §5.2.3.2 k.
      #expect(bench.ue.state == .trackingAreaUpdatingInitiated)
    }
  }

  @Test func `a deactivation within our transaction, sent again, is accepted again (§6.5.2.3)`() throws {
    let bench = Bench()
    try bench.attach()
    bench.give(.requestSession(.connect("ims")))
    try bench.synchroniseNetwork()
    let connection = try #require(bench.ue.sessions.transactions.first)
    bench.deliver(Bench.activation(transaction: connection.identity, bearer: 6), .ciphered)
    bench.give(.requestSession(.disconnect(linked: 6)))
    let transaction = try #require(bench.ue.sessions.transactions.first).identity
    var deactivation = NASMessage(
      .deactivateEPSBearerContextRequest, procedureTransactionIdentity: transaction, epsBearerIdentity: 6)
    deactivation.set(DeactivateEPSBearerContextRequest.esmCause, .regularDeactivation)
    for _ in 0..<2 {
      try bench.synchroniseNetwork()
      try bench.assertSends(
        bench.deliver(deactivation, .ciphered), .deactivateEPSBearerContextAccept, header: .integrityProtectedAndCiphered)
    }
  }

  // MARK: Handover and emergencies

  @Test func `handed over into another area during an update, the UE begins it anew over its connection (§5.5.3.2.6 e)`() throws {
    let bench = Bench()
    try bench.attach()
    bench.give(.campedOn(Bench.area))
    _ = bench.radio(1, nextHop: 0)
    #expect(bench.ue.accessStratum != nil)
    bench.give(.updateTrackingArea(isActive: false))
    let outputs = bench.give(.campedOn(Bench.otherArea))
    #expect(!outputs.contains(.releaseConnection) && bench.ue.isConnected && bench.ue.registration.updateStatus == .notUpdated)
    try bench.synchroniseNetwork()
    #expect(bench.ue.state == .trackingAreaUpdatingInitiated && outputs.uplinks.map(\.headerType) == [.integrityProtected])
  }

  @Test func `null algorithms under KSI 000 are over a KASME of their own, whatever key has that number (§5.4.3.2, §4.4.2.1 c)`() throws {
    let bench = Bench { $0.attachesForEmergency = true }
    try bench.attach(eKSI: 0)
    let native = try #require(bench.ue.contexts.current)
    var context = SecurityContext.nullForEmergency(
      localKASME: KeyMaterial([UInt8](repeating: 1, count: 32)), side: .mme, using: &bench.engine)
    let command = bench.network.message(
      ScriptedNetwork.Command(algorithms: .null, capabilities: bench.ue.configuration.replayableCapabilities), eKSI: context.eKSI)
    bench.deliver(try context.protect(command.encoded(), as: .integrityProtectedNewContext, using: &bench.engine))
    let null = try #require(bench.ue.contexts.current)
    #expect(null.algorithms == .null && null.kasme != native.kasme && null.counts.nextToSend == NASCount(1))
    // The next one goes on under it.
    bench.deliver(try context.protect(command.encoded(), as: .integrityProtectedNewContext, using: &bench.engine))
    #expect(bench.ue.contexts.current?.kasme == null.kasme && bench.ue.contexts.current?.counts.nextToSend == NASCount(2))
  }
}
