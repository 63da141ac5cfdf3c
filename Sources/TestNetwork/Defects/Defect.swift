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
  case nhRolledBack = "nh-rolled-back"
  case asChainAtSMC = "as-chain-at-smc"
  case asChainAtKeyRequest = "as-chain-at-key-request"
  // Procedures beside each other.
  case smcDuringASRekey = "smc-during-as-rekey"
  case asRekeyDuringSMC = "as-rekey-during-smc"
  case noASRekey = "no-as-rekey"
  case refusedKeyForgotten = "refused-key-forgotten"
  case noSMCAfterNonDelivery = "no-smc-after-non-delivery"
  case pathSwitchRefusedDuringSMC = "path-switch-refused-during-smc"
  // Handover to another MME.
  case relocationDuringSMC = "relocation-during-smc"
  case relocationDuringASRekey = "relocation-during-as-rekey"
  case forwardNewContextOnly = "forward-new-context-only"
  case targetStartsNewChain = "target-starts-new-chain"
  case downlinkNASAfterRelocation = "downlink-nas-after-relocation"
  // KeNB.
  case keNBNewestCount = "kenb-newest-count"
  case keNBCountZero = "kenb-count-zero"
  case keNBOldKASME = "kenb-old-kasme"
  case keNBOnOldLeg = "kenb-on-old-leg"
  // NAS COUNT.
  case countReuse = "count-reuse"
  case noRetransmissionCount = "no-retransmission-count"
  case countsResetAtSMC = "counts-reset-at-smc"
  case downlinkOutOfOrder = "downlink-out-of-order"
  case fiveBitWrapMissed = "5-bit-wrap-missed"
  case eightBitWrapMissed = "8-bit-wrap-missed"
  // Uplink messages that are not what they claim.
  case countMovedByBadMAC = "count-moved-by-bad-mac"
  case badMACSticks = "bad-mac-sticks"
  case badMACAccepted = "bad-mac-accepted"
  case replayAccepted = "replay-accepted"
  case plainUplinkAccepted = "plain-uplink-accepted"
  case completeOfAnyHeader = "smc-complete-of-any-header"
  case unprovenReleases = "unproven-releases"
  // Capabilities.
  case capabilitiesFromPathSwitch = "capabilities-from-path-switch"
  case capabilitiesCut = "capabilities-cut"
  case capabilitiesZeroed = "capabilities-zeroed"
  // Authentication, SMC and contexts.
  case eKSIRepeated = "eksi-repeated"
  case eKSIOfAnotherInSMC = "eksi-of-another-in-smc"
  case kasmeOfAnotherPLMN = "kasme-of-another-plmn"
  case plainAuthenticationRequest = "plain-authentication-request"
  case hashMMEMissing = "hashmme-missing"
  case hashMMEWrong = "hashmme-wrong"
  case nullIntegrity = "null-integrity"
  case contextLostAtReject = "context-lost-at-reject"
  case contextHalfRestored = "context-half-restored"
  case contextLostAtAuthentication = "context-lost-at-authentication"
  case contextLostAtT3460 = "context-lost-at-t3460"
  case contextLostAtBadShortMAC = "context-lost-at-bad-short-mac"
  case acceptNotCiphered = "accept-not-ciphered"

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
    case .nhRolledBack: "a handover that came to nothing takes its pair back: the next target gets it"
    case .asChainAtSMC: "the chain begins anew at SECURITY MODE COMPLETE with a KeNB that no eNB has: new KASME over new KeNB"
    case .asChainAtKeyRequest:
      "the chain begins anew when UE CONTEXT MODIFICATION REQUEST is sent, and stays so where the eNB refuses the key"
    case .smcDuringASRekey: "SECURITY MODE COMMAND is sent while the eNB has not answered about a new KeNB"
    case .asRekeyDuringSMC: "a new KeNB is sent to the eNB while SECURITY MODE COMMAND is unanswered"
    case .noASRekey: "no KeNB of a new KASME is sent after its SMC"
    case .refusedKeyForgotten: "a KeNB that the eNB refused for a handover is not sent again after it"
    case .noSMCAfterNonDelivery: "SECURITY MODE COMMAND lost to a handover is not sent again after it"
    case .pathSwitchRefusedDuringSMC: "PATH SWITCH REQUEST is refused while SECURITY MODE COMMAND is unanswered"
    case .relocationDuringSMC: "FORWARD RELOCATION REQUEST is sent while SECURITY MODE COMMAND is unanswered"
    case .relocationDuringASRekey: "FORWARD RELOCATION REQUEST is sent while the eNB has not answered about a new KeNB"
    case .forwardNewContextOnly: "FORWARD RELOCATION REQUEST has the new KASME with NH of the old one, and no old context"
    case .targetStartsNewChain: "the target begins a chain of the new KASME though AS is on the old one"
    case .downlinkNASAfterRelocation: "EMM INFORMATION follows FORWARD RELOCATION REQUEST, and NAS goes on as before"
    case .keNBNewestCount: "KeNB is derived from the newest uplink NAS COUNT"
    case .keNBCountZero: "KeNB is derived from uplink NAS COUNT 0"
    case .keNBOldKASME: "the KeNB that follows an SMC is derived from the KASME before it"
    case .keNBOnOldLeg: "INITIAL CONTEXT SETUP REQUEST of a UE that came back elsewhere goes to the eNB that it left"
    case .countReuse: "EMM INFORMATION leaves its downlink NAS COUNT to the next message"
    case .noRetransmissionCount: "SECURITY MODE COMMAND is sent again octet for octet"
    case .countsResetAtSMC: "every SMC begins both NAS COUNTs at 0, though its KASME is in use"
    case .downlinkOutOfOrder: "EMM INFORMATION takes its COUNT first and leaves after the next message"
    case .fiveBitWrapMissed: "the 5 bits of SERVICE REQUEST take the place of the COUNT's, without a wrap"
    case .eightBitWrapMissed: "the sequence number takes the place of the COUNT's, without a wrap"
    case .countMovedByBadMAC: "the uplink NAS COUNT moves before the MAC is checked, and stays so if it is wrong"
    case .badMACSticks: "after one bad MAC nothing that the UE sends verifies until the next SMC"
    case .badMACAccepted: "the MAC of uplink messages is not checked"
    case .replayAccepted: "a message that had its COUNT already is taken again"
    case .plainUplinkAccepted: "unprotected uplink messages are taken where protection is established"
    case .completeOfAnyHeader: "SECURITY MODE COMPLETE is taken with security header type 2"
    case .unprovenReleases: "ATTACH REQUEST without proof releases the UE that it names"
    case .capabilitiesFromPathSwitch: "UE security capabilities of PATH SWITCH REQUEST take the place of the UE's"
    case .capabilitiesCut: "SECURITY MODE COMMAND replays the EPS algorithms of the UE alone"
    case .capabilitiesZeroed: "eNBs are told that the UE has no algorithms"
    case .eKSIRepeated: "AUTHENTICATION REQUEST has the eKSI of the context in use"
    case .eKSIOfAnotherInSMC: "SECURITY MODE COMMAND names another eKSI than the AUTHENTICATION REQUEST before it"
    case .kasmeOfAnotherPLMN: "KASME is derived for another PLMN than the serving one"
    case .plainAuthenticationRequest: "AUTHENTICATION REQUEST goes without protection where protection is established"
    case .hashMMEMissing: "SECURITY MODE COMMAND has no HASHMME where it is due"
    case .hashMMEWrong: "HASHMME is of other octets than came"
    case .nullIntegrity: "EIA0 is chosen for a UE with a subscription"
    case .contextLostAtReject: "SECURITY MODE REJECT ends the context in use"
    case .contextHalfRestored: "after SECURITY MODE REJECT the eKSI is the old one's and KASME the new one's"
    case .contextLostAtAuthentication: "AUTHENTICATION REQUEST ends the context in use"
    case .contextLostAtT3460: "an SMC without an answer ends the context in use"
    case .contextLostAtBadShortMAC: "a SERVICE REQUEST with a wrong short MAC ends the context in use"
    case .acceptNotCiphered: "ATTACH ACCEPT and TRACKING AREA UPDATE ACCEPT are not ciphered"
    }
  }

  /// The clause that it breaks.
  public var clause: String {
    switch self {
    case .asChainAtSMC, .asChainAtKeyRequest, .oldASChainUntilRekey, .smcDuringASRekey, .asRekeyDuringSMC, .pathSwitchRefusedDuringSMC,
      .relocationDuringSMC,
      .relocationDuringASRekey,
      .forwardNewContextOnly, .targetStartsNewChain, .downlinkNASAfterRelocation:
      "TS 33.401 §7.2.10"
    case .nhZero, .nhStale, .nhSkip, .nhFirstPair, .nhTruncated, .nccStuck, .keNBAsNH, .nhRolledBack: "TS 33.401 §7.2.8.4"
    case .noASRekey, .refusedKeyForgotten, .keNBOldKASME: "TS 33.401 §7.2.9.2"
    case .noSMCAfterNonDelivery: "TS 24.301 §5.4.3.7 e"
    case .keNBNewestCount, .keNBCountZero, .keNBOnOldLeg: "TS 33.401 §7.2.6.2, Annex A.3"
    case .countReuse, .noRetransmissionCount, .countsResetAtSMC, .downlinkOutOfOrder, .fiveBitWrapMissed, .eightBitWrapMissed:
      "TS 24.301 §4.4.3.1"
    case .countMovedByBadMAC, .badMACSticks, .badMACAccepted, .plainUplinkAccepted, .unprovenReleases, .contextLostAtBadShortMAC:
      "TS 24.301 §4.4.4.3"
    case .replayAccepted: "TS 24.301 §4.4.3.2"
    case .completeOfAnyHeader: "TS 24.301 §5.4.3.3"
    case .capabilitiesFromPathSwitch, .capabilitiesZeroed: "TS 33.401 §7.2.4.2"
    case .capabilitiesCut, .eKSIOfAnotherInSMC, .hashMMEMissing, .hashMMEWrong, .nullIntegrity: "TS 24.301 §5.4.3.2"
    case .eKSIRepeated: "TS 24.301 §5.4.2.2"
    case .plainAuthenticationRequest: "TS 24.301 §4.4.4.1"
    case .kasmeOfAnotherPLMN: "TS 33.401 Annex A.2"
    case .contextLostAtReject, .contextHalfRestored: "TS 24.301 §5.4.3.5"
    case .contextLostAtT3460: "TS 24.301 §5.4.3.7 b"
    case .acceptNotCiphered: "TS 24.301 §4.4.5"
    case .contextLostAtAuthentication: "TS 24.301 §4.4.2.1"
    }
  }
}
