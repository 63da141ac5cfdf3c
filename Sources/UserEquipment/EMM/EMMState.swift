/// EMM states of the UE and their substates (TS 24.301 §5.1.3.2).
public enum EMMState: Hashable, Sendable, CustomStringConvertible {
  case null
  case deregistered(Deregistered)
  case registeredInitiated
  /// EMM-REGISTERED.NORMAL-SERVICE.
  case registered
  /// The other substates of EMM-REGISTERED.
  case registeredSubstate(Registered)
  case trackingAreaUpdatingInitiated
  case serviceRequestInitiated
  case deregisteredInitiated

  /// Substates of EMM-DEREGISTERED (§5.1.3.2.3).
  public enum Deregistered: String, Hashable, Sendable, CaseIterable {
    case normalService = "NORMAL-SERVICE"
    case limitedService = "LIMITED-SERVICE"
    case attemptingToAttach = "ATTEMPTING-TO-ATTACH"
    case plmnSearch = "PLMN-SEARCH"
    case noIMSI = "NO-IMSI"
    case attachNeeded = "ATTACH-NEEDED"
    case noCellAvailable = "NO-CELL-AVAILABLE"
    case eCallInactive = "eCALL-INACTIVE"
  }

  /// Substates of EMM-REGISTERED (§5.1.3.2.4).
  public enum Registered: String, Hashable, Sendable, CaseIterable {
    case normalService = "NORMAL-SERVICE"
    case attemptingToUpdate = "ATTEMPTING-TO-UPDATE"
    case limitedService = "LIMITED-SERVICE"
    case plmnSearch = "PLMN-SEARCH"
    case updateNeeded = "UPDATE-NEEDED"
    case attemptingToUpdateMM = "ATTEMPTING-TO-UPDATE-MM"
    case noCellAvailable = "NO-CELL-AVAILABLE"
    case imsiDetachInitiated = "IMSI-DETACH-INITIATED"
  }

  public var description: String {
    switch self {
    case .null: "EMM-NULL"
    case .deregistered(let substate): "EMM-DEREGISTERED.\(substate.rawValue)"
    case .registeredInitiated: "EMM-REGISTERED-INITIATED"
    case .registered: "EMM-REGISTERED"
    case .registeredSubstate(let substate): "EMM-REGISTERED.\(substate.rawValue)"
    case .trackingAreaUpdatingInitiated: "EMM-TRACKING-AREA-UPDATING-INITIATED"
    case .serviceRequestInitiated: "EMM-SERVICE-REQUEST-INITIATED"
    case .deregisteredInitiated: "EMM-DEREGISTERED-INITIATED"
    }
  }
}

/// How far the network knows where we are (§5.1.3.3); kept on the USIM in EF_EPSLOCI.
public enum EPSUpdateStatus: UInt8, Hashable, Sendable, CustomStringConvertible {
  case updated = 0
  case notUpdated = 1
  case roamingNotAllowed = 2

  public var description: String {
    switch self {
    case .updated: "EU1 UPDATED"
    case .notUpdated: "EU2 NOT UPDATED"
    case .roamingNotAllowed: "EU3 ROAMING NOT ALLOWED"
    }
  }
}
