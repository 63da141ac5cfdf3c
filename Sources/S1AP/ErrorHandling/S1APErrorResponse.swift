/// What TS 36.413 §10 makes of a message received: whether it is acted on, and what goes back. A value; the entity acts on it.
///
/// Compared rule by rule with the text of V17.4.0, whose §10 is that of Rel-16:
///
/// | clause | rule | here |
/// |---|---|---|
/// | §10.2 | what cannot be decoded: Error Indication with the transfer syntax cause | ``init(undecodable:octets:)`` |
/// | §10.3.1 | the six cases of an abstract syntax error; the remaining message is read before anything is done | ``S1APPDU/validate()`` |
/// | §10.3.4.1 | procedure code: reject, ignore and notify, ignore; code, triggering message and procedure criticality are reported | ``init(uncomprehended:)`` |
/// | §10.3.4.1A | type of message: Error Indication with an appropriate cause | ``init(undecodable:octets:)`` |
/// | §10.3.4.2 | not comprehended IEs by the criticality received: unsuccessful outcome, else (too little received, or there is none) Error Indication; the response or Error Indication for notify; local error handling for a response | ``init(to:canAnswer:)`` |
/// | §10.3.5 | the same for missing IEs, by the criticality of the tables | ``init(to:canAnswer:)`` |
/// | §10.3.6 | order, occurrences, conditions: as reject, whatever the criticality, with cause "falsely constructed message" | ``init(to:canAnswer:)`` |
/// | §10.4 | logical errors by the class of the procedure, whatever the criticality | ``init(logicalError:in:canAnswer:)`` |
/// | §10.5 | ERROR INDICATION is never answered; the cause is that of the error which ended the procedure | all |
/// | §10.6 | AP IDs | the entities |
///
/// ```swift
/// let judgement = S1APErrorResponse(to: pdu)
/// guard judgement.action == .proceed else { … }
/// ```
public struct S1APErrorResponse: Sendable, Equatable, CustomStringConvertible {
  /// What becomes of the message.
  public enum Action: Sendable, Equatable {
    /// Execute it, as if what was not comprehended had not been received.
    case proceed
    /// Execute nothing of it.
    case reject
    /// A response that cannot be used: the procedure has failed; nothing is executed, local error handling begins (§10.3.4.2).
    case localErrorHandling
  }

  /// What goes back.
  public enum Reply: Sendable, Equatable {
    case none
    /// ERROR INDICATION with ``cause`` and ``diagnostics``.
    case errorIndication
    /// The procedure's unsuccessful outcome, with ``cause`` and ``diagnostics``.
    case unsuccessfulOutcome(S1APMessage)
    /// The procedure's own response, which is sent anyway, carries ``diagnostics``.
    case inResponse
  }

  /// What becomes of the message.
  public var action: Action
  /// What goes back; ``S1APBuilder/reply(to:_:)`` makes it.
  public var reply: Reply
  /// For an ERROR INDICATION or unsuccessful outcome.
  public var cause: Cause?
  /// For whatever goes back.
  public var diagnostics: CriticalityDiagnostics?
  /// What was found.
  public var faults: [ProtocolFault]
  /// The clause that prescribes it.
  public var clause: String

  private init(action: Action, reply: Reply = .none, cause: Cause? = nil, faults: [ProtocolFault] = [], clause: String) {
    self.action = action
    self.reply = reply
    self.cause = cause
    self.faults = faults
    self.clause = "TS 36.413 \(clause)"
  }

  /// Judges a decoded PDU (§10.3).
  ///
  /// - Parameter canAnswer: whether enough was received for the unsuccessful outcome (§10.3.4.2: else ERROR INDICATION); nil: it was
  ///   if the UE identities are there that the message has to have.
  public init(to pdu: S1APPDU, canAnswer: Bool? = nil) {
    let faults = pdu.validate()
    guard !faults.isEmpty else {
      self.init(action: .proceed, clause: "§10.3")
      return
    }
    if faults.first?.kind == .unknownProcedure {
      self.init(unknown: pdu, faults)
    } else {
      self.init(faulty: pdu, faults, canAnswer: canAnswer)
    }
    if pdu.message == .errorIndication { keepToItself() }
  }

