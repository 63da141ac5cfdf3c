/// Link-layer header types that this reader opens (the numbers of the tcpdump group's registry).
public struct LinkType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// BSD loopback: address family in the byte order of the capturing machine.
  public static let null = LinkType(rawValue: 0)
  public static let ethernet = LinkType(rawValue: 1)
  /// Raw IP, as some systems write DLT_RAW itself.
  public static let rawBSD = LinkType(rawValue: 12)
  public static let rawOpenBSD = LinkType(rawValue: 14)
  public static let raw = LinkType(rawValue: 101)
  /// OpenBSD loopback: address family in network byte order.
  public static let loop = LinkType(rawValue: 108)
  public static let linuxSLL = LinkType(rawValue: 113)
  public static let ipv4 = LinkType(rawValue: 228)
  public static let ipv6 = LinkType(rawValue: 229)
  /// SCTP packets without a network layer.
  public static let sctp = LinkType(rawValue: 248)
  public static let linuxSLL2 = LinkType(rawValue: 276)

  public var description: String {
    switch self {
    case .null: "null/loopback"
    case .ethernet: "Ethernet"
    case .raw, .rawBSD, .rawOpenBSD: "raw IP"
    case .loop: "OpenBSD loopback"
    case .linuxSLL: "Linux cooked v1"
    case .linuxSLL2: "Linux cooked v2"
    case .ipv4: "raw IPv4"
    case .ipv6: "raw IPv6"
    case .sctp: "SCTP"
    default: "link type \(rawValue)"
    }
  }
}

/// One packet of a capture file as recorded: it may be cut short by the snapshot length.
public struct CapturedPacket: Sendable, Equatable {
  /// From 1, as Wireshark counts.
  public var number: Int
  /// Octets from the start of the file to the record.
  public var offset: Int
  /// Since 1970 by the capturing machine's clock.
  public var timestamp: Duration
  public var linkType: LinkType
  public var octets: ArraySlice<UInt8>
}
