import NASCrypto
import NASMessages
import Testing

@testable import NASSecurity

/// `ue-context-facts.md`, "COUNT, §4.4.3" and "Integrity and ciphering, §4.4.4, §4.4.5": the arithmetic, each test named for what
/// the list says.
@Suite struct CountAndProtectionFactsTests {
  @Test("24 bits = 16-bit overflow + 8-bit sequence number; padded to 32 as algorithm input")
  func count() {
    let count = NASCount(overflow: 0xABCD, sequenceNumber: 0xEF)
    #expect(count.value == 0x00AB_CDEF && count.overflow == 0xABCD && count.sequenceNumber == 0xEF)
    #expect(NASCount.maximum.value == 0x00FF_FFFF && NASCount.maximum.next == nil)
    // What goes into the algorithm is the same number in 32 bits.
    var engine = CryptoEngine()
    let ue = context(.userEquipment, counts: NASCountPair(nextToSend: count), using: &engine)
    let pdu = ue.seal([7, 0x61], as: .integrityProtected, count: count, using: &engine)
    let mac = pdu[5...].withUnsafeBytes {
      engine.mac(.eia2, key: ue.integrityKey, count: 0x00AB_CDEF, bearer: 0, direction: .uplink, message: $0)
    }
    #expect(pdu[1...4].reduce(0) { $0 << 8 | UInt32($1) } == mac && pdu[5] == 0xEF)
  }

  @Test("BEARER 0 for NAS; DIRECTION 0 uplink, 1 downlink")
  func bearerAndDirection() {
    var engine = CryptoEngine()
    for (side, direction) in [(NASSide.userEquipment, LinkDirection.uplink), (.mme, .downlink)] {
      #expect(direction.rawValue == (side == .userEquipment ? 0 : 1))
      let context = context(side, using: &engine)
      let pdu = context.seal([7, 0x61, 1, 2, 3], as: .integrityProtected, count: NASCount(9), using: &engine)
      let mac = pdu[5...].withUnsafeBytes {
        engine.mac(.eia2, key: context.integrityKey, count: 9, bearer: 0, direction: direction, message: $0)
      }
      #expect(pdu[1...4].reduce(0) { $0 << 8 | UInt32($1) } == mac)
    }
  }

  @Test("Sequence number going down = overflow + 1; SERVICE REQUEST carries 5 bits, the rest is estimated")
  func estimate() {
    #expect(NASCount.estimate(sequenceNumber: 3, largestAccepted: NASCount(0x1_05)) == NASCount(0x2_03))
    #expect(NASCount.estimate(sequenceNumber: 5, largestAccepted: NASCount(0x1_05)) == NASCount(0x2_05))
    #expect(NASCount.estimate(sequenceNumber: 6, largestAccepted: NASCount(0x1_05)) == NASCount(0x1_06))
    #expect(NASCount.estimate(sequenceNumber: 2, bits: 5, largestAccepted: NASCount(0x1_1F)) == NASCount(0x1_22))
    #expect(NASCount.estimate(sequenceNumber: 0, largestAccepted: nil) == .zero)
  }

  @Test("Cipher first, then MAC over octets 6..n (sequence number and message)")
  func order() throws {
    var engine = CryptoEngine()
    let ue = context(.userEquipment, using: &engine)
    let plain: [UInt8] = [7, 0x61, 1, 2, 3, 4]
    let pdu = ue.seal(plain, as: .integrityProtectedAndCiphered, count: NASCount(4), using: &engine)
    var ciphered = plain
    ciphered.withUnsafeMutableBytes {
      engine.applyKeystream(.eea2, key: ue.encryptionKey, count: 4, bearer: 0, direction: .uplink, to: $0)
    }
    #expect(Array(pdu[6...]) == ciphered && ciphered != plain)
    let mac = ([4] + ciphered).withUnsafeBytes {
      engine.mac(.eia2, key: ue.integrityKey, count: 4, bearer: 0, direction: .uplink, message: $0)
    }
    #expect(pdu[1...4].reduce(0) { $0 << 8 | UInt32($1) } == mac)
  }

