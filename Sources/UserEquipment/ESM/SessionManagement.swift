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
    case .esmStatus: statusReceived(message, cause: try message[ESMStatus.esmCause], into: &outputs)
    case .esmDataTransport: dataReceived(message, using: &engine, into: &outputs)
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
      let transaction = message.procedureTransactionIdentity
      if transaction != 0, !sessions.transactions.contains(where: { $0.identity == transaction }) {
        // §7.3.1 n, before §7.4: unassigned, reserved, or of no transaction of ours.
        return discard(.notCompatibleWithState("procedure transaction identity \(transaction)"), message.type.name, into: &outputs)
      }
      answer(
        message,
        with: message.type.isImplementedByUE ? .messageTypeNotCompatibleWithTheProtocolState : .messageTypeNonExistentOrNotImplemented,
        using: &engine, into: &outputs)
    }
  }

  /// §6.7.
  private mutating func statusReceived(_ status: NASMessage, cause: ESMCause, into outputs: inout [Output]) {
    outputs.append(.event(.status("ESM STATUS, cause \(cause)")))
    let identity = status.procedureTransactionIdentity
    let bearer = status.epsBearerIdentity
    let isOfBearer: (SessionTransaction) -> Bool = { bearer != 0 && $0.request.bearer == bearer }
    let isOfTransaction: (SessionTransaction) -> Bool = { identity != 0 && $0.identity == identity }
    switch cause {
    case .invalidEPSBearerIdentity:
      abortTransactions(where: isOfBearer, cause, into: &outputs)
      guard activeBearerIdentities.contains(bearer) else { return }
      removeConnection(bearer)
      dedicatedBearers.removeAll { $0.epsBearerIdentity == bearer }
      outputs.append(.event(.bearerDeactivated(bearer, cause)))
    case .invalidPTIValue: abortTransactions(where: isOfTransaction, cause, into: &outputs)
    case .messageTypeNonExistentOrNotImplemented:
      abortTransactions(where: { isOfTransaction($0) || isOfBearer($0) }, cause, into: &outputs)
    default: return
    }
  }

  private mutating func abortTransactions(
    where isConcerned: (SessionTransaction) -> Bool, _ cause: ESMCause, into outputs: inout [Output]
  ) {
    for transaction in sessions.transactions where isConcerned(transaction) {
      _ = endTransaction(transaction.identity, into: &outputs)
      outputs.append(.event(.sessionFailed(transaction.request, cause)))
    }
  }

  /// §6.6.4, §7.3.1 n, §7.3.2 k: data over the control plane, for the user.
  private mutating func dataReceived(_ message: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard message.procedureTransactionIdentity == 0 else {
      return discard(
        .notCompatibleWithState("procedure transaction identity \(message.procedureTransactionIdentity)"), message.type.name,
        into: &outputs)
    }
    guard activeBearerIdentities.contains(message.epsBearerIdentity) else {
      return answer(message, with: .invalidEPSBearerIdentity, using: &engine, into: &outputs)
    }
    outputs.append(.event(.dataReceived(message.epsBearerIdentity)))
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

  /// §7.5.1, §7.5.3: a mandatory element is wrong.
  ///
  /// - Parameter octets: at least the three of an ESM header.
  mutating func answerUnreadableSessionManagement(
    _ octets: [UInt8], _ type: NASMessageType, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    let bearer = octets[0] >> 4
    var answer: NASMessage
    switch octets[2] {
    case NASMessageType.activateDefaultEPSBearerContextRequest.octet:
      answer = NASMessage(.activateDefaultEPSBearerContextReject, procedureTransactionIdentity: 0, epsBearerIdentity: bearer)
      answer.set(ActivateDefaultEPSBearerContextReject.esmCause, .invalidMandatoryInformation)
    case NASMessageType.activateDedicatedEPSBearerContextRequest.octet:
      answer = NASMessage(.activateDedicatedEPSBearerContextReject, procedureTransactionIdentity: 0, epsBearerIdentity: bearer)
      answer.set(ActivateDedicatedEPSBearerContextReject.esmCause, .invalidMandatoryInformation)
    case NASMessageType.modifyEPSBearerContextRequest.octet:
      answer = NASMessage(.modifyEPSBearerContextReject, procedureTransactionIdentity: 0, epsBearerIdentity: bearer)
      answer.set(ModifyEPSBearerContextReject.esmCause, .invalidMandatoryInformation)
    case NASMessageType.deactivateEPSBearerContextRequest.octet:
      // Whatever was wrong with it, the bearer goes.
      if activeBearerIdentities.contains(bearer) {
        removeConnection(bearer)
        dedicatedBearers.removeAll { $0.epsBearerIdentity == bearer }
        outputs.append(.event(.bearerDeactivated(bearer, .invalidMandatoryInformation)))
      }
      answer = NASMessage(.deactivateEPSBearerContextAccept, procedureTransactionIdentity: 0, epsBearerIdentity: bearer)
    case NASMessageType.esmStatus.octet:
      // A status is not answered with a status.
      return
    default:
      answer = NASMessage(.esmStatus, procedureTransactionIdentity: octets[1], epsBearerIdentity: bearer)
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
