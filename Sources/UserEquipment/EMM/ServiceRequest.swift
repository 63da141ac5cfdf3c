import NASCrypto
import NASMessages
import NASSecurity

/// Why a service request runs (TS 24.301 §5.6.1.1).
enum ServiceReason: Sendable, Equatable {
  /// Case a: the network paged us.
  case paging
  /// Cases b and c: user data or signalling wait.
  case userData
  /// Case b as well: a PDN connection for emergency bearer services is wanted.
  case emergencyConnection
  /// Cases d and e: a call leaves for GERAN or UTRAN (EXTENDED SERVICE REQUEST).
  case csFallback(CSFallback)
  /// Control plane CIoT optimization (CONTROL PLANE SERVICE REQUEST), perhaps with user data in it.
  case controlPlane(paged: Bool, hasData: Bool)

  /// The timer that guards the request (§5.6.1.2).
  var timer: EMMTimer {
    switch self {
    case .paging, .userData, .emergencyConnection, .controlPlane: .t3417
    case .csFallback(.terminating): .t3417extMT
    case .csFallback(.originating), .csFallback(.emergency): .t3417ext
    }
  }

  var isControlPlane: Bool { if case .controlPlane = self { true } else { false } }

  /// Not counted and not held back (§5.6.1.6 c, m).
  var isAnswerToPaging: Bool {
    switch self {
    case .paging, .csFallback(.terminating), .controlPlane(paged: true, hasData: _): true
    case .userData, .emergencyConnection, .csFallback(.originating), .csFallback(.emergency), .controlPlane(paged: false, hasData: _): false
    }
  }
}

/// A call that falls back to GERAN or UTRAN.
public enum CSFallback: Sendable, Equatable {
  case originating
  case emergency
  /// The network announced a call; the user takes it or not.
  case terminating(accepted: Bool)

  var isTerminating: Bool { if case .terminating = self { true } else { false } }
}

/// A service request under way.
struct ServiceAttempt: Sendable, Equatable {
  var reason: ServiceReason
  var registered: UE.Registered
  /// It opened the connection.
  var fromIdle = true
}

extension UE {
  static let maximumServiceAttempts = 5

  /// §5.6.1.2.1: SERVICE REQUEST, if nothing stands against it.
  mutating func requestService(_ reason: ServiceReason, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered(var registered) = machine else { return }
    registered.wantsService = registered.wantsService || reason == .userData
    machine = .registered(registered)
    // Over a connection that is there the network brings the bearers up; where it is about to go, they wait (§5.3.1.2.1).
    guard connection == .idle else { return }
    if reason == .userData, !isInEmergency {
      stopBackOffOfAnotherPLMN(into: &outputs)
      if backOff.t3346Runs { return outputs.append(.event(.serviceFailed(.backedOff(.t3346)))) }
      if backOff.t3325Runs { return outputs.append(.event(.serviceFailed(.backedOff(.t3325)))) }
    }
    if let obstacle = obstacle(isExempt: reason == .paging || reason == .emergencyConnection) {
      return outputs.append(.event(.serviceFailed(obstacle)))
    }
    switch registered.substate {
    case .normalService, .attemptingToUpdateMM, .imsiDetachInitiated: break
    case .attemptingToUpdate:
      // No user data; a paging is answered with an update (§5.2.3.2.2).
      // Nor signalling, but for an emergency call.
      if reason == .paging || reason == .emergencyConnection {
        startUpdate(
          EPSUpdateType(.taUpdating, isActive: true), answersPaging: reason == .paging, using: &engine, into: &outputs)
      }
      return
    case .updateNeeded:
      // §5.2.3.2.5: nothing but the answer to a paging, and an update for an emergency call. The answer is a service request where one may be
      // sent (§5.6.1.1: EU1, within the TAI list), else an update, which access barring does not stand against then (§5.6.2.2.1.1, §5.5.3.2.6 a).
      guard reason == .paging else {
        if reason == .emergencyConnection {
          startUpdate(EPSUpdateType(.taUpdating, isActive: true), using: &engine, into: &outputs)
        }
        return
      }
      forgetExhaustedContext(into: &outputs)
      if contexts.current != nil, !needsUpdate, registration.updateStatus == .updated {
        return sendServiceRequest(reason, registered, using: &engine, into: &outputs)
      }
      return startUpdate(EPSUpdateType(.taUpdating, isActive: true), answersPaging: true, using: &engine, into: &outputs)
    case .limitedService, .plmnSearch, .noCellAvailable: return
    }
    // §5.5.3.2.6: a failed update that left EU1 UPDATED and NORMAL-SERVICE waits for T3411, and stands against no service request (§5.6.1.1).
    let waitsForT3411 = registered.updateAttempts > 0 && registered.substate == .normalService && registration.updateStatus == .updated
    if needsUpdate || registered.owedUpdate != nil && !waitsForT3411 {
      // With the active flag the update brings the bearers along (§5.5.3.2.2).
      return startUpdate(
        EPSUpdateType(.taUpdating, isActive: true), answersPaging: reason == .paging, using: &engine, into: &outputs)
    }
    forgetExhaustedContext(into: &outputs)
    guard contexts.current != nil else {
      // A SERVICE REQUEST is nothing without its short MAC; the update may go without a context (§5.5.3.2.2).
      return startUpdate(
        EPSUpdateType(.taUpdating, isActive: true), answersPaging: reason == .paging, using: &engine, into: &outputs)
    }
    sendServiceRequest(reason, registered, using: &engine, into: &outputs)
  }

