/// PDN type, TS 24.301 §9.9.4.10: four bits. Values without a name are kept.
public struct PDNType: InformationElementValue, RawRepresentable, Hashable {
  /// 0 to 15.
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    precondition(rawValue < 16, "a half octet is 0 to 15")
    self.rawValue = rawValue
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) { rawValue = part.halfOctet }
  public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  public static let ipv4 = PDNType(rawValue: 1)
  public static let ipv6 = PDNType(rawValue: 2)
  public static let ipv4v6 = PDNType(rawValue: 3)
  public static let nonIP = PDNType(rawValue: 5)
  public static let ethernet = PDNType(rawValue: 6)

  /// What the network has to read it as: the unused value stands for IPv6 (table 9.9.4.10.1); the spare bit does not count.
  public var interpreted: PDNType { rawValue & 0x07 == 4 ? .ipv6 : PDNType(rawValue: rawValue & 0x07) }

  public var description: String {
    switch rawValue & 0x07 {
    case 1: "IPv4"
    case 2: "IPv6"
    case 3: "IPv4v6"
    case 5: "non IP"
    case 6: "Ethernet"
    case 4: "unused (\(rawValue)), read as IPv6 by the network"
    default: "reserved (\(rawValue))"
    }
  }
}

/// Request type, TS 24.301 §9.9.4.14: four bits. Values without a name are kept.
public struct RequestType: InformationElementValue, RawRepresentable, Hashable {
  /// 0 to 15.
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    precondition(rawValue < 16, "a half octet is 0 to 15")
    self.rawValue = rawValue
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) { rawValue = part.halfOctet }
  public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  public static let initialRequest = RequestType(rawValue: 1)
  public static let handover = RequestType(rawValue: 2)
  public static let rlos = RequestType(rawValue: 3)
  public static let emergency = RequestType(rawValue: 4)
  public static let handoverOfEmergencyBearerServices = RequestType(rawValue: 6)

  public var description: String {
    switch rawValue & 0x07 {
    case 1: "initial request"
    case 2: "handover"
    case 3: "RLOS"
    case 4: "emergency"
    case 6: "handover of emergency bearer services"
    default: "value \(rawValue)"
    }
  }
}

/// ESM information transfer flag, TS 24.301 §9.9.4.5: four bits. Values without a name are kept.
public struct ESMInformationTransferFlag: InformationElementValue, RawRepresentable, Hashable {
  /// 0 to 15.
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    precondition(rawValue < 16, "a half octet is 0 to 15")
    self.rawValue = rawValue
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) { rawValue = part.halfOctet }
  public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  public static let notRequired = ESMInformationTransferFlag(rawValue: 0)
  public static let required = ESMInformationTransferFlag(rawValue: 1)

  public var description: String {
    switch rawValue & 0x01 {
    case 0: "security protected ESM information transfer not required"
    case 1: "security protected ESM information transfer required"
    default: "value \(rawValue)"
    }
  }
}
