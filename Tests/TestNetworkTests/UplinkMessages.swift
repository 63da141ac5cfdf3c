import NASCrypto
import NASMessages
import NASSecurity

@testable import TestNetwork

extension ScriptedUE {
  /// One well-formed message of every type that a UE sends, but SERVICE REQUEST, which is none of these.
  func everyUplinkMessage() -> [NASMessage] {
    var extended = NASMessage(.extendedServiceRequest)
    extended.set(ExtendedServiceRequest.serviceType, .packetServicesViaS1)
    extended.set(ExtendedServiceRequest.nasKeySetIdentifier, contexts.eKSI)
    extended.set(ExtendedServiceRequest.mTMSI, .tmsi(guti?.mTMSI ?? 0))
    var controlPlane = NASMessage(.controlPlaneServiceRequest)
    controlPlane.set(ControlPlaneServiceRequest.controlPlaneServiceType, .mobileOriginatingRequest)
    controlPlane.set(ControlPlaneServiceRequest.nasKeySetIdentifier, contexts.eKSI)
    var identity = NASMessage(.identityResponse)
    identity.set(IdentityResponse.mobileIdentity, .imsi(credentials.imsi))
    var reject = NASMessage(.securityModeReject)
    reject.set(SecurityModeReject.emmCause, .ueSecurityCapabilitiesMismatch)
    var status = NASMessage(.emmStatus)
    status.set(EMMStatus.emmCause, .protocolErrorUnspecified)
    var connectivity = NASMessage(.pdnConnectivityRequest, procedureTransactionIdentity: 9)
    connectivity.set(PDNConnectivityRequest.requestType, .initialRequest)
    connectivity.set(PDNConnectivityRequest.pdnType, .ipv4)
    var disconnect = NASMessage(.pdnDisconnectRequest, procedureTransactionIdentity: 10)
    disconnect.set(PDNDisconnectRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: 5))
    var data = NASMessage(.esmDataTransport, epsBearerIdentity: 5)
    data.set(ESMDataTransport.userDataContainer, UserDataContainer([1, 2, 3]))
    var esmStatus = NASMessage(.esmStatus)
    esmStatus.set(ESMStatus.esmCause, ESMCause(rawValue: 111))
    return [
      attachRequest(), Self.attachComplete(), detachRequest(), detachRequest(switchOff: true), NASMessage(.detachAccept), updateRequest(),
      NASMessage(.trackingAreaUpdateComplete), extended, controlPlane, identity, Self.wrongResponse(), Self.failure(.macFailure),
      Self.failure(.synchFailure, auts: [UInt8](repeating: 3, count: 14)), NASMessage(.securityModeComplete), reject,
      NASMessage(.gutiReallocationComplete), status, connectivity, disconnect, data, esmStatus,
      NASMessage(.esmInformationResponse, procedureTransactionIdentity: 3),
      NASMessage(.activateDedicatedEPSBearerContextAccept, epsBearerIdentity: 6),
      NASMessage(.modifyEPSBearerContextAccept, epsBearerIdentity: 5), NASMessage(.deactivateEPSBearerContextAccept, epsBearerIdentity: 5),
    ]
  }
}
