/// Which EPS bearer contexts are active, TS 24.301 §9.9.2.1.
public struct EPSBearerContextStatus: InformationElementValue, Hashable {
  /// EBI 7 to 0 in the first octet (bits 8 to 1), EBI 15 to 8 in the second.
  public var octets: [UInt8]

  /// - Parameter active: EPS bearer identities 0 to 15; 0, whose bit is spare, is left out.
  public init(active: Set<UInt8>) {
    octets = [0, 0]
    for identity in active where identity != 0 {
      precondition(identity < 16, "an EPS bearer identity is 0 to 15")
      octets[Int(identity / 8)] |= 1 << (identity % 8)
    }
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(2)
    octets = Array(part.octets)
  }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }

  /// The EPS bearer identities whose contexts are not BEARER CONTEXT-INACTIVE; the bit of 0 is spare.
  public var active: Set<UInt8> { Set((1..<16 as Range<UInt8>).filter { octets[Int($0 / 8)] & 1 << ($0 % 8) != 0 }) }
  public var description: String { active.isEmpty ? "none active" : "active: " + active.sorted().map(String.init).joined(separator: " ") }
}
