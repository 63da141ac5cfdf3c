import NASCrypto
import NASMessages
import NASSecurity

/// Where the authentication of the network stands (TS 24.301 §5.4.2).
struct AuthenticationProgress: Sendable, Equatable {
  /// The last challenge and our answer while T3416 runs: the same RAND again gets the same RES without the USIM.
  var answered: Answered?
  /// Failures in a row; the third makes the network not genuine.
  var consecutiveFailures = 0
  var lastFailure: EMMCause?

  struct Answered: Sendable, Equatable {
    var rand: [UInt8]
    var res: [UInt8]
  }
}

extension UE {
  /// §5.4.2.3, §5.4.2.6.
  mutating func authenticationRequested(
    _ request: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  )
    throws(NASDecodingError)
  {
    let eKSI = try request[AuthenticationRequest.nasKeySetIdentifier]
    let rand = Array(try request[AuthenticationRequest.authenticationParameterRAND].octets)
    let autn = Array(try request[AuthenticationRequest.authenticationParameterAUTN].octets)
    switch machine {
    case .null, .deregistered: return notCompatible(request, using: &engine, into: &outputs)
    case .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: break
    }
    guard eKSI.value < 7 else {
      // 111 is for "no key is available" in the other direction (§9.9.3.21): invalid mandatory information.
      return status(.invalidMandatoryInformation, about: request, using: &engine, into: &outputs)
    }
    if let answered = authentication.answered, answered.rand == rand {
      respond(answered.res, using: &engine, into: &outputs)
      return
    }
    switch usim.authenticate(rand: rand, autn: autn, using: &engine) {
    case .success(let success):
      // Bit 0 of AMF tells an EPS authentication from a GSM or UMTS one (TS 33.102 Annex H, TS 33.401 §6.1.2).
      guard success.amf & 0x8000 != 0 else {
        return fail(.nonEPSAuthenticationUnacceptable, guardedBy: .t3418, using: &engine, into: &outputs)
      }
      let kasme = engine.deriveKASME(
        ck: success.ck, ik: success.ik, servingNetwork: plmnOfKASME.wireOctets, sqnXorAK: success.sqnXorAK)
      contexts.authenticated(PartialNativeSecurityContext(kasme: kasme, keySetIdentifier: eKSI.value))
      if authentication.consecutiveFailures > 0 {
        stop(.t3418, .t3420, into: &outputs)
        restartProcedureTimer(into: &outputs)
      }
      authentication = AuthenticationProgress(answered: .init(rand: rand, res: success.res))
      outputs.append(.startTimer(.t3416, after: EMMTimer.t3416.defaultDuration))
      outputs.append(.securityContexts(contexts, why: "AKA succeeded"))
      respond(success.res, using: &engine, into: &outputs)
    case .macFailure:
      fail(.macFailure, guardedBy: .t3418, using: &engine, into: &outputs)
    case .synchronisationFailure(let auts):
      fail(.synchFailure, auts: auts, guardedBy: .t3420, using: &engine, into: &outputs)
    }
  }

  /// §5.4.2.3: the selected PLMN; after a handover the one that the cell broadcasts, or that of the GUTI if the cell is shared.
  private var plmnOfKASME: PLMN {
    guard isHandedOver, let serving = servingTrackingArea?.plmn else { return configuration.plmn }
    return configuration.campsOnSharedCells ? registration.guti?.plmn ?? serving : serving
  }

  private mutating func respond(_ res: [UInt8], using engine: inout CryptoEngine, into outputs: inout [Output]) {
    var response = NASMessage(.authenticationResponse)
    response.set(AuthenticationResponse.authenticationResponseParameter, AuthenticationResponseParameter(res))
    send(response.encoded(), using: &engine, into: &outputs)
  }

  private mutating func fail(
    _ cause: EMMCause, auts: [UInt8]? = nil, guardedBy timer: EMMTimer, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    forgetChallenge(into: &outputs)
    authentication.consecutiveFailures += 1
    authentication.lastFailure = cause
    var failure = NASMessage(.authenticationFailure)
    failure.set(AuthenticationFailure.emmCause, cause)
    if let auts { failure.set(AuthenticationFailure.authenticationFailureParameter, AuthenticationFailureParameter(auts)) }
    send(failure.encoded(), using: &engine, into: &outputs)
    // The timers of the procedure that was running stand still until the network proves itself (§5.4.2.7).
    switch machine {
    case .registeredInitiated: stop(.t3410, into: &outputs)
    case .trackingAreaUpdatingInitiated: stop(.t3430, into: &outputs)
    case .serviceRequestInitiated(let attempt): stop(attempt.reason.timer, into: &outputs)
    case .deregisteredInitiated: stop(.t3421, into: &outputs)
    case .registered(let registered): if registered.imsiDetach != nil { stop(.t3421, into: &outputs) }
    case .null, .deregistered: break
    }
    if authentication.consecutiveFailures >= 3 {
      stop(.t3418, .t3420, into: &outputs)
      networkNotGenuine(into: &outputs)
    } else {
      stop(timer == .t3418 ? .t3420 : .t3418, into: &outputs)
      outputs.append(.startTimer(timer, after: timer.defaultDuration))
    }
  }

