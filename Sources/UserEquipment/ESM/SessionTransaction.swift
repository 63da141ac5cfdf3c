import NASCrypto
import NASMessages
import NASSecurity

/// What a UE asks of ESM (TS 24.301 §6.5).
public enum SessionRequest: Sendable, Equatable {
  /// An additional PDN connection; nil leaves the access point to the network.
  case connect(AccessPointName?)
  /// The PDN connection for emergency bearer services, of which there is one at most (§6.5.1.1).
  case connectForEmergency
  /// The PDN connection of this default bearer is to end.
  case disconnect(linked: UInt8)
  /// A dedicated bearer for these flows, beside this default bearer.
  case allocate(linked: UInt8, TrafficFlowTemplate, EPSQoS)
  /// Other flows or another QoS on this bearer.
  case modify(bearer: UInt8, TrafficFlowTemplate, EPSQoS?)
}

/// A timer of ESM: one for each procedure transaction, T3396 for each access point (TS 24.301 Table 10.3.1), a back-off timer for each
/// procedure, PLMN and access point (§6.3.6).
public struct ESMTimer: Hashable, Sendable, CustomStringConvertible {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Guards BEARER RESOURCE ALLOCATION REQUEST; 8 s.
    case t3480 = "T3480"
    /// Guards BEARER RESOURCE MODIFICATION REQUEST; 8 s.
    case t3481 = "T3481"
    /// Guards PDN CONNECTIVITY REQUEST; 8 s.
    case t3482 = "T3482"
    /// Guards PDN DISCONNECT REQUEST; 6 s.
    case t3492 = "T3492"
    /// Congestion of an access point, as long as the network says.
    case t3396 = "T3396"
    /// Another cause than congestion, as long as the network says; 12 min with some causes where it says nothing (§6.5.1.4.3).
    case backOff = "back-off timer"

    public var duration: Duration {
      switch self {
      case .t3480, .t3481, .t3482: .seconds(8)
      case .t3492: .seconds(6)
      case .t3396, .backOff: .zero
      }
    }
  }

  public var kind: Kind
  /// 0 for T3396 and the back-off timer.
  public var procedureTransactionIdentity: UInt8
  /// Of T3396 and the back-off timer: nil where the UE asked for no access point.
  public var accessPointName: AccessPointName?
  /// Of the back-off timer.
  public var procedure: SessionProcedure?
  public var plmn: PLMN?

  public init(_ kind: Kind, procedureTransactionIdentity: UInt8) {
    self.kind = kind
    self.procedureTransactionIdentity = procedureTransactionIdentity
  }

  public init(t3396 name: AccessPointName?) {
    self.init(.t3396, procedureTransactionIdentity: 0)
    accessPointName = name
  }

  public init(backOff procedure: SessionProcedure, _ plmn: PLMN, _ name: AccessPointName?) {
    self.init(.backOff, procedureTransactionIdentity: 0)
    self.procedure = procedure
    self.plmn = plmn
    accessPointName = name
  }

  public var description: String {
    let name = accessPointName?.description ?? "no access point"
    return switch kind {
    case .t3396: "\(kind.rawValue) of \(name)"
    case .backOff:
      "\(kind.rawValue) of \(procedure?.rawValue ?? "no procedure"), PLMN \(plmn?.description ?? "none"), \(name)"
    case .t3480, .t3481, .t3482, .t3492: "\(kind.rawValue) of transaction \(procedureTransactionIdentity)"
    }
  }
}

extension SessionRequest {
  /// PDN CONNECTIVITY REQUEST asks for it.
  var isForConnection: Bool {
    switch self {
    case .connect, .connectForEmergency: true
    case .disconnect, .allocate, .modify: false
    }
  }

  /// The bearer that it is about; nil of a new PDN connection.
  var bearer: UInt8? {
    switch self {
    case .connect, .connectForEmergency: nil
    case .disconnect(let bearer), .allocate(let bearer, _, _), .modify(let bearer, _, _): bearer
    }
  }
}

/// A transaction that the UE began and the network has not answered.
struct SessionTransaction: Sendable, Equatable {
  var identity: UInt8
  var request: SessionRequest
  /// The plain message; each retransmission is protected anew.
  var message: [UInt8]
  var transmissions: Int

  /// T3480, T3481, T3482 and T3492 let a message be sent five times (§6.5.1.5 and its kin).
  static let maximumTransmissions = 5

  var timer: ESMTimer {
    let kind: ESMTimer.Kind =
      switch request {
      case .connect, .connectForEmergency: .t3482
      case .disconnect: .t3492
      case .allocate: .t3480
      case .modify: .t3481
      }
    return ESMTimer(kind, procedureTransactionIdentity: identity)
  }
}

