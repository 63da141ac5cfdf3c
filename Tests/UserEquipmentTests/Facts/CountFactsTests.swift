import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// `ue-context-facts.md`, "COUNT, §4.4.3", at the UE: each test is named for what the list says. The arithmetic is in
/// NASSecurityTests.
@Suite struct CountFactsTests {
  @Test("The sender steps after each new or retransmitted protected message")
  func theSenderSteps() throws {
    let bench = Bench()
    try bench.attach()
    let start = try #require(bench.current?.uplinkNASCount).value
    // New ones.
    for offset in 0..<3 {
      let opened = try #require(try bench.opened(bench.deliver(Bench.identityRequest(.imei), .ciphered)).first)
      #expect(opened.count == NASCount(start + UInt32(offset)))
    }
    // Retransmitted ones: DETACH REQUEST at each expiry of T3421.
    _ = try bench.opened(bench.give(.detach(switchOff: false)))
    for offset in 4..<8 {
      let opened = try #require(try bench.opened(bench.give(.timerExpired(.t3421))).first)
      #expect(opened.count == NASCount(start + UInt32(offset)))
    }
    #expect(bench.current?.uplinkNASCount == NASCount(start + 8))
  }

  @Test(
    "Exception: an initial NAS message whose RRC establishment failed",
    arguments: [UE.Input.attach, .requestService, .updateTrackingArea(isActive: false), .detach(switchOff: false)])
  func exception(input: UE.Input) throws {
    let bench = input == .attach ? try Bench.withStoredContext() : try ServiceTests.idle()
    let before = try #require(bench.current?.uplinkNASCount)
    bench.give(input)
    #expect(bench.current?.uplinkNASCount == before.next)
    bench.give(.radioConnectionFailed)
    #expect(bench.current?.uplinkNASCount == before)
    // A connection that was made and lost is another thing.
    let other = input == .attach ? try Bench.withStoredContext() : try ServiceTests.idle()
    let count = try #require(other.current?.uplinkNASCount)
    other.give(input)
    other.give(.radioConnectionReleased)
    #expect(try #require(other.current?.uplinkNASCount) > count)
  }

  @Test("The receiver estimates the overflow, verifies, and only then commits")
  func theReceiverCommitsLast() throws {
    let bench = Bench()
    try bench.attach()
    for sequenceNumber in [0, 1, 5, 200] as [UInt32] {
      // Forged: a lower sequence number would be taken for an overflow, a higher one for losses.
      var forged = ScriptedNetwork.Protection.forged()
      forged.count = NASCount(sequenceNumber)
      bench.assertDiscards(Bench.identityRequest(.imsi), forged, .integrityCheckFailed)
    }
    for count in [200, 0x1_05] as [UInt32] {
      var later = ScriptedNetwork.Protection.ciphered
      later.count = NASCount(count)
      bench.deliver(Bench.identityRequest(.imsi), later)
      #expect(bench.current?.downlinkNASCount == NASCount(count))
    }
  }

  @Test("SERVICE REQUEST carries 5 bits")
  func fiveBits() throws { try ServiceTests().fortyRequestsAcrossTheWrapOfFiveBits() }

  @Test("A COUNT is accepted at most once per context")
  func once() throws {
    let bench = Bench()
    try bench.attach()
    let pdu = bench.network.pdu(Bench.identityRequest(.imsi), .ciphered, using: &bench.engine)
    bench.deliver(pdu)
    let count = try #require(bench.current?.downlinkNASCount)
    bench.assertDiscards(pdu, .replayed(count))
    // Another message under the same COUNT, or under an earlier one that never came, is none either.
    for value in [count.value, count.value - 1] {
      var protection = ScriptedNetwork.Protection.ciphered
      protection.count = NASCount(value)
      bench.assertDiscards(Bench.identityRequest(.imei), protection, .replayed(NASCount(value)))
    }
  }

  @Test("Not under EIA0: replay protection does not apply")
  func onceNotUnderEIA0() throws {
    let bench = try emergencyUnderNull()
    let pdu = bench.network.pdu(Bench.identityRequest(.imei), .ciphered, using: &bench.engine)
    for _ in 0..<2 {
      #expect(bench.words(bench.deliver(pdu)) == ["send IDENTITY RESPONSE/2"])
    }
  }

