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
    let registered = servingTrackingArea?.plmn ?? configuration.plmn
    let named = list.plmns.filter {
      $0 != registered
        && (configuration.attachesForEmergency || !forbidden.plmns.contains($0) && !forbidden.plmnsForPacketServices.contains($0))
    }
    registration.equivalentPLMNs = named + [registered]
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
