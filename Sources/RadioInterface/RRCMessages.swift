import NASCrypto

/// An emulated RRC message that concerns keys. RRC is not emulated bit by bit: the octets are ours, and exist so that a MAC-I can be
/// made over them.
public protocol RRCMessage: Sendable, Equatable {
  static var direction: LinkDirection { get }
  var octets: [UInt8] { get }
}

/// mobilityControlInfo and securityConfigHO of RRC CONNECTION RECONFIGURATION (TS 36.331 §5.3.5.4).
public struct MobilityControl: Sendable, Equatable {
  public var target: RadioCell
  /// C-RNTI in the target cell.
  public var temporaryIdentity: UInt16
  /// KeNB comes anew from the KASME of the latest successful SMC: only within a cell.
  public var keyChangeIndicator: Bool
  /// NCC, 0 to 7.
  public var nextHopChainingCount: UInt8
  public var algorithms: AccessStratumAlgorithms

  public init(
    target: RadioCell, temporaryIdentity: UInt16, keyChangeIndicator: Bool = false, nextHopChainingCount: UInt8,
    algorithms: AccessStratumAlgorithms
  ) {
    self.target = target
    self.temporaryIdentity = temporaryIdentity
    self.keyChangeIndicator = keyChangeIndicator
    self.nextHopChainingCount = nextHopChainingCount
    self.algorithms = algorithms
  }

  /// 11 octets: what a target eNB puts into its transparent container, and what is protected on the radio.
  public var octets: [UInt8] {
    target.octets + RadioInterface.octets(UInt32(temporaryIdentity), 2) + [
      keyChangeIndicator ? 1 : 0, nextHopChainingCount, algorithms.ciphering.rawValue, algorithms.integrity.rawValue,
    ]
  }

  /// nil for octets that no eNB of ours wrote.
  public init?(octets: some Collection<UInt8>) {
    let o = Array(octets)
    guard o.count == 11, o[7] < 2, o[8] < 8, let ciphering = CipheringAlgorithm(rawValue: o[9]),
      let integrity = IntegrityAlgorithm(rawValue: o[10])
    else { return nil }
    self.init(
      target: RadioCell(
        physicalCellIdentity: UInt16(o[0]) << 8 | UInt16(o[1]), downlinkEARFCN: UInt32(o[2]) << 16 | UInt32(o[3]) << 8 | UInt32(o[4])),
      temporaryIdentity: UInt16(o[5]) << 8 | UInt16(o[6]), keyChangeIndicator: o[7] == 1, nextHopChainingCount: o[8],
      algorithms: AccessStratumAlgorithms(ciphering: ciphering, integrity: integrity))
  }
}

/// From the eNB.
public enum DownlinkRRCMessage: RRCMessage {
  /// SECURITY MODE COMMAND of RRC: protected by the keys that it starts.
  case securityModeCommand(AccessStratumAlgorithms)
  /// RRC CONNECTION RECONFIGURATION with mobilityControlInfo.
  case handover(MobilityControl)
  /// Any RRC message without consequences for keys, such as a measurement configuration.
  case reconfiguration
  /// RRC CONNECTION REESTABLISHMENT, without protection (SRB0).
  case reestablishment(nextHopChainingCount: UInt8)
  /// RRC CONNECTION REESTABLISHMENT REJECT, without protection.
  case reestablishmentReject
  /// MOBILITY FROM EUTRA COMMAND to UTRAN or GERAN (TS 36.331 §5.4.3): the octet of nas-SecurityParamFromEUTRA.
  case mobilityFromEUTRA(nasSecurityParameters: UInt8)

  public static var direction: LinkDirection { .downlink }

  public var octets: [UInt8] {
    switch self {
    case .securityModeCommand(let algorithms): [0, algorithms.ciphering.rawValue, algorithms.integrity.rawValue]
    case .handover(let control): [1] + control.octets
    case .reconfiguration: [2]
    case .reestablishment(let count): [3, count]
    case .reestablishmentReject: [4]
    case .mobilityFromEUTRA(let parameters): [5, parameters]
    }
  }
}

/// From the UE.
public enum UplinkRRCMessage: RRCMessage {
  case securityModeComplete
  /// SECURITY MODE FAILURE, without protection: the command's MAC-I did not verify.
  case securityModeFailure
  /// RRC CONNECTION RECONFIGURATION COMPLETE, protected by the new keys.
  case reconfigurationComplete
  case reestablishmentComplete

  public static var direction: LinkDirection { .uplink }

  public var octets: [UInt8] {
    switch self {
    case .securityModeComplete: [0]
    case .securityModeFailure: [1]
    case .reconfigurationComplete: [2]
    case .reestablishmentComplete: [3]
    }
  }
}

/// An RRC message as it crosses the radio: with COUNT and MAC-I, or bare.
public struct ProtectedRRC<Message: RRCMessage>: Sendable, Equatable {
  public struct Protection: Sendable, Equatable {
    /// PDCP COUNT.
    public var count: UInt32
    public var mac: UInt32

    public init(count: UInt32, mac: UInt32) {
      self.count = count
      self.mac = mac
    }
  }

  public var message: Message
  public var protection: Protection?

  public init(_ message: Message, protection: Protection? = nil) {
    self.message = message
    self.protection = protection
  }
}

/// RRC CONNECTION REESTABLISHMENT REQUEST (TS 36.331 §5.3.7.4): who the UE was, and a proof of it.
public struct ReestablishmentRequest: Sendable, Equatable {
  /// Of the cell where the UE had its connection.
  public var physicalCellIdentity: UInt16
  /// C-RNTI there.
  public var temporaryIdentity: UInt16
  public var shortMAC: UInt16

  public init(physicalCellIdentity: UInt16, temporaryIdentity: UInt16, shortMAC: UInt16) {
    self.physicalCellIdentity = physicalCellIdentity
    self.temporaryIdentity = temporaryIdentity
    self.shortMAC = shortMAC
  }
}
