/// A value that is kept as the octets it is coded in: spare bits and later extensions stay, meanings are computed.
public protocol OctetStringValue: InformationElementValue, Hashable {
  /// The coded value.
  var octets: [UInt8] { get set }

  /// Fewer octets than this are an error.
  static var shortest: Int { get }

  /// - Parameter octets: at least ``shortest`` (precondition).
  init(octets: [UInt8])
}

extension OctetStringValue {
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(Self.shortest)
    self.init(octets: Array(part.octets))
  }

  @inlinable
  @inline(__always)
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }

  /// For initialisers: `octets`, if they are enough.
  static func checked(_ octets: [UInt8]) -> [UInt8] {
    precondition(octets.count >= shortest, "\(Self.self) has at least \(shortest) octets")
    return octets
  }

  /// A bit, numbered as in the figures of the specification: bit 8 is the highest. Octets that are absent read as zero.
  func bit(_ bit: Int, ofOctet index: Int) -> Bool { index < octets.count && octets[index] & 1 << UInt8(bit - 1) != 0 }

  /// Sets a bit; octets that are absent are put in as zero.
  mutating func setBit(_ bit: Int, ofOctet index: Int, _ value: Bool) {
    while octets.count <= index { octets.append(0) }
    let mask: UInt8 = 1 << UInt8(bit - 1)
    octets[index] = value ? octets[index] | mask : octets[index] & ~mask
  }

  func uint16(at index: Int) -> UInt16 { UInt16(octets[index]) << 8 | UInt16(octets[index + 1]) }

  /// The names of the bits that are set. `names` has eight per octet, bit 8 first; "" is not shown.
  func flagNames(_ names: [[String]], from first: Int = 0) -> String {
    var found: [String] = []
    for (index, row) in names.enumerated() {
      for (place, name) in row.enumerated() where !name.isEmpty && bit(8 - place, ofOctet: first + index) { found.append(name) }
    }
    return found.joined(separator: ", ")
  }
}

/// A value of one octet, all of whose bits are kept.
public protocol OctetValue: InformationElementValue, RawRepresentable, Hashable where RawValue == UInt8 {
  init(rawValue: UInt8)
}

extension OctetValue {
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    self.init(rawValue: part[0])
  }
  @inlinable
  @inline(__always)
  public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }
}

/// A value of half an octet, all of whose bits are kept.
public protocol HalfOctetValue: InformationElementValue, RawRepresentable, Hashable where RawValue == UInt8 {
  /// - Parameter rawValue: 0 to 15 (precondition).
  init(rawValue: UInt8)
}

extension HalfOctetValue {
  public init(decoding part: ValuePart) throws(NASDecodingError) { self.init(rawValue: part.halfOctet) }
  @inlinable
  @inline(__always)
  public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  /// For initialisers: `value`, if it is four bits.
  static func checked(_ value: UInt8) -> UInt8 {
    precondition(value < 16, "a half octet is 0 to 15")
    return value
  }
}

/// The names of the elements, or `otherwise` when there are none.
func list(_ names: [String], otherwise: String) -> String { names.isEmpty ? otherwise : names.joined(separator: ", ") }
