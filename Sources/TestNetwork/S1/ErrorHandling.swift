import NASCrypto
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
    if let connection = connections[mme], connection.association == association, connection.eNB == eNB { return mme }
    if departures.contains(DepartedLeg(association: association, mme: mme)) {
      // The UE has left this leg, whose eNB may not know it yet.
      discard("\(pdu.message.title) on a leg that the UE has left", "TS 36.413 §8.4", association: association)
      return nil
    }
    if let connection = connections[mme], connection.association == association {
      cause = .unknownPairUES1APID
    } else {
      cause = .unknownMMEUES1APID
    }
    discard("\(pdu.message.title) with ids MME \(mme), eNB \(eNB): \(cause)", "TS 36.413 §10.6", association: association)
    send(.errorIndication(mme: mme, eNB: eNB, cause: cause), on: association, stream: stream)
    return nil
  }

  /// §10.6: ids of a handover's target that name none. Those of the UE's connection, where there is no handover, are known: then the message is
  /// not one for this state (§10.4).
  mutating func unknownPair(_ pdu: S1APPDU, mme: UInt32, eNB: UInt32, on association: Int) {
    if let connection = connections[mme], connection.association == association, connection.eNB == eNB {
      discard("\(pdu.message.title), and there is no handover to this connection", "TS 36.413 §10.4", association: association)
      return unexpected(pdu, connection: mme)
    }
    let cause: Cause = connections[mme] == nil ? .unknownMMEUES1APID : .unknownPairUES1APID
    discard("\(pdu.message.title) with ids MME \(mme), eNB \(eNB): \(cause)", "TS 36.413 §10.6", association: association)
    send(.errorIndication(mme: mme, eNB: eNB, cause: cause), on: association)
  }

  /// §10.2: octets that are no S1AP PDU.
  mutating func undecodable(_ error: S1APError, _ octets: [UInt8], on association: Int) {
    let judgement = S1APErrorResponse(undecodable: error, octets: octets)
    discard("S1AP PDU not decoded: \(error)", judgement.clause, association: association)
    if let answer = S1APBuilder.errorIndication(judgement) { send(OutgoingMessage(answer), on: association) }
  }

  /// §10.3: whether the message is to be executed. What has to be answered of its errors is answered, or owed by its response.
  mutating func isExecuted(_ pdu: S1APPDU, on association: Int, stream: UInt16, using engine: inout CryptoEngine) -> Bool {
    guard pdu.hasFaults else { return true }
    let judgement = S1APErrorResponse(to: pdu)
    // §10.5: errors of the ids come before all others.
    if pdu.namesConnection, resolve(pdu, on: association, stream: stream) == nil { return false }
    switch judgement.action {
    case .proceed:
      if judgement.reply == .inResponse, let diagnostics = judgement.diagnostics {
        owedDiagnostics = OwedDiagnostics(procedure: pdu.procedureCode, association: association, diagnostics: diagnostics)
      } else if judgement.reply != .none {
        answer(pdu, judgement, on: association, stream: stream)
      }
      return true
    case .reject: answer(pdu, judgement, on: association, stream: stream)
    case .localErrorHandling:
      tell(pdu, judgement, association)
      failLocally(pdu, on: association, using: &engine)
    }
    return false
  }

  /// §10.3.4.2, §10.3.6: a response that cannot be used has failed; the connection that it names is known.
  private mutating func failLocally(_ pdu: S1APPDU, on association: Int, using engine: inout CryptoEngine) {
    guard let id = pdu.integer(.mmeUES1APID), connections[id]?.association == association else {
      if pdu.message == .resetAcknowledge { resetAcknowledged(pdu, on: association) }
      return
    }
    switch pdu.message {
    case .initialContextSetupResponse, .initialContextSetupFailure: contextSetupFailed(pdu, on: id)
    case .ueContextModificationResponse, .ueContextModificationFailure: keyChangeAnswered(pdu, succeeded: false, on: id, using: &engine)
    case .ueContextReleaseComplete: releaseComplete(pdu, on: association)
    default: break
    }
  }

  /// The message has been executed. A response that was to report what was ignored of it and did not go out at once leaves ERROR
  /// INDICATION.
  mutating func payDiagnostics(_ pdu: S1APPDU, on association: Int, stream: UInt16) {
    guard let owed = owedDiagnostics else { return }
    owedDiagnostics = nil
    var judgement = S1APErrorResponse(logicalError: .abstractSyntaxErrorIgnoreAndNotify, in: pdu)
    judgement.reply = .errorIndication
    judgement.diagnostics = CriticalityDiagnostics(
      procedure: pdu.procedureCode, triggeringMessage: pdu.kind, procedureCriticality: pdu.criticality, items: owed.diagnostics.items)
    answer(pdu, judgement, on: association, stream: stream)
  }

  /// Sends what a judgement asks for.
  private mutating func answer(_ pdu: S1APPDU, _ judgement: S1APErrorResponse, on association: Int, stream: UInt16 = 0) {
    tell(pdu, judgement, association)
    guard let answer = S1APBuilder.reply(to: pdu, judgement) else { return }
    send(OutgoingMessage(answer), on: association, stream: stream)
  }

  private mutating func tell(_ pdu: S1APPDU, _ judgement: S1APErrorResponse, _ association: Int) {
    let words = judgement.faults.isEmpty ? judgement.cause?.description ?? "" : judgement.faults.map(\.description).joined(separator: "; ")
    let subject = pdu.integer(.mmeUES1APID).flatMap { connections[$0]?.association == association ? connections[$0]?.subject.index : nil }
    discard("\(pdu.message.title): \(words)", judgement.clause, association: association, ue: subject)
  }

  /// §10.3.4.1: a procedure, or an arm of it, that this MME does not run. The criticality decides.
  mutating func uncomprehended(_ pdu: S1APPDU, on association: Int, stream: UInt16) {
    answer(pdu, S1APErrorResponse(uncomprehended: pdu), on: association, stream: stream)
  }

  /// §10.4: what the procedure needs is there and makes no sense, or is missing in spite of its criticality.
  mutating func missing(_ pdu: S1APPDU, on association: Int, _ id: UInt32?) {
    answer(
      pdu, S1APErrorResponse(logicalError: .semanticError, in: pdu), on: association,
      stream: id.flatMap { connections[$0]?.stream } ?? 0)
  }

  /// §10.4: a message that does not fit the state of the interface.
  mutating func unexpected(_ pdu: S1APPDU, on association: Int) {
    answer(pdu, S1APErrorResponse(logicalError: .messageNotCompatibleWithReceiverState, in: pdu), on: association)
  }

  /// §10.4: a message that does not fit the state of the connection.
  mutating func unexpected(_ pdu: S1APPDU, connection id: UInt32) {
    guard let connection = connections[id] else { return }
    answer(
      pdu, S1APErrorResponse(logicalError: .messageNotCompatibleWithReceiverState, in: pdu), on: connection.association,
      stream: connection.stream)
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

/// IEs of a message that were ignored, to be reported in the procedure's response (TS 36.413 §10.3.4.2, §10.3.5).
struct OwedDiagnostics: Sendable, Equatable {
  var procedure: ProcedureCode
  var association: Int
  var diagnostics: CriticalityDiagnostics
}

extension S1APPDU {
  /// Whether both of its ids must be those of a connection that is here: neither the first returned message nor the last (§10.6).
  fileprivate var namesConnection: Bool {
    guard integer(.mmeUES1APID) != nil, integer(.eNBUES1APID) != nil else { return false }
    return ![.errorIndication, .ueContextReleaseComplete, .handoverRequestAcknowledge].contains(message)
  }
}
