/// The assertions on what crosses the wire: every slug that a verdict can have, without its attribute. What each says, what shows it.
public enum Assertion: String, Sendable, CaseIterable {
  case nasContext = "nas-context"
  case keNBExplained = "kenb-explained"
  case nhGenealogy = "nh-genealogy"
  case nhNeverReused = "nh-never-reused"
  case nccOrder = "ncc-order"
  case rekeyOwed = "rekey-owed"
  case rekeySMCOrder = "rekey-smc-order"
  case relocationWaits = "relocation-waits"
  case silentSource = "silent-source"
  case smcOwedAfterNonDelivery = "smc-owed-after-non-delivery"
  case forwardBothContexts = "forward-both-contexts"
  case countPerTransmission = "count-per-transmission"
  case countEstimation = "count-estimation"
  case forgeryInert = "forgery-inert"
  case eKSIConsistent = "eksi-consistent"
  case protectionByState = "protection-by-state"
  case capabilitiesReplayed = "capabilities-replayed"
  case hashMME = "hashmme"
  case contextInForce = "context-in-force"
  case nullAlgorithms = "null-algorithms"
  case selfCheck = "self-check"

  /// As verdicts have it.
  public var slug: String { rawValue }

  /// What stands behind the slug in verdicts on one attribute of it: `eksi` of `nas-context/eksi`. Empty where there are none.
  public var attributes: [String] { self == .nasContext ? NASContextAttribute.allCases.map(\.rawValue) : [] }

  /// Of a slug with or without attribute; nil where no verdict has it.
  public init?(of slug: String) {
    let parts = slug.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let name = parts.first, let found = Self(rawValue: name) else { return nil }
    guard parts.count == 1 || found.attributes.contains(parts[1]) else { return nil }
    self = found
  }

  /// Where it is laid down. Verdicts that name a rule have that rule's clause, those on an attribute the attribute's.
  public var clause: String {
    switch self {
    case .nasContext, .selfCheck: "TS 24.301 §4.4.2.1"
    case .keNBExplained: "TS 33.401 Annex A.3"
    case .nhGenealogy, .nhNeverReused, .nccOrder: "TS 33.401 §7.2.8.4"
    case .rekeyOwed: "TS 33.401 §7.2.9.2"
    case .rekeySMCOrder, .relocationWaits, .silentSource, .forwardBothContexts: "TS 33.401 §7.2.10"
    case .smcOwedAfterNonDelivery: "TS 24.301 §5.4.3.7"
    case .countPerTransmission, .countEstimation: "TS 24.301 §4.4.3.1"
    case .forgeryInert: "TS 24.301 §4.4.4.3"
    case .eKSIConsistent: "TS 24.301 §5.4.2.2"
    case .protectionByState, .nullAlgorithms: "TS 24.301 §4.4.4.1"
    case .capabilitiesReplayed, .hashMME: "TS 24.301 §5.4.3.2"
    case .contextInForce: "TS 24.301 §5.4.3.5"
    }
  }

