import UserEquipment

/// EMM states as TS 24.301 §5.1.3.2 names them, with substates and without.
public enum EMMStateNames {
  public static let all: [String] = {
    let states: [EMMState] = [
      .null, .registeredInitiated, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated,
    ]
    let registered = EMMState.Registered.allCases.map { "EMM-REGISTERED.\($0.rawValue)" }
    let deregistered = EMMState.Deregistered.allCases.map { EMMState.deregistered($0).description }
    return ["EMM-REGISTERED", "EMM-DEREGISTERED"] + states.map(\.description) + registered + deregistered
  }()

  /// Whether a state is the one named; a name without a substate stands for all of them.
  public static func names(_ name: String, _ state: EMMState) -> Bool {
    // NORMAL-SERVICE is left out of the words for it.
    let words = state == .registered ? "EMM-REGISTERED.NORMAL-SERVICE" : state.description
    return words == name || words.hasPrefix(name + ".")
  }
}
