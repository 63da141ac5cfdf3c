import NASCrypto
import NASMessages

/// A UE radio capability ID that a network gave; good in its PLMN alone (TS 24.301 §5.3.20, Annex C). Of radio configurations this UE has one.
public struct AssignedRadioCapabilityID: Sendable, Equatable {
  public var plmn: PLMN
  public var identity: UERadioCapabilityID

  public init(plmn: PLMN, identity: UERadioCapabilityID) {
    self.plmn = plmn
    self.identity = identity
  }

  /// How many are kept at most (Annex C: at least 16).
  static let maximumKept = 16
}

extension UE {
  /// What an ATTACH ACCEPT, a TRACKING AREA UPDATE ACCEPT or a GUTI REALLOCATION COMMAND said of UE radio capability IDs.
  enum RadioCapabilityIDNews: Sendable, Equatable {
    case none
    case given
    /// Those of this PLMN are gone, and an update follows.
    case deleted
  }

  /// RACS.
  var signalsRadioCapabilityByID: Bool { configuration.networkCapability.radioCapabilitySignallingOptimisation }

  /// What is applicable in the selected PLMN: the one that it assigned, else the manufacturer's (§5.4.3.3); nil without RACS.
  var applicableRadioCapabilityID: UERadioCapabilityID? {
    guard signalsRadioCapabilityByID else { return nil }
    return assignedRadioCapabilityIDs.last { $0.plmn == selectedPLMN }?.identity ?? configuration.radioCapabilityID
  }

  /// §5.4.1.3, §5.5.1.2.4, §5.5.3.2.4: stored, or deleted for this PLMN.
  mutating func takeRadioCapabilityID(
    _ identity: UERadioCapabilityID?, deleting: UERadioCapabilityIDDeletionIndication?
  ) -> RadioCapabilityIDNews {
    guard signalsRadioCapabilityByID else { return .none }
    let plmn = selectedPLMN
    if deleting == .networkAssigned {
      assignedRadioCapabilityIDs.removeAll { $0.plmn == plmn }
      return .deleted
    }
    guard let identity else { return .none }
    assignedRadioCapabilityIDs.removeAll { $0.plmn == plmn }
    if assignedRadioCapabilityIDs.count == AssignedRadioCapabilityID.maximumKept { assignedRadioCapabilityIDs.removeFirst() }
    assignedRadioCapabilityIDs.append(AssignedRadioCapabilityID(plmn: plmn, identity: identity))
    return .given
  }

  /// After the procedure that deleted the IDs: an update over the connection that is there.
  mutating func updateAfterDeletion(
    _ news: RadioCapabilityIDNews, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard news == .deleted else { return }
    startUpdate(EPSUpdateType(.taUpdating), using: &engine, into: &outputs)
  }
}
