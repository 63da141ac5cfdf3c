import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// TS 24.301 §5.6.2.3: a call waits, and the UE is connected. The answer is EXTENDED SERVICE REQUEST, at once or when the
  /// procedure that runs is done (§5.5.3.2.6 p).
  mutating func callAnnounced(
    _ notification: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    let name = notification.type.name
    if case .deregisteredInitiated = machine {
      return discard(.notCompatibleWithState("ignored while a detach is running (§5.5.2.2.4 i)"), name, into: &outputs)
    }
    guard registration.isRegisteredForNonEPS, var registered = machine.registered else {
      return notCompatible(notification, using: &engine, into: &outputs)
    }
    if registered.imsiDetach != nil {
      return discard(.notCompatibleWithState("ignored while a detach is running (§5.5.2.2.4 i)"), name, into: &outputs)
    }
    outputs.append(.event(.callAnnounced))
    registered.pendingCall = .terminating(accepted: configuration.acceptsCalls)
    switch machine {
    case .registered: machine = .registered(registered)
    case .trackingAreaUpdatingInitiated(var attempt):
      attempt.registered = registered
      machine = .trackingAreaUpdatingInitiated(attempt)
    case .serviceRequestInitiated(var attempt):
      attempt.registered = registered
      machine = .serviceRequestInitiated(attempt)
    case .null, .deregistered, .registeredInitiated, .deregisteredInitiated: break
    }
  }

  /// What waited for the end of a procedure.
  mutating func beginPendingCall(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    if case .registered(var registered) = machine, registered.owesIMSIDetach {
      registered.owesIMSIDetach = false
      machine = .registered(registered)
      startIMSIDetach(using: &engine, into: &outputs)
    }
    guard case .registered(var registered) = machine, let call = registered.pendingCall else { return }
    if connection == .idle {
      // Paged again if it still rings; what we began ourselves begins anew.
      registered.pendingCall = nil
      machine = .registered(registered)
      if call.isTerminating { return }
    } else {
      guard connection == .secured, !backOff.t3440Runs || call.isTerminating,
        registered.substate == .normalService || registered.substate == .attemptingToUpdateMM
      else { return }
      registered.pendingCall = nil
      machine = .registered(registered)
      // §5.3.1.2.1: the connection is used after all.
      stopAwaitingRelease(into: &outputs)
    }
    requestCSFallback(call, using: &engine, into: &outputs)
  }
}
