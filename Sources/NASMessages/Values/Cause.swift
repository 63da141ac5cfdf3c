/// EMM cause, TS 24.301 §9.9.3.9 (Rel-16). Unknown values are kept.
public struct EMMCause: InformationElementValue, RawRepresentable, Hashable {
  /// The cause value as coded.
  public var rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    rawValue = part[0]
  }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  public static let imsiUnknownInHSS = EMMCause(rawValue: 2)
  public static let illegalUE = EMMCause(rawValue: 3)
  public static let imeiNotAccepted = EMMCause(rawValue: 5)
  public static let illegalME = EMMCause(rawValue: 6)
  public static let epsServicesNotAllowed = EMMCause(rawValue: 7)
  public static let epsServicesAndNonEPSServicesNotAllowed = EMMCause(rawValue: 8)
  public static let ueIdentityCannotBeDerivedByTheNetwork = EMMCause(rawValue: 9)
  public static let implicitlyDetached = EMMCause(rawValue: 10)
  public static let plmnNotAllowed = EMMCause(rawValue: 11)
  public static let trackingAreaNotAllowed = EMMCause(rawValue: 12)
  public static let roamingNotAllowedInThisTrackingArea = EMMCause(rawValue: 13)
  public static let epsServicesNotAllowedInThisPLMN = EMMCause(rawValue: 14)
  public static let noSuitableCellsInTrackingArea = EMMCause(rawValue: 15)
  public static let mscTemporarilyNotReachable = EMMCause(rawValue: 16)
  public static let networkFailure = EMMCause(rawValue: 17)
  public static let csDomainNotAvailable = EMMCause(rawValue: 18)
  public static let esmFailure = EMMCause(rawValue: 19)
  public static let macFailure = EMMCause(rawValue: 20)
  public static let synchFailure = EMMCause(rawValue: 21)
  public static let congestion = EMMCause(rawValue: 22)
  public static let ueSecurityCapabilitiesMismatch = EMMCause(rawValue: 23)
  public static let securityModeRejectedUnspecified = EMMCause(rawValue: 24)
  public static let notAuthorizedForThisCSG = EMMCause(rawValue: 25)
  public static let nonEPSAuthenticationUnacceptable = EMMCause(rawValue: 26)
  public static let redirectionTo5GCNRequired = EMMCause(rawValue: 31)
  public static let requestedServiceOptionNotAuthorizedInThisPLMN = EMMCause(rawValue: 35)
  public static let csServiceTemporarilyNotAvailable = EMMCause(rawValue: 39)
  public static let noEPSBearerContextActivated = EMMCause(rawValue: 40)
  public static let severeNetworkFailure = EMMCause(rawValue: 42)
  public static let semanticallyIncorrectMessage = EMMCause(rawValue: 95)
  public static let invalidMandatoryInformation = EMMCause(rawValue: 96)
  public static let messageTypeNonExistentOrNotImplemented = EMMCause(rawValue: 97)
  public static let messageTypeNotCompatibleWithTheProtocolState = EMMCause(rawValue: 98)
  public static let informationElementNonExistentOrNotImplemented = EMMCause(rawValue: 99)
  public static let conditionalIEError = EMMCause(rawValue: 100)
  public static let messageNotCompatibleWithTheProtocolState = EMMCause(rawValue: 101)
  public static let protocolErrorUnspecified = EMMCause(rawValue: 111)

  /// The specification's words, or `nil` for a value it does not have.
  public var name: String? {
    switch rawValue {
    case 2: "IMSI unknown in HSS"
    case 3: "Illegal UE"
    case 5: "IMEI not accepted"
    case 6: "Illegal ME"
    case 7: "EPS services not allowed"
    case 8: "EPS services and non-EPS services not allowed"
    case 9: "UE identity cannot be derived by the network"
    case 10: "Implicitly detached"
    case 11: "PLMN not allowed"
    case 12: "Tracking Area not allowed"
    case 13: "Roaming not allowed in this tracking area"
    case 14: "EPS services not allowed in this PLMN"
    case 15: "No Suitable Cells In tracking area"
    case 16: "MSC temporarily not reachable"
    case 17: "Network failure"
    case 18: "CS domain not available"
    case 19: "ESM failure"
    case 20: "MAC failure"
    case 21: "Synch failure"
    case 22: "Congestion"
    case 23: "UE security capabilities mismatch"
    case 24: "Security mode rejected, unspecified"
    case 25: "Not authorized for this CSG"
    case 26: "Non-EPS authentication unacceptable"
    case 31: "Redirection to 5GCN required"
    case 35: "Requested service option not authorized in this PLMN"
    case 39: "CS service temporarily not available"
    case 40: "No EPS bearer context activated"
    case 42: "Severe network failure"
    case 95: "Semantically incorrect message"
    case 96: "Invalid mandatory information"
    case 97: "Message type non-existent or not implemented"
    case 98: "Message type not compatible with the protocol state"
    case 99: "Information element non-existent or not implemented"
    case 100: "Conditional IE error"
    case 101: "Message not compatible with the protocol state"
    case 111: "Protocol error, unspecified"
    default: nil
    }
  }

  /// "#3 Illegal UE".
  public var description: String { "#\(rawValue) " + (name ?? "(not in the specification)") }
}