extension UE {
  /// Begins a transaction; from EMM-IDLE once a service request brought the connection.
  mutating func requestSession(_ request: SessionRequest, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    if request == .connectForEmergency, isUpdatingOrRequestingService, !isForbiddenInEmergency(request) {
      // §4.2: while the EMM procedure runs no ESM message is sent; it begins with the end of that.
      return sessions.waiting.append(request)
    }
    guard case .registered = machine, isPossible(request), !isForbiddenInEmergency(request), !isBackedOff(request) else {
      outputs.append(.event(.sessionFailed(request, nil)))
      return
    }
    if case .disconnect(let linked) = request {
      guard !isBeingDisconnected(linked) else { return }
      if leavesNoConnection(without: linked), !configuration.deviations.contains(.disconnectLastPDNConnection) {
        // §6.5.2.1, §5.5.2.1 b: without any PDN connection the UE would not be registered.
        return startDetach(switchOff: false, using: &engine, into: &outputs)
      }
    }
    stopAwaitingReleaseForData(into: &outputs)
    if request == .connectForEmergency, backOff.t3440Runs {
      // §5.3.1.2.1: it does not wait for the release.
      stopAwaitingRelease(into: &outputs)
      releaseLocally(into: &outputs)
    }
    guard connection == .secured else {
      sessions.waiting.append(request)
      guard connection == .idle else { return }
      requestService(request == .connectForEmergency ? .emergencyConnection : .userData, using: &engine, into: &outputs)
      // Nothing began: nobody waits for an emergency call's connection without being told.
      if connection == .idle { dropEmergencyConnection(into: &outputs) }
      return
    }
    let identity = newProcedureTransactionIdentity()
    let transaction = SessionTransaction(
      identity: identity, request: request, message: message(request, identity).encoded(), transmissions: 0)
    sessions.transactions.append(transaction)
    transmit(identity, using: &engine, into: &outputs)
  }

  var isUpdatingOrRequestingService: Bool {
    switch machine {
    case .trackingAreaUpdatingInitiated, .serviceRequestInitiated: true
    case .null, .deregistered, .registeredInitiated, .registered, .deregisteredInitiated: false
    }
  }

  /// No PDN connection stays beside this one: there is none, or those that are there end already.
  private func leavesNoConnection(without linked: UInt8) -> Bool {
    !bearers.contains { $0.epsBearerIdentity != linked && !isBeingDisconnected($0.epsBearerIdentity) }
  }

  /// The bearer that the request is about is there.
  private func isPossible(_ request: SessionRequest) -> Bool {
    switch request {
    case .connect, .connectForEmergency: true
    case .disconnect(let linked), .allocate(let linked, _, _): bearers.contains { $0.epsBearerIdentity == linked }
    case .modify(let bearer, _, _): activeBearerIdentities.contains(bearer)
    }
  }

  /// The procedure and the access point that a back-off is about; nil where a request has none.
  private func backOffKey(of request: SessionRequest) -> (SessionProcedure, AccessPointName?)? {
    switch request {
    case .connect(let name): (.connectivity, name)
    case .allocate(let bearer, _, _): requestedName(of: bearer).map { (.allocation, $0) }
    case .modify(let bearer, _, _): requestedName(of: bearer).map { (.modification, $0) }
    // §6.3.5, §6.3.6: nothing holds the connection for emergencies back, and it holds nothing back.
    case .disconnect, .connectForEmergency: nil
    }
  }

