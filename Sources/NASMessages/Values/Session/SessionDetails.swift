/// Linked EPS bearer identity, TS 24.301 §9.9.4.6.
public struct LinkedEPSBearerIdentity: HalfOctetValue {
  /// 1 to 15; 0 is reserved.
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }
  public var description: String { rawValue == 0 ? "reserved (0)" : "\(rawValue)" }
}

/// Radio priority, TS 24.008 §10.5.7.2.
public struct RadioPriority: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }
  /// 1 (highest) to 4; other values are read as 4.
  public var level: UInt8 { 1...4 ~= rawValue & 0x07 ? rawValue & 0x07 : 4 }
  public var description: String { "priority level \(level)" }
}

/// Connectivity type, TS 24.008 §10.5.6.19.
public struct ConnectivityType: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }
  public static let notIndicated = ConnectivityType(rawValue: 0)
  public static let lipa = ConnectivityType(rawValue: 1)
  public var description: String { rawValue == 1 ? "LIPA PDN connection" : "not indicated (\(rawValue))" }
}

/// WLAN offload acceptability, TS 24.008 §10.5.6.20.
public struct WLANOffloadAcceptability: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }
  /// - Parameters: whether offload is acceptable in S1 mode and in Iu mode.
  public init(eutran: Bool, utran: Bool) { rawValue = (utran ? 2 : 0) | (eutran ? 1 : 0) }
  /// Offload from E-UTRAN is acceptable: bit 1 (TS 27.007 on +CGEV says so too).
  public var eutran: Bool { rawValue & 0x01 != 0 }
  /// Offload from UTRAN is acceptable: bit 2.
  public var utran: Bool { rawValue & 0x02 != 0 }
  public var description: String {
    "offload via WLAN from E-UTRAN " + (eutran ? "acceptable" : "not acceptable") + ", from UTRAN "
      + (utran ? "acceptable" : "not acceptable")
  }
}

/// Control plane only indication, TS 24.301 §9.9.4.23.
public struct ControlPlaneOnlyIndication: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }
  public static let controlPlaneOnly = ControlPlaneOnlyIndication(rawValue: 1)
  /// The value 0 is reserved: as if the element were not there.
  public var isControlPlaneOnly: Bool { rawValue & 0x01 != 0 }
  public var description: String { isControlPlaneOnly ? "control plane CIoT EPS optimization only" : "reserved" }
}

/// Release assistance indication, TS 24.301 §9.9.4.25.
public struct ReleaseAssistanceIndication: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }
  public static let noInformation = ReleaseAssistanceIndication(rawValue: 0)
  public static let noFurtherData = ReleaseAssistanceIndication(rawValue: 1)
  public static let oneDownlinkDataOnly = ReleaseAssistanceIndication(rawValue: 2)
  /// Downlink data expected, 0 to 3; bits 3 and 4 are spare.
  public var downlinkDataExpected: UInt8 { rawValue & 0x03 }
  public var description: String {
    switch downlinkDataExpected {
    case 0: "no information"
    case 1: "no further uplink and no further downlink data expected"
    case 2: "only a single downlink data transmission expected"
    default: "reserved"
    }
  }
}

/// LLC service access point identifier, TS 24.008 §10.5.6.9.
public struct LLCServiceAccessPointIdentifier: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// 0 not assigned, 3, 5, 9 or 11; bits 5 to 8 are spare.
  public var value: UInt8 { rawValue & 0x0F }
  public var description: String { value == 0 ? "LLC SAPI not assigned" : "SAPI \(value)" }
}

/// Packet flow identifier, TS 24.008 §10.5.6.11.
public struct PacketFlowIdentifier: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Bits 1 to 7; bit 8 is spare.
  public var value: UInt8 { rawValue & 0x7F }
  public var description: String {
    switch value {
    case 0: "best effort"
    case 1: "signalling"
    case 2: "SMS"
    case 3: "TOM8"
    case 4...7: "reserved (\(value))"
    default: "dynamically assigned (\(value))"
    }
  }
}

/// Notification indicator, TS 24.301 §9.9.4.7A.
public struct NotificationIndicator: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public static let srvccHandoverCancelled = NotificationIndicator(rawValue: 1)
  public var description: String {
    switch rawValue {
    case 1: "SRVCC handover cancelled, IMS session re-establishment required"
    case 2...127: "unused (\(rawValue))"
    default: "reserved (\(rawValue))"
    }
  }
}

/// Re-attempt indicator, TS 24.301 §9.9.4.13A.
public struct ReattemptIndicator: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// No re-attempt in A/Gb, Iu or N1 mode.
  public var forbidsOtherModes: Bool { rawValue & 0x01 != 0 }
  /// No re-attempt in an equivalent PLMN.
  public var forbidsEquivalentPLMNs: Bool { rawValue & 0x02 != 0 }
  public var description: String {
    "re-attempt " + (forbidsOtherModes ? "not allowed" : "allowed") + " in A/Gb, Iu or N1 mode, "
      + (forbidsEquivalentPLMNs ? "not allowed" : "allowed") + " in an equivalent PLMN"
  }
}

