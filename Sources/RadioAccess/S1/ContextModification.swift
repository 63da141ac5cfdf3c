import NASCrypto
import RadioInterface
import S1AP

/// UE CONTEXT MODIFICATION (TS 36.413 §8.3.4): new capabilities, or a new KeNB of a new KASME, which restarts the NCC at 0.
extension ENodeB {
  mutating func modifyContext(_ pdu: S1APPDU, ue: ConnectedUE, using engine: inout CryptoEngine) {
    guard let mme = ue.mmeIdentifier else { return }
    guard var context = ue.secured, !ue.radioUnavailable else {
      discard("\(pdu.message.title) for a UE without an AS context", "TS 36.413 §8.3.4.3", ue: ue.handle)
      let cause: Cause = ue.radioUnavailable ? .radioConnectionWithUELost : .messageNotCompatibleWithReceiverState
      return send(.modificationFailure(mme: mme, eNB: ue.identifier, cause: cause), on: ue.stream)
    }
    var algorithms = context.algorithms
    if let capabilities = pdu.ueSecurityCapabilities {
      guard let chosen = configuration.algorithms(for: capabilities) else {
        return send(.modificationFailure(mme: mme, eNB: ue.identifier, cause: .algorithmsNotSupported), on: ue.stream)
      }
      context.capabilities = capabilities
      algorithms = chosen
    }
    guard let key = pdu.securityKey else {
      guard algorithms == context.algorithms else {
        // Other algorithms go with other keys: a handover within the cell, the chain as it is (TS 33.401 §7.2.9.3).
        return rekey(ue, context, algorithms, to: context.chain, keyChange: false, using: &engine)
      }
      ues[ue.identifier]?.context = .secured(context)
      return send(.modificationResponse(mme: mme, eNB: ue.identifier), on: ue.stream)
    }
    // TS 33.401 §7.2.10.
    let isHandingOver = ue.isInHandover && !configuration.brokenRules.contains(.rejectsRekeyDuringHandover)
    guard !isHandingOver, ue.radio == nil else {
      discard("\(pdu.message.title) with a key while a handover or an RRC procedure runs", "TS 33.401 §7.2.10", ue: ue.handle)
      return send(.modificationFailure(mme: mme, eNB: ue.identifier, cause: .interactionWithOtherProcedure), on: ue.stream)
    }
    sink.append(.keNB(ue.handle, key, nextHopChainingCount: 0))
    rekey(ue, context, algorithms, to: ENodeBKeyChain(keNB: key), keyChange: true, using: &engine)
  }

  /// A handover within the cell to KeNB* of the chain given (TS 33.401 §7.2.9.2, §7.2.9.3).
  private mutating func rekey(
    _ ue: ConnectedUE, _ context: AccessStratumContext, _ algorithms: AccessStratumAlgorithms, to chain: ENodeBKeyChain, keyChange: Bool,
    using engine: inout CryptoEngine
  ) {
    var old = context
    let moved = chain.moved(to: configuration.cell.radio, using: &engine)
    let control = MobilityControl(
      target: configuration.cell.radio, temporaryIdentity: ue.temporaryIdentity, keyChangeIndicator: keyChange,
      nextHopChainingCount: moved.chainingCount, algorithms: algorithms)
    let message = old.security.protect(DownlinkRRCMessage.handover(control), using: &engine)
    ues[ue.identifier]?.context = .secured(old)
    ues[ue.identifier]?.radio = .rekeying(context.under(moved, algorithms: algorithms, using: &engine))
    sink.append(.rrc(ue.handle, .radio(message)))
  }

  /// The UE completed the reconfiguration under the new keys.
  mutating func rekeyed(_ context: AccessStratumContext, ue: ConnectedUE) {
    ues[ue.identifier]?.context = .secured(context)
    sink.append(
      .chainedKey(ue.handle, context.chain.keNB, nextHopChainingCount: context.chain.chainingCount, why: "key change on the fly"))
    guard let mme = ue.mmeIdentifier else { return }
    send(.modificationResponse(mme: mme, eNB: ue.identifier), on: ue.stream)
  }
}
