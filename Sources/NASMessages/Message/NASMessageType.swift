/// EMM or ESM, TS 24.301 §9.2.
public struct ProtocolDiscriminator: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue & 0x0F }
  /// EPS session management messages.
  public static let epsSessionManagement = ProtocolDiscriminator(rawValue: 0x2)
  /// EPS mobility management messages.
  public static let epsMobilityManagement = ProtocolDiscriminator(rawValue: 0x7)
}

/// Which message: protocol discriminator and message type octet, TS 24.301 §9.8 (Rel-16).
///
/// Unknown octets are kept. DETACH REQUEST is two messages with one octet (§8.2.11.1 and .2), so it has two values here.
public struct NASMessageType: Hashable, Sendable, CustomStringConvertible {
  public let protocolDiscriminator: ProtocolDiscriminator
  /// The message type octet.
  public let octet: UInt8
  /// Set only for the DETACH REQUEST that the network sends.
  public let isNetworkVariant: Bool

  init(_ protocolDiscriminator: ProtocolDiscriminator, _ octet: UInt8, networkVariant: Bool = false) {
    self.protocolDiscriminator = protocolDiscriminator
    self.octet = octet
    self.isNetworkVariant = networkVariant
  }

  /// An EMM message by its type octet; 0x45 gives the DETACH REQUEST of the UE.
  public static func emm(_ octet: UInt8) -> NASMessageType { NASMessageType(.epsMobilityManagement, octet) }
  /// An ESM message by its type octet.
  public static func esm(_ octet: UInt8) -> NASMessageType { NASMessageType(.epsSessionManagement, octet) }

  public var isESM: Bool { protocolDiscriminator == .epsSessionManagement }

  /// Octets before the first element of the table: 2 (EMM), or 3 (ESM, which has a procedure transaction identity).
  var headerLength: Int { isESM ? 3 : 2 }

  public var description: String { name }
}

extension NASMessageType {
  // EPS mobility management, table 9.8.1
  public static let attachRequest = emm(0x41)
  public static let attachAccept = emm(0x42)
  public static let attachComplete = emm(0x43)
  public static let attachReject = emm(0x44)
  /// DETACH REQUEST, UE originating detach (§8.2.11.1).
  public static let detachRequestFromUE = emm(0x45)
  /// DETACH REQUEST, UE terminated detach (§8.2.11.2).
  public static let detachRequestFromNetwork = NASMessageType(.epsMobilityManagement, 0x45, networkVariant: true)
  public static let detachAccept = emm(0x46)
  public static let trackingAreaUpdateRequest = emm(0x48)
  public static let trackingAreaUpdateAccept = emm(0x49)
  public static let trackingAreaUpdateComplete = emm(0x4A)
  public static let trackingAreaUpdateReject = emm(0x4B)
  public static let extendedServiceRequest = emm(0x4C)
  public static let controlPlaneServiceRequest = emm(0x4D)
  public static let serviceReject = emm(0x4E)
  public static let serviceAccept = emm(0x4F)
  public static let gutiReallocationCommand = emm(0x50)
  public static let gutiReallocationComplete = emm(0x51)
  public static let authenticationRequest = emm(0x52)
  public static let authenticationResponse = emm(0x53)
  public static let authenticationReject = emm(0x54)
  public static let authenticationFailure = emm(0x5C)
  public static let identityRequest = emm(0x55)
  public static let identityResponse = emm(0x56)
  public static let securityModeCommand = emm(0x5D)
  public static let securityModeComplete = emm(0x5E)
  public static let securityModeReject = emm(0x5F)
  public static let emmStatus = emm(0x60)
  public static let emmInformation = emm(0x61)
  public static let downlinkNASTransport = emm(0x62)
  public static let uplinkNASTransport = emm(0x63)
  public static let csServiceNotification = emm(0x64)
  public static let downlinkGenericNASTransport = emm(0x68)
  public static let uplinkGenericNASTransport = emm(0x69)

  // EPS session management, table 9.8.2
  public static let activateDefaultEPSBearerContextRequest = esm(0xC1)
  public static let activateDefaultEPSBearerContextAccept = esm(0xC2)
  public static let activateDefaultEPSBearerContextReject = esm(0xC3)
  public static let activateDedicatedEPSBearerContextRequest = esm(0xC5)
  public static let activateDedicatedEPSBearerContextAccept = esm(0xC6)
  public static let activateDedicatedEPSBearerContextReject = esm(0xC7)
  public static let modifyEPSBearerContextRequest = esm(0xC9)
  public static let modifyEPSBearerContextAccept = esm(0xCA)
  public static let modifyEPSBearerContextReject = esm(0xCB)
  public static let deactivateEPSBearerContextRequest = esm(0xCD)
  public static let deactivateEPSBearerContextAccept = esm(0xCE)
  public static let pdnConnectivityRequest = esm(0xD0)
  public static let pdnConnectivityReject = esm(0xD1)
  public static let pdnDisconnectRequest = esm(0xD2)
  public static let pdnDisconnectReject = esm(0xD3)
  public static let bearerResourceAllocationRequest = esm(0xD4)
  public static let bearerResourceAllocationReject = esm(0xD5)
  public static let bearerResourceModificationRequest = esm(0xD6)
  public static let bearerResourceModificationReject = esm(0xD7)
  public static let esmInformationRequest = esm(0xD9)
  public static let esmInformationResponse = esm(0xDA)
  public static let notification = esm(0xDB)
  public static let esmDummyMessage = esm(0xDC)
  public static let esmStatus = esm(0xE8)
  public static let remoteUEReport = esm(0xE9)
  public static let remoteUEReportResponse = esm(0xEA)
  public static let esmDataTransport = esm(0xEB)

