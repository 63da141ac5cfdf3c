/// EMM or ESM, TS 24.301 §9.2.
public struct ProtocolDiscriminator: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue & 0x0F }
  /// EPS session management messages.
  @inlinable public static var epsSessionManagement: ProtocolDiscriminator { ProtocolDiscriminator(rawValue: 0x2) }
  /// EPS mobility management messages.
  @inlinable public static var epsMobilityManagement: ProtocolDiscriminator { ProtocolDiscriminator(rawValue: 0x7) }
}

/// Which message: protocol discriminator and message type octet, TS 24.301 §9.8 (Rel-16).
///
/// Unknown octets are kept. DETACH REQUEST is two messages with one octet (§8.2.11.1 and .2), so it has two values here.
public struct NASMessageType: Hashable, Sendable, CustomStringConvertible {
  // One word, so that two types are compared at once: the octet in bits 0 to 7, the protocol discriminator in 8 to 11, and
  // bit 12 for the DETACH REQUEST of the network.
  @usableFromInline let word: UInt16

  @inlinable
  init(_ protocolDiscriminator: ProtocolDiscriminator, _ octet: UInt8, networkVariant: Bool = false) {
    word = UInt16(octet) | UInt16(protocolDiscriminator.rawValue) << 8 | (networkVariant ? 0x1000 : 0)
  }

  /// EMM or ESM.
  @inlinable public var protocolDiscriminator: ProtocolDiscriminator {
    ProtocolDiscriminator(rawValue: UInt8(truncatingIfNeeded: word >> 8))
  }
  /// The message type octet.
  @inlinable public var octet: UInt8 { UInt8(truncatingIfNeeded: word) }
  /// Set only for the DETACH REQUEST that the network sends.
  @inlinable public var isNetworkVariant: Bool { word & 0x1000 != 0 }

  /// An EMM message by its type octet; 0x45 gives the DETACH REQUEST of the UE.
  @inlinable public static func emm(_ octet: UInt8) -> NASMessageType { NASMessageType(.epsMobilityManagement, octet) }
  /// An ESM message by its type octet.
  @inlinable public static func esm(_ octet: UInt8) -> NASMessageType { NASMessageType(.epsSessionManagement, octet) }

  /// Whether it is an ESM message; else it is an EMM message.
  @inlinable public var isESM: Bool { protocolDiscriminator == .epsSessionManagement }

  /// Octets before the first element of the table: 2 (EMM), or 3 (ESM, which has a procedure transaction identity).
  @inlinable var headerLength: Int { isESM ? 3 : 2 }

  public var description: String { name }
}

extension NASMessageType {
  // EPS mobility management, table 9.8.1
  @inlinable public static var attachRequest: NASMessageType { .emm(0x41) }
  @inlinable public static var attachAccept: NASMessageType { .emm(0x42) }
  @inlinable public static var attachComplete: NASMessageType { .emm(0x43) }
  @inlinable public static var attachReject: NASMessageType { .emm(0x44) }
  /// DETACH REQUEST, UE originating detach (§8.2.11.1).
  @inlinable public static var detachRequestFromUE: NASMessageType { .emm(0x45) }
  /// DETACH REQUEST, UE terminated detach (§8.2.11.2).
  @inlinable public static var detachRequestFromNetwork: NASMessageType {
    NASMessageType(.epsMobilityManagement, 0x45, networkVariant: true)
  }
  @inlinable public static var detachAccept: NASMessageType { .emm(0x46) }
  @inlinable public static var trackingAreaUpdateRequest: NASMessageType { .emm(0x48) }
  @inlinable public static var trackingAreaUpdateAccept: NASMessageType { .emm(0x49) }
  @inlinable public static var trackingAreaUpdateComplete: NASMessageType { .emm(0x4A) }
  @inlinable public static var trackingAreaUpdateReject: NASMessageType { .emm(0x4B) }
  @inlinable public static var extendedServiceRequest: NASMessageType { .emm(0x4C) }
  @inlinable public static var controlPlaneServiceRequest: NASMessageType { .emm(0x4D) }
  @inlinable public static var serviceReject: NASMessageType { .emm(0x4E) }
  @inlinable public static var serviceAccept: NASMessageType { .emm(0x4F) }
  @inlinable public static var gutiReallocationCommand: NASMessageType { .emm(0x50) }
  @inlinable public static var gutiReallocationComplete: NASMessageType { .emm(0x51) }
  @inlinable public static var authenticationRequest: NASMessageType { .emm(0x52) }
  @inlinable public static var authenticationResponse: NASMessageType { .emm(0x53) }
  @inlinable public static var authenticationReject: NASMessageType { .emm(0x54) }
  @inlinable public static var authenticationFailure: NASMessageType { .emm(0x5C) }
  @inlinable public static var identityRequest: NASMessageType { .emm(0x55) }
  @inlinable public static var identityResponse: NASMessageType { .emm(0x56) }
  @inlinable public static var securityModeCommand: NASMessageType { .emm(0x5D) }
  @inlinable public static var securityModeComplete: NASMessageType { .emm(0x5E) }
  @inlinable public static var securityModeReject: NASMessageType { .emm(0x5F) }
  @inlinable public static var emmStatus: NASMessageType { .emm(0x60) }
  @inlinable public static var emmInformation: NASMessageType { .emm(0x61) }
  @inlinable public static var downlinkNASTransport: NASMessageType { .emm(0x62) }
  @inlinable public static var uplinkNASTransport: NASMessageType { .emm(0x63) }
  @inlinable public static var csServiceNotification: NASMessageType { .emm(0x64) }
  @inlinable public static var downlinkGenericNASTransport: NASMessageType { .emm(0x68) }
  @inlinable public static var uplinkGenericNASTransport: NASMessageType { .emm(0x69) }

