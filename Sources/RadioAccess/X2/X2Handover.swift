import NASCrypto
import RadioInterface
import S1AP

/// Handover between eNBs without the MME (TS 36.423 §8.2): KeNB* is the source's to derive (TS 33.401 §7.2.8.4.2).
extension ENodeB {
  mutating func requestOverX2(
    _ ue: ConnectedUE, _ context: AccessStratumContext, _ target: HandoverTarget, mme: UInt32, using engine: inout CryptoEngine
  ) {
    let moved = context.chain.moved(to: target.cell, using: &engine)
    sink.append(
      .x2(
        .handoverRequest(
          X2HandoverRequest(
            old: ue.identifier, cause: .handoverDesirable, target: target.cell, mme: mme, capabilities: context.capabilities,
            keNBStar: moved.keNB, nextHopChainingCount: moved.chainingCount, bearers: context.bearers.map(\.identifier))),
        to: target.enbID))
  }

  mutating func received(_ message: X2Message, from source: UInt32, using engine: inout CryptoEngine) {
    switch message {
    case .handoverRequest(let request): handoverRequested(request, from: source, using: &engine)
    case .handoverRequestAcknowledge(let old, _, let container):
      guard let ue = ues[old], case .preparing(.x2, let target) = ue.mobility, target.enbID == source, ue.secured != nil else {
        return discard("X2 \(message.title) does not fit", "TS 36.423 §10.4")
      }
      guard let control = MobilityControl(octets: container) else {
        discard("X2 \(message.title): the target's container cannot be read", "TS 36.423 §9.1.1.2", ue: ue.handle)
        return cancelHandover(of: ue.handle, cause: .handoverFailureInTarget)
      }
      execute(ue, .x2, target, control, using: &engine)
      sink.append(.x2(.snStatusTransfer(old: old), to: source))
    case .handoverPreparationFailure(let old, let cause):
      guard let ue = ues[old], case .preparing(.x2, let target) = ue.mobility, target.enbID == source else {
        return discard("X2 \(message.title) does not fit", "TS 36.423 §10.4")
      }
      handoverFailed(old, cause)
    case .snStatusTransfer: break
    case .ueContextRelease(let old):
      // The MME has the UE on another connection now: nothing is said to it.
      guard let ue = ues[old], case .executing(.x2, let target) = ue.mobility, target.enbID == source else {
        return discard("X2 \(message.title) does not fit", "TS 36.423 §10.4")
      }
      releaseLocally(old, cause: .successfulHandover)
    case .handoverCancel(let old, let cause):
      guard let ue = ues.values.first(where: { $0.isAwaited(from: X2Source(enbID: source, identifier: old)) }) else {
        return discard("X2 \(message.title) does not fit", "TS 36.423 §10.4")
      }
      releaseLocally(ue.identifier, cause: cause)
    }
  }

  private mutating func handoverRequested(_ request: X2HandoverRequest, from source: UInt32, using engine: inout CryptoEngine) {
    func refuse(_ cause: Cause) {
      discard("X2 HANDOVER REQUEST refused: \(cause)", "TS 36.423 §8.2.1.3")
      sink.append(.x2(.handoverPreparationFailure(old: request.old, cause), to: source))
    }
    guard isReady, request.target == configuration.cell.radio, ues.count < configuration.maximumUEs, !request.bearers.isEmpty else {
      return refuse(.cellNotAvailable)
    }
    guard let algorithms = configuration.algorithms(for: request.capabilities) else { return refuse(.algorithmsNotSupported) }
    let context = AccessStratumContext(
      chain: ENodeBKeyChain(received: request.keNBStar, chainingCount: request.nextHopChainingCount & 7), algorithms: algorithms,
      capabilities: request.capabilities,
      bearers: request.bearers.map { .init(identifier: $0, tunnelEndpoint: takeTunnelEndpoint()) }, using: &engine)
    // Not known to this eNB's MME connection before the path switch.
    var ue = announce(context, .x2, mme: nil, source: X2Source(enbID: source, identifier: request.old))
    ue.mmeIdentifier = request.mme
    ues[ue.identifier] = ue
    let control = control(for: ue, context)
    sink.append(.x2(.handoverRequestAcknowledge(old: request.old, new: ue.identifier, container: control.octets), to: source))
  }
}

extension ConnectedUE {
  fileprivate func isAwaited(from source: X2Source) -> Bool {
    if case .arriving(.x2, _, let from?) = mobility { from == source } else { false }
  }
}
