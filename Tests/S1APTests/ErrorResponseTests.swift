import Testing

@testable import S1AP

/// One test a case of TS 36.413 §10.2 to §10.5; §10.6 is the entities'.
@Suite("What TS 36.413 §10 makes of a message")
struct ErrorResponseTests {
  typealias Item = CriticalityDiagnostics.Item

  static let unknown = ProtocolIEID(60000)

  /// INITIAL CONTEXT SETUP REQUEST (class 1, with an unsuccessful outcome) of a real network, changed.
  static func contextSetup(_ change: (inout S1APBuilder) -> Void = { _ in }) throws -> S1APPDU {
    let octets = try #require(CaptureTests.all.first { $0.octets.starts(with: [0x00, 0x09]) }).octets
    var builder = S1APBuilder(try S1APPDU(decoding: octets))
    change(&builder)
    return try S1APPDU(decoding: builder.encoded())
  }

  /// A UE-associated message with both identities, whatever it must have besides, changed.
  static func message(_ message: S1APMessage, _ change: (inout S1APBuilder) -> Void = { _ in }) throws -> S1APPDU {
    var builder = S1APBuilder(message, deviations: .all)
    builder.add(.mmeUES1APID, 1)
    builder.add(.eNBUES1APID, 2)
    switch message {
    case .downlinkNASTransport: builder.add(.nasPDU, .octets([7]))
    case .eRABReleaseCommand: builder.add(.eRABToBeReleasedList, [ERABItem(eRABID: 5, cause: .normalRelease)])
    case .initialContextSetupResponse:
      builder.add(.eRABSetupListCtxtSURes, [ERABSetupItem(eRABID: 5, transportLayerAddress: [127, 0, 0, 1], gtpTEID: 1)])
    default: break
    }
    change(&builder)
    return try S1APPDU(decoding: builder.encoded())
  }

  static func addUnknown(_ criticality: Criticality) -> (inout S1APBuilder) -> Void {
    { $0.add(unknown, .opaque([1]), criticality: criticality) }
  }

  /// Diagnostics of an ERROR INDICATION: all of procedure code, triggering message and criticality, and the IEs.
  static func about(_ pdu: S1APPDU, _ items: Item...) -> CriticalityDiagnostics {
    CriticalityDiagnostics(
      procedure: pdu.procedureCode, triggeringMessage: pdu.kind, procedureCriticality: pdu.criticality, items: items)
  }

  @Test("a message without fault goes ahead, and nothing goes back")
  func clean() throws {
    for pdu in [try Self.contextSetup(), try Self.message(.downlinkNASTransport), try Self.message(.initialContextSetupResponse)] {
      let response = S1APErrorResponse(to: pdu)
      #expect(response.action == .proceed && response.reply == .none && response.faults.isEmpty && response.cause == nil)
      #expect(S1APBuilder.reply(to: pdu, response) == nil)
    }
  }

  // MARK: §10.2 and §10.3.4.1

  @Test("§10.2: octets that are no PDU give ERROR INDICATION with the cause alone")
  func transferSyntax() throws {
    let octets: [UInt8] = [0x00, 0x09, 0x00, 5, 0]
    let error = try #require(#expect(throws: S1APError.self) { try S1APPDU(decoding: octets) })
    let response = S1APErrorResponse(undecodable: error, octets: octets)
    #expect(response.action == .reject && response.reply == .errorIndication && response.cause == .transferSyntaxError)
    #expect(response.diagnostics == nil && response.clause == "TS 36.413 §10.2")
    let sent = try #require(S1APBuilder.errorIndication(response)).pdu()
    #expect(sent.informationElements.compactMap(\.identity) == [.cause])
  }

