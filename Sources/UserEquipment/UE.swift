import NASCrypto
import NASMessages
import NASSecurity

/// A UE: USIM, EMM, ESM and security contexts. A value without I/O: inputs in, outputs out, time passed in.
///
/// The procedures are extensions, one file each, in the folders EMM and ESM.
public struct UE: Sendable, Equatable {
  public internal(set) var configuration: UEConfiguration
  public internal(set) var usim: USIM
  /// Current and non-current EPS security contexts.
  public internal(set) var contexts: SecurityContexts
  /// What the last registration left: GUTI, tracking areas, timer values.
  public internal(set) var registration: Registration
  /// The PDN connections, by EPS bearer identity.
  public internal(set) var bearers: [DefaultBearer] = []
  /// Their dedicated bearers.
  public internal(set) var dedicatedBearers: [DedicatedBearer] = []
  var sessions = Sessions()

  var machine: Machine = .null
  var connection: Connection = .idle
  var authentication = AuthenticationProgress()
  /// The message whose uplink COUNT goes into the next KeNB, with the KASME it was sent under.
  var keNBTrigger: KeNBTrigger?
  /// AS security of the radio connection; nil before it starts and in idle mode.
  public internal(set) var accessStratum: AccessStratum? {
    get { accessStratumSlot.accessStratum }
    set { accessStratumSlot = newValue.map { .connected($0) } ?? .idle }
  }
  var accessStratumSlot = AccessStratumSlot.idle
  var nextProcedureTransactionIdentity: UInt8 = 1
  var unprotectedRejects = UnprotectedRejects()
  var backOff = BackOff()
  /// The tracking area of the cell it camps on; nil until the lower layers said.
  public internal(set) var servingTrackingArea: TrackingAreaIdentity?
  var forbidden = ForbiddenAreas()
  var random: SeededRandom
  /// False after DETACH REQUEST with #2, until switching off (§5.5.2.3.2).
  var isUSIMValidForNonEPS = true
  /// T3396, by access point.
  var sessionBackOffs: [SessionBackOff] = []
  /// An attach is to follow T3396.
  var attachAwaitsSessionBackOff = false
  /// Whether radio bearers are up, so that no initial message gives KeNB any more.
  var isAccessStratumSecured = false
  /// UE radio capability IDs that networks gave, the oldest first (§5.3.20, Annex C).
  var assignedRadioCapabilityIDs: [AssignedRadioCapabilityID] = []
  /// A handover took place on this connection: KASME is bound to the PLMN that the cell broadcasts (§5.4.2.3).
  var isHandedOver = false
  /// The uplink messages sent last over this connection, the newest last: those that a handover may have lost.
  var sentMessages: [SentMessage] = []
  /// See ``circumstances``.
  var circumstancesBox: CircumstancesBox?

  /// - Parameter seed: of what the UE draws at random (T3247).
  public init(
    configuration: UEConfiguration, usim: USIM, contexts: SecurityContexts = SecurityContexts(),
    registration: Registration = Registration(), seed: UInt64 = 0
  ) {
    random = SeededRandom(seed: seed)
    self.configuration = configuration
    self.usim = usim
    self.contexts = contexts
    self.registration = registration
  }

  /// The EMM state with its substate (TS 24.301 §5.1.3.2).
  public var state: EMMState {
    switch machine {
    case .null: .null
    case .deregistered(let substate, _): .deregistered(substate)
    case .registeredInitiated: .registeredInitiated
    case .registered(let registered): registered.substate == .normalService ? .registered : .registeredSubstate(registered.substate)
    case .trackingAreaUpdatingInitiated: .trackingAreaUpdatingInitiated
    case .serviceRequestInitiated: .serviceRequestInitiated
    case .deregisteredInitiated: .deregisteredInitiated
    }
  }

  /// Whether there is a NAS signalling connection.
  public var isConnected: Bool { connection != .idle }
  /// Whether the network has established the secure exchange of NAS messages on it (§4.4.2.3).
  public var hasSecureExchange: Bool { connection == .secured }

