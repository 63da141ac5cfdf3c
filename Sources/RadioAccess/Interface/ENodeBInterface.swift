import NASCrypto
import RadioInterface
import S1AP

/// The driver's number for a UE at an eNB; the eNB-UE-S1AP-ID on the wire is the eNB's own and differs.
public typealias UEHandle = Int

/// RRC establishment cause as INITIAL UE MESSAGE carries it (TS 36.413 §9.2.1.3a, the enumeration's order).
public enum RRCEstablishmentCause: Int, Sendable, Equatable {
  case emergency = 0
  case highPriorityAccess
  case mobileTerminatingAccess
  case mobileOriginatingSignalling
  case mobileOriginatingData
  case delayTolerantAccess
  case mobileOriginatingVoiceCall
  case mobileOriginatingExceptionData
}

/// The MME a UE says it is registered with, as RRC CONNECTION SETUP COMPLETE carries it.
public struct RegisteredMME: Sendable, Equatable {
  /// Whether the GUMMEI was assigned by an MME or mapped from a P-TMSI or a 5G-GUTI, by its place in the GUMMEI Type of TS 36.413 §9.3.4; the
  /// last comes after the extension marker.
  public enum Origin: Int, Sendable { case native = 0, mapped = 1, mappedFrom5G = 2 }
  public var gummei: GUMMEI
  public var origin: Origin

  public init(gummei: GUMMEI, origin: Origin = .native) {
    self.gummei = gummei
    self.origin = origin
  }
}

/// What a UE's RRC says to its eNB.
public enum UplinkRRC: Sendable, Equatable {
  /// RRC CONNECTION SETUP COMPLETE with the initial NAS message.
  case connectionSetupComplete(
    nas: [UInt8], establishmentCause: RRCEstablishmentCause, sTMSI: STMSI? = nil, registeredMME: RegisteredMME? = nil)
  /// UL INFORMATION TRANSFER.
  case nas([UInt8])
  /// An RRC message about keys.
  case radio(ProtectedRRC<UplinkRRCMessage>)
  /// RRC CONNECTION RECONFIGURATION COMPLETE of a UE in handover, in the target cell, with its C-RNTI there.
  case arrival(temporaryIdentity: UInt16, ProtectedRRC<UplinkRRCMessage>)
  case reestablishmentRequest(ReestablishmentRequest)
  /// The UE let the RRC connection go by itself (radio link failure, switch-off).
  case connectionReleased
}

/// What the eNB's RRC says to a UE.
public enum DownlinkRRC: Sendable, Equatable {
  /// DL INFORMATION TRANSFER, or the dedicated NAS information of a reconfiguration.
  case nas([UInt8])
  /// An RRC message about keys.
  case radio(ProtectedRRC<DownlinkRRCMessage>)
  /// RRC CONNECTION RELEASE with the S1AP cause that led to it.
  case release(Cause)
}

/// Whom a PAGING message is for.
public enum PagingIdentity: Sendable, Equatable {
  case sTMSI(STMSI)
  case imsi(String)
}

/// Which timer: the driver keeps one running per value.
public enum ENodeBTimer: Hashable, Sendable {
  /// Runs from an S1 SETUP FAILURE until the next S1 SETUP REQUEST.
  case setupRetry
  /// TS1RELOCprep or TRELOCprep, by eNB-UE-S1AP-ID: the source waits for a handover to be prepared.
  case handoverPreparation(UInt32)
  /// TS1RELOCOverall or TX2RELOCoverall: the source waits to be released.
  case handoverOverall(UInt32)
  /// Ours: the target waits for the UE.
  case arrival(UInt32)
}

extension ENodeB {
  public enum Input: Sendable {
    /// The SCTP association is up: S1 SETUP REQUEST goes out.
    case associationUp
    /// The SCTP association is gone; every UE loses its connection.
    case associationDown(reason: String)
    case s1ap([UInt8], stream: UInt16)
    case rrc(UEHandle, UplinkRRC)
    case timer(ENodeBTimer)
    /// Ask the MME to release this UE (UE CONTEXT RELEASE REQUEST).
    case releaseUE(UEHandle, Cause)
    /// Reset all UE-associated connections at the MME (`nil`), or those of the UEs named.
    case reset([UEHandle]?, Cause)
    /// The next downlink NAS PDUs for this UE cannot be delivered (`true`): NAS NON DELIVERY INDICATION is sent instead.
    case radioUnavailable(UEHandle, Bool)
    /// Downlink NAS for this UE is to wait here (`true`), as for radio resources; a handover makes it undeliverable.
    case holdNAS(UEHandle, Bool)
    case handover(UEHandle, to: HandoverTarget, HandoverKind)
    case cancelHandover(UEHandle, Cause)
    /// From the eNB with that macro eNB ID.
    case x2(X2Message, from: UInt32)
  }

  public enum Output: Sendable, Equatable {
    case s1ap([UInt8], stream: UInt16)
    case rrc(UEHandle, DownlinkRRC)
    /// PAGING received; the driver gives it to the UEs that camp on this eNB.
    case paging(PagingIdentity)
    case startTimer(ENodeBTimer, after: Duration)
    case stopTimer(ENodeBTimer)
    case s1SetupComplete(mmeName: String?, servedGUMMEIs: [ServedGUMMEI])
    /// `willRetry` tells whether a retry timer runs.
    case s1SetupFailed(Cause?, willRetry: Bool)
    /// To the eNB with that macro eNB ID.
    case x2(X2Message, to: UInt32)
    case handover(UEHandle, HandoverProgress)
    /// A KeNB* was taken into use, with its NCC: why, in words.
    case chainedKey(UEHandle, KeyMaterial, nextHopChainingCount: UInt8, why: String)
    /// A KeNB came from the MME for this UE, with its next hop chaining count.
    case keNB(UEHandle, KeyMaterial, nextHopChainingCount: UInt8)
    /// A RESET that we sent was acknowledged, or one that we received was carried out.
    case resetDone(ues: [UEHandle])
    /// Something was ignored or refused.
    case discarded(ENodeBDiscard)
  }
}

/// Why the eNB ignored or refused something that arrived.
public struct ENodeBDiscard: Sendable, Equatable, CustomStringConvertible {
  /// In words, with the message's name and the ids concerned.
  public var reason: String
  /// "TS 36.413 §10.6".
  public var clause: String
  public var ue: UEHandle?

  public init(_ reason: String, clause: String, ue: UEHandle? = nil) {
    self.reason = reason
    self.clause = clause
    self.ue = ue
  }

  public var description: String { "\(reason) (\(clause))" }
}
