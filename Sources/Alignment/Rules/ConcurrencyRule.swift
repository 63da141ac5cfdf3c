/// The rules on running NAS security mode control beside other security procedures (TS 33.401 §7.2.10, to which TS 24.301 §5.4.3.1 sends),
/// each under a name of its own, in our words. Numbers are not given: they differ between releases.
public enum ConcurrencyRule: String, Sendable, CaseIterable {
  case noASRekeyDuringSMC = "no-as-rekey-during-smc"
  case noSMCDuringASRekey = "no-smc-during-as-rekey"
  case oldASChainUntilRekey = "old-as-chain-until-rekey"
  case waitForSMCBeforeRelocation = "wait-for-smc-before-relocation"
  case waitForASRekeyBeforeRelocation = "wait-for-as-rekey-before-relocation"
  case forwardBothContexts = "forward-both-contexts"
  case targetKeepsOldASChain = "target-keeps-old-as-chain"
  case silentSourceAfterRelocation = "silent-source-after-relocation"
  case eNBRejectsRekeyDuringHandover = "enb-rejects-rekey-during-handover"
  case eNBFinishesRekeyBeforeHandover = "enb-finishes-rekey-before-handover"
  case ueKeepsASKeysUntilTold = "ue-keeps-as-keys-until-told"

  /// The slug, as verdicts name it.
  public var slug: String { rawValue }

  public var clause: String { "TS 33.401 §7.2.10" }

  /// The node that the rule binds.
  public var who: String {
    switch self {
    case .noASRekeyDuringSMC, .noSMCDuringASRekey, .oldASChainUntilRekey, .waitForSMCBeforeRelocation, .waitForASRekeyBeforeRelocation:
      "MME"
    case .forwardBothContexts, .silentSourceAfterRelocation: "source MME"
    case .targetKeepsOldASChain: "target MME"
    case .eNBRejectsRekeyDuringHandover, .eNBFinishesRekeyBeforeHandover: "eNB"
    case .ueKeepsASKeysUntilTold: "UE"
    }
  }

  /// The rule in our own words.
  public var text: String {
    switch self {
    case .noASRekeyDuringSMC:
      "While a SECURITY MODE COMMAND of the UE has no answer, start no INITIAL CONTEXT SETUP and no UE CONTEXT MODIFICATION that brings a new KeNB."
    case .noSMCDuringASRekey:
      "While an INITIAL CONTEXT SETUP or UE CONTEXT MODIFICATION that brings a new KeNB has no answer, send no SECURITY MODE COMMAND."
    case .oldASChainUntilRekey:
      "From the SECURITY MODE COMMAND that takes a new KASME into use until a UE CONTEXT MODIFICATION or INITIAL CONTEXT SETUP has taken a KeNB of it into use, HANDOVER REQUEST and PATH SWITCH REQUEST ACKNOWLEDGE go on with {NH, NCC} of the old KASME's chain."
    case .waitForSMCBeforeRelocation:
      "Where the serving eNB asks for an inter-MME or inter-RAT handover while an SMC that takes a new KASME into use has no answer, let that SMC end before FORWARD RELOCATION is sent."
    case .waitForASRekeyBeforeRelocation:
      "Where it asks for one while an INITIAL CONTEXT SETUP or UE CONTEXT MODIFICATION with a new KeNB has no answer, wait for its outcome first."
    case .forwardBothContexts:
      "At an inter-MME handover with NAS on the new KASME and AS not yet on a key of it, forward both: the old KASME with its eKSI, NH and NCC, and the whole new NAS context."
    case .targetKeepsOldASChain:
      "Having got both, run NAS on the new KASME and go on with {NH, NCC} of the old chain until UE CONTEXT MODIFICATION brings a key of the new one."
    case .silentSourceAfterRelocation:
      "After FORWARD RELOCATION REQUEST send no NAS message to the UE until the handover is known to have failed or been cancelled."
    case .eNBRejectsRekeyDuringHandover:
      "Refuse a UE CONTEXT MODIFICATION that changes the key while a handover to another eNB has begun and not ended."
    case .eNBFinishesRekeyBeforeHandover:
      "Let the RRC reconfiguration of a UE CONTEXT MODIFICATION that changes the key end before a handover is started."
    case .ueKeepsASKeysUntilTold:
      "Keep the AS keys of the old KASME until an RRC reconfiguration with the key change indicator says to derive KeNB from the current KASME."
    }
  }

  /// The assertions that see it broken.
  public var assertions: [Assertion] {
    switch self {
    case .noASRekeyDuringSMC, .noSMCDuringASRekey: [.rekeySMCOrder]
    case .oldASChainUntilRekey, .targetKeepsOldASChain: [.nhGenealogy]
    case .waitForSMCBeforeRelocation, .waitForASRekeyBeforeRelocation: [.relocationWaits]
    case .silentSourceAfterRelocation: [.silentSource]
    case .forwardBothContexts: [.forwardBothContexts]
    case .eNBRejectsRekeyDuringHandover, .eNBFinishesRekeyBeforeHandover, .ueKeepsASKeysUntilTold: []
    }
  }
}