  @Test("EEA0 changes nothing about header types")
  func nullCiphering() throws {
    var engine = CryptoEngine()
    var ue = context(.userEquipment, ciphering: .eea0, using: &engine)
    let mme = context(.mme, ciphering: .eea0, using: &engine)
    let pdu = try ue.protect([7, 0x61], as: .integrityProtectedAndCiphered, using: &engine)
    #expect(pdu[0] == 0x27 && Array(pdu[6...]) == [7, 0x61])
    #expect(try mme.verify(SecurityProtectedNAS(parsing: pdu), using: &engine).wasCiphered)
  }

  // MARK: Partly ciphered

  static func request(esm: [UInt8]? = nil, nas: [UInt8]? = nil) -> [UInt8] {
    var request = NASMessage(.controlPlaneServiceRequest)
    request.set(ControlPlaneServiceRequest.controlPlaneServiceType, ControlPlaneServiceType(rawValue: 0))
    request.set(ControlPlaneServiceRequest.nasKeySetIdentifier, NASKeySetIdentifier(.native, value: 0))
    request.set(ControlPlaneServiceRequest.esmMessageContainer, esm.map { ESMMessageContainer($0) })
    request.set(ControlPlaneServiceRequest.nasMessageContainer, nas.map { NASMessageContainer($0) })
    request.set(ControlPlaneServiceRequest.epsBearerContextStatus, EPSBearerContextStatus(active: [5]))
    return request.encoded()
  }

