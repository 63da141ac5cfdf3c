import GTPv2C

/// What a datagram of GTPv2-C's port is to us: the nodes of the core network tell each other of UEs in it (S10, S3, S16), or not.
enum RelocationSignalling {
  case message
  /// One of these messages by its header, or what has none, with what is wrong.
  case unreadable(String)
  /// Of another version or interface.
  case other

  /// Identification Request to Relocation Cancel Response (TS 29.274 §6.1, table 6.1-1).
  private static let types: ClosedRange<UInt8> = 128...141

  init(_ octets: [UInt8]) {
    guard let flags = octets.first else {
      self = .unreadable("no octets")
      return
    }
    guard flags >> 5 == 2 else {
      self = .other
      return
    }
    guard octets.count < 2 || Self.types.contains(octets[1]) else {
      self = .other
      return
    }
    do throws(GTPv2CError) {
      try Self.check(GTPv2CMessage(decoding: octets))
      self = .message
    } catch { self = .unreadable(error.description) }
  }

  /// Whether the header is one of these messages.
  static func isAnnounced(by octets: [UInt8]) -> Bool {
    guard let outline = GTPv2CMessage.outline(of: octets) else { return false }
    return outline.version == 2 && types.contains(outline.type.rawValue)
  }

  /// That what verdicts are made of can be read, too.
  private static func check(_ message: GTPv2CMessage) throws(GTPv2CError) {
    guard message.type == .forwardRelocationRequest else { return }
    _ = try message[ForwardRelocationRequest.imsi]
    _ = try message.mmContext
  }
}