  /// What it says, in our own words.
  public var text: String {
    switch self {
    case .nasContext:
      "Network and UE have the same NAS security context: eKSI, KASME, algorithms, both NAS COUNTs."
    case .keNBExplained:
      "The key for the eNB is KeNB of the KASME in use, at the uplink NAS COUNT of the message that triggered it; another is searched for and named."
    case .nhGenealogy:
      "NH is KDF of the AS chain's KASME over the NH before it, NCC is one more modulo 8. Another pair is searched for and named: stale, skipped, zero, KeNB, truncated, of another KASME."
    case .nhNeverReused: "One {NH, NCC} goes to one eNB: no NH is sent twice."
    case .nccOrder:
      "What of nh-genealogy is plain, for a UE whose keys are not known: NCC is 2 in the first pair after a key for the eNB, and one more in each that follows."
    case .rekeyOwed:
      "After an SMC has taken a new KASME into use beside active AS security, the eNB gets a key of it. There is no deadline and a release heals it, so one that is missing is a warning."
    case .rekeySMCOrder: "No new KeNB is sent while an SMC is outstanding, and no SECURITY MODE COMMAND while a new KeNB is."
    case .relocationWaits:
      "An inter-MME or inter-RAT handover does not begin at the core while an SMC that takes a new KASME into use, or a new KeNB, is outstanding."
    case .silentSource:
      "After FORWARD RELOCATION REQUEST the source MME sends no NAS message to the UE until the handover has failed or been cancelled."
    case .smcOwedAfterNonDelivery:
      "A SECURITY MODE COMMAND lost to an intra-MME handover is sent again when that is over, where the UE then is, with a COUNT of its own."
    case .forwardBothContexts:
      "With NAS on a new KASME and AS not yet on a key of it, FORWARD RELOCATION REQUEST has the whole new NAS context, and the old KASME with its eKSI and the next {NH, NCC}."
    case .countPerTransmission:
      "Every protected downlink message takes a NAS COUNT of its own, one sent again too; none is used twice under a key, none goes back."
    case .countEstimation: "The network follows the uplink NAS COUNT over the wraps of 5 and of 8 bits, after losses too."
    case .forgeryInert: "A forged or replayed uplink message changes neither COUNT nor context: the UE's next genuine one is still served."
    case .eKSIConsistent:
      "AUTHENTICATION REQUEST has an eKSI that neither UE nor network has in use; the SMC that takes its context into use has that one."
    case .protectionByState:
      "No plain message once protection is established; security header type 3 on SECURITY MODE COMMAND alone; ATTACH ACCEPT and TRACKING AREA UPDATE ACCEPT ciphered."
    case .capabilitiesReplayed:
      "SECURITY MODE COMMAND replays the UE's security capabilities octet for octet, and S1AP tells eNBs the same."
    case .hashMME:
      "SECURITY MODE COMMAND has HASHMME of the ATTACH or TRACKING AREA UPDATE REQUEST that came plain or failed its MAC, and it is right."
    case .contextInForce:
      "What an SMC or authentication that came to nothing leaves in force is the context from before it, where the text settles that."
    case .nullAlgorithms: "EIA0 is chosen for emergency and RLOS without authentication alone."
    case .selfCheck:
      "What our own UE and eNB say of their keys agrees with what the wire and K give. Where it does not, nobody else is blamed: the fault may be ours."
    }
  }

  /// What counts as evidence for it.
  public var evidence: String {
    switch self {
    case .nasContext: "messages that verify and decipher under the context, and the MME's own report where it makes one"
    case .keNBExplained: "Security Key of INITIAL CONTEXT SETUP REQUEST and UE CONTEXT MODIFICATION REQUEST"
    case .nhGenealogy, .nhNeverReused, .nccOrder: "Security Context of HANDOVER REQUEST and PATH SWITCH REQUEST ACKNOWLEDGE"
    case .rekeyOwed: "SECURITY MODE COMPLETE; Security Key after it, and the eNB's answer"
    case .rekeySMCOrder: "the order of SECURITY MODE COMMAND and its answer, Security Key and its answer, on one S1 connection"
    case .relocationWaits:
      "FORWARD RELOCATION REQUEST where S10 or S3 is seen, else HANDOVER REQUEST at an eNB of the other MME, or HANDOVER COMMAND to UTRAN or GERAN"
    case .silentSource:
      "NAS messages on the source connection after HANDOVER REQUEST at an eNB of the other MME, or a while after FORWARD RELOCATION REQUEST where that is seen"
    case .smcOwedAfterNonDelivery: "NAS NON DELIVERY INDICATION with the command, the end of the handover, what the MME sends then"
    case .forwardBothContexts: "MM context of FORWARD RELOCATION REQUEST, where S10 is seen"
    case .countPerTransmission: "the COUNTs under which downlink messages verify"
    case .countEstimation, .forgeryInert: "the network's answers to the uplink message, and to those after it"
    case .eKSIConsistent: "key set identifiers of AUTHENTICATION REQUEST, SECURITY MODE COMMAND and of the UE's messages"
    case .protectionByState: "security header types of downlink messages, and answers to uplink ones that should not be taken"
    case .capabilitiesReplayed:
      "SECURITY MODE COMMAND; UE Security Capabilities of INITIAL CONTEXT SETUP REQUEST, HANDOVER REQUEST and PATH SWITCH REQUEST ACKNOWLEDGE"
    case .hashMME: "HASHMME of SECURITY MODE COMMAND, the message that it answers"
    case .contextInForce: "the context that the network's next protected message verifies under"
    case .nullAlgorithms: "the algorithms that SECURITY MODE COMMAND selects"
    case .selfCheck: "reports of our UE and eNB, against the ledgers"
    }
  }

  /// The rules that it sees broken.
  public var rules: [ConcurrencyRule] { ConcurrencyRule.allCases.filter { $0.assertions.contains(self) } }
}
