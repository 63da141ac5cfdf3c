import NASMessages

/// A NAS message whose MAC was verified and which was deciphered. Only the verifier makes one, so that whoever takes
/// one cannot be handed an unchecked message.
public struct IntegrityVerified: Sendable {
  /// The plain NAS message, deciphered.
  public let octets: [UInt8]
  public let securityHeaderType: SecurityHeaderType
  /// The NAS COUNT it verified with.
  public let count: NASCount

  init(octets: [UInt8], securityHeaderType: SecurityHeaderType, count: NASCount) {
    self.octets = octets
    self.securityHeaderType = securityHeaderType
    self.count = count
  }

  /// Whether the header said that it was ciphered (with 128-EEA0 too).
  public var wasCiphered: Bool { securityHeaderType.isCiphered }
}
