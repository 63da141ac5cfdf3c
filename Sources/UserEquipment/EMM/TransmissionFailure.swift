import NASCrypto
import NASMessages
import NASSecurity

/// An uplink NAS message, for the case that the lower layers could not deliver it.
struct SentMessage: Sendable, Equatable {
  /// As it was given to the lower layers.
  var pdu: [UInt8]
  /// Before protection; empty for SERVICE REQUEST, which is built anew each time.
  var plain: [UInt8]

  /// nil for SERVICE REQUEST, which has no type octet.
  var type: NASMessageType? { (try? NASMessage(decoding: plain, direction: .uplink))?.type }
}

extension UE {
  /// How many of them the lower layers may still report.
  private static let maximumSentMessages = 4

  /// The uplink message sent last over this connection.
  var lastSent: SentMessage? {
    get { sentMessages.last }
    set {
      guard let newValue else { return sentMessages = [] }
      // The same octets once more, which only messages without protection can be, are one message to the lower layers.
      guard newValue != sentMessages.last else { return }
      if sentMessages.count >= UE.maximumSentMessages { sentMessages.removeFirst() }
      sentMessages.append(newValue)
    }
  }

  /// What was sent for a procedure that is aborted is nobody's loss any more; ESM goes on beside it (§6.3.3).
  private mutating func forgetSentMessages() { sentMessages.removeAll { $0.type?.isESM != true } }

  /// The lower layers could not deliver an uplink message, of several to one handover each in its turn: the abnormal case of its procedure
  /// (TS 24.301 §5.3.8, §6.3.3, and under each procedure).
  ///
  /// Where the text leaves it to the UE how to go on, the message is sent once more with a new COUNT and MAC, as §5.3.8
  /// suggests.
  mutating func transmissionFailed(
    _ pdu: [UInt8], movedTo area: TrackingAreaIdentity?, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard connection != .idle, let index = sentMessages.firstIndex(where: { $0.pdu == pdu }) else { return }
    let sent = sentMessages.remove(at: index)
    if let area {
      servingTrackingArea = area
      isHandedOver = true
    }
    let isOutside = area != nil && needsUpdate
    let type = sent.type
    switch machine {
    case .null: return
    case .deregistered where type != .detachAccept: return
    case .deregistered, .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated:
      break
    }
    guard let type else { return serviceRequestLost(sent, isOutside: isOutside, using: &engine, into: &outputs) }
    switch type {
    case .attachRequest:
      // §5.5.1.2.6 h.
      guard case .registeredInitiated = machine else { return }
      outputs.append(.startTimer(.t3410, after: EMMTimer.t3410.defaultDuration))
      resendInitial(sent.plain, using: &engine, into: &outputs)
    case .attachComplete:
      // §5.5.1.2.6 i.
      guard case .registered = machine else { return }
      if isOutside { attachAnew(using: &engine, into: &outputs) } else { send(sent.plain, using: &engine, into: &outputs) }
    case .trackingAreaUpdateRequest:
      // §5.5.3.2.6 h.
      updateAnew(using: &engine, into: &outputs)
    case .trackingAreaUpdateComplete, .gutiReallocationComplete:
      // §5.5.3.2.6 i, j; §5.4.1.5.
      if isOutside { updateForNewArea(using: &engine, into: &outputs) } else { send(sent.plain, using: &engine, into: &outputs) }
    case .extendedServiceRequest, .controlPlaneServiceRequest:
      serviceRequestLost(sent, isOutside: isOutside, using: &engine, into: &outputs)
    case .detachRequestFromUE: detachRequestLost(isOutside: isOutside, using: &engine, into: &outputs)
    case .authenticationResponse, .authenticationFailure, .identityResponse, .securityModeComplete, .securityModeReject:
      commonAnswerLost(sent, type, isOutside: isOutside, using: &engine, into: &outputs)
    default:
      if type.isESM {
        sessionMessageLost(sent, isOutside: isOutside, using: &engine, into: &outputs)
      } else {
        // DETACH ACCEPT (§5.5.2.3.4 a), EMM STATUS.
        send(sent.plain, using: &engine, into: &outputs)
      }
    }
  }

  /// §5.4.2.7 g-i, §5.4.3.6, §5.4.4.5: the answer of a common procedure, by what triggered it.
  private mutating func commonAnswerLost(
    _ sent: SentMessage, _ type: NASMessageType, isOutside: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    let isAuthentication = type == .authenticationResponse || type == .authenticationFailure
    switch machine {
    case .trackingAreaUpdatingInitiated: return updateAnew(using: &engine, into: &outputs)
    case .serviceRequestInitiated:
      if isAuthentication { stopAuthenticationTimers(into: &outputs) }
      if isOutside { return updateForNewArea(using: &engine, into: &outputs) }
    case .registered where isOutside: return updateForNewArea(using: &engine, into: &outputs)
    case .null, .deregistered, .registeredInitiated, .registered, .deregisteredInitiated: break
    }
    guard type == .securityModeComplete, contexts.current != nil else { return send(sent.plain, using: &engine, into: &outputs) }
    // The KeNB that follows comes from the COUNT of the latest SECURITY MODE COMPLETE (TS 33.401 §7.2.9.2).
    sendSecurityModeComplete(sent.plain, using: &engine, into: &outputs)
  }

  mutating func stopAuthenticationTimers(into outputs: inout [Output]) {
    guard authentication.consecutiveFailures > 0 else { return }
    stop(.t3418, .t3420, into: &outputs)
    authentication = AuthenticationProgress(answered: authentication.answered)
  }

