import NASCrypto
import NASMessages
import NASSecurity

/// What a UE in eCall only mode (TS 31.102) may connect for.
public enum ECall: Sendable, Equatable {
  /// An eCall over IMS.
  case overIMS
  /// A call to a number of the home network, for test or terminal reconfiguration.
  case testOrReconfiguration

  /// Started when its connection is released (TS 24.301 §5.3.1.2.1).
  var timer: EMMTimer {
    switch self {
    case .overIMS: .t3444
    case .testOrReconfiguration: .t3445
    }
  }
}

/// How far a UE in eCall only mode is from falling silent.
struct ECallProgress: Sendable, Equatable {
  /// What the connection, or the attach, is for.
  var call: ECall?
  var t3444Runs = false
  var t3445Runs = false

  /// Nothing keeps the UE from falling silent.
  var isSilent: Bool { call == nil && !t3444Runs && !t3445Runs }

  subscript(timer: EMMTimer) -> Bool {
    get { timer == .t3444 ? t3444Runs : t3445Runs }
    set { if timer == .t3444 { t3444Runs = newValue } else { t3445Runs = newValue } }
  }
}

/// eCall only mode (TS 24.301 §5.1.3.2.3.8, §5.2.2.3, §5.3.1.2.1, §5.5.4, Annex C).
extension UE {
  /// The upper layers want a call. EMM-DEREGISTERED.eCALL-INACTIVE is left for it, and for nothing else (§5.2.2.3).
  mutating func startECall(_ call: ECall, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard configuration.isECallOnly else { return }
    switch machine {
    case .null: return
    case .deregistered(let substate, _):
      circumstances.eCall.call = call
      if substate == .eCallInactive { machine = .deregistered(.attemptingToAttach, attempts: 0) }
      startAttach(using: &engine, into: &outputs)
    case .registered:
      circumstances.eCall.call = call
      requestService(.userData, using: &engine, into: &outputs)
    case .registeredInitiated, .trackingAreaUpdatingInitiated, .serviceRequestInitiated: circumstances.eCall.call = call
    case .deregisteredInitiated(var attempt):
      circumstances.eCall.call = call
      attempt.attachesAfterwards = !attempt.switchOff
      machine = .deregisteredInitiated(attempt)
    }
  }

  /// §5.3.1.2.1: the connection is released that was for a call.
  mutating func startECallTimer(into outputs: inout [Output]) {
    guard configuration.isECallOnly, let call = circumstances.eCall.call else { return }
    circumstances.eCall.call = nil
    circumstances.eCall[call.timer] = true
    outputs.append(.startTimer(call.timer, after: call.timer.defaultDuration))
  }

  /// What follows from it is seen after every event: ``fallSilent(using:into:)``, ``becomeECallInactive(into:)``.
  mutating func eCallTimerExpired(_ timer: EMMTimer) {
    guard configuration.isECallOnly, circumstances.eCall[timer] else { return }
    circumstances.eCall[timer] = false
  }

  /// §5.5.4, the eCall inactivity procedure: in EMM-IDLE and where there is a cell, with neither timer running, the UE detaches.
  mutating func fallSilent(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard configuration.isECallOnly, circumstances.eCall.isSilent, case .registered(let registered) = machine, connection == .idle,
      registered.substate != .plmnSearch, registered.substate != .noCellAvailable
    else { return }
    stop(.t3402, .t3411, .t3412, into: &outputs)
    startDetach(switchOff: false, using: &engine, into: &outputs)
  }

  /// §5.2.2.4 h, §5.2.2.2.1 g: nothing keeps the UE from being silent. What EMM knows is deleted (§5.5.4, Annex C).
  mutating func becomeECallInactive(into outputs: inout [Output]) {
    guard configuration.isECallOnly, case .deregistered(_, let attempts) = machine, circumstances.eCall.isSilent, usim.isValid,
      connection == .idle
    else { return }
    circumstances.eCall = ECallProgress()
    machine = .deregistered(.eCallInactive, attempts: attempts)
    registration = Registration()
    guard contexts != SecurityContexts() else { return }
    contexts.deleteAll()
    outputs.append(.securityContexts(contexts, why: "eCALL-INACTIVE deletes the eKSI"))
  }
}
