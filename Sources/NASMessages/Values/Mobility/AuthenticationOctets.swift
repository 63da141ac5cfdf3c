// Of a greater length than the value can have, the rest is ignored (TS 24.007 §11.4.2).

/// RAND, TS 24.301 §9.9.3.3: 16 octets.
public struct AuthenticationParameterRAND: InformationElementValue, Hashable {
  /// The value as coded.
  public let octets: [UInt8]

  /// - Parameter octets: 16 (precondition).
  public init(_ octets: [UInt8]) {
    precondition(octets.count == 16, "AuthenticationParameterRAND has 16 octets")
    self.octets = octets
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(16)
    octets = Array(part.octets.prefix(16))
  }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }
  public var description: String { hexString(octets) }
}

/// AUTN, TS 24.301 §9.9.3.2: 16 octets.
public struct AuthenticationParameterAUTN: InformationElementValue, Hashable {
  /// The value as coded.
  public let octets: [UInt8]

  /// - Parameter octets: 16 (precondition).
  public init(_ octets: [UInt8]) {
    precondition(octets.count == 16, "AuthenticationParameterAUTN has 16 octets")
    self.octets = octets
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(16)
    octets = Array(part.octets.prefix(16))
  }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }
  public var description: String { hexString(octets) }
}

/// RES, TS 24.301 §9.9.3.4: 4 to 16 octets.
public struct AuthenticationResponseParameter: InformationElementValue, Hashable {
  /// The value as coded.
  public let octets: [UInt8]

  /// - Parameter octets: 4 to 16 (precondition).
  public init(_ octets: [UInt8]) {
    precondition(4...16 ~= octets.count, "AuthenticationResponseParameter has 4 to 16 octets")
    self.octets = octets
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(4)
    octets = Array(part.octets.prefix(16))
  }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }
  public var description: String { hexString(octets) }
}

/// AUTS, TS 24.301 §9.9.3.1: 14 octets.
public struct AuthenticationFailureParameter: InformationElementValue, Hashable {
  /// The value as coded.
  public let octets: [UInt8]

  /// - Parameter octets: 14 (precondition).
  public init(_ octets: [UInt8]) {
    precondition(octets.count == 14, "AuthenticationFailureParameter has 14 octets")
    self.octets = octets
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(14)
    octets = Array(part.octets.prefix(14))
  }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }
  public var description: String { hexString(octets) }
}

/// HASH_MME, TS 24.301 §9.9.3.50: 8 octets.
public struct HashMME: InformationElementValue, Hashable {
  /// The value as coded.
  public let octets: [UInt8]

  /// - Parameter octets: 8 (precondition).
  public init(_ octets: [UInt8]) {
    precondition(octets.count == 8, "HashMME has 8 octets")
    self.octets = octets
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(8)
    octets = Array(part.octets.prefix(8))
  }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }
  public var description: String { hexString(octets) }
}

/// Nonce, TS 24.301 §9.9.3.25: 32 bits.
public struct Nonce: InformationElementValue, Hashable {
  /// Bit 32 is the first bit of the coding.
  public var value: UInt32

  public init(_ value: UInt32) { self.value = value }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(4)
    value = part.uint32(at: 0)
  }
  public func encode(into octets: inout OctetWriter) { octets.append(bigEndian32: value) }
  public var description: String { "0x" + hexDigits(value, 8) }
}
