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
    case .esmStatus: statusReceived(message, try message[ESMStatus.esmCause], using: &engine, into: &outputs)
    case .activateDefaultEPSBearerContextRequest:
      // The one of the attach comes inside ATTACH ACCEPT; here answers those of additional PDN connections.
      defaultBearerRequested(message, using: &engine, into: &outputs)
    case .activateDedicatedEPSBearerContextRequest:
      if !isKeptUntilAttached(message.encoded()) { try dedicatedBearerRequested(message, using: &engine, into: &outputs) }
    case .modifyEPSBearerContextRequest:
      if !isKeptUntilAttached(message.encoded()) { modificationRequested(message, using: &engine, into: &outputs) }
    case .deactivateEPSBearerContextRequest: try deactivationRequested(message, using: &engine, into: &outputs)
    case .pdnConnectivityReject:
      sessionRejected(
        message,
        SessionRejection(
          cause: try message[PDNConnectivityReject.esmCause], value: (try? message[PDNConnectivityReject.backOffTimerValue]) ?? nil,
          reattempt: (try? message[PDNConnectivityReject.reattemptIndicator]) ?? nil),
        isAnswer: \.isForConnection, using: &engine, into: &outputs)
    case .pdnDisconnectReject:
      sessionRejected(
        message, SessionRejection(cause: try message[PDNDisconnectReject.esmCause]),
        isAnswer: { if case .disconnect = $0 { true } else { false } }, using: &engine, into: &outputs)
    case .bearerResourceAllocationReject:
      sessionRejected(
        message,
        SessionRejection(
          cause: try message[BearerResourceAllocationReject.esmCause],
          value: (try? message[BearerResourceAllocationReject.backOffTimerValue]) ?? nil,
          reattempt: (try? message[BearerResourceAllocationReject.reattemptIndicator]) ?? nil),
        isAnswer: { if case .allocate = $0 { true } else { false } }, using: &engine, into: &outputs)
    case .bearerResourceModificationReject:
      sessionRejected(
        message,
        SessionRejection(
          cause: try message[BearerResourceModificationReject.esmCause],
          value: (try? message[BearerResourceModificationReject.backOffTimerValue]) ?? nil,
          reattempt: (try? message[BearerResourceModificationReject.reattemptIndicator]) ?? nil),
        isAnswer: { if case .modify = $0 { true } else { false } }, using: &engine, into: &outputs)
    case .notification: notified(message, using: &engine, into: &outputs)
    case .esmDataTransport: dataReceived(message, try message[ESMDataTransport.userDataContainer], using: &engine, into: &outputs)
    default: unforeseen(message, using: &engine, into: &outputs)
    }
  }

  /// §7.4, after §7.3.1 n and §7.3.2 l.
  private mutating func unforeseen(_ message: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    if let reason = reasonToIgnore(message) { return discard(.notCompatibleWithState(reason), message.type.name, into: &outputs) }
    answer(
      message,
      with: message.type.isImplementedByUE ? .messageTypeNotCompatibleWithTheProtocolState : .messageTypeNonExistentOrNotImplemented,
      using: &engine, into: &outputs)
  }

  /// §6.6.4.3, §7.3.1 n, §7.3.2 k, l: what the control plane carried.
  private mutating func dataReceived(
    _ message: NASMessage, _ data: UserDataContainer, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    let bearer = message.epsBearerIdentity
    if !isUnderWayOrUnassigned(message.procedureTransactionIdentity) || bearer == 0 {
      return discard(.notCompatibleWithState(reasonToIgnore(message) ?? ""), message.type.name, into: &outputs)
    }
    guard activeBearerIdentities.contains(bearer) else {
      return answer(message, with: .invalidEPSBearerIdentity, using: &engine, into: &outputs)
    }
    outputs.append(.event(.dataReceived(bearer: bearer, Array(data.octets))))
  }

  /// Why §7.3.1 n or §7.3.2 l wants a message ignored that their other items do not name; nil where they do not.
  private func reasonToIgnore(_ message: NASMessage) -> String? {
    let transaction = message.procedureTransactionIdentity
    guard isUnderWayOrUnassigned(transaction) else { return "procedure transaction identity \(transaction)" }
    let bearer = message.epsBearerIdentity
    return activeBearerIdentities.contains(bearer) ? nil : "EPS bearer identity \(bearer)"
  }

  /// The transaction is none, or one of ours that waits for an answer, the attach's included.
  private func isUnderWayOrUnassigned(_ transaction: UInt8) -> Bool {
    if transaction == 0 || sessions.transactions.contains(where: { $0.identity == transaction }) { return true }
    guard case .registeredInitiated(let attempt) = machine else { return false }
    return transaction == attempt.procedureTransactionIdentity
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

  /// §6.6.2: for the user; nothing is answered but what is wrong in the header.
  private mutating func notified(_ notification: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    if let cause = notificationFault(notification) { return answer(notification, with: cause, using: &engine, into: &outputs) }
    outputs.append(.event(.status("ESM NOTIFICATION")))
  }

  /// §7.3.1 f, §7.3.2 f.
  private func notificationFault(_ notification: NASMessage) -> ESMCause? {
    let transaction = notification.procedureTransactionIdentity
    let bearer = notification.epsBearerIdentity
    switch transaction {
    case 255: return .invalidPTIValue
    case 1...254 where !isUnderWayOrUnassigned(transaction): return .ptiMismatch
    default: return (bearer == 0 ? transaction != 0 : activeBearerIdentities.contains(bearer)) ? nil : .invalidEPSBearerIdentity
    }
  }

  /// §7.5.1, §7.5.3: a mandatory element is wrong, or one asks for comprehension; §7.3 comes before.
  ///
  /// - Parameter octets: at least the three of an ESM header.
  mutating func answerUnreadableSessionManagement(
    _ octets: [UInt8], _ type: NASMessageType, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    if type == .activateDedicatedEPSBearerContextRequest || type == .modifyEPSBearerContextRequest, isKeptUntilAttached(octets) { return }
    let request = NASMessage(type, procedureTransactionIdentity: octets[1], epsBearerIdentity: octets[0] >> 4)
    switch type {
    case .activateDefaultEPSBearerContextRequest, .activateDedicatedEPSBearerContextRequest, .modifyEPSBearerContextRequest:
      refuse(request, headerFault(request) ?? .invalidMandatoryInformation, using: &engine, into: &outputs)
    case .deactivateEPSBearerContextRequest:
      try? deactivationRequested(request, isReadable: false, using: &engine, into: &outputs)
    case .esmStatus:
      // A status is not answered with a status.
      break
    case .notification:
      answer(request, with: notificationFault(request) ?? .invalidMandatoryInformation, using: &engine, into: &outputs)
    case .pdnConnectivityReject, .pdnDisconnectReject, .bearerResourceAllocationReject, .bearerResourceModificationReject:
      // §7.3.1 a-d, §7.3.2 a-d.
      guard request.epsBearerIdentity == 0, sessions.transactions.contains(where: { $0.identity == octets[1] }) else { break }
      answer(request, with: .invalidMandatoryInformation, using: &engine, into: &outputs)
    default:
      guard type.isImplementedByUE else { return unforeseen(request, using: &engine, into: &outputs) }
      guard reasonToIgnore(request) == nil else { break }
      answer(request, with: .invalidMandatoryInformation, using: &engine, into: &outputs)
    }
  }

  /// The bearers there are.
  var activeBearerIdentities: Set<UInt8> {
    Set(bearers.map(\.epsBearerIdentity) + dedicatedBearers.map(\.epsBearerIdentity))
  }

  /// An EPS bearer context status: what the network does not have goes, without signalling (§5.5.3.2.4, §5.6.1.4.2).
  ///
  /// - Returns: what the last PDN connection was, which went with it, so that the registration is to end (§6.4.4.6); nil where one is left.
  mutating func keepBearers(_ active: Set<UInt8>) -> LastConnection? {
    let wereThere = !bearers.isEmpty
    let last = endsWithEmergency ? LastConnection.forEmergency : .ordinary
    for bearer in bearers where !active.contains(bearer.epsBearerIdentity) { removeConnection(bearer.epsBearerIdentity) }
    dedicatedBearers.removeAll { !active.contains($0.epsBearerIdentity) }
    return wereThere && bearers.isEmpty ? last : nil
  }

  /// What the last PDN connection was: of one for emergencies nothing is kept (Annex C).
  enum LastConnection { case ordinary, forEmergency }

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
