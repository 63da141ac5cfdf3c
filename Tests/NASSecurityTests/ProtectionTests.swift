import NASCrypto
import NASMessages
import Testing

@testable import NASSecurity

@Suite struct ProtectionTests {
  static let algorithms: [(CipheringAlgorithm, IntegrityAlgorithm)] = [
    (.eea0, .eia1), (.eea1, .eia1), (.eea2, .eia2), (.eea3, .eia3), (.eea1, .eia3),
  ]

  @Test(arguments: algorithms)
  func whatOneSideProtectsTheOtherOpens(ciphering: CipheringAlgorithm, integrity: IntegrityAlgorithm) throws {
    var engine = CryptoEngine()
    var ue = context(.userEquipment, ciphering: ciphering, integrity: integrity, using: &engine)
    var mme = context(.mme, ciphering: ciphering, integrity: integrity, using: &engine)
    let message: [UInt8] = Array(0..<40)
    for number in UInt32(0)..<600 {
      let headerType = SecurityHeaderType(rawValue: UInt8(number % 4 + 1))
      let uplink = try ue.protect(message, as: headerType, using: &engine)
      let opened = try mme.unprotect(SecurityProtectedNAS(parsing: uplink), using: &engine)
      #expect(opened.octets == message && opened.count == NASCount(number) && opened.securityHeaderType == headerType)
      #expect(opened.wasCiphered == (headerType.rawValue % 2 == 0))
      let downlink = try mme.protect(message, as: headerType, using: &engine)
      #expect(try ue.unprotect(SecurityProtectedNAS(parsing: downlink), using: &engine).octets == message)
    }
    #expect(ue.uplinkNASCount == mme.uplinkNASCount && ue.uplinkNASCount == NASCount(600))
    #expect(ue.downlinkNASCount == mme.downlinkNASCount && ue.downlinkNASCount == NASCount(599))
  }

  @Test func cipheringHidesTheMessageAndIntegrityAloneDoesNot() throws {
    var engine = CryptoEngine()
    var ue = context(.userEquipment, using: &engine)
    let message: [UInt8] = Array(0..<30)
    #expect(try Array(ue.protect(message, as: .integrityProtected, using: &engine)[6...]) == message)
    #expect(try Array(ue.protect(message, as: .integrityProtectedAndCiphered, using: &engine)[6...]) != message)
  }

  @Test func aCOUNTIsAcceptedOnceAndAReplayIsNamed() throws {
    var engine = CryptoEngine()
    var ue = context(.userEquipment, using: &engine)
    var mme = context(.mme, using: &engine)
    var sent: [SecurityProtectedNAS] = []
    for _ in 0..<300 {
      let pdu = try SecurityProtectedNAS(parsing: mme.protect([7, 0x61], as: .integrityProtectedAndCiphered, using: &engine))
      _ = try ue.unprotect(pdu, using: &engine)
      sent.append(pdu)
    }
    let before = ue
    // The last 256 can be told from forgeries; older ones would need more MACs and are merely wrong.
    for (number, pdu) in sent.enumerated() {
      let reason = #expect(throws: DiscardReason.self) { try ue.verify(pdu, using: &engine) }
      #expect(reason == (number > 43 ? .replayed(NASCount(UInt32(number))) : .integrityCheckFailed))
    }
    #expect(ue == before)
  }

  @Test func aWrongMACChangesNothing() throws {
    var engine = CryptoEngine()
    var ue = context(.userEquipment, using: &engine)
    var mme = context(.mme, using: &engine)
    _ = try ue.unprotect(SecurityProtectedNAS(parsing: mme.protect([7, 0x61], as: .integrityProtected, using: &engine)), using: &engine)
    let good = try mme.protect([7, 0x61, 1, 2, 3], as: .integrityProtectedAndCiphered, using: &engine)
    let before = ue
    for position in 1..<good.count {
      for bit in 0..<8 {
        var bad = good
        bad[position] ^= 1 << UInt8(bit)
        let pdu = try SecurityProtectedNAS(parsing: bad)
        #expect(throws: DiscardReason.integrityCheckFailed) { _ = try ue.unprotect(pdu, using: &engine) }
        #expect(ue == before)
      }
    }
    // A forged lower sequence number does not move the overflow counter: the genuine message still passes.
    _ = try ue.unprotect(SecurityProtectedNAS(parsing: good), using: &engine)
    #expect(ue.downlinkNASCount == NASCount(1))
  }

  @Test func lossesAroundTheWrapDoNotMatter() throws {
    var engine = CryptoEngine()
    for lost in [0, 1, 3, 100, 254] {
      var ue = context(.userEquipment, counts: NASCountPair(nextToSend: NASCount(250)), using: &engine)
      var mme = context(.mme, counts: NASCountPair(largestAccepted: NASCount(249)), using: &engine)
      for _ in 0..<lost { _ = try ue.protect([7, 0x61], as: .integrityProtected, using: &engine) }
      let pdu = try ue.protect([7, 0x61], as: .integrityProtected, using: &engine)
      #expect(try mme.unprotect(SecurityProtectedNAS(parsing: pdu), using: &engine).count == NASCount(UInt32(250 + lost)))
    }
  }

