import S1AP

/// Unknown, unforeseen and erroneous protocol data (TS 36.413 §10), and ERROR INDICATION in both directions (§8.7.2).
extension MME {
  /// The connection that both ids of a message name, if it is one of this very association (§10.6).
  ///
  /// Ids that do not fit are answered and change nothing: the UE that an MME id belongs to must not suffer from another's message.
  mutating func resolve(_ pdu: S1APPDU, on association: Int, stream: UInt16) -> UInt32? {
    guard let mme = pdu.integer(.mmeUES1APID), let eNB = pdu.integer(.eNBUES1APID) else {
      missing(pdu, on: association, nil)
      return nil
    }
    let cause: Cause
    if let connection = connections[mme], connection.association == association {
      if connection.eNB == eNB { return mme }
      cause = .unknownPairUES1APID
    } else {
      cause = .unknownMMEUES1APID
    }
    discard("\(pdu.message.title) with ids MME \(mme), eNB \(eNB): \(cause)", "TS 36.413 §10.6", association: association)
    send(.errorIndication(mme: mme, eNB: eNB, cause: cause), on: association, stream: stream)
    return nil
  }

  /// §10.2: octets that are no S1AP PDU.
  mutating func undecodable(_ error: S1APError, on association: Int) {
    discard("S1AP PDU not decoded: \(error)", "TS 36.413 §10.2", association: association)
    send(.errorIndication(mme: nil, eNB: nil, cause: .transferSyntaxError), on: association)
  }

  /// §10.3.4.1: a procedure, or an arm of it, that this MME does not run. The criticality decides.
  mutating func uncomprehended(_ pdu: S1APPDU, on association: Int) {
    discard("\(pdu.message.title) is not comprehended here", "TS 36.413 §10.3.4.1", association: association)
    switch pdu.criticality {
    case .reject: send(.errorIndication(mme: nil, eNB: nil, cause: .abstractSyntaxErrorReject, about: pdu), on: association)
    case .notify: send(.errorIndication(mme: nil, eNB: nil, cause: .abstractSyntaxErrorIgnoreAndNotify, about: pdu), on: association)
    case .ignore: break
    }
  }

  /// §10.3.5: a mandatory IE is missing from a message that has no unsuccessful outcome.
  mutating func missing(_ pdu: S1APPDU, on association: Int, _ id: UInt32?) {
    discard("\(pdu.message.title) lacks a mandatory IE", "TS 36.413 §10.3.5", association: association)
    send(
      .errorIndication(mme: id, eNB: id.flatMap { connections[$0]?.eNB }, cause: .abstractSyntaxErrorReject, about: pdu), on: association)
  }

  /// §10.4: a message that does not fit the state of the interface.
  mutating func unexpected(_ pdu: S1APPDU, on association: Int) {
    discard("\(pdu.message.title) before S1 SETUP", "TS 36.413 §10.4", association: association)
    send(.errorIndication(mme: nil, eNB: nil, cause: .messageNotCompatibleWithReceiverState, about: pdu), on: association)
  }

  /// §10.4: a message that does not fit the state of the connection.
  mutating func unexpected(_ pdu: S1APPDU, connection id: UInt32) {
    guard let connection = connections[id] else { return }
    discard(
      "\(pdu.message.title) does not fit the state", "TS 36.413 §10.4", association: connection.association, ue: connection.subject.index)
    send(.errorIndication(mme: id, eNB: connection.eNB, cause: .messageNotCompatibleWithReceiverState, about: pdu), to: connection)
  }

  /// ERROR INDICATION received; never answered. Where the eNB says that it does not know a connection, the connection is gone
  /// there, and goes here (§10.6): connections of its own association only.
  mutating func errorIndication(_ pdu: S1APPDU, on association: Int) {
    let cause = pdu.cause
    let mme = pdu.integer(.mmeUES1APID)
    let eNB = pdu.integer(.eNBUES1APID)
    let words = [mme.map { "MME id \($0)" }, eNB.map { "eNB id \($0)" }, cause.map { "\($0)" }].compactMap { $0 }
    discard("ERROR INDICATION received: \(words.joined(separator: ", "))", "TS 36.413 §8.7.2", association: association)
    guard let cause, [.unknownMMEUES1APID, .unknownENBUES1APID, .unknownPairUES1APID].contains(cause) else { return }
    let byMME = mme.flatMap { connections[$0]?.association == association ? $0 : nil }
    let byENB = eNB.flatMap { connectionOfENB[ENBIdentifier(association: association, identifier: $0)] }
    for id in Set([byMME, byENB].compactMap { $0 }).sorted() {
      endProcedures(on: id, "the eNB does not know the connection")
      remove(id)
    }
  }
}
