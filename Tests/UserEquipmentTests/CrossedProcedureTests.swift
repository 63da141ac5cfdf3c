import NASMessages
import NASSecurity
import Testing

@testable import NASCrypto
@testable import UserEquipment

/// What meets a procedure half-way: timers that end while a release is awaited, detaches that wait, connections that are lost.
@Suite struct CrossedProcedureTests {
  // MARK: Updates from N1 mode (§5.5.3.2.2 z, §5.5.3.2.6 e, h)

  enum BegunAnew: CaseIterable { case lostComplete, handover }

  @Test(arguments: BegunAnew.allCases, [true, false])
  func `an update from N1 mode begun anew over a secured connection goes by the 5G-GUTI`(way: BegunAnew, hasGUTI: Bool) throws {
    let five = ModelTests.fiveG
    let bench = try ServiceTests.idle()
    bench.give(.campedOn(Bench.area))
    if !hasGUTI { bench.ue.registration.guti = nil }
    bench.give(.enteredFromN1(IdleChangeFromN1(context: five, mappedGUTI: InterSystemTests.mappedGUTI)))
    bench.network.current = SecurityContext(idleFrom5GS: five, requestCount: five.uplinkNASCount, side: .mme, using: &bench.engine)
    bench.network.pending = nil
    let again: [UE.Output]
    switch way {
    case .lostComplete:
      let completed = bench.deliver(bench.securityModeCommand())
      again = bench.give(.transmissionFailed(try #require(completed.uplinks.first), movedTo: nil))
    case .handover:
      bench.deliver(Bench.identityRequest(.imei), .ciphered)
      bench.give(.accessStratumSecured)
      again = bench.give(.campedOn(Bench.otherArea))
    }
    guard case .protected(let pdu) = try NASPDU(parsing: try #require(again.uplinks.first), direction: .uplink) else {
      return #expect(Bool(false), "not protected")
    }
    let request = try NASMessage(decoding: pdu.payload, direction: .uplink)
    #expect(request.type == .trackingAreaUpdateRequest)
    #expect(try request[TrackingAreaUpdateRequest.oldGUTI] == .guti(InterSystemTests.mappedGUTI))
    #expect(try request[TrackingAreaUpdateRequest.oldGUTIType] == .native)
    #expect(try request[TrackingAreaUpdateRequest.additionalGUTI] == (hasGUTI ? .guti(Bench.guti) : nil))
    #expect(try request[TrackingAreaUpdateRequest.ueStatus]?.isN1Registered == true)
    guard case .trackingAreaUpdatingInitiated(let attempt) = bench.ue.machine else { return #expect(Bool(false), "no update runs") }
    #expect(attempt.isFromN1)
  }

  // MARK: Detaches that wait for an update (§5.5.3.2.6 f, m)

  @Test(arguments: [DetachType.reattachRequired, .reattachNotRequired])
  func `who waits to leave stays away when the network detaches it first`(type: DetachType) throws {
    let bench = try TrackingAreaUpdateTests.updating()
    try bench.synchroniseNetwork()
    bench.give(.detach(switchOff: false))
    let outputs = bench.deliver(Bench.detachRequest(type), .ciphered)
    try bench.assertSends(outputs, .detachAccept, header: .integrityProtectedAndCiphered)
    #expect(bench.give(.radioConnectionReleased).uplinks.isEmpty && bench.give(.timerExpired(.t3402)).uplinks.isEmpty)
    // The same without the wish: it comes back.
    let other = try TrackingAreaUpdateTests.updating()
    try other.synchroniseNetwork()
    other.deliver(Bench.detachRequest(type), .ciphered)
    let back = other.give(.radioConnectionReleased) + other.give(.timerExpired(.t3402))
    #expect(try other.opened(back).map(\.message.type) == [.attachRequest])
  }

  @Test func `who waits to leave stays away when it is paged by IMSI`() throws {
    let bench = try TrackingAreaUpdateTests.updating()
    bench.give(.detach(switchOff: false))
    #expect(bench.give(.paged(.imsi(Bench.imsi))).uplinks.isEmpty && bench.ue.state == .deregistered(.normalService))
  }

  // MARK: T3411 beside T3440 (§5.5.3.2.6, §5.3.1.2.1)

  @Test(arguments: [25, 31] as [UInt8])
  func `a rejected update whose T3411 ends before T3440 is begun after the release`(cause: UInt8) throws {
    let bench = try TrackingAreaUpdateTests.idle()
    _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
    let rejected = bench.deliver(Bench.updateReject(EMMCause(rawValue: cause)), .ciphered)
    try #require(rejected.started == [.t3411, .t3440])
    #expect(bench.give(.timerExpired(.t3411)).isEmpty)
    try bench.assertSends(bench.give(.timerExpired(.t3440)), .trackingAreaUpdateRequest, header: .integrityProtected)
    // Where T3411 goes on, the release alone begins nothing.
    let other = try TrackingAreaUpdateTests.idle()
    _ = try other.opened(other.give(.updateTrackingArea(isActive: false)))
    other.deliver(Bench.updateReject(EMMCause(rawValue: cause)), .ciphered)
    #expect(other.give(.timerExpired(.t3440)).uplinks.isEmpty)
    try other.assertSends(other.give(.timerExpired(.t3411)), .trackingAreaUpdateRequest, header: .integrityProtected)
  }

  @Test func `a combined update that was good for EPS services alone is tried again after the release`() throws {
    let bench = try NonEPSServicesTests().combined(idle: true)
    bench.give(.campedOn(Bench.area))
    _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
    let accepted = bench.deliver(EPSOnlyResultTests.accept(.mscTemporarilyNotReachable), .ciphered)
    try #require(accepted.started == [.t3411, .t3440])
    #expect(bench.give(.timerExpired(.t3411)).isEmpty)
    let again = try bench.assertSends(bench.give(.timerExpired(.t3440)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try again[TrackingAreaUpdateRequest.epsUpdateType].kind == .combinedTALAUpdatingWithIMSIAttach)
  }

  // MARK: Timers of an update that is no more (§5.5.1.2.2)

  @Test func `a detach out of a service request stops T3411 and T3402`() throws {
    let bench = try NonEPSServicesTests().combined(idle: true)
    guard case .registered(var registered) = bench.ue.machine else { return #expect(Bool(false)) }
    registered.substate = .attemptingToUpdateMM
    registered.updateAttempts = 5
    bench.ue.machine = .registered(registered)
    bench.give(.requestService)
    try #require(bench.ue.state == .serviceRequestInitiated)
    #expect(Set(bench.give(.detach(switchOff: false)).stopped).isSuperset(of: [.t3417, .t3411, .t3402]))
  }

  @Test func `an attach after LIMITED-SERVICE stops T3411 and T3402 of the attempts before`() throws {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    bench.give(.attach)
    bench.give(.radioConnectionFailed)
    try #require(bench.ue.state == .deregistered(.attemptingToAttach))
    bench.ue.forbidden.insert(Bench.otherArea, isProven: true)
    bench.give(.campedOn(Bench.otherArea))
    try #require(bench.ue.state == .deregistered(.limitedService))
    let outputs = bench.give(.campedOn(Bench.area))
    #expect(outputs.started == [.t3410] && outputs.stopped == [.t3411, .t3402])
  }

  // MARK: Another cell without AS security (§5.6.1.6 f, §5.5.2.2.4 f)

  @Test(arguments: [true, false])
  func `a cell of another area without AS security is a lost connection to a service request and a detach`(isDetach: Bool) throws {
    let bench = try TrackingAreaUpdateTests.idle()
    _ = isDetach ? bench.give(.detach(switchOff: false)) : bench.give(.requestService)
    let outputs = bench.give(.campedOn(Bench.otherArea))
    #expect(outputs.contains(.releaseConnection))
    #expect(outputs.contains { if case .establishConnection = $0 { true } else { false } })
    try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
  }

  // MARK: Emergencies (§3.1, Annex C, §5.4.2.7)

  @Test func `the null context and the GUTI go with the last connection, taken away without a message`() throws {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.attach()
    bench.give(.requestSession(.connectForEmergency))
    let transaction = try #require(bench.ue.sessions.transactions.first { $0.request == .connectForEmergency })
    try bench.synchroniseNetwork()
    bench.deliver(Bench.activation(transaction: transaction.identity, bearer: 6), .ciphered)
    try bench.synchroniseNetwork()
    bench.deliver(SessionTests.deactivation(bearer: 5), .ciphered)
    var context = SecurityContext.nullForEmergency(
      localKASME: KeyMaterial([UInt8](repeating: 1, count: 32)), side: .mme, using: &bench.engine)
    let command = bench.network.message(
      ScriptedNetwork.Command(algorithms: .null, capabilities: bench.ue.configuration.replayableCapabilities), eKSI: context.eKSI)
    bench.deliver(try context.protect(command.encoded(), as: .integrityProtectedNewContext, using: &bench.engine))
    try #require(bench.ue.contexts.current?.algorithms == .null && bench.ue.isAttachedForEmergency)
    bench.network.current = context
    var status = NASMessage(.esmStatus, procedureTransactionIdentity: 0, epsBearerIdentity: 6)
    status.set(ESMStatus.esmCause, .invalidEPSBearerIdentity)
    let outputs = bench.deliver(status, .ciphered)
    #expect(bench.ue.contexts == SecurityContexts() && bench.ue.registration.guti == nil)
    guard case .plain(let request) = try NASPDU(parsing: try #require(outputs.uplinks.first), direction: .uplink) else {
      return #expect(Bool(false), "the attach that follows is protected")
    }
    #expect(try request[AttachRequest.epsMobileIdentity] == .imsi(Bench.imsi))
  }

  @Test func `the null context goes with the registration, though the connection for emergencies went before the others (§4.4.4.1)`() throws
  {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.attach()
    bench.give(.requestSession(.connectForEmergency))
    let transaction = try #require(bench.ue.sessions.transactions.first { $0.request == .connectForEmergency })
    try bench.synchroniseNetwork()
    bench.deliver(Bench.activation(transaction: transaction.identity, bearer: 6), .ciphered)
    var context = SecurityContext.nullForEmergency(
      localKASME: KeyMaterial([UInt8](repeating: 1, count: 32)), side: .mme, using: &bench.engine)
    let command = bench.network.message(
      ScriptedNetwork.Command(algorithms: .null, capabilities: bench.ue.configuration.replayableCapabilities), eKSI: context.eKSI)
    bench.deliver(try context.protect(command.encoded(), as: .integrityProtectedNewContext, using: &bench.engine))
    bench.network.current = context
    bench.deliver(SessionTests.deactivation(bearer: 6), .ciphered)
    try #require(bench.ue.contexts.current?.algorithms == .null && !bench.ue.hasEmergencyConnection && bench.ue.state == .registered)
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.contexts.current == nil && bench.ue.state == .deregistered(.normalService))
    guard case .plain = try NASPDU(parsing: try #require(bench.give(.attach).uplinks.first), direction: .uplink) else {
      return #expect(Bool(false), "an ordinary attach under null integrity")
    }
  }

  @Test func `a connection that did not prove itself ends no connection of the next one (§5.4.2.7)`() throws {
    let bench = try TrackingAreaUpdateTests.idle()
    bench.give(.requestSession(.connectForEmergency))
    bench.ue.authentication.consecutiveFailures = 1
    bench.give(.timerExpired(.t3418))
    try #require(bench.ue.circumstances.keepsEmergencyConnectionAlone)
    bench.give(.radioConnectionReleased)
    #expect(!bench.ue.circumstances.keepsEmergencyConnectionAlone)
  }

  // MARK: Registration for non-EPS services (§5.5.1.3.2)

  @Test func `it ends with the registration for EPS services, and location area and TMSI stay`() throws {
    let bench = try NonEPSServicesTests().combined()
    bench.ue.registration.nonEPS = .init(locationArea: LocationAreaIdentity(plmn: Bench.plmn, lac: 7), tmsi: 0xC1A5_8001)
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(!bench.ue.registration.isRegisteredForNonEPS && bench.ue.registration.nonEPS?.tmsi == 0xC1A5_8001)
    // #18 stands against a combined one.
    bench.ue.circumstances.plmnsWithoutCS = [Bench.plmn]
    _ = try bench.opened(bench.give(.attach))
    guard case .registeredInitiated(let attempt) = bench.ue.machine else { return #expect(Bool(false)) }
    let activation = Bench.activation(transaction: attempt.procedureTransactionIdentity)
    _ = try bench.opened(bench.deliver(Bench.attachAccept(activation: activation), .ciphered))
    try #require(bench.ue.state == .registered && !bench.ue.registration.isRegisteredForNonEPS)
    #expect(bench.give(.requestCSFallback(.originating)).uplinks.isEmpty)
    let detach = try bench.assertSends(
      bench.give(.detach(switchOff: false)), .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(try detach[DetachRequestFromUE.detachType].kind == DetachType.epsDetach.kind)
  }

  // MARK: Bearers during an attach (§5.5.1.2.4)

  @Test func `a dedicated bearer that waits is not answered where ATTACH COMPLETE used the COUNT up (§4.4.3.5)`() throws {
    let bench = Bench()
    try bench.secureWhileAttaching()
    bench.deliver(SessionTests.dedicated(), .ciphered)
    let context = try #require(bench.ue.contexts.current)
    bench.ue.contexts = SecurityContexts(
      current: SecurityContext(
        kasme: context.kasme, keySetIdentifier: context.keySetIdentifier, side: .userEquipment, algorithms: context.algorithms,
        counts: NASCountPair(nextToSend: nil, largestAccepted: context.downlinkNASCount), using: &bench.engine))
    let outputs = bench.deliver(Bench.attachAccept(), .ciphered)
    #expect(outputs.contains(.releaseConnection) && outputs.uplinks.isEmpty)
  }

  @Test func `a dedicated bearer that waits is forgotten when the network deactivates it`() throws {
    let bench = Bench()
    try bench.secureWhileAttaching()
    bench.deliver(SessionTests.dedicated(), .ciphered)
    let answer = bench.deliver(SessionTests.deactivation(bearer: 6), .ciphered)
    try bench.assertSends(answer, .deactivateEPSBearerContextAccept, header: .integrityProtectedAndCiphered)
    let outputs = bench.deliver(Bench.attachAccept(), .ciphered)
    try bench.assertSends(outputs, .attachComplete, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.dedicatedBearers.isEmpty)
  }

  // MARK: Forbidden areas (§5.3.2)

  @Test func `lists erased over a connection: the cell is entered anew when that is gone`() throws {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.secureWhileAttaching()
    bench.deliver(Bench.attachReject(EMMCause(rawValue: 12)), .ciphered)
    try #require(bench.ue.state == .deregistered(.limitedService) && bench.ue.isConnected)
    #expect(bench.give(.timerExpired(.forbiddenAreas)).isEmpty)
    #expect(bench.give(.radioConnectionReleased).started.contains(.t3410) && bench.ue.state == .registeredInitiated)
  }

  // MARK: Switching off (§5.5.2.2.1)

  @Test func `switching off while a detach runs is told to the network, and ends in EMM-NULL`() throws {
    let bench = Bench()
    try bench.attach()
    _ = try bench.opened(bench.give(.detach(switchOff: false)))
    let outputs = bench.give(.detach(switchOff: true))
    let request = try bench.assertSends(outputs, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(try request[DetachRequestFromUE.detachType].isSwitchOff)
    #expect(bench.ue.state == .null && outputs.stopped.contains(.t3421))
  }
}
