/// Where the procedure that runs, or the substate, says itself what an event does, its clause takes the place of the event's own.
extension TransitionExplorer {
  /// The clause of a line of the table.
  func clause(of event: Event, in state: EMMState) -> String {
    TransitionExplorer.clause(of: event.name, in: state) ?? event.clause
  }

  private static func clause(of event: String, in state: EMMState) -> String? {
    switch event {
    case "new tracking area": ofNewArea(state)
    case "RRC connection released", "RRC connection could not be made": ofLostConnection(state)
    case "detach wanted": ofDetach(state, switchesOff: false)
    case "switch off": ofDetach(state, switchesOff: true)
    case "update wanted": state == .serviceRequestInitiated ? "§5.6.1.6 f" : nil
    case "AUTHENTICATION REQUEST (MAC wrong)": "§5.4.2.7 c"
    case "AUTHENTICATION REQUEST (separation bit 0)": "§5.4.2.7 d"
    case "AUTHENTICATION REQUEST (SQN out of range)": "§5.4.2.7 e"
    case let name where name.hasPrefix("DETACH REQUEST ("): ofDetachRequest(state)
    default: nil
    }
  }

  private static func ofNewArea(_ state: EMMState) -> String? {
    switch state {
    case .registeredInitiated: "§5.5.1.2.6 e"
    case .trackingAreaUpdatingInitiated: "§5.5.3.2.6 e"
    case .serviceRequestInitiated: "§5.6.1.6 f"
    case .deregisteredInitiated, .registeredSubstate(.imsiDetachInitiated): "§5.5.2.2.4 f"
    case .deregistered: "§5.2.2.3"
    case .registeredSubstate(.normalService), .registered, .null: nil
    case .registeredSubstate: "§5.2.3.2"
    }
  }

  private static func ofLostConnection(_ state: EMMState) -> String? {
    switch state {
    case .registeredInitiated: "§5.5.1.2.6 b"
    case .trackingAreaUpdatingInitiated: "§5.5.3.2.6 b"
    case .serviceRequestInitiated: "§5.6.1.6 b"
    case .deregisteredInitiated, .registeredSubstate(.imsiDetachInitiated): "§5.5.2.2.4 b"
    case .null, .deregistered, .registered, .registeredSubstate: nil
    }
  }

  private static func ofDetach(_ state: EMMState, switchesOff: Bool) -> String? {
    switch state {
    case .registeredInitiated: "§5.5.1.2.6 f"
    case .trackingAreaUpdatingInitiated: "§5.5.3.2.6 m"
    case .serviceRequestInitiated: switchesOff ? "§5.6.1.6 g" : nil
    case .null, .deregistered, .registered, .registeredSubstate, .deregisteredInitiated: nil
    }
  }

  private static func ofDetachRequest(_ state: EMMState) -> String? {
    switch state {
    case .registeredInitiated: "§5.5.1.2.6 g, §5.5.2.3.2"
    case .trackingAreaUpdatingInitiated: "§5.5.3.2.6 f, §5.5.2.3.2"
    case .serviceRequestInitiated: "§5.6.1.6 h, §5.5.2.3.2"
    case .deregisteredInitiated, .registeredSubstate(.imsiDetachInitiated): "§5.5.2.2.4 d, §5.5.2.3.2"
    case .null, .deregistered, .registered, .registeredSubstate: nil
    }
  }
}
