import NASCrypto
import NASMessages
import S1AP

/// INITIAL UE MESSAGE (TS 36.413 §8.6.2.1): a UE-associated logical S1 connection begins.
extension MME {
  mutating func initialUE(_ pdu: S1APPDU, on association: Int, stream: UInt16, using engine: inout CryptoEngine) {
    guard let eNB = pdu.integer(.eNBUES1APID), let nas = pdu.octets(.nasPDU), let area = pdu.trackingArea, pdu[.eutranCGI] != nil else {
      return missing(pdu, on: association, nil)
    }
    let key = ENBIdentifier(association: association, identifier: eNB)
    if let existing = connectionOfENB[key] {
      // §10.6: a first message with an id that is in use. Both nodes drop what the id named.
      discard("INITIAL UE MESSAGE with eNB-UE-S1AP-ID \(eNB), which is in use", "TS 36.413 §10.6", association: association)
      send(.errorIndication(mme: nil, eNB: eNB, cause: .unknownENBUES1APID), on: association, stream: stream)
      endProcedures(on: existing, "eNB-UE-S1AP-ID used twice")
      return remove(existing)
    }
    guard connections.count < configuration.maximumConnections else {
      discard("INITIAL UE MESSAGE refused: \(connections.count) connections are held", "configuration", association: association)
      return send(.errorIndication(mme: nil, eNB: eNB, cause: .controlProcessingOverload), on: association, stream: stream)
    }
    let id = takeIdentifier()
    connections[id] = S1Connection(identifier: id, eNB: eNB, association: association, stream: stream, trackingArea: area)
    connectionOfENB[key] = id
    let sTMSI = pdu.sTMSI
    received(nas: nas, on: id, mTMSI: sTMSI?.mmeCode == configuration.mmeCode ? sTMSI?.mTMSI : nil, using: &engine)
    // Nothing came of it: the eNB must not be left with a connection that leads nowhere.
    releaseIfIdle(id)
  }

  /// MME-UE-S1AP-IDs go round so that a late message or timer finds nobody.
  mutating func takeIdentifier() -> UInt32 {
    while connections[nextIdentifier] != nil || s10.arrivals[nextIdentifier] != nil { advanceIdentifier() }
    defer { advanceIdentifier() }
    return nextIdentifier
  }

  private mutating func advanceIdentifier() { nextIdentifier = nextIdentifier == .max ? 1 : nextIdentifier + 1 }
}
