/// A SCTP packet, and between which addresses it went.
struct SCTPDatagram {
  var source: IPAddress
  var destination: IPAddress
  var octets: ArraySlice<UInt8>
}

/// What one UDP datagram of GTPv2-C's port holds, and where it went.
struct GTPDatagram {
  var source: TransportEndpoint
  var destination: TransportEndpoint
  var octets: ArraySlice<UInt8>
}

/// From a captured packet down to the SCTP packet or the GTPv2-C message in it, through tags, labels and tunnels that are met on the way.
enum NetworkLayer {
  static let protocolSCTP: UInt8 = 132
  private static let protocolUDP: UInt8 = 17
  /// SCTP in UDP (RFC 6951).
  private static let tunnelPort: UInt16 = 9899
  /// GTPv2-C's registered port (TS 29.274 §4.4.2): one end has it.
  static let gtpPort: UInt16 = 2123
  private static let etherTypeIPv4: UInt16 = 0x0800
  private static let etherTypeIPv6: UInt16 = 0x86dd

  enum Result {
    case sctp(SCTPDatagram)
    case gtp(GTPDatagram)
    /// A S1AP-PDU as it is, and the ends that the capture names for it, if it does.
    case s1ap(ArraySlice<UInt8>, from: TransportEndpoint?, to: TransportEndpoint?)
    /// Another protocol: nothing to say about it.
    case other
    case unusable(CaptureRemark.Reason)
    /// A part of a packet. Of UDP only the first one says whose it is: others may be somebody else's.
    case fragment(IPFragment, isOurs: Bool)
  }

  static func open(_ packet: CapturedPacket) -> Result {
    let octets = packet.octets
    switch packet.linkType {
    case .ethernet: return ethernet(octets)
    case .linuxSLL: return cooked(octets, protocolAt: 14, headerLength: 16)
    case .linuxSLL2: return cooked(octets, protocolAt: 0, headerLength: 20)
    case .raw, .rawBSD, .rawOpenBSD, .ipv4, .ipv6: return internet(octets)
    // The address family's number and byte order differ between systems; the IP version tells the same.
    case .null, .loop: return octets.count < 4 ? .unusable(.truncatedPacket) : internet(octets.dropFirst(4))
    case .sctp: return .sctp(SCTPDatagram(source: .unspecified, destination: .unspecified, octets: octets))
    case .exportedPDU: return exported(octets)
    case let link where LinkType.user.contains(link.rawValue): return .s1ap(octets, from: nil, to: nil)
    default: return .unusable(.unsupportedLinkType)
    }
  }

  private static func exported(_ octets: ArraySlice<UInt8>) -> Result {
    guard let pdu = ExportedPDU(octets) else { return .unusable(.truncatedPacket) }
    var ends: (from: TransportEndpoint, to: TransportEndpoint)?
    if let source = pdu.source, let destination = pdu.destination, let from = UInt16(exactly: pdu.sourcePort),
      let to = UInt16(exactly: pdu.destinationPort)
    {
      ends = (TransportEndpoint(address: source, port: from), TransportEndpoint(address: destination, port: to))
    }
    switch pdu.protocolName {
    case "s1ap": return .s1ap(pdu.octets, from: ends?.from, to: ends?.to)
    case "gtpv2":
      let unnamed = TransportEndpoint(address: .unspecified, port: gtpPort)
      return .gtp(GTPDatagram(source: ends?.from ?? unnamed, destination: ends?.to ?? unnamed, octets: pdu.octets))
    default: return .other
    }
  }

  private static func ethernet(_ octets: ArraySlice<UInt8>) -> Result {
    var cursor = ByteCursor(octets)
    guard cursor.skip(12), let type = cursor.readUInt16() else { return .unusable(.truncatedPacket) }
    return tagged(type, &cursor, octets)
  }

