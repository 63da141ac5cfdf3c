import GTPv2C
import NASCrypto
import Observer
import Trace

/// S10 and S3: the time and the contents of FORWARD RELOCATION REQUEST, where it is in the trace.
extension AlignmentEngine {
  mutating func judge(gtp octets: [UInt8], frame: Int, using engine: inout CryptoEngine) {
    guard GTPv2CMessage.outline(of: octets)?.type == .forwardRelocationRequest, let request = try? GTPv2CMessage(decoding: octets),
      let imsi = try? request[ForwardRelocationRequest.imsi], let ue = observer.ue(imsi: imsi.digits), let ledger = ledgers[ue.index]
    else { return }
    judged[ue.index]?.forwardRelocation(
      request, octets, current: ue.current, isInForce: ledger.isCurrentInForce, unprovable: ledger.unprovable.kind, contexts: ue.contexts,
      frame: frame, showKeys: showKeys, using: &engine)
  }
}

extension JudgedUE {
  /// FORWARD RELOCATION REQUEST of this UE.
  mutating func forwardRelocation(
    _ request: GTPv2CMessage, _ octets: [UInt8], current: ObservedContext?, isInForce: Bool, unprovable: UnprovableContext.Kind?,
    contexts: [ObservedContext], frame: Int, showKeys: Bool, using engine: inout CryptoEngine
  ) {
    // Sent again when no answer comes (TS 29.274 §7.6), octet for octet.
    guard relocationRequest != octets else { return }
    relocationRequest = octets
    relocation.forwarded(frame: frame, running)
    guard unprovable == nil, running.handover != nil, let context = try? request.mmContext.eps else { return }
    forwarded.judge(
      context, .init(current: current, isInForce: isInForce, contexts: contexts, accessStratum: accessStratum), frame: frame,
      showKeys: showKeys, using: &engine)
  }
}
