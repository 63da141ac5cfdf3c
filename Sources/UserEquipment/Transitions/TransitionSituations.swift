import NASCrypto
import NASMessages

/// The states of EMM, each as a UE that is in it.
extension TransitionExplorer {
  func situations(using engine: inout CryptoEngine) -> [Situation] {
    var all: [Situation] = []
    func add(_ machine: UE.Machine, _ connection: UE.Connection, _ change: (inout UE) -> Void = { _ in }) {
      all.append(situation(machine, connection, change))
    }
    let registered = UE.Registered(accept: [], complete: [])
    let attach = request(of: .attach, in: .deregistered(.normalService, attempts: 0), using: &engine)
    let update = request(of: .updateTrackingArea(isActive: false), in: .registered(registered), using: &engine)
    let detach = request(of: .detach(switchOff: false), in: .registered(registered), using: &engine)
    add(.null, .idle)
    for substate in EMMState.Deregistered.allCases {
      add(.deregistered(substate, attempts: substate == .attemptingToAttach ? 1 : 0), .idle) {
        if substate == .noIMSI { $0.usim.isValid = false }
        if substate == .noCellAvailable { $0.circumstances.coverage = .none }
        if substate == .eCallInactive { $0.configuration.isECallOnly = true }
      }
    }
    add(
      .registeredInitiated(AttachAttempt(number: 1, request: attach, procedureTransactionIdentity: 1, rejectedSecurityMode: nil)), .secured
    )
    add(.registered(registered), .secured)
    for substate in EMMState.Registered.allCases where substate != .imsiDetachInitiated {
      var other = registered
      other.substate = substate
      if substate == .attemptingToUpdate || substate == .updateNeeded { other.owedUpdate = EPSUpdateType(.taUpdating) }
      add(.registered(other), .idle) {
        $0.backOff.t3346Runs = substate == .attemptingToUpdate
        if substate == .noCellAvailable { $0.circumstances.coverage = .none }
        if substate == .updateNeeded { $0.circumstances.isAccessBarred = true }
      }
    }
    // Sent so often that the next expiry is the last one.
    var leavingNonEPS = registered
    leavingNonEPS.substate = .imsiDetachInitiated
    leavingNonEPS.imsiDetach = IMSIDetachAttempt(request: detach, transmissions: UE.maximumDetachTransmissions)
    add(.registered(leavingNonEPS), .secured) { $0.registration.nonEPS = .init() }
    add(
      .trackingAreaUpdatingInitiated(
        TrackingAreaUpdateAttempt(request: update, type: EPSUpdateType(.taUpdating), fromIdle: true, registered: registered)), .secured)
    add(.serviceRequestInitiated(ServiceAttempt(reason: .userData, registered: registered)), .secured)
    add(
      .deregisteredInitiated(DetachAttempt(request: detach, transmissions: UE.maximumDetachTransmissions, switchOff: false)), .secured)
    addConnectedSubstates(registered, add)
    return all
  }

  /// Substates while the connection of what brought them about is not released yet, T3440 running where it does (§5.3.1.2.1).
  private func addConnectedSubstates(
    _ registered: UE.Registered, _ add: (UE.Machine, UE.Connection, (inout UE) -> Void) -> Void
  ) {
    for substate in [EMMState.Deregistered.normalService, .limitedService, .plmnSearch, .noIMSI, .attachNeeded, .attemptingToAttach] {
      add(.deregistered(substate, attempts: substate == .attemptingToAttach ? 1 : 0), .secured) {
        if substate == .noIMSI { $0.usim.isValid = false }
        $0.backOff.t3440Runs = substate == .limitedService || substate == .plmnSearch
      }
    }
    for substate in [EMMState.Registered.limitedService, .plmnSearch, .attemptingToUpdate, .attemptingToUpdateMM] {
      var other = registered
      other.substate = substate
      if substate == .attemptingToUpdate { other.owedUpdate = EPSUpdateType(.taUpdating) }
      add(.registered(other), .secured) { $0.backOff.t3440Runs = substate == .limitedService || substate == .plmnSearch }
    }
  }

  private func situation(_ machine: UE.Machine, _ connection: UE.Connection, _ change: (inout UE) -> Void) -> Situation {
    var ue = base
    ue.machine = machine
    ue.connection = connection
    ue.servingTrackingArea = TrackingAreaIdentity(plmn: base.configuration.plmn, tac: 1)
    change(&ue)
    return Situation(ue: ue, isConnected: connection != .idle)
  }

  /// The plain message with which a UE in EMM-IDLE begins what is asked of it.
  private func request(of input: UE.Input, in machine: UE.Machine, using engine: inout CryptoEngine) -> [UInt8] {
    var ue = situation(machine, .idle) { _ in }.ue
    var outputs: [UE.Output] = []
    ue.handle(input, at: .zero, using: &engine, into: &outputs)
    return ue.lastSent?.plain ?? []
  }
}
