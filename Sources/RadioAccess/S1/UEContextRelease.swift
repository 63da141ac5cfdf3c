import S1AP

/// UE CONTEXT RELEASE by the MME (TS 36.413 §8.3.3).
extension ENodeB {
  mutating func releaseCommand(_ pdu: S1APPDU) {
    guard let identifiers = pdu.ueIdentifiers else { return missing(pdu, ue: nil) }
    let named: (mme: UInt32, eNB: UInt32?) =
      switch identifiers {
      case .pair(let mme, let eNB): (mme, eNB)
      case .mme(let mme): (mme, nil)
      }
    let cause = pdu.cause ?? .unspecifiedMiscellaneous
    // The command may name the UE by the MME's id alone; then it is the id that was learned before.
    guard let id = named.eNB ?? identifierOfMME[named.mme], let ue = ues[id] else {
      return refuseRelease(pdu, named, cause: named.eNB == nil ? .unknownMMEUES1APID : .unknownENBUES1APID)
    }
    if let known = ue.mmeIdentifier, known != named.mme { return refuseRelease(pdu, named, cause: .unknownPairUES1APID) }
    if ue.mmeIdentifier == nil, identifierOfMME[named.mme] != nil { return refuseRelease(pdu, named, cause: .unknownMMEUES1APID) }
    releaseLocally(id, cause: cause)
    send(.releaseComplete(mme: named.mme, eNB: id), on: ue.stream)
  }

  private mutating func refuseRelease(_ pdu: S1APPDU, _ named: (mme: UInt32, eNB: UInt32?), cause: Cause) {
    discard("\(pdu.message.title) for MME id \(named.mme): \(cause)", "TS 36.413 §10.6")
    send(.errorIndication(mme: named.mme, eNB: named.eNB, cause: cause), on: 1)
  }
}
