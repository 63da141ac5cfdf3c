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

  mutating func readUInt16() -> UInt16? { readInteger() }

  mutating func readUInt32() -> UInt32? { readInteger() }

  @inline(__always) private mutating func readInteger<Integer: FixedWidthInteger & BitwiseCopyable>() -> Integer? {
    let length = MemoryLayout<Integer>.size
    guard remaining >= length else { return nil }
    let value = octets.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position - octets.startIndex, as: Integer.self) }
    position += length
    return isLittleEndian ? Integer(littleEndian: value) : Integer(bigEndian: value)
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
