import NASCrypto
import RadioInterface
import S1AP

/// The source of a handover: preparation through the MME (TS 36.413 §8.4.1), execution, cancellation (§8.4.5), and its timers.
extension ENodeB {
  mutating func startHandover(of handle: UEHandle, to target: HandoverTarget, _ kind: HandoverKind, using engine: inout CryptoEngine) {
    guard let id = identifierOfHandle[handle], let ue = ues[id], let mme = ue.mmeIdentifier else {
      return discard("no handover: the UE is not connected", "TS 36.413 §8.4.1", ue: handle)
    }
    guard ue.mobility == nil else { return discard("no handover: one is under way", "TS 36.413 §8.4.1", ue: handle) }
    if ue.radio != nil {
      // TS 33.401 §7.2.10: the reconfiguration of a key change first; RRC does one thing at a time anyhow.
      var breaks = false
      if case .rekeying = ue.radio { breaks = configuration.brokenRules.contains(.finishesRekeyBeforeHandover) }
      if !breaks {
        ues[id]?.postponed = (target, kind)
        return sink.append(.handover(handle, .postponed))
      }
    }
    guard let context = ue.secured else {
      return discard("no handover: AS security is not active", "TS 36.331 §5.3.1.1", ue: handle)
    }
    ues[id]?.mobility = .preparing(kind, target)
    sink.append(.handover(handle, .preparing(kind)))
    switch kind {
    case .s1:
      guard
        let container = target.otherSystem?.sourceContainer
          ?? TransparentContainer.sourceToTarget(
            target: target, source: configuration.cell.radio, temporaryIdentity: ue.temporaryIdentity, bearers: context.bearers)
      else { return handoverFailed(id, .unspecifiedRadioNetwork) }
      send(.handoverRequired(mme: mme, eNB: id, target: target, container: container), on: ue.stream)
    case .x2: requestOverX2(ue, context, target, mme: mme, using: &engine)
    }
    sink.append(.startTimer(.handoverPreparation(id), after: configuration.timers.preparation))
  }

  mutating func startPostponedHandover(of id: UInt32, using engine: inout CryptoEngine) {
    guard let ue = ues[id], ue.radio == nil, let postponed = ue.postponed else { return }
    ues[id]?.postponed = nil
    startHandover(of: ue.handle, to: postponed.target, postponed.kind, using: &engine)
  }

  /// HANDOVER COMMAND: what the target put into its container goes to the UE under the keys of the source.
  mutating func handoverCommanded(_ pdu: S1APPDU, ue: ConnectedUE, using engine: inout CryptoEngine) {
    guard case .preparing(.s1, let target) = ue.mobility, ue.secured != nil else { return unexpected(pdu, ue: ue) }
    guard let container = pdu.octets(.targetToSourceTransparentContainer) else { return missing(pdu, ue: ue) }
    if target.otherSystem != nil { return leaveCommanded(pdu, ue, target, using: &engine) }
    guard let control = TransparentContainer.targetToSource(container) else {
      discard("HANDOVER COMMAND: the target's container cannot be read", "TS 36.413 §9.2.1.8", ue: ue.handle)
      return cancelHandover(of: ue.handle, cause: .handoverFailureInTarget)
    }
    execute(ue, .s1, target, control, using: &engine)
    guard let mme = ue.mmeIdentifier else { return }
    send(.eNBStatusTransfer(mme: mme, eNB: ue.identifier, bearers: ue.secured?.bearers ?? []), on: ue.stream)
  }

  /// HANDOVER COMMAND to UTRAN or GERAN: MOBILITY FROM EUTRA COMMAND takes the NAS security parameters along (TS 36.331 §5.4.3,
  /// TS 36.413 §8.4.1.2). The status of the bearers is of no use there.
  private mutating func leaveCommanded(_ pdu: S1APPDU, _ ue: ConnectedUE, _ target: HandoverTarget, using engine: inout CryptoEngine) {
    guard let parameters = pdu.octets(.nasSecurityParametersFromEUTRAN), let first = parameters.first else {
      discard("HANDOVER COMMAND to another system without NAS security parameters", "TS 36.413 §8.4.1.2", ue: ue.handle)
      return cancelHandover(of: ue.handle, cause: .abstractSyntaxErrorReject)
    }
    execute(ue, .s1, target, .mobilityFromEUTRA(nasSecurityParameters: first), using: &engine)
  }

  mutating func execute(
    _ ue: ConnectedUE, _ kind: HandoverKind, _ target: HandoverTarget, _ control: MobilityControl, using engine: inout CryptoEngine
  ) { execute(ue, kind, target, .handover(control), using: &engine) }

