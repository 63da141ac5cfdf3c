/// Additional update type, TS 24.301 §9.9.3.0B.
public struct AdditionalUpdateType: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  /// Preferred CIoT network behaviour.
  public struct PreferredCIoTBehaviour: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue & 0x03 }
    public static let noInformation = PreferredCIoTBehaviour(rawValue: 0)
    public static let controlPlane = PreferredCIoTBehaviour(rawValue: 1)
    public static let userPlane = PreferredCIoTBehaviour(rawValue: 2)
  }

  /// - Parameter isSignallingActive: keep the NAS signalling connection after the procedure.
  public init(smsOnly: Bool, isSignallingActive: Bool = false, preferredCIoT: PreferredCIoTBehaviour = .noInformation) {
    rawValue = preferredCIoT.rawValue << 2 | (isSignallingActive ? 2 : 0) | (smsOnly ? 1 : 0)
  }

  public static let noInformation = AdditionalUpdateType(rawValue: 0)
  public static let smsOnly = AdditionalUpdateType(rawValue: 1)

  /// SMS only; else no information.
  public var isSMSOnly: Bool { rawValue & 0x01 != 0 }
  /// "Signalling active" flag.
  public var isSignallingActive: Bool { rawValue & 0x02 != 0 }
  /// Preferred CIoT network behaviour.
  public var preferredCIoT: PreferredCIoTBehaviour { PreferredCIoTBehaviour(rawValue: rawValue >> 2) }

  public var description: String {
    var parts = [isSMSOnly ? "SMS only" : "no additional information"]
    if isSignallingActive { parts.append("signalling active") }
    switch preferredCIoT {
    case .noInformation: break
    case .controlPlane: parts.append("control plane CIoT preferred")
    case .userPlane: parts.append("user plane CIoT preferred")
    default: parts.append("preferred CIoT behaviour reserved")
    }
    return parts.joined(separator: ", ")
  }
}

/// Additional update result, TS 24.301 §9.9.3.0A.
public struct AdditionalUpdateResult: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  public static let noInformation = AdditionalUpdateResult(rawValue: 0)
  public static let csFallbackNotPreferred = AdditionalUpdateResult(rawValue: 1)
  public static let smsOnly = AdditionalUpdateResult(rawValue: 2)

  /// Bits 1 and 2; the others are spare.
  public var value: UInt8 { rawValue & 0x03 }

  public var description: String {
    switch value {
    case 0: "no additional information"
    case 1: "CS fallback not preferred"
    case 2: "SMS only"
    default: "reserved"
    }
  }
}

/// SMS services status, TS 24.301 §9.9.3.4B.
public struct SMSServicesStatus: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  public static let notAvailable = SMSServicesStatus(rawValue: 0)
  public static let notAvailableInThisPLMN = SMSServicesStatus(rawValue: 1)
  public static let networkFailure = SMSServicesStatus(rawValue: 2)
  public static let congestion = SMSServicesStatus(rawValue: 3)

  public var description: String {
    switch rawValue & 0x07 {
    case 0: "SMS services not available"
    case 1: "SMS services not available in this PLMN"
    case 2: "network failure"
    case 3: "congestion"
    default: "unused (\(rawValue))"
    }
  }
}

/// Extended EMM cause, TS 24.301 §9.9.3.26A.
public struct ExtendedEMMCause: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  /// What the EMM cause beside it is about.
  public init(eutranNotAllowed: Bool, optimizationNotSupported: Bool = false, nbIoTNotAllowed: Bool = false) {
    rawValue = (nbIoTNotAllowed ? 4 : 0) | (optimizationNotSupported ? 2 : 0) | (eutranNotAllowed ? 1 : 0)
  }

  /// The cause concerns E-UTRAN.
  public var isEUTRANNotAllowed: Bool { rawValue & 0x01 != 0 }
  /// The requested EPS optimization is not supported.
  public var isOptimizationNotSupported: Bool { rawValue & 0x02 != 0 }
  /// The cause concerns NB-IoT.
  public var isNBIoTNotAllowed: Bool { rawValue & 0x04 != 0 }

  public var description: String {
    var parts: [String] = []
    if isEUTRANNotAllowed { parts.append("E-UTRAN not allowed") }
    if isOptimizationNotSupported { parts.append("requested EPS optimization not supported") }
    if isNBIoTNotAllowed { parts.append("NB-IoT not allowed") }
    return list(parts, otherwise: "E-UTRAN allowed")
  }
}

/// Device properties, TS 24.008 §10.5.7.8.
public struct DeviceProperties: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  public static let notLowPriority = DeviceProperties(rawValue: 0)
  public static let lowPriority = DeviceProperties(rawValue: 1)

  /// Configured for NAS signalling low priority.
  public var isLowPriority: Bool { rawValue & 0x01 != 0 }
  public var description: String {
    isLowPriority ? "configured for NAS signalling low priority" : "not configured for NAS signalling low priority"
  }
}

/// MS network feature support, TS 24.008 §10.5.1.15.
public struct MSNetworkFeatureSupport: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  /// The UE supports the extended periodic timer in this domain.
  public var supportsExtendedPeriodicTimers: Bool { rawValue & 0x01 != 0 }
  public var description: String { "extended periodic timers " + (supportsExtendedPeriodicTimers ? "supported" : "not supported") }
}

/// Non-3GPP NW provided policies, TS 24.008 §10.5.5.37.
public struct Non3GPPNWProvidedPolicies: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  /// N3EN: the use of emergency numbers provided by non-3GPP access is permitted.
  public var permitsNon3GPPEmergencyNumbers: Bool { rawValue & 0x01 != 0 }
  public var description: String { "non-3GPP emergency numbers " + (permitsNon3GPPEmergencyNumbers ? "permitted" : "not permitted") }
}

/// Network policy, TS 24.301 §9.9.3.52.
public struct NetworkPolicy: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  /// Unsecured redirection to GERAN is not allowed.
  public var forbidsUnsecuredRedirectionToGERAN: Bool { rawValue & 0x01 != 0 }
  public var description: String {
    "unsecured redirection to GERAN " + (forbidsUnsecuredRedirectionToGERAN ? "not allowed" : "allowed")
  }
}

/// Ciphering key sequence number, TS 24.008 §10.5.1.2.
public struct CipheringKeySequenceNumber: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  /// 0 to 6, or 7: no key is available.
  public var value: UInt8 { rawValue & 0x07 }
  public var description: String { value == 7 ? "no key is available (7)" : "\(value)" }
}

/// UE radio capability information update needed, TS 24.301 §9.9.3.35.
public struct UERadioCapabilityInformationUpdateNeeded: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  public static let notNeeded = UERadioCapabilityInformationUpdateNeeded(rawValue: 0)
  public static let needed = UERadioCapabilityInformationUpdateNeeded(rawValue: 1)
  /// The MME shall delete the UE radio capability information that it stores.
  public var isNeeded: Bool { rawValue & 0x01 != 0 }
  public var description: String { isNeeded ? "needed" : "not needed" }
}

/// UE radio capability ID deletion indication, TS 24.501 §9.11.3.69.
public struct UERadioCapabilityIDDeletionIndication: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  public static let notRequested = UERadioCapabilityIDDeletionIndication(rawValue: 0)
  public static let networkAssigned = UERadioCapabilityIDDeletionIndication(rawValue: 1)
  public var description: String {
    switch rawValue & 0x07 {
    case 0: "deletion not requested"
    case 1: "network-assigned UE radio capability IDs to be deleted"
    default: "unused (\(rawValue))"
    }
  }
}
