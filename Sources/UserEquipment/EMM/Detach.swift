import NASCrypto
import NASMessages
import NASSecurity

/// A detach that the user started (TS 24.301 §5.5.2.2).
struct DetachAttempt: Sendable, Equatable {
  /// The plain DETACH REQUEST; each retransmission is protected anew.
  var request: [UInt8]
  var transmissions: Int
  var switchOff: Bool
}

extension UE {
  static let maximumDetachTransmissions = 5

  /// §5.5.2.2.1.
  mutating func startDetach(switchOff: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    switch machine {
    case .null, .deregisteredInitiated: return
    case .deregistered(let substate, _):
      // Nothing to leave: the network does not know us. But no attach is wanted any more.
      if substate == .attemptingToAttach { stop(.t3411, .t3402, into: &outputs) }
      if unprotectedRejects.timerRuns {
        unprotectedRejects.timerRuns = false
        stop(.t3247, into: &outputs)
      }
      machine = switchOff ? .null : .deregistered(substate == .noIMSI ? .noIMSI : .normalService, attempts: 0)
      outputs.append(.event(.detached(.byUser(switchOff: switchOff, acknowledged: false))))
      return
    case .registeredInitiated:
      // §5.5.1.2.6 f: the attach is aborted, the detach performed.
      stop(.t3410, into: &outputs)
    case .trackingAreaUpdatingInitiated(var attempt):
      guard switchOff else {
        // §5.5.3.2.6 m: after the update.
        attempt.detachesAfterwards = true
        machine = .trackingAreaUpdatingInitiated(attempt)
        return
      }
      stop(.t3430, into: &outputs)
    case .serviceRequestInitiated(let attempt): stop(attempt.reason.timer, into: &outputs)
    case .registered(let registered):
      if registered.owedUpdate != nil || registered.substate != .normalService { stop(.t3411, .t3402, into: &outputs) }
    }
    stopAwaitingRelease(into: &outputs)
    var request = NASMessage(.detachRequestFromUE)
    request.set(DetachRequestFromUE.detachType, .epsDetach.switchingOff(switchOff))
    request.set(DetachRequestFromUE.nasKeySetIdentifier, contexts.eKSI)
    request.set(DetachRequestFromUE.epsMobileIdentity, registration.guti.map(EPSMobileIdentity.guti) ?? .imsi(configuration.imsi))
    machine = .deregisteredInitiated(DetachAttempt(request: request.encoded(), transmissions: 0, switchOff: switchOff))
    transmitDetachRequest(using: &engine, into: &outputs)
  }

  private mutating func transmitDetachRequest(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .deregisteredInitiated(var attempt) = machine else { return }
    attempt.transmissions += 1
    machine = .deregisteredInitiated(attempt)
    if connection == .idle {
      guard let pdu = protectInitial(attempt.request, using: &engine) else { return countExhausted(into: &outputs) }
      connection = .open
      outputs.append(.establishConnection(initialMessage(pdu, cause: .mobileOriginatedSignalling)))
    } else {
      send(attempt.request, using: &engine, into: &outputs)
    }
    if attempt.switchOff {
      leaveRegistered(into: &outputs)
      machine = .null
      outputs.append(.event(.detached(.byUser(switchOff: true, acknowledged: false))))
    } else {
      outputs.append(.startTimer(.t3421, after: EMMTimer.t3421.defaultDuration))
    }
  }

  /// §5.5.2.2.2: DETACH ACCEPT.
  mutating func detachAccepted(_ accept: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .deregisteredInitiated = machine else {
      return notCompatible(accept, using: &engine, into: &outputs)
    }
    finishDetach(acknowledged: true, into: &outputs)
  }

  /// T3421 expired (§5.5.2.2.4 c).
  mutating func detachUnanswered(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .deregisteredInitiated(let attempt) = machine else { return }
    if attempt.transmissions < UE.maximumDetachTransmissions {
      transmitDetachRequest(using: &engine, into: &outputs)
    } else {
      finishDetach(acknowledged: false, into: &outputs)
      releaseLocally(into: &outputs)
    }
  }

  mutating func finishDetach(acknowledged: Bool, into outputs: inout [Output]) {
    stop(.t3421, into: &outputs)
    leaveRegistered(into: &outputs)
    machine = .deregistered(.normalService, attempts: 0)
    outputs.append(.event(.detached(.byUser(switchOff: false, acknowledged: acknowledged))))
  }

  /// §5.5.2.3: the network detaches us.
  mutating func detachRequested(
    _ request: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  )
    throws(NASDecodingError)
  {
    let type = try request[DetachRequestFromNetwork.detachType]
    let cause = (try? request[DetachRequestFromNetwork.emmCause]) ?? nil
    let reattach = type.kind == DetachType.reattachRequired.kind
    // Only the non-EPS services end (§5.5.2.3.2, cause #2 too); we are attached for EPS services alone.
    let staysAttached = type.kind == DetachType.imsiDetachByNetwork.kind || (!reattach && cause == .imsiUnknownInHSS)
    var releases = false
    switch machine {
    case .null, .deregistered: return notCompatible(request, using: &engine, into: &outputs)
    case .registeredInitiated:
      // §5.5.1.2.6 g.
      if staysAttached {
        return discard(.notCompatibleWithState("ignored while an attach is running (§5.5.1.2.6 g)"), request.type.name, into: &outputs)
      }
      releases = reattach
      stop(.t3410, into: &outputs)
    case .deregisteredInitiated: if !staysAttached { stop(.t3421, into: &outputs) }
    case .trackingAreaUpdatingInitiated:
      // §5.5.3.2.6 f.
      if staysAttached {
        return discard(
          .notCompatibleWithState("ignored while a tracking area update is running (§5.5.3.2.6 f)"), request.type.name, into: &outputs)
      }
      stop(.t3430, into: &outputs)
    case .serviceRequestInitiated(let attempt): if !staysAttached { stop(attempt.reason.timer, into: &outputs) }  // §5.6.1.6 h
    case .registered: break
    }
    stopAwaitingRelease(into: &outputs)
    let isLeaving = if case .deregisteredInitiated = machine { true } else { false }
    send(NASMessage(.detachAccept).encoded(), using: &engine, into: &outputs)
    if staysAttached {
      registration.nonEPS = nil
      return
    }
    leaveRegistered(into: &outputs)
    if reattach {
      // The attach follows the release of the connection (§5.5.2.3.2), unless we are leaving anyway (§5.5.2.2.4 d).
      machine = .deregistered(isLeaving ? .normalService : .attachNeeded, attempts: 0)
    } else {
      let effect = RejectEffect(detach: cause)
      apply(effect, into: &outputs)
      machine = .deregistered(effect.substate, attempts: 0)
      if effect.substate == .attemptingToAttach { outputs.append(.startTimer(.t3402, after: registration.t3402)) }
    }
    outputs.append(.event(.detached(.byNetwork(reattachRequired: reattach, cause: cause))))
    guard releases, connection != .idle else { return }
    releaseLocally(into: &outputs)
    startAttach(using: &engine, into: &outputs)
  }

  /// What leaving EMM-REGISTERED does: bearers go, contexts follow §4.4.2.1 (g).
  mutating func leaveRegistered(into outputs: inout [Output]) {
    bearers = []
    dedicatedBearers = []
    abortTransactions(into: &outputs)
    sessions = Sessions()
    forgetChallenge(into: &outputs)
    let before = contexts
    contexts.deregistered()
    if contexts != before { outputs.append(.securityContexts(contexts, why: "left for EMM-DEREGISTERED")) }
  }
}