  /// §5.4.2.7 f: the network is left, and the lower layers are to treat the cell as barred.
  mutating func networkNotGenuine(into outputs: inout [Output]) {
    let lastFailure = authentication.lastFailure
    let failure = Failure.networkNotGenuine(lastFailure: lastFailure)
    authentication = AuthenticationProgress()
    outputs.append(.event(.status(failure.description)))
    if connection != .idle { outputs.append(.event(.activeCellBarred)) }
    switch machine {
    case .registeredInitiated: attachAttemptFailed(failure, into: &outputs)
    case .trackingAreaUpdatingInitiated: updateAttemptFailed(.networkNotGenuine(lastFailure: lastFailure), into: &outputs)
    case .serviceRequestInitiated: serviceAttemptFailed(.networkNotGenuine(lastFailure: lastFailure), into: &outputs)
    case .deregisteredInitiated: finishDetach(acknowledged: false, into: &outputs)
    case .null, .deregistered, .registered: break
    }
    releaseLocally(into: &outputs)
  }

  /// §5.4.2.5: AUTHENTICATION REJECT.
  mutating func authenticationRejected(
    _ reject: NASMessage, protected: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    switch machine {
    case .null, .deregistered: return notCompatible(reject, using: &engine, into: &outputs)
    case .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: break
    }
    stop(.t3410, .t3417, .t3418, .t3420, .t3421, .t3430, into: &outputs)
    if case .serviceRequestInitiated(let attempt) = machine, attempt.reason.timer != .t3417 { stop(attempt.reason.timer, into: &outputs) }
    forgetChallenge(into: &outputs)
    let failure = authentication.lastFailure
    authentication = AuthenticationProgress()
    let wasAttaching = if case .registeredInitiated = machine { true } else { false }
    leaveRegistered(into: &outputs)
    // Unprotected it has the effect of an unprotected reject with cause #3 (§5.4.2.5 b, §5.3.7b).
    let effect = protected ? RejectEffect(attach: .illegalUE) : unprotectedReject(.illegalUE, into: &outputs)
    // Item 1 a of §5.3.7b deletes the list; §5.4.2.5 a does not.
    if effect != RejectEffect(attach: .illegalUE) { registration.equivalentPLMNs = [] }
    apply(effect, into: &outputs)
    machine = .deregistered(effect.substate, attempts: 0)
    if wasAttaching {
      outputs.append(.event(.attachFailed(.authenticationRejected(protected: protected, failure: failure))))
    } else {
      outputs.append(.event(.detached(.byNetwork(reattachRequired: false, cause: nil))))
    }
  }

  /// RAND and RES are forgotten, T3416 stopped (§5.4.2.3).
  mutating func forgetChallenge(into outputs: inout [Output]) {
    guard authentication.answered != nil else { return }
    authentication.answered = nil
    stop(.t3416, into: &outputs)
  }

  /// After a success the timers that a failure stopped run again (§5.4.2.7).
  mutating func restartProcedureTimer(into outputs: inout [Output]) {
    switch machine {
    case .registeredInitiated: outputs.append(.startTimer(.t3410, after: EMMTimer.t3410.defaultDuration))
    case .trackingAreaUpdatingInitiated: outputs.append(.startTimer(.t3430, after: EMMTimer.t3430.defaultDuration))
    case .serviceRequestInitiated(let attempt):
      outputs.append(.startTimer(attempt.reason.timer, after: attempt.reason.timer.defaultDuration))
    case .deregisteredInitiated: outputs.append(.startTimer(.t3421, after: EMMTimer.t3421.defaultDuration))
    case .registered(let registered):
      if registered.imsiDetach != nil { outputs.append(.startTimer(.t3421, after: EMMTimer.t3421.defaultDuration)) }
    case .null, .deregistered: break
    }
  }
}
