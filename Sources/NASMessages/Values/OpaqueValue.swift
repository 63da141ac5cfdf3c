/// An element's octets, uninterpreted: for elements that nothing here looks into.
public struct OpaqueValue: InformationElementValue, ExpressibleByArrayLiteral {
  /// The value part as it came.
  public var octets: ArraySlice<UInt8>

  public init(_ octets: some Collection<UInt8>) { self.octets = ArraySlice(octets) }
  public init(arrayLiteral elements: UInt8...) { octets = ArraySlice(elements) }
  public init(decoding part: ValuePart) throws(NASDecodingError) { octets = part.octets }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }
  public var description: String { hexString(octets) }
}

/// Four bits, uninterpreted; also the spare half octet (TS 24.301 §9.9.2.9), which is kept as it came.
public struct OpaqueHalfOctet: InformationElementValue {
  /// 0 to 15.
  public var value: UInt8

  /// - Parameter value: 0 to 15 (precondition).
  public init(_ value: UInt8) {
    precondition(value < 16, "a half octet is 0 to 15")
    self.value = value
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) { value = part.halfOctet }
  public func encode(into octets: inout OctetWriter) { octets.append(value) }
  public var description: String { "\(value)" }
}
