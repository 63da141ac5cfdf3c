import NASCrypto
import NASMessages
import NASSecurity

/// What a registered UE asks of its sessions (TS 24.301 §6.5): further PDN connections and their end, bearer resources. Each request
/// is answered by a bearer procedure of the network under its PTI, or by a reject.
extension MME {
  // MARK: PDN connections

  mutating func pdnConnectivityRequest(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let transaction = transaction(of: message, on: id, using: &engine) else { return }
    let connectivity = PDNConnectivity(ESMMessageContainer(message))
    if connectivity.needsInformation, configuration.esmInformation == .whenFlagged, connections[id]?.esmInformation == nil {
      connections[id]?.connectivity = connectivity
      return requestESMInformation(connectivity, on: id, using: &engine)
    }
    connect(connectivity, transaction, on: id, using: &engine)
  }

  /// Answers a PDN CONNECTIVITY REQUEST of a registered UE, all of its information being here.
  mutating func connect(_ connectivity: PDNConnectivity, _ transaction: UInt8, on id: UInt32, using engine: inout CryptoEngine) {
    guard let index = connections[id]?.subject.verified else { return }
    if let refusal = connectivity.refusal { return send(connectivity.reject(refusal), on: id, using: &engine) }
    if let cause = configuration.connectivityRejections[name(of: index)] {
      return send(connectivity.reject(ESMCause(rawValue: cause)), on: id, using: &engine)
    }
    let name = accessPoint(of: connectivity)
    // The same request again, or another one for emergency bearer services: its answer is under way (§6.5.1.6 b, c).
    if let running = connections[id]?.bearerProcedures.first(where: {
      $0.kind == .activateDefault
        && ($0.request.procedureTransactionIdentity == transaction || connectivity.isForEmergency && $0.bearer.accessPointName == name)
    }) {
      return send(running.request, on: id, using: &engine)
    }
    // §6.5.1.6 d.
    if !connectivity.isForEmergency, isAttachedForEmergency(index) {
      return send(connectivity.reject(.requestRejectedUnspecified), on: id, using: &engine)
    }
    guard let identity = freeIdentity(of: index, on: id) else {
      return send(connectivity.reject(.maximumNumberOfEPSBearersReached), on: id, using: &engine)
    }
    // For emergencies too (§6.5.1.6 c).
    guard !ues[index].bearers.contains(where: { $0.accessPointName == name }) else {
      return send(connectivity.reject(.multiplePDNConnectionsForAGivenAPNNotAllowed), on: id, using: &engine)
    }
    let bearer = defaultBearer(for: index, connectivity, identity: identity)
    start(
      BearerProcedure(kind: .activateDefault, bearer: bearer, request: connectivity.activation(of: bearer, configuration)), on: id,
      using: &engine)
  }

  /// The only PDN connection is the one for emergency bearer services (§3.1).
  private func isAttachedForEmergency(_ index: Int) -> Bool {
    let connections = ues[index].bearers.filter(\.isDefault)
    return !connections.isEmpty && connections.allSatisfy { $0.accessPointName == configuration.emergencyAccessPointName }
  }

  /// The PDN connection of this default bearer is the one for emergency bearer services.
  private func isForEmergency(_ linked: UInt8, of index: Int) -> Bool {
    ues[index].bearer(linked)?.accessPointName == configuration.emergencyAccessPointName
  }

  mutating func pdnDisconnectRequest(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let transaction = transaction(of: message, on: id, using: &engine), let index = connections[id]?.subject.verified else { return }
    let linked = (try? message[PDNDisconnectRequest.linkedEPSBearerIdentity])?.rawValue ?? 0
    let refusal: ESMCause? =
      if ues[index].bearer(linked)?.isDefault != true {
        .invalidEPSBearerIdentity
      } else if ues[index].bearers.filter(\.isDefault).count == 1 {
        .lastPDNDisconnectionNotAllowed
      } else {
        nil
      }
    guard let refusal else {
      return deactivateBearer(linked, of: index, cause: .regularDeactivation, transaction: transaction, on: id, using: &engine)
    }
    var reject = NASMessage(.pdnDisconnectReject, procedureTransactionIdentity: transaction)
    reject.set(PDNDisconnectReject.esmCause, refusal)
    send(reject, on: id, using: &engine)
  }

  // MARK: Bearer resources

  /// §6.5.3: a dedicated bearer of the quality asked for.
  mutating func bearerResourceAllocationRequest(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let transaction = transaction(of: message, on: id, using: &engine), let index = connections[id]?.subject.verified else { return }
    var refusal = configuration.bearerResourceRejections[name(of: index)].map { ESMCause(rawValue: $0) }
    let linked = (try? message[BearerResourceAllocationRequest.linkedEPSBearerIdentity])?.rawValue ?? 0
    if ues[index].bearer(linked)?.isDefault != true { refusal = .invalidEPSBearerIdentity }
    // §6.5.3.5 b.
    if isForEmergency(linked, of: index) { refusal = .requestRejectedUnspecified }
    if freeIdentity(of: index, on: id) == nil { refusal = .maximumNumberOfEPSBearersReached }
    guard refusal == nil, let flow = try? message[BearerResourceAllocationRequest.trafficFlowAggregate],
      let qos = try? message[BearerResourceAllocationRequest.requiredTrafficFlowQoS]
    else {
      var reject = NASMessage(.bearerResourceAllocationReject, procedureTransactionIdentity: transaction)
      reject.set(BearerResourceAllocationReject.esmCause, refusal ?? .invalidMandatoryInformation)
      return send(reject, on: id, using: &engine)
    }
    activateDedicatedBearer(of: index, linkedTo: linked, qos: qos, tft: flow, transaction: transaction, on: id, using: &engine)
  }

