import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// ESM messages that come on their own, not inside an EMM message (TS 24.301 §6, §7.3).
  mutating func receiveSessionManagement(
    _ message: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) throws(NASDecodingError) {
    switch message.type {
    case .esmInformationRequest: informationRequested(message, using: &engine, into: &outputs)
    case .esmStatus: outputs.append(.event(.status("ESM STATUS, cause \(try message[ESMStatus.esmCause])")))
    case .activateDefaultEPSBearerContextRequest:
      // The only one we asked for comes inside ATTACH ACCEPT (§7.3.1 g, h).
      let pti = message.procedureTransactionIdentity
      refuseDefaultBearer(message, (1...254).contains(pti) ? .ptiMismatch : .invalidPTIValue, using: &engine, into: &outputs)
    case .pdnConnectivityReject:
      // §7.3.1 a: no transaction of ours waits for it here.
      discard(.notCompatibleWithState("no PDN connectivity procedure waits for it"), message.type.name, into: &outputs)
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
    let transaction = request.procedureTransactionIdentity
    guard (1...254).contains(transaction) else {
      // §7.3.1 e: unassigned and reserved values are ignored.
      return discard(.notCompatibleWithState("procedure transaction identity \(transaction)"), request.type.name, into: &outputs)
    }
    guard case .registeredInitiated(let attempt) = machine, transaction == attempt.procedureTransactionIdentity,
      configuration.transfersESMInformationProtected
    else {
      return answer(request, with: .ptiMismatch, using: &engine, into: &outputs)
    }
    guard request.epsBearerIdentity == 0 else {
      // §7.3.2 e.
      return answer(request, with: .invalidEPSBearerIdentity, using: &engine, into: &outputs)
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

  private mutating func refuseDefaultBearer(
    _ request: NASMessage, _ cause: ESMCause, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    discard(.notCompatibleWithState("answered with a reject, cause \(cause)"), request.type.name, into: &outputs)
    var reject = NASMessage(
      .activateDefaultEPSBearerContextReject, procedureTransactionIdentity: 0, epsBearerIdentity: request.epsBearerIdentity)
    reject.set(ActivateDefaultEPSBearerContextReject.esmCause, cause)
    send(reject.encoded(), using: &engine, into: &outputs)
  }

  /// §7.5.1, §7.5.3: a mandatory element is wrong.
  ///
  /// - Parameter octets: at least the three of an ESM header.
  mutating func answerUnreadableSessionManagement(
    _ octets: [UInt8], using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    let isDefaultBearer = octets[2] == NASMessageType.activateDefaultEPSBearerContextRequest.octet
    var answer = NASMessage(
      isDefaultBearer ? .activateDefaultEPSBearerContextReject : .esmStatus, procedureTransactionIdentity: isDefaultBearer ? 0 : octets[1],
      epsBearerIdentity: octets[0] >> 4)
    if isDefaultBearer {
      answer.set(ActivateDefaultEPSBearerContextReject.esmCause, .invalidMandatoryInformation)
    } else if octets[2] == NASMessageType.esmStatus.octet {
      // A status is not answered with a status.
      return
    } else {
      answer.set(ESMStatus.esmCause, .invalidMandatoryInformation)
    }
    send(answer.encoded(), using: &engine, into: &outputs)
  }

  /// The bearers there are.
  var activeBearerIdentities: Set<UInt8> { Set(bearers.map(\.epsBearerIdentity)) }

  /// An EPS bearer context status: what the network does not have goes, without signalling (§5.5.3.2.4).
  mutating func keepBearers(_ active: Set<UInt8>) {
    bearers.removeAll { !active.contains($0.epsBearerIdentity) }
  }

  /// The next procedure transaction identity: 1 ... 254 (§9.4, TS 24.007 §11.2.3.1a).
  mutating func newProcedureTransactionIdentity() -> UInt8 {
    defer { nextProcedureTransactionIdentity = nextProcedureTransactionIdentity == 254 ? 1 : nextProcedureTransactionIdentity + 1 }
    return nextProcedureTransactionIdentity
  }
}
