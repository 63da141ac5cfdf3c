import S1AP

/// UE CONTEXT MODIFICATION (TS 36.413 §8.3.4): new capabilities, or a new KeNB of a new KASME, which restarts the NCC at 0.
extension ENodeB {
  mutating func modifyContext(_ pdu: S1APPDU, ue: ConnectedUE) {
    guard let mme = ue.mmeIdentifier else { return }
    guard case .secured(var context) = ue.context, !ue.radioUnavailable else {
      discard("\(pdu.message.title) for a UE without an AS context", "TS 36.413 §8.3.4.3", ue: ue.handle)
      let cause: Cause = ue.radioUnavailable ? .radioConnectionWithUELost : .messageNotCompatibleWithReceiverState
      return send(.modificationFailure(mme: mme, eNB: ue.identifier, cause: cause), on: ue.stream)
    }
    if let capabilities = pdu.ueSecurityCapabilities {
      guard let algorithms = configuration.algorithms(for: capabilities) else {
        return send(.modificationFailure(mme: mme, eNB: ue.identifier, cause: .algorithmsNotSupported), on: ue.stream)
      }
      context.capabilities = capabilities
      (context.ciphering, context.integrity) = algorithms
    }
    let key = pdu.securityKey
    if let key {
      context.keNB = key
      context.nextHopChainingCount = 0
    }
    ues[ue.identifier]?.context = .secured(context)
    if let key {
      sink.append(.keNB(ue.handle, key, nextHopChainingCount: 0))
      sink.append(.rrc(ue.handle, .keyChange(ciphering: context.ciphering, integrity: context.integrity)))
    }
    send(.modificationResponse(mme: mme, eNB: ue.identifier), on: ue.stream)
  }
}
