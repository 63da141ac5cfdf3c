import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// The end of the last PDN connection of a UE without "EMM-REGISTERED without PDN connection" (TS 24.301 §5.5.2.1 b, §6.4.4.6, §6.5.2.1).
@Suite struct LastConnectionTests {
  @Test(arguments: [true, false])
  func `a DETACH REQUEST of the network crosses: the attach that is to follow follows, a user who leaves stays away (§5.5.2.2.4 d)`(
    isWish: Bool
  ) throws {
    for type in [DetachType.reattachRequired, .reattachNotRequired] {
      let bench = Bench()
      try bench.attach()
      if isWish { bench.give(.detach(switchOff: false)) } else { bench.deliver(SessionTests.deactivation(bearer: 5), .ciphered) }
      try #require(bench.ue.state == .deregisteredInitiated)
      bench.deliver(Bench.detachRequest(type), .ciphered)
      let follows = bench.give(.radioConnectionReleased) + bench.give(.timerExpired(.t3402))
      #expect(follows.uplinks.count == (isWish ? 0 : 1), "\(type)")
    }
  }

  /// Registered, with a second PDN connection on bearer 6.
  static func twice(_ change: (inout UEConfiguration) -> Void = { _ in }) throws -> Bench {
    let bench = Bench(configuration: change)
    try bench.attach()
    _ = try bench.opened(bench.give(.requestSession(.connect("ims"))))
    let transaction = try #require(bench.ue.sessions.transactions.first)
    _ = try bench.opened(bench.deliver(Bench.activation(transaction: transaction.identity, bearer: 6), .ciphered))
    try #require(bench.ue.activeBearerIdentities == [5, 6])
    return bench
  }

  static func serviceAccept(active: Set<UInt8>) -> NASMessage {
    var accept = NASMessage(.serviceAccept)
    accept.set(ServiceAccept.epsBearerContextStatus, EPSBearerContextStatus(active: active))
    return accept
  }

  // MARK: What the UE wants

  @Test func `to disconnect from the last PDN the UE detaches and stays away`() throws {
    let bench = try Bench.registered()
    let outputs = bench.give(.requestSession(.disconnect(linked: 5)))
    let request = try bench.assertSends(outputs, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(try request[DetachRequestFromUE.detachType] == .epsDetach)
    #expect(bench.ue.state == .deregisteredInitiated && outputs.started == [.t3421])
    #expect(!bench.words(outputs).contains("start T3492"))
    #expect(bench.deliver(NASMessage(.detachAccept), .ciphered).events == [.detached(.byUser(switchOff: false, acknowledged: true))])
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .deregistered(.normalService) && bench.ue.bearers.isEmpty)
  }

