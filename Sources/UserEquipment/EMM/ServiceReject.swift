import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// TS 24.301 §5.6.1.5.
  mutating func serviceRejected(
    _ reject: NASMessage, protected: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) throws(NASDecodingError) {
    guard case .serviceRequestInitiated(let attempt) = machine else {
      return notCompatible(reject, using: &engine, into: &outputs)
    }
    let cause = try reject[ServiceReject.emmCause]
    if !protected, cause == .redirectionTo5GCNRequired {
      return discard(.protectionMissing, reject.type.name, into: &outputs)
    }
    forgetEquivalentPLMNs(after: cause, protected: protected)
    stop(attempt.reason.timer, into: &outputs)
    forgetChallenge(into: &outputs)
    var registered = attempt.registered
    registered.serviceAttempts = 0
    registered.wantsService = false
    let backOffValue = (try? reject[ServiceReject.t3346Value])?.duration.flatMap { $0 > .zero ? $0 : nil }
    let exact = RejectConsequence(service: cause, backOff: backOffValue)
    var result = consequence(of: cause, exact, protected: protected, into: &outputs)
    // §5.6.1.5: after a request for an emergency call no attach follows by itself, and T3440 is none of its (§5.3.1.2.1 d, e).
    if attempt.reason == .emergencyConnection, result.next == .reattach {
      result.next = .deregistered(.normalService)
      result.awaitsRelease = false
    }
    if case .csFallback = attempt.reason {
      switch cause.rawValue {
      case 9, 10, 40:
        // §5.3.1.2.1 d, e and the new attach are for requests of packet services.
        if result.next == .reattach { result.next = .deregistered(.normalService) }
        result.awaitsRelease = false
      // "CS domain not available": until a combined update succeeds.
      case 18: circumstances.isCSFallbackBarred = true
      // §5.3.1.2.1 g: from idle, the bearers being down.
      case 39: result.awaitsRelease = attempt.fromIdle && !isAccessStratumSecured
      default: break
      }
      if result.next == .abnormal {
        // §5.6.1.6 e, no GERAN or UTRAN cell being found.
        registration.updateStatus = .notUpdated
        registered.substate = .attemptingToUpdate
      }
    }
    if case .backOff(let value) = result.next {
      // Begun again, if still wanted, when the back-off ends.
      registered.wantsService = attempt.reason == .userData
      startBackOff(value, protected: protected, into: &outputs)
    }
    apply(result, cause: cause, registered: registered, into: &outputs)
    if cause == .csServiceTemporarilyNotAvailable, let value = (try? reject[ServiceReject.t3442Value])?.duration, value > .zero {
      backOff.t3442Runs = true
      outputs.append(.startTimer(.t3442, after: value))
    }
    if cause == .congestion, attempt.reason.isControlPlane, let value = (try? reject[ServiceReject.t3448Value]) ?? nil {
      takeT3448(ofReject: value, protected: protected, into: &outputs)
    }
    outputs.append(.event(.serviceFailed(.rejected(cause))))
    dropWaitingSessions(into: &outputs)
    if result.next == .abnormal {
      // §5.6.1.6 e: what the request holds is let go, unless it was for CS fallback.
      if case .csFallback = attempt.reason { return }
      releaseLocally(into: &outputs)
    }
  }
}