  /// - Parameter cursor: behind the type.
  private static func tagged(_ type: UInt16, _ cursor: inout ByteCursor, _ octets: ArraySlice<UInt8>) -> Result {
    var type = type
    // 802.1Q and 802.1ad tags, at most a handful.
    var tags = 0
    while type == 0x8100 || type == 0x88a8 || type == 0x9100, tags < 4 {
      guard cursor.skip(2), let next = cursor.readUInt16() else { return .unusable(.truncatedPacket) }
      type = next
      tags += 1
    }
    if type == 0x8847 || type == 0x8848 { return labelled(&cursor, octets) }
    guard type == etherTypeIPv4 || type == etherTypeIPv6 else { return .other }
    return internet(octets[cursor.position...])
  }

  /// Behind MPLS labels (RFC 3032), of which the last is marked; what follows is not said, and IP begins with its version.
  private static func labelled(_ cursor: inout ByteCursor, _ octets: ArraySlice<UInt8>) -> Result {
    for _ in 0..<8 {
      guard let label = cursor.readUInt32() else { return .unusable(.truncatedPacket) }
      guard label & 0x100 != 0 else { continue }
      let rest = octets[cursor.position...]
      return rest.first.map { $0 >> 4 == 4 || $0 >> 4 == 6 } == true ? internet(rest) : .other
    }
    return .other
  }

  private static func cooked(_ octets: ArraySlice<UInt8>, protocolAt: Int, headerLength: Int) -> Result {
    var cursor = ByteCursor(octets)
    guard octets.count >= headerLength, cursor.skip(protocolAt), let type = cursor.readUInt16() else {
      return .unusable(.truncatedPacket)
    }
    cursor = ByteCursor(octets.dropFirst(headerLength))
    return tagged(type, &cursor, octets)
  }

  private static func internet(_ octets: ArraySlice<UInt8>) -> Result {
    guard let first = octets.first else { return .unusable(.truncatedPacket) }
    switch first >> 4 {
    case 4: return ipv4(octets)
    case 6: return ipv6(octets)
    default: return .unusable(.malformedIP)
    }
  }

  private static func ipv4(_ octets: ArraySlice<UInt8>) -> Result {
    var cursor = ByteCursor(octets)
    guard let version = cursor.readUInt8(), cursor.skip(1), let totalLength = cursor.readUInt16(),
      let identification = cursor.readUInt16(), let fragment = cursor.readUInt16(), cursor.skip(1), let next = cursor.readUInt8(),
      cursor.skip(2), let source = cursor.read(4),
      let destination = cursor.read(4)
    else { return .unusable(.truncatedPacket) }
    guard next == protocolSCTP || next == protocolUDP else { return .other }
    let headerLength = Int(version & 15) * 4
    // Segmentation offload leaves a total length of zero in some captures: then all that was captured.
    let length = totalLength == 0 ? octets.count : Int(totalLength)
    guard headerLength >= 20, length >= headerLength else { return .unusable(.malformedIP) }
    guard octets.count >= headerLength else { return .unusable(.truncatedPacket) }
    guard let from = IPAddress(source), let to = IPAddress(destination) else { return .unusable(.malformedIP) }
    let payload = octets.prefix(length).dropFirst(headerLength)
    guard fragment & 0x3fff == 0 else {
      return self.fragment(
        IPFragment(
          source: from, destination: to, identification: UInt32(identification), next: next, offset: Int(fragment & 0x1fff) * 8,
          isLast: fragment & 0x2000 == 0, octets: payload), isWhole: octets.count >= length)
    }
    return transport(payload, of: next, from: from, to: to)
  }