  /// Octets that are no PDU (§10.2), or whose type of message cannot be told (§10.3.4.1A). What they were is not known, so ERROR
  /// INDICATION carries the cause alone.
  ///
  /// - Parameter octets: what was received, to tell an ERROR INDICATION, which is never answered, by its first two.
  public init(undecodable error: S1APError, octets: [UInt8]) {
    let isTypeUnknown = error.path == "S1AP-PDU" && (error.code == .notInGrammar || error.code == .outOfRange)
    self.init(
      action: .reject, reply: .errorIndication, cause: isTypeUnknown ? .abstractSyntaxErrorReject : .transferSyntaxError,
      clause: isTypeUnknown ? "§10.3.4.1A" : "§10.2")
    // An extension bit, two bits of choice, five of padding that may be anything; then the procedure code.
    let head = S1APMessage.errorIndication
    if octets.count > 1, octets[0] & 0xe0 == head.kind.rawValue << 5, octets[1] == head.procedure.rawValue { keepToItself() }
  }

  /// A message that is well-formed, and that this receiver does not run though the tables have it: its procedure is not comprehended
  /// (§10.3.4.1).
  public init(uncomprehended pdu: S1APPDU) {
    self.init(
      unknown: pdu, [ProtocolFault(kind: .unknownProcedure, criticality: pdu.criticality, identity: nil, path: pdu.message.title)])
    if pdu.message == .errorIndication { keepToItself() }
  }

  /// A message that is comprehended but says what cannot be, or does not fit the receiver's state (§10.4).
  ///
  /// - Parameters:
  ///   - cause: usually ``Cause/semanticError`` or ``Cause/messageNotCompatibleWithReceiverState``.
  ///   - canAnswer: as in ``init(to:canAnswer:)``.
  public init(logicalError cause: Cause, in pdu: S1APPDU, canAnswer: Bool? = nil) {
    let outcome = S1APMessage(procedure: pdu.procedureCode, kind: .unsuccessfulOutcome)
    if pdu.kind != .initiatingMessage {
      self.init(action: .localErrorHandling, cause: cause, clause: "§10.4")
    } else if outcome.isKnown, canAnswer ?? Self.namesItsUE(pdu, outcome) {
      self.init(action: .reject, reply: .unsuccessfulOutcome(outcome), cause: cause, clause: "§10.4")
    } else {
      self.init(action: .reject, reply: .errorIndication, cause: cause, clause: "§10.4")
      diagnostics = Self.diagnostics(of: pdu, [])
    }
    if pdu.message == .errorIndication { keepToItself() }
  }

  /// §10.5: nothing in an ERROR INDICATION is answered, so that two nodes cannot keep each other busy.
  private mutating func keepToItself() {
    guard reply != .none else { return }
    reply = .none
    diagnostics = nil
    if action == .reject { action = .localErrorHandling }
    clause = "TS 36.413 §10.5"
  }

  /// §10.3.4.1: the procedure's criticality decides.
  private init(unknown pdu: S1APPDU, _ faults: [ProtocolFault]) {
    switch pdu.criticality {
    case .reject:
      self.init(action: .reject, reply: .errorIndication, cause: .abstractSyntaxErrorReject, faults: faults, clause: "§10.3.4.1")
    case .notify:
      self.init(
        action: .reject, reply: .errorIndication, cause: .abstractSyntaxErrorIgnoreAndNotify, faults: faults, clause: "§10.3.4.1")
    case .ignore: self.init(action: .reject, faults: faults, clause: "§10.3.4.1")
    }
    if reply != .none { diagnostics = Self.diagnostics(of: pdu, []) }
  }

