import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// ESM STATUS of the network (TS 24.301 §6.7).
  mutating func statusReceived(
    _ message: NASMessage, _ cause: ESMCause, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    outputs.append(.event(.status("ESM STATUS, cause \(cause)")))
    let bearer = message.epsBearerIdentity
    let transaction = message.procedureTransactionIdentity
    switch cause {
    case .invalidEPSBearerIdentity:
      abortTransactions(cause, into: &outputs) { bearer != 0 && $0.request.bearer == bearer }
      deactivateLocally(bearer, cause, using: &engine, into: &outputs)
    case .invalidPTIValue: abortTransactions(cause, into: &outputs) { $0.identity == transaction }
    case .messageTypeNonExistentOrNotImplemented:
      abortTransactions(cause, into: &outputs) { $0.identity == transaction || bearer != 0 && $0.request.bearer == bearer }
    default: break
    }
  }

  private mutating func abortTransactions(
    _ cause: ESMCause, into outputs: inout [Output], where isMeant: (SessionTransaction) -> Bool
  ) {
    for transaction in sessions.transactions where isMeant(transaction) {
      _ = endTransaction(transaction.identity, into: &outputs)
      outputs.append(.event(.sessionFailed(transaction.request, cause)))
    }
  }

  /// Without peer-to-peer signalling.
  mutating func deactivateLocally(
    _ identity: UInt8, _ cause: ESMCause, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard activeBearerIdentities.contains(identity) else { return }
    let wasDefault = bearers.contains { $0.epsBearerIdentity == identity }
    let last = endsWithEmergency ? LastConnection.forEmergency : .ordinary
    removeConnection(identity)
    dedicatedBearers.removeAll { $0.epsBearerIdentity == identity }
    outputs.append(.event(.bearerDeactivated(identity, cause)))
    if wasDefault, bearers.isEmpty { detachWithoutConnections(after: last, using: &engine, into: &outputs) }
  }

  /// §6.4.4.6, cases 1 to 4: what has no radio bearer while others have is deactivated without signalling.
  mutating func userPlaneChanged(_ established: Set<UInt8>, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard connection != .idle, machine.registered != nil, !established.isEmpty else { return }
    let before = activeBearerIdentities
    let last = keepBearers(established)
    for gone in before.subtracting(activeBearerIdentities).sorted() {
      outputs.append(.event(.bearerDeactivated(gone, .regularDeactivation)))
    }
    if let last { detachWithoutConnections(after: last, using: &engine, into: &outputs) }
  }

  /// §6.4.4.6: without any PDN connection there is no registration, for neither side supports that here. An attach follows, but where the UE
  /// is on its way to GERAN or UTRAN with a call, or wants to leave anyway.
  mutating func detachWithoutConnections(
    after last: LastConnection, attaches: Bool = true, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    var attaches = attaches
    switch machine {
    case .null, .deregistered, .registeredInitiated, .deregisteredInitiated: return
    case .registered: break
    case .trackingAreaUpdatingInitiated(let attempt):
      stop(.t3430, into: &outputs)
      attaches = !attempt.staysAway
    case .serviceRequestInitiated(let attempt):
      stop(attempt.reason.timer, into: &outputs)
      if case .csFallback = attempt.reason { attaches = false }
    }
    leaveRegistered(wasForEmergency: last == .forEmergency, into: &outputs)
    machine = .deregistered(.normalService, attempts: 0)
    backOff.isAttachUnwanted = !attaches
    outputs.append(.event(.detached(.locally)))
    releaseLocally(into: &outputs)
    if attaches { startAttach(using: &engine, into: &outputs) }
  }
}
