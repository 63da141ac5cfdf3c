/// The value part of an information element as a Swift value, TS 24.301 §9.9.
///
/// Decoding is lazy: a message only finds where its elements lie, and a value is read when it is asked for.
public protocol InformationElementValue: Sendable, Equatable, CustomStringConvertible {
  /// Reads the value part (no identifier, no length).
  ///
  /// - Throws: what is wrong with it, with the offset in the message.
  init(decoding part: ValuePart) throws(NASDecodingError)

  /// Appends the value part. Half-octet values append one octet and use its bits 1 to 4. May be called again with more room.
  func encode(into octets: inout OctetWriter)
}

/// The value part of one information element of a received message.
public struct ValuePart: Sendable {
  /// The octets of the value. For half-octet elements the one octet it shares; use ``halfOctet`` there.
  public let octets: ArraySlice<UInt8>
  /// The value of a half-octet element, 0 to 15; for others the low half of the first octet.
  public let halfOctet: UInt8
  /// Offset of the value in the message, in octets.
  public let offset: Int
  /// The element's name, for errors.
  public let field: StaticString
  /// The message it is in, for errors.
  let message: NASMessageType?
  /// The part of the value that is being read, for errors.
  let item: ValueItem?

  /// A value part that stands alone.
  public init(_ octets: ArraySlice<UInt8>, halfOctet: UInt8? = nil, offset: Int = 0, field: StaticString = "") {
    self.init(octets, halfOctet: halfOctet, offset: offset, field: field, message: nil)
  }

  init(
    _ octets: ArraySlice<UInt8>, halfOctet: UInt8?, offset: Int, field: StaticString, message: NASMessageType?, item: ValueItem? = nil
  ) {
    self.octets = octets
    self.halfOctet = halfOctet ?? ((octets.first ?? 0) & 0x0F)
    self.offset = offset
    self.field = field
    self.message = message
    self.item = item
  }

  /// The same octets, for reading one of the parts that the value is made of.
  func item(_ name: StaticString, _ index: Int) -> ValuePart {
    ValuePart(octets, halfOctet: halfOctet, offset: offset, field: field, message: message, item: ValueItem(name: name, index: index))
  }

  /// The first octets alone; the rest is ignored.
  func prefix(_ count: Int) -> ValuePart {
    ValuePart(octets.prefix(count), halfOctet: halfOctet, offset: offset, field: field, message: message, item: item)
  }

  /// Octets of the value.
  public var count: Int { octets.count }

  /// The octet at a place counted from the start of the value.
  public subscript(_ index: Int) -> UInt8 { octets[octets.startIndex + index] }

  /// The error for a value that is shorter than it must be.
  func require(_ needed: Int) throws(NASDecodingError) {
    if octets.count < needed {
      throw NASDecodingError(
        .valueTooShort, offset: offset, field: field, expected: needed, found: octets.count, message: message, item: item)
    }
  }

  /// A value made of entries, each an octet that tells what it is, an octet of length, and contents.
  func entries(_ name: StaticString) throws(NASDecodingError) -> [(identifier: UInt8, contents: [UInt8])] {
    var entries: [(identifier: UInt8, contents: [UInt8])] = []
    var at = 0
    while at < count {
      let entry = item(name, entries.count)
      try entry.require(at + 2)
      let length = Int(self[at + 1])
      try entry.require(at + 2 + length)
      entries.append((self[at], Array(octets.dropFirst(at + 2).prefix(length))))
      at += 2 + length
    }
    return entries
  }

  /// The error for a value the specification does not allow.
  func invalid(at index: Int = 0, expected: Int? = nil, found: Int? = nil) -> NASDecodingError {
    NASDecodingError(
      .invalidValue, offset: offset + index, field: field, expected: expected, found: found, message: message, item: item)
  }

  func uint16(at index: Int) -> UInt16 { UInt16(self[index]) << 8 | UInt16(self[index + 1]) }
  func uint32(at index: Int) -> UInt32 { UInt32(uint16(at: index)) << 16 | UInt32(uint16(at: index + 2)) }
}
