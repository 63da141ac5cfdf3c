/// SERVICE REQUEST, TS 24.301 §8.2.25: four octets of a form of its own.
///
///     IEI  Information element                  Type/Reference                        Presence  Format  Length
///          Protocol discriminator               Protocol discriminator 9.2            M         V       1/2
///          Security header type                 Security header type 9.3.1            M         V       1/2
///          KSI and sequence number              KSI and sequence number 9.9.3.19      M         V       1
///          Message authentication code (short)  Short MAC 9.9.3.28                    M         V       2
public struct ServiceRequest: Sendable, Equatable {
  /// The first octet, kept because header types 13 to 15 are read as 12.
  private let first: UInt8
  /// Value of the key set identifier, 0 to 7.
  public let ksi: UInt8
  /// The low 5 bits of the NAS COUNT.
  public let sequenceNumber5: UInt8
  /// The low 16 bits of the MAC.
  public let shortMAC: UInt16
  /// What a sender put behind these, kept and of no meaning: the imperative part is complete, the MAC covers its first two octets only
  /// (§9.9.3.28), and the network ignores elements that it does not know (§7.6.1).
  public let unknownOctets: [UInt8]

  /// - Parameters:
  ///   - ksi: 0 to 7 (precondition).
  ///   - sequenceNumber5: 0 to 31 (precondition).
  public init(ksi: UInt8, sequenceNumber5: UInt8, shortMAC: UInt16) {
    precondition(ksi < 8 && sequenceNumber5 < 32, "KSI has 3 bits and the sequence number 5")
    first = 0xC7
    self.ksi = ksi
    self.sequenceNumber5 = sequenceNumber5
    self.shortMAC = shortMAC
    unknownOctets = []
  }

  /// Reads a SERVICE REQUEST: four octets, and others behind them that are ignored.
  ///
  /// - Throws: what is missing, or that the octets are another message.
  public init(parsing octets: [UInt8]) throws(NASDecodingError) {
    guard let first = octets.first else {
      throw NASDecodingError(.messageTooShort, offset: 0, field: "Protocol discriminator", expected: 4, found: 0)
    }
    guard first & 0x0F == 7, first >> 4 >= 12 else {
      throw NASDecodingError(
        .unexpectedSecurityHeaderType, offset: 0, field: "Security header type", expected: 12, found: Int(first >> 4))
    }
    guard octets.count >= 2 else {
      throw NASDecodingError(.truncated, offset: 1, field: "KSI and sequence number", expected: 1, found: 0)
    }
    guard octets.count >= 4 else {
      throw NASDecodingError(
        .truncated, offset: 2, field: "Message authentication code (short)", expected: 2, found: octets.count - 2)
    }
    self.first = first
    ksi = octets[1] >> 5
    sequenceNumber5 = octets[1] & 0x1F
    shortMAC = UInt16(octets[2]) << 8 | UInt16(octets[3])
    unknownOctets = Array(octets[4...])
  }

  /// The message as octets.
  public func encoded() -> [UInt8] {
    [first, ksi << 5 | sequenceNumber5, UInt8(truncatingIfNeeded: shortMAC >> 8), UInt8(truncatingIfNeeded: shortMAC)]
      + unknownOctets
  }

  /// What the MAC covers: the first two octets (TS 24.301 §9.9.3.28).
  public var authenticated: [UInt8] { [first, ksi << 5 | sequenceNumber5] }
}
