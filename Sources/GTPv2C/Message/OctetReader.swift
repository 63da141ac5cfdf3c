/// Reads big-endian fields one after another and never past its end; offsets are those of the whole message.
struct OctetReader {
  private let octets: ArraySlice<UInt8>
  private(set) var offset: Int

  init(_ octets: ArraySlice<UInt8>) {
    self.octets = octets
    offset = octets.startIndex
  }

  var remaining: Int { octets.endIndex - offset }
  var isAtEnd: Bool { remaining == 0 }

  mutating func octet(_ name: String) throws(GTPv2CError) -> UInt8 {
    guard remaining >= 1 else { throw GTPv2CError(.truncated, offset: offset, path: name) }
    defer { offset += 1 }
    return octets[offset]
  }

  /// - Parameter width: octets, 1 ... 8.
  mutating func number(_ width: Int, _ name: String) throws(GTPv2CError) -> UInt64 {
    try slice(width, name).reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func slice(_ count: Int, _ name: String) throws(GTPv2CError) -> ArraySlice<UInt8> {
    guard count >= 0, remaining >= count else { throw GTPv2CError(.truncated, offset: offset, path: name) }
    defer { offset += count }
    return octets[offset..<offset + count]
  }

  mutating func octets(_ count: Int, _ name: String) throws(GTPv2CError) -> [UInt8] { Array(try slice(count, name)) }

  mutating func rest() -> [UInt8] {
    defer { offset = octets.endIndex }
    return Array(octets[offset...])
  }
}

extension [UInt8] {
  /// The low `width` octets of a number, the highest first.
  mutating func append(_ value: some FixedWidthInteger & UnsignedInteger, width: Int) {
    for place in (0..<width).reversed() { append(UInt8(truncatingIfNeeded: UInt64(value) >> UInt64(8 * place))) }
  }

  /// An octet of length before them, and nothing more where there are more than it can say.
  mutating func appendCounted(_ octets: [UInt8]) {
    let cut = octets.prefix(255)
    append(UInt8(cut.count))
    append(contentsOf: cut)
  }
}