  /// The UE is told to go.
  private mutating func execute(
    _ ue: ConnectedUE, _ kind: HandoverKind, _ target: HandoverTarget, _ command: DownlinkRRCMessage, using engine: inout CryptoEngine
  ) {
    guard var context = ue.secured else { return }
    let id = ue.identifier
    let message = context.security.protect(command, using: &engine)
    ues[id]?.context = .secured(context)
    ues[id]?.mobility = .executing(kind, target)
    sink.append(.stopTimer(.handoverPreparation(id)))
    sink.append(.startTimer(.handoverOverall(id), after: configuration.timers.overall))
    sink.append(.handover(ue.handle, .executing))
    sink.append(.rrc(ue.handle, .radio(message)))
    deliverHeldNAS(to: id)
  }

  mutating func preparationFailed(_ pdu: S1APPDU, ue: ConnectedUE) {
    guard case .preparing(.s1, _) = ue.mobility else { return unexpected(pdu, ue: ue) }
    handoverFailed(ue.identifier, pdu.cause)
  }

  mutating func handoverFailed(_ id: UInt32, _ cause: Cause?) {
    guard let ue = ues[id] else { return }
    ues[id]?.mobility = nil
    sink.append(.stopTimer(.handoverPreparation(id)))
    sink.append(.stopTimer(.handoverOverall(id)))
    sink.append(.handover(ue.handle, .failed(cause)))
    deliverHeldNAS(to: id)
  }

  // MARK: Cancellation and timers

  mutating func cancelHandover(of handle: UEHandle, cause: Cause) {
    guard let id = identifierOfHandle[handle], let ue = ues[id], let mme = ue.mmeIdentifier else {
      return discard("no handover to cancel: the UE is not connected", "TS 36.413 §8.4.5", ue: handle)
    }
    let kind: HandoverKind
    let target: HandoverTarget
    switch ue.mobility {
    case .preparing(let k, let t), .executing(let k, let t): (kind, target) = (k, t)
    default: return discard("no handover to cancel", "TS 36.413 §8.4.5", ue: handle)
    }
    sink.append(.stopTimer(.handoverPreparation(id)))
    sink.append(.stopTimer(.handoverOverall(id)))
    switch kind {
    case .s1:
      ues[id]?.mobility = .cancelling
      send(.handoverCancel(mme: mme, eNB: id, cause: cause), on: ue.stream)
    case .x2:
      // TS 36.423 §8.2.3: there is no answer.
      ues[id]?.mobility = nil
      sink.append(.x2(.handoverCancel(old: id, cause), to: target.enbID))
      sink.append(.handover(handle, .cancelled))
      deliverHeldNAS(to: id)
    }
  }

  mutating func cancelAcknowledged(_ pdu: S1APPDU, ue: ConnectedUE) {
    guard ue.mobility == .cancelling else { return unexpected(pdu, ue: ue) }
    ues[ue.identifier]?.mobility = nil
    sink.append(.handover(ue.handle, .cancelled))
    deliverHeldNAS(to: ue.identifier)
  }

  /// TS1RELOCprep (TS 36.413 §8.4.1.3), TRELOCprep (TS 36.423 §8.2.1.3).
  mutating func preparationExpired(_ id: UInt32) {
    guard let ue = ues[id], case .preparing = ue.mobility else { return }
    discard("the handover preparation timer expired", "TS 36.413 §8.4.1.3", ue: ue.handle)
    cancelHandover(of: ue.handle, cause: .preparationExpiry)
  }

  /// TS1RELOCOverall (TS 36.413 §8.4.1.2), TX2RELOCoverall (TS 36.423 §8.2.1.2): the UE went and no release came.
  mutating func overallExpired(_ id: UInt32) {
    guard let ue = ues[id], case .executing(let kind, _) = ue.mobility, let mme = ue.mmeIdentifier else { return }
    discard("the overall handover timer expired", "TS 36.413 §8.4.1.2", ue: ue.handle)
    ues[id]?.mobility = nil
    ues[id]?.context = .releaseRequested
    send(.releaseRequest(mme: mme, eNB: id, cause: kind == .s1 ? .s1OverallExpiry : .x2OverallExpiry), on: ue.stream)
  }

  mutating func stopHandoverTimers(of ue: ConnectedUE) {
    switch ue.mobility {
    case .preparing: sink.append(.stopTimer(.handoverPreparation(ue.identifier)))
    case .executing: sink.append(.stopTimer(.handoverOverall(ue.identifier)))
    case .arriving: sink.append(.stopTimer(.arrival(ue.identifier)))
    case .cancelling, .switchingPath, nil: break
    }
  }
}
