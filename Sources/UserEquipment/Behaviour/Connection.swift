import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// The eNB activated AS security: KeNB comes from the COUNT of the message that triggered it (TS 33.401 §7.2.6, §7.2.8).
  mutating func deriveKeNB(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard let trigger = keNBTrigger else { return }
    let keNB = engine.deriveKeNB(kasme: trigger.kasme, uplinkNASCount: trigger.count.value)
    outputs.append(.keNB(keNB, uplinkNASCount: trigger.count))
  }

  /// The RRC connection is gone and with it the NAS signalling connection (TS 24.301 §5.3.1.2).
  mutating func connectionEnded(into outputs: inout [Output]) {
    guard connection != .idle else { return }
    connection = .idle
    keNBTrigger = nil
    forgetChallenge(into: &outputs)
    stop(.t3418, .t3420, into: &outputs)
    switch machine {
    case .null, .deregistered, .registered: break
    case .registeredInitiated:
      // §5.5.1.2.7 b: lower layer failure.
      attachAttemptFailed(.connectionLost, into: &outputs)
    case .deregisteredInitiated:
      // §5.5.2.2.4 b: the detach counts as done.
      finishDetach(acknowledged: false, into: &outputs)
    }
  }

  /// We let the connection go ourselves.
  mutating func releaseLocally(into outputs: inout [Output]) {
    guard connection != .idle else { return }
    connection = .idle
    keNBTrigger = nil
    outputs.append(.releaseConnection)
  }

  /// §4.4.3.5: before its next message would wrap the COUNT the UE deletes the eKSI and releases the connection.
  mutating func countExhausted(into outputs: inout [Output]) {
    contexts.deleteAll()
    outputs.append(.securityContexts(contexts, why: "uplink NAS COUNT exhausted"))
    switch machine {
    case .registeredInitiated: attachAttemptFailed(.countExhausted, into: &outputs)
    case .deregisteredInitiated: finishDetach(acknowledged: false, into: &outputs)
    case .null, .deregistered, .registered: break
    }
    releaseLocally(into: &outputs)
  }

  mutating func expired(_ timer: EMMTimer, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    switch timer {
    case .t3402, .t3411:
      guard case .deregistered(.attemptingToAttach, let attempts) = machine else { return }
      if timer == .t3402 { machine = .deregistered(.attemptingToAttach, attempts: 0) }
      _ = attempts
      startAttach(using: &engine, into: &outputs)
    case .t3410:
      guard case .registeredInitiated(let attempt) = machine else { return }
      // §5.5.1.2.7 c: the connection is released locally, then it counts as a failed attempt.
      releaseLocally(into: &outputs)
      attachAttemptFailed(.noAnswer(timer: .t3410, attempts: attempt.number), into: &outputs)
    case .t3416:
      authentication.answered = nil
    case .t3418, .t3420:
      networkNotGenuine(into: &outputs)
    case .t3421:
      detachUnanswered(using: &engine, into: &outputs)
    }
  }
}