  @Test("Stored uplink COUNT = value for the next message; stored downlink COUNT = largest accepted")
  func stored() throws {
    let bench = try Bench.withStoredContext()
    let record = try #require(bench.ue.usimFiles.security.record)
    #expect(record.downlinkNASCount == bench.network.current?.downlinkNASCount)
    let next = try #require(try bench.opened(bench.give(.attach)).first)
    #expect(next.count == record.uplinkNASCount)
  }

  @Test("Without a new KASME before the wrap, the node that needs to send releases; before its next uplink message the UE deletes the eKSI")
  func wrap() throws {
    let bench = try ConnectionTests().nearTheEnd(1)
    bench.deliver(Bench.identityRequest(.imei), .ciphered)
    #expect(bench.ue.isConnected && bench.current != nil)
    let outputs = bench.deliver(Bench.identityRequest(.imei), .ciphered)
    #expect(outputs.uplinks.isEmpty && outputs.contains(.releaseConnection))
    #expect(bench.ue.contexts.eKSI == .noKey)
    // The next uplink message goes without it.
    let request = try bench.assertSends(bench.give(.requestService), .trackingAreaUpdateRequest, header: .plain)
    #expect(try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == .noKey)
  }

  @Test("A new KASME before the wrap starts the COUNTs anew")
  func newKASMEBeforeTheWrap() throws { try ConnectionTests().aNewKASMEBeforeTheEndSavesTheConnection() }

  @Test("EIA0: wrap allowed")
  func wrapUnderEIA0() throws {
    let bench = try emergencyUnderNull()
    let context = try #require(bench.current)
    bench.ue.contexts = SecurityContexts(
      current: SecurityContext(
        kasme: context.kasme, keySetIdentifier: 0, side: .userEquipment, algorithms: .null,
        counts: NASCountPair(nextToSend: .maximum, largestAccepted: context.downlinkNASCount), using: &bench.engine))
    for _ in 0..<3 { #expect(bench.deliver(Bench.identityRequest(.imei), .ciphered).uplinks.count == 1) }
    #expect(bench.current?.uplinkNASCount == NASCount(2) && bench.ue.isConnected)
  }

  @Test("Deriving a NAS token steps the uplink COUNT")
  func nasToken() throws {
    let bench = try ServiceTests.idle()
    let context = try #require(bench.current)
    let count = try #require(context.uplinkNASCount)
    let outputs = bench.give(.leftForOtherSystem)
    let token = bench.engine.deriveNASToken(kasme: context.kasme, uplinkNASCount: count.value)
    #expect(outputs.events == [.leftWithNASToken(token)])
    #expect(bench.current?.uplinkNASCount == count.next)
    // Not in connected mode, where a handover needs none.
    let connected = Bench()
    try connected.attach()
    let before = connected.current?.uplinkNASCount
    #expect(connected.give(.leftForOtherSystem).events.isEmpty && connected.current?.uplinkNASCount == before)
  }

  @Test("Deriving a NAS-MAC steps the uplink COUNT")
  func nasMAC() throws {
    let bench = Bench()
    try bench.attach()
    var context = try #require(bench.current)
    let count = try #require(context.uplinkNASCount)
    let outputs = bench.give(.calculateNASMAC(over: [9, 8, 7]))
    let expected = try context.nasMAC(over: [9, 8, 7], using: &bench.engine)
    #expect(outputs == [.event(.nasMACCalculated(expected.mac, count5: UInt8(count.value & 0x1F)))])
    #expect(bench.current?.uplinkNASCount == count.next)
    // In idle mode there is no connection to re-establish.
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.calculateNASMAC(over: [1])).isEmpty && bench.current?.uplinkNASCount == count.next)
  }

  /// Registered for emergency bearer services under 128-EEA0 and 128-EIA0.
  func emergencyUnderNull() throws -> Bench {
    let bench = Bench { $0.attachesForEmergency = true }
    bench.give(.attach)
    bench.network.current = SecurityContext.nullForEmergency(
      localKASME: KeyMaterial([UInt8](repeating: 8, count: 32)), side: .mme, using: &bench.engine)
    bench.deliver(bench.securityModeCommand { $0.algorithms = .null })
    bench.deliver(Bench.attachAccept(), .ciphered)
    try #require(bench.ue.state == .registered && bench.current?.algorithms == .null)
    return bench
  }
}
