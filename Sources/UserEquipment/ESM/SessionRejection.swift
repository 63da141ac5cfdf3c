import NASCrypto
import NASMessages

/// What a rejection by the network's ESM says of trying again (TS 24.301 §6.5.1.4, §6.5.3.4, §6.5.4.4).
struct SessionRejection: Sendable, Equatable {
  var cause: ESMCause
  /// Back-off timer value, where the message has one.
  var value: GPRSTimer3?
  var reattempt: ReattemptIndicator?
  /// The message was integrity protected.
  var isProven = true
  /// Not inside ATTACH REJECT.
  var isStandalone = true

  /// For how long the procedure is held back; nil: not at all, or as the cause says by itself.
  func backOff(of procedure: SessionProcedure) -> GPRSTimer3? {
    guard !ignoresValue(procedure) else { return nil }
    if cause == .requestedAPNNotSupportedInCurrentRATAndPLMNCombination, procedure == .connectivity {
      // §6.5.1.4.3: until switching off, where no value came; unprotected, one is drawn whatever came.
      return value ?? .deactivated
    }
    if let value { return value }
    // Where no value comes and none is configured, 12 minutes with some causes; inside ATTACH REJECT none.
    return isStandalone && hasUsualValue(procedure) ? GPRSTimer3(seconds: 720) : nil
  }

  /// What holds here holds in the equivalent PLMNs; without a value the indicator counts with #66 alone.
  func forbidsEquivalents(_ procedure: SessionProcedure) -> Bool {
    guard reattempt?.forbidsEquivalentPLMNs == true else { return false }
    return value != nil || cause == .requestedAPNNotSupportedInCurrentRATAndPLMNCombination && procedure == .connectivity
  }

  /// The PDN type is what is wrong: no request with it goes by itself (#50, #51, #57, #58, #61).
  var forbidsPDNType: Bool { [50, 51, 57, 58, 61].contains(cause.rawValue) }

  private func ignoresValue(_ procedure: SessionProcedure) -> Bool {
    switch procedure {
    case .connectivity: forbidsPDNType || cause.rawValue == 54 || cause.rawValue == 65
    case .allocation: cause.rawValue == 65
    case .modification: false
    }
  }

  private func hasUsualValue(_ procedure: SessionProcedure) -> Bool {
    switch cause.rawValue {
    case 8, 27: procedure == .connectivity
    case 32, 33: true
    default: false
    }
  }
}

extension UE {
  /// What a rejection of a standalone request does to the bearers (§6.5.2.4, §6.5.3.5 b, §6.5.4.4.1, §6.5.4.5).
  mutating func applyRejection(
    of request: SessionRequest, _ cause: ESMCause, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    switch request {
    // §6.5.1.4.1 a: who wants the emergency call is told, and seeks it elsewhere.
    case .connect, .connectForEmergency: break
    case .disconnect(let linked):
      // The network does not know the connection, or is none the wiser: it ends here.
      if cause != .lastPDNDisconnectionNotAllowed { deactivateLocally(linked, cause, using: &engine, into: &outputs) }
    case .allocate(let linked, _, _):
      if cause == .invalidEPSBearerIdentity { deactivateLocally(linked, cause, using: &engine, into: &outputs) }
    case .modify(let bearer, let flows, _):
      if cause == .invalidEPSBearerIdentity || cause == .requestRejectedUnspecified && releasesAll(of: bearer, flows) {
        deactivateLocally(bearer, cause, using: &engine, into: &outputs)
      }
    }
  }

  /// §6.5.2.5 b, c: the PDN connection of this bearer is being disconnected, so what the network wants of it is ignored.
  func isBeingDisconnected(_ linked: UInt8) -> Bool { sessions.transactions.contains { $0.request == .disconnect(linked: linked) } }

  /// §6.5.3.5 c, §6.5.4.5 c: the network deactivates the bearer, so what was asked for it is aborted.
  mutating func abortRequests(for bearer: UInt8, into outputs: inout [Output]) {
    for transaction in sessions.transactions {
      switch transaction.request {
      case .allocate(let linked, _, _) where linked == bearer: break
      case .modify(bearer, _, _): break
      default: continue
      }
      _ = endTransaction(transaction.identity, into: &outputs)
      outputs.append(.event(.sessionFailed(transaction.request, nil)))
    }
  }
}
