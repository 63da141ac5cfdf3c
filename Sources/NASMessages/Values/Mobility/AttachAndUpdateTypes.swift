/// EPS attach type, TS 24.301 §9.9.3.11: four bits. Values without a name are kept.
public struct EPSAttachType: InformationElementValue, RawRepresentable, Hashable {
  /// 0 to 15.
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    precondition(rawValue < 16, "a half octet is 0 to 15")
    self.rawValue = rawValue
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) { rawValue = part.halfOctet }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  public static let epsAttach = EPSAttachType(rawValue: 1)
  public static let combinedEPSIMSIAttach = EPSAttachType(rawValue: 2)
  public static let epsRLOSAttach = EPSAttachType(rawValue: 3)
  public static let epsEmergencyAttach = EPSAttachType(rawValue: 6)

  public var description: String {
    switch rawValue & 0x07 {
    case 1: "EPS attach"
    case 2: "combined EPS/IMSI attach"
    case 3: "EPS RLOS attach"
    case 6: "EPS emergency attach"
    default: "value \(rawValue)"
    }
  }
}

/// EPS attach result, TS 24.301 §9.9.3.10: four bits. Values without a name are kept.
public struct EPSAttachResult: InformationElementValue, RawRepresentable, Hashable {
  /// 0 to 15.
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    precondition(rawValue < 16, "a half octet is 0 to 15")
    self.rawValue = rawValue
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) { rawValue = part.halfOctet }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  public static let epsOnly = EPSAttachResult(rawValue: 1)
  public static let combinedEPSIMSIAttach = EPSAttachResult(rawValue: 2)

  public var description: String {
    switch rawValue & 0x07 {
    case 1: "EPS only"
    case 2: "combined EPS/IMSI attach"
    default: "value \(rawValue)"
    }
  }
}

/// EPS update result, TS 24.301 §9.9.3.13: four bits. Values without a name are kept.
public struct EPSUpdateResult: InformationElementValue, RawRepresentable, Hashable {
  /// 0 to 15.
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    precondition(rawValue < 16, "a half octet is 0 to 15")
    self.rawValue = rawValue
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) { rawValue = part.halfOctet }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  public static let taUpdated = EPSUpdateResult(rawValue: 0)
  public static let combinedTALAUpdated = EPSUpdateResult(rawValue: 1)
  public static let taUpdatedISRActivated = EPSUpdateResult(rawValue: 4)
  public static let combinedTALAUpdatedISRActivated = EPSUpdateResult(rawValue: 5)

  public var description: String {
    switch rawValue & 0x07 {
    case 0: "TA updated"
    case 1: "combined TA/LA updated"
    case 4: "TA updated and ISR activated"
    case 5: "combined TA/LA updated and ISR activated"
    default: "value \(rawValue)"
    }
  }
}

/// EPS update type, TS 24.301 §9.9.3.14: four bits.
public struct EPSUpdateType: InformationElementValue, Hashable {
  /// Values without a name are kept.
  public struct Kind: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue & 0x07 }
    public static let taUpdating = Kind(rawValue: 0)
    public static let combinedTALAUpdating = Kind(rawValue: 1)
    public static let combinedTALAUpdatingWithIMSIAttach = Kind(rawValue: 2)
    public static let periodicUpdating = Kind(rawValue: 3)

    /// What the network has to read it as: the unused values stand for "TA updating" (table 9.9.3.14.1).
    public var interpreted: Kind { rawValue == 4 || rawValue == 5 ? .taUpdating : self }
  }

  /// What is updated.
  public var kind: Kind
  /// The "active" flag: bearer establishment requested.
  public var isActive: Bool

  /// - Parameter isActive: bearer establishment requested.
  public init(_ kind: Kind, isActive: Bool = false) {
    self.kind = kind
    self.isActive = isActive
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    kind = Kind(rawValue: part.halfOctet)
    isActive = part.halfOctet & 0x08 != 0
  }
  public func encode(into octets: inout OctetWriter) { octets.append((isActive ? 0x08 : 0) | kind.rawValue) }

  public var description: String {
    let name =
      switch kind {
      case .taUpdating: "TA updating"
      case .combinedTALAUpdating: "combined TA/LA updating"
      case .combinedTALAUpdatingWithIMSIAttach: "combined TA/LA updating with IMSI attach"
      case .periodicUpdating: "periodic updating"
      default: kind.interpreted == kind ? "reserved (\(kind.rawValue))" : "unused (\(kind.rawValue)), read as TA updating"
      }
    return name + (isActive ? ", bearer establishment requested" : "")
  }
}

/// Detach type, TS 24.301 §9.9.3.7: four bits whose meaning depends on who sends them.
public struct DetachType: InformationElementValue, Hashable {
  /// 0 to 15.
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    precondition(rawValue < 16, "a half octet is 0 to 15")
    self.rawValue = rawValue
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) { rawValue = part.halfOctet }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  // UE to network; `switchingOff` adds bit 4.
  public static let epsDetach = DetachType(rawValue: 1)
  public static let imsiDetachByUE = DetachType(rawValue: 2)
  public static let combinedDetach = DetachType(rawValue: 3)
  /// The same detach with the switch off bit set or not (UE to network).
  public func switchingOff(_ flag: Bool = true) -> DetachType { DetachType(rawValue: rawValue & 0x07 | (flag ? 0x08 : 0)) }

  // Network to UE.
  public static let reattachRequired = DetachType(rawValue: 1)
  public static let reattachNotRequired = DetachType(rawValue: 2)
  public static let imsiDetachByNetwork = DetachType(rawValue: 3)

  /// Bits 1 to 3.
  public var kind: UInt8 { rawValue & 0x07 }
  /// UE to network: the UE is being switched off.
  public var isSwitchOff: Bool { rawValue & 0x08 != 0 }

  /// In words, for a message of the UE or of the network.
  public func description(from direction: NASDirection) -> String {
    switch direction {
    case .uplink:
      let name = kind == 1 ? "EPS detach" : kind == 2 ? "IMSI detach" : "combined EPS/IMSI detach"
      return name + (isSwitchOff ? ", switch off" : ", normal detach")
    case .downlink: return kind == 1 ? "re-attach required" : kind == 3 ? "IMSI detach" : "re-attach not required"
    }
  }
  public var description: String { "type of detach \(kind)" + (isSwitchOff ? ", switch off" : "") }
}
