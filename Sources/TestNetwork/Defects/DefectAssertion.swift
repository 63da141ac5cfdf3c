extension Defect {
  /// The assertion that finds it, with the attribute where it is one of an attribute: slugs of verdicts.
  public var assertion: String {
    switch self {
    case .nhSkip, .nhFirstPair, .oldASChainUntilRekey, .nhTruncated, .nccStuck, .asChainAtSMC, .nhZero, .keNBAsNH, .nhStale, .nhRolledBack,
      .targetStartsNewChain, .pathSwitchRefusedDuringSMC, .asChainAtKeyRequest:
      "nh-genealogy"
    case .relocationDuringSMC, .relocationDuringASRekey: "relocation-waits"
    case .forwardNewContextOnly: "forward-both-contexts"
    case .downlinkNASAfterRelocation: "silent-source"
    case .smcDuringASRekey, .asRekeyDuringSMC: "rekey-smc-order"
    case .noASRekey, .refusedKeyForgotten: "rekey-owed"
    case .noSMCAfterNonDelivery: "smc-owed-after-non-delivery"
    case .keNBNewestCount, .keNBCountZero, .keNBOldKASME, .keNBOnOldLeg: "kenb-explained"
    case .countReuse, .noRetransmissionCount, .countsResetAtSMC, .downlinkOutOfOrder: "count-per-transmission"
    case .fiveBitWrapMissed, .eightBitWrapMissed: "count-estimation"
    case .countMovedByBadMAC, .badMACAccepted, .badMACSticks, .replayAccepted, .unprovenReleases, .contextLostAtBadShortMAC: "forgery-inert"
    case .plainUplinkAccepted, .completeOfAnyHeader, .acceptNotCiphered, .plainAuthenticationRequest: "protection-by-state"
    case .capabilitiesFromPathSwitch, .capabilitiesCut, .capabilitiesZeroed: "capabilities-replayed"
    case .eKSIRepeated, .eKSIOfAnotherInSMC: "eksi-consistent"
    case .kasmeOfAnotherPLMN, .contextLostAtT3460: "nas-context/kasme"
    case .hashMMEMissing, .hashMMEWrong: "hashmme"
    case .nullIntegrity: "null-algorithms"
    case .contextLostAtReject, .contextHalfRestored, .contextLostAtAuthentication: "context-in-force"
    }
  }
}
