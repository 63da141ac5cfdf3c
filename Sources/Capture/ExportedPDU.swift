/// A packet that is no network packet but an application's PDU behind tags that say of which protocol, from where and to where
/// (LINKTYPE_WIRESHARK_UPPER_PDU: what Wireshark exports and `text2pcap -P` writes).
struct ExportedPDU {
  /// Tags of the format: type and length of 2 octets each.
  private enum Tag {
    static let end: UInt16 = 0
    static let dissector: UInt16 = 12
    static let sourceIPv4: UInt16 = 20
    static let destinationIPv4: UInt16 = 21
    static let sourceIPv6: UInt16 = 22
    static let destinationIPv6: UInt16 = 23
    static let sourcePort: UInt16 = 25
    static let destinationPort: UInt16 = 26
  }

  var protocolName = ""
  var source: IPAddress?
  var destination: IPAddress?
  var sourcePort: UInt32 = 0
  var destinationPort: UInt32 = 0
  var octets: ArraySlice<UInt8>

  /// nil when the tags do not end within the packet.
  init?(_ packet: ArraySlice<UInt8>) {
    var cursor = ByteCursor(packet)
    octets = []
    while let tag = cursor.readUInt16(), let length = cursor.readUInt16(), let value = cursor.read(Int(length)) {
      switch tag {
      case Tag.end:
        octets = packet[cursor.position...]
        return
      case Tag.dissector: protocolName = String(decoding: value.prefix { $0 != 0 }, as: UTF8.self)
      case Tag.sourceIPv4, Tag.sourceIPv6: source = IPAddress(value)
      case Tag.destinationIPv4, Tag.destinationIPv6: destination = IPAddress(value)
      case Tag.sourcePort: sourcePort = value.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
      case Tag.destinationPort: destinationPort = value.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
      default: break
      }
    }
    return nil
  }
}
