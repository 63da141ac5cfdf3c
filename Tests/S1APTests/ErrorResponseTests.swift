import Testing

@testable import S1AP

@Suite("What TS 36.413 §10 makes of a message")
struct ErrorResponseTests {
  private func contextSetup(_ change: (inout S1APBuilder) -> Void) throws -> S1APPDU {
    let octets = try #require(CaptureTests.all.first { $0.octets.starts(with: [0x00, 0x09]) }).octets
    var builder = S1APBuilder(try S1APPDU(decoding: octets))
    change(&builder)
    return try S1APPDU(decoding: builder.encoded())
  }

  @Test("a message without fault goes ahead, and nothing goes back")
  func clean() throws {
    let response = S1APErrorResponse(to: try contextSetup { _ in })
    #expect(response.action == .proceed && response.reply == .none && response.faults.isEmpty)
  }

  @Test("a missing IE of criticality reject: the unsuccessful outcome, with the IE in the diagnostics (§10.3.5)")
  func missing() throws {
    let response = S1APErrorResponse(to: try contextSetup { $0.remove(.securityKey) })
    #expect(response.action == .reject && response.reply == .unsuccessfulOutcome(.initialContextSetupFailure))
    #expect(response.cause == .abstractSyntaxErrorReject)
    #expect(response.diagnostics == CriticalityDiagnostics(items: [.init(criticality: .reject, identity: .securityKey, error: .missing)]))
    #expect(response.clause == "TS 36.413 §10.3.5")
  }

