import NASCrypto
import NASMessages
import NASSecurity

/// A dedicated EPS bearer context (TS 24.301 §6.4.2).
public struct DedicatedBearer: Sendable, Equatable {
  public let epsBearerIdentity: UInt8
  /// The default bearer of the same PDN connection.
  public let linkedEPSBearerIdentity: UInt8
  public internal(set) var qos: EPSQoS
  public internal(set) var trafficFlowTemplate: TrafficFlowTemplate
}

extension UE {
  /// What ESM answers to a request of the network.
  private enum Judgement {
    case accept
    case reject(ESMCause)
  }

  /// §6.4.1.3: the default bearer of an additional PDN connection.
  mutating func defaultBearerRequested(
    _ request: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    let identity = request.procedureTransactionIdentity
    if sessions.lastAccepted == request.encoded() { return accept(request, using: &engine, into: &outputs) }
    if let cause = headerFault(request) { return refuse(request, cause, using: &engine, into: &outputs) }
    guard let asked = sessions.transactions.first(where: { $0.identity == identity })?.request else { return }
    var bearer: DefaultBearer
    do { bearer = try DefaultBearer(answering: identity, in: ESMMessageContainer(request.encoded())) } catch {
      return refuse(request, .invalidMandatoryInformation, using: &engine, into: &outputs)
    }
    _ = endTransaction(identity, into: &outputs)
    if case .connect(let name) = asked {
      bearer.requested = .accessPoint(name)
      stopSessionBackOff(name, into: &outputs)
    } else {
      bearer.requested = .emergency
    }
    // §6.4.1.5: a bearer that had this identity goes first.
    removeConnection(bearer.epsBearerIdentity)
    dedicatedBearers.removeAll { $0.epsBearerIdentity == bearer.epsBearerIdentity }
    bearers.append(bearer)
    accept(request, using: &engine, into: &outputs)
    outputs.append(.event(.bearerActivated(bearer.epsBearerIdentity)))
  }

  /// §6.4.2.3, §6.4.2.4.
  mutating func dedicatedBearerRequested(
    _ request: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) throws(NASDecodingError) {
    if let cause = headerFault(request) { return refuse(request, cause, using: &engine, into: &outputs) }
    let linked = try request[ActivateDedicatedEPSBearerContextRequest.linkedEPSBearerIdentity].rawValue
    let qos = try request[ActivateDedicatedEPSBearerContextRequest.epsQoS]
    let identity = request.epsBearerIdentity
    guard linked != identity, bearers.contains(where: { $0.epsBearerIdentity == linked }) else {
      return refuse(request, .invalidEPSBearerIdentity, using: &engine, into: &outputs)
    }
    if isBeingDisconnected(linked) { return ignoredWhileDisconnecting(request, into: &outputs) }
    forgetMaximumOfBearers()
    if let name = requestedName(of: linked) { stopSessionBackOff(name, into: &outputs) }
    let flows: TrafficFlowTemplate
    do { flows = try request[ActivateDedicatedEPSBearerContextRequest.tft] } catch {
      // b 2.
      return refuse(request, .syntacticalErrorInTheTFTOperation, using: &engine, into: &outputs)
    }
    do { try flows.checkAsNew() } catch { return refuse(request, error.cause, using: &engine, into: &outputs) }
    let clashes = clashes(with: flows.packetFilters, on: identity, keepsItsOwn: false, linked: linked)
    guard !clashes.contains(where: { $0.bearer == linked }) else {
      return releaseConnection(linked, using: &engine, into: &outputs)
    }
    concludeTransaction(request, into: &outputs)
    // §6.4.2.5 a, b: a bearer that had this identity goes first.
    removeConnection(identity)
    dedicatedBearers.removeAll { $0.epsBearerIdentity == identity }
    deleteFilters(clashes)
    dedicatedBearers.append(
      DedicatedBearer(epsBearerIdentity: identity, linkedEPSBearerIdentity: linked, qos: qos, trafficFlowTemplate: flows))
    accept(request, using: &engine, into: &outputs)
    outputs.append(.event(.bearerActivated(identity)))
    reportDeletedFilters(clashes, using: &engine, into: &outputs)
  }