  /// §5.6.1.6 i, j.
  private mutating func serviceRequestLost(
    _ sent: SentMessage, isOutside: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard case .serviceRequestInitiated(let attempt) = machine else {
      // A refusal of a call: EXTENDED SERVICE REQUEST that nothing follows.
      return send(sent.plain, using: &engine, into: &outputs)
    }
    if isOutside {
      updateForNewArea(using: &engine, into: &outputs)
      guard case .csFallback(let call) = attempt.reason, case .trackingAreaUpdatingInitiated(var update) = machine else { return }
      // The call goes on over the connection of the update.
      update.registered.pendingCall = call
      machine = .trackingAreaUpdatingInitiated(update)
      return
    }
    outputs.append(.startTimer(attempt.reason.timer, after: attempt.reason.timer.defaultDuration))
    if sent.plain.isEmpty {
      resendServiceRequest(using: &engine, into: &outputs)
    } else if connection == .secured {
      send(sent.plain, using: &engine, into: &outputs)
    } else {
      resendInitial(sent.plain, using: &engine, into: &outputs)
    }
  }

  /// §5.5.2.2.4 g, h.
  private mutating func detachRequestLost(isOutside: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .deregisteredInitiated(let attempt) = machine else {
      // A detach for non-EPS services.
      if case .registered(let registered) = machine, let attempt = registered.imsiDetach {
        if isOutside { updateForNewArea(using: &engine, into: &outputs) } else { send(attempt.request, using: &engine, into: &outputs) }
      }
      return
    }
    stop(.t3421, into: &outputs)
    if isOutside {
      detachAfterUpdate(attempt, using: &engine, into: &outputs)
    } else {
      restartDetach(using: &engine, into: &outputs)
    }
  }

  /// §6.3.3: outside the list the procedure is begun anew after the update.
  private mutating func sessionMessageLost(
    _ sent: SentMessage, isOutside: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard isOutside else {
      // §4.2: none goes out while the EMM procedure runs; the timer of its transaction, or the network's, brings it again.
      if isUpdatingOrRequestingService { return }
      return send(sent.plain, using: &engine, into: &outputs)
    }
    if let lost = sessions.transactions.first(where: { $0.message == sent.plain }) {
      _ = endTransaction(lost.identity, into: &outputs)
      sessions.waiting.append(lost.request)
    }
    updateForNewArea(using: &engine, into: &outputs)
  }

  /// §5.5.3.2.6 e, h: aborted and begun anew at once, over the connection that is there, if one is.
  mutating func updateAnew(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard case .trackingAreaUpdatingInitiated(var attempt) = machine else { return }
    forgetSentMessages()
    stop(.t3430, into: &outputs)
    forgetChallenge(into: &outputs)
    stopAuthenticationTimers(into: &outputs)
    registration.updateStatus = .notUpdated
    if attempt.mapping != nil, connection != .idle {
      // Of an idle mode change the request goes once more as it was, nonce and all, but for the eKSI of a context taken into use since.
      attempt.request = namingCurrentContext(attempt.request)
      machine = .trackingAreaUpdatingInitiated(attempt)
      outputs.append(.startTimer(.t3430, after: EMMTimer.t3430.defaultDuration))
      return resendInitial(attempt.request, using: &engine, into: &outputs)
    }
    // The context may be another than when the request was built: its eKSI is told anew.
    machine = .registered(attempt.registered)
    let type =
      attempt.type.kind == .periodicUpdating && needsUpdate ? EPSUpdateType(.taUpdating, isActive: attempt.type.isActive) : attempt.type
    if connection == .open, case .n1(let change) = registration.origin {
      // Nobody may have verified it, and so derived the mapped context: under the 5G context as before (§4.4.2.3), and its next COUNT.
      sendUpdate(type, attempt.registered, from: change, using: &engine, into: &outputs)
    } else {
      startUpdate(
        type, opensConnection: attempt.fromIdle && connection != .idle && !isAccessStratumSecured,
        after: connection == .idle ? nil : attempt.origin, using: &engine, into: &outputs)
    }
    detachAfterwards(attempt, using: &engine, into: &outputs)
  }

  /// A TRACKING AREA UPDATE REQUEST with the eKSI of the context that it is protected with.
  private func namingCurrentContext(_ octets: [UInt8]) -> [UInt8] {
    guard contexts.current != nil, var request = try? NASMessage(decoding: octets, direction: .uplink) else { return octets }
    request.set(TrackingAreaUpdateRequest.nasKeySetIdentifier, contexts.eKSI)
    return request.encoded()
  }

  /// The current tracking area is not one of ours: whatever ran is aborted for an update.
  private mutating func updateForNewArea(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    forgetSentMessages()
    registration.updateStatus = .notUpdated
    startUpdate(
      EPSUpdateType(.taUpdating, isActive: isServiceUnderWay), opensConnection: isServiceUnderWay && !isAccessStratumSecured,
      using: &engine, into: &outputs)
  }

  private var isServiceUnderWay: Bool { if case .serviceRequestInitiated = machine { true } else { false } }

  /// §5.5.1.2.6 i, the tracking area being none of ours: the GUTI of the accept is used.
  private mutating func attachAnew(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    leaveRegistered(into: &outputs)
    machine = .deregistered(.normalService, attempts: 0)
    releaseLocally(into: &outputs)
    startAttach(using: &engine, into: &outputs)
  }
}
