/// Cause (TS 29.274 §8.4).
public struct ResultCause: ElementValue, CustomStringConvertible {
  public var value: UInt8
  /// PCE, BCE, CS, and the element that offended, as they came.
  public var rest: [UInt8] = [0]

  public init(_ value: UInt8) { self.value = value }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    value = try reader.octet("cause value")
    rest = reader.rest()
  }

  public var octets: [UInt8] { [value] + rest }

  public static let requestAccepted = Self(16)
  public static let requestAcceptedPartially = Self(17)
  public static let contextNotFound = Self(64)
  public static let invalidMessageFormat = Self(65)
  public static let invalidLength = Self(67)
  public static let mandatoryElementIncorrect = Self(69)
  public static let mandatoryElementMissing = Self(70)
  public static let systemFailure = Self(72)
  public static let noResourcesAvailable = Self(73)
  public static let relocationFailure = Self(81)
  public static let deniedInRAT = Self(82)
  public static let userAuthenticationFailed = Self(92)
  public static let requestRejected = Self(94)
  public static let imsiNotKnown = Self(96)
  public static let conditionalElementMissing = Self(103)

  /// 16 to 63 are of acceptance (§8.4, table 8.4-1).
  public var isAcceptance: Bool { (16..<64).contains(value) }

  public var description: String {
    switch value {
    case 16: "request accepted"
    case 17: "request accepted partially"
    case 64: "context not found"
    case 65: "invalid message format"
    case 67: "invalid length"
    case 69: "mandatory IE incorrect"
    case 70: "mandatory IE missing"
    case 72: "system failure"
    case 73: "no resources available"
    case 81: "relocation failure"
    case 82: "denied in RAT"
    case 92: "user authentication failed"
    case 94: "request rejected"
    case 96: "IMSI/IMEI not known"
    case 103: "conditional IE missing"
    default: "cause \(value)"
    }
  }
}

/// F-Cause (§8.49): a cause of S1AP, RANAP or BSSGP.
public struct FullyQualifiedCause: ElementValue {
  /// For S1AP the kind of cause: 0 radio network, 1 transport, 2 NAS, 3 protocol, 4 miscellaneous.
  public var kind: UInt8
  /// The number of the cause in its enumeration.
  public var value: [UInt8]

  public init(kind: UInt8, value: UInt8) {
    self.kind = kind & 15
    self.value = [value]
  }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    kind = try reader.octet("cause type") & 15
    value = reader.rest()
    if value.isEmpty { throw GTPv2CError(.truncated, offset: octets.endIndex, path: "cause") }
  }

  public var octets: [UInt8] { [kind & 15] + value }
}