  /// Takes one input; appends what the UE does to `outputs`, in order.
  public mutating func handle(
    _ input: Input, at now: Duration, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    let before = state
    let wasIdle = isRegisteredAndIdle
    let first = outputs.count
    switch input {
    case .powerOn: powerOn(using: &engine, into: &outputs)
    case .attach: attachWanted(using: &engine, into: &outputs)
    case .detachFromNonEPSServices: startIMSIDetach(using: &engine, into: &outputs)
    case .detach(let switchOff): detachWanted(switchOff: switchOff, using: &engine, into: &outputs)
    case .downlinkNAS(let octets): receive(octets, using: &engine, into: &outputs)
    case .requestService: requestService(.userData, using: &engine, into: &outputs)
    case .requestCSFallback(let call): requestCSFallback(call, using: &engine, into: &outputs)
    case .requestControlPlaneService(let paged): requestControlPlaneService(paged: paged, using: &engine, into: &outputs)
    case .sendOverControlPlane(let data): requestControlPlaneService(paged: false, data, using: &engine, into: &outputs)
    case .leftForOtherSystem: leftForOtherSystem(using: &engine, into: &outputs)
    case .updateTrackingArea(let isActive): requestUpdate(isActive: isActive, using: &engine, into: &outputs)
    case .updateTrackingAreaWithoutKey:
      startUpdate(EPSUpdateType(.taUpdating), namesKey: false, using: &engine, into: &outputs)
    case .sendStatus(let cause, let lost):
      guard connection == .secured else { break }
      contexts.withCurrent { $0.skipUplinkCounts(UInt32(lost)) }
      sendStatus(cause, using: &engine, into: &outputs)
    case .sendCrafted(let crafted): sendCrafted(crafted, using: &engine, into: &outputs)
    case .contextsLost: loseContexts()
    case .campedOn(let area): camped(on: area, isBarred: false, using: &engine, into: &outputs)
    case .campedOnBarredCell(let area): camped(on: area, isBarred: true, using: &engine, into: &outputs)
    case .coverageLost: coverageLost(.searching, using: &engine, into: &outputs)
    case .noCellFound: coverageLost(.none, using: &engine, into: &outputs)
    case .accessBarred: circumstances.isAccessBarred = true
    case .connectionRefused: connectionRefused(using: &engine, into: &outputs)
    case .accessGranted: accessGranted(using: &engine, into: &outputs)
    case .startECall(let call): startECall(call, using: &engine, into: &outputs)
    case .paged(let identity): paged(identity, using: &engine, into: &outputs)
    case .enteredFromUTRAN(let change): enteredFromUTRAN(change, using: &engine, into: &outputs)
    case .enteredFromN1(let change): enteredFromN1(change, using: &engine, into: &outputs)
    case .leftN1Mode(let registration): leftN1Mode(registration)
    case .handedOver(let handover): handedOver(handover, using: &engine, into: &outputs)
    case .commandedToEUTRAN(let handover, let control): commanded(handover, control, using: &engine, into: &outputs)
    case .requestSession(let request): requestSession(request, using: &engine, into: &outputs)
    case .sessionTimerExpired(let timer): sessionTimerExpired(timer, using: &engine, into: &outputs)
    case .radio(let event): radio(event, using: &engine, into: &outputs)
    case .accessStratumSecured:
      guard connection != .idle else { break }
      isAccessStratumSecured = true
      deriveKeNB(using: &engine, into: &outputs)
      userPlaneEstablished(using: &engine, into: &outputs)
    case .userPlaneChanged(let bearers): userPlaneChanged(bearers, using: &engine, into: &outputs)
    case .transmissionFailed(let pdu, let area): transmissionFailed(pdu, movedTo: area, using: &engine, into: &outputs)
    case .calculateNASMAC(let input): calculateNASMAC(over: input, using: &engine, into: &outputs)
    case .radioConnectionReleased: connectionEnded(wasEstablished: true, using: &engine, into: &outputs)
    case .radioConnectionFailed: connectionEnded(wasEstablished: false, using: &engine, into: &outputs)
    case .timerExpired(let timer): expired(timer, using: &engine, into: &outputs)
    }
    abandonArrival(into: &outputs)
    beginOwedDetach(using: &engine, into: &outputs)
    beginUpdateWithoutTimer(using: &engine, into: &outputs)
    beginNonEPSUpdate(using: &engine, into: &outputs)
    beginPendingCall(using: &engine, into: &outputs)
    beginWaitingSessions(using: &engine, into: &outputs)
    keepEmergencyConnectionAlone(using: &engine, into: &outputs)
    // §6.1.5: nothing but the PDN connection for emergencies is left.
    if isISRActive, isAttachedForEmergency { endISR(into: &outputs) }
    fallSilent(using: &engine, into: &outputs)
    settleSubstate(into: &outputs)
    // A KASME that is deleted gives no key any more.
    if let trigger = keNBTrigger, contexts.current?.kasme != trigger.kasme { keNBTrigger = nil }
    controlPeriodicUpdate(wasIdle: wasIdle, into: &outputs)
    if state != before { outputs.append(.state(state)) }
    if circumstancesBox != nil {
      for case .startTimer(.t3245, let length) in outputs[first...] { started(t3245: length, at: now) }
    }
    if backOff.t3346Runs {
      for case .startTimer(.t3346, let length) in outputs[first...] { backOff.started(t3346: length, at: now) }
    }
    if !sessionBackOffs.isEmpty {
      for case .startSessionTimer(let timer, let length) in outputs[first...] { started(timer, length: length, at: now) }
    }
  }

