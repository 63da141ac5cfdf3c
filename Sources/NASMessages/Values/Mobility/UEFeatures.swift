/// UE status, TS 24.501 §9.11.3.56.
public struct UEStatus: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// - Parameters:
  ///   - s1Registered: the UE is in EMM-REGISTERED.
  ///   - n1Registered: the UE is in 5GMM-REGISTERED.
  public init(s1Registered: Bool, n1Registered: Bool) { rawValue = (n1Registered ? 2 : 0) | (s1Registered ? 1 : 0) }

  /// EMM-REGISTERED.
  public var isS1Registered: Bool { rawValue & 0x01 != 0 }
  /// 5GMM-REGISTERED.
  public var isN1Registered: Bool { rawValue & 0x02 != 0 }
  public var description: String {
    (isS1Registered ? "EMM-REGISTERED" : "not EMM-REGISTERED") + ", "
      + (isN1Registered ? "5GMM-REGISTERED" : "not 5GMM-REGISTERED")
  }
}

/// Additional information requested, TS 24.301 §9.9.3.55.
public struct AdditionalInformationRequested: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Ciphering keys for ciphered broadcast assistance data.
  public var requestsCipheringKeys: Bool { rawValue & 0x01 != 0 }
  public var description: String { "ciphering keys " + (requestsCipheringKeys ? "requested" : "not requested") }
}

/// N1 UE network capability, TS 24.301 §9.9.3.57.
public struct N1UENetworkCapability: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 1
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// Control plane CIoT 5GS optimization.
  public var controlPlaneCIoT: Bool { bit(1, ofOctet: 0) }
  /// The bit is 0 where N3 data transfer is supported.
  public var n3DataTransfer: Bool { !bit(2, ofOctet: 0) }
  /// Header compression for control plane CIoT 5GS optimization.
  public var ipHeaderCompression: Bool { bit(3, ofOctet: 0) }
  /// User plane CIoT 5GS optimization.
  public var userPlaneCIoT: Bool { bit(4, ofOctet: 0) }
  /// 0 no information, 1 control plane, 2 user plane.
  public var preferredCIoTBehaviour: UInt8 { octets[0] >> 4 & 0x03 }
  /// Ethernet header compression for control plane CIoT 5GS optimization.
  public var ethernetHeaderCompression: Bool { bit(7, ofOctet: 0) }

  public var description: String {
    let flags = flagNames([["", "5G-EHC-CP CIoT", "", "", "5G-UP CIoT", "5G-HC-CP CIoT", "", "5G-CP CIoT"]])
    let behaviour = ["", "control plane CIoT preferred", "user plane CIoT preferred", "preferred CIoT reserved"]
    return list(
      [flags, n3DataTransfer ? "N3 data" : "", behaviour[Int(preferredCIoTBehaviour)]].filter { !$0.isEmpty }, otherwise: "none")
  }
}

/// Voice domain preference and UE's usage setting, TS 24.008 §10.5.5.28.
public struct VoiceDomainPreference: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Voice domain preference for E-UTRAN.
  public enum Domain: UInt8, Sendable {
    case csVoiceOnly = 0
    case imsPSVoiceOnly = 1
    case csVoicePreferred = 2
    case imsPSVoicePreferred = 3
  }

  /// - Parameter dataCentric: UE's usage setting; else voice centric.
  public init(_ domain: Domain, dataCentric: Bool = false) { rawValue = (dataCentric ? 4 : 0) | domain.rawValue }

  /// Voice domain preference for E-UTRAN.
  public var domain: Domain { Domain(rawValue: rawValue & 0x03) ?? .csVoiceOnly }
  /// UE's usage setting: data centric instead of voice centric.
  public var isDataCentric: Bool { rawValue & 0x04 != 0 }

  public var description: String {
    let words =
      switch domain {
      case .csVoiceOnly: "CS voice only"
      case .imsPSVoiceOnly: "IMS PS voice only"
      case .csVoicePreferred: "CS voice preferred, IMS PS voice secondary"
      case .imsPSVoicePreferred: "IMS PS voice preferred, CS voice secondary"
      }
    return words + (isDataCentric ? "; data centric" : "; voice centric")
  }
}

/// UE radio capability ID availability, TS 24.301 §9.9.3.58.
public struct UERadioCapabilityIDAvailability: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let notAvailable = UERadioCapabilityIDAvailability(rawValue: 0)
  public static let available = UERadioCapabilityIDAvailability(rawValue: 1)
  /// Values other than 1 are read as not available.
  public var isAvailable: Bool { rawValue & 0x07 == 1 }
  public var description: String { isAvailable ? "available" : "not available" }
}

/// UE radio capability ID request, TS 24.301 §9.9.3.59.
public struct UERadioCapabilityIDRequest: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let requested = UERadioCapabilityIDRequest(rawValue: 1)
  /// The UE is to send its radio capability ID in SECURITY MODE COMPLETE.
  public var isRequested: Bool { rawValue & 0x01 != 0 }
  public var description: String { isRequested ? "requested" : "not requested" }
}

/// UE radio capability ID, TS 24.501 §9.11.3.68: hexadecimal digits, low half first, an odd number filled up with 0xF.
public struct UERadioCapabilityID: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 1
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// All half octets as digits, a filler included: whether a last F is one cannot be told from the coding.
  public var digits: String { octets.map { String($0 & 0x0F, radix: 16) + String($0 >> 4, radix: 16) }.joined() }
  public var description: String { digits }
}

/// P-TMSI signature, TS 24.008 §10.5.5.8: 24 bits.
public struct PTMSISignature: InformationElementValue, Hashable {
  /// 24 bits.
  public let value: UInt32

  /// - Parameter value: 24 bits (precondition).
  public init(_ value: UInt32) {
    precondition(value < 1 << 24, "a P-TMSI signature has 24 bits")
    self.value = value
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(3)
    value = UInt32(part[0]) << 16 | UInt32(part.uint16(at: 1))
  }
  public func encode(into octets: inout OctetWriter) {
    octets.append(UInt8(truncatingIfNeeded: value >> 16))
    octets.append(bigEndian16: UInt16(truncatingIfNeeded: value))
  }
  public var description: String { "0x" + hexDigits(value, 6) }
}

/// TMSI based network resource identifier, TS 24.008 §10.5.5.31: ten bits and six spare ones.
public struct NetworkResourceIdentifier: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 2
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// - Parameter value: 0 to 1023 (precondition).
  public init(_ value: UInt16) {
    precondition(value < 1024, "a network resource identifier has 10 bits")
    octets = [UInt8(truncatingIfNeeded: value >> 2), UInt8(truncatingIfNeeded: value << 6)]
  }

  /// 0 to 1023.
  public var value: UInt16 { uint16(at: 0) >> 6 }
  public var description: String { "\(value)" }
}
