/// A rule or a class of rules that the MME breaks on purpose: what real cores have done (defects.md), one switch each. Without any the
/// MME follows every rule.
public enum Defect: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  // The AS key chain.
  case oldASChainUntilRekey = "old-as-chain-until-rekey"
  case nhZero = "nh-zero"
  case nhStale = "nh-stale"
  case nhSkip = "nh-skip"
  case nhFirstPair = "nh-first-pair"
  case nhTruncated = "nh-truncated"
  case nccStuck = "ncc-stuck"
  case keNBAsNH = "kenb-as-nh"
  // Procedures beside each other.
  case smcDuringASRekey = "smc-during-as-rekey"
  case asRekeyDuringSMC = "as-rekey-during-smc"
  case noASRekey = "no-as-rekey"
  case noSMCAfterNonDelivery = "no-smc-after-non-delivery"
  case pathSwitchRefusedDuringSMC = "path-switch-refused-during-smc"
  // KeNB.
  case keNBNewestCount = "kenb-newest-count"
  case keNBCountZero = "kenb-count-zero"
  case keNBOldKASME = "kenb-old-kasme"
  // NAS COUNT.
  case countReuse = "count-reuse"
  case noRetransmissionCount = "no-retransmission-count"
  // Capabilities.
  case capabilitiesFromPathSwitch = "capabilities-from-path-switch"

  /// What the MME does, in one line.
  public var description: String {
    switch self {
    case .oldASChainUntilRekey: "from an SMC with a new KASME on, NH is derived with the new KASME from the old NH"
    case .nhZero: "the pair sent is {0, 0}"
    case .nhStale: "after the first pair, the same pair is sent again"
    case .nhSkip: "NH and NCC go two steps on at a time"
    case .nhFirstPair: "the first pair sent is {NH1, 1}: sent before it is stepped"
    case .nhTruncated: "one octet of NH is sent, the others are zero"
    case .nccStuck: "NH is stepped and its NCC is not"
    case .keNBAsNH: "KeNB is sent as NH, with NCC 0"
    case .smcDuringASRekey: "SECURITY MODE COMMAND is sent while the eNB has not answered about a new KeNB"
    case .asRekeyDuringSMC: "a new KeNB is sent to the eNB while SECURITY MODE COMMAND is unanswered"
    case .noASRekey: "no KeNB of a new KASME is sent after its SMC"
    case .noSMCAfterNonDelivery: "SECURITY MODE COMMAND lost to a handover is not sent again after it"
    case .pathSwitchRefusedDuringSMC: "PATH SWITCH REQUEST is refused while SECURITY MODE COMMAND is unanswered"
    case .keNBNewestCount: "KeNB is derived from the newest uplink NAS COUNT"
    case .keNBCountZero: "KeNB is derived from uplink NAS COUNT 0"
    case .keNBOldKASME: "the KeNB that follows an SMC is derived from the KASME before it"
    case .countReuse: "EMM INFORMATION leaves its downlink NAS COUNT to the next message"
    case .noRetransmissionCount: "SECURITY MODE COMMAND is sent again octet for octet"
    case .capabilitiesFromPathSwitch: "UE security capabilities of PATH SWITCH REQUEST take the place of the UE's"
    }
  }

  /// The clause that it breaks.
  public var clause: String {
    switch self {
    case .oldASChainUntilRekey, .smcDuringASRekey, .asRekeyDuringSMC, .pathSwitchRefusedDuringSMC: "TS 33.401 §7.2.10"
    case .nhZero, .nhStale, .nhSkip, .nhFirstPair, .nhTruncated, .nccStuck, .keNBAsNH: "TS 33.401 §7.2.8.4"
    case .noASRekey, .keNBOldKASME: "TS 33.401 §7.2.9.2"
    case .noSMCAfterNonDelivery: "TS 24.301 §5.4.3.7 e"
    case .keNBNewestCount, .keNBCountZero: "TS 33.401 §7.2.6.2, Annex A.3"
    case .countReuse, .noRetransmissionCount: "TS 24.301 §4.4.3.1"
    case .capabilitiesFromPathSwitch: "TS 33.401 §7.2.4.2.2"
    }
  }
}
