import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// A detach that the network started (TS 24.301 §5.5.2.3): state while DETACH REQUEST is unanswered.
struct NetworkDetach: Sendable {
  let type: DetachType
  var cause: EMMCause?
  var transmissions = 1

  /// "IMSI detach", and #2 with "re-attach not required", leave EPS services as they are (§5.5.2.3.2, §5.5.2.3.5).
  var endsEPSServices: Bool {
    type != .imsiDetachByNetwork && !(type == .reattachNotRequired && cause == .imsiUnknownInHSS)
  }

  var request: NASMessage {
    var message = NASMessage(.detachRequestFromNetwork)
    message.set(DetachRequestFromNetwork.detachType, type)
    message.set(DetachRequestFromNetwork.emmCause, cause)
    return message
  }
}

extension MME {
  // MARK: By the UE (§5.5.2.2)

  mutating func detachRequest(_ received: ReceivedNAS, on id: UInt32, using engine: inout CryptoEngine) {
    let type: DetachType
    let identity: EPSMobileIdentity
    let eKSI: NASKeySetIdentifier
    do {
      type = try received.message[DetachRequestFromUE.detachType]
      identity = try received.message[DetachRequestFromUE.epsMobileIdentity]
      eKSI = try received.message[DetachRequestFromUE.nasKeySetIdentifier]
    } catch {
      return drop(.malformed(error.description), on: id)
    }
    guard received.protection.isVerified else {
      return unverifiedDetach(type, identity, eKSI, on: id, using: &engine)
    }
    guard let index = connections[id]?.subject.verified else { return }
    if postponesDetach(type, on: id) { return }
    // Whatever else ran ends; both nodes' requests may have crossed (§5.5.2.3.5 c), and the UE's is served. The answer goes under the context
    // that is in use (§4.4.5), which changes when the UE is deregistered.
    let endsRegistration = connections[id]?.specific?.endsRegistration == true
    endProcedures(on: id, "DETACH REQUEST received", deregisters: false)
    connections[id]?.isSecure = true
    serveDetach(type, of: index, endsRegistration: endsRegistration, on: id, using: &engine)
  }

  /// - Parameter endsRegistration: what the request broke off leaves the UE deregistered, whatever it detaches from.
  mutating func serveDetach(
    _ type: DetachType, of index: Int, endsRegistration: Bool = false, on id: UInt32, using engine: inout CryptoEngine
  ) {
    guard type != .imsiDetachByUE else {
      // IMSI detach alone leaves EPS services as they are.
      send(NASMessage(.detachAccept), on: id, using: &engine)
      if endsRegistration { deregister(index) }
      return afterIMSIDetach(on: id, using: &engine)
    }
    detach(index, on: id, accept: !type.isSwitchOff, using: &engine)
  }

  /// §4.4.4.3: not switch-off, so the UE is authenticated and the detach then served; switch-off is ignored, or anybody
  /// could switch off anybody.
  private mutating func unverifiedDetach(
    _ type: DetachType, _ identity: EPSMobileIdentity, _ eKSI: NASKeySetIdentifier, on id: UInt32, using engine: inout CryptoEngine
  ) {
    guard !type.isSwitchOff, let index = index(of: identity), connections[id]?.specific == nil, connections[id]?.commons.isEmpty == true
    else {
      return drop(.integrityCheckFailed, on: id, NASMessage(.detachRequestFromUE))
    }
    connections[id]?.statedKeySetIdentifier = eKSI.isNoKey ? nil : eKSI.value
    let byGUTI = if case .guti = identity { true } else { false }
    leave(id)
    connections[id]?.subject = .claimed(index, byGUTI: byGUTI)
    connections[id]?.specific = .detachByUE(type)
    proceed(id, using: &engine)
  }

  mutating func proceedWithDetach(_ type: DetachType, _ connection: S1Connection, using engine: inout CryptoEngine) {
    switch connection.subject {
    case .unknown: release(connection.identifier, cause: .normalRelease)
    case .claimed(let index, _): authenticate(index, for: .procedure, on: connection.identifier, using: &engine)
    case .verified(let index):
      connections[connection.identifier]?.specific = nil
      serveDetach(type, of: index, on: connection.identifier, using: &engine)
    }
  }

  private mutating func detach(_ index: Int, on id: UInt32, accept: Bool, using engine: inout CryptoEngine) {
    if accept { send(NASMessage(.detachAccept), on: id, using: &engine) }
    deregister(index)
    reportProcedure("detached by the UE", on: id)
    release(id, cause: .detach)
  }

  /// EMM-DEREGISTERED: bearers go, the current native context and the GUTI stay for the next attach (§4.4.2.1).
  mutating func deregister(_ index: Int) {
    ues[index].bearers = []
    ues[index].queue = []
    ues[index].security.deregistered()
    forgetGuest(index)
    stopPaging(of: index)
    setState(.deregistered, of: index)
    reportContexts(of: index, "EMM-DEREGISTERED")
  }

  // MARK: By the network (§5.5.2.3)

  /// A specific procedure that runs beside it, since the detach was to start now, is given up: the UE's side of it goes on.
  mutating func startDetach(of index: Int, _ detach: NetworkDetach, on id: UInt32, using engine: inout CryptoEngine) {
    if let running = connections[id]?.specific {
      stop(.t3450, on: id)
      reportProcedure("\(running.name) given up for a detach", on: id)
    }
    connections[id]?.specific = .networkDetach(detach)
    if detach.endsEPSServices { setState(.deregisteredInitiated, of: index) }
    send(detach.request, on: id, using: &engine)
    start(.t3422, on: id)
  }

  mutating func detachAccept(on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id], case .networkDetach(let detach) = connection.specific, let index = connection.subject.verified
    else { return drop(.notCompatibleWithState("DETACH ACCEPT without a request"), on: id) }
    stop(.t3422, on: id)
    connections[id]?.specific = nil
    guard detach.endsEPSServices else {
      reportProcedure("IMSI detached by the network", on: id)
      return afterIMSIDetach(on: id, using: &engine)
    }
    deregister(index)
    reportProcedure("detached by the network", on: id)
    release(id, cause: .detach)
  }

  /// EPS services are as before: a registered UE keeps its connection, one whose attach gave way to the detach has none to keep.
  private mutating func afterIMSIDetach(on id: UInt32, using engine: inout CryptoEngine) {
    runQueue(on: id, using: &engine)
    releaseIfIdle(id)
  }

  /// §5.5.2.3.4 a: after the last expiry the UE counts as detached.
  mutating func detachExpired(_ detach: NetworkDetach, on id: UInt32, using engine: inout CryptoEngine) {
    guard let index = connections[id]?.subject.verified else { return }
    guard detach.transmissions <= configuration.timers.retransmissions else {
      connections[id]?.specific = nil
      reportProcedure("detach: DETACH REQUEST was not answered", on: id)
      guard detach.endsEPSServices else { return afterIMSIDetach(on: id, using: &engine) }
      deregister(index)
      return release(id, cause: .detach)
    }
    var next = detach
    next.transmissions += 1
    connections[id]?.specific = .networkDetach(next)
    send(next.request, on: id, using: &engine)
    start(.t3422, on: id)
  }
}