  private func message(_ request: SessionRequest, _ identity: UInt8) -> NASMessage {
    switch request {
    case .connect(let name):
      var message = NASMessage(.pdnConnectivityRequest, procedureTransactionIdentity: identity)
      message.set(PDNConnectivityRequest.requestType, .initialRequest)
      message.set(PDNConnectivityRequest.pdnType, configuration.pdnType)
      message.set(PDNConnectivityRequest.accessPointName, name)
      return message
    case .connectForEmergency:
      // §6.5.1.2: without an access point.
      var message = NASMessage(.pdnConnectivityRequest, procedureTransactionIdentity: identity)
      message.set(PDNConnectivityRequest.requestType, .emergency)
      message.set(PDNConnectivityRequest.pdnType, configuration.pdnType)
      return message
    case .disconnect(let linked):
      var message = NASMessage(.pdnDisconnectRequest, procedureTransactionIdentity: identity)
      message.set(PDNDisconnectRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: linked))
      return message
    case .allocate(let linked, let flows, let qos):
      var message = NASMessage(.bearerResourceAllocationRequest, procedureTransactionIdentity: identity)
      message.set(BearerResourceAllocationRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: linked))
      message.set(BearerResourceAllocationRequest.trafficFlowAggregate, flows)
      message.set(BearerResourceAllocationRequest.requiredTrafficFlowQoS, qos)
      return message
    case .modify(let bearer, let flows, let qos):
      var message = NASMessage(.bearerResourceModificationRequest, procedureTransactionIdentity: identity)
      message.set(BearerResourceModificationRequest.epsBearerIdentityForPacketFilter, LinkedEPSBearerIdentity(rawValue: bearer))
      message.set(BearerResourceModificationRequest.trafficFlowAggregate, flows)
      message.set(BearerResourceModificationRequest.requiredTrafficFlowQoS, qos)
      if releasesAll(of: bearer, flows) { message.set(BearerResourceModificationRequest.esmCause, .regularDeactivation) }
      return message
    }
  }

  /// No packet filter is left of this dedicated bearer: its release is what is asked for (§6.5.4.2).
  func releasesAll(of bearer: UInt8, _ flows: TrafficFlowTemplate) -> Bool {
    guard flows.operation == .deletePacketFilters, let dedicated = dedicatedBearers.first(where: { $0.epsBearerIdentity == bearer })
    else { return false }
    return dedicated.trafficFlowTemplate.packetFilters.allSatisfy { flows.deletedFilters.contains($0.identifier) }
  }

  private mutating func transmit(_ identity: UInt8, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard let index = sessions.transactions.firstIndex(where: { $0.identity == identity }) else { return }
    sessions.transactions[index].transmissions += 1
    let transaction = sessions.transactions[index]
    send(transaction.message, using: &engine, into: &outputs)
    // The COUNT may have ended with it, and the transaction with the connection.
    guard sessions.transactions.contains(transaction) else { return }
    outputs.append(.startSessionTimer(transaction.timer, after: transaction.timer.kind.duration))
  }

  /// T3480, T3481, T3482, T3492: four retransmissions; at the fifth expiry the procedure is aborted. For an emergency call T3482 expires once
  /// (§6.5.1.5 a).
  mutating func sessionTimerExpired(_ timer: ESMTimer, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    if timer.kind == .t3396 || timer.kind == .backOff { return sessionBackOffEnded(timer, using: &engine, into: &outputs) }
    guard let transaction = sessions.transactions.first(where: { $0.timer == timer }) else { return }
    // §4.2: suspended while the EMM procedure runs, which its own timer bounds.
    if isUpdatingOrRequestingService { return outputs.append(.startSessionTimer(timer, after: timer.kind.duration)) }
    if transaction.transmissions < SessionTransaction.maximumTransmissions, transaction.request != .connectForEmergency {
      return transmit(transaction.identity, using: &engine, into: &outputs)
    }
    sessions.transactions.removeAll { $0.identity == transaction.identity }
    outputs.append(.event(.sessionFailed(transaction.request, nil)))
    switch transaction.request {
    case .connect, .connectForEmergency, .allocate: break
    case .disconnect(let linked):
      // §6.5.2.5 a: the bearers of the connection go without signalling.
      deactivateLocally(linked, .regularDeactivation, using: &engine, into: &outputs)
    case .modify(let bearer, let flows, _):
      // §6.5.4.5 a.
      if releasesAll(of: bearer, flows) { deactivateLocally(bearer, .regularDeactivation, using: &engine, into: &outputs) }
    }
  }

  /// Ends a transaction that the network answered.
  ///
  /// - Returns: nil where no transaction has this identity.
  mutating func endTransaction(_ identity: UInt8, into outputs: inout [Output]) -> SessionTransaction? {
    guard let index = sessions.transactions.firstIndex(where: { $0.identity == identity }) else { return nil }
    let transaction = sessions.transactions.remove(at: index)
    outputs.append(.stopSessionTimer(transaction.timer))
    return transaction
  }

  /// The connection is gone, or the registration: transactions end with it, without success.
  mutating func abortTransactions(into outputs: inout [Output]) {
    for transaction in sessions.transactions {
      outputs.append(.stopSessionTimer(transaction.timer))
      outputs.append(.event(.sessionFailed(transaction.request, nil)))
    }
    sessions.transactions = []
  }

  /// The service request for them failed.
  mutating func dropWaitingSessions(into outputs: inout [Output]) {
    for request in sessions.waiting { outputs.append(.event(.sessionFailed(request, nil))) }
    sessions.waiting = []
  }

  /// The connection is there: what waited for it begins.
  mutating func beginWaitingSessions(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard connection == .secured, case .registered = machine, !sessions.waiting.isEmpty else { return }
    let waiting = sessions.waiting
    sessions.waiting = []
    for request in waiting { requestSession(request, using: &engine, into: &outputs) }
  }

  /// A rejection of the network: ignored unless it answers a transaction of that kind (§7.3.1 a-d, §7.3.2 a-d).
  mutating func sessionRejected(
    _ reject: NASMessage, _ rejection: SessionRejection, isAnswer: (SessionRequest) -> Bool, using engine: inout CryptoEngine,
    into outputs: inout [Output]
  ) {
    let identity = reject.procedureTransactionIdentity
    guard reject.epsBearerIdentity == 0, let transaction = sessions.transactions.first(where: { $0.identity == identity }),
      isAnswer(transaction.request)
    else {
      return discard(.notCompatibleWithState("no transaction of ours waits for it"), reject.type.name, into: &outputs)
    }
    _ = endTransaction(identity, into: &outputs)
    if let (procedure, name) = backOffKey(of: transaction.request) { holdBack(procedure, name, rejection, into: &outputs) }
    outputs.append(.event(.sessionFailed(transaction.request, rejection.cause)))
    applyRejection(of: transaction.request, rejection.cause, using: &engine, into: &outputs)
  }
}

/// ESM's transactions and what waits to become one.
struct Sessions: Sendable, Equatable {
  var transactions: [SessionTransaction] = []
  var waiting: [SessionRequest] = []
  /// The last request of the network that was accepted within a transaction: it may come again (§7.3.1 g, i, k).
  var lastAccepted: [UInt8] = []
}
