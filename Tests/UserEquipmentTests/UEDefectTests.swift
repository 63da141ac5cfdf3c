import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// The defects and mistakes that `defects.md` lists for UEs, each provoked on ours. The numbers are the list's.
@Suite struct UEDefectTests {
  static let otherNetwork = PLMN(0x62, 0xF2, 0x10)

  @Test("7: AUTHENTICATION REQUEST in plain on a connection with protection established is discarded (§4.4.4.2)")
  func d7() throws {
    let bench = Bench()
    try bench.attach()
    bench.assertDiscards(bench.challenge(eKSI: 1), .plain, .protectionMissing)
    try bench.assertSends(
      bench.deliver(bench.challenge(eKSI: 2), .ciphered), .authenticationResponse, header: .integrityProtectedAndCiphered)
  }

  @Test("12: the second SECURITY MODE COMPLETE has COUNT 1, and KeNB comes from it, not from COUNT 0 (srsUE set_k_enb_count(0))")
  func d12() throws {
    let bench = Bench()
    bench.give(.attach)
    bench.deliver(bench.challenge(), .plain)
    let kasme = try #require(bench.ue.contexts.partialNative?.kasme)
    bench.deliver(bench.securityModeCommand())
    bench.deliver(bench.securityModeCommand())
    #expect(bench.give(.accessStratumSecured).keNBs == [bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: 1)])
  }

  @Test("12, related: KeNB after an attach under a stored context comes from the COUNT of the ATTACH REQUEST, S-TMSI told or not")
  func d12Related() throws {
    let bench = try Bench.withStoredContext()
    let count = try #require(bench.current?.uplinkNASCount)
    let kasme = try #require(bench.current?.kasme)
    bench.give(.attach)
    bench.deliver(Bench.identityRequest(.imsi), .plain)
    #expect(bench.give(.accessStratumSecured).keNBs == [bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: count.value)])
  }

  @Test("20: the downlink COUNT goes across 255, each edge with 0 to 3 losses (srsUE nas_base.cc)", arguments: 0..<4 as Range<UInt32>)
  func d20(losses: UInt32) throws {
    let bench = Bench()
    try bench.attach()
    for edge in [253, 509, 765] as [UInt32] {
      for count in [edge, edge + 1 + losses, edge + 2 + losses] {
        var protection = ScriptedNetwork.Protection.ciphered
        protection.count = NASCount(count)
        #expect(bench.deliver(Bench.identityRequest(.imei), protection).uplinks.count == 1)
        #expect(bench.current?.downlinkNASCount == NASCount(count))
      }
    }
  }

  @Test("20: a replayed or lower COUNT never moves ours back (srsUE rx_count set to the estimate)")
  func d20Replay() throws {
    let bench = Bench()
    try bench.attach()
    let old = bench.network.pdu(Bench.identityRequest(.imei), .ciphered, using: &bench.engine)
    for _ in 0..<5 { bench.deliver(Bench.identityRequest(.imei), .ciphered) }
    let largest = bench.current?.downlinkNASCount
    bench.deliver(old)
    #expect(bench.current?.downlinkNASCount == largest)
    bench.assertDiscards(old)
  }

