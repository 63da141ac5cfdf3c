import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Changes from UTRAN, GERAN and N1 mode (TS 24.301 §4.4.2.2, §4.4.2.3, §5.5.3.2.2), and emergencies.
@Suite struct InterSystemTests {
  static let umts = UMTSSecurityContext(
    ck: KeyMaterial([UInt8](repeating: 1, count: 16)), ik: KeyMaterial([UInt8](repeating: 2, count: 16)), keySetIdentifier: 4)
  static let mappedGUTI = GUTI(plmn: Bench.plmn, mmeGroupID: 0x1234, mmeCode: 9, mTMSI: 0xC000_0099)
  static let algorithms = NASAlgorithms(ciphering: .eea2, integrity: .eia2)

  @Test func idleWithoutAContextBringsNonceAndCKSN() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.ue.contexts = SecurityContexts()
    let outputs = bench.give(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: Self.umts, mappedGUTI: Self.mappedGUTI)))
    let request = try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .plain)
    #expect(try request[TrackingAreaUpdateRequest.oldGUTI] == .guti(Self.mappedGUTI))
    #expect(try request[TrackingAreaUpdateRequest.oldGUTIType] == .mapped)
    #expect(try request[TrackingAreaUpdateRequest.additionalGUTI] == .guti(Bench.guti))
    #expect(try request[TrackingAreaUpdateRequest.gprsCipheringKeySequenceNumber]?.rawValue == 4)
    #expect(try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == .noKey)
    let nonce = try #require(try request[TrackingAreaUpdateRequest.nonceUE]).value

    let mme = SecurityContext(
      mapping: Self.umts, nonceUE: nonce, nonceMME: 77, keySetIdentifier: 4, side: .mme, algorithms: Self.algorithms, using: &bench.engine)
    bench.network.current = mme
    var message = bench.network.message(
      ScriptedNetwork.Command(capabilities: bench.ue.configuration.replayableCapabilities), eKSI: mme.eKSI)
    message.set(SecurityModeCommand.replayedNonceUE, Nonce(nonce))
    message.set(SecurityModeCommand.nonceMME, Nonce(77))
    let command = bench.network.pdu(
      message.encoded(), ScriptedNetwork.Protection(headerType: .integrityProtectedNewContext), using: &bench.engine)
    try bench.assertSends(bench.deliver(command), .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
    #expect(bench.ue.contexts.current?.eKSI == NASKeySetIdentifier(.mapped, value: 4))
    bench.deliver(Bench.updateAccept(guti: Bench.guti), .ciphered)
    #expect(bench.ue.state == .registered)
    // (g): the mapped context does not outlive the registration.
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    #expect(bench.ue.contexts == SecurityContexts())
  }

  @Test func idleWithAContextIsProtectedByIt() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    let outputs = bench.give(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: Self.umts, mappedGUTI: Self.mappedGUTI)))
    let request = try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.native, value: 0))
  }

  @Test func aHandoverFromUTRANPutsTheNativeContextAside() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    let native = try #require(bench.ue.contexts.current)
    let container = NASSecurityParametersToEUTRA(
      nonceMME: 0xABCD, ciphering: 2, integrity: 2, keySetIdentifier: NASKeySetIdentifier(.mapped, value: 6))
    bench.network.current = SecurityContext(
      handover: Self.umts, nonceMME: 0xABCD, keySetIdentifier: 6, side: .mme, algorithms: Self.algorithms, using: &bench.engine)
    let outputs = bench.give(.handedOver(.fromUTRAN(Self.umts, container)))
    let request = try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.mapped, value: 6))
    #expect(try request[TrackingAreaUpdateRequest.nonCurrentNativeNASKeySetIdentifier] == native.eKSI)
    #expect(bench.ue.contexts.nonCurrent == NativeSecurityContext(native).map { .fullNative($0) })
    #expect(bench.ue.hasSecureExchange)
    bench.deliver(Bench.updateAccept(), .ciphered)
    // (f): an SMC wakes the native one; its COUNTs go on.
    let uplink = native.uplinkNASCount
    bench.network.current = bench.nativeTwin(of: native)
    bench.deliver(bench.securityModeCommand())
    #expect(bench.ue.contexts.current?.eKSI == native.eKSI && bench.ue.contexts.nonCurrent == nil)
    #expect(bench.ue.contexts.current?.uplinkNASCount == uplink?.next)
  }

  @Test func aHandoverFromN1ModeKeepsTheCounts() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    let five = FiveGSecurityContext(
      kamf: KeyMaterial([UInt8](repeating: 3, count: 32)), keySetIdentifier: 2, uplinkNASCount: NASCount(300),
      downlinkNASCount: NASCount(20),
      algorithms: Self.algorithms)
    bench.network.current = SecurityContext(handoverFrom5GS: five, containerCount: NASCount(21), side: .mme, using: &bench.engine)
    let outputs = bench.give(.handedOver(.fromN1(five, containerCount: NASCount(21))))
    let sent = try #require(try bench.opened(outputs).first)
    #expect(sent.count == NASCount(300) && sent.message.type == .trackingAreaUpdateRequest)
    #expect(bench.words(bench.deliver(Bench.updateAccept(), .ciphered)).contains("event: trackingAreaUpdated"))
  }

  @Test func `after a handover from N1 mode the update has the 5G-GUTI as the old GUTI, our own beside it, and the UE status`() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    let native = try #require(bench.ue.contexts.current)
    let five = FiveGSecurityContext(
      kamf: KeyMaterial([UInt8](repeating: 3, count: 32)), keySetIdentifier: 2, uplinkNASCount: NASCount(4), downlinkNASCount: NASCount(5),
      algorithms: Self.algorithms)
    bench.network.current = SecurityContext(handoverFrom5GS: five, containerCount: NASCount(6), side: .mme, using: &bench.engine)
    let outputs = bench.give(.handedOver(.fromN1(five, containerCount: NASCount(6), mappedGUTI: Self.mappedGUTI)))
    let request = try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try request[TrackingAreaUpdateRequest.oldGUTI] == .guti(Self.mappedGUTI))
    #expect(try request[TrackingAreaUpdateRequest.oldGUTIType] == .native)
    #expect(try request[TrackingAreaUpdateRequest.additionalGUTI] == .guti(Bench.guti))
    #expect(try request[TrackingAreaUpdateRequest.ueStatus]?.isN1Registered == true)
    #expect(try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.mapped, value: 2))
    #expect(try request[TrackingAreaUpdateRequest.nonCurrentNativeNASKeySetIdentifier] == native.eKSI)
  }

  @Test func `after a handover from UTRAN the update has P-TMSI and RAI as a mapped old GUTI, our own beside it`() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    let outputs = bench.give(.handedOver(.fromUTRAN(Self.umts, Bench.container(ksi: 6), mappedGUTI: Self.mappedGUTI)))
    guard case .uplinkNAS(let octets)? = outputs.first(where: { if case .uplinkNAS = $0 { true } else { false } }),
      case .protected(let pdu) = try NASPDU(parsing: octets, direction: .uplink)
    else {
      Issue.record("no update")
      return
    }
    let request = try NASMessage(decoding: pdu.payload, direction: .uplink)
    #expect(try request[TrackingAreaUpdateRequest.oldGUTI] == .guti(Self.mappedGUTI))
    #expect(try request[TrackingAreaUpdateRequest.oldGUTIType] == .mapped)
    #expect(try request[TrackingAreaUpdateRequest.additionalGUTI] == .guti(Bench.guti))
    #expect(try request[TrackingAreaUpdateRequest.ueStatus] == nil)
  }

  @Test
  func `a new mapped context may have the KSI of the current one: the nonces make it where that does not verify (§5.4.3.3 a)`()
    throws
  {
    for verifiesUnderCurrent in [true, false] {
      let bench = Bench()
      try bench.attachAndRelease()
      bench.handOver(ksi: 4)
      bench.deliver(Bench.updateAccept(), .ciphered)
      bench.give(.radioConnectionReleased)
      let before = try #require(bench.ue.contexts.current)
      let outputs = bench.give(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: Self.umts, mappedGUTI: Self.mappedGUTI)))
      let request = try NASMessage(decoding: Array(try #require(outputs.uplinks.first).dropFirst(6)), direction: .uplink)
      let nonce = try #require(try request[TrackingAreaUpdateRequest.nonceUE]).value
      if verifiesUnderCurrent {
        // b: the command is on the current context, whose keys stay.
        try bench.synchroniseNetwork()
      } else {
        bench.network.current = SecurityContext(
          mapping: Self.umts, nonceUE: nonce, nonceMME: 77, keySetIdentifier: 4, side: .mme, algorithms: Self.algorithms,
          using: &bench.engine)
      }
      let mme = try #require(bench.network.current)
      var message = bench.network.message(
        ScriptedNetwork.Command(capabilities: bench.ue.configuration.replayableCapabilities), eKSI: mme.eKSI)
      message.set(SecurityModeCommand.replayedNonceUE, Nonce(nonce))
      message.set(SecurityModeCommand.nonceMME, Nonce(77))
      let command = bench.network.pdu(
        message.encoded(), ScriptedNetwork.Protection(headerType: .integrityProtectedNewContext), using: &bench.engine)
      let kasme = mme.kasme
      try bench.assertSends(bench.deliver(command), .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
      #expect(bench.ue.contexts.current?.kasme == kasme && (kasme == before.kasme) == verifiesUnderCurrent)
      // The command once more is a replay, though the nonces would make the same context with COUNTs of zero again.
      bench.assertDiscards(command, .replayed(try #require(bench.ue.contexts.current?.downlinkNASCount)))
      if !verifiesUnderCurrent {
        #expect(bench.ue.contexts.current?.uplinkNASCount == NASCount(1))
        // So it is after another context was taken into use.
        bench.deliver(bench.challenge(eKSI: 1), .ciphered)
        _ = try bench.opened(bench.deliver(bench.securityModeCommand()))
        let native = bench.ue.contexts.current?.kasme
        try bench.assertSends(bench.deliver(command), .securityModeReject, header: .integrityProtectedAndCiphered)
        #expect(bench.ue.contexts.current?.kasme == native)
      }
      bench.deliver(Bench.updateAccept(), .ciphered)
      #expect(bench.ue.state == .registered)
    }
  }

  @Test func `a command for a mapped context that neither the current one nor the nonces verify is rejected, and nothing changes`() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.handOver(ksi: 4)
    bench.deliver(Bench.updateAccept(), .ciphered)
    bench.give(.radioConnectionReleased)
    bench.give(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: Self.umts, mappedGUTI: Self.mappedGUTI)))
    let kasme = bench.ue.contexts.current?.kasme
    bench.network.current = SecurityContext(
      mapping: Self.umts, nonceUE: 1, nonceMME: 77, keySetIdentifier: 4, side: .mme, algorithms: Self.algorithms, using: &bench.engine)
    let mme = try #require(bench.network.current)
    var message = bench.network.message(
      ScriptedNetwork.Command(capabilities: bench.ue.configuration.replayableCapabilities), eKSI: mme.eKSI)
    message.set(SecurityModeCommand.nonceMME, Nonce(77))
    let command = bench.network.pdu(
      message.encoded(), ScriptedNetwork.Protection(headerType: .integrityProtectedNewContext), using: &bench.engine)
    let outputs = bench.deliver(command)
    try bench.synchroniseNetwork()
    #expect(outputs.uplinks.count == 1 && bench.ue.contexts.current?.kasme == kasme && bench.ue.state == .trackingAreaUpdatingInitiated)
  }

  // MARK: Emergency

  @Test func anEmergencyAttachUnderNullAlgorithms() throws {
    let bench = Bench { $0.attachesForEmergency = true }
    bench.ue.usim.isValid = false
    let outputs = bench.give(.attach)
    let request = try bench.assertSends(outputs, .attachRequest, header: .plain)
    #expect(try request[AttachRequest.epsAttachType] == .epsEmergencyAttach)
    #expect(try request[AttachRequest.epsMobileIdentity] == .imei("353490069873310"))
    let null = SecurityContext.nullForEmergency(
      localKASME: KeyMaterial([UInt8](repeating: 8, count: 32)), side: .mme, using: &bench.engine)
    bench.network.current = null
    let command = bench.securityModeCommand { $0.algorithms = .null }
    try bench.assertSends(bench.deliver(command), .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
    #expect(bench.ue.contexts.current?.algorithms == .null)
    bench.deliver(Bench.attachAccept(), .ciphered)
    #expect(bench.ue.state == .registered)
    bench.give(.radioConnectionReleased)
    // §5.3.5: T3412 ends the registration.
    #expect(bench.give(.timerExpired(.t3412)).events == [.detached(.locally)])
  }

  @Test(arguments: [true, false])
  func `KSI 000 with the null algorithms names no native context of that KSI, current or partial, but a KASME made up locally (§5.4.3.2)`(
    isPartial: Bool
  ) throws {
    let bench = Bench { $0.attachesForEmergency = true }
    bench.give(.attach)
    bench.deliver(bench.challenge(eKSI: 0), .plain)
    if !isPartial { _ = try bench.opened(bench.deliver(bench.securityModeCommand())) }
    let held = bench.ue.contexts.current?.kasme ?? bench.ue.contexts.partialNative?.kasme
    bench.network.pending = nil
    bench.network.current = SecurityContext.nullForEmergency(
      localKASME: KeyMaterial([UInt8](repeating: 8, count: 32)), side: .mme, using: &bench.engine)
    let command = bench.securityModeCommand { $0.algorithms = .null }
    try bench.assertSends(bench.deliver(command), .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
    let null = try #require(bench.ue.contexts.current)
    #expect(null.algorithms == .null && null.kasme != held && null.uplinkNASCount == NASCount(1))
    // The same once more is about the context that is there.
    bench.deliver(bench.securityModeCommand { $0.algorithms = .null })
    #expect(bench.ue.contexts.current?.kasme == null.kasme && bench.ue.contexts.current?.uplinkNASCount == NASCount(2))
  }

  @Test func nullAlgorithmsWithoutAnEmergencyAreRejected() throws {
    let bench = Bench()
    bench.give(.attach)
    bench.network.current = SecurityContext.nullForEmergency(
      localKASME: KeyMaterial([UInt8](repeating: 8, count: 32)), side: .mme, using: &bench.engine)
    try bench.assertSends(
      bench.deliver(bench.securityModeCommand { $0.algorithms = .null }), .securityModeReject, header: .plain)
    #expect(bench.ue.contexts == SecurityContexts())
  }
}

extension Bench {
  /// The MME's view of a context of the UE.
  func nativeTwin(of context: SecurityContext) -> SecurityContext {
    SecurityContext(
      kasme: context.kasme, type: context.type, keySetIdentifier: context.keySetIdentifier, side: .mme, algorithms: context.algorithms,
      counts: NASCountPair(
        nextToSend: context.counts.largestAccepted.map(\.next) ?? .zero,
        largestAccepted: context.counts.nextToSend.map { $0 == .zero ? nil : NASCount($0.value - 1) } ?? .maximum),
      using: &engine)
  }
}
