/// Bounded reads of integers in either byte order; every read says whether the octets were there.
struct ByteCursor {
  private let octets: ArraySlice<UInt8>
  private(set) var position: Int
  var isLittleEndian: Bool

  init(_ octets: ArraySlice<UInt8>, littleEndian: Bool = false) {
    self.octets = octets
    position = octets.startIndex
    isLittleEndian = littleEndian
  }

  var remaining: Int { octets.endIndex - position }
  /// Octets read so far.
  var consumed: Int { position - octets.startIndex }

  mutating func readUInt8() -> UInt8? {
    guard remaining >= 1 else { return nil }
    defer { position += 1 }
    return octets[position]
  }

  mutating func readUInt16() -> UInt16? {
    guard remaining >= 2 else { return nil }
    let a = UInt16(octets[position])
    let b = UInt16(octets[position + 1])
    position += 2
    return isLittleEndian ? b << 8 | a : a << 8 | b
  }

  mutating func readUInt32() -> UInt32? {
    guard remaining >= 4 else { return nil }
    var value: UInt32 = 0
    for index in 0..<4 {
      let octet = UInt32(octets[position + index])
      value |= isLittleEndian ? octet << (8 * index) : octet << (24 - 8 * index)
    }
    position += 4
    return value
  }

  mutating func read(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, remaining >= count else { return nil }
    defer { position += count }
    return octets[position..<position + count]
  }

  mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, remaining >= count else { return false }
    position += count
    return true
  }
}
