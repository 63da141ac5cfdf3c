import NASCrypto
import NASMessages
import NASSecurity
import RadioInterface

extension UE {
  /// What a UE reacts to.
  public enum Input: Sendable, Equatable {
    /// The mobile equipment is switched on: EMM-NULL is left.
    case powerOn
    /// The user or an application wants EPS services.
    case attach
    /// The user wants to leave.
    case detach(switchOff: Bool)
    /// The user wants to leave non-EPS services alone.
    case detachFromNonEPSServices
    /// User data or signalling wait in EMM-IDLE.
    case requestService
    /// A call is to be made or taken by CS fallback; for a combined registration.
    case requestCSFallback(CSFallback)
    /// Control plane CIoT optimization is used: signalling waits, or an answer to a paging is due.
    case requestControlPlaneService(paged: Bool)
    /// Data for the control plane wait: in EMM-IDLE they travel inside CONTROL PLANE SERVICE REQUEST.
    case sendOverControlPlane(ControlPlaneData)
    /// The change to GERAN or UTRAN is complete.
    case leftForOtherSystem
    /// A tracking area update is wanted, whatever the tracking area; with bearers for user data if `isActive`.
    case updateTrackingArea(isActive: Bool)
    /// The same over a connection that there is, with "no key is available" in it though there is one: some networks authenticate then.
    case updateTrackingAreaWithoutKey
    /// EMM STATUS is to be sent over a secured connection, after as many uplink messages were lost on the way: its COUNT is so much further.
    case sendStatus(EMMCause, afterLosing: UInt8)
    /// A message of a tester's making, beside what the UE does by itself.
    case sendCrafted(CraftedMessage)
    /// The EPS security contexts are lost, as of a USIM that marks them invalid; the registration stays.
    case contextsLost
    /// The UE camps on a cell of this tracking area, or was handed over to one.
    case campedOn(TrackingAreaIdentity)
    /// The same, and access of the cell is barred for originating signalling and calls.
    case campedOnBarredCell(TrackingAreaIdentity)
    /// The last cell is lost; PLMNs are being searched for.
    case coverageLost
    /// The search found no cell.
    case noCellFound
    /// Access of the cell is barred for originating signalling and calls.
    case accessBarred
    /// Access is barred for what has just been asked of the lower layers, or the network refused to set up the connection: the initial NAS
    /// message was not sent.
    case connectionRefused
    /// Access is granted again.
    case accessGranted
    /// A UE in eCall only mode is to make such a call.
    case startECall(ECall)
    /// A paging for the packet domain was heard; whether it is for this UE is for the UE to see.
    case paged(PagedIdentity)
    /// A PDN connection or a bearer is wanted, or wanted no longer.
    case requestSession(SessionRequest)
    case sessionTimerExpired(ESMTimer)
    /// The UE reselected to E-UTRAN in idle mode, its last update having been to UTRAN or GERAN.
    case enteredFromUTRAN(IdleChangeFromUTRAN)
    /// The UE reselected to E-UTRAN in idle mode from N1 mode, and the network has N26.
    case enteredFromN1(IdleChangeFromN1)
    /// The UE, which is to attach, comes from N1 mode: what it had there.
    case leftN1Mode(N1Registration)
    /// A handover to E-UTRAN was completed.
    case handedOver(HandoverToEUTRAN)
    /// The same with its AS keys: the command of the target eNB, as UTRAN or GERAN handed it on.
    case commandedToEUTRAN(HandoverToEUTRAN, MobilityControl)
    /// A NAS-PDU came from the radio.
    case downlinkNAS([UInt8])
    /// RRC, as far as AS keys go.
    case radio(RadioEvent)
    /// The eNB activated AS security for the radio connection, with radio bearers for the user plane; whether its keys are ours is not
    /// looked at, and there is no handover later. ``RadioEvent/received(_:at:)`` does both.
    case accessStratumSecured
    /// The user plane radio bearers changed over a connection that there is: those of these EPS bearers are set up.
    case userPlaneChanged(Set<UInt8>)
    /// The lower layers could not deliver this NAS-PDU of ours; after a handover they tell the tracking area of the new cell.
    case transmissionFailed([UInt8], movedTo: TrackingAreaIdentity?)
    /// RRC asks for a NAS-MAC over these octets, as it re-establishes a connection of the control plane optimization.
    case calculateNASMAC(over: [UInt8])
    /// The RRC connection ended.
    case radioConnectionReleased
    /// The RRC connection could not be made, so the initial NAS message was not sent.
    case radioConnectionFailed
    case timerExpired(EMMTimer)
  }

