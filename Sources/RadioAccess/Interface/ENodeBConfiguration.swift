import NASCrypto
import S1AP

/// What an emulated eNB is told about itself: its identity, its cell, and the AS algorithms it prefers.
public struct ENodeBConfiguration: Sendable, Equatable {
  /// A cell of the eNB. The cell identity on the wire is the macro eNB ID (20 bits) followed by `identifier` (8 bits).
  public struct Cell: Sendable, Equatable {
    public var identifier: UInt8
    /// Physical cell identity, 0-503; an input of KeNB* (TS 33.401 Annex A.5).
    public var physicalCellIdentity: UInt16
    /// Downlink EARFCN; an input of KeNB* (TS 33.401 Annex A.5).
    public var downlinkEARFCN: UInt32

    public init(identifier: UInt8 = 1, physicalCellIdentity: UInt16 = 1, downlinkEARFCN: UInt32 = 3350) {
      self.identifier = identifier
      self.physicalCellIdentity = physicalCellIdentity
      self.downlinkEARFCN = downlinkEARFCN
    }
  }

  /// Timers of handover.
  public struct Timers: Sendable, Equatable {
    /// TS1RELOCprep, TRELOCprep: how long the source waits for HANDOVER COMMAND, or for the target's answer over X2.
    public var preparation: Duration = .seconds(5)
    /// TS1RELOCOverall, TX2RELOCoverall: how long the source keeps a UE that was told to go.
    public var overall: Duration = .seconds(10)
    /// Ours: how long the target keeps resources for a UE that does not come, longer than the source waits.
    public var arrival: Duration = .seconds(20)

    public init() {}
  }

  /// eNB name in S1 SETUP REQUEST (at most 150 characters on the wire).
  public var name: String
  public var plmn: PLMNIdentity
  /// Macro eNB ID, 20 bits.
  public var enbID: UInt32
  public var trackingAreaCode: UInt16
  public var cell: Cell
  /// IPv4 address for S1-U in E-RAB set-up; no user plane is carried, it only has to be well formed.
  public var userPlaneAddress: [UInt8]
  /// AS ciphering algorithms from most to least wanted; what the UE does not have is skipped, EEA0 is always possible.
  public var cipheringPriority: [CipheringAlgorithm]
  /// AS integrity algorithms from most to least wanted; EIA0 never for a UE with a security context (TS 33.401 §5.1.4.2).
  public var integrityPriority: [IntegrityAlgorithm]
  /// How long to wait before a new S1 SETUP REQUEST when the failure had no time to wait.
  public var setupRetryInterval: Duration
  /// How many S1 SETUP REQUESTs are sent in all before giving up; each failure is reported.
  public var setupAttempts: Int
  /// How many UEs may be connected at once: what a peer or a load run can make this value hold.
  public var maximumUEs: Int
  /// Rules of TS 33.401 §7.2.10 that this eNB breaks on purpose.
  public var brokenRules: Set<ENodeBRule> = []
  /// Supervision of handovers (TS 36.413 §8.4.1.2, TS 36.423 §8.2.1.2; the values are the operator's).
  public var timers = Timers()
  /// Number of SCTP streams for UE-associated signalling (stream 0 is for the rest, TS 36.412 §7).
  public var ueStreams: UInt16

  public init(
    name: String = "nasue-enb", plmn: PLMNIdentity, enbID: UInt32 = 0x101, trackingAreaCode: UInt16 = 1, cell: Cell = Cell(),
    userPlaneAddress: [UInt8] = [127, 0, 0, 1],
    cipheringPriority: [CipheringAlgorithm] = [.eea2, .eea1, .eea3, .eea0],
    integrityPriority: [IntegrityAlgorithm] = [.eia2, .eia1, .eia3], setupRetryInterval: Duration = .seconds(10), setupAttempts: Int = 3,
    maximumUEs: Int = 100_000, ueStreams: UInt16 = 1
  ) {
    precondition(enbID < 1 << 20, "a macro eNB ID has 20 bits")
    self.name = name
    self.plmn = plmn
    self.enbID = enbID
    self.trackingAreaCode = trackingAreaCode
    self.cell = cell
    self.userPlaneAddress = userPlaneAddress
    self.cipheringPriority = cipheringPriority
    self.integrityPriority = integrityPriority
    self.setupRetryInterval = setupRetryInterval
    self.setupAttempts = setupAttempts
    self.maximumUEs = maximumUEs
    self.ueStreams = max(1, ueStreams)
  }
}
