/// A GTPv2-C message: header and elements, those that are not known kept as they are (TS 29.274 §5, §8.2.1).
///
/// Elements are read when they are asked for, by the fields of the message's table:
///
///     let request = try GTPv2CMessage(decoding: datagram)
///     let imsi = try request[ForwardRelocationRequest.imsi]
public struct GTPv2CMessage: Sendable, Equatable {
  public var type: GTPv2CMessageType
  /// The tunnel of the receiver that it is for; nil where the header has none (Echo, Version Not Supported Indication).
  public var teid: UInt32?
  /// 24 bits.
  public var sequenceNumber: UInt32
  /// In the order of the wire, unknown and repeated ones too.
  public var elements: [InformationElement] = []
  /// Bits of the header that are spare or of no use here, kept as they came: P and MP of octet 1, the last octet.
  private var spareFlags: UInt8 = 0
  private var lastOctet: UInt8 = 0

  /// - Parameter teid: 0 for a first request, whose receiver has given none.
  public init(_ type: GTPv2CMessageType, teid: UInt32?, sequenceNumber: UInt32) {
    self.type = type
    self.teid = teid
    self.sequenceNumber = sequenceNumber & 0xFF_FFFF
  }

  /// The longest message: what the length field can say, and the four octets before it ends.
  public static let maximumLength = 0xFFFF + 4

  /// Reads a whole datagram.
  ///
  /// - Throws: ``GTPv2CError`` for what is no version 2 message with whole elements. What the elements hold is not looked at.
  public init(decoding datagram: [UInt8]) throws(GTPv2CError) {
    var reader = OctetReader(datagram[...])
    let flags = try reader.octet("flags")
    guard flags >> 5 == 2 else { throw GTPv2CError(.unsupportedVersion, offset: 0, path: "version") }
    type = GTPv2CMessageType(rawValue: try reader.octet("message type"))
    let length = Int(try reader.number(2, "message length"))
    guard length <= reader.remaining else { throw GTPv2CError(.truncated, offset: datagram.count, path: type.name) }
    guard length == reader.remaining else { throw GTPv2CError(.trailingOctets, offset: reader.offset + length, path: type.name) }
    teid = flags & 0x08 == 0 ? nil : UInt32(truncatingIfNeeded: try reader.number(4, "TEID"))
    sequenceNumber = UInt32(truncatingIfNeeded: try reader.number(3, "sequence number"))
    lastOctet = try reader.octet("spare")
    spareFlags = flags & 0x17
    do { elements = try InformationElement.list(datagram[reader.offset...]) } catch { throw error.inside(type.name) }
  }

  /// - Throws: where an element or the whole is longer than its length field can say.
  public func encoded() throws(GTPv2CError) -> [UInt8] {
    var body: [UInt8] = []
    if let teid { body.append(teid, width: 4) }
    body.append(sequenceNumber, width: 3)
    body.append(lastOctet)
    do { try InformationElement.encode(elements, into: &body) } catch { throw error.inside(type.name) }
    guard body.count <= 0xFFFF else { throw GTPv2CError(.invalidValue, path: type.name + " / message length") }
    var octets: [UInt8] = [0x40 | spareFlags | (teid == nil ? 0 : 0x08), type.rawValue]
    octets.append(UInt16(body.count), width: 2)
    return octets + body
  }

  /// Type and sequence number of a datagram that cannot be read further, for an answer to it; nil where it has none of them.
  public static func outline(of datagram: [UInt8]) -> (version: UInt8, type: GTPv2CMessageType, sequenceNumber: UInt32)? {
    guard datagram.count >= 8 else { return nil }
    let start = datagram[0] & 0x08 == 0 ? 4 : 8
    guard datagram.count >= start + 3 else { return nil }
    let number = datagram[start..<start + 3].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return (datagram[0] >> 5, GTPv2CMessageType(rawValue: datagram[1]), number)
  }

  /// Octets count, not where an element lies in memory.
  public static func == (a: Self, b: Self) -> Bool {
    a.type == b.type && a.teid == b.teid && a.sequenceNumber == b.sequenceNumber && a.elements == b.elements
      && a.spareFlags == b.spareFlags && a.lastOctet == b.lastOctet
  }
}

extension GTPv2CMessage {
  /// Whether it holds keys in clear: those of an MM context.
  public var carriesKeys: Bool { elements.contains { (103...108).contains($0.type.rawValue) } }
}