  /// EMM-NULL is left for the substate that the cell makes of it (§5.2.2.2.1); who was not told otherwise camps on a fit one. What counted "until switching off" counts no more (§5.5.1.2.5, §5.3.7b).
  private mutating func powerOn(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .null = machine else { return }
    machine = .deregistered(.normalService, attempts: 0)
    usim.isValid = true
    isUSIMValidForNonEPS = true
    unprotectedRejects = UnprotectedRejects()
    if forbidden.hasTrackingAreas { stop(.forbiddenAreas, into: &outputs) }
    forbidden.forgetAtSwitchOff()
    if circumstancesBox != nil {
      circumstances.plmnsWithoutCS = []
      circumstances.isCSFallbackBarred = false
    }
    // Who wants to attach says so anew; T3346 goes on (§5.3.9).
    backOff.attachesAfterwards = false
    backOff.isAttachUnwanted = false
    if let left = backOff.t3346AtPowerOn { outputs.append(.startTimer(.t3346, after: left)) }
    restartSessionBackOffs(into: &outputs)
    resumeT3245(using: &engine, into: &outputs)
    if let area = servingTrackingArea, hasCoverage { _ = limitsService(area) }
  }

  /// What was to come of the old keys is lost with them, and nobody is told. On a connection they are in use: there it is not done.
  private mutating func loseContexts() {
    guard connection == .idle else { return }
    contexts = SecurityContexts()
    keNBTrigger = nil
  }

  /// In EMM-REGISTERED, with its procedures, and in EMM-IDLE: where T3412 runs.
  private var isRegisteredAndIdle: Bool { connection == .idle && machine.registered != nil }

  /// §5.3.5: T3412 starts on the way into EMM-IDLE, and stops on the way out or when EMM-REGISTERED is left.
  private func controlPeriodicUpdate(wasIdle: Bool, into outputs: inout [Output]) {
    switch (wasIdle, isRegisteredAndIdle) {
    case (false, true):
      if let period = registration.t3412, period > .zero { outputs.append(.startTimer(.t3412, after: period)) }
    case (true, false): stop(.t3412, into: &outputs)
    case (true, true), (false, false): break
    }
  }
}

extension UE {
  /// EMM with exactly what is known in each state.
  enum Machine: Sendable, Equatable {
    case null
    case deregistered(EMMState.Deregistered, attempts: Int)
    case registeredInitiated(AttachAttempt)
    case registered(Registered)
    case trackingAreaUpdatingInitiated(TrackingAreaUpdateAttempt)
    case serviceRequestInitiated(ServiceAttempt)
    case deregisteredInitiated(DetachAttempt)

    /// What EMM-REGISTERED knows, in it and in the procedures that run inside it.
    var registered: Registered? {
      switch self {
      case .registered(let registered): registered
      case .trackingAreaUpdatingInitiated(let attempt): attempt.registered
      case .serviceRequestInitiated(let attempt): attempt.registered
      case .null, .deregistered, .registeredInitiated, .deregisteredInitiated: nil
      }
    }
  }

  /// The NAS signalling connection.
  enum Connection: Sendable, Equatable {
    case idle
    /// Before the network establishes the secure exchange of NAS messages.
    case open
    case secured
  }

