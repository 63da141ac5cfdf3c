/// TS 24.301 §9.3.1.
public struct SecurityHeaderType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// 0 to 15.
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue & 0x0F }

  public static let plain = SecurityHeaderType(rawValue: 0)
  public static let integrityProtected = SecurityHeaderType(rawValue: 1)
  public static let integrityProtectedAndCiphered = SecurityHeaderType(rawValue: 2)
  /// Integrity protected with new EPS security context: SECURITY MODE COMMAND only.
  public static let integrityProtectedNewContext = SecurityHeaderType(rawValue: 3)
  /// Integrity protected and ciphered with new EPS security context: SECURITY MODE COMPLETE only.
  public static let integrityProtectedAndCipheredNewContext = SecurityHeaderType(rawValue: 4)
  /// CONTROL PLANE SERVICE REQUEST only.
  public static let integrityProtectedAndPartiallyCiphered = SecurityHeaderType(rawValue: 5)
  /// SERVICE REQUEST; 13 to 15 are read as this.
  public static let serviceRequest = SecurityHeaderType(rawValue: 12)

  /// Whether the payload is wholly ciphered (perhaps with EEA0).
  public var isCiphered: Bool { self == .integrityProtectedAndCiphered || self == .integrityProtectedAndCipheredNewContext }
  /// The message takes a new EPS security context into use (types 3 and 4).
  public var isNewContext: Bool { self == .integrityProtectedNewContext || self == .integrityProtectedAndCipheredNewContext }

  public var description: String {
    switch rawValue {
    case 0: "plain NAS message"
    case 1: "integrity protected"
    case 2: "integrity protected and ciphered"
    case 3: "integrity protected with new EPS security context"
    case 4: "integrity protected and ciphered with new EPS security context"
    case 5: "integrity protected and partially ciphered"
    case 12...: "SERVICE REQUEST"
    default: "reserved (\(rawValue))"
    }
  }
}
