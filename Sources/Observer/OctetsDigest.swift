/// Tells one NAS-PDU from another once its octets are gone: of every UE the last messages by COUNT are remembered, and the octets themselves
/// would be most of what is held of it.
///
/// 64 bits, mixed from the length and from all octets, eight at a time. Each step is a bijection of what came before, and of the eight, so PDUs of
/// one length that differ in one such group alone never have the same; of others one pair in 2⁶⁴ has. It keeps nobody out who wants two to be
/// alike: for that he would need the keys with which both verify under one COUNT.
public struct OctetsDigest: Hashable, Sendable {
  private let bits: UInt64

  public init(_ octets: [UInt8]) {
    bits = octets.withUnsafeBytes { octets in
      var bits = UInt64(truncatingIfNeeded: octets.count) &* Self.odd
      var position = 0
      while position + 8 <= octets.count {
        bits = Self.mixed(bits, octets.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        position += 8
      }
      guard position < octets.count else { return bits }
      var rest: UInt64 = 0
      while position < octets.count {
        rest = rest << 8 | UInt64(octets[position])
        position += 1
      }
      return Self.mixed(bits, rest)
    }
  }

  private static let odd: UInt64 = 0x9e37_79b9_7f4a_7c15

  @inline(__always) private static func mixed(_ bits: UInt64, _ word: UInt64) -> UInt64 {
    let product = (bits ^ word) &* odd
    return product ^ (product >> 29)
  }
}
