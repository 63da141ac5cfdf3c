/// Two hexadecimal digits.
func hexOctet(_ octet: UInt8) -> String {
  let digits = String(octet, radix: 16)
  return digits.count == 1 ? "0" + digits : digits
}

/// Octets as hexadecimal digits. In one piece of memory: there may be 65,535 of them.
func hexString(_ octets: some Collection<UInt8>) -> String {
  String(unsafeUninitializedCapacity: 2 * octets.count) { digits in
    var at = 0
    for octet in octets {
      let (high, low) = (octet >> 4, octet & 0x0F)
      guard at + 1 < digits.count else { break }
      digits[at] = high < 10 ? 0x30 + high : 0x57 + high
      digits[at + 1] = low < 10 ? 0x30 + low : 0x57 + low
      at += 2
    }
    return at
  }
}

/// A value with a fixed number of hexadecimal digits.
func hexDigits(_ value: some BinaryInteger, _ count: Int) -> String {
  let digits = String(value, radix: 16)
  return digits.count >= count ? digits : String(repeating: "0", count: count - digits.count) + digits
}

/// "8.8.8.8".
func dottedAddress(_ octets: some Collection<UInt8>) -> String { octets.map { "\($0)" }.joined(separator: ".") }

/// An IPv6 address of 16 octets as RFC 5952 writes it; other octets as hexadecimal digits.
package func ipv6Address(_ octets: some Collection<UInt8>) -> String {
  guard octets.count == 16 else { return hexString(octets) }
  let all = Array(octets)
  let groups = stride(from: 0, to: 16, by: 2).map { UInt16(all[$0]) << 8 | UInt16(all[$0 + 1]) }
  // The first of the longest runs of two zeros or more becomes "::".
  var best = 0..<0
  var start = 0
  while start < 8 {
    var end = start
    while end < 8, groups[end] == 0 { end += 1 }
    if end - start > max(best.count, 1) { best = start..<end }
    start = max(end, start + 1)
  }
  func text(_ range: Range<Int>) -> String { groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
  return best.isEmpty ? text(0..<8) : text(0..<best.lowerBound) + "::" + text(best.upperBound..<8)
}