  /// §6.5.4: a change of a bearer, or its end where all of its filters go.
  mutating func bearerResourceModificationRequest(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let transaction = transaction(of: message, on: id, using: &engine), let index = connections[id]?.subject.verified else { return }
    var refusal = configuration.bearerResourceRejections[name(of: index)].map { ESMCause(rawValue: $0) }
    let identity = (try? message[BearerResourceModificationRequest.epsBearerIdentityForPacketFilter])?.rawValue ?? 0
    let bearer = ues[index].bearer(identity)
    if bearer == nil { refusal = .invalidEPSBearerIdentity }
    // §6.5.4.5 b.
    if let bearer, isForEmergency(bearer.linkedIdentity, of: index) { refusal = .requestRejectedByServingGWOrPDNGW }
    guard refusal == nil, let bearer, let flow = try? message[BearerResourceModificationRequest.trafficFlowAggregate] else {
      var reject = NASMessage(.bearerResourceModificationReject, procedureTransactionIdentity: transaction)
      reject.set(BearerResourceModificationReject.esmCause, refusal ?? .invalidMandatoryInformation)
      return send(reject, on: id, using: &engine)
    }
    let ends = flow.operation == .deletePacketFilters || flow.operation == .deleteExisting
    if ends, !bearer.isDefault, (try? message[BearerResourceModificationRequest.esmCause]) == .regularDeactivation {
      return deactivateBearer(identity, of: index, cause: .regularDeactivation, transaction: transaction, on: id, using: &engine)
    }
    modifyBearer(
      identity, of: index, qos: try? message[BearerResourceModificationRequest.requiredTrafficFlowQoS], tft: flow,
      transaction: transaction, on: id, using: &engine)
  }

  /// The PTI of a request of a registered UE over a secure connection. One that is reserved or none, or a bearer where there can be none yet,
  /// is answered with the request's own reject (§7.3.1 a-d, §7.3.2 a-d).
  mutating func transaction(of message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) -> UInt8? {
    let transaction = message.procedureTransactionIdentity
    guard let connection = connections[id], connection.isSecure, let index = connection.subject.verified, ues[index].state == .registered
    else {
      drop(.notCompatibleWithState("\(message.type.name) of a UE that is not registered"), on: id)
      return nil
    }
    let fault: ESMCause? =
      !(1...254).contains(transaction) ? .invalidPTIValue : message.epsBearerIdentity != 0 ? .invalidEPSBearerIdentity : nil
    guard let fault else { return transaction }
    drop(
      .notCompatibleWithState(
        "\(message.type.name) with procedure transaction identity \(transaction), bearer \(message.epsBearerIdentity): \(fault)"), on: id)
    send(rejection(of: message.type, transaction, fault), on: id, using: &engine)
    return nil
  }

  /// The reject that is the answer to a request of a UE.
  func rejection(of request: NASMessageType, _ transaction: UInt8, _ cause: ESMCause) -> NASMessage {
    var message: NASMessage
    switch request {
    case .pdnDisconnectRequest:
      message = NASMessage(.pdnDisconnectReject, procedureTransactionIdentity: transaction)
      message.set(PDNDisconnectReject.esmCause, cause)
    case .bearerResourceAllocationRequest:
      message = NASMessage(.bearerResourceAllocationReject, procedureTransactionIdentity: transaction)
      message.set(BearerResourceAllocationReject.esmCause, cause)
    case .bearerResourceModificationRequest:
      message = NASMessage(.bearerResourceModificationReject, procedureTransactionIdentity: transaction)
      message.set(BearerResourceModificationReject.esmCause, cause)
    default:
      message = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: transaction)
      message.set(PDNConnectivityReject.esmCause, cause)
    }
    return message
  }
}

extension MME {
  /// ESM STATUS (§6.7): with certain causes it ends the procedure that it is about.
  mutating func esmStatus(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    let cause = try? message[ESMStatus.esmCause]
    let identity = message.epsBearerIdentity
    drop(.notCompatibleWithState("ESM STATUS received for bearer \(identity): \(cause?.description ?? "no cause")"), on: id)
    guard let index = connections[id]?.subject.verified, let procedure = connections[id]?.bearerProcedure(identity) else { return }
    switch cause {
    case .some(.invalidEPSBearerIdentity):
      // The UE does not have the bearer: a deactivation is done, anything else is pointless.
      ues[index].removeBearer(identity)
    case .some(.invalidPTIValue), .some(.messageTypeNonExistentOrNotImplemented), .some(.messageTypeNotCompatibleWithTheProtocolState):
      break
    default: return
    }
    endBearerProcedure(identity, on: id)
    reportProcedure("\(procedure.kind.name) of bearer \(identity) ended by ESM STATUS", on: id)
    runQueue(on: id, using: &engine)
  }
}
