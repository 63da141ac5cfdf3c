/// A security protected NAS message, TS 24.301 §8.2.23.
///
///     Octet  Information element
///     1      Security header type (bits 5-8), protocol discriminator (bits 1-4)
///     2-5    Message authentication code
///     6      Sequence number
///     7-n    NAS message, ciphered or not
public struct SecurityProtectedNAS: Sendable, Equatable {
  /// The whole message.
  public let octets: [UInt8]

  /// - Throws: shorter than 7 octets, not EMM, or a header type that is plain, SERVICE REQUEST or reserved.
  public init(parsing octets: [UInt8]) throws(NASDecodingError) {
    guard let first = octets.first else {
      throw NASDecodingError(.messageTooShort, offset: 0, field: "Protocol discriminator", expected: 7, found: 0)
    }
    guard first & 0x0F == ProtocolDiscriminator.epsMobilityManagement.rawValue else {
      throw NASDecodingError(
        .unknownProtocolDiscriminator, offset: 0, field: "Protocol discriminator", expected: 7, found: Int(first & 0x0F))
    }
    guard 1...5 ~= first >> 4 else {
      let reserved = 6...11 ~= first >> 4
      throw NASDecodingError(
        reserved ? .reservedSecurityHeaderType : .unexpectedSecurityHeaderType, offset: 0, field: "Security header type",
        found: Int(first >> 4))
    }
    guard octets.count > 1 else {
      throw NASDecodingError(.truncated, offset: 1, field: "Message authentication code", expected: 4, found: 0)
    }
    guard octets.count >= 5 else {
      throw NASDecodingError(
        .truncated, offset: 1, field: "Message authentication code", expected: 4, found: octets.count - 1)
    }
    guard octets.count >= 6 else { throw NASDecodingError(.truncated, offset: 5, field: "Sequence number", expected: 1, found: 0) }
    guard octets.count >= 7 else { throw NASDecodingError(.truncated, offset: 6, field: "NAS message", expected: 1, found: 0) }
    self.octets = octets
  }

  /// Builds one. Any header type can be forced.
  ///
  /// - Parameter payload: the NAS message, already ciphered if it is to be.
  public init(headerType: SecurityHeaderType, mac: UInt32, sequenceNumber: UInt8, payload: some Collection<UInt8>) {
    var octets: [UInt8] = []
    octets.reserveCapacity(6 + payload.count)
    octets.append(headerType.rawValue << 4 | ProtocolDiscriminator.epsMobilityManagement.rawValue)
    octets.append(bigEndian32: mac)
    octets.append(sequenceNumber)
    octets.append(contentsOf: payload)
    self.octets = octets
  }

  /// What protection the message has, in the high half of its first octet.
  public var headerType: SecurityHeaderType { SecurityHeaderType(rawValue: octets[0] >> 4) }
  /// Message authentication code, big-endian.
  public var mac: UInt32 {
    UInt32(octets[1]) << 24 | UInt32(octets[2]) << 16 | UInt32(octets[3]) << 8 | UInt32(octets[4])
  }
  /// The low 8 bits of the NAS COUNT.
  public var sequenceNumber: UInt8 { octets[5] }
  /// Octet 7 on, still ciphered perhaps.
  public var payload: ArraySlice<UInt8> { octets[6...] }
  /// What the MAC covers: octet 6 on (TS 24.301 §4.4.3.3).
  public var authenticated: ArraySlice<UInt8> { octets[5...] }
}
