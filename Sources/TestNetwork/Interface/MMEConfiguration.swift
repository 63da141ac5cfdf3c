import NASCrypto
import NASMessages

/// What the test network's MME is told about itself, its policies and its limits. The defaults follow TS 24.301.
public struct MMEConfiguration: Sendable, Equatable {
  /// NAS timers of the network side (TS 24.301 §10.2, table 10.2.2).
  public struct Timers: Sendable, Equatable {
    /// Supervises ATTACH ACCEPT and GUTI REALLOCATION COMMAND.
    public var t3450: Duration = .seconds(6)
    /// Supervises AUTHENTICATION REQUEST and SECURITY MODE COMMAND.
    public var t3460: Duration = .seconds(6)
    /// Supervises IDENTITY REQUEST.
    public var t3470: Duration = .seconds(6)
    /// Supervises DETACH REQUEST.
    public var t3422: Duration = .seconds(6)
    /// Supervises PAGING; the specification leaves the value to the network.
    public var t3413: Duration = .seconds(6)
    /// Supervises ESM INFORMATION REQUEST (TS 24.301 table 10.3.2).
    public var t3489: Duration = .seconds(4)
    /// Supervises ACTIVATE DEFAULT and DEDICATED EPS BEARER CONTEXT REQUEST.
    public var t3485: Duration = .seconds(8)
    /// Supervises MODIFY EPS BEARER CONTEXT REQUEST.
    public var t3486: Duration = .seconds(8)
    /// Supervises DEACTIVATE EPS BEARER CONTEXT REQUEST.
    public var t3495: Duration = .seconds(8)
    /// Ours: how long an S1AP answer (INITIAL CONTEXT SETUP, UE CONTEXT RELEASE COMPLETE) is waited for.
    public var s1Guard: Duration = .seconds(10)
    /// Ours: how long a handover may take to its next step, longer than an eNB supervises it.
    public var handover: Duration = .seconds(15)
    /// T3-RESPONSE: how long an answer over S10 is waited for (TS 29.274 §7.6; the value is the operator's).
    public var t3Response: Duration = .seconds(2)
    /// N3-REQUESTS: how often a request is sent again over S10.
    public var n3Requests = 3
    /// How often a NAS message is sent again before the next expiry aborts the procedure.
    public var retransmissions = 4

    public init() {}
  }

  /// When the MME asks a UE that has set the flag for its ESM information (TS 24.301 §6.6.1.2).
  public enum ESMInformationPolicy: Sendable, Equatable {
    case whenFlagged
    case never
  }

  /// Emergency attach (TS 24.301 §5.5.1.2.1, §5.4.2.5).
  public enum EmergencyPolicy: Sendable {
    /// Subscribers that prove themselves, as for an ordinary attach; no IMEI.
    case authenticated
    /// Those, and with null algorithms the others: no SIM, unknown to the HSS, failed authentication.
    case authenticatedIfPossible
    /// Null algorithms for all whose request does not verify.
    case neverAuthenticated
  }

  /// When tracking area updating reallocates the GUTI (TS 24.301 §5.5.3.2.4).
  public enum GUTIAtUpdate: Sendable { case always, unlessPeriodic, never }

  /// How long an eNB whose S1 SETUP failed is to wait (TS 36.413 §9.2.3.61, the enumeration's order).
  public enum TimeToWait: Int, Sendable { case seconds1 = 0, seconds2, seconds5, seconds10, seconds20, seconds60 }

  /// A tracking area as the MME knows it.
  public struct TrackingArea: Sendable, Hashable {
    public var plmn: PLMN
    public var code: UInt16

    public init(plmn: PLMN, code: UInt16) {
      self.plmn = plmn
      self.code = code
    }
  }

  public var name: String
  /// The PLMNs this MME serves; an eNB that broadcasts none of them is refused at S1 SETUP.
  public var plmns: [PLMN]
  public var mmeGroupID: UInt16
  public var mmeCode: UInt8
  public var relativeCapacity: UInt8 = 255
  /// Time to wait in S1 SETUP FAILURE; nil leaves it out.
  public var setupTimeToWait: TimeToWait? = .seconds10
  /// The tracking areas a UE is given in its TAI list, the one it is in first; at most 16 are sent.
  public var trackingAreas: [TrackingArea]

  /// From most to least wanted; the first that the UE has is taken. Null integrity is never taken from here.
  public var integrityPriority: [IntegrityAlgorithm] = [.eia2, .eia1, .eia3]
  public var cipheringPriority: [CipheringAlgorithm] = [.eea2, .eea1, .eea3, .eea0]
  /// Ask for the IMEISV in SECURITY MODE COMMAND.
  public var requestsIMEISV = true
  /// Include HASHMME where the answered request came plain or with a bad MAC (TS 24.301 §5.4.3.2).
  public var sendsHashMME = true
  /// Make a mapped context of a UE's UMTS keys when it comes from UTRAN or GERAN without a context of this MME's; else authenticate it.
  public var mapsSecurityContexts = true
  /// RACS: ask for the UE radio capability ID in SECURITY MODE COMMAND, of UEs that have one (TS 24.301 §5.3.22).
  public var usesRadioCapabilityIDs = false
  /// A COUNT so near to its wrap lets the MME authenticate anew, or wake a native context with low COUNTs (TS 24.301 §4.4.3.5); 0 never.
  public var countMargin: UInt32 = 4_096
  /// Authenticate even where the initial message was verified under a known context.
  public var authenticatesKnownUEs = false