  /// §6.4.3.3, §6.4.3.4.
  mutating func modificationRequested(
    _ request: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    if let cause = headerFault(request) { return refuse(request, cause, using: &engine, into: &outputs) }
    let identity = request.epsBearerIdentity
    if isBeingDisconnected(dedicatedBearers.first { $0.epsBearerIdentity == identity }?.linkedEPSBearerIdentity ?? identity) {
      return ignoredWhileDisconnecting(request, into: &outputs)
    }
    if let name = requestedName(of: identity) { stopSessionBackOff(name, into: &outputs) }
    let change: TrafficFlowTemplate?
    do { change = try request[ModifyEPSBearerContextRequest.tft] } catch {
      // b 6; what §6.4.3.4 says of the TFT goes before §7.7.1.
      return refuse(request, .syntacticalErrorInTheTFTOperation, using: &engine, into: &outputs)
    }
    var clashes: [PrecedenceClash] = []
    if let change {
      let theDefault = bearers.first { $0.epsBearerIdentity == identity }
      let dedicated = dedicatedBearers.first { $0.epsBearerIdentity == identity }
      let linked = dedicated?.linkedEPSBearerIdentity ?? identity
      let template: TrafficFlowTemplate?
      do {
        template = try change.applied(
          to: dedicated?.trafficFlowTemplate ?? theDefault?.trafficFlowTemplate, ofDefaultBearer: dedicated == nil)
      } catch { return refuse(request, error.cause, using: &engine, into: &outputs) }
      clashes = self.clashes(
        with: change.packetFilters, on: identity, keepsItsOwn: change.operation != .createNew, linked: linked)
      guard !clashes.contains(where: { $0.bearer == linked }) else {
        return releaseConnection(linked, using: &engine, into: &outputs)
      }
      take(template, for: identity)
      deleteFilters(clashes)
    }
    takeQuality(request)
    concludeTransaction(request, into: &outputs)
    accept(request, using: &engine, into: &outputs)
    endISR(forModificationOf: identity, into: &outputs)
    outputs.append(.event(.bearerModified(identity)))
    reportDeletedFilters(clashes, using: &engine, into: &outputs)
  }

  private mutating func take(_ template: TrafficFlowTemplate?, for identity: UInt8) {
    if let index = bearers.firstIndex(where: { $0.epsBearerIdentity == identity }) {
      bearers[index].trafficFlowTemplate = template
    } else if let template, let index = dedicatedBearers.firstIndex(where: { $0.epsBearerIdentity == identity }) {
      dedicatedBearers[index].trafficFlowTemplate = template
    }
  }

  /// New EPS QoS and APN-AMBR, the latter for a default bearer (§8.3.18.6).
  private mutating func takeQuality(_ request: NASMessage) {
    let identity = request.epsBearerIdentity
    let qos = (try? request[ModifyEPSBearerContextRequest.newEPSQoS]) ?? nil
    if let index = bearers.firstIndex(where: { $0.epsBearerIdentity == identity }) {
      if let qos { bearers[index].qos = qos }
      if let rate = (try? request[ModifyEPSBearerContextRequest.apnAMBR]) ?? nil { bearers[index].apnAMBR = rate }
    } else if let qos, let index = dedicatedBearers.firstIndex(where: { $0.epsBearerIdentity == identity }) {
      dedicatedBearers[index].qos = qos
    }
  }

