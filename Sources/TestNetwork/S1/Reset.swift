import S1AP

/// RESET (TS 36.413 §8.7.1), asked for by the eNB or by us.
extension MME {
  mutating func resetRequested(_ pdu: S1APPDU, on association: Int) {
    switch pdu.resetScope {
    case .all:
      forgetConnections(of: association, "RESET received")
      send(.resetAcknowledge(items: nil), on: association)
    case .part(let items):
      for item in items {
        // An item that names no connection of this association is acknowledged and does nothing (§8.7.1.2.2).
        let byENB = item.eNBUES1APID.flatMap { connectionOfENB[ENBIdentifier(association: association, identifier: $0)] }
        guard let id = item.mmeUES1APID ?? byENB, let connection = connections[id], connection.association == association,
          item.eNBUES1APID == nil || item.eNBUES1APID == connection.eNB
        else { continue }
        endProcedures(on: id, "RESET received")
        remove(id)
      }
      send(.resetAcknowledge(items: items), on: association)
    case nil: missing(pdu, on: association, nil)
    }
  }

  mutating func startReset(of association: Int) {
    guard associations[association]?.isReady == true else {
      return discard("RESET not sent: S1 is not set up", "TS 36.413 §8.7.1", association: association)
    }
    forgetConnections(of: association, "RESET sent")
    associations[association]?.isResetting = true
    send(.reset(cause: .unspecifiedMiscellaneous), on: association)
  }

  mutating func resetAcknowledged(_ pdu: S1APPDU, on association: Int) {
    guard associations[association]?.isResetting == true else { return unexpected(pdu, on: association) }
    associations[association]?.isResetting = false
  }
}
