/// EMM states of the UE and the substates this UE enters (TS 24.301 §5.1.3.2).
public enum EMMState: Hashable, Sendable, CustomStringConvertible {
  case null
  case deregistered(Deregistered)
  case registeredInitiated
  case registered
  case deregisteredInitiated

  /// Substates of EMM-DEREGISTERED (§5.1.3.2.3).
  public enum Deregistered: String, Hashable, Sendable {
    case normalService = "NORMAL-SERVICE"
    case limitedService = "LIMITED-SERVICE"
    case attemptingToAttach = "ATTEMPTING-TO-ATTACH"
    case plmnSearch = "PLMN-SEARCH"
    case noIMSI = "NO-IMSI"
    case attachNeeded = "ATTACH-NEEDED"
  }

  public var description: String {
    switch self {
    case .null: "EMM-NULL"
    case .deregistered(let substate): "EMM-DEREGISTERED.\(substate.rawValue)"
    case .registeredInitiated: "EMM-REGISTERED-INITIATED"
    case .registered: "EMM-REGISTERED"
    case .deregisteredInitiated: "EMM-DEREGISTERED-INITIATED"
    }
  }
}
