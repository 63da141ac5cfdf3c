import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// Security mode control (TS 24.301 §5.4.3): state while SECURITY MODE COMMAND is unanswered. What it would take into use
/// stands beside the UE's contexts until SECURITY MODE COMPLETE has verified.
struct SecurityModeControl: Sendable {
  enum Purpose: Sendable, Equatable { case procedure, command }

  /// What the command takes into use.
  enum Basis: Sendable {
    /// The partial native context of the last AKA, or a mapped one, tried as a full one: its COUNTs start at zero.
    case partial(NASSecurity.SecurityContext)
    /// The current context, perhaps with other algorithms: its COUNTs go on.
    case current(NASAlgorithms)
    /// The full native context beside the current one wakes up: its COUNTs go on.
    case waking(NASSecurity.SecurityContext)
  }

  let subscriber: Int
  let purpose: Purpose
  var basis: Basis
  let command: NASMessage
  /// A KeNB of the COMPLETE's COUNT is to follow though the KASME stays.
  var refreshesKeNB = false
  var transmissions = 1
  /// Lost to a handover: to be sent again when that is over.
  var isOwed = false
  /// The command that asked for it, to be tried again after a failure of the lower layers.
  var order: NetworkCommand?
  /// As it was sent last: what NAS NON DELIVERY INDICATION is compared with.
  var octets: [UInt8] = []
}

extension MME {
  /// - Parameter choice: which context; what is not there cannot be taken into use.
  mutating func startSecurityMode(
    on id: UInt32, algorithms wanted: NASAlgorithms? = nil, of choice: SecurityModeBasis = .automatic, refreshingKeNB: Bool = false,
    askingRadioCapabilityID: Bool = false, for purpose: SecurityModeControl.Purpose, using engine: inout CryptoEngine
  ) {
    guard let connection = connections[id], let index = connection.subject.verified else { return }
    guard maySendSecurityMode(connection) else {
      connections[id]?.waitingSecurityMode = WaitingSecurityMode(
        algorithms: wanted, choice: choice, refreshingKeNB: refreshingKeNB, askingRadioCapabilityID: askingRadioCapabilityID,
        purpose: purpose)
      return
    }
    // One on command, beside a request that is being served, answers that too.
    let initial = connection.specific?.initial
    guard let capability = initial?.networkCapability ?? ues[index].networkCapability else {
      return abort("security mode control: the UE's capabilities are not known", on: id, using: &engine)
    }
    guard let algorithms = isGuest(index) ? .null : nullIntegrity(wanted ?? configuration.algorithms(for: capability)) else {
      discard("no integrity algorithm in common with the UE (\(capability))", "TS 24.301 §5.4.3.2", ue: index)
      switch purpose {
      case .command: return reportProcedure("security mode control: no algorithm in common", on: id)
      case .procedure: return reject(cause: .ueSecurityCapabilitiesMismatch, on: id, using: &engine)
      }
    }
    let basis: SecurityModeControl.Basis
    let eKSI: NASKeySetIdentifier
    if isGuest(index), ues[index].security.current == nil {
      let null = nullContext(using: &engine)
      basis = .partial(null)
      eKSI = null.eKSI
    } else if choice != .current, let partial = ues[index].security.partialNative {
      var trial = NASSecurity.SecurityContext(taking: partial, side: .mme, algorithms: algorithms, using: &engine)
      if let used = ues[index].usedOfPartial, used.kasme == partial.kasme {
        trial = trial.with(NASCountPair(nextToSend: used.next), using: &engine)
      }
      basis = .partial(trial)
      eKSI = partial.eKSI
    } else if choice == .nonCurrent, case .fullNative(let aside)? = ues[index].security.nonCurrent {
      var native = aside.context
      native.select(algorithms, using: &engine)
      basis = .waking(native)
      eKSI = native.eKSI
    } else if choice != .nonCurrent, let current = ues[index].security.current {
      basis = .current(algorithms)
      eKSI = current.eKSI
    } else {
      let why = "security mode control: there is no context to take into use"
      return purpose == .command ? reportProcedure(why, on: id) : abort(why, on: id, using: &engine)
    }

    var command = securityModeCommand(algorithms, eKSI: eKSI, capability, for: index, initial, using: &engine)
    if askingRadioCapabilityID { command.set(SecurityModeCommand.ueRadioCapabilityIDRequest, .requested) }
    var control = SecurityModeControl(
      subscriber: index, purpose: purpose, basis: basis, command: command, refreshesKeNB: refreshingKeNB)
    if purpose == .command {
      control.order = .securityMode(
        wanted, of: choice, refreshingKeNB: refreshingKeNB, askingRadioCapabilityID: askingRadioCapabilityID)
    }
    transmit(control, on: id, using: &engine)
  }