  /// §6.4.4.3; a bearer that is not there is confirmed gone (§7.3.2 j).
  ///
  /// - Parameter isReadable: false where a mandatory element is wrong: the bearer goes all the same (§7.5.3 d).
  mutating func deactivationRequested(
    _ request: NASMessage, isReadable: Bool = true, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) throws(NASDecodingError) {
    let transaction = request.procedureTransactionIdentity
    // §6.5.2.3: the network did not hear the answer.
    if transaction != 0, sessions.lastAccepted == request.encoded() { return accept(request, using: &engine, into: &outputs) }
    guard transaction == 0 || sessions.transactions.contains(where: { $0.identity == transaction }) else {
      // §7.3.1 m.
      return discard(.notCompatibleWithState("procedure transaction identity \(transaction)"), request.type.name, into: &outputs)
    }
    let cause = if isReadable { try request[DeactivateEPSBearerContextRequest.esmCause] } else { ESMCause.invalidMandatoryInformation }
    let ended = transaction == 0 ? nil : endTransaction(transaction, into: &outputs)
    let identity = request.epsBearerIdentity
    abortRequests(for: identity, into: &outputs)
    forgetKept(identity)
    // §7.5.3 d wants an unreadable one accepted.
    if isReadable, isLastConnection(identity) {
      // §6.4.4.4 a: neither side supports EMM-REGISTERED without PDN connection, so the answer is a detach. One who asked for the end of the
      // connection does not come back by itself.
      let asked = if case .disconnect = ended?.request { true } else { false }
      holdBack(after: cause, request, requestedName(of: identity), wasDefault: true, into: &outputs)
      return detachFromLastConnection(attaches: !asked, using: &engine, into: &outputs)
    }
    let wasDefault = bearers.contains { $0.epsBearerIdentity == identity }
    let wasActive = activeBearerIdentities.contains(identity)
    let requested = requestedName(of: identity)
    let wasForEmergency = wasDefault && isOfEmergencyConnection(identity)
    removeConnection(identity)
    dedicatedBearers.removeAll { $0.epsBearerIdentity == identity }
    accept(request, using: &engine, into: &outputs)
    if transaction != 0 { sessions.lastAccepted = request.encoded() }
    if wasActive { outputs.append(.event(.bearerDeactivated(identity, cause))) }
    if wasForEmergency, isReadable, cause == .reactivationRequested {
      // §6.4.4.3.
      return requestSession(.connectForEmergency, using: &engine, into: &outputs)
    }
    guard isReadable, let name = requested else { return }
    holdBack(after: cause, request, name, wasDefault: wasDefault, into: &outputs)
    if wasDefault, cause == .reactivationRequested {
      // §6.4.4.3: for the access point asked for before, or for none as before.
      requestSession(.connect(name), using: &engine, into: &outputs)
    }
  }

  /// The default bearer of the only PDN connection, and the UE is not about to leave anyway.
  private func isLastConnection(_ identity: UInt8) -> Bool {
    if case .deregisteredInitiated = machine { return false }
    return bearers.count == 1 && bearers[0].epsBearerIdentity == identity
  }

  /// §6.4.4.3: #26 may start T3396 for the access point, #39 stops it.
  private mutating func holdBack(
    after cause: ESMCause, _ request: NASMessage, _ name: AccessPointName??, wasDefault: Bool, into outputs: inout [Output]
  ) {
    guard let name else { return }
    if cause == .insufficientResources {
      let value = (try? request[DeactivateEPSBearerContextRequest.t3396Value]) ?? nil
      holdBack(.connectivity, name, SessionRejection(cause: cause, value: value), into: &outputs)
    }
    if wasDefault, cause == .reactivationRequested { stopSessionBackOff(name, into: &outputs) }
  }

  /// §6.5.2.5 b, c.
  private func ignoredWhileDisconnecting(_ request: NASMessage, into outputs: inout [Output]) {
    discard(.notCompatibleWithState("its PDN connection is being disconnected (§6.5.2.5)"), request.type.name, into: &outputs)
  }

  /// A default bearer goes, and its dedicated ones with it (§6.4.4.3, §6.4.4.6).
  mutating func removeConnection(_ identity: UInt8) {
    guard let connection = bearers.first(where: { $0.epsBearerIdentity == identity }) else { return }
    bearers.removeAll { $0.epsBearerIdentity == identity }
    dedicatedBearers.removeAll { $0.linkedEPSBearerIdentity == identity }
    if connection.isForEmergency { removeForbiddenEquivalents() }
  }

