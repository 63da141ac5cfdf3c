import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// `ue-context-facts.md`, "Taking protection into use, §4.4.2.3, §4.4.2.4": each test is named for what the list says.
@Suite struct SecureExchangeFactsTests {

  // MARK: Initial NAS messages

  @Test("Initial NAS messages: integrity protected with the current context, carrying its eKSI, unciphered")
  func initialMessages() throws {
    let native = NASKeySetIdentifier(.native, value: 0)
    let attach = try Bench.withStoredContext()
    let attachRequest = try attach.assertSends(attach.give(.attach), .attachRequest, header: .integrityProtected)
    #expect(try attachRequest[AttachRequest.nasKeySetIdentifier] == native)

    let update = try ServiceTests.idle()
    let updateRequest = try update.assertSends(
      update.give(.updateTrackingArea(isActive: false)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try updateRequest[TrackingAreaUpdateRequest.nasKeySetIdentifier] == native)

    let detach = try ServiceTests.idle()
    let detachRequest = try detach.assertSends(detach.give(.detach(switchOff: true)), .detachRequestFromUE, header: .integrityProtected)
    #expect(try detachRequest[DetachRequestFromUE.nasKeySetIdentifier] == native)

    let call = try ServiceTests.idle()
    call.ue.registration.nonEPS = .init()
    let extended = try call.assertSends(
      call.give(.requestCSFallback(.originating)), .extendedServiceRequest, header: .integrityProtected)
    #expect(try extended[ExtendedServiceRequest.nasKeySetIdentifier] == native)

    let plane = try ServiceTests.idle()
    let controlPlane = try plane.assertSends(
      plane.give(.requestControlPlaneService(paged: false)), .controlPlaneServiceRequest, header: .integrityProtected)
    #expect(try controlPlane[ControlPlaneServiceRequest.nasKeySetIdentifier] == native)
  }

  @Test("SERVICE REQUEST: the value only")
  func serviceRequestCarriesTheValue() throws {
    let bench = Bench()
    try bench.attach(eKSI: 5)
    bench.give(.radioConnectionReleased)
    let pdu = try #require(bench.give(.requestService).uplinks.first)
    #expect(pdu.count == 4 && pdu[1] >> 5 == 5)
    // Of a mapped context too: the flag is not on the wire.
    let mapped = Bench()
    try mapped.attachAndHandOver()
    mapped.give(.radioConnectionReleased)
    let request = try #require(mapped.give(.requestService).uplinks.first)
    #expect(request[1] >> 5 == 6)
    #expect(throws: Never.self) { try mapped.network.openServiceRequest(request, using: &mapped.engine) }
  }

  @Test("CONTROL PLANE SERVICE REQUEST with an ESM or NAS message container is partially ciphered (value part)")
  func partiallyCiphered() throws {
    let bench = try ServiceTests.idle()
    let data: [UInt8] = [0x52, 0x01, 0xEB, 0x03, 1, 2, 3]
    let outputs = bench.give(.sendOverControlPlane(.esm(data)))
    let pdu = try #require(outputs.uplinks.first)
    #expect(pdu.headerType == .integrityProtectedAndPartiallyCiphered)
    // All but the value can be read.
    let reading = try NASMessage(decoding: Array(pdu[6...]), direction: .uplink)
    #expect(reading.type == .controlPlaneServiceRequest)
    #expect(try reading[ControlPlaneServiceRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.native, value: 0))
    let hidden = try #require(try reading[ControlPlaneServiceRequest.esmMessageContainer])
    #expect(Array(hidden.octets) != data && hidden.octets.count == data.count)
    let opened = try bench.assertSends(outputs, .controlPlaneServiceRequest, header: .integrityProtectedAndPartiallyCiphered)
    #expect(try Array(#require(try opened[ControlPlaneServiceRequest.esmMessageContainer]).octets) == data)

    let message = try ServiceTests.idle()
    let sms: [UInt8] = [0x09, 0x01, 0x02, 0x00, 0x00]
    let sent = try message.assertSends(
      message.give(.sendOverControlPlane(.nas(sms))), .controlPlaneServiceRequest, header: .integrityProtectedAndPartiallyCiphered)
    #expect(try Array(#require(try sent[ControlPlaneServiceRequest.nasMessageContainer]).octets) == sms)
  }

  @Test("The MME checks both the eKSI and the MAC: a request that it can check is under the context whose eKSI it carries")
  func eKSIAndMACAgree() throws {
    let bench = Bench()
    let native = try bench.attachAndHandOver()
    bench.give(.radioConnectionReleased)
    let request = try bench.assertSends(
      bench.give(.updateTrackingArea(isActive: false)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == bench.current?.eKSI)
    #expect(bench.current?.eKSI != native.eKSI)
  }

  // MARK: How the exchange becomes secure

  @Test("ATTACH ACCEPT comes back protected and ciphered under the current context, or an SMC comes", arguments: [true, false])
  func attachAccept(withCommand: Bool) throws {
    let bench = try Bench.withStoredContext()
    _ = try bench.opened(bench.give(.attach))
    #expect(!bench.ue.hasSecureExchange)
    if withCommand {
      _ = try bench.opened(bench.deliver(bench.securityModeCommand()))
    } else {
      guard case .registeredInitiated(let attempt) = bench.ue.machine else { return }
      _ = try bench.opened(
        bench.deliver(
          Bench.attachAccept(activation: Bench.activation(transaction: attempt.procedureTransactionIdentity)), .ciphered))
      #expect(bench.ue.state == .registered)
    }
    #expect(bench.ue.hasSecureExchange)
  }

  @Test("TAU ACCEPT comes back protected and ciphered under the current context, or an SMC comes", arguments: [true, false])
  func updateAccept(withCommand: Bool) throws {
    let bench = try ServiceTests.idle()
    _ = try bench.opened(bench.give(.updateTrackingArea(isActive: true)))
    #expect(!bench.ue.hasSecureExchange)
    if withCommand {
      _ = try bench.opened(bench.deliver(bench.securityModeCommand()))
    } else {
      bench.deliver(Bench.updateAccept(), .integrity)
      #expect(!bench.ue.hasSecureExchange && bench.ue.state == .trackingAreaUpdatingInitiated)
      bench.deliver(Bench.updateAccept(), .ciphered)
    }
    #expect(bench.ue.hasSecureExchange)
  }

  @Test(
    "SERVICE REQUEST and EXTENDED SERVICE REQUEST: protection in the UE restarts when the lower layers say that the user plane is up",
    arguments: [UE.Input.requestService, .requestCSFallback(.emergency)])
  func userPlane(input: UE.Input) throws {
    let bench = try ServiceTests.idle()
    bench.give(input)
    #expect(bench.ue.state == .serviceRequestInitiated && !bench.ue.hasSecureExchange)
    bench.give(.accessStratumSecured)
    #expect(bench.ue.hasSecureExchange)
    bench.assertDiscards(Bench.identityRequest(.imsi), .plain, .protectionMissing)
  }

  @Test("CONTROL PLANE SERVICE REQUEST: the user plane, or a message protected and ciphered under the current context, or a verified SMC")
  func controlPlane() throws {
    for way in 0..<3 {
      let bench = try ServiceTests.idle()
      _ = try bench.opened(bench.give(.requestControlPlaneService(paged: false)))
      #expect(!bench.ue.hasSecureExchange)
      switch way {
      case 0: bench.give(.accessStratumSecured)
      case 1: bench.deliver(NASMessage(.serviceAccept), .ciphered)
      default: bench.deliver(bench.securityModeCommand())
      }
      #expect(bench.ue.hasSecureExchange && bench.ue.state == .registered, "\(way)")
    }
  }

  @Test("Protection continues across S1-to-S1 handover")
  func acrossHandover() throws {
    let bench = Bench()
    try bench.attach()
    bench.deliver(Bench.gutiReallocationCommand(Bench.guti, areas: [Bench.area, Bench.otherArea]), .ciphered)
    bench.give(.accessStratumSecured)
    bench.give(.campedOn(Bench.area))
    bench.give(.campedOn(Bench.otherArea))
    #expect(bench.ue.hasSecureExchange)
    try bench.synchroniseNetwork()
    try bench.assertSends(
      bench.deliver(Bench.identityRequest(.imei), .ciphered), .identityResponse, header: .integrityProtectedAndCiphered)
  }

  @Test(
    "Protection ends at connection release or handover to A/Gb, Iu", arguments: [UE.Input.radioConnectionReleased, .leftForOtherSystem])
  func end(input: UE.Input) throws {
    let bench = Bench()
    try bench.attach()
    bench.give(input)
    #expect(!bench.ue.hasSecureExchange && !bench.ue.isConnected)
    #expect(bench.current != nil)
  }

  // MARK: From other systems

  @Test("Idle mobility from UTRAN/GERAN without a current context: plain TAU with NONCE_UE and CKSN; an SMC brings the mapped context")
  func idleFromUTRAN() throws { try InterSystemTests().idleWithoutAContextBringsNonceAndCKSN() }

  @Test("N1→S1 idle (N26): TAU protected by the 5G context; the mapped EPS context continues the 5G COUNTs")
  func idleFromN1() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    let native = try #require(bench.current)
    var five = FiveGSecurityContext(
      kamf: KeyMaterial([UInt8](repeating: 3, count: 32)), keySetIdentifier: 2, uplinkNASCount: NASCount(300),
      downlinkNASCount: NASCount(20), algorithms: InterSystemTests.algorithms, integrityAlgorithm: .eia3)
    let outputs = bench.give(.enteredFromN1(IdleChangeFromN1(context: five, mappedGUTI: InterSystemTests.mappedGUTI)))
    let pdu = try #require(outputs.uplinks.first)
    let envelope = try SecurityProtectedNAS(parsing: pdu)
    #expect(envelope.headerType == .integrityProtected && five.verifiesUpdateRequest(envelope, using: &bench.engine))
    // BEARER 1 and KNASint of 5GS: no EPS context verifies it.
    #expect(bench.current.map { !bench.nativeTwin(of: $0).macVerifies(envelope, count: NASCount(300), using: &bench.engine) } == true)
    let request = try NASMessage(decoding: Array(pdu[6...]), direction: .uplink)
    #expect(try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.mapped, value: 2))
    #expect(try request[TrackingAreaUpdateRequest.oldGUTI] == .guti(InterSystemTests.mappedGUTI))
    #expect(try request[TrackingAreaUpdateRequest.oldGUTIType] == .native)
    #expect(try request[TrackingAreaUpdateRequest.additionalGUTI] == .guti(Bench.guti))
    #expect(try request[TrackingAreaUpdateRequest.ueStatus]?.isN1Registered == true)
    // Only a change in EMM-CONNECTED names the native context (§8.2.29.2).
    #expect(try request[TrackingAreaUpdateRequest.nonCurrentNativeNASKeySetIdentifier] == nil)
    #expect(bench.fullNative == native)
    #expect(bench.current?.uplinkNASCount == NASCount(301) && bench.current?.downlinkNASCount == NASCount(20))

    // The MME's twin out of the AMF's hands.
    bench.network.current = SecurityContext(idleFrom5GS: five, requestCount: NASCount(300), side: .mme, using: &bench.engine)
    let complete = try #require(try bench.opened(bench.deliver(Bench.updateAccept(guti: Bench.guti), .ciphered)).first)
    #expect(complete.message.type == .trackingAreaUpdateComplete && complete.count == NASCount(301))
    #expect(bench.current?.downlinkNASCount == NASCount(21))
    // KeNB comes from the COUNT of the request (TS 33.401 §7.2.7).
    #expect(bench.give(.accessStratumSecured).contains { if case .keNB(_, NASCount(300)) = $0 { true } else { false } })

    five.integrityAlgorithm = .eia1
    #expect(!five.verifiesUpdateRequest(envelope, using: &bench.engine))
  }

  @Test("N1→S1 connected continues the 5G COUNTs too")
  func connectedFromN1() throws { try InterSystemTests().aHandoverFromN1ModeKeepsTheCounts() }

  @Test("After a mapped handover the TAU names the non-current native KSI")
  func namesTheNativeOne() throws {
    let bench = Bench()
    try bench.attach(eKSI: 4)
    bench.give(.radioConnectionReleased)
    let request = try bench.assertSends(bench.handOver(), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(
      try request[TrackingAreaUpdateRequest.nonCurrentNativeNASKeySetIdentifier] == NASKeySetIdentifier(.native, value: 4))
    bench.deliver(Bench.updateAccept(), .ciphered)
    bench.give(.radioConnectionReleased)
    // A later update of the idle UE does not (§8.2.29.2).
    let later = try bench.assertSends(
      bench.give(.updateTrackingArea(isActive: false)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try later[TrackingAreaUpdateRequest.nonCurrentNativeNASKeySetIdentifier] == nil)
  }

  @Test("Handover from UTRAN: COUNTs 0, the NAS security transparent container acting as the first SMC")
  func handoverFromUTRAN() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    let sent = try #require(try bench.opened(bench.handOver()).first)
    #expect(sent.message.type == .trackingAreaUpdateRequest && sent.count == .zero && sent.headerType == .integrityProtected)
    #expect(bench.current?.algorithms == InterSystemTests.algorithms && bench.ue.hasSecureExchange)
    #expect(bench.current?.downlinkNASCount == .zero)
  }

  // MARK: Re-authentication and SMC

  @Test("Re-authentication messages run protected and ciphered under the current context; both sides stay on it until SMC")
  func reauthentication() throws {
    let bench = Bench()
    try bench.attach()
    let current = try #require(bench.current)
    try bench.assertSends(
      bench.deliver(bench.challenge(eKSI: 1), .ciphered), .authenticationResponse, header: .integrityProtectedAndCiphered)
    try bench.assertSends(
      bench.deliver(Bench.identityRequest(.imei), .ciphered), .identityResponse, header: .integrityProtectedAndCiphered)
    #expect(bench.current?.kasme == current.kasme)
    try bench.assertSends(
      bench.deliver(bench.challenge(eKSI: 2, amf: 0), .ciphered), .authenticationFailure, header: .integrityProtectedAndCiphered)
    bench.assertDiscards(bench.challenge(eKSI: 3), .integrity, .cipheringMissing, verified: true)
  }

  @Test("SECURITY MODE COMMAND: integrity protected with the new context, unciphered, header type 3; COMPLETE: ciphered with it, type 4")
  func commandAndComplete() throws {
    let bench = Bench()
    bench.give(.attach)
    bench.deliver(bench.challenge(), .plain)
    let command = bench.securityModeCommand()
    #expect(command.headerType == .integrityProtectedNewContext)
    #expect(command[6] == 0x07 && command[7] == NASMessageType.securityModeCommand.octet)
    let pdu = try #require(bench.deliver(command).uplinks.first)
    #expect(pdu.headerType == .integrityProtectedAndCipheredNewContext)
    #expect(Array(pdu[6...]) != NASMessage(.securityModeComplete).encoded())
    #expect(try bench.network.open(pdu, using: &bench.engine).message.type == .securityModeComplete)
  }

  @Test("SMC may also change the algorithms of the current context, or wake the native non-current one")
  func otherCommands() throws {
    try SecurityModeTests().newAlgorithmsForTheContextInUse()
    let bench = Bench()
    let native = try bench.attachAndHandOver()
    bench.network.current = bench.nativeTwin(of: native)
    let complete = try bench.assertSends(
      bench.deliver(bench.securityModeCommand { $0.algorithms = NASAlgorithms(ciphering: .eea1, integrity: .eia1) }),
      .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
    #expect(complete.type == .securityModeComplete)
    #expect(bench.current?.algorithms == NASAlgorithms(ciphering: .eea1, integrity: .eia1) && bench.current?.kasme == native.kasme)
  }
}
