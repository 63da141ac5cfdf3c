import NASCrypto
import NASMessages
import NASSecurity

/// What the UE asks for in the PDN CONNECTIVITY REQUEST of its attach (TS 24.301 §6.5.1), and the answers to it.
struct PDNConnectivity: Sendable {
  /// PTI of the request, echoed in every answer; 0 where the container could not be read.
  let transaction: UInt8
  let pdnType: PDNType?
  /// ESM information transfer flag is set and not served yet.
  var needsInformation: Bool
  var accessPointName: AccessPointName?
  /// Emergency bearer services are asked for, and with them the access point that the MME has for them (§6.5.1.3).
  var isForEmergency = false
  /// The container was not a PDN CONNECTIVITY REQUEST, or not a readable one: which ESM cause says so.
  private let fault: ESMCause?

  init(_ container: ESMMessageContainer) {
    guard let message = try? container.message(), message.type == .pdnConnectivityRequest,
      let type = try? message[PDNConnectivityRequest.pdnType]
    else {
      let header = NASMessage(headerOfSession: container.octets)
      transaction = header?.procedureTransactionIdentity ?? 0
      pdnType = nil
      needsInformation = false
      // §7.5.3 a.
      fault = header?.type == .pdnConnectivityRequest ? .invalidMandatoryInformation : .protocolErrorUnspecified
      return
    }
    transaction = message.procedureTransactionIdentity
    pdnType = type
    needsInformation = (try? message[PDNConnectivityRequest.esmInformationTransferFlag]) == .required
    accessPointName = Self.usable(try? message[PDNConnectivityRequest.accessPointName])
    isForEmergency = (try? message[PDNConnectivityRequest.requestType]) == .emergency
    fault = nil
  }

  /// An APN that can be sent back: the wire allows 100 octets (TS 24.301 §9.9.4.1).
  static func usable(_ name: AccessPointName?) -> AccessPointName? {
    guard let name, !name.labels.isEmpty, name.labels.reduce(0, { $0 + $1.count + 1 }) <= 100 else { return nil }
    return name
  }

  /// Why there will be no connection; nil if there will be one.
  var refusal: ESMCause? {
    if let fault { return fault }
    switch pdnType {
    case .some(.ipv4), .some(.ipv6), .some(.ipv4v6): return nil
    default: return .unknownPDNType
    }
  }

  func reject(_ cause: ESMCause) -> NASMessage {
    var message = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: transaction)
    message.set(PDNConnectivityReject.esmCause, cause)
    return message
  }

  /// ACTIVATE DEFAULT EPS BEARER CONTEXT REQUEST.
  func activation(of bearer: Bearer, _ configuration: MMEConfiguration) -> NASMessage {
    var message = NASMessage(
      .activateDefaultEPSBearerContextRequest, procedureTransactionIdentity: transaction, epsBearerIdentity: bearer.identity)
    message.set(ActivateDefaultEPSBearerContextRequest.epsQoS, EPSQoS(qci: bearer.qci))
    if case .standard(let accessPointName, let address) = bearer.kind {
      message.set(ActivateDefaultEPSBearerContextRequest.accessPointName, accessPointName)
      message.set(ActivateDefaultEPSBearerContextRequest.pdnAddress, address)
    }
    if pdnType == .ipv4v6 {
      // Both were asked for and one is given: say which kind is possible (§6.5.1.3).
      message.set(ActivateDefaultEPSBearerContextRequest.esmCause, .pdnTypeIPv4OnlyAllowed)
    }
    return message
  }
}

extension MME {
  /// The bearer of a UE: address and tunnel endpoint follow from its place among the subscribers.
  ///
  /// - Parameter connectivity: what the UE asked for; nil where nobody said.
  func defaultBearer(for index: Int, _ connectivity: PDNConnectivity?, identity: UInt8 = Bearer.identities.lowerBound) -> Bearer {
    // A UE's further PDN connections take addresses from the other end.
    let place = identity == Bearer.identities.lowerBound ? index + 2 : 0xFFFE - (index * 10 + Int(identity))
    let host = UInt32(truncatingIfNeeded: place) & 0xFFFF
    let prefix = UInt32(configuration.addressPrefix) << 16
    let address: PDNAddress = connectivity?.pdnType == .ipv6 ? .ipv6(UInt64(host)) : .ipv4(prefix | host)
    return Bearer(
      identity: identity,
      kind: .standard(accessPointName: accessPoint(of: connectivity), address: address),
      qci: configuration.defaultQCI, tunnelEndpoint: tunnelEndpoint(for: index, identity))
  }

  /// The access point of a connection: what the UE asked for, or what the MME is configured with for those that ask for none.
  func accessPoint(of connectivity: PDNConnectivity?) -> AccessPointName {
    if connectivity?.isForEmergency == true { return configuration.emergencyAccessPointName }
    return connectivity?.accessPointName ?? configuration.defaultAccessPointName
  }

  /// One for each bearer of each UE.
  func tunnelEndpoint(for index: Int, _ identity: UInt8) -> UInt32 {
    UInt32(truncatingIfNeeded: index + 1) | UInt32(identity - Bearer.identities.lowerBound) << 28
  }
}
