import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// ESM messages that come on their own, not inside an EMM message (TS 24.301 §6).
  mutating func receiveSessionManagement(
    _ message: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) throws(NASDecodingError) {
    switch message.type {
    case .esmInformationRequest: informationRequested(message, using: &engine, into: &outputs)
    case .esmStatus: outputs.append(.event(.status("ESM STATUS, cause \(try message[ESMStatus.esmCause])")))
    default:
      answer(
        message, with: message.isKnown ? .messageTypeNotCompatibleWithTheProtocolState : .messageTypeNonExistentOrNotImplemented,
        using: &engine, into: &outputs)
    }
  }

  /// §6.6.1.2: what was held back until it could be ciphered.
  private mutating func informationRequested(
    _ request: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard case .registeredInitiated(let attempt) = machine,
      request.procedureTransactionIdentity == attempt.procedureTransactionIdentity
    else {
      return answer(request, with: .ptiMismatch, using: &engine, into: &outputs)
    }
    var response = NASMessage(
      .esmInformationResponse, procedureTransactionIdentity: request.procedureTransactionIdentity, epsBearerIdentity: 0)
    if let name = configuration.accessPointName { response.set(ESMInformationResponse.accessPointName, name) }
    send(response.encoded(), using: &engine, into: &outputs)
  }

  /// ESM STATUS (§6.7, §7.3).
  private mutating func answer(
    _ message: NASMessage, with cause: ESMCause, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    discard(.notCompatibleWithState("answered with ESM STATUS, cause \(cause)"), message.type.name, into: &outputs)
    var status = NASMessage(
      .esmStatus, procedureTransactionIdentity: message.procedureTransactionIdentity, epsBearerIdentity: message.epsBearerIdentity)
    status.set(ESMStatus.esmCause, cause)
    send(status.encoded(), using: &engine, into: &outputs)
  }

  /// The next procedure transaction identity: 1 ... 254 (§9.4, TS 24.007 §11.2.3.1a).
  mutating func newProcedureTransactionIdentity() -> UInt8 {
    defer { nextProcedureTransactionIdentity = nextProcedureTransactionIdentity == 254 ? 1 : nextProcedureTransactionIdentity + 1 }
    return nextProcedureTransactionIdentity
  }
}
