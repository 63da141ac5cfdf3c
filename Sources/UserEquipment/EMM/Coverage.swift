import NASCrypto
import NASMessages
import NASSecurity

/// Cells that come and go, and the substates of EMM that follow them (TS 24.301 §5.1.3.2.3, §5.1.3.2.4, §5.2.2.3, §5.2.2.4, §5.2.3.2).
extension UE {
  /// The last cell is lost. PLMNs are searched for; if that was in vain, no cell is available.
  mutating func coverageLost(_ coverage: Circumstances.Coverage, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    if hasCoverage {
      circumstances.before = nil
      circumstances.isAccessBarred = false
      // No procedure begins any more, whatever the end of the connection would begin.
      circumstances.coverage = coverage
      connectionEnded(wasEstablished: true, using: &engine, into: &outputs)
      if circumstances.before == nil { circumstances.before = substate }
    }
    circumstances.coverage = coverage
    settleSubstate(into: &outputs)
  }

  private var substate: Circumstances.Substate? {
    switch machine {
    case .deregistered(let substate, _): .deregistered(substate)
    case .registered(let registered): .registered(registered.substate)
    case .null, .registeredInitiated, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: nil
    }
  }

  /// §5.2.2.4, §5.1.3.2.4: whatever an event made of the substate, without a cell it is PLMN-SEARCH or NO-CELL-AVAILABLE; and a UE in eCall
  /// only mode that nothing keeps is eCALL-INACTIVE.
  mutating func settleSubstate(into outputs: inout [Output]) {
    let coverage = circumstances.coverage
    switch machine {
    case .deregistered(let substate, let attempts):
      guard coverage == .camping else {
        if substate != .plmnSearch, substate != .noCellAvailable { circumstances.before = .deregistered(substate) }
        machine = .deregistered(coverage == .searching ? .plmnSearch : .noCellAvailable, attempts: attempts)
        return
      }
      if substate == .normalService { becomeECallInactive(into: &outputs) }
    case .registered(var registered):
      guard coverage != .camping else { return limitServiceWhereForbidden() }
      if registered.substate != .plmnSearch, registered.substate != .noCellAvailable {
        circumstances.before = .registered(registered.substate)
      }
      registered.substate = coverage == .searching ? .plmnSearch : .noCellAvailable
      machine = .registered(registered)
    case .null, .registeredInitiated, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: break
    }
  }

  /// §5.1.3.2.4.1: the connection over which the UE was handed over to a forbidden area is gone.
  private mutating func limitServiceWhereForbidden() {
    guard connection == .idle, case .registered(let registered) = machine, let area = servingTrackingArea else { return }
    switch registered.substate {
    case .normalService, .attemptingToUpdate, .updateNeeded, .attemptingToUpdateMM: _ = limitsService(area)
    case .limitedService, .plmnSearch, .noCellAvailable, .imsiDetachInitiated: break
    }
  }

  /// No attach is to begin any more when a cell is found.
  mutating func forgetWishForCell() {
    guard circumstancesBox != nil else { return }
    circumstances.isProcedureDue = false
    if case .deregistered(let substate) = circumstances.before { circumstances.before = .deregistered(substate.withoutWish) }
  }

  /// The UE reached E-UTRAN, by whatever way.
  mutating func coverageIsBack() {
    guard !hasCoverage else { return }
    var all = circumstances
    (all.coverage, all.before, all.isProcedureDue) = (.camping, nil, false)
    circumstances = all
  }

  /// A cell was found after a time without any. What was delayed begins; else the substate is again what it was.
  mutating func cellFound(in area: TrackingAreaIdentity, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    let before = circumstances.before
    let isDue = circumstances.isProcedureDue
    let isOtherArea = servingTrackingArea != area
    coverageIsBack()
    servingTrackingArea = area
    switch machine {
    case .deregistered(_, let attempts):
      let substate: EMMState.Deregistered = if case .deregistered(let substate) = before { substate } else { .normalService }
      machine = .deregistered(usim.isValid ? substate : .noIMSI, attempts: attempts)
      if isOtherArea { resetAttemptCounters() }
      guard usim.isValid, !limitsService(area) else { return }
      returned(to: substate, isDue: isDue, isOtherArea: isOtherArea, using: &engine, into: &outputs)
    case .registered(var registered):
      if case .registered(let substate) = before { registered.substate = substate } else { registered.substate = .normalService }
      machine = .registered(registered)
      if isOtherArea { resetAttemptCounters() }
      guard !limitsService(area) else { return }
      stopT3423(into: &outputs)
      stopT3448OfAnotherPLMN(into: &outputs)
      if needsUpdate, goesByIMSI { return attachByIMSI(using: &engine, into: &outputs) }
      if isDue || needsUpdate || isOtherArea && registered.substate != .normalService || hasLeft(registered.substate) {
        startUpdate(registered.owedUpdate ?? EPSUpdateType(.taUpdating), using: &engine, into: &outputs)
      } else if registered.wantsService {
        requestService(.userData, using: &engine, into: &outputs)
      }
    case .null, .registeredInitiated, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: break
    }
  }

  /// In EMM-DEREGISTERED, where the cell is fit for normal service.
  private mutating func returned(
    to substate: EMMState.Deregistered, isDue: Bool, isOtherArea: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    switch substate {
    case .normalService, .eCallInactive: if isDue { startAttach(using: &engine, into: &outputs) }
    case .attachNeeded: startAttach(using: &engine, into: &outputs)
    case .attemptingToAttach:
      guard isDue || isOtherArea && !backOff.t3346Runs, !backOff.isAttachUnwanted else { return }
      startAttach(using: &engine, into: &outputs)
    case .limitedService, .plmnSearch, .noIMSI, .noCellAvailable:
      machine = .deregistered(.normalService, attempts: 0)
      guard registration.updateStatus == .roamingNotAllowed || isDue, !backOff.t3346Runs, !backOff.isAttachUnwanted else { return }
      startAttach(using: &engine, into: &outputs)
    }
  }

  /// §5.2.3.2: of these substates a cell that is fit is the end.
  private func hasLeft(_ substate: EMMState.Registered) -> Bool {
    switch substate {
    case .limitedService, .plmnSearch, .updateNeeded: true
    case .normalService, .attemptingToUpdate, .noCellAvailable, .attemptingToUpdateMM, .imsiDetachInitiated: false
    }
  }

  /// The cell cannot provide normal service: its area or PLMN is forbidden. The substate says so.
  mutating func limitsService(_ area: TrackingAreaIdentity) -> Bool {
    guard forbidden.contains(area), !isAttachedForEmergency else { return false }
    switch machine {
    case .deregistered(let substate, let attempts):
      switch substate {
      case .normalService, .attemptingToAttach, .attachNeeded, .plmnSearch, .noCellAvailable, .eCallInactive:
        // What waits for a cell with normal service is not forgotten.
        if substate == .attachNeeded || substate == .attemptingToAttach { circumstances.isProcedureDue = true }
        machine = .deregistered(.limitedService, attempts: attempts)
      case .limitedService, .noIMSI: break
      }
    case .registered(var registered) where connection == .idle:
      registered.substate = .limitedService
      machine = .registered(registered)
    case .null, .registered, .registeredInitiated, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: break
    }
    return true
  }
}