/// ESM cause, TS 24.301 §9.9.4.4 (Rel-16). Unknown values are kept.
public struct ESMCause: InformationElementValue, RawRepresentable, Hashable {
  /// The cause value as coded.
  public var rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    rawValue = part[0]
  }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(rawValue) }

  public static let operatorDeterminedBarring = ESMCause(rawValue: 8)
  public static let insufficientResources = ESMCause(rawValue: 26)
  public static let missingOrUnknownAPN = ESMCause(rawValue: 27)
  public static let unknownPDNType = ESMCause(rawValue: 28)
  public static let userAuthenticationOrAuthorizationFailed = ESMCause(rawValue: 29)
  public static let requestRejectedByServingGWOrPDNGW = ESMCause(rawValue: 30)
  public static let requestRejectedUnspecified = ESMCause(rawValue: 31)
  public static let serviceOptionNotSupported = ESMCause(rawValue: 32)
  public static let requestedServiceOptionNotSubscribed = ESMCause(rawValue: 33)
  public static let serviceOptionTemporarilyOutOfOrder = ESMCause(rawValue: 34)
  public static let ptiAlreadyInUse = ESMCause(rawValue: 35)
  public static let regularDeactivation = ESMCause(rawValue: 36)
  public static let epsQoSNotAccepted = ESMCause(rawValue: 37)
  public static let networkFailure = ESMCause(rawValue: 38)
  public static let reactivationRequested = ESMCause(rawValue: 39)
  public static let semanticErrorInTheTFTOperation = ESMCause(rawValue: 41)
  public static let syntacticalErrorInTheTFTOperation = ESMCause(rawValue: 42)
  public static let invalidEPSBearerIdentity = ESMCause(rawValue: 43)
  public static let semanticErrorsInPacketFilter = ESMCause(rawValue: 44)
  public static let syntacticalErrorsInPacketFilter = ESMCause(rawValue: 45)
  public static let ptiMismatch = ESMCause(rawValue: 47)
  public static let lastPDNDisconnectionNotAllowed = ESMCause(rawValue: 49)
  public static let pdnTypeIPv4OnlyAllowed = ESMCause(rawValue: 50)
  public static let pdnTypeIPv6OnlyAllowed = ESMCause(rawValue: 51)
  public static let singleAddressBearersOnlyAllowed = ESMCause(rawValue: 52)
  public static let esmInformationNotReceived = ESMCause(rawValue: 53)
  public static let pdnConnectionDoesNotExist = ESMCause(rawValue: 54)
  public static let multiplePDNConnectionsForAGivenAPNNotAllowed = ESMCause(rawValue: 55)
  public static let collisionWithNetworkInitiatedRequest = ESMCause(rawValue: 56)
  public static let pdnTypeIPv4v6OnlyAllowed = ESMCause(rawValue: 57)
  public static let pdnTypeNonIPOnlyAllowed = ESMCause(rawValue: 58)
  public static let unsupportedQCIValue = ESMCause(rawValue: 59)
  public static let bearerHandlingNotSupported = ESMCause(rawValue: 60)
  public static let pdnTypeEthernetOnlyAllowed = ESMCause(rawValue: 61)
  public static let maximumNumberOfEPSBearersReached = ESMCause(rawValue: 65)
  public static let requestedAPNNotSupportedInCurrentRATAndPLMNCombination = ESMCause(rawValue: 66)
  public static let invalidPTIValue = ESMCause(rawValue: 81)
  public static let semanticallyIncorrectMessage = ESMCause(rawValue: 95)
  public static let invalidMandatoryInformation = ESMCause(rawValue: 96)
  public static let messageTypeNonExistentOrNotImplemented = ESMCause(rawValue: 97)
  public static let messageTypeNotCompatibleWithTheProtocolState = ESMCause(rawValue: 98)
  public static let informationElementNonExistentOrNotImplemented = ESMCause(rawValue: 99)
  public static let conditionalIEError = ESMCause(rawValue: 100)
  public static let messageNotCompatibleWithTheProtocolState = ESMCause(rawValue: 101)
  public static let protocolErrorUnspecified = ESMCause(rawValue: 111)
  public static let apnRestrictionValueIncompatibleWithActiveEPSBearerContext = ESMCause(rawValue: 112)
  public static let multipleAccessesToAPDNConnectionNotAllowed = ESMCause(rawValue: 113)

  /// The specification's words, or `nil` for a value it does not have.
  public var name: String? {
    switch rawValue {
    case 8: "Operator Determined Barring"
    case 26: "Insufficient resources"
    case 27: "Missing or unknown APN"
    case 28: "Unknown PDN type"
    case 29: "User authentication or authorization failed"
    case 30: "Request rejected by Serving GW or PDN GW"
    case 31: "Request rejected, unspecified"
    case 32: "Service option not supported"
    case 33: "Requested service option not subscribed"
    case 34: "Service option temporarily out of order"
    case 35: "PTI already in use"
    case 36: "Regular deactivation"
    case 37: "EPS QoS not accepted"
    case 38: "Network failure"
    case 39: "Reactivation requested"
    case 41: "Semantic error in the TFT operation"
    case 42: "Syntactical error in the TFT operation"
    case 43: "Invalid EPS bearer identity"
    case 44: "Semantic errors in packet filter(s)"
    case 45: "Syntactical errors in packet filter(s)"
    case 47: "PTI mismatch"
    case 49: "Last PDN disconnection not allowed"
    case 50: "PDN type IPv4 only allowed"
    case 51: "PDN type IPv6 only allowed"
    case 52: "Single address bearers only allowed"
    case 53: "ESM information not received"
    case 54: "PDN connection does not exist"
    case 55: "Multiple PDN connections for a given APN not allowed"
    case 56: "Collision with network initiated request"
    case 57: "PDN type IPv4v6 only allowed"
    case 58: "PDN type non IP only allowed"
    case 59: "Unsupported QCI value"
    case 60: "Bearer handling not supported"
    case 61: "PDN type Ethernet only allowed"
    case 65: "Maximum number of EPS bearers reached"
    case 66: "Requested APN not supported in current RAT and PLMN combination"
    case 81: "Invalid PTI value"
    case 95: "Semantically incorrect message"
    case 96: "Invalid mandatory information"
    case 97: "Message type non-existent or not implemented"
    case 98: "Message type not compatible with the protocol state"
    case 99: "Information element non-existent or not implemented"
    case 100: "Conditional IE error"
    case 101: "Message not compatible with the protocol state"
    case 111: "Protocol error, unspecified"
    case 112: "APN restriction value incompatible with active EPS bearer context"
    case 113: "Multiple accesses to a PDN connection not allowed"
    default: nil
    }
  }

  /// "#3 Illegal UE".
  public var description: String { "#\(rawValue) " + (name ?? "(not in the specification)") }
}