  private init(faulty pdu: S1APPDU, _ faults: [ProtocolFault], canAnswer: Bool?) {
    let isFalselyConstructed = faults.contains { $0.kind == .wrongOrderOrRepeated || $0.kind == .erroneouslyPresent }
    let comprehension = faults.filter { $0.kind == .notUnderstood || $0.kind == .missing }
    let rejected = comprehension.first { $0.criticality == .reject }
    let items = Self.items(comprehension)
    let clause =
      isFalselyConstructed
      ? "§10.3.6" : rejected?.kind == .missing || rejected == nil && comprehension.first?.kind == .missing ? "§10.3.5" : "§10.3.4.2"
    guard isFalselyConstructed || rejected != nil else {
      self.init(notifying: pdu, faults, items, clause)
      return
    }
    // The cause is of the error that ended the procedure (§10.5).
    let cause: Cause = isFalselyConstructed ? .abstractSyntaxErrorFalselyConstructed : .abstractSyntaxErrorReject
    guard pdu.kind == .initiatingMessage else {
      self.init(action: .localErrorHandling, cause: cause, faults: faults, clause: clause)
      return
    }
    let outcome = S1APMessage(procedure: pdu.procedureCode, kind: .unsuccessfulOutcome)
    if outcome.isKnown, canAnswer ?? Self.namesItsUE(pdu, outcome) {
      self.init(action: .reject, reply: .unsuccessfulOutcome(outcome), cause: cause, faults: faults, clause: clause)
      diagnostics = items.isEmpty ? nil : CriticalityDiagnostics(items: items)
    } else {
      self.init(action: .reject, reply: .errorIndication, cause: cause, faults: faults, clause: clause)
      diagnostics = Self.diagnostics(of: pdu, items)
    }
  }

  /// Nothing with criticality reject: the procedure goes on, and what has criticality notify is told.
  private init(notifying pdu: S1APPDU, _ faults: [ProtocolFault], _ items: [CriticalityDiagnostics.Item], _ clause: String) {
    self.init(action: .proceed, faults: faults, clause: clause)
    guard !items.isEmpty else { return }
    let response = S1APMessage(procedure: pdu.procedureCode, kind: .successfulOutcome)
    if pdu.kind == .initiatingMessage, response.isKnown {
      guard Self.namesItsUE(pdu, response) else {
        // Too little was received for the response: the procedure ends here.
        self.init(action: .reject, reply: .errorIndication, cause: .abstractSyntaxErrorIgnoreAndNotify, faults: faults, clause: clause)
        diagnostics = Self.diagnostics(of: pdu, items)
        return
      }
      reply = .inResponse
      diagnostics = CriticalityDiagnostics(items: items)
    } else {
      reply = .errorIndication
      cause = .abstractSyntaxErrorIgnoreAndNotify
      diagnostics = Self.diagnostics(of: pdu, items)
    }
  }

  /// What is reported of each IE; `ignore` is not.
  private static func items(_ faults: [ProtocolFault]) -> [CriticalityDiagnostics.Item] {
    let items = faults.compactMap { fault -> CriticalityDiagnostics.Item? in
      guard fault.criticality != .ignore, let id = fault.identity else { return nil }
      return .init(criticality: fault.criticality, identity: id, error: fault.kind == .missing ? .missing : .notUnderstood)
    }
    // The list ends at 256 (maxnoofErrors).
    return Array(items.prefix(256))
  }

  private static func diagnostics(of pdu: S1APPDU, _ items: [CriticalityDiagnostics.Item]) -> CriticalityDiagnostics {
    CriticalityDiagnostics(
      procedure: pdu.procedureCode, triggeringMessage: pdu.kind, procedureCriticality: pdu.criticality, items: items)
  }

  /// Whether the identities that an answer must carry were received: no other mandatory IE of an answer comes from the request.
  private static func namesItsUE(_ pdu: S1APPDU, _ answer: S1APMessage) -> Bool {
    guard let asked = Grammar.shared.head(pdu.message), let head = Grammar.shared.head(answer) else { return false }
    return [ProtocolIEID.mmeUES1APID, .eNBUES1APID].allSatisfy { id in
      let isNeeded = Grammar.shared.field(id.rawValue, in: head.element)?.row.presence == .mandatory
      let source = pdu.identitySource(id)
      let isAsked = Grammar.shared.field(source.rawValue, in: asked.element)?.row.presence == .mandatory
      return !isNeeded || !isAsked || pdu[source] != nil
    }
  }

  public var description: String {
    let words = "\(action), reply \(reply)" + (cause.map { ", \($0)" } ?? "")
    return "\(words) (\(clause)): \(faults.map(\.description).joined(separator: "; "))"
  }
}