  @Test("21: an SMC without AKA does not reset the COUNTs (srsUE #218)")
  func d21() throws {
    let bench = Bench()
    try bench.attach()
    let before = try #require(bench.current)
    let complete = try #require(
      try bench.opened(bench.deliver(bench.securityModeCommand { $0.algorithms = NASAlgorithms(ciphering: .eea1, integrity: .eia1) })).first
    )
    #expect(complete.count == before.uplinkNASCount)
    #expect(
      bench.current?.downlinkNASCount == before.downlinkNASCount?.next && bench.current?.uplinkNASCount == before.uplinkNASCount?.next)
  }

  @Test("22, 23: one forged sequence number moves nothing, and the genuine message after it is taken")
  func d22() throws {
    let bench = Bench()
    try bench.attach()
    for value in [0, 1, 50, 255] as [UInt32] {
      var forged = ScriptedNetwork.Protection.forged()
      forged.count = NASCount(value)
      bench.assertDiscards(Bench.identityRequest(.imsi), forged, .integrityCheckFailed)
    }
    #expect(bench.deliver(Bench.identityRequest(.imei), .ciphered).uplinks.count == 1)
  }

  @Test("28: eKSI is never a value without a context (srsUE #475: 0), nor 7 with one (UERANSIM #725)")
  func d28() throws {
    let fresh = Bench()
    let first = try fresh.assertSends(fresh.give(.attach), .attachRequest, header: .plain)
    #expect(try first[AttachRequest.nasKeySetIdentifier] == .noKey)
    for value in 0..<7 as Range<UInt8> {
      let bench = Bench()
      try bench.attach(eKSI: value)
      bench.give(.radioConnectionReleased)
      let update = try bench.assertSends(
        bench.give(.updateTrackingArea(isActive: false)), .trackingAreaUpdateRequest, header: .integrityProtected)
      #expect(try update[TrackingAreaUpdateRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.native, value: value))
      // What deletes the context takes the eKSI along.
      bench.deliver(Bench.updateReject(.ueIdentityCannotBeDerivedByTheNetwork), .ciphered)
      let again = try bench.assertSends(bench.give(.radioConnectionReleased), .attachRequest, header: .plain)
      #expect(try again[AttachRequest.nasKeySetIdentifier] == .noKey)
    }
  }

  @Test("29, UE side: a SECURITY MODE COMMAND with HASHMME and every other optional element is read (OAI UE PR #499)")
  func d29() throws {
    for length in 2...5 {
      let capability = UENetworkCapability(eea: 0xF0, eia: 0x70, uea: length > 2 ? 0xC0 : nil, uia: length > 2 ? 0x40 : nil)
      let bench = Bench(capability: capability)
      bench.give(.attach)
      bench.deliver(bench.challenge(), .plain)
      let complete = try bench.assertSends(
        bench.deliver(
          bench.securityModeCommand {
            $0.hash = [1, 2, 3, 4, 5, 6, 7, 8]
            $0.requestsIMEISV = true
          }), .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
      #expect(try complete[SecurityModeComplete.replayedNASMessageContainer] != nil)
      #expect(try complete[SecurityModeComplete.imeisv] != nil)
    }
  }

  @Test("32: null integrity is refused outside emergencies, offered or not")
  func d32() throws {
    let bench = Bench(capability: UENetworkCapability(eea: 0xF0, eia: 0xF0))
    bench.give(.attach)
    bench.deliver(bench.challenge(), .plain)
    let outputs = bench.deliver(bench.securityModeCommand { $0.algorithms = NASAlgorithms(ciphering: .eea2, integrity: .eia0) })
    #expect(outputs.uplinks.first?.headerType == .plain && bench.current == nil && !bench.ue.hasSecureExchange)
  }

  @Test("33, UE side: header type 4 does not skip the MAC (srsUE #960)")
  func d33Type4() throws {
    let bench = Bench()
    try bench.attach()
    for spoils in [true, false] {
      let protection = ScriptedNetwork.Protection(headerType: .integrityProtectedAndCipheredNewContext, spoilsMAC: spoils)
      bench.assertDiscards(Bench.identityRequest(.imsi), protection, .securityHeaderTypeNotAllowed(4))
    }
  }

  @Test("33, UE side: plain is not accepted once protection is established (srsUE #1090)")
  func d33Plain() throws {
    let bench = Bench()
    try bench.attach()
    for message in [
      Bench.identityRequest(.imsi), Bench.attachReject(.illegalUE), NASMessage(.authenticationReject), NASMessage(.detachAccept),
      Bench.detachRequest(.reattachNotRequired), Bench.emmInformation("net"), Bench.serviceReject(.illegalUE),
    ] {
      bench.assertDiscards(message, .plain, .protectionMissing)
    }
  }

  @Test("38: a second SECURITY MODE COMMAND is answered once more, and the machine stands")
  func d38() throws {
    let bench = Bench()
    try bench.attach()
    for _ in 0..<3 {
      #expect(bench.deliver(bench.securityModeCommand()).uplinks.count == 1)
      try bench.synchroniseNetwork()
    }
    #expect(bench.ue.state == .registered)
  }

  @Test("41, tester twin: KASME is bound to the PLMN of the configuration, MNC of 2 and 3 digits (magma S1APTester #3)")
  func d41() throws {
    for plmn in [PLMN(mcc: "310", mnc: "410"), PLMN(mcc: "262", mnc: "01")].compactMap({ $0 }) {
      let bench = Bench { $0.plmn = plmn }
      bench.give(.attach)
      bench.deliver(bench.challenge(), .plain)
      let vector = try #require(bench.network.lastVector)
      let expected = bench.engine.deriveKASME(
        ck: vector.ck, ik: vector.ik, servingNetwork: plmn.wireOctets, sqnXorAK: vector.sqnXorAK)
      #expect(bench.ue.contexts.partialNative?.kasme == expected && expected != bench.network.pending?.kasme)
    }
  }

  @Test("42: after a change from N1 mode the COUNTs are those of 5GS, repeated or not")
  func d42() throws {
    let five = ModelTests.fiveG
    let bench = try ServiceTests.idle()
    let first = try #require(
      bench.give(.enteredFromN1(IdleChangeFromN1(context: five, mappedGUTI: InterSystemTests.mappedGUTI))).uplinks.first)
    bench.network.current = SecurityContext(idleFrom5GS: five, requestCount: five.uplinkNASCount, side: .mme, using: &bench.engine)
    // Lost and repeated: the next COUNT of 5GS, under the 5G context, since nobody has derived the mapped one (§4.4.2.3).
    let again = bench.give(.transmissionFailed(first, movedTo: nil))
    #expect(!again.contains { if case .establishConnection = $0 { true } else { false } })
    var next = five
    next.uplinkNASCount = try #require(five.uplinkNASCount.next)
    guard case .protected(let pdu) = try NASPDU(parsing: try #require(again.uplinks.first), direction: .uplink) else {
      return #expect(Bool(false))
    }
    #expect(next.verifiesUpdateRequest(pdu, using: &bench.engine))
    let message = try NASMessage(decoding: pdu.payload, direction: .uplink)
    #expect(try message[TrackingAreaUpdateRequest.nasKeySetIdentifier] == five.mappedEKSI)
    // The mapped context is that of the COUNT that went out last, and goes on with the one after it.
    let mapped = SecurityContext(idleFrom5GS: next, requestCount: next.uplinkNASCount, side: .mme, using: &bench.engine)
    #expect(bench.ue.contexts.current?.kasme == mapped.kasme && bench.ue.contexts.current?.uplinkNASCount == next.uplinkNASCount.next)
    bench.network.current = mapped
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.ue.state == .registered)
  }
}
