import NASCrypto
import NASMessages

@testable import NASSecurity

/// Keys and contexts of these tests.
func key(_ octet: UInt8) -> KeyMaterial { KeyMaterial([UInt8](repeating: octet, count: 32)) }

func context(
  _ side: NASSide, kasme: KeyMaterial = key(1), type: NASKeySetIdentifier.TypeOfSecurityContext = .native, eKSI: UInt8 = 0,
  ciphering: CipheringAlgorithm = .eea2, integrity: IntegrityAlgorithm = .eia2, counts: NASCountPair = NASCountPair(),
  using engine: inout CryptoEngine
) -> SecurityContext {
  SecurityContext(
    kasme: kasme, type: type, keySetIdentifier: eKSI, side: side,
    algorithms: NASAlgorithms(ciphering: ciphering, integrity: integrity), counts: counts, using: &engine)
}

func octets(_ hex: String) -> [UInt8] {
  var result: [UInt8] = []
  var high: UInt8?
  for digit in hex.compactMap({ $0.hexDigitValue.map(UInt8.init) }) {
    if let first = high {
      result.append(first << 4 | digit)
      high = nil
    } else {
      high = digit
    }
  }
  return result
}

func protected(_ hex: String) throws -> SecurityProtectedNAS { try SecurityProtectedNAS(parsing: octets(hex)) }

extension SecurityContexts {
  /// A mapped context in force that pushed a native one aside.
  init(mapped: SecurityContext, pushing native: SecurityContext) {
    self.init(current: native)
    if let mapped = MappedSecurityContext(mapped) { takeByHandover(mapped) }
  }
}
