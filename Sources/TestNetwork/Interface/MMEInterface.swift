import NASCrypto
import NASMessages
import NASSecurity

/// One timer of the MME: the driver keeps one running per value, an expiry that comes too late is ignored.
public struct MMETimer: Hashable, Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable {
    case t3413 = "T3413"
    case t3422 = "T3422"
    case t3450 = "T3450"
    case t3460 = "T3460"
    case t3470 = "T3470"
    case t3485 = "T3485"
    case t3486 = "T3486"
    case t3489 = "T3489"
    case t3495 = "T3495"
    /// Ours: the eNB owes an S1AP answer.
    case s1Guard = "S1 guard"
    /// Ours: a handover goes on, within this MME, away from it or to it.
    case handover = "handover guard"
    /// Supervises a request over S10; its owner is the sequence number.
    case t3Response = "T3-RESPONSE"
  }
  public var kind: Kind
  /// The MME-UE-S1AP-ID of the connection; for T3413 the subscriber's number.
  public var owner: UInt32
  /// Which of several of this kind and owner: of T3485, T3486, T3495 the EPS bearer identity, else 0 unless procedures overlap.
  public var instance: UInt8

  /// T3460 of a security mode control, which may run beside an authentication.
  static let securityMode: UInt8 = 1
  /// T3-RESPONSE of a CONTEXT RESPONSE, whose sequence number is the peer's.
  static let contextResponse: UInt8 = 1
  /// T3450 of a GUTI reallocation, which may run beside an attach or a tracking area update.
  static let reallocation: UInt8 = 1

  public init(_ kind: Kind, owner: UInt32, instance: UInt8 = 0) {
    self.kind = kind
    self.owner = owner
    self.instance = instance
  }

  public var description: String { "\(kind.rawValue) (\(owner))" }
}

/// Which context a SECURITY MODE COMMAND on command takes into use.
public enum SecurityModeBasis: Sendable, Equatable {
  /// The partial native one if there is one, else the current one.
  case automatic
  /// The current one, whatever stands beside it.
  case current
  /// The one beside the current context: partial, or full native that wakes up.
  case nonCurrent
}

/// What EMM INFORMATION says. The MME has no clock: the time is whoever orders it's to know.
public struct NetworkInformation: Sendable, Equatable {
  public var fullName: String?
  public var shortName: String?
  public var localTimeZone: TimeZone?
  public var universalTime: UniversalTime?
  public var daylightSavingTime: DaylightSavingTime?

  public init(
    fullName: String? = nil, shortName: String? = nil, localTimeZone: TimeZone? = nil, universalTime: UniversalTime? = nil,
    daylightSavingTime: DaylightSavingTime? = nil
  ) {
    self.fullName = fullName
    self.shortName = shortName
    self.localTimeZone = localTimeZone
    self.universalTime = universalTime
    self.daylightSavingTime = daylightSavingTime
  }
}

/// A procedure that the network starts because it was told to.
public enum NetworkCommand: Sendable, Equatable {
  /// A fresh AKA; an SMC with the new KASME follows if `thenSecurityMode`.
  case authenticate(thenSecurityMode: Bool = true)
  /// SECURITY MODE COMMAND for the context chosen; algorithms by priority when nil. `refreshingKeNB`: UE CONTEXT MODIFICATION
  /// follows with a KeNB of the SECURITY MODE COMPLETE's COUNT though the KASME is as before (TS 33.401 §7.2.9.2).
  /// `askingRadioCapabilityID`: with UE RADIO CAPABILITY ID REQUEST.
  case securityMode(
    NASAlgorithms? = nil, of: SecurityModeBasis = .automatic, refreshingKeNB: Bool = false, askingRadioCapabilityID: Bool = false)
  case identify(IdentityType2)
  case reallocateGUTI
  /// EMM INFORMATION with the names of the configuration.
  case emmInformation
  case information(NetworkInformation)
  case emmStatus(EMMCause)
  case detach(reattachRequired: Bool)
  /// DETACH REQUEST of any type, IMSI detach too, with a cause or none. IMSI detach leaves EPS services as they are.
  case detachRequest(DetachType, cause: EMMCause? = nil)
  /// A dedicated bearer beside default bearer `linkedTo`, or beside the first one; UDP to one port where no filters are given.
  case activateDedicatedBearer(linkedTo: UInt8? = nil, qos: EPSQoS = EPSQoS(qci: 5), tft: TrafficFlowTemplate? = nil)
  case modifyBearer(UInt8, qos: EPSQoS? = nil, tft: TrafficFlowTemplate? = nil)
  /// Of a default bearer: the end of its PDN connection.
  case deactivateBearer(UInt8, cause: ESMCause = .regularDeactivation)
  /// UE CONTEXT RELEASE COMMAND: the UE becomes idle.
  case release
  /// PAGING on every eNB that serves the UE's tracking areas.
  case page
  /// PAGING with the IMSI, as after the loss of the GUTI: the UE deletes what it has and attaches anew (TS 24.301 §5.6.2.2.2).
  case pageByIMSI
}

extension MME {
  public enum Input: Sendable {
    case associationUp(Int)
    case associationDown(Int)
    case s1ap([UInt8], association: Int, stream: UInt16)
    /// A GTPv2-C datagram, and where it came from.
    case gtp([UInt8], from: CoreAddress)
    case timer(MMETimer)
    /// Starts when nothing else of this UE's runs.
    case command(NetworkCommand, imsi: String)
    /// Starts at once, beside whatever runs: procedures overlap on purpose. What TS 33.401 §7.2.10 forbids waits all the same, unless a
    /// defect of the configuration says otherwise.
    case startNow(NetworkCommand, imsi: String)
    /// RESET of everything on this association.
    case resetAssociation(Int)
    /// What an SGSN or AMF would say of a subscriber's UE when it comes over; nil takes that back.
    case sourceContext(SourceContext?, imsi: String)
  }

  public enum Output: Sendable, Equatable {
    case s1ap([UInt8], association: Int, stream: UInt16)
    /// A GTPv2-C datagram for a peer.
    case gtp([UInt8], to: CoreAddress)
    case startTimer(MMETimer, after: Duration)
    case stopTimer(MMETimer)
    /// The MME's own word on a UE's contexts, after what is said in `why`.
    case securityContexts(imsi: String, SecurityContexts, why: String)
    /// A KeNB went to the eNB, derived from the uplink COUNT given.
    case keNB(imsi: String, KeyMaterial, uplinkCount: NASCount)
    /// The EMM state the MME has for this UE: "EMM-REGISTERED", ….
    case state(imsi: String, String)
    /// A procedure that was started on command, or by the UE, has ended: in words.
    case procedure(imsi: String?, String)
    case discarded(MMEDiscard)
  }
}

/// Why the MME ignored or refused something that arrived.
public struct MMEDiscard: Sendable, Equatable, CustomStringConvertible {
  /// In words.
  public var reason: String
  /// "TS 24.301 §4.4.4.3".
  public var clause: String
  public var association: Int?
  /// The UE concerned, where the MME knows (or was told, unverified) which.
  public var imsi: String?

  public init(_ reason: String, clause: String, association: Int? = nil, imsi: String? = nil) {
    self.reason = reason
    self.clause = clause
    self.association = association
    self.imsi = imsi
  }

  public var description: String { "\(reason) (\(clause))" }
}
