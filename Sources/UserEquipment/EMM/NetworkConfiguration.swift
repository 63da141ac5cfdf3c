import NASCrypto
import NASMessages

/// What TS 24.368 and EF_NASCONFIG configure: AttachWithIMSI and the use of T3245.
extension UE {
  /// §5.5.1.2.2, §5.5.3.2.2 a: in a new PLMN that is neither the registered one nor an equivalent the UE goes by its IMSI, and attaches
  /// instead of updating.
  var goesByIMSI: Bool {
    guard configuration.attachesWithIMSIInNewPLMN, let registered = registration.guti?.plmn ?? registration.lastVisitedTrackingArea?.plmn
    else { return false }
    return !isEquivalent(registered, to: selectedPLMN)
  }

  /// A new PLMN is entered in EMM-REGISTERED: no update, but an attach.
  mutating func attachByIMSI(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    stop(.t3411, .t3402, into: &outputs)
    leaveRegistered(into: &outputs)
    machine = .deregistered(.normalService, attempts: 0)
    outputs.append(.event(.detached(.locally)))
    releaseLocally(into: &outputs)
    startAttach(using: &engine, into: &outputs)
  }

  /// §5.3.7a: a PLMN went on a list of forbidden ones, or the USIM became invalid.
  mutating func startT3245(into outputs: inout [Output]) {
    guard let length = configuration.t3245, circumstances.t3245 == nil else { return }
    circumstances.t3245 = .started(ends: nil)
    outputs.append(.startTimer(.t3245, after: length))
  }

  /// T3245 was started now.
  mutating func started(t3245 length: Duration, at now: Duration) {
    if circumstancesBox != nil, circumstances.t3245 != nil { circumstances.t3245 = .started(ends: now + length) }
  }

  /// What T3245 has left, for the mobile equipment to remember at switch-off; nil when it does not run.
  func t3245Left(at now: Duration) -> Duration? {
    guard circumstancesBox != nil else { return nil }
    switch circumstances.t3245 {
    case .started(let ends): return ends.map { max(.zero, $0 - now) }
    case .atPowerOn(let left): return left
    case nil: return nil
    }
  }

  /// §5.3.7a: T3245 ran when the UE was switched off. It goes on with what is left of it; if nothing is, it expires now.
  mutating func resumeT3245(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard circumstancesBox != nil, case .atPowerOn(let left) = circumstances.t3245 else { return }
    guard left > .zero else { return t3245Expired(using: &engine, into: &outputs) }
    circumstances.t3245 = .started(ends: nil)
    outputs.append(.startTimer(.t3245, after: left))
  }

  /// §5.3.7a: the lists are empty again and the USIM is valid; the cell may serve after all.
  mutating func t3245Expired(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard circumstancesBox != nil, circumstances.t3245 != nil else { return }
    circumstances.t3245 = nil
    forbidden.plmns = []
    forbidden.plmnsForPacketServices = []
    usim.isValid = true
    isUSIMValidForNonEPS = true
    guard let area = servingTrackingArea, !forbidden.contains(area), hasCoverage, case .deregistered(let substate, _) = machine,
      substate == .limitedService || substate == .plmnSearch || substate == .noIMSI
    else { return }
    machine = .deregistered(.normalService, attempts: 0)
    guard !backOff.isAttachUnwanted else { return }
    releaseLocally(into: &outputs)
    startAttach(using: &engine, into: &outputs)
  }
}
