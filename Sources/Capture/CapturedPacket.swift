/// Link-layer header types that this reader opens (the numbers of the tcpdump group's registry).
public struct LinkType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// BSD loopback: address family in the byte order of the capturing machine.
  public static let null = LinkType(rawValue: 0)
  /// Ethernet II, with or without VLAN tags.
  public static let ethernet = LinkType(rawValue: 1)
  /// Raw IP, as some systems write DLT_RAW itself.
  public static let rawBSD = LinkType(rawValue: 12)
  /// The same as OpenBSD writes it.
  public static let rawOpenBSD = LinkType(rawValue: 14)
  /// Raw IP, version 4 or 6 by its first nibble.
  public static let raw = LinkType(rawValue: 101)
  /// OpenBSD loopback: address family in network byte order.
  public static let loop = LinkType(rawValue: 108)
  /// Linux cooked capture, `tcpdump -i any` of old.
  public static let linuxSLL = LinkType(rawValue: 113)
  /// IPv4 packets alone.
  public static let ipv4 = LinkType(rawValue: 228)
  /// IPv6 packets alone.
  public static let ipv6 = LinkType(rawValue: 229)
  /// SCTP packets without a network layer.
  public static let sctp = LinkType(rawValue: 248)
  /// A PDU behind tags that tell its protocol: what Wireshark exports.
  public static let exportedPDU = LinkType(rawValue: 252)
  /// DLT_USER0 to DLT_USER15, which each tool uses for what it likes: here, a S1AP-PDU and nothing else. srsRAN writes 150.
  public static let user: ClosedRange<UInt16> = 147...162
  /// Linux cooked capture with the interface, `tcpdump -i any` of today.
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
    case .exportedPDU: "exported PDU"
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
  /// What the octets begin with.
  public var linkType: LinkType
  /// As far as they were recorded.
  public var octets: ArraySlice<UInt8>
}
