import NASCrypto
import NASMessages
import NASSecurity

/// Timers that hold EMM back, and what waits for their end.
struct BackOff: Sendable, Equatable {
  /// Congestion (TS 24.301 §5.3.9).
  var t3346Runs = false
  /// Five service requests without an answer (§5.6.1.6 c).
  var t3325Runs = false
  /// CS fallback is barred (§5.6.1.5, #39).
  var t3442Runs = false
  /// SERVICE ACCEPT may still come (§5.6.1.4.2).
  var t3449Runs = false
  /// The network is to release the connection (§5.3.1.2.1).
  var t3440Runs = false
  /// T3440 runs for user data alone: signalling stops it (§5.3.1.2.1 h).
  var t3440IsForData = false
  /// An attach is to follow the release of the connection, after a reject (§5.3.1.2.1 d, e).
  var attachesAfterRelease = false
  /// An attach is to follow T3346.
  var attachesAfterwards = false
  /// The user wants to leave, or never came: no attach begins by itself (§5.2.2.4).
  var isAttachUnwanted = false
  /// What is known of T3346; nil where it never ran. An idle UE does not pay for it.
  private var t3346: T3346?

  private indirect enum T3346: Sendable, Equatable {
    /// Where it was started, and when it ends.
    case started(PLMN?, ends: Duration?)
    /// It ran when the UE was switched off: it starts with this at power-on (§5.3.9).
    case atPowerOn(PLMN?, Duration)
  }

  /// Where T3346 was started; nil where nobody knows.
  var t3346PLMN: PLMN? {
    switch t3346 {
    case .started(let plmn, _), .atPowerOn(let plmn, _): plmn
    case nil: nil
    }
  }

  /// T3346 ran when the UE was switched off: it starts with this at power-on (§5.3.9).
  var t3346AtPowerOn: Duration? { if case .atPowerOn(_, let left) = t3346 { left } else { nil } }

  mutating func resume(_ left: Duration, of plmn: PLMN?) {
    t3346Runs = true
    t3346 = .atPowerOn(plmn, left)
  }

  /// A network of `plmn` had T3346 started.
  mutating func start(of plmn: PLMN) {
    t3346Runs = true
    t3346 = .started(plmn, ends: nil)
  }

  /// The UE starts T3346 now.
  mutating func started(t3346 length: Duration, at now: Duration) { t3346 = .started(t3346PLMN, ends: now + length) }

  func t3346Left(at now: Duration) -> Duration? {
    guard t3346Runs else { return nil }
    switch t3346 {
    case .atPowerOn(_, let left): return left
    case .started(_, let ends): return ends.map { max(.zero, $0 - now) }
    case nil: return nil
    }
  }
}

extension UE {
  /// §5.3.9: T3346 with the network's value if it was protected, else one drawn from 15 to 30 min (TS 24.008 Table 11.3).
  mutating func startBackOff(_ value: Duration, protected: Bool, into outputs: inout [Output]) {
    backOff.start(of: selectedPLMN)
    let length = protected ? value : .milliseconds(Int.random(in: 900_000...1_800_000, using: &random))
    outputs.append(.startTimer(.t3346, after: length))
  }

  mutating func stopBackOff(into outputs: inout [Output]) {
    guard backOff.t3346Runs else { return }
    backOff.t3346Runs = false
    backOff.attachesAfterwards = false
    stop(.t3346, into: &outputs)
  }

  /// T3346 expired: what waited for it begins.
  mutating func backOffEnded(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard backOff.t3346Runs else { return }
    backOff.t3346Runs = false
    let attaches = backOff.attachesAfterwards
    backOff.attachesAfterwards = false
    switch machine {
    case .deregistered:
      guard attaches else { return }
      guard !isInForbiddenArea else {
        // When a cell with normal service is found.
        circumstances.isProcedureDue = true
        return
      }
      releaseLocally(into: &outputs)
      startAttach(using: &engine, into: &outputs)
    case .registered: if !isInForbiddenArea { proceedWithWhatIsOwed(using: &engine, into: &outputs) }
    case .null, .registeredInitiated, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: break
    }
  }

