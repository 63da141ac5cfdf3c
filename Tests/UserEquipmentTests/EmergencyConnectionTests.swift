import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// The PDN connection for emergency bearer services beside an ordinary registration, and alone (TS 24.301 §3.1, §6.5.1).
@Suite struct EmergencyConnectionTests {
  private static let wish = UE.Input.requestSession(.connectForEmergency)

  /// The connection asked for on a secured connection.
  @discardableResult
  private func ask(_ bench: Bench) throws -> SessionTransaction {
    bench.give(Self.wish)
    return try #require(bench.ue.sessions.transactions.first { $0.request == .connectForEmergency })
  }

  /// The connection made, as bearer 6.
  private func connected() throws -> Bench {
    let bench = Bench()
    try bench.attach()
    let transaction = try ask(bench)
    try bench.synchroniseNetwork()
    bench.deliver(Bench.activation(transaction: transaction.identity, bearer: 6), .ciphered)
    #expect(bench.ue.hasEmergencyConnection && !bench.ue.isAttachedForEmergency)
    return bench
  }

  /// The ordinary connection gone.
  private func alone() throws -> Bench {
    let bench = try connected()
    try bench.synchroniseNetwork()
    bench.deliver(SessionTests.deactivation(bearer: 5), .ciphered)
    #expect(bench.ue.isAttachedForEmergency && bench.ue.state == .registered)
    return bench
  }