  // EPS session management, table 9.8.2
  @inlinable public static var activateDefaultEPSBearerContextRequest: NASMessageType { .esm(0xC1) }
  @inlinable public static var activateDefaultEPSBearerContextAccept: NASMessageType { .esm(0xC2) }
  @inlinable public static var activateDefaultEPSBearerContextReject: NASMessageType { .esm(0xC3) }
  @inlinable public static var activateDedicatedEPSBearerContextRequest: NASMessageType { .esm(0xC5) }
  @inlinable public static var activateDedicatedEPSBearerContextAccept: NASMessageType { .esm(0xC6) }
  @inlinable public static var activateDedicatedEPSBearerContextReject: NASMessageType { .esm(0xC7) }
  @inlinable public static var modifyEPSBearerContextRequest: NASMessageType { .esm(0xC9) }
  @inlinable public static var modifyEPSBearerContextAccept: NASMessageType { .esm(0xCA) }
  @inlinable public static var modifyEPSBearerContextReject: NASMessageType { .esm(0xCB) }
  @inlinable public static var deactivateEPSBearerContextRequest: NASMessageType { .esm(0xCD) }
  @inlinable public static var deactivateEPSBearerContextAccept: NASMessageType { .esm(0xCE) }
  @inlinable public static var pdnConnectivityRequest: NASMessageType { .esm(0xD0) }
  @inlinable public static var pdnConnectivityReject: NASMessageType { .esm(0xD1) }
  @inlinable public static var pdnDisconnectRequest: NASMessageType { .esm(0xD2) }
  @inlinable public static var pdnDisconnectReject: NASMessageType { .esm(0xD3) }
  @inlinable public static var bearerResourceAllocationRequest: NASMessageType { .esm(0xD4) }
  @inlinable public static var bearerResourceAllocationReject: NASMessageType { .esm(0xD5) }
  @inlinable public static var bearerResourceModificationRequest: NASMessageType { .esm(0xD6) }
  @inlinable public static var bearerResourceModificationReject: NASMessageType { .esm(0xD7) }
  @inlinable public static var esmInformationRequest: NASMessageType { .esm(0xD9) }
  @inlinable public static var esmInformationResponse: NASMessageType { .esm(0xDA) }
  @inlinable public static var notification: NASMessageType { .esm(0xDB) }
  @inlinable public static var esmDummyMessage: NASMessageType { .esm(0xDC) }
  @inlinable public static var esmStatus: NASMessageType { .esm(0xE8) }
  @inlinable public static var remoteUEReport: NASMessageType { .esm(0xE9) }
  @inlinable public static var remoteUEReportResponse: NASMessageType { .esm(0xEA) }
  @inlinable public static var esmDataTransport: NASMessageType { .esm(0xEB) }

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
