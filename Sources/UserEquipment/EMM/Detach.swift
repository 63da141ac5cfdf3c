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
    case .deregistered:
      // Nothing to leave: the network does not know us.
      machine = switchOff ? .null : machine
      outputs.append(.event(.detached(.byUser(switchOff: switchOff, acknowledged: false))))
      return
    case .registeredInitiated:
      // §5.5.1.2.7 g: the attach is aborted, the detach performed.
      stop(.t3410, into: &outputs)
    case .registered: break
    }
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
    guard case .deregisteredInitiated(let attempt) = machine, !attempt.switchOff else {
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
    let cause = try request[DetachRequestFromNetwork.emmCause]
    switch machine {
    case .null, .deregistered: return notCompatible(request, using: &engine, into: &outputs)
    case .registeredInitiated: stop(.t3410, into: &outputs)
    case .deregisteredInitiated: stop(.t3421, into: &outputs)
    case .registered: break
    }
    if type.kind == DetachType.imsiDetachByNetwork.kind {
      // Only the non-EPS services end (§5.5.2.3.2); we are attached for EPS services alone.
      send(NASMessage(.detachAccept).encoded(), using: &engine, into: &outputs)
      return
    }
    send(NASMessage(.detachAccept).encoded(), using: &engine, into: &outputs)
    let reattach = type.kind == DetachType.reattachRequired.kind
    leaveRegistered(into: &outputs)
    if let cause, !reattach {
      let effect = RejectEffect(cause)
      apply(effect, into: &outputs)
      machine = .deregistered(effect.substate, attempts: 0)
    } else {
      machine = .deregistered(.normalService, attempts: 0)
    }
    outputs.append(.event(.detached(.byNetwork(reattachRequired: reattach, cause: cause))))
  }

  /// What leaving EMM-REGISTERED does: bearers go, contexts follow §4.4.2.1 (g).
  mutating func leaveRegistered(into outputs: inout [Output]) {
    bearers = []
    forgetChallenge(into: &outputs)
    let before = contexts
    contexts.deregistered()
    if contexts != before { outputs.append(.securityContexts(contexts, why: "left for EMM-DEREGISTERED")) }
  }
}
