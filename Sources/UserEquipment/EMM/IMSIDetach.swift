import NASCrypto
import NASMessages
import NASSecurity

/// A detach for non-EPS services alone, within EMM-REGISTERED.IMSI-DETACH-INITIATED (TS 24.301 §5.5.2.2.3).
struct IMSIDetachAttempt: Sendable, Equatable {
  /// The plain DETACH REQUEST; each retransmission is protected anew.
  var request: [UInt8]
  var transmissions: Int
}

extension UE {
  /// §5.5.2.2.1: the user wants no non-EPS services any more.
  mutating func startIMSIDetach(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    stopAwaitingReleaseForData(into: &outputs)
    guard case .registered(var registered) = machine, registered.substate == .normalService, registration.isRegisteredForNonEPS,
      !backOff.t3440Runs, obstacle() == nil
    else { return }
    leaveExhaustedContext(into: &outputs)
    registered.substate = .imsiDetachInitiated
    registered.imsiDetach = IMSIDetachAttempt(request: detachRequest(.imsiDetachByUE).encoded(), transmissions: 0)
    machine = .registered(registered)
    transmitIMSIDetach(using: &engine, into: &outputs)
  }

  private mutating func transmitIMSIDetach(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered(var registered) = machine, var attempt = registered.imsiDetach else { return }
    attempt.transmissions += 1
    attempt.request = statingCurrentKeySet(attempt.request)
    registered.imsiDetach = attempt
    machine = .registered(registered)
    outputs.append(.startTimer(.t3421, after: EMMTimer.t3421.defaultDuration))
    if connection == .idle {
      guard let pdu = protectInitial(attempt.request, using: &engine) else { return countExhausted(into: &outputs) }
      connection = .open
      outputs.append(.establishConnection(initialMessage(pdu, cause: .mobileOriginatedSignalling)))
    } else {
      send(attempt.request, using: &engine, into: &outputs)
    }
  }

  /// T3421 expired (§5.5.2.2.4 c).
  mutating func imsiDetachUnanswered(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered(let registered) = machine, let attempt = registered.imsiDetach else { return }
    if attempt.transmissions < UE.maximumDetachTransmissions {
      transmitIMSIDetach(using: &engine, into: &outputs)
    } else {
      finishIMSIDetach(acknowledged: false, into: &outputs)
    }
  }

  /// DETACH ACCEPT, the last expiry or the loss of the connection: EPS services go on (§5.5.2.2.3, §5.5.2.2.4 b, c).
  mutating func finishIMSIDetach(acknowledged: Bool, into outputs: inout [Output]) {
    guard case .registered(var registered) = machine, registered.imsiDetach != nil else { return }
    stop(.t3421, into: &outputs)
    registered.imsiDetach = nil
    registered.substate = .normalService
    machine = .registered(registered)
    registration.nonEPS = nil
    outputs.append(.event(.nonEPSServicesEnded(acknowledged: acknowledged)))
    // §5.3.1.2.1 c: nobody wants the connection any longer.
    if acknowledged, !isAccessStratumSecured { awaitRelease(into: &outputs) }
  }

  /// IMSI detach by the network, or cause #2: EPS services go on (§5.5.2.3.2).
  mutating func nonEPSServicesEnded(
    by type: DetachType, isLeaving: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    let wereThere = registration.isRegisteredForNonEPS
    registration.nonEPS = nil
    abortCSFallback(into: &outputs)
    guard type.kind == DetachType.imsiDetachByNetwork.kind else {
      // #2: the USIM is good for EPS services alone from now on.
      isUSIMValidForNonEPS = false
      startT3245(into: &outputs)
      return
    }
    // The UE need not come back to them if it was leaving them itself (§5.5.2.2.4 d).
    if case .registered(let registered) = machine, registered.imsiDetach != nil {
      return finishIMSIDetach(acknowledged: false, into: &outputs)
    }
    guard wereThere, !isLeaving, wantsNonEPS else { return }
    if case .serviceRequestInitiated(var attempt) = machine {
      // §5.6.1.6 h: both procedures go on; the update follows the service request.
      attempt.registered.owesNonEPSUpdate = true
      machine = .serviceRequestInitiated(attempt)
      return
    }
    guard case .registered = machine else { return }
    startUpdate(EPSUpdateType(.taUpdating), using: &engine, into: &outputs)
  }

  /// §5.6.1.6 h: a call that is no emergency does not outlive the registration for non-EPS services.
  private mutating func abortCSFallback(into outputs: inout [Output]) {
    guard case .serviceRequestInitiated(let attempt) = machine, case .csFallback(let call) = attempt.reason, call != .emergency else {
      return
    }
    stop(attempt.reason.timer, into: &outputs)
    forgetChallenge(into: &outputs)
    machine = .registered(attempt.registered)
    outputs.append(.event(.serviceFailed(.nonEPSDetached)))
  }

  /// The re-attach for non-EPS services that waited for the end of a service request.
  mutating func beginNonEPSUpdate(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered(var registered) = machine, registered.owesNonEPSUpdate else { return }
    registered.owesNonEPSUpdate = false
    machine = .registered(registered)
    guard !registration.isRegisteredForNonEPS, wantsNonEPS else { return }
    startUpdate(registered.owedUpdate ?? EPSUpdateType(.taUpdating), using: &engine, into: &outputs)
  }

  /// Combined attach and updates are for a UE that wants non-EPS services and whose USIM is good for them, in a PLMN that did not say #18.
  var wantsNonEPS: Bool {
    configuration.registersForNonEPSServices && isUSIMValidForNonEPS
      && !(circumstancesBox != nil && circumstances.plmnsWithoutCS.contains(selectedPLMN))
  }
}