  /// A KASME and the uplink COUNT that go into KeNB.
  struct KeNBTrigger: Sendable, Equatable {
    var kasme: KeyMaterial
    var count: NASCount
  }

  /// What EMM-REGISTERED knows.
  struct Registered: Sendable, Equatable {
    /// The plain ATTACH ACCEPT or TRACKING AREA UPDATE ACCEPT answered last.
    var accept: [UInt8]
    /// The plain answer to it, for a repeated one whose answer was lost.
    var complete: [UInt8]
    var substate = EMMState.Registered.normalService
    /// Tracking area updating attempt counter (§5.5.3.1).
    var updateAttempts = 0
    /// Service request attempt counter (§5.6.1.1).
    var serviceAttempts = 0
    /// The update to do as soon as it may be done.
    var owedUpdate: EPSUpdateType?
    /// It was to begin, by T3411 perhaps, while T3440 ran: it begins when the connection is gone.
    var isUpdateDue = false
    /// User data wait for their bearers.
    var wantsService = false
    /// A detach for non-EPS services under way.
    var imsiDetach: IMSIDetachAttempt?
    /// A call that is answered or begun when nothing else runs.
    var pendingCall: CSFallback?
    /// A detach for non-EPS services that an update interrupted.
    var owesIMSIDetach = false
    /// The network detached the UE from non-EPS services during a service request: they are registered for anew afterwards.
    var owesNonEPSUpdate = false
    /// The detach that is due is no wish of the user: an attach follows it (§6.4.2.4, §6.4.3.4, §6.4.4.4).
    var attachesAfterDetach = false
    /// The user wants to leave, and the update that this waited for failed (§5.5.3.2.6 m).
    var owesDetach = false

    /// T3411 or T3402 may run for the next update.
    var mayRunRetryTimer: Bool { owedUpdate != nil || substate != .normalService }
  }
}

/// What a registration leaves in the UE (TS 24.301 §5.3.3, §5.3.4).
public struct Registration: Sendable, Equatable {
  public var guti: GUTI?
  public var trackingAreas: TAIList?
  public var lastVisitedTrackingArea: TrackingAreaIdentity?
  /// What a combined registration brought for non-EPS services, or the last one did; nil where there is none.
  public var nonEPS: NonEPS?
  /// It is registered for non-EPS services now.
  public var isRegisteredForNonEPS: Bool { nonEPS?.isRegistered == true }
  /// Periodic tracking area update; nil when deactivated.
  public var t3412: Duration?
  public var t3402: Duration = EMMTimer.t3402.defaultDuration
  /// Those that count as the registered one, which is among them; empty where the network named none (§5.3.4).
  public var equivalentPLMNs: [PLMN] = []
  /// Who gave the T3402 above.
  var t3402PLMN: PLMN?
  public var updateStatus = EPSUpdateStatus.notUpdated
  /// Which temporary identity the next update or attach goes by; nil where none is stored, as in a UE of S1 mode alone.
  public var temporaryIdentityInNextUpdate: TemporaryIdentityInNextUpdate?
  /// What it brought from another system.
  var origin: OtherSystem?

  public init(guti: GUTI? = nil, trackingAreas: TAIList? = nil, lastVisitedTrackingArea: TrackingAreaIdentity? = nil) {
    self.guti = guti
    self.trackingAreas = trackingAreas
    self.lastVisitedTrackingArea = lastVisitedTrackingArea
  }

  /// The registration for non-EPS services. Location area and TMSI stay when it ends with the one for EPS services (§5.5.1.3.2).
  public struct NonEPS: Sendable, Equatable {
    /// It has not ended.
    public internal(set) var isRegistered = true
    public var locationArea: LocationAreaIdentity?
    public var tmsi: UInt32?

    public init(locationArea: LocationAreaIdentity? = nil, tmsi: UInt32? = nil) {
      self.locationArea = locationArea
      self.tmsi = tmsi
    }
  }

  /// Forgets the temporary identity and the areas, as most reject causes ask.
  mutating func forget() {
    guti = nil
    trackingAreas = nil
    lastVisitedTrackingArea = nil
    nonEPS = nil
    // TS 24.008 §4.7.3.1.4: P-TMSI, its signature and RAI go likewise.
    origin = nil
  }
}
