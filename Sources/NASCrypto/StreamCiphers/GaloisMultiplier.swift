/// Multiplication by one element of GF(2^64), polynomial x^64 + x^4 + x^3 + x + 1 (MUL64 of TS 35.215 §4.3.4 with c = 0x1B).
///
/// The element's multiples by every polynomial of degree below 4 stand in a table; the other factor is cut into four parts of 16 bits, whose
/// products are worked out side by side, so that four short chains of dependent steps replace a long one.
struct GaloisMultiplier {
  /// Words of scratch memory that a multiplier needs.
  static let tableCount = 16

  private let multiples: UnsafeMutablePointer<UInt64>

  /// Works the multiples of `element` out into the scratch memory `table`.
  @inline(__always)
  init(_ element: UInt64, table: UnsafeMutablePointer<UInt64>) {
    multiples = table
    let x2 = Self.shifted(element, 1)
    let x4 = Self.shifted(element, 2)
    let x8 = Self.shifted(element, 3)
    table[0] = 0
    table[1] = element
    table[2] = x2
    table[3] = x2 ^ element
    for index in 4..<8 { table[index] = table[index &- 4] ^ x4 }
    for index in 8..<16 { table[index] = table[index &- 8] ^ x8 }
  }

  /// The product with `factor`.
  @inline(__always)
  func product(_ factor: UInt64) -> UInt64 {
    var a = multiple(factor >> 60)
    var b = multiple(factor >> 44 & 15)
    var c = multiple(factor >> 28 & 15)
    var d = multiple(factor >> 12 & 15)
    var at: UInt64 = 12
    for _ in 0..<3 {
      at &-= 4
      a = Self.shifted(a, 4) ^ multiple(factor >> (at &+ 48) & 15)
      b = Self.shifted(b, 4) ^ multiple(factor >> (at &+ 32) & 15)
      c = Self.shifted(c, 4) ^ multiple(factor >> (at &+ 16) & 15)
      d = Self.shifted(d, 4) ^ multiple(factor >> at & 15)
    }
    return Self.shifted(Self.shifted(Self.shifted(a, 16) ^ b, 16) ^ c, 16) ^ d
  }

  @inline(__always)
  private func multiple(_ nibble: UInt64) -> UInt64 { multiples[Int(truncatingIfNeeded: nibble)] }

  /// `value` times x^`count`, reduced; `count` is 1 to 59.
  @inline(__always)
  private static func shifted(_ value: UInt64, _ count: UInt64) -> UInt64 {
    let top = value >> (64 &- count)
    return value << count ^ top ^ top << 1 ^ top << 3 ^ top << 4
  }
}