  @Test func `from EMM-IDLE no service request comes first`() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    #expect(bench.words(bench.give(.requestSession(.disconnect(linked: 5)))).contains("establish with DETACH REQUEST/1"))
  }

  @Test func `T3346 does not stand against it (§5.5.2.1)`() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.ue.backOff.start(of: Bench.plmn)
    #expect(bench.words(bench.give(.requestSession(.disconnect(linked: 5)))).contains("establish with DETACH REQUEST/1"))
  }

  @Test func `beside another PDN connection it is PDN DISCONNECT REQUEST, and the next one is the last`() throws {
    let bench = try Self.twice()
    #expect(bench.words(bench.give(.requestSession(.disconnect(linked: 5)))) == ["send PDN DISCONNECT REQUEST/2", "start T3492"])
    // With the first under way, nothing would be left.
    #expect(bench.words(bench.give(.requestSession(.disconnect(linked: 6)))).contains("send DETACH REQUEST/2"))
    #expect(bench.ue.state == .deregisteredInitiated)
  }

  @Test func `a disconnection asked for twice is one`() throws {
    let bench = try Self.twice()
    bench.give(.requestSession(.disconnect(linked: 5)))
    #expect(bench.give(.requestSession(.disconnect(linked: 5))).uplinks.isEmpty)
    #expect(bench.ue.state == .registered && bench.ue.sessions.transactions.count == 1)
  }

  @Test func `told to deviate the UE sends PDN DISCONNECT REQUEST for the last one, and #49 keeps it`() throws {
    let bench = Bench { $0.deviations = [.disconnectLastPDNConnection] }
    try bench.attach()
    let request = try bench.assertSends(
      bench.give(.requestSession(.disconnect(linked: 5))), .pdnDisconnectRequest, header: .integrityProtectedAndCiphered)
    var reject = NASMessage(.pdnDisconnectReject, procedureTransactionIdentity: request.procedureTransactionIdentity)
    reject.set(PDNDisconnectReject.esmCause, .lastPDNDisconnectionNotAllowed)
    #expect(bench.deliver(reject, .ciphered).events == [.sessionFailed(.disconnect(linked: 5), .lastPDNDisconnectionNotAllowed)])
    #expect(bench.ue.bearers.count == 1 && bench.ue.state == .registered)
  }

  // MARK: What the network takes away (§6.4.4.4 a)

  @Test(arguments: [ESMCause.regularDeactivation, .reactivationRequested])
  func `deactivation of the last PDN connection is answered with a detach, and an attach follows the release`(cause: ESMCause) throws {
    let bench = try Bench.registered()
    let outputs = bench.deliver(SessionTests.deactivation(bearer: 5, cause: cause), .ciphered)
    let request = try bench.assertSends(outputs, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(try request[DetachRequestFromUE.detachType] == .epsDetach)
    #expect(bench.ue.state == .deregisteredInitiated && outputs.started == [.t3421])
    #expect(bench.deliver(NASMessage(.detachAccept), .ciphered).uplinks.isEmpty)
    #expect(bench.words(bench.give(.radioConnectionReleased)).contains("establish with ATTACH REQUEST/1"))
    #expect(bench.ue.state == .registeredInitiated)
  }

  @Test func `with #26 the attach waits for T3396`() throws {
    let bench = try Bench.registered()
    var request = SessionTests.deactivation(bearer: 5, cause: .insufficientResources)
    request.set(DeactivateEPSBearerContextRequest.t3396Value, GPRSTimer3(seconds: 600))
    bench.deliver(request, .ciphered)
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    #expect(bench.give(.radioConnectionReleased).uplinks.isEmpty)
    #expect(bench.ue.state == .deregistered(.normalService) && bench.ue.attachAwaitsSessionBackOff)
  }

  @Test func `during an update the detach follows it, and the attach the detach; a user who left stays away`() throws {
    for leaves in [false, true] {
      let bench = Bench()
      try bench.attachAndRelease()
      _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
      if leaves { bench.give(.detach(switchOff: false)) }
      #expect(bench.deliver(SessionTests.deactivation(bearer: 5), .ciphered).uplinks.isEmpty)
      #expect(bench.ue.state == .trackingAreaUpdatingInitiated)
      let accepted = bench.deliver(Bench.updateAccept(), .ciphered)
      try bench.assertSends(accepted, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
      bench.deliver(NASMessage(.detachAccept), .ciphered)
      bench.give(.radioConnectionReleased)
      #expect(bench.ue.state == (leaves ? .deregistered(.normalService) : .registeredInitiated))
    }
  }

  @Test(arguments: [true, false])
  func `a user who leaves while that detach waits or runs stays away`(duringUpdate: Bool) throws {
    let bench = Bench()
    try bench.attachAndRelease()
    _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
    if !duringUpdate { bench.deliver(Bench.updateAccept(), .ciphered) }
    _ = try bench.opened(bench.deliver(SessionTests.deactivation(bearer: 5), .ciphered))
    bench.give(.detach(switchOff: false))
    if duringUpdate { _ = try bench.opened(bench.deliver(Bench.updateAccept(), .ciphered)) }
    #expect(bench.ue.state == .deregisteredInitiated)
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .deregistered(.normalService))
  }

  @Test func `asked for by the UE itself it is no reason to come back`() throws {
    let bench = Bench { $0.deviations = [.disconnectLastPDNConnection] }
    try bench.attach()
    _ = try bench.opened(bench.give(.requestSession(.disconnect(linked: 5))))
    let transaction = try #require(bench.ue.sessions.transactions.first).identity
    let outputs = bench.deliver(SessionTests.deactivation(bearer: 5, transaction: transaction), .ciphered)
    try bench.assertSends(outputs, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .deregistered(.normalService))
  }

  @Test func `during a detach of the UE's own it is accepted`() throws {
    let bench = try Bench.registered()
    _ = try bench.opened(bench.give(.detach(switchOff: false)))
    try bench.assertSends(
      bench.deliver(SessionTests.deactivation(bearer: 5), .ciphered), .deactivateEPSBearerContextAccept,
      header: .integrityProtectedAndCiphered)
  }

  // MARK: What the network no longer has

  @Test func `TRACKING AREA UPDATE ACCEPT without our last PDN connection: a local detach, and an attach`() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.give(.updateTrackingArea(isActive: false))
    let outputs = bench.deliver(Bench.updateAccept(active: [9]), .ciphered)
    #expect(outputs.events.contains(.detached(.locally)) && bench.ue.bearers.isEmpty)
    let words = bench.words(outputs)
    let release = try #require(words.firstIndex(of: "release"))
    let attach = try #require(words.firstIndex(of: "establish with ATTACH REQUEST/1"))
    #expect(release < attach && bench.ue.state == .registeredInitiated)
  }

  @Test func `a new GUTI is acknowledged before the UE goes, and it attaches with that`() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.give(.updateTrackingArea(isActive: false))
    let new = GUTI(plmn: Bench.plmn, mmeGroupID: 0x8001, mmeCode: 1, mTMSI: 0xC000_0002)
    let sent = try bench.opened(bench.deliver(Bench.updateAccept(guti: new, active: []), .ciphered))
    #expect(sent.map(\.message.type) == [.trackingAreaUpdateComplete, .attachRequest])
    #expect(try sent[1].message[AttachRequest.epsMobileIdentity] == .guti(new))
  }

  @Test func `a UE that was to leave after the update does not attach`() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.give(.updateTrackingArea(isActive: false))
    bench.give(.detach(switchOff: false))
    let outputs = bench.deliver(Bench.updateAccept(active: []), .ciphered)
    #expect(outputs.uplinks.isEmpty && bench.ue.state == .deregistered(.normalService))
    #expect(outputs.events.contains(.detached(.locally)))
  }

  @Test func `of two PDN connections the other keeps the registration`() throws {
    let bench = try Self.twice()
    bench.give(.radioConnectionReleased)
    bench.give(.updateTrackingArea(isActive: false))
    bench.deliver(Bench.updateAccept(active: [6]), .ciphered)
    #expect(bench.ue.activeBearerIdentities == [6] && bench.ue.state == .registered)
  }

  @Test(arguments: [true, false])
  func `SERVICE ACCEPT without our last PDN connection, during the request and after it`(duringRequest: Bool) throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.give(.requestControlPlaneService(paged: false))
    if !duringRequest {
      bench.give(.accessStratumSecured)
      try #require(bench.ue.backOff.t3449Runs && bench.ue.state == .registered)
    }
    let outputs = bench.deliver(Self.serviceAccept(active: []), .ciphered)
    #expect(outputs.events.contains(.detached(.locally)) && bench.ue.state == .registeredInitiated)
    #expect(outputs.stopped.contains(duringRequest ? .t3417 : .t3449))
  }

  @Test func `during a service request for CS fallback the UE goes on with the call and does not attach`() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.ue.registration.nonEPS = .init()
    bench.give(.requestCSFallback(.originating))
    try #require(bench.ue.state == .serviceRequestInitiated)
    let outputs = bench.deliver(Self.serviceAccept(active: []), .ciphered)
    #expect(outputs.stopped.contains(.t3417ext) && outputs.uplinks.isEmpty)
    #expect(outputs.events.contains(.detached(.locally)) && bench.ue.state == .deregistered(.normalService))
  }

  @Test func `bearers without a radio bearer go, a default one with its dedicated ones, the last one with the registration (§6.4.4.6)`()
    throws
  {
    let bench = try Self.twice()
    bench.deliver(SessionTests.dedicated(bearer: 7, linked: 6), .ciphered)
    #expect(bench.give(.userPlaneChanged([5, 6, 7])).isEmpty)
    // The release of the RRC connection is no such case (NOTE 2).
    #expect(bench.give(.userPlaneChanged([])).isEmpty && bench.ue.activeBearerIdentities == [5, 6, 7])
    let outputs = bench.give(.userPlaneChanged([5, 7]))
    #expect(outputs.events == [.bearerDeactivated(6, .regularDeactivation), .bearerDeactivated(7, .regularDeactivation)])
    #expect(bench.ue.activeBearerIdentities == [5] && outputs.uplinks.isEmpty && bench.ue.state == .registered)
    #expect(bench.give(.userPlaneChanged([9])).events.contains(.detached(.locally)) && bench.ue.state == .registeredInitiated)
  }

  @Test(arguments: [UE.Input.updateTrackingArea(isActive: false), .requestControlPlaneService(paged: false)])
  func `ESM STATUS #43 about the last one ends the registration whatever procedure runs`(input: UE.Input) throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.give(input)
    var status = NASMessage(.esmStatus, procedureTransactionIdentity: 0, epsBearerIdentity: 5)
    status.set(ESMStatus.esmCause, .invalidEPSBearerIdentity)
    let outputs = bench.deliver(status, .ciphered)
    #expect(outputs.events.contains(.detached(.locally)) && bench.ue.state == .registeredInitiated)
    #expect(bench.ue.bearers.isEmpty)
  }
}