  /// The specification's name, "ATTACH REQUEST", or "unknown EMM message 0x7F".
  public var name: String {
    switch (isESM, octet) {
    case (false, 0x41): "ATTACH REQUEST"
    case (false, 0x42): "ATTACH ACCEPT"
    case (false, 0x43): "ATTACH COMPLETE"
    case (false, 0x44): "ATTACH REJECT"
    case (false, 0x45): "DETACH REQUEST"
    case (false, 0x46): "DETACH ACCEPT"
    case (false, 0x48): "TRACKING AREA UPDATE REQUEST"
    case (false, 0x49): "TRACKING AREA UPDATE ACCEPT"
    case (false, 0x4A): "TRACKING AREA UPDATE COMPLETE"
    case (false, 0x4B): "TRACKING AREA UPDATE REJECT"
    case (false, 0x4C): "EXTENDED SERVICE REQUEST"
    case (false, 0x4D): "CONTROL PLANE SERVICE REQUEST"
    case (false, 0x4E): "SERVICE REJECT"
    case (false, 0x4F): "SERVICE ACCEPT"
    case (false, 0x50): "GUTI REALLOCATION COMMAND"
    case (false, 0x51): "GUTI REALLOCATION COMPLETE"
    case (false, 0x52): "AUTHENTICATION REQUEST"
    case (false, 0x53): "AUTHENTICATION RESPONSE"
    case (false, 0x54): "AUTHENTICATION REJECT"
    case (false, 0x5C): "AUTHENTICATION FAILURE"
    case (false, 0x55): "IDENTITY REQUEST"
    case (false, 0x56): "IDENTITY RESPONSE"
    case (false, 0x5D): "SECURITY MODE COMMAND"
    case (false, 0x5E): "SECURITY MODE COMPLETE"
    case (false, 0x5F): "SECURITY MODE REJECT"
    case (false, 0x60): "EMM STATUS"
    case (false, 0x61): "EMM INFORMATION"
    case (false, 0x62): "DOWNLINK NAS TRANSPORT"
    case (false, 0x63): "UPLINK NAS TRANSPORT"
    case (false, 0x64): "CS SERVICE NOTIFICATION"
    case (false, 0x68): "DOWNLINK GENERIC NAS TRANSPORT"
    case (false, 0x69): "UPLINK GENERIC NAS TRANSPORT"
    case (true, 0xC1): "ACTIVATE DEFAULT EPS BEARER CONTEXT REQUEST"
    case (true, 0xC2): "ACTIVATE DEFAULT EPS BEARER CONTEXT ACCEPT"
    case (true, 0xC3): "ACTIVATE DEFAULT EPS BEARER CONTEXT REJECT"
    case (true, 0xC5): "ACTIVATE DEDICATED EPS BEARER CONTEXT REQUEST"
    case (true, 0xC6): "ACTIVATE DEDICATED EPS BEARER CONTEXT ACCEPT"
    case (true, 0xC7): "ACTIVATE DEDICATED EPS BEARER CONTEXT REJECT"
    case (true, 0xC9): "MODIFY EPS BEARER CONTEXT REQUEST"
    case (true, 0xCA): "MODIFY EPS BEARER CONTEXT ACCEPT"
    case (true, 0xCB): "MODIFY EPS BEARER CONTEXT REJECT"
    case (true, 0xCD): "DEACTIVATE EPS BEARER CONTEXT REQUEST"
    case (true, 0xCE): "DEACTIVATE EPS BEARER CONTEXT ACCEPT"
    case (true, 0xD0): "PDN CONNECTIVITY REQUEST"
    case (true, 0xD1): "PDN CONNECTIVITY REJECT"
    case (true, 0xD2): "PDN DISCONNECT REQUEST"
    case (true, 0xD3): "PDN DISCONNECT REJECT"
    case (true, 0xD4): "BEARER RESOURCE ALLOCATION REQUEST"
    case (true, 0xD5): "BEARER RESOURCE ALLOCATION REJECT"
    case (true, 0xD6): "BEARER RESOURCE MODIFICATION REQUEST"
    case (true, 0xD7): "BEARER RESOURCE MODIFICATION REJECT"
    case (true, 0xD9): "ESM INFORMATION REQUEST"
    case (true, 0xDA): "ESM INFORMATION RESPONSE"
    case (true, 0xDB): "NOTIFICATION"
    case (true, 0xDC): "ESM DUMMY MESSAGE"
    case (true, 0xE8): "ESM STATUS"
    case (true, 0xE9): "REMOTE UE REPORT"
    case (true, 0xEA): "REMOTE UE REPORT RESPONSE"
    case (true, 0xEB): "ESM DATA TRANSPORT"
    case (false, _): "unknown EMM message 0x" + hexOctet(octet)
    case (true, _): "unknown ESM message 0x" + hexOctet(octet)
    }
  }
}
