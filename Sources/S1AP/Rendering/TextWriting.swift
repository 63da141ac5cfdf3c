/// Text as UTF-8 in one growing block of memory: what JSON and tree are written with, without strings in between and without what an array
/// checks at each append.
struct TextBuffer: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity: Int

  init(reserving octets: Int) {
    capacity = max(octets, 64)
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// Appends everything to an array.
  borrowing func copy(to octets: inout [UInt8]) { octets.append(contentsOf: UnsafeBufferPointer(start: base, count: count)) }

  /// As a string; the text is UTF-8.
  borrowing func string() -> String { String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self) }

  /// As an array.
  borrowing func array() -> [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Where the next `octets` octets go; the caller writes all of them.
  @inline(__always)
  private mutating func room(_ octets: Int) -> UnsafeMutablePointer<UInt8> {
    if octets > capacity - count { grow(by: octets) }
    defer { count += octets }
    return base + count
  }

  @inline(never)
  private mutating func grow(by octets: Int) {
    let wanted = max(capacity * 2, count + octets)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
    larger.moveInitialize(from: base, count: count)
    base.deallocate()
    base = larger
    capacity = wanted
  }

  /// Takes the last octets back.
  mutating func removeLast(_ octets: Int) { count -= min(octets, count) }

  // MARK: Appending

  @inline(__always)
  mutating func append(_ octet: UInt8) { room(1).initialize(to: octet) }

  mutating func append(contentsOf octets: UnsafeBufferPointer<UInt8>) {
    guard let start = octets.baseAddress, !octets.isEmpty else { return }
    room(octets.count).initialize(from: start, count: octets.count)
  }

  mutating func append(contentsOf octets: ArraySlice<UInt8>) { octets.withUnsafeBufferPointer { append(contentsOf: $0) } }

  mutating func append(contentsOf octets: [UInt8]) { octets.withUnsafeBufferPointer { append(contentsOf: $0) } }

  mutating func append(blanks number: Int) { room(number).initialize(repeating: 0x20, count: number) }

  /// A label of its own, since a literal would be a `String` where either will do.
  @inline(__always)
  mutating func append(literal text: StaticString) {
    room(text.utf8CodeUnitCount).initialize(from: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  @inline(__always)
  mutating func append(text: NameRow) { room(text.count).initialize(from: text.start, count: text.count) }

  mutating func append(text: String) {
    var text = text
    text.withUTF8 { append(contentsOf: $0) }
  }

  mutating func append(decimal value: UInt64) {
    if value < 10 { return append(UInt8(truncatingIfNeeded: value) + 0x30) }
    var digits = 1
    var rest = value
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    let start = room(digits)
    rest = value
    var place = digits
    while place > 0 {
      place -= 1
      (start + place).initialize(to: UInt8(truncatingIfNeeded: rest % 10) + 0x30)
      rest /= 10
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
    let start = room(2)
    start.initialize(to: Self.digit(octet >> 4))
    (start + 1).initialize(to: Self.digit(octet & 15))
  }

  mutating func append(hexadecimal octets: UnsafeBufferPointer<UInt8>) {
    var to = room(2 * octets.count)
    for octet in octets {
      to.initialize(to: Self.digit(octet >> 4))
      (to + 1).initialize(to: Self.digit(octet & 15))
      to += 2
    }
  }

  mutating func append(hexadecimal octets: ArraySlice<UInt8>) { octets.withUnsafeBufferPointer { append(hexadecimal: $0) } }

  /// A peer's text: control characters, which could steer a terminal, become U+FFFD; octets outside ASCII are repaired as UTF-8 repairs them.
  mutating func append(printable octets: ArraySlice<UInt8>) {
    if octets.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return append(contentsOf: octets) }
    for scalar in String(decoding: octets, as: UTF8.self).unicodeScalars {
      append(text: String(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar))
    }
  }

  @inline(__always)
  static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}

extension Tape {
  /// A string's octets.
  func octets(of node: TapeNode) -> ArraySlice<UInt8> { octets[Int(node.low)..<Int(node.low) + Int(node.high)] }

  /// The octets of an octet string in hexadecimal.
  func writeOctets(of node: TapeNode, to text: inout TextBuffer) { writeHexadecimal(node, count: Int(node.high), to: &text) }

  /// The octets of a bit string in hexadecimal: left-justified, the bits behind the last one zero.
  func writeBits(of node: TapeNode, to text: inout TextBuffer) {
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

  private func writeHexadecimal(_ node: TapeNode, count: Int, to text: inout TextBuffer) {
    if node.flags.contains(.inline) {
      for place in (0..<count).reversed() { text.append(hexadecimal: UInt8(truncatingIfNeeded: node.low >> UInt32(8 * place))) }
    } else {
      text.append(hexadecimal: octets[Int(node.low)..<Int(node.low) + count])
    }
  }
}