/// Serving PLMN rate control, TS 24.301 §9.9.4.28.
public struct ServingPLMNRateControl: InformationElementValue, Hashable {
  /// Uplink ESM DATA TRANSPORT messages in six minutes, at least 10; 0xFFFF: not restricted.
  public var value: UInt16
  /// - Parameter value: at least 10, or 0xFFFF for no restriction.
  public init(_ value: UInt16) { self.value = value }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(2)
    value = part.uint16(at: 0)
  }
  public func encode(into octets: inout OctetWriter) { octets.append(bigEndian16: value) }
  public var description: String { value == 0xFFFF ? "not restricted" : "\(value) messages in 6 min" }
}

/// Transaction identifier of the corresponding PDP context, TS 24.301 §9.9.4.17, coded as the linked TI of TS 24.008
/// §10.5.6.7: one octet, or two with an extension.
public struct TransactionIdentifier: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 1
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// - Parameters:
  ///   - value: 0 to 6 in one octet, 7 to 127 in two (precondition).
  ///   - flag: the message is sent to the side that allocated it.
  public init(_ value: UInt8, flag: Bool = false) {
    precondition(value < 128, "a transaction identifier is 0 to 127")
    let high: UInt8 = flag ? 0x80 : 0
    octets = value < 7 ? [high | value << 4] : [high | 0x70, 0x80 | value]
  }

  /// The message is sent to the side that allocated the identifier.
  public var flag: Bool { octets[0] & 0x80 != 0 }
  /// 0 to 127; `nil`: the extension is announced and missing.
  public var value: UInt8? {
    let short = octets[0] >> 4 & 0x07
    return short < 7 ? short : octets.count > 1 ? octets[1] & 0x7F : nil
  }
  public var description: String { "TI \(value.map { "\($0)" } ?? "extension missing")" + (flag ? ", flag 1" : ", flag 0") }
}

/// Header compression configuration, TS 24.301 §9.9.4.22.
public struct HeaderCompressionConfiguration: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 3
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// - Parameter profiles: bit 1 is 0x0002 (UDP/IP), then 0x0003, 0x0004, 0x0006, 0x0102, 0x0103, 0x0104 in bit 7.
  public init(profiles: UInt8, maximumCID: UInt16, setupParameters: (type: UInt8, container: [UInt8])? = nil) {
    octets = [profiles]
    octets.append(bigEndian16: maximumCID)
    if let (type, container) = setupParameters { octets += [type] + container }
  }

  /// The supported ROHC profiles; 0x0000 always is.
  public var profiles: [UInt16] {
    let all: [UInt16] = [0x0002, 0x0003, 0x0004, 0x0006, 0x0102, 0x0103, 0x0104]
    return all.enumerated().filter { octets[0] & 1 << UInt8($0.offset) != 0 }.map(\.element)
  }
  /// MAX_CID of the ROHC channel, 1 to 16383.
  public var maximumCID: UInt16 { uint16(at: 1) }
  /// Type of the additional context setup parameters, where there are any.
  public var setupParametersType: UInt8? { octets.count > 3 ? octets[3] : nil }
  /// The additional context setup parameters container; empty: none.
  public var setupParameters: ArraySlice<UInt8> { octets.dropFirst(4) }

  public var description: String {
    "ROHC profiles " + list(profiles.map { "0x" + hexDigits($0, 4) }, otherwise: "0x0000 only") + ", MAX_CID \(maximumCID)"
      + (setupParametersType.map { ", setup parameters type \($0) \(hexString(setupParameters))" } ?? "")
  }
}

/// Header compression configuration status, TS 24.301 §9.9.4.27: for which EPS bearers the configuration is not used.
public struct HeaderCompressionConfigurationStatus: OctetStringValue {
  /// EBI 7 to 0 in the first octet (bits 8 to 1), EBI 15 to 8 in the second.
  public var octets: [UInt8]
  public static let shortest = 2
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// - Parameter unused: EPS bearer identities 1 to 15 (precondition).
  public init(unused: Set<UInt8>) {
    octets = [0, 0]
    for identity in unused {
      precondition(1..<16 ~= identity, "an EPS bearer identity is 1 to 15")
      octets[Int(identity / 8)] |= 1 << (identity % 8)
    }
  }

  /// The EPS bearer identities that do not use header compression.
  public var unused: Set<UInt8> { Set((1..<16 as Range<UInt8>).filter { octets[Int($0 / 8)] & 1 << ($0 % 8) != 0 }) }
  public var description: String {
    unused.isEmpty ? "used by all" : "not used by EPS bearers " + unused.sorted().map(String.init).joined(separator: " ")
  }
}