  @Test(
    "§10.3.4.1: an unknown procedure is rejected, or ignored with or without a word, as its criticality says",
    arguments: Criticality.allCases)
  func procedureCode(criticality: Criticality) throws {
    for kind in PDUKind.allCases {
      let pdu = try S1APPDU(decoding: [kind.rawValue << 5, 200, criticality.rawValue << 6, 1, 0])
      let response = S1APErrorResponse(to: pdu)
      #expect(response.action == .reject && response.clause == "TS 36.413 §10.3.4.1")
      #expect(response.reply == (criticality == .ignore ? .none : .errorIndication))
      #expect(response.diagnostics == (criticality == .ignore ? nil : Self.about(pdu)))
      #expect(
        response.cause == [.reject: .abstractSyntaxErrorReject, .notify: .abstractSyntaxErrorIgnoreAndNotify][criticality])
    }
  }

  @Test("§10.3.4.1: a message that the receiver does not run is a procedure that it does not comprehend")
  func notRun() throws {
    let pdu = try Self.message(.downlinkNASTransport)
    let response = S1APErrorResponse(uncomprehended: pdu)
    // DOWNLINK NAS TRANSPORT has criticality ignore.
    #expect(response.action == .reject && response.reply == .none)
    let command = try Self.message(.eRABReleaseCommand)
    #expect(S1APErrorResponse(uncomprehended: command).diagnostics == Self.about(command))
  }

  @Test("§10.3.4.1A: a type of message that cannot be told gives ERROR INDICATION with an appropriate cause")
  func typeOfMessage() throws {
    for first: UInt8 in [0x60, 0x80] {
      let octets: [UInt8] = [first, 0x09, 0x00, 1, 0]
      let error = try #require(#expect(throws: S1APError.self) { try S1APPDU(decoding: octets) })
      let response = S1APErrorResponse(undecodable: error, octets: octets)
      #expect(response.cause == .abstractSyntaxErrorReject && response.reply == .errorIndication)
      #expect(response.clause == "TS 36.413 §10.3.4.1A")
    }
  }

  // MARK: §10.3.4.2

  @Test("§10.3.4.2: class 1, not comprehended: unsuccessful outcome; response with a word; nothing", arguments: Criticality.allCases)
  func notComprehended(criticality: Criticality) throws {
    let pdu = try Self.contextSetup(Self.addUnknown(criticality))
    let response = S1APErrorResponse(to: pdu)
    let item = Item(criticality: criticality, identity: Self.unknown, error: .notUnderstood)
    switch criticality {
    case .reject:
      #expect(response.action == .reject && response.reply == .unsuccessfulOutcome(.initialContextSetupFailure))
      #expect(response.cause == .abstractSyntaxErrorReject && response.diagnostics == CriticalityDiagnostics(items: [item]))
    case .notify:
      #expect(response.action == .proceed && response.reply == .inResponse && response.cause == nil)
      #expect(response.diagnostics == CriticalityDiagnostics(items: [item]))
    case .ignore: #expect(response.action == .proceed && response.reply == .none && response.diagnostics == nil)
    }
    if criticality != .ignore { #expect(response.clause == "TS 36.413 §10.3.4.2") }
  }

  @Test("§10.3.4.2: the unsuccessful outcome is a whole message: identities, cause, diagnostics")
  func unsuccessfulOutcome() throws {
    let pdu = try Self.contextSetup(Self.addUnknown(.reject))
    let sent = try #require(S1APBuilder.reply(to: pdu, S1APErrorResponse(to: pdu))).pdu()
    #expect(sent.message == .initialContextSetupFailure && sent.validate().isEmpty)
    #expect(sent[.mmeUES1APID]?.value == pdu[.mmeUES1APID]?.value && sent[.eNBUES1APID]?.value == pdu[.eNBUES1APID]?.value)
    #expect(try S1APPDU(decoding: sent.encoded()).required(.criticalityDiagnostics, as: CriticalityDiagnostics.self).items.count == 1)
  }

  @Test("§10.3.4.2: without the identities that the unsuccessful outcome needs, ERROR INDICATION, naming the message")
  func insufficient() throws {
    let pdu = try Self.contextSetup {
      $0.remove(.eNBUES1APID)
      $0.add(Self.unknown, .opaque([1]), criticality: .reject)
    }
    let response = S1APErrorResponse(to: pdu)
    #expect(response.action == .reject && response.reply == .errorIndication)
    #expect(
      response.diagnostics
        == Self.about(
          pdu, Item(criticality: .reject, identity: Self.unknown, error: .notUnderstood),
          Item(criticality: .reject, identity: .eNBUES1APID, error: .missing)))
    let sent = try #require(S1APBuilder.reply(to: pdu, response)).pdu()
    #expect(sent.message == .errorIndication && sent.validate().isEmpty)
    #expect(sent[.mmeUES1APID]?.value == pdu[.mmeUES1APID]?.value && sent[.eNBUES1APID] == nil)
  }

  @Test("§10.3.4.2: PATH SWITCH REQUEST names the MME's identity by Source MME UE S1AP ID")
  func pathSwitch() throws {
    let source = try #require(Vector.all.first { $0.name.hasPrefix("PathSwitchRequest ") })
    var builder = S1APBuilder(try S1APPDU(decoding: source.octets))
    builder.remove(.sourceMMEUES1APID)
    builder.add(.sourceMMEUES1APID, 4711)
    builder.deviations = [.unknownIEs]
    builder.add(Self.unknown, .opaque([1]), criticality: .reject)
    let pdu = try builder.pdu()
    let response = S1APErrorResponse(to: pdu)
    #expect(response.reply == .unsuccessfulOutcome(.pathSwitchRequestFailure))
    #expect(try #require(S1APBuilder.reply(to: pdu, response)).pdu()[.mmeUES1APID]?.unsigned == 4711)
    builder.deviations = .all
    builder.remove(.sourceMMEUES1APID)
    #expect(S1APErrorResponse(to: try builder.pdu()).reply == .errorIndication)
  }

  @Test("§10.3.4.2: class 1 without an unsuccessful outcome: ERROR INDICATION for reject, the response for notify")
  func withoutUnsuccessfulOutcome() throws {
    let rejected = try Self.message(.eRABReleaseCommand, Self.addUnknown(.reject))
    let response = S1APErrorResponse(to: rejected)
    #expect(response.action == .reject && response.reply == .errorIndication && response.cause == .abstractSyntaxErrorReject)
    #expect(response.diagnostics == Self.about(rejected, Item(criticality: .reject, identity: Self.unknown, error: .notUnderstood)))
    #expect(S1APErrorResponse(to: try Self.message(.eRABReleaseCommand, Self.addUnknown(.notify))).reply == .inResponse)
  }

  @Test("§10.3.4.2: class 2: the procedure ends or goes on, ERROR INDICATION tells why")
  func classTwo() throws {
    for (criticality, action, cause) in [
      (Criticality.reject, S1APErrorResponse.Action.reject, Cause.abstractSyntaxErrorReject),
      (.notify, .proceed, .abstractSyntaxErrorIgnoreAndNotify),
    ] {
      let pdu = try Self.message(.downlinkNASTransport, Self.addUnknown(criticality))
      let response = S1APErrorResponse(to: pdu)
      #expect(response.action == action && response.reply == .errorIndication && response.cause == cause)
      #expect(response.diagnostics == Self.about(pdu, Item(criticality: criticality, identity: Self.unknown, error: .notUnderstood)))
    }
    let ignored = S1APErrorResponse(to: try Self.message(.downlinkNASTransport, Self.addUnknown(.ignore)))
    #expect(ignored.action == .proceed && ignored.reply == .none)
  }

  @Test(
    "§10.3.4.2: a response: reject ends the procedure here, notify goes on with a word, ignore without", arguments: Criticality.allCases)
  func responses(criticality: Criticality) throws {
    let pdu = try Self.message(.initialContextSetupResponse, Self.addUnknown(criticality))
    let response = S1APErrorResponse(to: pdu)
    switch criticality {
    case .reject: #expect(response.action == .localErrorHandling && response.reply == .none && response.diagnostics == nil)
    case .notify:
      #expect(response.action == .proceed && response.reply == .errorIndication)
      #expect(response.diagnostics == Self.about(pdu, Item(criticality: .notify, identity: Self.unknown, error: .notUnderstood)))
    case .ignore: #expect(response.action == .proceed && response.reply == .none)
    }
  }

  @Test("§10.3.4.2: the criticality that counts is the one received, not the tables'")
  func receivedCriticality() throws {
    // A cause behind those of the tables is not comprehended (§10.3.1, case 2); in the tables Cause has criticality ignore.
    let pdu = try Self.message(.ueContextReleaseRequest) { $0.add(.cause, .choice("nas", .position(60)), criticality: .reject) }
    let response = S1APErrorResponse(to: pdu)
    #expect(response.action == .reject)
    #expect(response.diagnostics == Self.about(pdu, Item(criticality: .reject, identity: .cause, error: .notUnderstood)))
  }

  @Test("§10.3.4.2: an extension inside a value is an IE of its own")
  func extensions() throws {
    // TAI with the unknown extension 50000, criticality reject (0).
    let tai = unhex("40" + "00f110" + "0001" + "0000" + "c350" + "00" + "02beef")
    let pdu = try Self.message(.uplinkNASTransport) {
      $0.add(.nasPDU, .octets([7]))
      $0.add(.eutranCGI, EUTRANCGI(plmn: PLMNIdentity(octets: [0, 0xf1, 0x10]) ?? PLMNIdentity("00101")!, cell: 1))
      $0.add(.tai, .opaque(tai))
    }
    let response = S1APErrorResponse(to: pdu)
    #expect(response.action == .reject && response.reply == .errorIndication)
    #expect(response.diagnostics?.items == [Item(criticality: .reject, identity: ProtocolIEID(50000), error: .notUnderstood)])
  }

  // MARK: §10.3.5

  @Test("§10.3.5: class 1, missing with criticality reject: unsuccessful outcome with the IE")
  func missingReject() throws {
    let response = S1APErrorResponse(to: try Self.contextSetup { $0.remove(.securityKey) })
    #expect(response.action == .reject && response.reply == .unsuccessfulOutcome(.initialContextSetupFailure))
    #expect(response.cause == .abstractSyntaxErrorReject && response.clause == "TS 36.413 §10.3.5")
    #expect(response.diagnostics == CriticalityDiagnostics(items: [Item(criticality: .reject, identity: .securityKey, error: .missing)]))
  }

  @Test("§10.3.5: missing with criticality ignore goes unsaid, in requests and responses")
  func missingIgnore() throws {
    // UE CONTEXT RELEASE REQUEST: Cause is mandatory, ignore. INITIAL CONTEXT SETUP RESPONSE: MME UE S1AP ID likewise.
    var response = try Self.message(.initialContextSetupResponse)
    response = try { (builder: S1APBuilder) in
      var builder = builder
      builder.remove(.mmeUES1APID)
      return try builder.pdu()
    }(S1APBuilder(response))
    for pdu in [try Self.message(.ueContextReleaseRequest), response] {
      let judgement = S1APErrorResponse(to: pdu)
      #expect(judgement.faults.map(\.kind) == [.missing] && judgement.faults.first?.criticality == .ignore)
      #expect(judgement.action == .proceed && judgement.reply == .none)
    }
  }

  @Test("§10.3.5: class 2, missing with criticality reject: ERROR INDICATION")
  func missingClassTwo() throws {
    var builder = S1APBuilder(try Self.message(.downlinkNASTransport))
    builder.remove(.nasPDU)
    let pdu = try builder.pdu()
    let response = S1APErrorResponse(to: pdu)
    #expect(response.action == .reject && response.reply == .errorIndication && response.cause == .abstractSyntaxErrorReject)
    #expect(response.diagnostics == Self.about(pdu, Item(criticality: .reject, identity: .nasPDU, error: .missing)))
  }

  @Test("§10.3.5: a conditional IE whose condition holds is missing")
  func missingConditional() throws {
    let lacking = try Self.contextSetup {
      $0.deviations = [.missingIEs]
      $0.add(.csFallbackIndicator, .enumerated("cs-fallback-high-priority"))
    }
    #expect(lacking.validate().map(\.kind) == [.missing] && S1APErrorResponse(to: lacking).reply == .none)
  }

  // MARK: §10.3.6

  @Test("§10.3.6: twice, out of order, or against its condition: the unsuccessful outcome, falsely constructed")
  func falselyConstructed() throws {
    let id = try #require(ProtocolIEID(named: "AdditionalCSFallbackIndicator"))
    let pdus = [
      try Self.contextSetup { $0.add(.mmeUES1APID, 1) },
      try Self.contextSetup {
        $0.remove(.mmeUES1APID)
        $0.add(.mmeUES1APID, 1)
      },
      try Self.contextSetup {
        $0.deviations = [.missingIEs]
        $0.add(id, .position(0))
      },
    ]
    for pdu in pdus {
      let response = S1APErrorResponse(to: pdu)
      #expect(response.action == .reject && response.reply == .unsuccessfulOutcome(.initialContextSetupFailure))
      #expect(response.cause == .abstractSyntaxErrorFalselyConstructed && response.diagnostics == nil)
      #expect(response.clause == "TS 36.413 §10.3.6")
    }
    #expect(pdus.last?.validate().map(\.kind) == [.erroneouslyPresent])
  }

  @Test("§10.3.6: unknown IEs anywhere leave the order as it is")
  func unknownIsNoDisorder() throws {
    var builder = S1APBuilder(.downlinkNASTransport, deviations: .all)
    builder.add(Self.unknown, .opaque([1]), criticality: .ignore)
    builder.add(.mmeUES1APID, 1)
    builder.add(ProtocolIEID(60001), .opaque([1]), criticality: .ignore)
    builder.add(.eNBUES1APID, 2)
    builder.add(.nasPDU, .octets([7]))
    #expect(S1APErrorResponse(to: try builder.pdu()).action == .proceed)
  }

  @Test("§10.3.6: class 2 falsely constructed: ERROR INDICATION; a response: local error handling")
  func falselyConstructedOthers() throws {
    let transport = try Self.message(.downlinkNASTransport) { $0.add(.nasPDU, .octets([7])) }
    let response = S1APErrorResponse(to: transport)
    #expect(response.action == .reject && response.reply == .errorIndication)
    #expect(response.cause == .abstractSyntaxErrorFalselyConstructed && response.diagnostics == Self.about(transport))
    let answer = S1APErrorResponse(to: try Self.message(.initialContextSetupResponse) { $0.add(.mmeUES1APID, 1) })
    #expect(answer.action == .localErrorHandling && answer.reply == .none)
  }

  // MARK: §10.4 and §10.5

  @Test("§10.4: a logical error: the unsuccessful outcome, else ERROR INDICATION that names the message, of a response nothing")
  func logical() throws {
    let setup = try Self.contextSetup()
    let refused = S1APErrorResponse(logicalError: .messageNotCompatibleWithReceiverState, in: setup)
    #expect(refused.action == .reject && refused.reply == .unsuccessfulOutcome(.initialContextSetupFailure))
    #expect(refused.cause == .messageNotCompatibleWithReceiverState && refused.diagnostics == nil && refused.clause == "TS 36.413 §10.4")
    for pdu in [try Self.message(.eRABReleaseCommand), try Self.message(.downlinkNASTransport)] {
      let response = S1APErrorResponse(logicalError: .semanticError, in: pdu)
      #expect(response.action == .reject && response.reply == .errorIndication && response.cause == .semanticError)
      #expect(response.diagnostics == Self.about(pdu))
    }
    let late = S1APErrorResponse(
      logicalError: .messageNotCompatibleWithReceiverState, in: try Self.message(.initialContextSetupResponse))
    #expect(late.action == .localErrorHandling && late.reply == .none)
  }

  @Test("§10.5: an ERROR INDICATION with whatever error is never answered")
  func errorIndication() throws {
    var builder = S1APBuilder(.errorIndication, deviations: .all)
    builder.add(Self.unknown, .opaque([1]), criticality: .reject)
    let pdu = try builder.pdu()
    for response in [
      S1APErrorResponse(to: pdu), S1APErrorResponse(uncomprehended: pdu), S1APErrorResponse(logicalError: .semanticError, in: pdu),
    ] {
      #expect(response.reply == .none && response.diagnostics == nil)
      #expect(S1APBuilder.reply(to: pdu, response) == nil)
    }
    #expect(S1APErrorResponse(to: pdu).action == .localErrorHandling)
    let octets = try pdu.encoded()
    for cut in 3..<octets.count {
      let error = try #require(#expect(throws: S1APError.self) { try S1APPDU(decoding: Array(octets[..<cut])) })
      #expect(S1APErrorResponse(undecodable: error, octets: Array(octets[..<cut])).reply == .none)
    }
  }

  @Test("§10.5: the cause is that of the error which ended the procedure, what was ignored before is reported with it")
  func terminatingCause() throws {
    let pdu = try Self.contextSetup {
      $0.add(Self.unknown, .opaque([1]), criticality: .notify)
      $0.remove(.securityKey)
    }
    let response = S1APErrorResponse(to: pdu)
    #expect(response.cause == .abstractSyntaxErrorReject && response.diagnostics?.items.map(\.criticality) == [.notify, .reject])
    let both = S1APErrorResponse(
      to: try Self.contextSetup {
        $0.add(Self.unknown, .opaque([1]), criticality: .notify)
        $0.add(.mmeUES1APID, 1)
      })
    #expect(both.cause == .abstractSyntaxErrorFalselyConstructed && both.diagnostics?.items.count == 1)
  }

  // MARK: §9.2.1.21

  @Test("§9.2.1.21: no more than 256 IEs are reported, and none of criticality ignore")
  func diagnosticsAreBounded() throws {
    let pdu = try Self.message(.downlinkNASTransport) { builder in
      for number in 0..<UInt16(300) { builder.add(ProtocolIEID(50000 + number), .opaque([]), criticality: number < 10 ? .ignore : .notify) }
    }
    let diagnostics = try #require(S1APErrorResponse(to: pdu).diagnostics)
    #expect(diagnostics.items.count == 256 && diagnostics.items.first?.identity == ProtocolIEID(50010))
    let sent = try #require(S1APBuilder.reply(to: pdu, S1APErrorResponse(to: pdu))).encoded()
    #expect(try S1APPDU(decoding: sent).required(.criticalityDiagnostics, as: CriticalityDiagnostics.self) == diagnostics)
  }

  @Test("a response takes the diagnostics of what was ignored")
  func reported() throws {
    let pdu = try Self.contextSetup(Self.addUnknown(.notify))
    let diagnostics = try #require(S1APErrorResponse(to: pdu).diagnostics)
    var answer = S1APBuilder(try Self.message(.initialContextSetupResponse), deviations: [])
    answer.report(diagnostics)
    #expect(try answer.pdu().required(.criticalityDiagnostics, as: CriticalityDiagnostics.self) == diagnostics)
    // S1 SETUP RESPONSE has a place for it, UE INFORMATION TRANSFER has none.
    var other = S1APBuilder(.ueInformationTransfer)
    other.report(diagnostics)
    #expect(other.deviations == [])
  }

  @Test("a transport address of the wrong length is told with the whole path")
  func lengths() throws {
    let qos = ERABLevelQoSParameters(qci: 9)
    let good = ERABToBeSetupItem(eRABID: 5, qos: qos, transportLayerAddress: [127, 0, 0, 1], gtpTEID: 1)
    let bad = ERABToBeSetupItem(eRABID: 6, qos: qos, transportLayerAddress: [127, 0, 0], gtpTEID: 1)
    let pdu = try Self.contextSetup {
      $0.remove(.eRABToBeSetupListCtxtSUReq)
      $0.deviations = [.missingIEs]
      $0.add(.eRABToBeSetupListCtxtSUReq, [good, bad])
    }
    let item = try #require(pdu[.eRABToBeSetupListCtxtSUReq]?.elements[1])
    let error = #expect(throws: S1APError.self) { try ERABToBeSetupItem(item) }
    #expect(
      error.map { "\($0)" }
        == "INITIAL CONTEXT SETUP REQUEST / E-RABToBeSetupItem[1] / transportLayerAddress: 24 bits, expected 32, 128 or 160 (octet "
        + "\(item["transportLayerAddress"]?.offset ?? -1))")
  }
}
