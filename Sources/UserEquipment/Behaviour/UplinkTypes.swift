import NASMessages

extension NASMessage {
  /// Defined for messages of the network: "not defined for the PD in the given direction" is as good as not defined (TS 24.301
  /// §7.4 NOTE).
  var isDefinedDownlink: Bool { isKnown && !type.isOfTheUEAlone }
}

extension NASMessageType {
  /// Only a UE sends it (TS 24.301 Tables 9.8.1 and 9.8.2 with §8.2 and §8.3). DETACH REQUEST is two types.
  var isOfTheUEAlone: Bool {
    switch self {
    case .attachRequest, .attachComplete, .trackingAreaUpdateRequest, .trackingAreaUpdateComplete, .extendedServiceRequest,
      .controlPlaneServiceRequest, .gutiReallocationComplete, .authenticationResponse, .authenticationFailure, .identityResponse,
      .securityModeComplete, .securityModeReject, .uplinkNASTransport, .uplinkGenericNASTransport,
      .activateDefaultEPSBearerContextAccept, .activateDefaultEPSBearerContextReject, .activateDedicatedEPSBearerContextAccept,
      .activateDedicatedEPSBearerContextReject, .modifyEPSBearerContextAccept, .modifyEPSBearerContextReject,
      .deactivateEPSBearerContextAccept, .pdnConnectivityRequest, .pdnDisconnectRequest, .bearerResourceAllocationRequest,
      .bearerResourceModificationRequest, .esmInformationResponse, .remoteUEReport:
      true
    default: false
    }
  }
}
