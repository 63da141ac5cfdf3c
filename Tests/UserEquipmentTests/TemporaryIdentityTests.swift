import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// TIN: by which temporary identity an update or an attach goes (TS 24.301 §5.3.1.1, §5.5.1.2.2, §5.5.1.2.4, §5.5.3.2.2, §5.5.3.2.4,
/// §5.5.3.2.6, Annex C), and updates after a change of system that fail at first.
@Suite struct TemporaryIdentityTests {
  static let change = IdleChangeFromUTRAN(
    umts: InterSystemTests.umts, mappedGUTI: InterSystemTests.mappedGUTI, signature: PTMSISignature(0x123456))
  static let fiveG = IdleChangeFromN1(
    context: FiveGSecurityContext(
      kamf: KeyMaterial([UInt8](repeating: 3, count: 32)), keySetIdentifier: 2, uplinkNASCount: NASCount(4),
      downlinkNASCount: NASCount(5), algorithms: InterSystemTests.algorithms), mappedGUTI: InterSystemTests.mappedGUTI)

  private func registered() throws -> Bench {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.attachAndRelease()
    return bench
  }

  private func initial(_ outputs: [UE.Output]) throws -> InitialNASMessage {
    try #require(outputs.compactMap { if case .establishConnection(let initial) = $0 { initial } else { nil } }.first)
  }

  private func expectMapped(_ request: NASMessage, nonceOtherThan before: UInt32? = nil) throws {
    #expect(try request[TrackingAreaUpdateRequest.oldGUTI] == .guti(InterSystemTests.mappedGUTI))
    #expect(try request[TrackingAreaUpdateRequest.oldGUTIType] == .mapped)
    #expect(try request[TrackingAreaUpdateRequest.additionalGUTI] == .guti(Bench.guti))
    #expect(try request[TrackingAreaUpdateRequest.oldPTMSISignature] == PTMSISignature(0x123456))
    #expect(try request[TrackingAreaUpdateRequest.gprsCipheringKeySequenceNumber]?.rawValue == 4)
    let nonce = try #require(try request[TrackingAreaUpdateRequest.nonceUE]?.value)
    #expect(nonce != before)
  }

  @Test func `ATTACH ACCEPT sets TIN to GUTI where the UE has Iu mode, and only there`() throws {
    #expect(try registered().ue.registration.temporaryIdentityInNextUpdate == .guti)
    let lte = Bench(capability: UENetworkCapability(eea: 0xF0, eia: 0x70))
    try lte.attach()
    #expect(lte.ue.registration.temporaryIdentityInNextUpdate == nil)
  }

  @Test func `after a change from UTRAN the lower layers get the mapped GUMMEI and no S-TMSI (§5.3.1.1 c)`() throws {
    let bench = try registered()
    #expect(try initial(bench.give(.requestService)).temporaryIdentity == Bench.guti)
    bench.give(.radioConnectionReleased)
    let first = try initial(bench.give(.enteredFromUTRAN(Self.change)))
    #expect(first.temporaryIdentity == nil && first.registeredMME == InterSystemTests.mappedGUTI && first.isRegisteredMMEMapped)
  }