  @Test func theLastCOUNTIsUsedAndNoneAfterIt() throws {
    var engine = CryptoEngine()
    var ue = context(.userEquipment, counts: NASCountPair(nextToSend: NASCount(0xFF_FFFF)), using: &engine)
    var mme = context(.mme, counts: NASCountPair(largestAccepted: NASCount(0xFF_FFFE)), using: &engine)
    let last = try ue.protect([7, 0x61], as: .integrityProtected, using: &engine)
    #expect(try mme.unprotect(SecurityProtectedNAS(parsing: last), using: &engine).count == .maximum)
    let before = ue
    #expect(throws: NASCountExhausted.self) { _ = try ue.protect([7, 0x61], as: .integrityProtected, using: &engine) }
    #expect(throws: NASCountExhausted.self) { _ = try ue.serviceRequest(using: &engine) }
    #expect(ue == before && ue.uplinkNASCount == nil)
    #expect(mme.uplinkNASCount == nil)
    let pdu = try SecurityProtectedNAS(parsing: last)
    #expect(throws: DiscardReason.countExhausted) { _ = try mme.unprotect(pdu, using: &engine) }
  }

  @Test func underEIA0TheCOUNTWrapsAndNothingIsVerified() throws {
    // §4.4.3.5, §4.4.3.2, §4.4.3.3.
    var engine = CryptoEngine()
    var ue = context(
      .userEquipment, ciphering: .eea0, integrity: .eia0, counts: NASCountPair(nextToSend: NASCount(0xFF_FFFF)), using: &engine)
    var mme = context(
      .mme, ciphering: .eea0, integrity: .eia0, counts: NASCountPair(largestAccepted: NASCount(0xFF_FFFE)), using: &engine)
    for expected in [0xFF_FFFF, 0, 1] as [UInt32] {
      let pdu = try ue.protect([7, 0x61], as: .integrityProtectedAndCiphered, using: &engine)
      #expect(Array(pdu[1..<5]) == [0, 0, 0, 0])
      #expect(try mme.unprotect(SecurityProtectedNAS(parsing: pdu), using: &engine).count == NASCount(expected))
    }
  }

  @Test func headerTypesWithoutAMeaningHereAreRefused() throws {
    var engine = CryptoEngine()
    let ue = context(.userEquipment, using: &engine)
    let pdu = SecurityProtectedNAS(
      headerType: .integrityProtectedAndPartiallyCiphered, mac: 0, sequenceNumber: 0, payload: [7, 0x61])
    #expect(throws: DiscardReason.securityHeaderTypeNotAllowed(5)) { _ = try ue.verify(pdu, using: &engine) }
  }

  @Test func aCOUNTOfAnUnsentMessageIsTakenBack() throws {
    var engine = CryptoEngine()
    var ue = context(.userEquipment, counts: NASCountPair(nextToSend: NASCount(9)), using: &engine)
    let before = ue
    _ = try ue.protect([7, 0x41], as: .integrityProtected, using: &engine)
    ue.takeBack(NASCount(9))
    #expect(ue == before)
    // Not if another followed.
    _ = try ue.protect([7, 0x41], as: .integrityProtected, using: &engine)
    _ = try ue.protect([7, 0x41], as: .integrityProtected, using: &engine)
    ue.takeBack(NASCount(9))
    #expect(ue.uplinkNASCount == NASCount(11))
  }
}

@Suite struct ServiceRequestProtectionTests {
  @Test func theNetworkFollows40RequestsInARow() throws {
    var engine = CryptoEngine()
    var ue = context(.userEquipment, eKSI: 3, using: &engine)
    var mme = context(.mme, eKSI: 3, using: &engine)
    for number in UInt32(0)..<300 {
      let request = try ServiceRequest(parsing: ue.serviceRequest(using: &engine))
      #expect(request.ksi == 3)
      let count = try mme.verify(request, using: &engine)
      #expect(count == NASCount(number))
      mme.accept(serviceRequestCount: count)
    }
  }

  @Test func replayAndForgeryAreToldApartAndChangeNothing() throws {
    var engine = CryptoEngine()
    var ue = context(.userEquipment, using: &engine)
    var mme = context(.mme, using: &engine)
    let first = try ue.serviceRequest(using: &engine)
    let request = try ServiceRequest(parsing: first)
    mme.accept(serviceRequestCount: try mme.verify(request, using: &engine))
    #expect(throws: DiscardReason.replayed(.zero)) { _ = try mme.verify(request, using: &engine) }
    let next = try ue.serviceRequest(using: &engine)
    let forged = try ServiceRequest(parsing: [next[0], next[1], next[2] ^ 1, next[3]])
    #expect(throws: DiscardReason.integrityCheckFailed) { _ = try mme.verify(forged, using: &engine) }
    #expect(try mme.verify(ServiceRequest(parsing: next), using: &engine) == NASCount(1))
  }
}