  /// The current area, or the network of it, goes on the list that the cause is about (§5.5.1.2.5, §5.5.3.2.5, §5.6.1.5).
  ///
  /// - Parameter isProven: the reject was integrity protected.
  mutating func forbid(_ cause: EMMCause, isProven: Bool = true, into outputs: inout [Output]) {
    switch cause.rawValue {
    case 11, 14, 35:
      forbidden.insert(selectedPLMN, forPacketServices: cause.rawValue == 14)
      startT3245(into: &outputs)
    case 12, 13, 15:
      guard let area = servingTrackingArea ?? registration.lastVisitedTrackingArea else { return }
      forbid(area, for: cause.rawValue == 12 ? .regionalProvision : .roaming, isProven: isProven, into: &outputs)
    default: break
    }
  }

  /// In EMM-IDLE the lists of forbidden areas stand against an attach or update that somebody asks for (§5.2.2.3, §5.2.3.2).
  var mayNotRegister: Bool {
    connection == .idle && isInForbiddenArea && !configuration.attachesForEmergency
      && !configuration.deviations.contains(.ignoreForbiddenAreas)
  }

  /// The UE is where a reject that was proved, or one that still counts, does not want it: no timer begins anything here (§5.2.2.3, §5.2.3.2).
  var isInForbiddenArea: Bool {
    guard let area = servingTrackingArea else { return false }
    return forbidden.contains(area) && !isInEmergency
  }

  /// §5.3.1.2.1 a: the network is given the time to release the connection.
  mutating func awaitRelease(after cause: EMMCause, into outputs: inout [Output]) {
    switch cause.rawValue {
    case 11, 12, 13, 14, 15, 25, 31, 35: awaitRelease(into: &outputs)
    default: break
    }
  }

  mutating func awaitRelease(into outputs: inout [Output]) {
    guard connection != .idle else { return }
    backOff.t3440Runs = true
    backOff.t3440IsForData = false
    outputs.append(.startTimer(.t3440, after: EMMTimer.t3440.defaultDuration))
  }

  mutating func stopAwaitingRelease(into outputs: inout [Output]) {
    guard backOff.t3440Runs else { return }
    backOff.t3440Runs = false
    backOff.t3440IsForData = false
    stop(.t3440, into: &outputs)
  }

  /// T3440 expired: the connection is let go, and what waited for that begins.
  mutating func releaseOverdue(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard backOff.t3440Runs else { return }
    backOff.t3440Runs = false
    backOff.t3440IsForData = false
    releaseLocally(into: &outputs)
    afterRelease(using: &engine, into: &outputs)
  }

  /// The connection is gone and no procedure ran over it: what waited for that begins.
  mutating func afterRelease(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    if circumstancesBox != nil, circumstances.entersCellAnew {
      circumstances.entersCellAnew = false
      enterCellAnew(using: &engine, into: &outputs)
    }
    switch machine {
    case .deregistered(.attachNeeded, _): startAttach(using: &engine, into: &outputs)
    case .deregistered where backOff.attachesAfterRelease: startAttach(using: &engine, into: &outputs)
    // What failed waits for T3411 or T3402, unless they are over.
    case .registered(let registered) where registered.owedUpdate != nil && registered.updateAttempts > 0 && !registered.isUpdateDue: break
    // In a forbidden area nothing is begun: the next cell begins it.
    case .registered: if !isInForbiddenArea { proceedWithWhatIsOwed(using: &engine, into: &outputs) }
    case .null, .deregistered, .registeredInitiated, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: break
    }
  }

  /// An update or a service that had to wait, if nothing holds it back any more.
  mutating func proceedWithWhatIsOwed(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .registered(let registered) = machine, connection == .idle else { return }
    if let owed = registered.owedUpdate {
      startUpdate(owed, using: &engine, into: &outputs)
    } else if registered.wantsService {
      requestService(.userData, using: &engine, into: &outputs)
    }
  }
}
