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

  /// Without peer-to-peer signalling. With the last PDN connection the registration goes, and an attach follows (§6.4.4.6).
  mutating func deactivateLocally(
    _ identity: UInt8, _ cause: ESMCause, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard activeBearerIdentities.contains(identity) else { return }
    let wasDefault = bearers.contains { $0.epsBearerIdentity == identity }
    removeConnection(identity)
    dedicatedBearers.removeAll { $0.epsBearerIdentity == identity }
    outputs.append(.event(.bearerDeactivated(identity, cause)))
    guard wasDefault, bearers.isEmpty, case .registered = machine else { return }
    leaveRegistered(into: &outputs)
    machine = .deregistered(.normalService, attempts: 0)
    outputs.append(.event(.detached(.locally)))
    releaseLocally(into: &outputs)
    startAttach(using: &engine, into: &outputs)
  }
}
