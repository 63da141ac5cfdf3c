import NASMessages

/// The list of equivalent PLMNs (TS 24.301 §5.3.4).
extension UE {
  /// §5.5.1.2.4, §5.5.3.2.4: the network's list takes the place of the stored one, without forbidden ones and with the registered PLMN; none
  /// deletes it.
  mutating func adoptEquivalentPLMNs(_ list: PLMNList?) {
    guard let list else {
      registration.equivalentPLMNs = []
      return
    }
    let registered = selectedPLMN
    let named = list.plmns.filter { $0 != registered && (configuration.attachesForEmergency || hasEmergencyConnection || !isForbidden($0)) }
    registration.equivalentPLMNs = named + [registered]
  }

  /// §5.5.3.2.4: the PDN connection for emergencies went, and forbidden PLMNs leave the list with it.
  mutating func removeForbiddenEquivalents() {
    let registered = selectedPLMN
    let left = registration.equivalentPLMNs.filter { $0 == registered || !isForbidden($0) }
    registration.equivalentPLMNs = left
  }

  private func isForbidden(_ plmn: PLMN) -> Bool { forbidden.plmns.contains(plmn) || forbidden.plmnsForPacketServices.contains(plmn) }

  /// The PLMN of the cell; before any is known the configured one.
  var selectedPLMN: PLMN { servingTrackingArea?.plmn ?? configuration.plmn }

  /// §5.3.4: the PLMNs of the list count as one another.
  func isEquivalent(_ one: PLMN, to other: PLMN) -> Bool {
    one == other || registration.equivalentPLMNs.contains(one) && registration.equivalentPLMNs.contains(other)
  }

  /// §5.3.9: T3346 runs, but for another PLMN than this one and its equivalents; it does not stand against procedures here.
  var isBackOffOfAnotherPLMN: Bool {
    guard backOff.t3346Runs, let plmn = backOff.t3346PLMN, let area = servingTrackingArea else { return false }
    return !isEquivalent(plmn, to: area.plmn)
  }

  /// §5.3.9: T3346 of another PLMN stops when a procedure of mobility management begins here.
  mutating func stopBackOffOfAnotherPLMN(into outputs: inout [Output]) {
    if isBackOffOfAnotherPLMN { stopBackOff(into: &outputs) }
  }

  /// T3402 as long as the network said, if it was this PLMN or an equivalent one, else the default (§5.3.6 d, e).
  var t3402: Duration {
    guard let plmn = registration.t3402PLMN, let area = servingTrackingArea, !isEquivalent(plmn, to: area.plmn) else {
      return registration.t3402
    }
    return EMMTimer.t3402.defaultDuration
  }

  /// What an accept or a reject says of T3402; nil, or deactivated: the default (§5.3.6).
  mutating func takeT3402(_ value: GPRSTimer?) {
    registration.t3402 = value?.duration ?? EMMTimer.t3402.defaultDuration
    registration.t3402PLMN = selectedPLMN
  }

  /// §5.3.4: of an emergency registration the list does not outlive it.
  mutating func forgetListOfEmergency() {
    if isAttachedForEmergency { registration.equivalentPLMNs = [] }
  }

  /// The causes that delete it (§5.5.1.2.5, §5.5.3.2.5, §5.6.1.5, §5.5.2.3.2); unprotected, those that §5.3.7b turns into "elsewhere" too.
  mutating func forgetEquivalentPLMNs(after cause: EMMCause, protected: Bool) {
    switch cause.rawValue {
    case 3, 6, 8, 11, 13, 14, 35, 42: registration.equivalentPLMNs = []
    case 7 where !protected: registration.equivalentPLMNs = []
    default: break
    }
  }
}
