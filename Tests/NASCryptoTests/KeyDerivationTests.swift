import Testing

@testable import NASCrypto

@Suite("Key derivations of TS 33.401 Annex A and TS 33.501 A.14")
struct KeyDerivationTests {
  /// The named function for a vector, which is chosen by name and clause, never by FC.
  static func derived(_ vector: Vectors.Derivation, _ engine: inout CryptoEngine) throws -> KeyMaterial? {
    let values = try vector.parameters.map { try octets($0.value) }
    let numbers = values.map { UInt32(truncatingIfNeeded: bigEndianNumber($0)) }
    let whole = try key(vector.key)
    let (ck, ik) = whole.withUnsafeBytes { (KeyMaterial($0[..<16]), KeyMaterial($0[16...])) }
    switch vector.clause {
    case "TS 33.401 A.2": return engine.deriveKASME(ck: ck, ik: ik, servingNetwork: values[0], sqnXorAK: values[1])
    case "TS 33.401 A.3": return engine.deriveKeNB(kasme: whole, uplinkNASCount: numbers[0])
    case "TS 33.401 A.4": return engine.deriveNextHop(kasme: whole, syncInput: KeyMaterial(values[0]))
    case "TS 33.401 A.5":
      return engine.deriveKeNBStar(from: whole, pci: UInt16(truncatingIfNeeded: numbers[0]), earfcnDL: numbers[1])
    case "TS 33.401 A.7":
      let identity = UInt8(truncatingIfNeeded: numbers[1])
      let ciphering = try #require(CipheringAlgorithm(rawValue: identity))
      let integrity = try #require(IntegrityAlgorithm(rawValue: identity))
      switch vector.name {
      case "KNASenc": return engine.deriveNASEncryptionKey(kasme: whole, ciphering)
      case "KNASint": return engine.deriveNASIntegrityKey(kasme: whole, integrity)
      case "KRRCenc": return engine.deriveRRCEncryptionKey(keNB: whole, ciphering)
      case "KRRCint": return engine.deriveRRCIntegrityKey(keNB: whole, integrity)
      case "KUPenc": return engine.deriveUPEncryptionKey(keNB: whole, ciphering)
      case "KUPint": return engine.deriveUPIntegrityKey(keNB: whole, integrity)
      default: return nil
      }
    case "TS 33.401 A.8": return engine.deriveHandoverToUTRANKeys(kasme: whole, downlinkNASCount: numbers[0])
    case "TS 33.401 A.9": return engine.deriveNASToken(kasme: whole, uplinkNASCount: numbers[0])
    case "TS 33.401 A.10": return engine.deriveMappedKASME(ck: ck, ik: ik, nonceMME: numbers[0])
    case "TS 33.401 A.11": return engine.deriveMappedKASME(ck: ck, ik: ik, nonceUE: numbers[0], nonceMME: numbers[1])
    case "TS 33.401 A.12": return engine.deriveSRVCCKeys(kasme: whole, downlinkNASCount: numbers[0])
    case "TS 33.401 A.13": return engine.deriveIdleToUTRANKeys(kasme: whole, uplinkNASCount: numbers[0])
    case "TS 33.501 A.14.1": return engine.deriveIdleFrom5GSKASME(kamf: whole, uplinkNASCount: numbers[0])
    case "TS 33.501 A.14.2": return engine.deriveHandoverFrom5GSKASME(kamf: whole, downlinkNASCount: numbers[0])
    default: return nil
    }
  }

  @Test("Every vector comes out of the function named for it")
  func everyVector() throws {
    var engine = CryptoEngine()
    #expect(Vectors.derivations.count == 96)
    for vector in Vectors.derivations {
      let answer = try Self.derived(vector, &engine)
      let derived = try #require(answer, "no function for \(vector.name), \(vector.clause)")
      #expect(derived.hex() == vector.output, "\(vector.name), \(vector.clause)")
    }
  }

  @Test("An EARFCN takes 2 octets up to 65535 and 3 beyond")
  func earfcnBoundary() throws {
    var engine = CryptoEngine()
    let keNB = KeyMaterial([UInt8](repeating: 9, count: 32))
    let below = engine.deriveKeNBStar(from: keNB, pci: 1, earfcnDL: 65535)
    let above = engine.deriveKeNBStar(from: keNB, pci: 1, earfcnDL: 65536)
    let byHand = engine.derive(0x13, from: keNB) { s in
      s.parameter([0, 1])
      s.parameter([0xff, 0xff])
    }
    let byHandAbove = engine.derive(0x13, from: keNB) { s in
      s.parameter([0, 1])
      s.parameter([1, 0, 0])
    }
    #expect(below == byHand && above == byHandAbove)
  }
}
