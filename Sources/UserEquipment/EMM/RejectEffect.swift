import NASMessages
import NASSecurity

/// What a reject cause does to identities, contexts and state (TS 24.301 §5.5.1.2.5, §5.5.1.2.6, §5.5.2.3.2, §5.5.2.3.4).
struct RejectEffect: Equatable {
  /// GUTI, TAI list, last visited TAI and eKSI are deleted.
  var deletesIdentityAndContexts = false
  /// The USIM counts as invalid until power-off.
  var invalidatesUSIM = false
  /// The attach attempt counter jumps to its maximum.
  var countsAsLastAttempt = false
  /// nil where the status stays (abnormal cases set it when the attempts are used up).
  var updateStatus: EPSUpdateStatus?
  var substate: EMMState.Deregistered

  init(deletesIdentityAndContexts: Bool, _ status: EPSUpdateStatus? = nil, substate: EMMState.Deregistered) {
    self.deletesIdentityAndContexts = deletesIdentityAndContexts
    updateStatus = status
    self.substate = substate
  }

  /// ATTACH REJECT.
  init(attach cause: EMMCause) {
    switch cause.rawValue {
    case 3, 6, 8:  // illegal UE, illegal ME, EPS services and non-EPS services not allowed
      (deletesIdentityAndContexts, invalidatesUSIM, substate) = (true, true, .noIMSI)
    case 7:  // EPS services not allowed
      (deletesIdentityAndContexts, invalidatesUSIM, substate) = (true, true, .limitedService)
    case 11, 14, 35:  // PLMN, EPS services in this PLMN, service option not allowed
      (deletesIdentityAndContexts, substate) = (true, .plmnSearch)
    case 42:  // severe network failure
      (deletesIdentityAndContexts, countsAsLastAttempt, substate) = (true, true, .plmnSearch)
      updateStatus = .notUpdated
    case 12, 13, 15:  // tracking area, roaming in it not allowed; no suitable cells in it
      (deletesIdentityAndContexts, substate) = (true, .limitedService)
    case 95, 96, 97, 99, 111:  // semantically incorrect message and its kin
      (countsAsLastAttempt, substate) = (true, .attemptingToAttach)
    default:
      substate = .attemptingToAttach
    }
    if deletesIdentityAndContexts, updateStatus == nil { updateStatus = .roamingNotAllowed }
  }

  /// DETACH REQUEST of the network, "re-attach not required", with a cause other than #2.
  init(detach cause: EMMCause?) {
    switch cause?.rawValue {
    case 3, 6, 8: (deletesIdentityAndContexts, invalidatesUSIM, substate) = (true, true, .noIMSI)
    case 7: (deletesIdentityAndContexts, invalidatesUSIM, substate) = (true, true, .limitedService)
    case 11, 13, 14: (deletesIdentityAndContexts, substate) = (true, .plmnSearch)
    case 12, 15: (deletesIdentityAndContexts, substate) = (true, .limitedService)
    case 25: substate = .limitedService
    default:  // §5.5.2.3.4 b; no cause as well
      (deletesIdentityAndContexts, substate) = (true, .attemptingToAttach)
      updateStatus = .notUpdated
    }
    if updateStatus == nil { updateStatus = .roamingNotAllowed }
  }
}

extension UE {
  mutating func apply(_ effect: RejectEffect, into outputs: inout [Output]) {
    if let status = effect.updateStatus { registration.updateStatus = status }
    if effect.invalidatesUSIM {
      usim.isValid = false
      startT3245(into: &outputs)
      // Said by one who could prove it, or too often by others: no T3247 makes it valid again (§5.5.1.2.5, §5.3.7b).
      unprotectedRejects.usimInvalidations = UnprotectedRejects.maximumUSIMInvalidations
    }
    guard effect.deletesIdentityAndContexts else { return }
    registration.forget()
    if contexts != SecurityContexts() {
      contexts.deleteAll()
      outputs.append(.securityContexts(contexts, why: "reject deletes the eKSI"))
    }
  }
}
