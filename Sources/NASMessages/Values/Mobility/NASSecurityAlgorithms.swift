/// The selected algorithms, TS 24.301 §9.9.3.23.
public struct NASSecurityAlgorithms: InformationElementValue, Hashable {
  /// The octet as it came; bits 8 and 4 are spare.
  public let octet: UInt8

  /// - Parameters:
  ///   - ciphering: type of ciphering algorithm, 0 to 7 (EEA).
  ///   - integrity: type of integrity protection algorithm, 0 to 7 (EIA).
  public init(ciphering: UInt8, integrity: UInt8) {
    precondition(ciphering < 8 && integrity < 8, "an algorithm is 0 to 7")
    octet = ciphering << 4 | integrity
  }

  /// 0 to 7.
  public var ciphering: UInt8 { octet >> 4 & 0x07 }
  /// 0 to 7.
  public var integrity: UInt8 { octet & 0x07 }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    octet = part[0]
  }
  public func encode(into octets: inout OctetWriter) { octets.append(octet) }

  public var description: String {
    let ea = 1...3 ~= ciphering ? "128-EEA\(ciphering)" : "EEA\(ciphering)"
    let ia = 1...3 ~= integrity ? "128-EIA\(integrity)" : "EIA\(integrity)"
    return ea + " " + ia
  }
}