  @Test("without the UE's identities there is no unsuccessful outcome: ERROR INDICATION, naming the message")
  func withoutIdentity() throws {
    let response = S1APErrorResponse(to: try contextSetup { $0.remove(.eNBUES1APID) })
    #expect(response.action == .reject && response.reply == .errorIndication)
    #expect(
      response.diagnostics
        == CriticalityDiagnostics(
          procedure: ProcedureCode(9), triggeringMessage: .initiatingMessage, procedureCriticality: .reject,
          items: [.init(criticality: .reject, identity: .eNBUES1APID, error: .missing)]))
    let sent = try #require(S1APBuilder.errorIndication(response, mme: 7)).pdu()
    #expect(
      try S1APPDU(decoding: sent.encoded()).required(.criticalityDiagnostics, as: CriticalityDiagnostics.self) == response.diagnostics)
    #expect(try sent.required(.cause, as: Cause.self) == .abstractSyntaxErrorReject && sent.validate().isEmpty)
  }

  @Test("unknown IEs: reject, ignore and notify, ignore (§10.3.4.2)", arguments: Criticality.allCases)
  func unknown(criticality: Criticality) throws {
    let pdu = try contextSetup { $0.add(ProtocolIEID(60000), .opaque([1]), criticality: criticality) }
    let response = S1APErrorResponse(to: pdu)
    let item = CriticalityDiagnostics.Item(criticality: criticality, identity: ProtocolIEID(60000), error: .notUnderstood)
    switch criticality {
    case .reject:
      #expect(response.action == .reject && response.reply == .unsuccessfulOutcome(.initialContextSetupFailure))
      #expect(response.diagnostics == CriticalityDiagnostics(items: [item]))
    case .notify:
      #expect(response.action == .proceed && response.reply == .inResponse && response.diagnostics == CriticalityDiagnostics(items: [item]))
    case .ignore: #expect(response.action == .proceed && response.reply == .none && response.diagnostics == nil)
    }
  }

  @Test("a procedure without response is told of by ERROR INDICATION")
  func classTwo() throws {
    for (criticality, action, cause) in [
      (Criticality.reject, S1APErrorResponse.Action.reject, Cause.abstractSyntaxErrorReject),
      (.notify, .proceed, .abstractSyntaxErrorIgnoreAndNotify),
    ] {
      var builder = S1APBuilder(.downlinkNASTransport, deviations: .all)
      builder.add(.mmeUES1APID, 1)
      builder.add(.eNBUES1APID, 2)
      builder.add(.nasPDU, .octets([7]))
      builder.add(ProtocolIEID(60000), .opaque([1]), criticality: criticality)
      let response = S1APErrorResponse(to: try builder.pdu())
      #expect(response.action == action && response.reply == .errorIndication && response.cause == cause)
      #expect(response.diagnostics?.procedure == ProcedureCode(11) && response.diagnostics?.items.count == 1)
    }
  }

  @Test("a response that cannot be used is an error of ours to handle; nothing goes back")
  func responses() throws {
    var builder = S1APBuilder(.initialContextSetupResponse, deviations: .all)
    builder.add(.mmeUES1APID, 1)
    builder.add(.eNBUES1APID, 2)
    builder.add(.eRABSetupListCtxtSURes, [ERABSetupItem(eRABID: 5, transportLayerAddress: [127, 0, 0, 1], gtpTEID: 1)])
    builder.add(ProtocolIEID(60000), .opaque([1]), criticality: .reject)
    let response = S1APErrorResponse(to: try builder.pdu())
    #expect(response.action == .localErrorHandling && response.reply == .none)
  }

  @Test("repeated, out of order, or present against its condition: falsely constructed (§10.3.6)")
  func falselyConstructed() throws {
    let twice = S1APErrorResponse(to: try contextSetup { $0.add(.mmeUES1APID, 1) })
    #expect(twice.action == .reject && twice.cause == .abstractSyntaxErrorFalselyConstructed && twice.diagnostics == nil)
    let id = try #require(ProtocolIEID(named: "AdditionalCSFallbackIndicator"))
    let pdu = try contextSetup {
      $0.deviations = [.missingIEs]
      $0.add(id, .position(0))
    }
    #expect(pdu.validate().map(\.kind) == [.erroneouslyPresent])
    #expect(S1APErrorResponse(to: pdu).cause == .abstractSyntaxErrorFalselyConstructed)
    let lacking = try contextSetup {
      $0.deviations = [.missingIEs]
      $0.add(.csFallbackIndicator, .enumerated("cs-fallback-high-priority"))
    }
    #expect(lacking.validate().map(\.kind) == [.missing] && S1APErrorResponse(to: lacking).reply == .none)
  }

  @Test("unknown procedures by their criticality (§10.3.4.1); octets that are no PDU (§10.2)")
  func procedures() throws {
    for (octet, reply) in [(0x00, S1APErrorResponse.Reply.errorIndication), (0x40, .none), (0x80, .errorIndication)] {
      let response = S1APErrorResponse(to: try S1APPDU(decoding: [0x00, 0xc8, UInt8(octet), 1, 0]))
      #expect(response.action == .reject && response.reply == reply)
      #expect((response.diagnostics?.procedure == ProcedureCode(200)) == (reply == .errorIndication))
    }
    let error = #expect(throws: S1APError.self) { try S1APPDU(decoding: [0x00, 0x09, 0x00, 5, 0]) }
    #expect(try S1APErrorResponse(undecodable: #require(error)).cause == .transferSyntaxError)
    let arm = #expect(throws: S1APError.self) { try S1APPDU(decoding: [0x60, 0x09, 0x00, 1, 0]) }
    #expect(try S1APErrorResponse(undecodable: #require(arm)).cause == .abstractSyntaxErrorReject)
  }

  @Test("an ERROR INDICATION is never answered (§10.5)")
  func errorIndication() throws {
    var builder = S1APBuilder(.errorIndication, deviations: .all)
    builder.add(ProtocolIEID(60000), .opaque([1]), criticality: .reject)
    let response = S1APErrorResponse(to: try builder.pdu())
    #expect(response.action == .localErrorHandling && response.reply == .none && response.diagnostics == nil)
  }

  @Test("a transport address of the wrong length is told with the whole path")
  func lengths() throws {
    let qos = ERABLevelQoSParameters(qci: 9)
    let good = ERABToBeSetupItem(eRABID: 5, qos: qos, transportLayerAddress: [127, 0, 0, 1], gtpTEID: 1)
    let bad = ERABToBeSetupItem(eRABID: 6, qos: qos, transportLayerAddress: [127, 0, 0], gtpTEID: 1)
    let pdu = try contextSetup {
      $0.remove(.eRABToBeSetupListCtxtSUReq)
      $0.deviations = [.missingIEs]
      $0.add(.eRABToBeSetupListCtxtSUReq, [good, bad])
    }
    let item = try #require(pdu[.eRABToBeSetupListCtxtSUReq]?.elements[1])
    let error = #expect(throws: S1APError.self) { try ERABToBeSetupItem(item) }
    #expect(
      error.map { "\($0)" }
        == "INITIAL CONTEXT SETUP REQUEST / E-RABToBeSetupListCtxtSUReq / E-RABToBeSetupItemCtxtSUReq[1] / transportLayerAddress: "
        + "24 bits, expected 32, 128 or 160 (octet 0)")
  }
}
