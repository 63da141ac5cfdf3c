import S1AP

/// Unknown, unforeseen and erroneous protocol data (TS 36.413 §10), and ERROR INDICATION in both directions (§8.7.2).
extension ENodeB {
  /// §10.6: which UE the ids of a message name. The first message of the MME teaches its id; an inconsistent or unknown
  /// pair is answered by ERROR INDICATION with the ids received, and what they name here is released locally.
  mutating func resolve(_ pdu: S1APPDU) -> ConnectedUE? {
    guard let eNB = pdu.integer(.eNBUES1APID), let mme = pdu.integer(.mmeUES1APID) else {
      missing(pdu, ue: nil)
      return nil
    }
    guard var ue = ues[eNB] else {
      return refuse(pdu, mme: mme, eNB: eNB, cause: .unknownENBUES1APID)
    }
    if let known = ue.mmeIdentifier {
      return known == mme ? ue : refuse(pdu, mme: mme, eNB: eNB, cause: .unknownPairUES1APID)
    }
    // The first returned message. An MME id that is another UE's already is erroneous.
    guard identifierOfMME[mme] == nil else {
      return refuse(pdu, mme: mme, eNB: eNB, cause: .unknownMMEUES1APID)
    }
    identifierOfMME[mme] = eNB
    ue.mmeIdentifier = mme
    if ue.context == .awaitingMME { ue.context = .signalling }
    ues[eNB] = ue
    return ue
  }

  private mutating func refuse(_ pdu: S1APPDU, mme: UInt32, eNB: UInt32, cause: Cause) -> ConnectedUE? {
    discard("\(pdu.message.title) with ids MME \(mme), eNB \(eNB): \(cause)", "TS 36.413 §10.6", ue: ues[eNB]?.handle)
    send(.errorIndication(mme: mme, eNB: eNB, cause: cause), on: ues[eNB]?.stream ?? 1)
    releaseLocally(eNB, cause: cause)
    if let other = identifierOfMME[mme] { releaseLocally(other, cause: cause) }
    return nil
  }

  /// §10.2: octets that are no S1AP PDU.
  mutating func undecodable(_ error: S1APError) {
    discard("S1AP PDU not decoded: \(error)", "TS 36.413 §10.2")
    send(.errorIndication(mme: nil, eNB: nil, cause: error.code == .missing ? .abstractSyntaxErrorReject : .transferSyntaxError), on: 0)
  }

  /// §10.3.4.1: an elementary procedure, or an arm of it, that this eNB does not run. The criticality decides.
  mutating func uncomprehended(_ pdu: S1APPDU) {
    discard("\(pdu.message.title) is not comprehended here", "TS 36.413 §10.3.4.1")
    switch pdu.criticality {
    case .reject: send(.errorIndication(mme: nil, eNB: nil, cause: .abstractSyntaxErrorReject, about: pdu), on: 0)
    case .notify: send(.errorIndication(mme: nil, eNB: nil, cause: .abstractSyntaxErrorIgnoreAndNotify, about: pdu), on: 0)
    case .ignore: break
    }
  }

  /// §10.3.5: a mandatory IE is missing from a message that has no unsuccessful outcome.
  mutating func missing(_ pdu: S1APPDU, ue: ConnectedUE?) {
    discard("\(pdu.message.title) lacks a mandatory IE", "TS 36.413 §10.3.5", ue: ue?.handle)
    send(
      .errorIndication(mme: ue?.mmeIdentifier, eNB: ue?.identifier, cause: .abstractSyntaxErrorReject, about: pdu),
      on: ue?.stream ?? 0)
  }

  /// §10.4: a message that does not fit the state.
  mutating func unexpected(_ pdu: S1APPDU, ue: ConnectedUE? = nil) {
    discard("\(pdu.message.title) does not fit the state", "TS 36.413 §10.4", ue: ue?.handle)
    send(
      .errorIndication(mme: ue?.mmeIdentifier, eNB: ue?.identifier, cause: .messageNotCompatibleWithReceiverState, about: pdu),
      on: ue?.stream ?? 0)
  }

  /// ERROR INDICATION received. Ids that the MME does not know mean that the connection does not exist there: it goes
  /// here too (§10.6). Never answered, so that two nodes cannot keep each other busy.
  mutating func errorIndication(_ pdu: S1APPDU) {
    let cause = pdu.cause
    let mme = pdu.integer(.mmeUES1APID)
    let eNB = pdu.integer(.eNBUES1APID)
    let words = [mme.map { "MME id \($0)" }, eNB.map { "eNB id \($0)" }, cause.map { "\($0)" }].compactMap { $0 }
    discard("ERROR INDICATION received: \(words.joined(separator: ", "))", "TS 36.413 §8.7.2", ue: eNB.flatMap { ues[$0]?.handle })
    guard let cause, cause.namesUnknownIdentifier else { return }
    if let eNB, let ue = ues[eNB], mme == nil || ue.mmeIdentifier == nil || ue.mmeIdentifier == mme {
      releaseLocally(eNB, cause: cause)
    } else if let mme, eNB == nil, let id = identifierOfMME[mme] {
      releaseLocally(id, cause: cause)
    }
  }
}
