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
  ///
  /// - Parameter wasEstablished: false when it could not be made, so that the initial NAS message was never sent.
  mutating func connectionEnded(wasEstablished: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard connection != .idle else { return }
    if !wasEstablished, connection == .open, let initial = keNBTrigger, contexts.current?.kasme == initial.kasme {
      contexts.withCurrent { $0.takeBack(initial.count) }
    }
    enterIdle(wasEstablished: wasEstablished, into: &outputs)
    switch machine {
    case .null, .deregistered, .registered: afterRelease(using: &engine, into: &outputs)
    case .serviceRequestInitiated(let attempt) where attempt.reason == .controlPlane(paged: false, hasData: true):
      // §5.6.1.4.2, case b: the data were taken.
      serviceSucceeded(into: &outputs)
      afterRelease(using: &engine, into: &outputs)
    case .serviceRequestInitiated:
      // §5.6.1.6 b.
      serviceAttemptFailed(.connectionLost, into: &outputs)
    case .trackingAreaUpdatingInitiated:
      // §5.5.3.2.6 b.
      updateAttemptFailed(.connectionLost, into: &outputs)
    case .registeredInitiated:
      // §5.5.1.2.6 b: lower layer failure.
      attachAttemptFailed(.connectionLost, into: &outputs)
    case .deregisteredInitiated:
      // §5.5.2.2.4 b: the detach counts as done.
      finishDetach(acknowledged: false, into: &outputs)
      afterRelease(using: &engine, into: &outputs)
    }
  }

  /// We let the connection go ourselves.
  mutating func releaseLocally(into outputs: inout [Output]) {
    guard connection != .idle else { return }
    enterIdle(wasEstablished: true, into: &outputs)
    outputs.append(.releaseConnection)
  }

  /// EMM-IDLE: what belongs to a NAS signalling connection ends with it (§5.4.2.3 d, §5.4.2.7).
  mutating func enterIdle(wasEstablished: Bool, into outputs: inout [Output]) {
    connection = .idle
    if wasEstablished { startECallTimer(into: &outputs) }
    keNBTrigger = nil
    forgetAccessStratum(into: &outputs)
    lastSent = nil
    isHandedOver = false
    isAccessStratumSecured = false
    // §5.5.2.2.4 b.
    finishIMSIDetach(acknowledged: false, into: &outputs)
    stopAwaitingRelease(into: &outputs)
    stopAwaitingAcceptance(into: &outputs)
    abortTransactions(into: &outputs)
    forgetChallenge(into: &outputs)
    if authentication.consecutiveFailures > 0 { stop(.t3418, .t3420, into: &outputs) }
    authentication = AuthenticationProgress()
    // §5.4.2.7: of the next connection's network nothing is known yet.
    if circumstancesBox != nil { circumstances.keepsEmergencyConnectionAlone = false }
  }

  /// §4.4.3.5: instead of a message that would wrap the COUNT the UE releases the connection; it deletes the eKSI of the
  /// current context before it sends again.
  mutating func countExhausted(into outputs: inout [Output]) {
    forgetExhaustedContext(into: &outputs)
    switch machine {
    case .registeredInitiated: attachAttemptFailed(.countExhausted, into: &outputs)
    case .trackingAreaUpdatingInitiated: updateAttemptFailed(.countExhausted, into: &outputs)
    case .serviceRequestInitiated: serviceAttemptFailed(.countExhausted, into: &outputs)
    case .deregisteredInitiated: finishDetach(acknowledged: false, into: &outputs)
    case .null, .deregistered, .registered: break
    }
    releaseLocally(into: &outputs)
  }

  /// §4.4.3.5, before a procedure: of a connection whose COUNT is used up the UE lets go, and what comes next comes without its context.
  mutating func leaveExhaustedContext(into outputs: inout [Output]) {
    guard let current = contexts.current, current.counts.nextToSend == nil else { return }
    releaseLocally(into: &outputs)
    forgetExhaustedContext(into: &outputs)
  }

  /// Deletes the current context if its uplink COUNT is used up.
  mutating func forgetExhaustedContext(into outputs: inout [Output]) {
    guard let current = contexts.current, current.counts.nextToSend == nil else { return }
    contexts.deleteCurrent()
    outputs.append(.securityContexts(contexts, why: "uplink NAS COUNT exhausted"))
  }

  mutating func expired(_ timer: EMMTimer, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    switch timer {
    case .forbiddenAreas: forbiddenAreasErased(using: &engine, into: &outputs)
    case .t3325:
      guard backOff.t3325Runs else { return }
      backOff.t3325Runs = false
      proceedWithWhatIsOwed(using: &engine, into: &outputs)
    case .t3346: backOffEnded(using: &engine, into: &outputs)
    case .t3412: periodicUpdateDue(using: &engine, into: &outputs)
    case .t3417, .t3417ext, .t3417extMT: serviceUnanswered(into: &outputs)
    case .t3430: updateUnanswered(using: &engine, into: &outputs)
    case .t3440: releaseOverdue(using: &engine, into: &outputs)
    case .t3442: backOff.t3442Runs = false
    case .t3444, .t3445: eCallTimerExpired(timer)
    case .t3245: t3245Expired(using: &engine, into: &outputs)
    case .t3312: t3312Expired(into: &outputs)
    case .t3323: t3323Expired(into: &outputs)
    case .t3423: t3423Expired(into: &outputs)
    case .t3448: if circumstancesBox != nil { circumstances.t3448PLMN = nil }
    case .t3449: backOff.t3449Runs = false
    case .t3402, .t3411:
      switch machine {
      case .registered, .serviceRequestInitiated: return retryUpdate(after: timer, using: &engine, into: &outputs)
      case .null, .deregistered, .registeredInitiated, .trackingAreaUpdatingInitiated, .deregisteredInitiated: break
      }
      if !hasCoverage, circumstances.before == .deregistered(.attemptingToAttach) {
        circumstances.isProcedureDue = true
        return
      }
      guard case .deregistered(.attemptingToAttach, _) = machine else { return }
      // Only the expiry of T3402 resets the attach attempt counter (§5.5.1.1).
      if timer == .t3402 { machine = .deregistered(.attemptingToAttach, attempts: 0) }
      // A network that never released the connection after its reject: as T3440 would (§5.3.1.2.1).
      releaseLocally(into: &outputs)
      guard !backOff.isAttachUnwanted else { return }
      startAttach(using: &engine, into: &outputs)
    case .t3247:
      unprotectedRejectsForgotten(using: &engine, into: &outputs)
    case .t3410:
      guard case .registeredInitiated(let attempt) = machine else { return }
      // §5.5.1.2.6 c: the connection is released locally, then it counts as a failed attempt.
      releaseLocally(into: &outputs)
      attachAttemptFailed(.noAnswer(timer: .t3410, attempts: attempt.number), into: &outputs)
    case .t3416:
      authentication.answered = nil
    case .t3418, .t3420:
      guard authentication.consecutiveFailures > 0 else { return }
      guard !isInEmergency else { return trustInEmergency(using: &engine, into: &outputs) }
      networkNotGenuine(into: &outputs)
    case .t3421:
      detachUnanswered(using: &engine, into: &outputs)
    }
  }
}
