/// Text as UTF-8 in one growing array: what JSON and tree are written with, without strings in between.
extension [UInt8] {
  /// A label of its own, since a literal would be a `String` where either will do.
  @inline(__always)
  mutating func append(literal text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  @inline(__always)
  mutating func append(text: NameRow) { append(contentsOf: UnsafeBufferPointer(start: text.start, count: text.count)) }

  @inline(__always)
  mutating func append(text: String) { append(contentsOf: text.utf8) }

  mutating func append(decimal value: UInt64) {
    var place: UInt64 = 1
    while value / place >= 10 { place *= 10 }
    while place > 0 {
      append(UInt8(truncatingIfNeeded: value / place % 10) + 0x30)
      place /= 10
    }
  }

  /// A number with its sign.
  mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(decimal: value.magnitude)
  }

  /// Two hexadecimal digits.
  @inline(__always)
  mutating func append(hexadecimal octet: UInt8) {
    append(Self.digit(octet >> 4))
    append(Self.digit(octet & 15))
  }

  mutating func append(hexadecimal octets: some Sequence<UInt8>) {
    for octet in octets { append(hexadecimal: octet) }
  }

  @inline(__always)
  static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}

extension Tape {
  /// A string's octets.
  func octets(of node: TapeNode) -> ArraySlice<UInt8> { octets[Int(node.low)..<Int(node.low) + Int(node.high)] }

  /// The octets of an octet string in hexadecimal.
  func writeOctets(of node: TapeNode, to text: inout [UInt8]) { writeHexadecimal(node, count: Int(node.high), to: &text) }

  /// The octets of a bit string in hexadecimal: left-justified, the bits behind the last one zero.
  func writeBits(of node: TapeNode, to text: inout [UInt8]) {
    let count = Int(node.high)
    let spare = (8 - count & 7) & 7
    if node.flags.contains(.inline) {
      var node = node
      node.low <<= UInt32(spare)
      return writeHexadecimal(node, count: (count + 7) / 8, to: &text)
    }
    writeHexadecimal(node, count: count / 8, to: &text)
    if spare > 0 { text.append(hexadecimal: octets[Int(node.low) + count / 8] & (0xff << UInt8(spare))) }
  }

  private func writeHexadecimal(_ node: TapeNode, count: Int, to text: inout [UInt8]) {
    if node.flags.contains(.inline) {
      for place in (0..<count).reversed() { text.append(hexadecimal: UInt8(truncatingIfNeeded: node.low >> UInt32(8 * place))) }
    } else {
      for octet in octets[Int(node.low)..<Int(node.low) + count] { text.append(hexadecimal: octet) }
    }
  }
}
