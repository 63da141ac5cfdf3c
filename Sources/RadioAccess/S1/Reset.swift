import S1AP

/// RESET (TS 36.413 §8.7.1), asked for by the MME or by us; all of the interface or some connections of it.
extension ENodeB {
  mutating func resetRequested(_ pdu: S1APPDU) {
    let cause = pdu.cause ?? .unspecifiedMiscellaneous
    switch pdu.resetScope {
    case .all:
      let handles = identifierOfHandle.keys.sorted()
      for id in ues.keys.sorted() { releaseLocally(id, cause: cause) }
      send(.resetAcknowledge(items: nil), on: 0)
      sink.append(.resetDone(ues: handles))
    case .part(let items):
      var handles: [UEHandle] = []
      for item in items {
        guard let id = item.eNBUES1APID ?? item.mmeUES1APID.flatMap({ identifierOfMME[$0] }), let ue = ues[id] else { continue }
        // A pair that is not a connection of ours is acknowledged and does nothing (§8.7.1.2.1).
        if let mme = item.mmeUES1APID, let known = ue.mmeIdentifier, known != mme { continue }
        handles.append(ue.handle)
        releaseLocally(id, cause: cause)
      }
      send(.resetAcknowledge(items: items), on: 0)
      sink.append(.resetDone(ues: handles.sorted()))
    case nil: missing(pdu, ue: nil)
    }
  }

  mutating func startReset(of handles: [UEHandle]?, cause: Cause) {
    guard isReady else { return discard("RESET not sent: S1 is not set up", "TS 36.413 §8.7.1") }
    guard let handles else {
      resetOutstanding = identifierOfHandle.keys.sorted()
      for id in ues.keys.sorted() { releaseLocally(id, cause: cause) }
      return send(.reset(items: nil, cause: cause), on: 0)
    }
    var items: [UEAssociatedLogicalS1Connection] = []
    for handle in handles {
      guard let id = identifierOfHandle[handle], let ue = ues[id] else { continue }
      items.append(UEAssociatedLogicalS1Connection(mmeUES1APID: ue.mmeIdentifier, eNBUES1APID: id))
      releaseLocally(id, cause: cause)
    }
    guard !items.isEmpty else { return discard("RESET not sent: none of these UEs is connected", "TS 36.413 §8.7.1") }
    resetOutstanding = handles.sorted()
    send(.reset(items: items, cause: cause), on: 0)
  }

  mutating func resetAcknowledged(_ pdu: S1APPDU) {
    guard let handles = resetOutstanding else { return unexpected(pdu) }
    resetOutstanding = nil
    sink.append(.resetDone(ues: handles))
  }
}