  /// What a UE does.
  public enum Output: Sendable, Equatable {
    /// Make an RRC connection that carries this initial NAS message.
    case establishConnection(InitialNASMessage)
    /// Send a NAS-PDU over the existing connection.
    case uplinkNAS([UInt8])
    /// A tester's message, over the existing connection or over one beside it on which nobody answers.
    case crafted(InitialNASMessage, overNewConnection: Bool)
    /// Let the RRC connection go without signalling (TS 24.301 §5.4.2.7, local release).
    case releaseConnection
    /// Starts the timer, or starts it anew.
    case startTimer(EMMTimer, after: Duration)
    case stopTimer(EMMTimer)
    case startSessionTimer(ESMTimer, after: Duration)
    case stopSessionTimer(ESMTimer)
    /// The UE's own word on its contexts, after a change.
    case securityContexts(SecurityContexts, why: String)
    case radio(RadioAction)
    /// KeNB as the UE derives it from KASME when AS security starts or a key change on the fly is told, and the COUNT it came from.
    case keNB(KeyMaterial, uplinkNASCount: NASCount)
    /// A message was dropped; nothing changed.
    case discarded(DiscardReason, message: String)
    case state(EMMState)
    case event(Event)
  }

  /// What a user of the UE is told.
  public enum Event: Sendable, Equatable {
    case attached
    case attachFailed(Failure)
    case detached(Detachment)
    /// The bearers for user data are up.
    case serviceEstablished
    case serviceFailed(ServiceFailure)
    /// Non-EPS services ended at our wish; EPS services go on.
    case nonEPSServicesEnded(acknowledged: Bool)
    /// The UE left for UTRAN or GERAN in idle mode, where this NAS token proves who it is (TS 33.401 §9.1.1).
    case leftWithNASToken(KeyMaterial)
    /// The NAS-MAC that RRC asked for, and the five low bits of the uplink NAS COUNT that went into it (§6.6.4.4 c).
    case nasMACCalculated(UInt32, count5: UInt8)
    /// A call waits (CS SERVICE NOTIFICATION).
    case callAnnounced
    /// The lower layers are to treat the active cell as barred (TS 24.301 §5.4.2.7 f, TS 36.304 §5.3.1).
    case activeCellBarred
    case trackingAreaUpdated
    case trackingAreaUpdateFailed(ServiceFailure)
    case bearerActivated(UInt8)
    case bearerModified(UInt8)
    case bearerDeactivated(UInt8, ESMCause)
    /// What was asked of ESM was refused, with a cause; or not answered, or not possible.
    case sessionFailed(SessionRequest, ESMCause?)
    /// Full and short name of the network, as EMM INFORMATION gave them.
    case networkNamed(full: String?, short: String?)
    /// User data that came over the control plane, on this bearer (ESM DATA TRANSPORT).
    case dataReceived(bearer: UInt8, [UInt8])
    /// EMM STATUS or ESM STATUS of the network.
    case status(String)
  }

  /// Why an attach ended without success.
  public enum Failure: Sendable, Equatable, CustomStringConvertible {
    case rejected(EMMCause, esm: ESMCause?)
    /// AUTHENTICATION REJECT; `failure` is the cause of our AUTHENTICATION FAILURE where that was our answer, nil where RES was.
    case authenticationRejected(protected: Bool, failure: EMMCause?)
    /// Three challenges in a row failed, or the network did not follow up one: it is not genuine (§5.4.2.7).
    case networkNotGenuine(lastFailure: EMMCause?)
    case noAnswer(timer: EMMTimer, attempts: Int)
    case connectionLost
    case securityModeRejected(EMMCause, reason: String)
    case usimInvalid
    case countExhausted
    /// T3346 or T3396 runs: tried when it ends (§5.5.1.2.6 m, §6.5.1.4.2).
    case backedOff
    /// Begun when access is granted.
    case accessBarred
    /// Begun when there is a cell.
    case noCell
    /// Begun when there is a cell with normal service: the lists forbid the tracking area or PLMN of this one (§5.2.2.3).
    case areaForbidden
    /// A UE in eCall only mode attaches for a call alone (§5.2.2.3).
    case eCallOnly
    /// The network registered us, but the default bearer in its ATTACH ACCEPT is none (§5.5.1.2.6 j).
    case defaultBearerNotAccepted(String)

