/// What is wrong with a subscriber's credentials; ``description`` is for the user who typed them.
public struct CredentialError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Sendable, Hashable {
    case imsi, keyLength, operatorKeyLength, tuakSizes, sequenceNumber
  }
  public var code: Code
  public var description: String
}

/// A subscriber as both USIM and HSS know it.
public struct SubscriberCredentials: Sendable {
  /// 6 to 15 decimal digits.
  public let imsi: String
  /// 16 octets; 32 too for TUAK.
  public let k: KeyMaterial
  public let functions: AuthenticationFunctionSet
  /// AMF that the HSS puts in AUTN; its first bit (the separation bit) is 1 for EPS (TS 33.102 Annex H).
  public var amf: UInt16
  /// 48 bits, SEQ ‖ IND: what the HSS used last. The first vector uses a later one.
  public var sqn: UInt64

  /// Refuses key and operator keys of a length that the functions do not have, and an IMSI that is not one.
  public init(
    imsi: String, k: KeyMaterial, functions: AuthenticationFunctionSet, amf: UInt16 = 0x8000, sqn: UInt64 = 0
  ) throws(CredentialError) {
    guard (6...15).contains(imsi.utf8.count), imsi.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
      throw CredentialError(code: .imsi, description: "an IMSI has 6 to 15 decimal digits, not \"\(imsi)\"")
    }
    switch functions {
    case .milenage(let opc):
      guard k.count == 16 else { throw Self.keyLength("MILENAGE", "16", k) }
      guard opc.count == 16 else {
        throw CredentialError(code: .operatorKeyLength, description: "OPc has 16 octets, not \(opc.count) (IMSI \(imsi))")
      }
    case .tuak(let topc, let configuration):
      guard k.count == 16 || k.count == 32 else { throw Self.keyLength("TUAK", "16 or 32", k) }
      guard topc.count == 32 else {
        throw CredentialError(code: .operatorKeyLength, description: "TOPc has 32 octets, not \(topc.count) (IMSI \(imsi))")
      }
      guard configuration.isValid else {
        throw CredentialError(code: .tuakSizes, description: "TUAK has no such sizes: \(configuration) (IMSI \(imsi))")
      }
    case .testXOR:
      guard k.count == 16 else { throw Self.keyLength("the test XOR algorithm", "16", k) }
    }
    guard sqn >> 48 == 0 else {
      throw CredentialError(code: .sequenceNumber, description: "SQN has 48 bits (IMSI \(imsi))")
    }
    self.imsi = imsi
    self.k = k
    self.functions = functions
    self.amf = amf
    self.sqn = sqn
  }

  private static func keyLength(_ name: String, _ wanted: String, _ k: KeyMaterial) -> CredentialError {
    CredentialError(code: .keyLength, description: "K of \(name) has \(wanted) octets, not \(k.count)")
  }
}
