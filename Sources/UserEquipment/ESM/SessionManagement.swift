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
      // The one of the attach comes inside ATTACH ACCEPT; here answers those of additional PDN connections.
      defaultBearerRequested(message, using: &engine, into: &outputs)
    case .activateDedicatedEPSBearerContextRequest: try dedicatedBearerRequested(message, using: &engine, into: &outputs)
    case .modifyEPSBearerContextRequest: modificationRequested(message, using: &engine, into: &outputs)
    case .deactivateEPSBearerContextRequest: try deactivationRequested(message, using: &engine, into: &outputs)
    case .pdnConnectivityReject:
      sessionRejected(
        message, cause: try message[PDNConnectivityReject.esmCause], backOff: try? message[PDNConnectivityReject.backOffTimerValue],
        isAnswer: { if case .connect = $0 { true } else { false } }, into: &outputs)
    case .pdnDisconnectReject:
      sessionRejected(
        message, cause: try message[PDNDisconnectReject.esmCause],
        isAnswer: { if case .disconnect = $0 { true } else { false } }, into: &outputs)
    case .bearerResourceAllocationReject:
      sessionRejected(
        message, cause: try message[BearerResourceAllocationReject.esmCause],
        backOff: try? message[BearerResourceAllocationReject.backOffTimerValue],
        isAnswer: { if case .allocate = $0 { true } else { false } }, into: &outputs)
    case .bearerResourceModificationReject:
      sessionRejected(
        message, cause: try message[BearerResourceModificationReject.esmCause],
        backOff: try? message[BearerResourceModificationReject.backOffTimerValue],
        isAnswer: { if case .modify = $0 { true } else { false } }, into: &outputs)
    case .notification: notified(message, using: &engine, into: &outputs)
    default:
      answer(
        message,
        with: message.type.isImplementedByUE ? .messageTypeNotCompatibleWithTheProtocolState : .messageTypeNonExistentOrNotImplemented,
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
    guard case .registeredInitiated(var attempt) = machine, transaction == attempt.procedureTransactionIdentity,
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
    attempt.accessPointName = configuration.accessPointName
    machine = .registeredInitiated(attempt)
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

  /// §6.6.2, §7.3.1 f, §7.3.2 f: for the user; nothing is answered but what is wrong in the header.
  private mutating func notified(_ notification: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    let transaction = notification.procedureTransactionIdentity
    let bearer = notification.epsBearerIdentity
    switch transaction {
    case 255: answer(notification, with: .invalidPTIValue, using: &engine, into: &outputs)
    case 1...254 where !sessions.transactions.contains { $0.identity == transaction }:
      answer(notification, with: .ptiMismatch, using: &engine, into: &outputs)
    default:
      guard bearer == 0 ? transaction != 0 : activeBearerIdentities.contains(bearer) else {
        return answer(notification, with: .invalidEPSBearerIdentity, using: &engine, into: &outputs)
      }
      outputs.append(.event(.status("ESM NOTIFICATION")))
    }
  }

  /// §7.5.1, §7.5.3: a mandatory element is wrong; §7.4: of a message that is not implemented.
  ///
  /// - Parameter octets: at least the three of an ESM header.
  mutating func answerUnreadableSessionManagement(
    _ octets: [UInt8], _ type: NASMessageType, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    let isDefaultBearer = type == .activateDefaultEPSBearerContextRequest
    var answer = NASMessage(
      isDefaultBearer ? .activateDefaultEPSBearerContextReject : .esmStatus, procedureTransactionIdentity: isDefaultBearer ? 0 : octets[1],
      epsBearerIdentity: octets[0] >> 4)
    if isDefaultBearer {
      answer.set(ActivateDefaultEPSBearerContextReject.esmCause, .invalidMandatoryInformation)
    } else if type == .esmStatus {
      // A status is not answered with a status.
      return
    } else {
      answer.set(ESMStatus.esmCause, type.isImplementedByUE ? .invalidMandatoryInformation : .messageTypeNonExistentOrNotImplemented)
    }
    send(answer.encoded(), using: &engine, into: &outputs)
  }

  /// The bearers there are.
  var activeBearerIdentities: Set<UInt8> {
    Set(bearers.map(\.epsBearerIdentity) + dedicatedBearers.map(\.epsBearerIdentity))
  }

  /// An EPS bearer context status: what the network does not have goes, without signalling (§5.5.3.2.4).
  mutating func keepBearers(_ active: Set<UInt8>) {
    for bearer in bearers where !active.contains(bearer.epsBearerIdentity) { removeConnection(bearer.epsBearerIdentity) }
    dedicatedBearers.removeAll { !active.contains($0.epsBearerIdentity) }
  }

  /// The next procedure transaction identity: 1 ... 254 (§9.4, TS 24.007 §11.2.3.1a).
  mutating func newProcedureTransactionIdentity() -> UInt8 {
    while sessions.transactions.contains(where: { $0.identity == nextProcedureTransactionIdentity }) { stepProcedureTransactionIdentity() }
    defer { stepProcedureTransactionIdentity() }
    return nextProcedureTransactionIdentity
  }

  private mutating func stepProcedureTransactionIdentity() {
    nextProcedureTransactionIdentity = nextProcedureTransactionIdentity == 254 ? 1 : nextProcedureTransactionIdentity + 1
  }
}