  public var esmInformation: ESMInformationPolicy = .whenFlagged
  /// The APN of a UE that names none.
  public var defaultAccessPointName: AccessPointName = "internet"
  /// QCI of default bearers, 1 ... 9.
  public var defaultQCI: UInt8 = 9
  /// First two octets of the IPv4 addresses given to UEs, 10.45 in the high and low octet.
  public var addressPrefix: UInt16 = 10 << 8 | 45
  /// IPv4 address of the (not emulated) SGW in E-RAB set-up.
  public var userPlaneAddress: [UInt8] = [127, 0, 0, 2]
  /// UE aggregate maximum bit rates, bit/s.
  public var maximumBitRateDownlink: UInt64 = 1_000_000_000
  public var maximumBitRateUplink: UInt64 = 1_000_000_000

  /// Send EMM INFORMATION after ATTACH COMPLETE.
  public var sendsEMMInformation = true
  public var networkName = "nasue"
  /// T3412 (periodic TAU) given to UEs, minutes; 0 deactivates it.
  public var periodicUpdateMinutes = 54
  /// T3402 given to UEs, minutes.
  public var t3402Minutes = 12

  /// Who is let in by an emergency attach.
  public var emergency = EmergencyPolicy.authenticated
  /// The access point of PDN connections for emergency bearer services, which UEs do not name (TS 24.301 §6.5.1.3).
  public var emergencyAccessPointName: AccessPointName = "sos"
  /// UEs that are let in without authentication, at once.
  public var maximumEmergencyGuests = 1_000

  /// Cause for an IMSI that the HSS does not have. ATTACH REJECT has #8 for it (TS 24.301 §5.5.1.2.5 does not list #2, "IMSI unknown
  /// in HSS", for an EPS attach; the HSS's "user unknown" is mapped to #8). Some MMEs send #2.
  public var causeForUnknownIMSI: UInt8 = 8
  /// Subscribers whose ATTACH REQUEST is rejected after security is established, with the EMM cause (#7, #11, #15, …).
  public var attachRejections: [String: UInt8] = [:]
  /// Subscribers whose TRACKING AREA UPDATE REQUEST is rejected after it is verified, with the EMM cause (#10, #15, #22, #40, …).
  public var updateRejections: [String: UInt8] = [:]
  /// Subscribers whose service request is rejected after it is verified, with the EMM cause (#10, #22, #40, …).
  public var serviceRejections: [String: UInt8] = [:]
  /// Subscribers whose PDN CONNECTIVITY REQUEST is rejected while they are registered, with the ESM cause (#26, #27, #55, …); those for
  /// emergency bearer services too.
  public var connectivityRejections: [String: UInt8] = [:]
  /// Subscribers whose BEARER RESOURCE ALLOCATION and MODIFICATION REQUEST is rejected, with the ESM cause (#26, #37, #59, …).
  public var bearerResourceRejections: [String: UInt8] = [:]
  /// Cause for an EXTENDED SERVICE REQUEST that asks for CS fallback: #18 (CS domain not available) or #39 (temporarily).
  public var causeForCSFallback: UInt8 = 18
  /// T3346 (mobility management back-off) that goes with cause #22, minutes.
  public var t3346Minutes = 15
  /// T3442 (no CS fallback for so long) that goes with cause #39, minutes.
  public var t3442Minutes = 1
  /// Which TRACKING AREA UPDATE ACCEPT brings a new GUTI.
  public var gutiAtUpdate = GUTIAtUpdate.unlessPeriodic
  /// Identify and authenticate a UE whose GUTI is another MME's, and take it over as if S10 had brought its default bearer; else
  /// its update is rejected with #9.
  public var adoptsUEsOfOtherMMEs = true

  /// Where this MME speaks S10; nil: it does not, and handovers to other MMEs fail.
  public var s10Address: CoreAddress?
  /// The other MMEs. What comes over S10 from somebody else is discarded.
  public var peers: [S10Peer] = []

  /// What the MME does wrong on purpose.
  public var defects: Set<Defect> = []

  public var timers = Timers()

  /// How many UE-associated S1 connections are held at once, over all associations.
  public var maximumConnections = 100_000
  public var maximumAssociations = 1_024
  /// Network commands that wait for a running procedure of the same UE to end.
  public var maximumQueuedCommands = 8

  public init(
    name: String = "nasue-mme", plmns: [PLMN], mmeGroupID: UInt16 = 1, mmeCode: UInt8 = 1, trackingAreaCodes: [UInt16] = [1]
  ) {
    precondition(!plmns.isEmpty, "an MME serves at least one PLMN")
    self.name = name
    self.plmns = plmns
    self.mmeGroupID = mmeGroupID
    self.mmeCode = mmeCode
    trackingAreas = trackingAreaCodes.map { TrackingArea(plmn: plmns[0], code: $0) }
  }
}
