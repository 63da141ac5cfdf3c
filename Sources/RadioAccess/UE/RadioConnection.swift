import NASCrypto
import RadioInterface
import S1AP

/// What UEs' RRC brings: connection set-up, uplink NAS, loss (TS 36.413 §8.6.2).
extension ENodeB {
  mutating func received(_ message: UplinkRRC, from handle: UEHandle, using engine: inout CryptoEngine) {
    switch message {
    case .connectionSetupComplete(let nas, let cause, let sTMSI, let registeredMME):
      connect(handle, nas: nas, establishmentCause: cause, sTMSI: sTMSI, registeredMME: registeredMME)
    case .nas(let nas): uplinkNAS(nas, from: handle)
    case .radio(let message): received(message, from: handle, using: &engine)
    case .arrival(let identity, let message): arrived(handle, temporaryIdentity: identity, message, using: &engine)
    case .reestablishmentRequest(let request): reestablish(handle, request, using: &engine)
    case .connectionReleased: radioConnectionLost(handle)
    }
  }

  private mutating func connect(
    _ handle: UEHandle, nas: [UInt8], establishmentCause: RRCEstablishmentCause, sTMSI: STMSI?, registeredMME: RegisteredMME?
  ) {
    guard case .ready = interface else {
      discard("RRC connection refused: S1 is not set up", "TS 36.413 §8.7.3.1", ue: handle)
      sink.append(.rrc(handle, .release(.transportUnavailable)))
      return
    }
    // A UE has one RRC connection: a new one means that the old one was lost without a word.
    if identifierOfHandle[handle] != nil { radioConnectionLost(handle) }
    guard ues.count < configuration.maximumUEs else {
      discard("RRC connection refused: \(ues.count) UEs are connected already", "configuration", ue: handle)
      sink.append(.rrc(handle, .release(.transportUnavailable)))
      return
    }
    let identifier = takeIdentifier()
    let stream = 1 + UInt16(identifier % UInt32(configuration.ueStreams))
    let ue = ConnectedUE(handle: handle, identifier: identifier, stream: stream)
    ues[identifier] = ue
    identifierOfHandle[handle] = identifier
    send(
      .initialUE(
        identifier: identifier, nas: nas, cell: configuration, establishmentCause: establishmentCause, sTMSI: sTMSI,
        registeredMME: registeredMME), on: stream)
  }

  private mutating func uplinkNAS(_ nas: [UInt8], from handle: UEHandle) {
    guard let id = identifierOfHandle[handle], let ue = ues[id] else {
      discard("uplink NAS without an RRC connection", "TS 36.331 §5.6.2", ue: handle)
      return
    }
    guard let mme = ue.mmeIdentifier else {
      if case .switchingPath = ue.mobility {
        ues[id]?.waitingUplink.append(nas)
        return
      }
      // The MME's id comes with its first downlink message; before that UPLINK NAS TRANSPORT cannot be addressed.
      discard("uplink NAS before the MME's first message", "TS 36.413 §8.6.2.3", ue: handle)
      return
    }
    send(.uplinkNAS(nas, mme: mme, eNB: id, cell: configuration), on: ue.stream)
  }

  /// The radio link is gone: with an MME id the MME is asked to release, without one there is nothing to address it by.
  mutating func radioConnectionLost(_ handle: UEHandle) {
    guard let id = identifierOfHandle.removeValue(forKey: handle), let ue = ues[id] else { return }
    guard let mme = ue.mmeIdentifier else {
      ues[id] = nil
      return
    }
    ues[id]?.radio = nil
    ues[id]?.postponed = nil
    if ue.context != .releaseRequested {
      send(.releaseRequest(mme: mme, eNB: id, cause: .radioConnectionWithUELost), on: ue.stream)
    }
    ues[id]?.context = .releaseRequested
    ues[id]?.radioUnavailable = true
  }

  /// The driver wants this UE released (inactivity, a scenario's step).
  mutating func requestRelease(of handle: UEHandle, cause: Cause) {
    guard let id = identifierOfHandle[handle], let ue = ues[id], let mme = ue.mmeIdentifier else {
      discard("nothing to release for this UE", "TS 36.413 §8.3.2", ue: handle)
      return
    }
    send(.releaseRequest(mme: mme, eNB: id, cause: cause), on: ue.stream)
  }

  mutating func setRadio(of handle: UEHandle, unavailable: Bool) {
    guard let id = identifierOfHandle[handle] else { return }
    ues[id]?.radioUnavailable = unavailable
  }

  /// Delivers downlink NAS, or tells the MME that it could not (TS 36.413 §8.6.2.4).
  mutating func deliver(_ nas: [UInt8], to identifier: UInt32) {
    guard let ue = ues[identifier] else { return }
    let cause: Cause
    if case .executing(let kind, let target) = ue.mobility {
      // The UE was told to go: it hears nothing here any more.
      cause =
        target.otherSystem != nil ? .s1InterSystemHandoverTriggered : kind == .s1 ? .s1HandoverTriggered : .x2HandoverTriggered
    } else if ue.context == .releaseRequested || ue.radioUnavailable {
      cause = .radioConnectionWithUELost
    } else if ue.holdsNAS || ue.isAwaited {
      ues[identifier]?.heldNAS.append(nas)
      return
    } else {
      sink.append(.rrc(ue.handle, .nas(nas)))
      return
    }
    if let mme = ue.mmeIdentifier { send(.nonDelivery(of: nas, mme: mme, eNB: ue.identifier, cause: cause), on: ue.stream) }
  }

  mutating func holdNAS(of handle: UEHandle, _ holds: Bool) {
    guard let id = identifierOfHandle[handle] else { return }
    ues[id]?.holdsNAS = holds
    if !holds { deliverHeldNAS(to: id) }
  }

  /// What waited goes to the UE, or back to the MME as undelivered.
  mutating func deliverHeldNAS(to identifier: UInt32) {
    guard let held = ues[identifier]?.heldNAS, !held.isEmpty else { return }
    ues[identifier]?.heldNAS = []
    for nas in held { deliver(nas, to: identifier) }
  }

  /// Drops the connection here, without a message to the MME; tells the UE where it is still there.
  mutating func releaseLocally(_ identifier: UInt32, cause: Cause) {
    guard let ue = ues.removeValue(forKey: identifier) else { return }
    stopHandoverTimers(of: ue)
    if let mme = ue.mmeIdentifier, identifierOfMME[mme] == identifier { identifierOfMME[mme] = nil }
    if identifierOfHandle[ue.handle] == identifier {
      identifierOfHandle[ue.handle] = nil
      sink.append(.rrc(ue.handle, .release(cause)))
    }
  }

  /// An eNB-UE-S1AP-ID (24 bits) that is not in use; ids go round so that a late message finds nobody.
  mutating func takeIdentifier() -> UInt32 {
    while ues[nextIdentifier] != nil { advanceIdentifier() }
    defer { advanceIdentifier() }
    return nextIdentifier
  }

  private mutating func advanceIdentifier() { nextIdentifier = nextIdentifier >= 0xFF_FFFF ? 1 : nextIdentifier + 1 }
}
