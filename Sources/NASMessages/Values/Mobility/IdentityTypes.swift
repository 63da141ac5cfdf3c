/// Identity type 2, TS 24.301 §9.9.3.17: four bits. Values without a name are kept.
public struct IdentityType2: InformationElementValue, RawRepresentable, Hashable {
  /// 0 to 15.
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    precondition(rawValue < 16, "a half octet is 0 to 15")
    self.rawValue = rawValue
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) { rawValue = part.halfOctet }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  public static let imsi = IdentityType2(rawValue: 1)
  public static let imei = IdentityType2(rawValue: 2)
  public static let imeisv = IdentityType2(rawValue: 3)
  public static let tmsi = IdentityType2(rawValue: 4)

  public var description: String {
    switch rawValue & 0x07 {
    case 1: "IMSI"
    case 2: "IMEI"
    case 3: "IMEISV"
    case 4: "TMSI"
    default: "value \(rawValue)"
    }
  }
}

/// IMEISV request, TS 24.301 §9.9.3.18: four bits. Values without a name are kept.
public struct IMEISVRequest: InformationElementValue, RawRepresentable, Hashable {
  /// 0 to 15.
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    precondition(rawValue < 16, "a half octet is 0 to 15")
    self.rawValue = rawValue
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) { rawValue = part.halfOctet }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  public static let notRequested = IMEISVRequest(rawValue: 0)
  public static let requested = IMEISVRequest(rawValue: 1)

  public var description: String {
    switch rawValue & 0x07 {
    case 0: "IMEISV not requested"
    case 1: "IMEISV requested"
    default: "value \(rawValue)"
    }
  }
}

/// GUTI type, TS 24.301 §9.9.3.45: four bits. Values without a name are kept.
public struct GUTIType: InformationElementValue, RawRepresentable, Hashable {
  /// 0 to 15.
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    precondition(rawValue < 16, "a half octet is 0 to 15")
    self.rawValue = rawValue
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) { rawValue = part.halfOctet }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  public static let native = GUTIType(rawValue: 0)
  public static let mapped = GUTIType(rawValue: 1)

  public var description: String {
    switch rawValue & 0x01 {
    case 0: "native GUTI"
    case 1: "mapped GUTI"
    default: "value \(rawValue)"
    }
  }
}

/// TMSI status, TS 24.301 §9.9.3.31: four bits. Values without a name are kept.
public struct TMSIStatus: InformationElementValue, RawRepresentable, Hashable {
  /// 0 to 15.
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    precondition(rawValue < 16, "a half octet is 0 to 15")
    self.rawValue = rawValue
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) { rawValue = part.halfOctet }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  public static let noValidTMSI = TMSIStatus(rawValue: 0)
  public static let validTMSI = TMSIStatus(rawValue: 1)

  public var description: String {
    switch rawValue & 0x01 {
    case 0: "no valid TMSI available"
    case 1: "valid TMSI available"
    default: "value \(rawValue)"
    }
  }
}
