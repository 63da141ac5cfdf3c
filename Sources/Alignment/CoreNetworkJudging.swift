import GTPv2C
import NASCrypto
import Observer
import Trace

/// S10 and S3: the time and the contents of FORWARD RELOCATION REQUEST, where it is in the trace.
extension AlignmentEngine {
  mutating func judge(gtp octets: [UInt8], frame: Int, at time: Duration, using engine: inout CryptoEngine) {
    guard GTPv2CMessage.outline(of: octets)?.type == .forwardRelocationRequest, let request = try? GTPv2CMessage(decoding: octets),
      let ue = ue(of: request), let ledger = ledgers[ue.index]
    else { return }
    judged.change(ue.index) { [showKeys] in
      $0.forwardRelocation(
        request, octets, current: ue.current, isInForce: ledger.isCurrentInForce, hasCollided: ledger.current?.hasCollided != false,
        unprovable: ledger.unprovable.kind,
        contexts: ue.contexts, frame: frame, at: time, showKeys: showKeys, using: &engine)
    }
  }

  /// The UE that is handed over: by its IMSI, or where S1 has not shown that, by a KASME that only one UE has.
  private func ue(of request: GTPv2CMessage) -> ObservedUE? {
    let imsi = (try? request[ForwardRelocationRequest.imsi])?.digits
    if let known = imsi.flatMap({ observer.ue(imsi: $0) }) { return known }
    guard let context = try? request.mmContext.eps else { return nil }
    let kasmes = [KeyMaterial(context.kasme)] + (context.old.map { [KeyMaterial($0.kasme)] } ?? [])
    var found: ObservedUE?
    for ue in observer.ues where ue.imsi == nil || imsi == nil {
      guard ue.contexts.contains(where: { kasmes.contains($0.kasme) }) else { continue }
      if found != nil { return nil }
      found = ue
    }
    return found
  }
}

extension JudgedUE {
  /// FORWARD RELOCATION REQUEST of this UE.
  mutating func forwardRelocation(
    _ request: GTPv2CMessage, _ octets: [UInt8], current: ObservedContext?, isInForce: Bool, hasCollided: Bool,
    unprovable: UnprovableContext.Kind?,
    contexts: [ObservedContext], frame: Int, at time: Duration, showKeys: Bool, using engine: inout CryptoEngine
  ) {
    // Sent again when no answer comes (TS 29.274 §7.6), octet for octet.
    guard relocationRequest != octets else { return }
    relocationRequest = octets
    let context = try? request.mmContext.eps
    assertions.relocation.forwarded(context, frame: frame, at: time, running)
    guard unprovable == nil, let handover = running.handover, let context else { return }
    // What one connection carries comes in its order (TS 36.412 §7), so the MME had the one before the other.
    let completed = running.completion.flatMap { complete in
      !hasCollided && complete.contextID == current?.id && complete.connection == handover.source && complete.event < handover.requiredEvent
        ? complete.event : nil
    }
    forwarded.judge(
      context,
      .init(current: current, isInForce: isInForce, completed: completed, contexts: contexts, accessStratum: accessStratum),
      frame: frame, showKeys: showKeys, using: &engine)
  }
}
