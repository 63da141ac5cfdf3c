import NASCrypto
import NASMessages
import NASSecurity

/// Access that is barred, or a connection that the network refused to set up: case a of the abnormal cases (TS 24.301 §5.5.1.2.6,
/// §5.5.2.2.4, §5.5.3.2.6, §5.6.1.6). No attempt counts, and what was wanted begins when access is granted.
extension UE {
  /// Why no initial message may be sent now; nil where one may. An answer to a paging and emergencies are not barred.
  func obstacle(isExempt: Bool = false) -> ServiceFailure? {
    guard connection == .idle, circumstancesBox != nil else { return nil }
    if circumstances.coverage != .camping { return .noCell }
    return circumstances.isAccessBarred && !isExempt && !isAttachedForEmergency ? .accessBarred : nil
  }

  /// The connection that was asked for is not to be had; access is granted later.
  mutating func connectionRefused(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard connection == .open else { return }
    circumstances.isAccessBarred = true
    if let initial = keNBTrigger, contexts.current?.kasme == initial.kasme { contexts.withCurrent { $0.takeBack(initial.count) } }
    switch machine {
    case .null, .deregistered: enterIdle(wasEstablished: false, into: &outputs)
    case .registeredInitiated(let attempt):
      stop(.t3410, into: &outputs)
      enterIdle(wasEstablished: false, into: &outputs)
      machine = .deregistered(.attachNeeded, attempts: max(0, attempt.number - 1))
      outputs.append(.event(.attachFailed(.accessBarred)))
    case .trackingAreaUpdatingInitiated(let attempt):
      stop(.t3430, into: &outputs)
      enterIdle(wasEstablished: false, into: &outputs)
      var registered = attempt.registered
      registered.owedUpdate = attempt.type
      registered.substate = .updateNeeded
      machine = .registered(registered)
      outputs.append(.event(.trackingAreaUpdateFailed(.accessBarred)))
      dropEmergencyConnection(into: &outputs)
      if attempt.detachesAfterwards { startDetach(switchOff: false, using: &engine, into: &outputs) }
    case .serviceRequestInitiated(let attempt):
      stop(attempt.reason.timer, into: &outputs)
      enterIdle(wasEstablished: false, into: &outputs)
      var registered = attempt.registered
      registered.wantsService = attempt.reason == .userData
      machine = .registered(registered)
      outputs.append(.event(.serviceFailed(.accessBarred)))
      if attempt.reason != .userData { dropWaitingSessions(into: &outputs) }
    case .registered:
      // A detach for non-EPS services: dropping the connection ends it.
      enterIdle(wasEstablished: false, into: &outputs)
    case .deregisteredInitiated:
      // §5.5.2.2.4 a: a local detach.
      enterIdle(wasEstablished: false, into: &outputs)
      finishDetach(acknowledged: false, into: &outputs)
      afterRelease(using: &engine, into: &outputs)
    }
  }

  /// Access is granted: what had to wait begins.
  mutating func accessGranted(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard circumstances.isAccessBarred else { return }
    circumstances.isAccessBarred = false
    guard connection == .idle, hasCoverage else { return }
    switch machine {
    case .deregistered(.attachNeeded, _): startAttach(using: &engine, into: &outputs)
    case .registered(let registered) where registered.substate == .updateNeeded:
      startUpdate(registered.owedUpdate ?? EPSUpdateType(.taUpdating), using: &engine, into: &outputs)
    case .registered(let registered) where registered.wantsService: requestService(.userData, using: &engine, into: &outputs)
    case .null, .deregistered, .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated,
      .deregisteredInitiated:
      break
    }
  }
}