  /// Sends the command, integrity protected with the new context and not ciphered (§5.4.3.2), with the next downlink COUNT.
  mutating func transmit(_ control: SecurityModeControl, on id: UInt32, using engine: inout CryptoEngine) {
    var control = control
    let plain = control.command.encoded()
    var octets: [UInt8]
    do {
      switch control.basis {
      case .partial(var trial):
        octets = try trial.protect(plain, as: .integrityProtectedNewContext, using: &engine)
        control.basis = .partial(trial)
        ues[control.subscriber].usedOfPartial = UsedCounts(kasme: trial.kasme, next: trial.counts.nextToSend)
      case .current(let algorithms):
        guard let current = ues[control.subscriber].security.current else { return }
        var trial = countsReset(current, using: &engine)
        trial.select(algorithms, using: &engine)
        octets = try trial.protect(plain, as: .integrityProtectedNewContext, using: &engine)
        // The COUNT is the KASME's, so the current context steps too, and keeps its own algorithms until COMPLETE.
        trial.select(current.algorithms, using: &engine)
        ues[control.subscriber].security.withCurrent { $0 = trial }
      case .waking(var trial):
        octets = try trial.protect(plain, as: .integrityProtectedNewContext, using: &engine)
        control.basis = .waking(trial)
        // The COUNT is used up, whatever becomes of the command; its algorithms are the context's with COMPLETE only (§5.4.3.5).
        if case .fullNative(let aside)? = ues[control.subscriber].security.nonCurrent {
          trial.select(aside.context.algorithms, using: &engine)
        }
        ues[control.subscriber].security.withNonCurrentNative { $0 = trial }
      }
    } catch {
      return countExhausted(on: id, control.subscriber)
    }
    if configuration.defects.contains(.noRetransmissionCount), !control.octets.isEmpty { octets = control.octets }
    control.octets = octets
    connections[id]?.securityMode = control
    transport(octets, on: id)
    start(.t3460, on: id, instance: MMETimer.securityMode)
  }

  /// Header type 4: SECURITY MODE COMPLETE and nothing else.
  mutating func receivedUnderNewContext(_ pdu: SecurityProtectedNAS, on id: UInt32, using engine: inout CryptoEngine) {
    guard let control = connections[id]?.securityMode else {
      return repeatedComplete(pdu, on: id, using: &engine)
    }
    let index = control.subscriber
    var trial: NASSecurity.SecurityContext
    switch control.basis {
    case .partial(let context), .waking(let context): trial = context
    case .current(let algorithms):
      guard let current = ues[index].security.current else { return drop(.noSecurityContext, on: id) }
      trial = current
      trial.select(algorithms, using: &engine)
    }
    let verified: IntegrityVerified
    do { verified = try trial.verify(pdu, using: &engine) } catch { return drop(error, on: id) }
    guard let message = try? NASMessage(decoding: verified.octets, direction: .uplink), message.type == .securityModeComplete else {
      return drop(.securityHeaderTypeNotAllowed(pdu.headerType.rawValue), on: id)
    }
    trial.accept(verified)
    stop(.t3460, on: id, instance: MMETimer.securityMode)
    connections[id]?.securityMode = nil
    // A context made of another system's keys proves whose UE it is only here.
    if connections[id]?.subject.verified == nil { bind(id, to: index) }
    let isNewKASME: Bool
    switch control.basis {
    case .partial, .waking:
      ues[index].security.take(trial)
      isNewKASME = true
    case .current:
      ues[index].security.withCurrent { $0 = trial }
      isNewKASME = false
    }
    connections[id]?.isSecure = true
    ues[index].hasSeenBadMAC = false
    connections[id]?.keNBTrigger = verified.count
    reportContexts(of: index, "SECURITY MODE COMPLETE: \(trial.algorithms), eKSI \(trial.keySetIdentifier)")
    completed(control, message, isNewKASME: isNewKASME, on: id, using: &engine)
  }

