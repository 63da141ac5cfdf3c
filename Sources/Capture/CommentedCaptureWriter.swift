/// Writes packets of a capture again as pcapng, with comments: what was found out about them stands where Wireshark shows it.
public struct CommentedCaptureWriter {
  /// What was written so far.
  public private(set) var octets: [UInt8] = []
  private var interfaces: [LinkType: UInt32] = [:]
  /// Longest comment, in octets of UTF-8.
  public static let maximumComment = 4000

  public init() {
    var section: [UInt8] = []
    section.append(littleEndian: UInt32(0x1a2b_3c4d))
    section.append(littleEndian: UInt16(1))
    section.append(littleEndian: UInt16(0))
    section.append(littleEndian: UInt64.max)
    section += CaptureWriter.option(4, Array("nasue".utf8))
    section += CaptureWriter.option(0, [])
    writeBlock(0x0a0d_0d0a, section)
  }

  /// The octets made so far, for whoever writes them as they come.
  public mutating func takeOctets() -> [UInt8] {
    defer { octets = [] }
    return octets
  }

  /// Adds a packet as it was captured.
  public mutating func write(_ packet: CapturedPacket, comments: [String] = []) {
    let interface = interface(of: packet.linkType)
    let (seconds, attoseconds) = max(packet.timestamp, .zero).components
    let ticks = UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000)
    var body: [UInt8] = []
    body.append(littleEndian: interface)
    body.append(littleEndian: UInt32(truncatingIfNeeded: ticks >> 32))
    body.append(littleEndian: UInt32(truncatingIfNeeded: ticks))
    body.append(littleEndian: UInt32(packet.octets.count))
    body.append(littleEndian: UInt32(packet.octets.count))
    body += CaptureWriter.padded(Array(packet.octets))
    if !comments.isEmpty {
      for comment in comments { body += CaptureWriter.option(1, Self.cut(comment)) }
      body += CaptureWriter.option(0, [])
    }
    writeBlock(6, body)
  }

  /// Never in the middle of a character.
  static func cut(_ comment: String) -> [UInt8] {
    var octets: [UInt8] = []
    for character in comment {
      guard octets.count + character.utf8.count <= maximumComment else { break }
      octets += Array(character.utf8)
    }
    return octets
  }

  private mutating func interface(of link: LinkType) -> UInt32 {
    if let known = interfaces[link] { return known }
    let number = UInt32(interfaces.count)
    interfaces[link] = number
    var interface: [UInt8] = []
    interface.append(littleEndian: link.rawValue)
    interface.append(littleEndian: UInt16(0))
    interface.append(littleEndian: UInt32(CaptureFileReader.maximumPacketLength))
    // Nanoseconds.
    interface += CaptureWriter.option(9, [9])
    interface += CaptureWriter.option(0, [])
    writeBlock(1, interface)
    return number
  }

  private mutating func writeBlock(_ type: UInt32, _ body: [UInt8]) {
    octets.append(littleEndian: type)
    octets.append(littleEndian: UInt32(body.count + 12))
    octets += body
    octets.append(littleEndian: UInt32(body.count + 12))
  }
}