    public var description: String {
      switch self {
      case .rejected(let cause, let esm):
        "ATTACH REJECT, EMM cause \(cause)" + (esm.map { ", ESM cause \($0)" } ?? "")
      case .authenticationRejected(let protected, let failure):
        "AUTHENTICATION REJECT (\(protected ? "integrity protected" : "not protected")): "
          + (failure.map { "we had refused the network's challenge, EMM cause \($0); do K, OPc, AMF and SQN of both sides agree?" }
            ?? "the network refused our RES; do K and OPc of both sides agree?")
      case .networkNotGenuine(let failure):
        "the network could not authenticate itself"
          + (failure.map { ": the last challenge failed with EMM cause \($0); do K, OPc and SQN of both sides agree?" } ?? "")
      case .noAnswer(let timer, let attempts):
        "no answer to ATTACH REQUEST: \(timer.rawValue) expired, attempt \(attempts)"
      case .connectionLost: "the connection was released before the attach was complete"
      case .securityModeRejected(let cause, let reason): "we answered SECURITY MODE REJECT, EMM cause \(cause): \(reason)"
      case .usimInvalid: "the USIM counts as invalid after an earlier reject"
      case .countExhausted: "the uplink NAS COUNT is exhausted"
      case .backedOff: "not begun, since a back-off timer runs (T3346 or T3396)"
      case .accessBarred: "not begun, since access of the cell is barred"
      case .noCell: "not begun, since there is no cell"
      case .areaForbidden: "not begun, since the tracking area or PLMN is on a list of forbidden ones"
      case .eCallOnly: "not begun, since the UE is in eCall only mode"
      case .defaultBearerNotAccepted(let reason): reason
      }
    }
  }

  /// Why a service request or a tracking area update ended without success.
  public enum ServiceFailure: Sendable, Equatable, CustomStringConvertible {
    case rejected(EMMCause)
    case noAnswer(timer: EMMTimer, attempts: Int)
    case connectionLost
    case networkNotGenuine(lastFailure: EMMCause?)
    case countExhausted
    /// Not begun, since this timer runs.
    case backedOff(EMMTimer)
    case accessBarred
    case noCell
    /// The lists forbid the tracking area or PLMN (TS 24.301 §5.2.3.2).
    case areaForbidden
    /// SERVICE REJECT #18 came, and no combined update succeeded since (TS 24.301 §5.6.1.5).
    case noCSDomain
    /// Not over E-UTRAN in this substate: the UE is to look for GERAN or UTRAN, which is not emulated (TS 24.301 §5.2.3.2).
    case otherSystemNeeded
    /// A CS fallback that a DETACH REQUEST for non-EPS services overtook (TS 24.301 §5.6.1.6 h).
    case nonEPSDetached

    public var description: String {
      switch self {
      case .rejected(let cause): "rejected, EMM cause \(cause)"
      case .noAnswer(let timer, let attempts): "no answer: \(timer.rawValue) expired, attempt \(attempts)"
      case .connectionLost: "the connection was released before the procedure was complete"
      case .networkNotGenuine(let failure): Failure.networkNotGenuine(lastFailure: failure).description
      case .countExhausted: Failure.countExhausted.description
      case .backedOff(let timer): "not begun, since \(timer.rawValue) runs"
      case .accessBarred: Failure.accessBarred.description
      case .noCell: Failure.noCell.description
      case .areaForbidden: Failure.areaForbidden.description
      case .noCSDomain: "not begun, since the network said that the CS domain is not available (#18)"
      case .otherSystemNeeded: "not begun, since a call is for GERAN or UTRAN in this substate"
      case .nonEPSDetached: "aborted, since the network detached the UE from non-EPS services"
      }
    }
  }

  /// How EMM-REGISTERED was left.
  public enum Detachment: Sendable, Equatable {
    case byUser(switchOff: Bool, acknowledged: Bool)
    case byNetwork(reattachRequired: Bool, cause: EMMCause?)
    case connectionLost
    /// Nobody was told: the network paged us by IMSI, or rejected a request in a way that ends the registration.
    case locally
  }
}

/// Whom a paging is for (TS 24.301 §5.6.2.2).
public enum PagedIdentity: Sendable, Equatable {
  case sTMSI(mmeCode: UInt8, mTMSI: UInt32)
  case imsi(String)
}

/// A NAS message that opens a NAS signalling connection, with what RRC needs to know (TS 24.301 §5.3.1.1, Annex D).
public struct InitialNASMessage: Sendable, Equatable {
  public var octets: [UInt8]
  public var establishmentCause: EstablishmentCause
  /// Given to RRC when the UE is in one of its tracking areas, so that the same MME is found.
  public var temporaryIdentity: GUTI?
  /// The MME the UE was registered with.
  public var registeredMME: GUTI?
  /// It stands for a P-TMSI and a RAI (GUMMEI type "mapped").
  public var isRegisteredMMEMapped = false
  /// It stands for a 5G-GUTI, which is called native and mapped from 5GS (§5.3.1.1 a).
  public var isRegisteredMMEMappedFrom5GS = false
}

/// RRC establishment causes NAS asks for (TS 24.301 Annex D).
public enum EstablishmentCause: Sendable, Equatable {
  case mobileOriginatedSignalling
  case mobileOriginatedData
  case mobileTerminatedAccess
  case emergency
}
