import TestNetwork

/// What verdicts a defect gives: the assertion that it is a defect of, and what else it cannot but bring with it.
struct DefectExpectation: Sendable {
  /// The assertion, or an attribute of one.
  var slug: String
  /// Rules without a deadline, and good practice, give warnings.
  var isWarning = false
  /// Others, each with why.
  var companions: [String: String] = [:]

  private init(_ slug: String, isWarning: Bool = false, _ companions: [String: String] = [:]) {
    self.slug = slug
    self.isWarning = isWarning
    self.companions = companions
  }

  /// "nh-genealogy misaligned" and such.
  var verdict: String { "\(slug) \(isWarning ? "warning" : "misaligned")" }

  private static let forwarded = ["forward-both-contexts misaligned": "the pair goes over S10 beside the new context too"]
  private static let refused = ["rekey-owed warning": "the eNB cannot reach a UE that has another key, and refuses the one owed"]
  private static let downlinkCount = "the network's downlink COUNT is then not the UE's"

  static subscript(defect: Defect) -> DefectExpectation {
    switch defect {
    case .nhSkip, .nhFirstPair: .init("nh-genealogy", forwarded)
    case .oldASChainUntilRekey, .nhTruncated, .nccStuck, .asChainAtSMC: .init("nh-genealogy", forwarded.merging(refused) { $1 })
    case .asChainAtKeyRequest: .init("nh-genealogy", refused)
    case .nhZero, .keNBAsNH:
      .init(
        "nh-genealogy",
        forwarded.merging(["nh-never-reused misaligned": "the same octets go to every target"]) { $1 }
          .merging(defect == .nhZero ? refused : [:]) { $1 })
    case .nhStale: .init("nh-genealogy", ["nh-never-reused misaligned": "a stale pair is one that another eNB has"])
    case .nhRolledBack: .init("nh-genealogy", ["nh-never-reused misaligned": "the pair taken back is one that another eNB has"])
    case .relocationDuringSMC, .relocationDuringASRekey: .init("relocation-waits")
    case .forwardNewContextOnly:
      .init("forward-both-contexts", ["nh-genealogy misaligned": "the target begins a chain of the only KASME that it was given"])
    case .targetStartsNewChain: .init("nh-genealogy")
    case .downlinkNASAfterRelocation:
      .init(
        "silent-source",
        [
          "count-per-transmission misaligned": "the COUNT that went over with the context is used at the source too",
          "nas-context/downlink-nas-count misaligned": "the COUNT that went over with the context is used at the source too",
          "nas-context/kasme misaligned": "what an SMC of the source changes meanwhile the target does not hear of",
          "rekey-owed warning": "what an SMC of the source changes meanwhile the target does not hear of",
        ])
    case .smcDuringASRekey, .asRekeyDuringSMC: .init("rekey-smc-order")
    case .noASRekey, .refusedKeyForgotten: .init("rekey-owed", isWarning: true)
    case .noSMCAfterNonDelivery: .init("smc-owed-after-non-delivery")
    case .pathSwitchRefusedDuringSMC: .init("nh-genealogy", isWarning: true)
    case .keNBNewestCount, .keNBCountZero, .keNBOldKASME, .keNBOnOldLeg: .init("kenb-explained")
    case .countReuse: .init("count-per-transmission", ["nas-context/downlink-nas-count misaligned": downlinkCount])
    case .noRetransmissionCount:
      .init(
        "count-per-transmission",
        [
          "nas-context/downlink-nas-count misaligned": downlinkCount,
          "smc-owed-after-non-delivery misaligned": "what is sent again after a handover has no COUNT of its own either",
          "rekey-owed warning": "the UE drops the repetition as a replay, so the SMC never ends and the key owed never comes",
        ])
    case .countsResetAtSMC:
      .init(
        "count-per-transmission",
        [
          "nas-context/downlink-nas-count misaligned": downlinkCount,
          "smc-owed-after-non-delivery misaligned": "what is sent again after a handover begins at COUNT 0 too",
          "rekey-owed warning": "the UE drops the command as a replay, so the SMC never ends and the key owed never comes",
        ])
    case .downlinkOutOfOrder:
      .init(
        "count-per-transmission",
        [
          "count-per-transmission warning": "the COUNT held back is a gap until it comes",
          "nas-context/downlink-nas-count misaligned": "a COUNT that went back",
        ])
    case .fiveBitWrapMissed, .eightBitWrapMissed: .init("count-estimation")
    case .countMovedByBadMAC:
      .init("forgery-inert", ["nas-context/uplink-nas-count misaligned": "the network's own report shows the COUNT moved"])
    case .badMACAccepted:
      .init("forgery-inert", ["nas-context/uplink-nas-count misaligned": "the forged COUNT counts, as the network's own report shows"])
    case .badMACSticks, .replayAccepted, .unprovenReleases, .contextLostAtBadShortMAC: .init("forgery-inert")
    case .plainUplinkAccepted, .completeOfAnyHeader, .acceptNotCiphered: .init("protection-by-state")
    case .plainAuthenticationRequest: .init("protection-by-state")
    case .capabilitiesFromPathSwitch, .capabilitiesCut, .capabilitiesZeroed: .init("capabilities-replayed")
    case .eKSIRepeated: .init("eksi-consistent")
    case .eKSIOfAnotherInSMC: .init("eksi-consistent", ["nas-context/eksi misaligned": "the network has the context under another eKSI"])
    case .kasmeOfAnotherPLMN: .init("nas-context/kasme")
    case .hashMMEMissing, .hashMMEWrong: .init("hashmme")
    case .nullIntegrity: .init("null-algorithms")
    case .contextLostAtReject:
      .init(
        "context-in-force",
        [
          "nas-context/kasme misaligned": "the network's own report: no context",
          "nas-context/eksi misaligned": "the network's own report: no context",
        ])
    case .contextHalfRestored: .init("context-in-force", ["nas-context/kasme misaligned": "the network's own report: another KASME"])
    case .contextLostAtAuthentication:
      .init(
        "context-in-force",
        [
          "nas-context/kasme misaligned": "the network's own report: no context",
          "nas-context/eksi misaligned": "the network's own report: no context",
          "protection-by-state misaligned": "without a context the request goes out again unprotected",
        ])
    case .contextLostAtT3460:
      // What is in force then the text leaves open, so it is the network's own report that shows the loss.
      .init("nas-context/kasme", ["nas-context/eksi misaligned": "the network's own report: no context"])
    }
  }
}

extension Defect {
  /// It takes two MMEs.
  var isOfRelocation: Bool {
    switch self {
    case .relocationDuringSMC, .relocationDuringASRekey, .forwardNewContextOnly, .targetStartsNewChain, .downlinkNASAfterRelocation: true
    default: false
    }
  }
}