  private mutating func completed(
    _ control: SecurityModeControl, _ message: NASMessage, isNewKASME: Bool, on id: UInt32, using engine: inout CryptoEngine
  ) {
    if let radio = try? message[SecurityModeComplete.ueRadioCapabilityID] {
      ues[control.subscriber].radioCapabilityID = radio
      reportProcedure("UE radio capability ID \(radio)", on: id)
    }
    if isNewKASME { beginChainUntold(on: id, using: &engine) }
    if isNewKASME || control.refreshesKeNB { oweKeyChange(on: id, using: &engine) }
    securityModeEnded(on: id, using: &engine)
    switch control.purpose {
    case .procedure:
      updateInitial(on: id) {
        $0.hasFreshKASME = false
        $0.mustAuthenticate = false
        $0.wasAskedRadioCapabilityID = true
      }
      if let container = try? message[SecurityModeComplete.replayedNASMessageContainer] {
        // The hash differed: what the container holds is what the UE sent, and it takes the place of what arrived (§5.4.3.4).
        guard let original = try? container.message() else {
          return abort("the replayed NAS message container cannot be read", on: id, using: &engine)
        }
        replaceRequest(with: original, on: id, using: &engine)
      }
      proceed(id, using: &engine)
    case .command:
      reportProcedure("security mode control completed", on: id)
      goOn(id, using: &engine)
    }
  }

  /// A retransmitted command was answered twice: genuine, so its COUNT is used up, and nothing more (TS 24.301 §5.4.3.4).
  private mutating func repeatedComplete(_ pdu: SecurityProtectedNAS, on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id], connection.isSecure, let index = connection.subject.verified,
      let current = ues[index].security.current
    else { return drop(.securityHeaderTypeNotAllowed(pdu.headerType.rawValue), on: id) }
    do {
      let verified = try current.verify(pdu, using: &engine)
      guard let message = try? NASMessage(decoding: verified.octets, direction: .uplink), message.type == .securityModeComplete else {
        return drop(.securityHeaderTypeNotAllowed(pdu.headerType.rawValue), on: id)
      }
      ues[index].security.withCurrent { $0.accept(verified) }
      drop(.notCompatibleWithState("SECURITY MODE COMPLETE without a command"), on: id)
    } catch {
      drop(error, on: id)
    }
  }

  /// §5.4.3.5: the context in use before stays in use, and the procedure that needed the SMC is aborted.
  mutating func securityModeReject(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let control = connections[id]?.securityMode else {
      return drop(.notCompatibleWithState("SECURITY MODE REJECT without a command"), on: id)
    }
    let cause = (try? message[SecurityModeReject.emmCause])?.description ?? "no cause"
    stop(.t3460, on: id, instance: MMETimer.securityMode)
    connections[id]?.securityMode = nil
    rejectedDefectively(control, using: &engine)
    reportContexts(of: control.subscriber, "SECURITY MODE REJECT: contexts as before")
    switch control.purpose {
    case .procedure: abort("security mode control rejected by the UE: \(cause)", on: id, using: &engine)
    case .command:
      reportProcedure("security mode control rejected by the UE: \(cause)", on: id)
      securityModeEnded(on: id, using: &engine)
      goOn(id, using: &engine)
    }
  }

  mutating func securityModeExpired(_ control: SecurityModeControl, on id: UInt32, using engine: inout CryptoEngine) {
    guard control.transmissions <= configuration.timers.retransmissions else {
      connections[id]?.securityMode = nil
      if configuration.defects.contains(.contextLostAtT3460) { ues[control.subscriber].security.deleteAll() }
      let why = "security mode control: SECURITY MODE COMMAND was not answered"
      guard control.purpose == .command else { return abort(why, on: id, using: &engine) }
      reportProcedure(why, on: id)
      // A KeNB is owed, and the UE may have answered: which COUNT it follows from is not known, and the next connection brings another.
      if connections[id]?.owesKeyChange == true { return release(id, cause: .unspecifiedNAS) }
      // §5.4.3.7 b aborts the procedure; a registered UE keeps its connection, and its context as before.
      securityModeEnded(on: id, using: &engine)
      return goOn(id, using: &engine)
    }
    var next = control
    next.transmissions += 1
    transmit(next, on: id, using: &engine)
  }
}

extension MMEConfiguration {
  /// The most wanted pair among what the UE has. Null integrity is for emergency calls without authentication only.
  func algorithms(for capability: UENetworkCapability) -> NASAlgorithms? {
    guard let integrity = integrityPriority.first(where: { $0 != .eia0 && capability.supports(eia: $0.rawValue) }) else { return nil }
    guard let ciphering = cipheringPriority.first(where: { capability.supports(eea: $0.rawValue) }) else { return nil }
    return NASAlgorithms(ciphering: ciphering, integrity: integrity)
  }
}