  /// What §7.3 finds wrong in the header of a request of the network, before anything else is looked at.
  func headerFault(_ request: NASMessage) -> ESMCause? {
    let identity = request.epsBearerIdentity
    switch request.type {
    case .activateDefaultEPSBearerContextRequest:
      // §7.3.1 g, h, §7.3.2 g.
      let transaction = request.procedureTransactionIdentity
      guard (1...254).contains(transaction) else { return .invalidPTIValue }
      guard sessions.transactions.first(where: { $0.identity == transaction })?.request.isForConnection == true else {
        return .ptiMismatch
      }
      return identity >= 5 ? nil : .invalidEPSBearerIdentity
    case .activateDedicatedEPSBearerContextRequest:
      // §7.3.1 i, j, §7.3.2 h.
      return transactionFault(request) ?? (identity >= 5 ? nil : .invalidEPSBearerIdentity)
    default:
      // §7.3.1 k, l, §7.3.2 i.
      return transactionFault(request) ?? (activeBearerIdentities.contains(identity) ? nil : .invalidEPSBearerIdentity)
    }
  }

  /// 255 is reserved; 1 to 254 must be a transaction of ours, or a repetition of what was accepted.
  private func transactionFault(_ request: NASMessage) -> ESMCause? {
    switch request.procedureTransactionIdentity {
    case 0: nil
    case 255: .invalidPTIValue
    case let identity:
      sessions.lastAccepted == request.encoded()
        || sessions.transactions.contains { $0.identity == identity && ($0.timer.kind == .t3480 || $0.timer.kind == .t3481) }
        ? nil : .ptiMismatch
    }
  }

  private mutating func concludeTransaction(_ request: NASMessage, into outputs: inout [Output]) {
    guard request.procedureTransactionIdentity != 0 else { return }
    _ = endTransaction(request.procedureTransactionIdentity, into: &outputs)
    sessions.lastAccepted = request.encoded()
  }

  /// The accepting answer: the bearer's identity, and PTI 0 (§7.3.1).
  private mutating func accept(_ request: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    let type: NASMessageType
    switch request.type {
    case .activateDefaultEPSBearerContextRequest:
      type = .activateDefaultEPSBearerContextAccept
      sessions.lastAccepted = request.encoded()
    case .activateDedicatedEPSBearerContextRequest: type = .activateDedicatedEPSBearerContextAccept
    case .modifyEPSBearerContextRequest: type = .modifyEPSBearerContextAccept
    default: type = .deactivateEPSBearerContextAccept
    }
    let answer = NASMessage(type, procedureTransactionIdentity: 0, epsBearerIdentity: request.epsBearerIdentity)
    send(answer.encoded(), using: &engine, into: &outputs)
  }

  /// The rejecting answer. A transaction of ours that the request belongs to has come to its end with it (§6.5.1.3, §6.5.3.3, §6.5.4.3).
  mutating func refuse(
    _ request: NASMessage, _ cause: ESMCause, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    discard(.notCompatibleWithState("answered with a reject, cause \(cause)"), request.type.name, into: &outputs)
    if cause != .ptiMismatch, let ended = endTransaction(request.procedureTransactionIdentity, into: &outputs) {
      outputs.append(.event(.sessionFailed(ended.request, nil)))
    }
    var reject: NASMessage
    switch request.type {
    case .activateDedicatedEPSBearerContextRequest:
      reject = NASMessage(
        .activateDedicatedEPSBearerContextReject, procedureTransactionIdentity: 0, epsBearerIdentity: request.epsBearerIdentity)
      reject.set(ActivateDedicatedEPSBearerContextReject.esmCause, cause)
    case .modifyEPSBearerContextRequest:
      reject = NASMessage(.modifyEPSBearerContextReject, procedureTransactionIdentity: 0, epsBearerIdentity: request.epsBearerIdentity)
      reject.set(ModifyEPSBearerContextReject.esmCause, cause)
    default:
      reject = NASMessage(
        .activateDefaultEPSBearerContextReject, procedureTransactionIdentity: 0, epsBearerIdentity: request.epsBearerIdentity)
      reject.set(ActivateDefaultEPSBearerContextReject.esmCause, cause)
    }
    send(reject.encoded(), using: &engine, into: &outputs)
  }
}
