import NASMessages

extension NASMessageType {
  /// Whether the UE implements the message as one from the network. All other types, those that only UEs send among them (TS 24.301 §7.4,
  /// NOTE), are "non-existent or not implemented", whatever their contents and the state: cause #97 and not #98 or #96.
  var isImplementedByUE: Bool {
    switch self {
    case .attachAccept, .attachReject, .detachAccept, .detachRequestFromNetwork, .trackingAreaUpdateAccept, .trackingAreaUpdateReject,
      .serviceAccept, .serviceReject, .gutiReallocationCommand, .authenticationRequest, .authenticationReject, .identityRequest,
      .securityModeCommand, .emmStatus, .emmInformation, .csServiceNotification:
      true
    case .activateDefaultEPSBearerContextRequest, .activateDedicatedEPSBearerContextRequest, .modifyEPSBearerContextRequest,
      .deactivateEPSBearerContextRequest, .pdnConnectivityReject, .pdnDisconnectReject, .bearerResourceAllocationReject,
      .bearerResourceModificationReject, .esmInformationRequest, .notification, .esmStatus, .esmDataTransport,
      // Inside ATTACH ACCEPT.
      .esmDummyMessage:
      true
    default: false
    }
  }

  /// The type that the octets of a downlink message name, if they are long enough to name one.
  static func ofDownlink(_ octets: [UInt8]) -> NASMessageType? {
    guard let first = octets.first else { return nil }
    switch ProtocolDiscriminator(rawValue: first) {
    case .epsMobilityManagement:
      guard octets.count >= 2 else { return nil }
      return octets[1] == NASMessageType.detachRequestFromNetwork.octet ? .detachRequestFromNetwork : .emm(octets[1])
    case .epsSessionManagement: return octets.count >= 3 ? .esm(octets[2]) : nil
    default: return nil
    }
  }
}
