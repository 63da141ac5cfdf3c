import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// TS 24.301 §5.6.2.2: a paging for the packet domain was heard.
  mutating func paged(_ identity: PagedIdentity, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard isMeant(by: identity), !configuration.deviations.contains(.ignorePaging) else { return }
    switch identity {
    case .sTMSI: pagedByTemporaryIdentity(using: &engine, into: &outputs)
    case .imsi: pagedByIMSI(using: &engine, into: &outputs)
    }
  }

  /// Whether a paging names this UE.
  public func isMeant(by identity: PagedIdentity) -> Bool {
    switch identity {
    case .sTMSI(let mmeCode, let mTMSI): registration.guti.map { $0.mmeCode == mmeCode && $0.mTMSI == mTMSI } ?? false
    case .imsi(let imsi): imsi == configuration.imsi
    }
  }

  /// §5.6.2.2.1: answered from EMM-IDLE; during a procedure of ours ignored.
  private mutating func pagedByTemporaryIdentity(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered(let registered) = machine, connection == .idle else { return }
    switch registered.substate {
    case .normalService, .attemptingToUpdate, .updateNeeded, .attemptingToUpdateMM, .imsiDetachInitiated: break
    case .limitedService, .plmnSearch, .noCellAvailable: return
    }
    stopBackOff(into: &outputs)
    requestService(.paging, using: &engine, into: &outputs)
  }

  /// §5.6.2.2.2: the network lost our S-TMSI. The registration ends here, and an attach follows; a procedure of ours that
  /// runs is aborted.
  private mutating func pagedByIMSI(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    var staysAway = false
    switch machine {
    case .null, .deregistered, .deregisteredInitiated: return
    case .registeredInitiated: stop(.t3410, into: &outputs)
    case .trackingAreaUpdatingInitiated(let attempt):
      stop(.t3430, into: &outputs)
      // §5.5.3.2.6 m: the user wants to leave.
      staysAway = attempt.staysAway
    case .serviceRequestInitiated(let attempt): stop(attempt.reason.timer, into: &outputs)
    case .registered: break
    }
    let wasRegistered = machine.registered != nil
    stopBackOff(into: &outputs)
    stopSessionBackOffs(into: &outputs)
    leaveRegistered(into: &outputs)
    registration.updateStatus = .notUpdated
    apply(RejectEffect(deletesIdentityAndContexts: true, substate: .normalService), into: &outputs)
    machine = .deregistered(.normalService, attempts: 0)
    if wasRegistered { outputs.append(.event(.detached(.locally))) }
    releaseLocally(into: &outputs)
    guard !staysAway else { return backOff.isAttachUnwanted = true }
    startAttach(using: &engine, into: &outputs)
  }
}
