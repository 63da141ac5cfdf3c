import NASCrypto
import RadioInterface
import S1AP

/// What the UE answers to RRC, and re-establishment (TS 36.331 §5.3): a message that does not verify does not count.
extension ENodeB {
  mutating func received(_ message: ProtectedRRC<UplinkRRCMessage>, from handle: UEHandle, using engine: inout CryptoEngine) {
    guard let id = identifierOfHandle[handle], let ue = ues[id], let procedure = ue.radio else {
      return discard("RRC message that answers nothing", "TS 36.331 §5.3", ue: handle)
    }
    switch (procedure, message.message) {
    case (.activatingSecurity(var pending), .securityModeComplete):
      guard verifies(message, &pending.context, handle, using: &engine) else { return securityFailed(pending, ue) }
      ues[id]?.radio = nil
      securityActivated(pending, ue: ue)
    case (.activatingSecurity(let pending), .securityModeFailure):
      return securityFailed(pending, ue)
    case (.rekeying(var context), .reconfigurationComplete):
      guard verifies(message, &context, handle, using: &engine) else { return answerUnverified(context, ue, using: &engine) }
      ues[id]?.radio = nil
      rekeyed(context, ue: ue)
    case (.reestablishing(var context), .reestablishmentComplete):
      guard verifies(message, &context, handle, using: &engine) else { return answerUnverified(context, ue, using: &engine) }
      ues[id]?.radio = nil
      reestablished(context, ue)
    default: return discard("RRC message that does not fit", "TS 36.331 §5.3", ue: handle)
    }
    startPostponedHandover(of: id, using: &engine)
  }

  private mutating func verifies(
    _ message: ProtectedRRC<UplinkRRCMessage>, _ context: inout AccessStratumContext, _ handle: UEHandle, using engine: inout CryptoEngine
  ) -> Bool {
    if context.security.verify(message, using: &engine) { return true }
    discard("the MAC-I of an RRC message of the UE does not verify", "TS 36.323 §5.7", ue: handle)
    return false
  }

  private mutating func securityFailed(_ pending: PendingContextSetup, _ ue: ConnectedUE) {
    ues[ue.identifier]?.radio = nil
    guard let mme = ue.mmeIdentifier else { return }
    failSetup(ue, mme: mme, cause: .failureInRadioInterfaceProcedure, undelivered: pending.nas)
  }

  /// The two sides hold different keys. The eNB cannot know; what it sends next tells the UE, whose RRC then re-establishes.
  private mutating func answerUnverified(_ context: AccessStratumContext, _ ue: ConnectedUE, using engine: inout CryptoEngine) {
    var context = context
    let message = context.security.protect(DownlinkRRCMessage.reconfiguration, using: &engine)
    sink.append(.rrc(ue.handle, .radio(message)))
  }

  // MARK: Re-establishment

  /// RRC CONNECTION REESTABLISHMENT REQUEST (TS 36.331 §5.3.7): granted to a UE that this eNB has in that cell and whose shortMAC-I is
  /// the one that KRRCint in use gives.
  mutating func reestablish(_ handle: UEHandle, _ request: ReestablishmentRequest, using engine: inout CryptoEngine) {
    guard let id = identifierOfHandle[handle], let ue = ues[id], let context = ue.secured,
      request.physicalCellIdentity == configuration.cell.physicalCellIdentity, request.temporaryIdentity == ue.temporaryIdentity,
      request.shortMAC
        == context.security.shortMAC(
          physicalCellIdentity: request.physicalCellIdentity, temporaryIdentity: request.temporaryIdentity,
          target: configuration.cell.radio, using: &engine)
    else {
      discard("RRC CONNECTION REESTABLISHMENT REQUEST refused", "TS 36.331 §5.3.7.8", ue: handle)
      sink.append(.rrc(handle, .radio(ProtectedRRC(.reestablishmentReject))))
      // A UE that is refused is lost here.
      return radioConnectionLost(handle)
    }
    abandonKeyChange(ue)
    // A handover under way is off: the UE is here, and a KeNB* that a target has is of a KeNB that goes out of use.
    switch ue.mobility {
    case .preparing, .executing: cancelHandover(of: handle, cause: .handoverCancelled)
    case .cancelling, .arriving, .switchingPath, nil: break
    }
    let moved = context.chain.moved(to: configuration.cell.radio, using: &engine)
    ues[id]?.radio = .reestablishing(context.under(moved, using: &engine))
    sink.append(.rrc(handle, .radio(ProtectedRRC(.reestablishment(nextHopChainingCount: moved.chainingCount)))))
  }

  /// A key change that the UE did not complete has failed (TS 36.413 §8.3.4.3).
  private mutating func abandonKeyChange(_ ue: ConnectedUE) {
    guard case .rekeying = ue.radio, let mme = ue.mmeIdentifier else { return }
    send(.modificationFailure(mme: mme, eNB: ue.identifier, cause: .failureInRadioInterfaceProcedure), on: ue.stream)
  }

  /// The UE is back in this cell.
  private mutating func reestablished(_ context: AccessStratumContext, _ ue: ConnectedUE) {
    ues[ue.identifier]?.context = .secured(context)
    sink.append(.chainedKey(ue.handle, context.chain.keNB, nextHopChainingCount: context.chain.chainingCount, why: "re-establishment"))
    deliverHeldNAS(to: ue.identifier)
  }
}