  private mutating func sendServiceRequest(
    _ reason: ServiceReason, _ registered: Registered, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard let pdu = protectedServiceRequest(using: &engine) else { return }
    machine = .serviceRequestInitiated(ServiceAttempt(reason: reason, registered: registered))
    connection = .open
    outputs.append(.startTimer(.t3417, after: EMMTimer.t3417.defaultDuration))
    // Annex D: user data of a UE attached for emergency bearer services are those of the call.
    let cause: EstablishmentCause =
      switch reason {
      case .paging: .mobileTerminatedAccess
      case .emergencyConnection: .emergency
      case .userData, .csFallback, .controlPlane: isAttachedForEmergency ? .emergency : .mobileOriginatedData
      }
    outputs.append(.establishConnection(initialMessage(pdu, cause: cause)))
  }

  /// SERVICE REQUEST with the next COUNT, which KeNB comes from; nil when the COUNT is exhausted.
  private mutating func protectedServiceRequest(using engine: inout CryptoEngine) -> [UInt8]? {
    let protected = contexts.withCurrent { context -> ([UInt8], KeNBTrigger)? in
      guard let count = context.counts.nextToSend, let pdu = try? context.serviceRequest(using: &engine) else { return nil }
      return (pdu, KeNBTrigger(kasme: context.kasme, count: count))
    }
    guard let (pdu, trigger) = protected else { return nil }
    keNBTrigger = trigger
    lastSent = SentMessage(pdu: pdu, plain: [])
    return pdu
  }

  /// §5.6.1.6 j: once more, over the connection that it was to open.
  mutating func resendServiceRequest(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard connection != .idle else { return }
    guard contexts.current != nil, let pdu = protectedServiceRequest(using: &engine) else { return countExhausted(into: &outputs) }
    outputs.append(.uplinkNAS(pdu))
  }

  /// The lower layers say that the bearers for user data are up.
  mutating func userPlaneEstablished(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    // §5.3.1.2.1: the connection is in use after all.
    stopAwaitingRelease(into: &outputs)
    switch machine {
    case .serviceRequestInitiated(let attempt):
      // The point where protection goes on under the current context (§4.4.2.3).
      connection = .secured
      if case .csFallback = attempt.reason { return }
      if case .controlPlane = attempt.reason { awaitAcceptance(into: &outputs) }
      serviceSucceeded(into: &outputs)
    case .registered(var registered):
      guard registered.wantsService else { return }
      registered.wantsService = false
      machine = .registered(registered)
      outputs.append(.event(.serviceEstablished))
    case .null, .deregistered, .registeredInitiated, .trackingAreaUpdatingInitiated, .deregisteredInitiated: break
    }
  }

  /// §5.6.1.4.
  mutating func serviceSucceeded(into outputs: inout [Output]) {
    guard case .serviceRequestInitiated(let attempt) = machine else { return }
    var registered = attempt.registered
    registered.serviceAttempts = 0
    registered.wantsService = false
    stop(attempt.reason.timer, into: &outputs)
    forgetChallenge(into: &outputs)
    if backOff.t3325Runs {
      backOff.t3325Runs = false
      stop(.t3325, into: &outputs)
    }
    machine = .registered(registered)
    outputs.append(.event(.serviceEstablished))
  }

  /// §5.6.1.6 b, c: the request failed without a final answer; the connection is gone or goes.
  mutating func serviceAttemptFailed(_ failure: ServiceFailure, into outputs: inout [Output]) {
    guard case .serviceRequestInitiated(let attempt) = machine else { return }
    stop(attempt.reason.timer, into: &outputs)
    forgetChallenge(into: &outputs)
    var registered = attempt.registered
    registered.wantsService = false
    if case .csFallback = attempt.reason {
      // §5.6.1.6 b, d, no GERAN or UTRAN cell being found.
      registration.updateStatus = .notUpdated
      registered.substate = .attemptingToUpdate
    } else if case .noAnswer = failure, !attempt.reason.isAnswerToPaging, !isInEmergency {
      registered.serviceAttempts = min(registered.serviceAttempts + 1, UE.maximumServiceAttempts)
      if registered.serviceAttempts >= UE.maximumServiceAttempts {
        backOff.t3325Runs = true
        outputs.append(.startTimer(.t3325, after: EMMTimer.t3325.defaultDuration))
      }
    }
    machine = .registered(registered)
    outputs.append(.event(.serviceFailed(failure)))
    dropWaitingSessions(into: &outputs)
  }

  /// T3417, T3417ext or T3417ext-mt expired (§5.6.1.6 c, d): a connection that the request opened goes; who was connected stays it.
  mutating func serviceUnanswered(into outputs: inout [Output]) {
    guard case .serviceRequestInitiated(let attempt) = machine else { return }
    serviceAttemptFailed(.noAnswer(timer: attempt.reason.timer, attempts: attempt.registered.serviceAttempts + 1), into: &outputs)
    if attempt.fromIdle { releaseLocally(into: &outputs) }
  }
}
