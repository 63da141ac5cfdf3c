extension S1APBuilder {
  /// What a judgement says goes back about a message: ERROR INDICATION or the unsuccessful outcome, with cause, criticality diagnostics
  /// and the UE identities that were received; nil if nothing does, or if it goes with the procedure's own response.
  public static func reply(to pdu: S1APPDU, _ response: S1APErrorResponse) -> S1APBuilder? {
    switch response.reply {
    case .none, .inResponse: nil
    case .errorIndication: errorIndication(response, mme: pdu.identity(.mmeUES1APID), eNB: pdu.identity(.eNBUES1APID))
    case .unsuccessfulOutcome(let outcome): unsuccessfulOutcome(outcome, of: pdu, response)
    }
  }

  /// ERROR INDICATION that a judgement asks for, about a UE if its identities are given; nil if it asks for none.
  public static func errorIndication(_ response: S1APErrorResponse, mme: UInt32? = nil, eNB: UInt32? = nil) -> S1APBuilder? {
    guard response.reply == .errorIndication else { return nil }
    var builder = S1APBuilder(.errorIndication)
    if let mme { builder.add(.mmeUES1APID, .integer(UInt64(mme))) }
    if let eNB { builder.add(.eNBUES1APID, .integer(UInt64(eNB))) }
    builder.add(.cause, response.cause)
    builder.add(.criticalityDiagnostics, response.diagnostics)
    return builder
  }

  private static func unsuccessfulOutcome(_ outcome: S1APMessage, of pdu: S1APPDU, _ response: S1APErrorResponse) -> S1APBuilder {
    var builder = S1APBuilder(outcome)
    for id in [ProtocolIEID.mmeUES1APID, .eNBUES1APID] where builder.has(id) {
      if let number = pdu.identity(id) { builder.add(id, .integer(UInt64(number))) }
    }
    builder.add(.cause, response.cause)
    builder.add(.criticalityDiagnostics, response.diagnostics)
    return builder
  }

  /// Puts the diagnostics of what was ignored into the response of the procedure (§10.3.4.2, §10.3.5). A response that has no place for
  /// them stays as it is.
  public mutating func report(_ diagnostics: CriticalityDiagnostics) {
    if has(.criticalityDiagnostics) { add(.criticalityDiagnostics, diagnostics) }
  }

  private func has(_ id: ProtocolIEID) -> Bool {
    guard let head = Grammar.shared.head(message) else { return false }
    return Grammar.shared.field(id.rawValue, in: head.element) != nil
  }
}

extension S1APPDU {
  /// The IE of this message that tells a UE identity of the answer: PATH SWITCH REQUEST names the MME's by another one (§9.1.5.8).
  func identitySource(_ id: ProtocolIEID) -> ProtocolIEID {
    message == .pathSwitchRequest && id == .mmeUES1APID ? .sourceMMEUES1APID : id
  }

  /// UE CONTEXT RELEASE COMMAND has both in one IE.
  fileprivate func identity(_ id: ProtocolIEID) -> UInt32? {
    if message == .ueContextReleaseCommand, let named = try? value(.ueS1APIDs, as: UES1APIDs.self) {
      switch named {
      case .pair(let mme, let eNB): return id == .mmeUES1APID ? mme : eNB
      case .mme(let mme): return id == .mmeUES1APID ? mme : nil
      }
    }
    return self[identitySource(id)]?.unsigned.flatMap { UInt32(exactly: $0) }
  }
}
