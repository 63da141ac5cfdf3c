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

  /// §10.6: whether the MME gives, in the first message of a new connection, an id that another UE of this association has.
  /// It is answered by ERROR INDICATION with that id alone, and the other UE's connection is released locally; §10.5 puts this
  /// before every other error of the message.
  mutating func refusesIdentifier(ofFirst pdu: S1APPDU) -> Bool {
    guard pdu.message == .handoverRequest, let mme = pdu.integer(.mmeUES1APID), let other = identifierOfMME[mme] else { return false }
    let cause = Cause.unknownMMEUES1APID
    discard("\(pdu.message.title) with MME id \(mme), which is another UE's: \(cause)", "TS 36.413 §10.6", ue: ues[other]?.handle)
    send(.errorIndication(mme: mme, eNB: nil, cause: cause), on: ues[other]?.stream ?? 1)
    releaseLocally(other, cause: cause)
    return true
  }

  private mutating func refuse(_ pdu: S1APPDU, mme: UInt32, eNB: UInt32, cause: Cause) -> ConnectedUE? {
    discard("\(pdu.message.title) with ids MME \(mme), eNB \(eNB): \(cause)", "TS 36.413 §10.6", ue: ues[eNB]?.handle)
    send(.errorIndication(mme: mme, eNB: eNB, cause: cause), on: ues[eNB]?.stream ?? 1)
    releaseLocally(eNB, cause: cause)
    if let other = identifierOfMME[mme] { releaseLocally(other, cause: cause) }
    return nil
  }

  /// §10.2: octets that are no S1AP PDU.
  mutating func undecodable(_ error: S1APError, _ octets: [UInt8]) {
    let judgement = S1APErrorResponse(undecodable: error, octets: octets)
    discard("S1AP PDU not decoded: \(error)", judgement.clause)
    if let answer = S1APBuilder.errorIndication(judgement) { send(OutgoingMessage(answer), on: 0) }
  }

  /// §10.3: whether the message is to be executed. What has to be answered of its errors is answered, or owed by its response.
  mutating func isExecuted(_ pdu: S1APPDU) -> Bool {
    guard pdu.hasFaults else { return true }
    let judgement = S1APErrorResponse(to: pdu)
    // §10.5: errors of the ids come before all others.
    if pdu.integer(.eNBUES1APID) != nil, pdu.integer(.mmeUES1APID) != nil, pdu.message != .errorIndication, resolve(pdu) == nil {
      return false
    }
    switch judgement.action {
    case .proceed:
      if judgement.reply == .inResponse, let diagnostics = judgement.diagnostics {
        owedDiagnostics = OwedDiagnostics(procedure: pdu.procedureCode, diagnostics: diagnostics)
      } else if judgement.reply != .none {
        answer(pdu, judgement)
      }
      return true
    case .reject: answer(pdu, judgement)
    case .localErrorHandling:
      tell(pdu, judgement)
      failLocally(pdu)
    }
    return false
  }

  /// §10.3.4.2, §10.3.6: a response that cannot be used has failed.
  private mutating func failLocally(_ pdu: S1APPDU) {
    switch pdu.message {
    case .s1SetupResponse, .s1SetupFailure: setupFailure(pdu)
    case .resetAcknowledge: resetAcknowledged(pdu)
    default: break
    }
  }

  /// The message has been executed. A response that was to report what was ignored of it and did not go out leaves ERROR INDICATION.
  mutating func payDiagnostics(_ pdu: S1APPDU) {
    guard let owed = owedDiagnostics else { return }
    owedDiagnostics = nil
    var judgement = S1APErrorResponse(logicalError: .abstractSyntaxErrorIgnoreAndNotify, in: pdu)
    judgement.reply = .errorIndication
    judgement.diagnostics = CriticalityDiagnostics(
      procedure: pdu.procedureCode, triggeringMessage: pdu.kind, procedureCriticality: pdu.criticality, items: owed.diagnostics.items)
    answer(pdu, judgement)
  }

  /// Sends what a judgement asks for, on the UE's stream.
  private mutating func answer(_ pdu: S1APPDU, _ judgement: S1APErrorResponse) {
    tell(pdu, judgement)
    guard let answer = S1APBuilder.reply(to: pdu, judgement) else { return }
    send(OutgoingMessage(answer), on: pdu.integer(.eNBUES1APID).flatMap { ues[$0]?.stream } ?? 0)
  }

  private mutating func tell(_ pdu: S1APPDU, _ judgement: S1APErrorResponse) {
    let words = judgement.faults.isEmpty ? judgement.cause?.description ?? "" : judgement.faults.map(\.description).joined(separator: "; ")
    discard("\(pdu.message.title): \(words)", judgement.clause, ue: pdu.integer(.eNBUES1APID).flatMap { ues[$0]?.handle })
  }

  /// §10.3.4.1: an elementary procedure, or an arm of it, that this eNB does not run. The criticality decides.
  mutating func uncomprehended(_ pdu: S1APPDU) { answer(pdu, S1APErrorResponse(uncomprehended: pdu)) }

  /// §10.4: what the procedure needs is there and makes no sense, or is missing in spite of its criticality.
  mutating func missing(_ pdu: S1APPDU, ue: ConnectedUE?) { answer(pdu, S1APErrorResponse(logicalError: .semanticError, in: pdu)) }

  /// §10.4: a message that does not fit the state.
  mutating func unexpected(_ pdu: S1APPDU, ue: ConnectedUE? = nil) {
    answer(pdu, S1APErrorResponse(logicalError: .messageNotCompatibleWithReceiverState, in: pdu))
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

/// IEs of a message that were ignored, to be reported in the procedure's response (TS 36.413 §10.3.4.2, §10.3.5).
struct OwedDiagnostics: Sendable, Equatable {
  var procedure: ProcedureCode
  var diagnostics: CriticalityDiagnostics
}
