import NASMessages
import NASSecurity

/// What a reject cause does to identities, contexts and state (TS 24.301 §5.5.1.2.5, §5.5.2.3.2).
struct RejectEffect {
  /// GUTI, TAI list, last visited TAI and eKSI are deleted.
  var deletesIdentityAndContexts: Bool
  /// The USIM counts as invalid until power-off.
  var invalidatesUSIM: Bool
  /// The attach attempt counter jumps to its maximum.
  var countsAsLastAttempt: Bool
  var substate: EMMState.Deregistered

  init(_ cause: EMMCause) {
    deletesIdentityAndContexts = false
    invalidatesUSIM = false
    countsAsLastAttempt = false
    switch cause.rawValue {
    case 3, 6, 8:  // illegal UE, illegal ME, EPS services and non-EPS services not allowed
      (deletesIdentityAndContexts, invalidatesUSIM, substate) = (true, true, .noIMSI)
    case 7:  // EPS services not allowed
      (deletesIdentityAndContexts, invalidatesUSIM, substate) = (true, true, .limitedService)
    case 11, 14, 35:  // PLMN not allowed, EPS services not allowed in this PLMN, requested service option not authorized
      (deletesIdentityAndContexts, substate) = (true, .plmnSearch)
    case 12:  // tracking area not allowed
      (deletesIdentityAndContexts, substate) = (true, .limitedService)
    case 13, 15:  // roaming not allowed in this tracking area, no suitable cells in tracking area
      (deletesIdentityAndContexts, substate) = (true, .limitedService)
    case 95, 96, 97, 99, 111:  // semantically incorrect message and its kin
      (countsAsLastAttempt, substate) = (true, .attemptingToAttach)
    default:
      substate = .attemptingToAttach
    }
  }
}

extension UE {
  mutating func apply(_ effect: RejectEffect, into outputs: inout [Output]) {
    if effect.invalidatesUSIM { usim.isValid = false }
    guard effect.deletesIdentityAndContexts else { return }
    registration.forget()
    if contexts != SecurityContexts() {
      contexts.deleteAll()
      outputs.append(.securityContexts(contexts, why: "reject cause deletes the eKSI"))
    }
  }
}