  private static func ipv6(_ octets: ArraySlice<UInt8>) -> Result {
    var cursor = ByteCursor(octets)
    guard cursor.skip(4), let payloadLength = cursor.readUInt16(), var next = cursor.readUInt8(), cursor.skip(1),
      let source = cursor.read(16), let destination = cursor.read(16)
    else { return .unusable(.truncatedPacket) }
    // A payload length of 0 is a jumbogram or offload: then all that was captured.
    let end = payloadLength == 0 ? octets.endIndex : min(octets.endIndex, octets.startIndex + 40 + Int(payloadLength))
    var headers = 0
    while next != protocolSCTP && next != protocolUDP {
      headers += 1
      guard headers <= 8 else { return .unusable(.malformedIP) }
      switch next {
      case 0, 43, 60:  // hop-by-hop options, routing, destination options: length in units of 8 octets, the first not counted
        guard let following = cursor.readUInt8(), let length = cursor.readUInt8(), cursor.skip(6 + Int(length) * 8) else {
          return .unusable(.truncatedPacket)
        }
        next = following
      case 51:  // authentication header: length in units of 4 octets, less 2
        guard let following = cursor.readUInt8(), let length = cursor.readUInt8(), cursor.skip(6 + Int(length) * 4) else {
          return .unusable(.truncatedPacket)
        }
        next = following
      case 44:  // fragment
        guard let following = cursor.readUInt8(), cursor.skip(1), let fragment = cursor.readUInt16(),
          let identification = cursor.readUInt32(),
          let from = IPAddress(source), let to = IPAddress(destination)
        else { return .unusable(.truncatedPacket) }
        guard fragment & 0xfff9 == 0 else {
          return self.fragment(
            IPFragment(
              source: from, destination: to, identification: identification, next: following, offset: Int(fragment & 0xfff8),
              isLast: fragment & 1 == 0, octets: octets[cursor.position..<max(cursor.position, end)]),
            isWhole: octets.count >= 40 + Int(payloadLength))
        }
        next = following
      default:
        return .other
      }
    }
    guard cursor.position <= end, let from = IPAddress(source), let to = IPAddress(destination) else {
      return .unusable(.malformedIP)
    }
    return transport(octets[cursor.position..<end], of: next, from: from, to: to)
  }

  /// What a whole IP packet of SCTP or UDP carries.
  static func transport(_ octets: ArraySlice<UInt8>, of next: UInt8, from: IPAddress, to: IPAddress) -> Result {
    guard next == protocolSCTP else { return datagram(octets, from: from, to: to) }
    return .sctp(SCTPDatagram(source: from, destination: to, octets: octets))
  }

  /// UDP: what is neither GTPv2-C's nor SCTP's is somebody else's.
  private static func datagram(_ octets: ArraySlice<UInt8>, from: IPAddress, to: IPAddress) -> Result {
    var cursor = ByteCursor(octets)
    guard let source = cursor.readUInt16(), let destination = cursor.readUInt16() else { return .other }
    guard isOurs(source) || isOurs(destination) else { return .other }
    guard let length = cursor.readUInt16().map(Int.init), cursor.skip(2) else { return .unusable(.truncatedPacket) }
    // Offload leaves a length of zero in some captures: then all that was captured.
    guard length == 0 || (length >= 8 && length <= octets.count) else { return .unusable(.truncatedPacket) }
    let payload = length == 0 ? octets.dropFirst(8) : octets.prefix(length).dropFirst(8)
    guard source == gtpPort || destination == gtpPort else { return .sctp(SCTPDatagram(source: from, destination: to, octets: payload)) }
    return .gtp(
      GTPDatagram(
        source: TransportEndpoint(address: from, port: source), destination: TransportEndpoint(address: to, port: destination),
        octets: payload))
  }

  private static func isOurs(_ port: UInt16) -> Bool { port == gtpPort || port == tunnelPort }

  /// - Parameter isWhole: the snapshot length has not cut it.
  private static func fragment(_ fragment: IPFragment, isWhole: Bool) -> Result {
    switch fragment.next {
    case protocolSCTP: return isWhole ? .fragment(fragment, isOurs: true) : .unusable(.truncatedPacket)
    case protocolUDP:
      var cursor = ByteCursor(fragment.octets)
      guard fragment.offset == 0 else { return isWhole ? .fragment(fragment, isOurs: false) : .other }
      guard let source = cursor.readUInt16(), let destination = cursor.readUInt16() else { return .other }
      guard isOurs(source) || isOurs(destination) else { return .other }
      return isWhole ? .fragment(fragment, isOurs: true) : .unusable(.truncatedPacket)
    default: return .other
    }
  }
}