  @Test(
    "CONTROL PLANE SERVICE REQUEST with an ESM or NAS message container is partially ciphered (value part), and opened again",
    arguments: [CipheringAlgorithm.eea0, .eea1, .eea2, .eea3])
  func partial(ciphering: CipheringAlgorithm) throws {
    var engine = CryptoEngine()
    for (message, value) in [
      (Self.request(esm: [0x52, 1, 0xEB, 3, 1, 2, 3]), 7 as Int), (Self.request(nas: [9, 1, 2, 3]), 4),
      (Self.request(esm: Array(repeating: 0x5A, count: 300)), 300),
    ] {
      var ue = context(.userEquipment, ciphering: ciphering, using: &engine)
      var mme = context(.mme, ciphering: ciphering, using: &engine)
      let pdu = try ue.protect(message, as: .integrityProtectedAndPartiallyCiphered, using: &engine)
      #expect(pdu[0] == 0x57)
      // No more than the value differs, and its length is the key stream's.
      let differing = zip(pdu[6...], message).filter { $0 != $1 }.count
      #expect(ciphering == .eea0 ? differing == 0 : differing > 0 && differing <= value)
      let opened = try mme.unprotect(SecurityProtectedNAS(parsing: pdu), using: &engine)
      #expect(opened.octets == message)
      // The MAC covers what was sent: one bit of the ciphered value spoils it.
      var spoilt = pdu
      spoilt[12] ^= 1
      #expect(throws: DiscardReason.integrityCheckFailed) {
        _ = try context(.mme, ciphering: ciphering, using: &engine).verify(SecurityProtectedNAS(parsing: spoilt), using: &engine)
      }
    }
  }

  @Test("A partly ciphered header on anything else ciphers nothing, and a UE receives none")
  func partialElsewhere() throws {
    var engine = CryptoEngine()
    let ue = context(.userEquipment, using: &engine)
    let pdu = ue.seal([7, 0x61, 1], as: .integrityProtectedAndPartiallyCiphered, count: .zero, using: &engine)
    #expect(Array(pdu[6...]) == [7, 0x61, 1])
    #expect(throws: DiscardReason.securityHeaderTypeNotAllowed(5)) { _ = try ue.verify(SecurityProtectedNAS(parsing: pdu), using: &engine) }
  }

  // MARK: Steps without a message

  @Test("Deriving a NAS token steps the uplink COUNT, and it is not derived twice of one")
  func token() throws {
    var engine = CryptoEngine()
    var ue = context(.userEquipment, counts: NASCountPair(nextToSend: NASCount(41)), using: &engine)
    let first = try ue.nasToken(using: &engine)
    #expect(first == engine.deriveNASToken(kasme: ue.kasme, uplinkNASCount: 41) && ue.uplinkNASCount == NASCount(42))
    #expect(try ue.nasToken(using: &engine) != first)
    var spent = context(.userEquipment, counts: NASCountPair(nextToSend: nil), using: &engine)
    #expect(throws: NASCountExhausted()) { _ = try spent.nasToken(using: &engine) }
  }

  @Test("Deriving a NAS-MAC steps the uplink COUNT, and it is not derived twice of one")
  func nasMAC() throws {
    var engine = CryptoEngine()
    var ue = context(.userEquipment, counts: NASCountPair(nextToSend: NASCount(0x1_23)), using: &engine)
    let (mac, count) = try ue.nasMAC(over: [1, 2, 3], using: &engine)
    let expected = engine.mac(
      ue.algorithms.integrity, key: ue.integrityKey, count: 0x123, bearer: 0, direction: .uplink, message: [1, 2, 3])
    #expect(mac == expected && count == NASCount(0x123) && ue.uplinkNASCount == NASCount(0x124))
    #expect(try ue.nasMAC(over: [1, 2, 3], using: &engine).mac != mac)
    var spent = context(.userEquipment, counts: NASCountPair(nextToSend: nil), using: &engine)
    #expect(throws: NASCountExhausted()) { _ = try spent.nasMAC(over: [], using: &engine) }
  }

  // MARK: N1 mode

  @Test("N1→S1 idle: the MAC is that of 5G NAS over 3GPP access (TS 33.501 §8.2), K'ASME of the request's COUNT, the 5G COUNTs go on")
  func fromN1() throws {
    var engine = CryptoEngine()
    let five = FiveGSecurityContext(
      kamf: key(5), keySetIdentifier: 3, uplinkNASCount: NASCount(0x1_02), downlinkNASCount: NASCount(7),
      algorithms: NASAlgorithms(ciphering: .eea2, integrity: .eia1), integrityAlgorithm: .eia2)
    let pdu = try SecurityProtectedNAS(parsing: five.protectUpdateRequest([7, 0x48, 9], using: &engine))
    #expect(pdu.headerType == .integrityProtected && pdu.sequenceNumber == 2)
    let integrityKey = engine.deriveFiveGNASIntegrityKey(kamf: five.kamf, .eia2)
    #expect(integrityKey.count == 16 && integrityKey != engine.deriveNASIntegrityKey(kasme: five.kamf, .eia2))
    let mac = pdu.authenticated.withUnsafeBytes {
      engine.mac(.eia2, key: integrityKey, count: 0x1_02, bearer: 1, direction: .uplink, message: $0)
    }
    #expect(pdu.mac == mac && five.verifiesUpdateRequest(pdu, using: &engine))
    let mapped = SecurityContext(idleFrom5GS: five, requestCount: five.uplinkNASCount, side: .userEquipment, using: &engine)
    #expect(mapped.kasme == engine.deriveIdleFrom5GSKASME(kamf: five.kamf, uplinkNASCount: 0x1_02))
    #expect(mapped.eKSI == five.mappedEKSI && mapped.algorithms == five.algorithms)
    #expect(mapped.uplinkNASCount == NASCount(0x1_03) && mapped.downlinkNASCount == NASCount(7))
  }

  // MARK: Types

  @Test("Illegal combinations cannot be built: a full native context is non-current only beside a mapped one, or alone")
  func combinations() throws {
    var engine = CryptoEngine()
    let native = context(.userEquipment, kasme: key(1), eKSI: 1, using: &engine)
    let mapped = context(.userEquipment, kasme: key(2), type: .mapped, eKSI: 2, using: &engine)
    #expect(NativeSecurityContext(mapped) == nil && MappedSecurityContext(native) == nil)
    var contexts = SecurityContexts(mapped: mapped, pushing: native)
    #expect(contexts.current == mapped && contexts.nonCurrent == NativeSecurityContext(native).map { .fullNative($0) })
    // The mapped one runs out of COUNTs: the native one stays where it is.
    contexts.deleteCurrent()
    #expect(contexts.current == nil && contexts.nonCurrent == NativeSecurityContext(native).map { .fullNative($0) })
    // Another native one in its place leaves no room for it.
    let other = context(.userEquipment, kasme: key(3), eKSI: 3, using: &engine)
    contexts.take(other)
    #expect(contexts == SecurityContexts(current: other))
  }
}
