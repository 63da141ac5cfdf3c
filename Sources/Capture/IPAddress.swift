import NASMessages

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

  /// Something of all of it, for tables.
  var mixed: UInt64 { high ^ low ^ (high ^ low) >> 16 }

  /// The order of their octets.
  func precedes(_ other: IPAddress) -> Bool {
    guard isIPv6 == other.isIPv6 else { return octets.lexicographicallyPrecedes(other.octets) }
    return (high, low) < (other.high, other.low)
  }

  public var description: String {
    isIPv6 ? ipv6Address(octets) : octets.map(String.init).joined(separator: ".")
  }
}

/// One end of an SCTP association.
struct TransportEndpoint: Hashable, Sendable, CustomStringConvertible {
  var address: IPAddress
  var port: UInt16

  var description: String { address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}
