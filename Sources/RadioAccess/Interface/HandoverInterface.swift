import NASCrypto
import RadioInterface
import S1AP

/// How a handover is prepared.
public enum HandoverKind: String, Sendable, Hashable, CaseIterable {
  /// Through the MME (TS 36.413 §8.4.1).
  case s1 = "S1"
  /// Between the eNBs, the path switched afterwards (TS 36.423 §8.2.1, TS 36.413 §8.4.4).
  case x2 = "X2"
}

/// A cell of another eNB, as a source eNB knows it from its neighbour relations.
public struct HandoverTarget: Sendable, Equatable {
  public var plmn: PLMNIdentity
  /// Macro eNB ID, 20 bits.
  public var enbID: UInt32
  public var trackingAreaCode: UInt16
  /// The cell's 8 bits behind the eNB ID.
  public var cellIdentifier: UInt8
  public var cell: RadioCell
  /// The cell is one of UTRAN or GERAN, and no eNB's.
  public var otherSystem: OtherSystemTarget?

  public init(plmn: PLMNIdentity, enbID: UInt32, trackingAreaCode: UInt16, cellIdentifier: UInt8, cell: RadioCell) {
    self.plmn = plmn
    self.enbID = enbID
    self.trackingAreaCode = trackingAreaCode
    self.cellIdentifier = cellIdentifier
    self.cell = cell
  }

  /// The cell of an eNB with this configuration.
  public init(_ configuration: ENodeBConfiguration) {
    self.init(
      plmn: configuration.plmn, enbID: configuration.enbID, trackingAreaCode: configuration.trackingAreaCode,
      cellIdentifier: configuration.cell.identifier, cell: configuration.cell.radio)
  }
}

extension ENodeBConfiguration.Cell {
  /// What of the cell goes into KeNB*.
  public var radio: RadioCell { RadioCell(physicalCellIdentity: physicalCellIdentity, downlinkEARFCN: downlinkEARFCN) }
}

/// How a handover went on, at the source (`preparing` … ) or at the target (`arrived`).
public enum HandoverProgress: Sendable, Equatable, CustomStringConvertible {
  case preparing(HandoverKind)
  /// The UE was told to go.
  case executing
  case failed(Cause?)
  case cancelled
  /// Postponed until RRC has finished what it does with the UE.
  case postponed
  /// The UE is here, in the target cell.
  case arrived(HandoverKind)
  /// PATH SWITCH REQUEST was answered.
  case pathSwitched

  public var description: String {
    switch self {
    case .preparing(let kind): "\(kind.rawValue) handover: preparation"
    case .executing: "handover: the UE is told to go"
    case .failed(let cause): "handover failed" + (cause.map { ": \($0)" } ?? "")
    case .cancelled: "handover cancelled"
    case .postponed: "handover postponed until the RRC procedure under way has ended"
    case .arrived(let kind): "\(kind.rawValue) handover: the UE has arrived"
    case .pathSwitched: "handover: the path is switched"
    }
  }
}

/// Rules on concurrent procedures that an eNB keeps (TS 33.401 §7.2.10), and may be told to break.
public enum ENodeBRule: String, Sendable, Hashable, CaseIterable {
  /// A UE CONTEXT MODIFICATION REQUEST with a key is refused while an inter-eNB handover is started and not finished.
  case rejectsRekeyDuringHandover = "enb-rejects-rekey-during-handover"
  /// The RRC reconfiguration of such a request is finished before a handover is started.
  case finishesRekeyBeforeHandover = "enb-finishes-rekey-before-handover"
}
