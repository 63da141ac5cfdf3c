import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// TS 24.301 §5.5.3.2.5.
  mutating func updateRejected(
    _ reject: NASMessage, protected: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) throws(NASDecodingError) {
    guard case .trackingAreaUpdatingInitiated(let attempt) = machine else {
      return notCompatible(reject, using: &engine, into: &outputs)
    }
    let cause = try reject[TrackingAreaUpdateReject.emmCause]
    forgetEquivalentPLMNs(after: cause, protected: protected)
    let backOffValue = (try? reject[TrackingAreaUpdateReject.t3346Value])?.duration.flatMap { $0 > .zero ? $0 : nil }
    let exact = RejectConsequence(update: cause, backOff: backOffValue)
    if exact.next == .abnormal {
      // §5.5.3.2.6 d.
      if !protected { _ = unprotectedReject(cause, into: &outputs) }
      updateAttemptFailed(.rejected(cause), isLast: exact.countsAsLastAttempt && !awaitsEmergencyConnection, into: &outputs)
      return awaitRelease(after: cause, into: &outputs)
    }
    stop(.t3430, into: &outputs)
    forgetChallenge(into: &outputs)
    var result = consequence(of: cause, exact, protected: protected, into: &outputs)
    var registered = attempt.registered
    let call = registered.pendingCall
    if result.next == .reattach, let call {
      // §5.5.3.2.5, §5.5.3.3.5: the UE looks for GERAN or UTRAN, and no attach follows. §5.3.1.2.1 d: nor T3440, but for #9 and #10 where
      // the call is one that the network paged for.
      result.next = .deregistered(.normalService)
      result.awaitsRelease = call.isTerminating && cause != .noEPSBearerContextActivated
    }
    if result.next == .reattach, awaitsEmergencyConnection {
      // §5.5.3.2.5: nor after an update for an emergency call.
      result.next = .deregistered(.normalService)
      result.awaitsRelease = false
    }
    dropEmergencyConnection(into: &outputs)
    registered.updateAttempts = 0
    registered.owedUpdate = nil
    if case .backOff(let value) = result.next {
      registered.substate = .attemptingToUpdate
      registered.owedUpdate = attempt.type
      startBackOff(value, protected: protected, into: &outputs)
    }
    if attempt.type.isCombined, cause == .roamingNotAllowedInThisTrackingArea || cause == .noSuitableCellsInTrackingArea {
      // §5.5.3.3.5: the next update says "combined TA/LA updating with IMSI attach".
      registration.nonEPS = nil
    }
    apply(result, cause: cause, registered: registered, into: &outputs)
    outputs.append(.event(.trackingAreaUpdateFailed(.rejected(cause))))
    if call != nil, machine.registered == nil { outputs.append(.event(.serviceFailed(.rejected(cause)))) }
    guard attempt.detachesAfterwards else { return }
    switch machine {
    case .registered: startDetach(switchOff: false, using: &engine, into: &outputs)
    case .deregistered: if attempt.staysAway { backOff.attachesAfterRelease = false }
    case .null, .registeredInitiated, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: break
    }
  }
}