  private func reject(_ transaction: SessionTransaction, _ cause: ESMCause) -> NASMessage {
    var reject = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: transaction.identity)
    reject.set(PDNConnectivityReject.esmCause, cause)
    reject.set(PDNConnectivityReject.backOffTimerValue, GPRSTimer3(seconds: 60))
    return reject
  }

  @Test func `it is asked for with request type emergency and without an access point (§6.5.1.2)`() throws {
    let bench = Bench()
    try bench.attach()
    let outputs = bench.give(Self.wish)
    let request = try bench.assertSends(outputs, .pdnConnectivityRequest, header: .integrityProtectedAndCiphered)
    #expect(try request[PDNConnectivityRequest.requestType] == .emergency)
    #expect(try request[PDNConnectivityRequest.accessPointName] == nil)
  }

  @Test func `it is not asked for a second time, before or after it is made (§6.5.1.1)`() throws {
    let bench = Bench()
    try bench.attach()
    try ask(bench)
    #expect(bench.give(Self.wish).events == [.sessionFailed(.connectForEmergency, nil)])
    let made = try connected()
    let outputs = made.give(Self.wish)
    #expect(outputs.events == [.sessionFailed(.connectForEmergency, nil)] && outputs.uplinks.isEmpty)
  }

  @Test func `who is attached for emergency bearer services only asks for no other connection (§6.5.1.1)`() throws {
    #expect(try connected().give(.requestSession(.connect("ims"))).uplinks.count == 1)
    let outputs = try alone().give(.requestSession(.connect("ims")))
    #expect(outputs.events == [.sessionFailed(.connect("ims"), nil)] && outputs.uplinks.isEmpty)
  }

  @Test func `no more resources are asked for it (§6.5.3.1, §6.5.4.1)`() throws {
    let bench = try connected()
    for request in [
      SessionRequest.allocate(linked: 6, SessionTests.flows, EPSQoS(qci: 1)), .modify(bearer: 6, SessionTests.flows, nil),
    ] {
      #expect(bench.give(.requestSession(request)).events == [.sessionFailed(request, nil)])
    }
    #expect(bench.give(.requestSession(.allocate(linked: 5, SessionTests.flows, EPSQoS(qci: 1)))).uplinks.count == 1)
  }

  @Test func `neither T3396 without an access point nor a back-off timer holds it back or begins with it (§6.3.5, §6.3.6)`() throws {
    let bench = Bench()
    try bench.attach()
    bench.ue.sessionBackOffs = [
      SessionBackOff(accessPointName: nil, isDeactivated: true),
      SessionBackOff(scope: .procedure(.connectivity, Bench.plmn), accessPointName: nil, isDeactivated: true),
    ]
    let before = bench.ue.sessionBackOffs
    let transaction = try ask(bench)
    try bench.synchroniseNetwork()
    for cause in [26, 27] as [UInt8] {
      let copy = bench.ue
      let outputs = bench.deliver(reject(transaction, ESMCause(rawValue: cause)), .ciphered)
      #expect(outputs.events == [.sessionFailed(.connectForEmergency, ESMCause(rawValue: cause))])
      #expect(bench.ue.sessionBackOffs == before && bench.ue.state == .registered)
      bench.ue = copy
      try bench.synchroniseNetwork()
    }
    // Accepted, it stops nothing either (§6.4.1.3).
    bench.deliver(Bench.activation(transaction: transaction.identity, bearer: 6), .ciphered)
    #expect(bench.ue.hasEmergencyConnection && bench.ue.sessionBackOffs == before)
    // Nor do its deactivation and a request of the network beside it (§6.4.4.2, §6.4.2.3).
    try bench.synchroniseNetwork()
    var deactivation = SessionTests.deactivation(bearer: 6)
    deactivation.set(DeactivateEPSBearerContextRequest.esmCause, .insufficientResources)
    bench.deliver(deactivation, .ciphered)
    #expect(!bench.ue.hasEmergencyConnection && bench.ue.sessionBackOffs == before)
  }

  @Test func `T3482 expires once for it (§6.5.1.5 a)`() throws {
    let bench = Bench()
    try bench.attach()
    let transaction = try ask(bench)
    let outputs = bench.give(.sessionTimerExpired(transaction.timer))
    #expect(outputs.events == [.sessionFailed(.connectForEmergency, nil)] && outputs.uplinks.isEmpty)
    #expect(bench.ue.sessions.transactions.isEmpty)
  }

  @Test func `deactivated with #39 it is asked for again (§6.4.4.3)`() throws {
    let bench = try connected()
    try bench.synchroniseNetwork()
    var deactivation = SessionTests.deactivation(bearer: 6)
    deactivation.set(DeactivateEPSBearerContextRequest.esmCause, .reactivationRequested)
    bench.deliver(deactivation, .ciphered)
    #expect(bench.ue.sessions.transactions.map(\.request) == [.connectForEmergency])
  }

  // MARK: From EMM-IDLE

  @Test func `from idle a service request goes first, with the cause of an emergency, whatever T3346, T3325 and barred access say`() throws
  {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.ue.backOff.t3346Runs = true
    bench.ue.backOff.t3325Runs = true
    bench.give(.accessBarred)
    #expect(bench.give(.requestSession(.connect("ims"))).uplinks.isEmpty)
    bench.ue.sessions.waiting = []
    let outputs = bench.give(Self.wish)
    let initial = try #require(outputs.initial)
    #expect(initial.establishmentCause == .emergency && initial.octets.headerType == .serviceRequest)
    let sent = bench.give(.accessStratumSecured)
    try bench.synchroniseNetwork()
    #expect(sent.uplinks.count == 1 && bench.ue.sessions.transactions.map(\.request) == [.connectForEmergency])
  }

  @Test(arguments: [9, 10, 40, 22, 15, 111] as [UInt8])
  func `a SERVICE REJECT is told to who wants the call; no attach follows by itself (§5.6.1.5, §5.6.1.5A)`(cause: UInt8) throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.give(Self.wish)
    try bench.synchroniseNetwork()
    let outputs = bench.deliver(
      Bench.serviceReject(EMMCause(rawValue: cause), t3346: cause == 22 ? GPRSTimer(seconds: 60) : nil), .integrity)
    #expect(outputs.events.filter { $0 == .sessionFailed(.connectForEmergency, nil) }.count == 1)
    #expect(bench.ue.sessions.waiting.isEmpty)
    let after = bench.give(.radioConnectionReleased)
    #expect(after.uplinks.isEmpty)
    if [9, 10, 40].contains(cause) {
      #expect(bench.ue.state == .deregistered(.normalService) && !outputs.started.contains(.t3440))
    }
  }

  @Test func `unanswered five times, its service request does not start T3325 (§5.6.1.6 c)`() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    for _ in 0..<6 {
      bench.give(Self.wish)
      let outputs = bench.give(.timerExpired(.t3417))
      #expect(outputs.events.contains(.sessionFailed(.connectForEmergency, nil)) && !outputs.started.contains(.t3325))
    }
  }

  @Test(arguments: [EMMState.Registered.attemptingToUpdate, .updateNeeded])
  func `where service requests are not sent, an update goes first (§5.2.3.2.2 e, §5.2.3.2.5)`(substate: EMMState.Registered) throws {
    let bench = Bench()
    try bench.attachAndRelease()
    guard case .registered(var registered) = bench.ue.machine else { return }
    registered.substate = substate
    bench.ue.machine = .registered(registered)
    bench.ue.backOff.t3346Runs = true
    if substate == .updateNeeded { bench.give(.accessBarred) }
    let initial = try #require(bench.give(Self.wish).initial)
    #expect(initial.establishmentCause == .emergency && bench.ue.state == .trackingAreaUpdatingInitiated)
    try bench.synchroniseNetwork()
    let failed = bench.ue
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.ue.sessions.transactions.map(\.request) == [.connectForEmergency])
    // Rejected, with #9: who wants the call is told, and no attach follows by itself (§5.5.3.2.5).
    bench.ue = failed
    try bench.synchroniseNetwork()
    let outputs = bench.deliver(Bench.updateReject(.ueIdentityCannotBeDerivedByTheNetwork), .ciphered)
    #expect(outputs.events.contains(.sessionFailed(.connectForEmergency, nil)))
    #expect(bench.ue.state == .deregistered(.normalService) && bench.give(.radioConnectionReleased).uplinks.isEmpty)
    // Unanswered: not counted (§5.5.3.2.6).
    bench.ue = failed
    #expect(bench.give(.timerExpired(.t3430)).events.contains(.sessionFailed(.connectForEmergency, nil)))
    guard case .registered(let after) = bench.ue.machine else { return }
    #expect(after.updateAttempts == 0)
  }

  @Test(arguments: [true, false])
  func `asked for while an update or a service request runs it begins with the end of that (§4.2)`(isUpdate: Bool) throws {
    let bench = isUpdate ? try TrackingAreaUpdateTests.updating(isActive: true) : try TrackingAreaUpdateTests.idle()
    if isUpdate {
      try bench.synchroniseNetwork()
    } else {
      _ = try bench.network.openServiceRequest(try #require(bench.give(.requestService).uplinks.first), using: &bench.engine)
    }
    #expect(bench.give(Self.wish).isEmpty && bench.ue.isInEmergency)
    // Once is enough (§6.5.1.1).
    #expect(bench.give(Self.wish).events == [.sessionFailed(.connectForEmergency, nil)])
    let running = bench.ue
    let outputs = isUpdate ? bench.deliver(Bench.updateAccept(), .ciphered) : bench.give(.accessStratumSecured)
    try bench.assertSends(outputs, .pdnConnectivityRequest, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.sessions.transactions.map(\.request) == [.connectForEmergency])
    // The connection is lost: who wants the call is told. The update was for something else, and counts (§5.5.3.2.6).
    bench.ue = running
    #expect(bench.give(.radioConnectionReleased).events.contains(.sessionFailed(.connectForEmergency, nil)))
    #expect(!bench.ue.isInEmergency && bench.ue.machine.registered?.updateAttempts == (isUpdate ? 1 : 0))
  }

  @Test func `an update for it is not counted after a change from N1 mode either (§5.5.3.2.6)`() throws {
    let bench = try TrackingAreaUpdateTests.idle()
    bench.give(.enteredFromN1(IdleChangeFromN1(context: ModelTests.fiveG, mappedGUTI: InterSystemTests.mappedGUTI)))
    bench.give(.timerExpired(.t3430))
    try #require(bench.ue.state == .registeredSubstate(.attemptingToUpdate) && bench.ue.machine.registered?.updateAttempts == 1)
    bench.give(Self.wish)
    try #require(bench.ue.state == .trackingAreaUpdatingInitiated)
    #expect(bench.give(.timerExpired(.t3430)).events.contains(.sessionFailed(.connectForEmergency, nil)))
    #expect(bench.ue.machine.registered?.updateAttempts == 1)
  }

  @Test func `behind an update without bearers it does not wait for the release (§5.3.1.2.1)`() throws {
    let bench = try TrackingAreaUpdateTests.updating()
    try bench.synchroniseNetwork()
    bench.give(Self.wish)
    let outputs = bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(outputs.contains(.releaseConnection) && outputs.initial?.establishmentCause == .emergency)
    #expect(bench.ue.state == .serviceRequestInitiated && bench.ue.isEstablishingEmergencyConnection)
  }

  @Test func `T3440 is no reason to wait (§5.3.1.2.1)`() throws {
    let bench = Bench()
    try bench.attach()
    bench.ue.backOff.t3440Runs = true
    let outputs = bench.give(Self.wish)
    #expect(outputs.stopped.contains(.t3440) && outputs.contains(.releaseConnection))
    #expect(outputs.initial?.establishmentCause == .emergency)
  }

  @Test(arguments: [UE.Input.noCellFound, .detach(switchOff: false)])
  func `where it cannot begin, who wants the call is told at once`(input: UE.Input) throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.give(input)
    #expect(bench.give(Self.wish).events.contains(.sessionFailed(.connectForEmergency, nil)))
    #expect(bench.ue.sessions.waiting.isEmpty)
  }

  // MARK: Attached for emergency bearer services only

  @Test func `T3412 makes it a local detach, and nothing of the registration stays (§5.3.5, §5.3.4, Annex C)`() throws {
    let bench = try alone()
    bench.ue.registration.equivalentPLMNs = [Bench.plmn]
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.usimFiles.security == .invalid && bench.ue.usimFiles.location.guti == nil)
    let outputs = bench.give(.timerExpired(.t3412))
    #expect(outputs.events == [.detached(.locally)] && outputs.uplinks.isEmpty)
    #expect(bench.ue.contexts == SecurityContexts() && bench.ue.registration.guti == nil)
    #expect(bench.ue.registration.equivalentPLMNs.isEmpty)
    // Beside another connection the update is due as ever.
    let both = try connected()
    both.give(.radioConnectionReleased)
    #expect(both.give(.timerExpired(.t3412)).uplinks.count == 1)
  }

  @Test func `after it the UE attaches as an ordinary one again`() throws {
    let bench = try alone()
    bench.give(.detach(switchOff: false))
    try bench.synchroniseNetwork()
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.bearers.isEmpty && bench.ue.contexts == SecurityContexts())
    let request = try #require(try bench.opened(bench.give(.attach)).first).message
    #expect(try request[AttachRequest.epsAttachType] == .epsAttach)
    #expect(try request[AttachRequest.epsMobileIdentity] == .imsi(Bench.imsi))
  }

  @Test func `with it T3346 holds neither updates nor service requests back (§5.5.3.2.6 l d, §5.6.1.6)`() throws {
    for bench in [try connected(), try alone()] {
      bench.give(.radioConnectionReleased)
      bench.ue.backOff.t3346Runs = true
      let ue = bench.ue
      #expect(bench.give(.requestService).initial?.establishmentCause == (ue.isAttachedForEmergency ? .emergency : .mobileOriginatedData))
      bench.ue = ue
      #expect(bench.give(.updateTrackingArea(isActive: false)).initial?.establishmentCause == .emergency)
    }
  }

  @Test func `the last other connection may be disconnected, the emergency's alone ends the registration (§6.5.2.1)`() throws {
    let bench = try connected()
    let outputs = bench.give(.requestSession(.disconnect(linked: 5)))
    try bench.synchroniseNetwork()
    #expect(outputs.uplinks.count == 1 && bench.ue.state == .registered)
    let last = try alone()
    last.give(.requestSession(.disconnect(linked: 6)))
    #expect(last.ue.state == .deregisteredInitiated)
  }

  @Test func `ISR ends with the last other connection (§6.1.5)`() throws {
    let bench = try connected()
    bench.ue.registration.temporaryIdentityInNextUpdate = .ratRelatedTMSI
    try bench.synchroniseNetwork()
    bench.deliver(SessionTests.deactivation(bearer: 5), .ciphered)
    #expect(bench.ue.registration.temporaryIdentityInNextUpdate == .guti)
  }

  @Test func `equivalent PLMNs that are forbidden stay on the list as long as it is there (§5.3.4)`() throws {
    let bench = try connected()
    let foreign = EquivalentPLMNTests.foreign
    bench.ue.forbidden.plmns = [foreign]
    bench.ue.adoptEquivalentPLMNs(PLMNList([foreign]))
    #expect(bench.ue.registration.equivalentPLMNs.contains(foreign))
    try bench.synchroniseNetwork()
    bench.deliver(SessionTests.deactivation(bearer: 6), .ciphered)
    #expect(!bench.ue.registration.equivalentPLMNs.contains(foreign) && bench.ue.registration.equivalentPLMNs.contains(Bench.plmn))
  }

  // MARK: Authentication and security mode

  @Test func `null integrity is taken into use with it, or while it is being made, and not without (§5.4.3.3)`() throws {
    for (isThere, isAsked) in [(false, false), (false, true), (true, false)] {
      let bench = isThere ? try connected() : Bench()
      if !isThere { try bench.attach() }
      if isAsked { try ask(bench) }
      var context = SecurityContext.nullForEmergency(
        localKASME: KeyMaterial([UInt8](repeating: 1, count: 32)), side: .mme, using: &bench.engine)
      let command = bench.network.message(
        ScriptedNetwork.Command(algorithms: .null, capabilities: bench.ue.configuration.replayableCapabilities), eKSI: context.eKSI)
      let pdu = try context.protect(command.encoded(), as: .integrityProtectedNewContext, using: &bench.engine)
      bench.deliver(pdu)
      #expect((bench.ue.contexts.current?.algorithms == .null) == (isThere || isAsked))
    }
  }

  @Test(arguments: [true, false])
  func `a network that does not prove itself is stayed with, and the other connections end (§5.4.2.7)`(isMade: Bool) throws {
    let bench = isMade ? try connected() : Bench()
    if !isMade { try bench.attach() }
    let transaction = isMade ? nil : try ask(bench)
    try bench.synchroniseNetwork()
    bench.deliver(bench.challenge(amf: 0), .ciphered)
    #expect(bench.ue.authentication.consecutiveFailures == 1)
    let outputs = bench.give(.timerExpired(.t3418))
    #expect(!outputs.contains(.releaseConnection) && !outputs.events.contains(.activeCellBarred))
    if let transaction {
      #expect(outputs.uplinks.isEmpty)
      try bench.synchroniseNetwork()
      bench.deliver(Bench.activation(transaction: transaction.identity, bearer: 6), .ciphered)
    }
    #expect(bench.ue.sessions.transactions.map(\.request) == [.disconnect(linked: 5)])
  }
}

extension [UE.Output] {
  fileprivate var initial: InitialNASMessage? {
    compactMap { if case .establishConnection(let initial) = $0 { initial } else { nil } }.first
  }
}
