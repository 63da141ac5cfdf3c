/// An IPv4 or IPv6 address by value, without allocation.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64
  /// 16 octets instead of 4.
  public let isIPv6: Bool

  /// 0.0.0.0: where a capture has no addresses.
  static let unspecified = IPAddress()

  private init() {
    high = 0
    low = 0
    isIPv6 = false
  }

  /// From 4 or 16 octets, else nil.
  public init?(_ octets: some Collection<UInt8>) {
    switch octets.count {
    case 4:
      high = 0
      low = octets.reduce(0) { $0 << 8 | UInt64($1) }
      isIPv6 = false
    case 16:
      high = octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
      low = octets.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
      isIPv6 = true
    default:
      return nil
    }
  }

  /// 4 or 16, in network byte order.
  public var octets: [UInt8] {
    isIPv6
      ? (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) } + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
      : (0..<4).map { UInt8(truncatingIfNeeded: low >> (24 - 8 * $0)) }
  }

  public var description: String {
    let octets = octets
    guard isIPv6 else { return octets.map(String.init).joined(separator: ".") }
    let groups = stride(from: 0, to: 16, by: 2).map { UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]) }
    // RFC 5952: the longest run of two or more zero groups, the first of equals, is left out.
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
}

/// One end of an SCTP association.
struct TransportEndpoint: Hashable, Sendable, CustomStringConvertible {
  var address: IPAddress
  var port: UInt16

  var description: String { address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}
