import TestNetwork

/// The classes of defects that real cores and UEs have had, in the order of the corpus (defects.md, 1 to 42): what we have of each.
struct DefectClass: Sendable {
  let number: Int
  /// What was wrong, and where.
  let words: String
  /// The switches of the MME that make it.
  var defects: [Defect] = []
  /// Why there is none.
  var without = ""

  init(_ number: Int, _ words: String, _ defects: Defect..., without: String = "") {
    self.number = number
    self.words = words
    self.defects = defects
    self.without = without
  }

  static let all: [DefectClass] = [
    DefectClass(1, "SMC and N2 handover beside each other (Open5GS AMF)", .smcDuringASRekey, .asRekeyDuringSMC),
    DefectClass(2, "the same (free5GC AMF)", .smcDuringASRekey, .asRekeyDuringSMC),
    DefectClass(3, "NH of the new KASME over the old NH (Open5GS MME)", .oldASChainUntilRekey, .asChainAtSMC),
    DefectClass(4, "key chain freed before the abandoned handover was unwound (Ella Core)", .nhRolledBack, .smcDuringASRekey),
    DefectClass(5, "path switch refused while an SMC runs (Ella Core)", .pathSwitchRefusedDuringSMC),
    DefectClass(6, "security context dropped when authentication starts (Open5GS MME)", .contextLostAtAuthentication),
    DefectClass(7, "AUTHENTICATION REQUEST always plain (Open5GS MME)", .plainAuthenticationRequest),
    DefectClass(8, "NAS NON DELIVERY INDICATION ignored (Open5GS, Ella Core)", .noSMCAfterNonDelivery, .noRetransmissionCount),
    DefectClass(9, "KeNB from the newest COUNT (Ella Core)", .keNBNewestCount),
    DefectClass(10, "an old KeNB at a TAU with active flag (Open5GS MME)", .keNBCountZero, .keNBOldKASME),
    DefectClass(11, "KeNB with COUNT 0 always (Nucleus)", .keNBCountZero),
    DefectClass(12, "KeNB fixed at COUNT 0 before SECURITY MODE COMPLETE (srsEPC, srsUE)", .keNBCountZero),
    DefectClass(13, "INITIAL CONTEXT SETUP to the eNB that the UE left (magma)", .keNBOnOldLeg),
    DefectClass(
      14, "KeNB, nonces and TSC of a mapped context (Open5GS MME)",
      without: "a mapped KASME follows from keys that cross no S1, so a ledger of S1 cannot decide it"),
    DefectClass(15, "NH stepped on a copy, cut to one octet, NCC not stepped (magma)", .nhStale, .nhTruncated, .nccStuck),
    DefectClass(16, "KeNB in the place of NH, NCC 0 (Nucleus)", .keNBAsNH),
    DefectClass(17, "NH zero, NCC 0 (NextgCore AMF)", .nhZero),
    DefectClass(18, "repeated and crossed handovers (Open5GS)", .nhRolledBack, .nhStale, .nhSkip, .nhFirstPair),
    DefectClass(19, "downlink messages out of COUNT order (Ella Core)", .downlinkOutOfOrder, .countReuse),
    DefectClass(20, "no wrap in the estimate of the uplink COUNT (srsEPC)", .fiveBitWrapMissed, .eightBitWrapMissed),
    DefectClass(21, "COUNTs reset at every SMC (srsUE, Open5GS)", .countsResetAtSMC),
    DefectClass(22, "replay accepted, COUNT moved before the MAC was checked (Open5GS)", .replayAccepted, .countMovedByBadMAC),
    DefectClass(23, "overflow counted before the MAC check (magma)", .countMovedByBadMAC),
    DefectClass(24, "one bad MAC sticks (Open5GS AMF)", .badMACSticks),
    DefectClass(
      25, "SECURITY MODE COMPLETE taken with header type 2, COUNT restarted (Ella Core)", .completeOfAnyHeader, .countsResetAtSMC),
    DefectClass(26, "the UE's eKSI given out again, then another in the SMC (magma)", .eKSIRepeated, .eKSIOfAnotherInSMC),
    DefectClass(27, "the same (Open5GS, OMEC AMF, srsEPC)", .eKSIRepeated),
    DefectClass(28, "eKSI of the UE (srsUE, UERANSIM)", without: "a UE's defect: our UE's own tests have it"),
    DefectClass(29, "replayed capabilities of another length (Open5GS, openmme, srsRAN, Nucleus)", .capabilitiesCut),
    DefectClass(
      30, "capabilities taken from PATH SWITCH REQUEST, or zero (Open5GS, free5GC, magma)", .capabilitiesFromPathSwitch, .capabilitiesZeroed
    ),
    DefectClass(31, "HASHMME missing or wrong (srsRAN, Open5GS)", .hashMMEMissing, .hashMMEWrong),
    DefectClass(32, "null integrity (free5GC, NextgCore, OAI)", .nullIntegrity),
    DefectClass(33, "uplink integrity not enforced (Open5GS, srsRAN)", .badMACAccepted, .plainUplinkAccepted, .completeOfAnyHeader),
    DefectClass(34, "a bad short MAC ends the context (srsEPC)", .contextLostAtBadShortMAC),
    DefectClass(35, "a message without proof tears the UE's connection down (Open5GS)", .unprovenReleases),
    DefectClass(36, "SMC meets SR, TAU or attach; T3460 runs out (Open5GS)", .contextLostAtT3460),
    DefectClass(37, "after SECURITY MODE REJECT half the old context (magma)", .contextHalfRestored, .contextLostAtReject),
    DefectClass(
      38, "SECURITY MODE COMPLETE twice crashes (magma)", without: "a crash: liveness is what the scenario \"SMC repeated\" shows"),
    DefectClass(
      39, "context lost in the core while the UE has it (free5GC, magma)", .contextLostAtT3460, .hashMMEMissing),
    DefectClass(
      40, "AUTHENTICATION FAILURE and resynchronisation (NextEPC, OpenAir, free5GC)", .contextLostAtAuthentication, .eKSIRepeated),
    DefectClass(41, "KASME for the wrong PLMN (Open5GS)", .kasmeOfAnotherPLMN),
    DefectClass(
      42, "moves between 5GS and EPS (Ella Core, NextgCore)", without: "N26 carries the context, and S1 shows no K of it: see 14"),
  ]
}
