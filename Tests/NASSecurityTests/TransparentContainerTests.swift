import NASCrypto
import NASMessages
import Testing

@testable import NASSecurity

/// NAS security transparent containers at both ends (TS 24.301 §4.4.2.2, §4.4.3.1, §9.9.2.6, §9.9.2.7).
@Suite struct TransparentContainerTests {
  private let kasme = KeyMaterial([UInt8](repeating: 0x4B, count: 32))
  private let algorithms = NASAlgorithms(ciphering: .eea2, integrity: .eia2)
  private let umts = UMTSSecurityContext(
    ck: KeyMaterial([UInt8](repeating: 1, count: 16)), ik: KeyMaterial([UInt8](repeating: 2, count: 16)), keySetIdentifier: 4)

  private func native(_ side: NASSide, downlink: UInt32, using engine: inout CryptoEngine) -> SecurityContext {
    let counts =
      side == .mme
      ? NASCountPair(nextToSend: NASCount(downlink), largestAccepted: nil)
      : NASCountPair(nextToSend: .zero, largestAccepted: downlink == 0 ? nil : NASCount(downlink - 1))
    return SecurityContext(kasme: kasme, keySetIdentifier: 1, side: side, algorithms: algorithms, counts: counts, using: &engine)
  }

  @Test(arguments: [0, 7, 15, 16, 255, 0x1_FFFF] as [UInt32])
  func `leaving for UTRAN both sides make the same keys, and the downlink COUNT steps by one`(count: UInt32) throws {
    var engine = CryptoEngine()
    var mme = native(.mme, downlink: count, using: &engine)
    var ue = native(.userEquipment, downlink: count, using: &engine)
    let (container, keys) = try mme.handoverToUTRAN(using: &engine)
    #expect(UInt32(container.downlinkNASCountShort) == count & 15)
    #expect(mme.counts.nextToSend == NASCount(count).next)
    #expect(ue.handedOverToUTRAN(container, using: &engine) == keys)
    #expect(ue.downlinkNASCount == NASCount(count) && mme.downlinkNASCount == NASCount(count))
    #expect(keys == engine.deriveHandoverToUTRANKeys(kasme: kasme, downlinkNASCount: count))
  }

  @Test func `no keys are made of one downlink COUNT twice`() throws {
    var engine = CryptoEngine()
    var mme = native(.mme, downlink: 5, using: &engine)
    var ue = native(.userEquipment, downlink: 5, using: &engine)
    let (container, keys) = try mme.handoverToUTRAN(using: &engine)
    #expect(ue.handedOverToUTRAN(container, using: &engine) == keys)
    // The same container again is that of the COUNT that comes 16 later.
    #expect(ue.handedOverToUTRAN(container, using: &engine) == engine.deriveHandoverToUTRANKeys(kasme: kasme, downlinkNASCount: 21))
    #expect(try mme.handoverToUTRAN(using: &engine).keys != keys)
  }

  @Test func `a used up downlink COUNT gives no container, and no estimate beyond 24 bits`() {
    var engine = CryptoEngine()
    var mme = SecurityContext(
      kasme: kasme, keySetIdentifier: 1, side: .mme, algorithms: algorithms, counts: NASCountPair(nextToSend: nil), using: &engine)
    #expect(throws: NASCountExhausted()) { _ = try mme.handoverToUTRAN(using: &engine) }
    var ue = SecurityContext(
      kasme: kasme, keySetIdentifier: 1, side: .userEquipment, algorithms: algorithms,
      counts: NASCountPair(largestAccepted: .maximum), using: &engine)
    #expect(ue.handedOverToUTRAN(NASSecurityParametersFromEUTRA(downlinkNASCount: 15), using: &engine) == nil)
  }

  @Test func `coming from UTRAN the container counts as the first SMC: downlink COUNT 0 is used up on both sides, uplink starts at 0`()
    throws
  {
    var engine = CryptoEngine()
    var mme = SecurityContext(
      handover: umts, nonceMME: 9, keySetIdentifier: 6, side: .mme, algorithms: algorithms, using: &engine)
    let container = mme.containerToEUTRA(nonceMME: 9)
    #expect(container.keySetIdentifier == NASKeySetIdentifier(.mapped, value: 6) && container.nonceMME == 9)
    #expect(container.ciphering == 2 && container.integrity == 2)
    var ue = SecurityContext(
      handover: umts, nonceMME: container.nonceMME, keySetIdentifier: container.keySetIdentifier.value, side: .userEquipment,
      algorithms: algorithms, using: &engine)
    #expect(ue.kasme == mme.kasme && ue.eKSI == mme.eKSI)
    #expect(ue.downlinkNASCount == .zero && mme.downlinkNASCount == .zero)
    #expect(ue.uplinkNASCount == .zero && mme.uplinkNASCount == .zero)
    let octets = try mme.protect([0x07, 0x60], as: .integrityProtectedAndCiphered, using: &engine)
    guard case .protected(let pdu) = try NASPDU(parsing: octets, direction: .downlink) else {
      Issue.record("not protected")
      return
    }
    #expect(try ue.unprotect(pdu, using: &engine).count == NASCount(1))
  }
}
