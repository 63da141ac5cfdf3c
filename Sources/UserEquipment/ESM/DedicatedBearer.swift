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
    guard (1...254).contains(identity) else { return refuse(request, .invalidPTIValue, using: &engine, into: &outputs) }
    if sessions.lastAccepted == request.encoded() { return accept(request, using: &engine, into: &outputs) }
    guard let transaction = sessions.transactions.first(where: { $0.identity == identity }),
      case .connect(let name) = transaction.request
    else {
      return refuse(request, .ptiMismatch, using: &engine, into: &outputs)
    }
    var bearer: DefaultBearer
    do { bearer = try DefaultBearer(answering: identity, in: ESMMessageContainer(request.encoded())) } catch {
      let cause: ESMCause = if case .reservedIdentity = error { .invalidEPSBearerIdentity } else { .invalidMandatoryInformation }
      return refuse(request, cause, using: &engine, into: &outputs)
    }
    _ = endTransaction(identity, into: &outputs)
    bearer.requestedAccessPointName = name
    stopSessionBackOff(name, into: &outputs)
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
    let linked = try request[ActivateDedicatedEPSBearerContextRequest.linkedEPSBearerIdentity].rawValue
    let qos = try request[ActivateDedicatedEPSBearerContextRequest.epsQoS]
    let identity = request.epsBearerIdentity
    if let cause = transactionFault(request) { return refuse(request, cause, using: &engine, into: &outputs) }
    guard identity >= 5, linked != identity, bearers.contains(where: { $0.epsBearerIdentity == linked }) else {
      return refuse(request, .invalidEPSBearerIdentity, using: &engine, into: &outputs)
    }
    let flows: TrafficFlowTemplate
    do throws(NASDecodingError) { flows = try request[ActivateDedicatedEPSBearerContextRequest.tft] } catch {
      return refuse(request, TrafficFlowTemplate.fault(error), using: &engine, into: &outputs)
    }
    if let cause = flows.faultAsNew { return refuse(request, cause, using: &engine, into: &outputs) }
    concludeTransaction(request, into: &outputs)
    // §6.4.2.5 a, b: a bearer that had this identity goes first.
    removeConnection(identity)
    dedicatedBearers.removeAll { $0.epsBearerIdentity == identity }
    dedicatedBearers.append(
      DedicatedBearer(epsBearerIdentity: identity, linkedEPSBearerIdentity: linked, qos: qos, trafficFlowTemplate: flows))
    if let name = requestedName(of: linked) { stopSessionBackOff(name, into: &outputs) }
    accept(request, using: &engine, into: &outputs)
    outputs.append(.event(.bearerActivated(identity)))
    yieldPrecedence(to: flows.packetFilters, of: identity, linked: linked, using: &engine, into: &outputs)
  }

  /// §6.4.3.3, §6.4.3.4.
  mutating func modificationRequested(
    _ request: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    let identity = request.epsBearerIdentity
    if let cause = transactionFault(request) { return refuse(request, cause, using: &engine, into: &outputs) }
    guard activeBearerIdentities.contains(identity) else {
      return refuse(request, .invalidEPSBearerIdentity, using: &engine, into: &outputs)
    }
    let qos = (try? request[ModifyEPSBearerContextRequest.newEPSQoS]) ?? nil
    let flows: TrafficFlowTemplate?
    do throws(NASDecodingError) { flows = try request[ModifyEPSBearerContextRequest.tft] } catch {
      return refuse(request, TrafficFlowTemplate.fault(error), using: &engine, into: &outputs)
    }
    let isDefault = bearers.contains { $0.epsBearerIdentity == identity }
    if let flows {
      switch flows.applied(to: trafficFlows(of: identity), isDefault: isDefault) {
      case .failure(let fault): return refuse(request, fault.cause, using: &engine, into: &outputs)
      case .success(let changed): setTrafficFlows(changed, of: identity)
      }
    }
    if let index = dedicatedBearers.firstIndex(where: { $0.epsBearerIdentity == identity }), let qos {
      dedicatedBearers[index].qos = qos
    } else if let index = bearers.firstIndex(where: { $0.epsBearerIdentity == identity }), let qos {
      bearers[index].qos = qos
    }
    concludeTransaction(request, into: &outputs)
    if let name = requestedName(of: identity) { stopSessionBackOff(name, into: &outputs) }
    accept(request, using: &engine, into: &outputs)
    outputs.append(.event(.bearerModified(identity)))
    let linked = dedicatedBearers.first { $0.epsBearerIdentity == identity }?.linkedEPSBearerIdentity ?? identity
    if let flows { yieldPrecedence(to: flows.packetFilters, of: identity, linked: linked, using: &engine, into: &outputs) }
  }

  /// §6.4.4.3; a bearer that is not there is confirmed gone (§7.3.2 j).
  mutating func deactivationRequested(
    _ request: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) throws(NASDecodingError) {
    let cause = try request[DeactivateEPSBearerContextRequest.esmCause]
    let transaction = request.procedureTransactionIdentity
    if transaction != 0 {
      guard sessions.transactions.contains(where: { $0.identity == transaction }) else {
        // §7.3.1 m.
        return discard(.notCompatibleWithState("procedure transaction identity \(transaction)"), request.type.name, into: &outputs)
      }
      _ = endTransaction(transaction, into: &outputs)
    }
    let identity = request.epsBearerIdentity
    let wasDefault = bearers.contains { $0.epsBearerIdentity == identity }
    let wasActive = activeBearerIdentities.contains(identity)
    let requested = requestedName(of: identity)
    let value = (try? request[DeactivateEPSBearerContextRequest.t3396Value]) ?? nil
    removeConnection(identity)
    dedicatedBearers.removeAll { $0.epsBearerIdentity == identity }
    accept(request, using: &engine, into: &outputs)
    if wasActive { outputs.append(.event(.bearerDeactivated(identity, cause))) }
    guard let name = requested else { return }
    if cause == .insufficientResources { startSessionBackOff(name, cause: cause, value, into: &outputs) }
    if wasDefault, cause == .reactivationRequested {
      // §6.4.4.2: for the access point asked for before, or for none as before.
      stopSessionBackOff(name, into: &outputs)
      requestSession(.connect(name), using: &engine, into: &outputs)
    }
  }

  /// A default bearer goes, and its dedicated ones with it (§6.4.4.3, §6.4.4.6).
  mutating func removeConnection(_ identity: UInt8) {
    guard bearers.contains(where: { $0.epsBearerIdentity == identity }) else { return }
    bearers.removeAll { $0.epsBearerIdentity == identity }
    dedicatedBearers.removeAll { $0.linkedEPSBearerIdentity == identity }
  }

  /// §7.3.1 i-l: 255 is reserved; 1 to 254 must be a transaction of ours, or a repetition of what was accepted.
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

  private mutating func refuse(
    _ request: NASMessage, _ cause: ESMCause, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    discard(.notCompatibleWithState("answered with a reject, cause \(cause)"), request.type.name, into: &outputs)
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
