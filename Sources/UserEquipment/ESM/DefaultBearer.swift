import NASMessages

/// A PDN connection's default EPS bearer context as the UE holds it (TS 24.301 §6.4.1).
public struct DefaultBearer: Sendable, Equatable {
  public let epsBearerIdentity: UInt8
  public let accessPointName: AccessPointName
  public let address: PDNAddress
  public let qos: EPSQoS

  init(_ request: NASMessage) throws(NASDecodingError) {
    epsBearerIdentity = request.epsBearerIdentity
    accessPointName = try request[ActivateDefaultEPSBearerContextRequest.accessPointName]
    address = try request[ActivateDefaultEPSBearerContextRequest.pdnAddress]
    qos = try request[ActivateDefaultEPSBearerContextRequest.epsQoS]
  }

  /// The answer: the bearer's identity, and PTI 0 (§8.3.4, §7.3.1).
  var activationAccept: NASMessage {
    NASMessage(.activateDefaultEPSBearerContextAccept, procedureTransactionIdentity: 0, epsBearerIdentity: epsBearerIdentity)
  }
}