  @Test func `an update from UTRAN that fails is repeated with P-TMSI, CKSN and another nonce, and EU2 meanwhile (§5.5.3.2.6)`() throws {
    let bench = try registered()
    let first = try bench.assertSends(
      bench.give(.enteredFromUTRAN(Self.change)), .trackingAreaUpdateRequest, header: .integrityProtected)
    try expectMapped(first)
    bench.give(.timerExpired(.t3430))
    #expect(bench.ue.state == .registeredSubstate(.attemptingToUpdate) && bench.ue.registration.updateStatus == .notUpdated)
    let outputs = bench.give(.timerExpired(.t3411))
    try expectMapped(
      bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected),
      nonceOtherThan: first[TrackingAreaUpdateRequest.nonceUE]?.value)
    #expect(try initial(outputs).isRegisteredMMEMapped)
  }

  @Test func `TRACKING AREA UPDATE ACCEPT sets TIN to GUTI; with ISR to RAT-related TMSI; the next update goes by the GUTI (§5.5.3.2.4)`()
    throws
  {
    for (result, tin) in [(EPSUpdateResult.taUpdated, TemporaryIdentityInNextUpdate.guti), (.taUpdatedISRActivated, .ratRelatedTMSI)] {
      let bench = try registered()
      bench.give(.enteredFromUTRAN(Self.change))
      #expect(bench.ue.registration.temporaryIdentityInNextUpdate == .pTMSI)
      try bench.synchroniseNetwork()
      bench.deliver(Bench.updateAccept(result: result), .ciphered)
      #expect(bench.ue.registration.temporaryIdentityInNextUpdate == tin && bench.ue.state == .registered)
      bench.give(.radioConnectionReleased)
      let next = try bench.assertSends(
        bench.give(.updateTrackingArea(isActive: false)), .trackingAreaUpdateRequest, header: .integrityProtected)
      #expect(try next[TrackingAreaUpdateRequest.oldGUTI] == .guti(Bench.guti))
      #expect(try next[TrackingAreaUpdateRequest.oldGUTIType] == .native)
      #expect(try next[TrackingAreaUpdateRequest.nonceUE] == nil && next[TrackingAreaUpdateRequest.additionalGUTI] == nil)
    }
  }

  @Test func `a bearer that is modified ends ISR in the UE (§6.1.5 a)`() throws {
    let bench = try registered()
    bench.give(.updateTrackingArea(isActive: true))
    try bench.synchroniseNetwork()
    bench.ue.registration.temporaryIdentityInNextUpdate = .pTMSI
    bench.deliver(Bench.updateAccept(result: .taUpdatedISRActivated), .ciphered)
    #expect(bench.ue.registration.temporaryIdentityInNextUpdate == .ratRelatedTMSI)
    bench.deliver(NASMessage(.modifyEPSBearerContextRequest, epsBearerIdentity: 5), .ciphered)
    #expect(bench.ue.registration.temporaryIdentityInNextUpdate == .guti)
  }

  /// Registered, TIN P-TMSI, and switched off; then on again.
  private func restarted(keeps: (inout MobileEquipmentState) -> Void = { _ in }) throws -> Bench {
    let bench = try registered()
    bench.give(.enteredFromUTRAN(Self.change))
    bench.give(.detach(switchOff: true))
    let next = try bench.restarted(keeps)
    next.give(.powerOn)
    return next
  }

  @Test func `TIN P-TMSI outlives switching off: the attach has P-TMSI and RAI as a mapped GUTI, our own beside it (§5.5.1.2.2)`() throws {
    let bench = try restarted()
    let outputs = bench.give(.attach)
    let request = try bench.assertSends(outputs, .attachRequest, header: .integrityProtected)
    #expect(try request[AttachRequest.epsMobileIdentity] == .guti(InterSystemTests.mappedGUTI))
    #expect(try request[AttachRequest.oldGUTIType] == .mapped)
    #expect(try request[AttachRequest.additionalGUTI] == .guti(Bench.guti))
    #expect(try request[AttachRequest.oldPTMSISignature] == PTMSISignature(0x123456))
    #expect(try initial(outputs).isRegisteredMMEMapped)
  }

  @Test func `TIN P-TMSI without a P-TMSI: IMSI; no TIN and no GUTI but a P-TMSI: that (§5.5.1.2.2)`() throws {
    let bare = try restarted { $0.packetRegistration = nil }
    let imsi = try bare.assertSends(bare.give(.attach), .attachRequest, header: .integrityProtected)
    #expect(try imsi[AttachRequest.epsMobileIdentity] == .imsi(Bench.imsi) && imsi[AttachRequest.oldGUTIType] == nil)
    let noTIN = try restarted { $0.temporaryIdentityInNextUpdate = nil }
    let guti = try noTIN.assertSends(noTIN.give(.attach), .attachRequest, header: .integrityProtected)
    #expect(try guti[AttachRequest.epsMobileIdentity] == .guti(Bench.guti))
    let neither = try restarted { $0.temporaryIdentityInNextUpdate = nil }
    neither.ue.registration.guti = nil
    let mapped = try neither.assertSends(neither.give(.attach), .attachRequest, header: .integrityProtected)
    #expect(try mapped[AttachRequest.epsMobileIdentity] == .guti(InterSystemTests.mappedGUTI))
  }

  @Test func `a reject that deletes the GUTI deletes P-TMSI and RAI (TS 24.008 §4.7.3.1.4)`() throws {
    let bench = try registered()
    bench.give(.enteredFromUTRAN(Self.change))
    try bench.synchroniseNetwork()
    bench.deliver(Bench.updateReject(EMMCause(rawValue: 9)), .ciphered)
    #expect(bench.ue.registration.origin == nil)
    let request = try bench.assertSends(bench.give(.radioConnectionReleased), .attachRequest, header: .plain)
    #expect(try request[AttachRequest.epsMobileIdentity] == .imsi(Bench.imsi))
  }

  @Test func `what the memory holds of it, octet for octet; what is wrong in it is refused`() throws {
    var state = MobileEquipmentState()
    state.temporaryIdentityInNextUpdate = .pTMSI
    state.packetRegistration = PacketRegistration(mappedGUTI: InterSystemTests.mappedGUTI, signature: PTMSISignature(0x123456))
    state.equivalentPLMNs = [PLMN("26201")!, Bench.plmn]
    state.t3346 = .seconds(1)
    state.t3346PLMN = Bench.plmn
    let memory = MobileEquipmentMemory(state: state)
    let octets = memory.encoded(imsi: Bench.imsi)
    let tail: [UInt8] = [
      0, 0, 1, 2, 0x62, 0xF2, 0x10, 0x00, 0xF1, 0x10, 13, 0x00, 0xF1, 0x10, 0x12, 0x34, 9, 0xC0, 0, 0, 0x99, 0x12, 0x34, 0x56, 3, 0x00,
      0xF1,
      0x10,
    ]
    #expect(octets[29..<(octets.count - 4)].elementsEqual(tail))
    #expect(try MobileEquipmentMemory(decoding: octets, imsi: Bench.imsi) == memory)
    let record = MobileEquipmentMemory.record
    let head = [UInt8](repeating: 0, count: 16)
    for count in 3..<tail.count {
      #expect(throws: USIMFileError.self, "\(count) octets") {
        try MobileEquipmentMemory(decoding: record.encoded(head + tail.prefix(count), imsi: Bench.imsi), imsi: Bench.imsi)
      }
    }
    for (at, octet) in [(2, 4), (4, 0x6A), (10, 12), (11, 0xFF), (24, 2)] as [(Int, UInt8)] {
      var wrong = tail
      wrong[at] = octet
      #expect(throws: USIMFileError.self, "octet \(at)") {
        try MobileEquipmentMemory(decoding: record.encoded(head + wrong, imsi: Bench.imsi), imsi: Bench.imsi)
      }
    }
  }

  // MARK: N1 mode

  @Test func `an update from N1 mode that fails is repeated under the next 5G COUNT, the mapped context made anew (§5.5.3.2.2 z)`() throws {
    let bench = try registered()
    bench.give(.enteredFromN1(Self.fiveG))
    let first = try #require(bench.ue.contexts.current)
    bench.give(.timerExpired(.t3430))
    #expect(bench.ue.state == .registeredSubstate(.attemptingToUpdate))
    let outputs = bench.give(.timerExpired(.t3411))
    let sent = try initial(outputs)
    guard case .protected(let pdu) = try NASPDU(parsing: sent.octets, direction: .uplink) else {
      Issue.record("not protected")
      return
    }
    #expect(pdu.sequenceNumber == 5)
    let request = try NASMessage(decoding: pdu.payload, direction: .uplink)
    #expect(try request[TrackingAreaUpdateRequest.oldGUTI] == .guti(InterSystemTests.mappedGUTI))
    #expect(try request[TrackingAreaUpdateRequest.ueStatus]?.isN1Registered == true)
    let second = try #require(bench.ue.contexts.current)
    var next = Self.fiveG.context
    next.uplinkNASCount = NASCount(5)
    let expected = SecurityContext(idleFrom5GS: next, requestCount: NASCount(5), side: .userEquipment, using: &bench.engine)
    #expect(second.kasme == expected.kasme && second.kasme != first.kasme && sent.registeredMME == InterSystemTests.mappedGUTI)
    bench.network.current = SecurityContext(idleFrom5GS: next, requestCount: NASCount(5), side: .mme, using: &bench.engine)
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.ue.state == .registered && bench.ue.registration.origin == nil)
  }

  @Test func `an update after a handover from N1 mode that fails is repeated with the 5G-GUTI (§5.5.3.2.2 zd)`() throws {
    let bench = try registered()
    let five = Self.fiveG.context
    bench.give(.handedOver(.fromN1(five, containerCount: NASCount(6), mappedGUTI: InterSystemTests.mappedGUTI)))
    bench.network.current = SecurityContext(handoverFrom5GS: five, containerCount: NASCount(6), side: .mme, using: &bench.engine)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .registeredSubstate(.attemptingToUpdate))
    let request = try bench.assertSends(bench.give(.timerExpired(.t3411)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try request[TrackingAreaUpdateRequest.oldGUTI] == .guti(InterSystemTests.mappedGUTI))
    #expect(try request[TrackingAreaUpdateRequest.oldGUTIType] == .native)
    #expect(try request[TrackingAreaUpdateRequest.additionalGUTI] == .guti(Bench.guti))
    #expect(try request[TrackingAreaUpdateRequest.ueStatus]?.isN1Registered == true)
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.ue.registration.origin == nil && bench.ue.state == .registered)
  }
}
