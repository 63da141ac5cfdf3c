import NASCrypto
import NASMessages
import NASSecurity

/// Genuine ESM messages that nothing can be made of (TS 24.301 §7.4, §7.5.1, §7.5.3).
extension MME {
  /// A mandatory element is wrong, or one asks for comprehension: a request is answered with its own reject #96, all else with ESM STATUS
  /// #96; §7.3 comes before.
  ///
  /// - Returns: whether the octets are an ESM message with a header that can be read.
  mutating func answerUnreadableSession(_ octets: some Collection<UInt8>, on id: UInt32, using engine: inout CryptoEngine) -> Bool {
    guard let request = NASMessage(headerOfSession: octets) else { return false }
    let hasReject =
      switch request.type {
      case .pdnConnectivityRequest, .pdnDisconnectRequest, .bearerResourceAllocationRequest, .bearerResourceModificationRequest: true
      default: false
      }
    guard let index = connections[id]?.subject.verified else { return true }
    if hasReject {
      guard let transaction = transaction(of: request, on: id, using: &engine) else { return true }
      send(rejection(of: request.type, transaction, .invalidMandatoryInformation), on: id, using: &engine)
    } else if request.type != .esmStatus, request.epsBearerIdentity == 0 || ues[index].bearer(request.epsBearerIdentity) != nil {
      // §7.3.2 g: with a bearer that there is not, it is ignored. A status is not answered with a status.
      sendSessionStatus(.invalidMandatoryInformation, about: request, on: id, using: &engine)
    }
    return true
  }

  mutating func sendSessionStatus(_ cause: ESMCause, about message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    var status = NASMessage(
      .esmStatus, procedureTransactionIdentity: message.procedureTransactionIdentity, epsBearerIdentity: message.epsBearerIdentity)
    status.set(ESMStatus.esmCause, cause)
    send(status, on: id, using: &engine)
  }

  /// ESM DATA TRANSPORT: §7.3.2 f where there is no such bearer.
  mutating func esmDataTransport(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let index = connections[id]?.subject.verified, ues[index].bearer(message.epsBearerIdentity) != nil else {
      drop(.notCompatibleWithState("\(message.type.name) for bearer \(message.epsBearerIdentity), which there is not"), on: id)
      return sendSessionStatus(.invalidEPSBearerIdentity, about: message, on: id, using: &engine)
    }
    reportProcedure("control plane: \(message.type.name) for EPS bearer \(message.epsBearerIdentity)", on: id)
  }
}

extension NASMessage {
  /// The header alone of an ESM message; nil where the octets have none.
  init?(headerOfSession octets: some Collection<UInt8>) {
    let header = Array(octets.prefix(3))
    guard header.count == 3, header[0] & 0x0F == ProtocolDiscriminator.epsSessionManagement.rawValue else { return nil }
    self.init(.esm(header[2]), procedureTransactionIdentity: header[1], epsBearerIdentity: header[0] >> 4)
  }
}
