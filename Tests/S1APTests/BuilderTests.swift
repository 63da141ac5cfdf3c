import Testing

@testable import S1AP

@Suite("Building and reading values")
struct BuilderTests {
  private func plmn() throws -> PLMNIdentity { try #require(PLMNIdentity("00101")) }

  @Test("an S1 SETUP REQUEST, octet by octet")
  func setupRequest() throws {
    let plmn = try plmn()
    let pdu = try S1APPDU(.s1SetupRequest) { builder in
      builder.add(.defaultPagingDRX, .enumerated("v128"))
      builder.add(.supportedTAs, .list([SupportedTA(tac: 1, plmns: [plmn]).s1apValue]))
      builder.add(.eNBName, .text("enb"))
      builder.add(
        .globalENBID, ["pLMNidentity": .octets([0x00, 0xf1, 0x10]), "eNB-ID": .choice("macroENB-ID", .bits(0x19b, count: 20))])
    }
    // Worked out by hand: IEs in the order of the table, whatever order they were added in.
    #expect(
      hex(try pdu.encoded())
        == "00110028" + "000004" + "003b0008" + "0000f110000019b0" + "003c4005" + "0100656e62" + "00400007" + "0000004000f110"
        + "00894001" + "40")
    let again = try S1APPDU(decoding: pdu.encoded())
    #expect(again == pdu)
    #expect(again.informationElements.map { $0.identity } == [.globalENBID, .eNBName, .supportedTAs, .defaultPagingDRX])
    #expect(again.validate().isEmpty)
    #expect(again[.eNBName]?.text == "enb")
    let identity: GlobalENBID = try again.required(.globalENBID)
    #expect(identity == GlobalENBID(plmn: plmn, eNBID: .macro(0x19b)))
    let areas = try again.required(.supportedTAs).elements.map { try SupportedTA($0) }
    #expect(areas == [SupportedTA(tac: 1, plmns: [plmn])])
  }

  @Test("every Swift value comes back as it went")
  func values() throws {
    func check<V: S1APRepresentable & Equatable>(_ value: V, _ type: String) throws {
      #expect(try V(S1APNode(decoding: value.s1apValue.encoded(as: type), as: type)) == value)
    }
    let plmn = try plmn()
    try check(plmn, "PLMNidentity")
    try check(TAI(plmn: plmn, tac: 0xfffe), "TAI")
    try check(EUTRANCGI(plmn: plmn, cell: 0xabcdef1), "EUTRAN-CGI")
    try check(GUMMEI(plmn: plmn, groupID: 0x8001, code: 0x1a), "GUMMEI")
    try check(STMSI(mmeCode: 3, mTMSI: 0xdeadbeef), "S-TMSI")
    try check(ServedGUMMEI(plmns: [plmn], groupIDs: [1, 65535], codes: [0, 255]), "ServedGUMMEIsItem")
    try check(SupportedTA(tac: 7, plmns: [plmn, plmn]), "SupportedTAs-Item")
    for identity in [
      GlobalENBID.ENBID.macro(0xfffff), .home(0xfffffff), .shortMacro(0x3ffff), .longMacro(0x1fffff), .macro(0),
    ] {
      try check(GlobalENBID(plmn: plmn, eNBID: identity), "Global-ENB-ID")
    }
    try check(UESecurityCapabilities(encryption: 0xe000, integrity: 0x6000), "UESecurityCapabilities")
    try check(SecurityContext(nextHopChainingCount: 7, nextHop: [UInt8](0..<32)), "SecurityContext")
    try check(UES1APIDs.pair(mme: .max, eNB: 0xffffff), "UE-S1AP-IDs")
    try check(UES1APIDs.mme(0), "UE-S1AP-IDs")
    try check(UEAssociatedLogicalS1Connection(mmeUES1APID: 1, eNBUES1APID: nil), "UE-associatedLogicalS1-ConnectionItem")
    try check(UEAggregateMaximumBitrate(downlink: 10_000_000_000, uplink: 0), "UEAggregateMaximumBitrate")
    let qos = ERABLevelQoSParameters(qci: 9, priorityLevel: 15, mayTriggerPreemption: true, isPreemptable: true)
    try check(
      ERABToBeSetupItem(eRABID: 5, qos: qos, transportLayerAddress: [127, 0, 0, 1], gtpTEID: 1, nasPDU: [7]),
      "E-RABToBeSetupItemCtxtSUReq")
    try check(ERABSetupItem(eRABID: 15, transportLayerAddress: [UInt8](0..<20), gtpTEID: .max), "E-RABSetupItemCtxtSURes")
    try check(ERABItem(eRABID: 5, cause: .detach), "E-RABItem")
    for group in Cause.Group.allCases {
      for value in [0, 1, 4] { try check(Cause(group, value), "Cause") }
    }
  }

  @Test("the constants of Cause are what TS 36.413 calls them")
  func causes() {
    #expect(Cause.normalRelease.name == "normal-release" && Cause.detach.name == "detach")
    #expect(Cause.authenticationFailure.name == "authentication-failure" && Cause.unspecifiedNAS.name == "unspecified")
    #expect(Cause.userInactivity.name == "user-inactivity" && Cause.radioConnectionWithUELost.name == "radio-connection-with-ue-lost")
    #expect(Cause.unknownMMEUES1APID.name == "unknown-mme-ue-s1ap-id" && Cause.unknownENBUES1APID.name == "unknown-enb-ue-s1ap-id")
    #expect(Cause.unknownPairUES1APID.name == "unknown-pair-ue-s1ap-id" && Cause.unspecifiedRadioNetwork.name == "unspecified")
    #expect(Cause.transferSyntaxError.name == "transfer-syntax-error" && Cause.semanticError.name == "semantic-error")
    #expect(Cause.abstractSyntaxErrorReject.name == "abstract-syntax-error-reject")
    #expect(Cause.abstractSyntaxErrorIgnoreAndNotify.name == "abstract-syntax-error-ignore-and-notify")
    #expect(Cause.messageNotCompatibleWithReceiverState.name == "message-not-compatible-with-receiver-state")
    #expect(Cause.abstractSyntaxErrorFalselyConstructed.name == "abstract-syntax-error-falsely-constructed-message")
    #expect(Cause.unknownPLMN.name == "unknown-PLMN")
    #expect(Cause(.nas, "csg-subscription-expiry") == Cause(.nas, 4))
    #expect("\(Cause.detach)" == "nas: detach")
  }

  @Test("IE constants have the names of TS 36.413")
  func identities() {
    #expect(ProtocolIEID.mmeUES1APID.name == "MME-UE-S1AP-ID" && ProtocolIEID.nasPDU.name == "NAS-PDU")
    #expect(ProtocolIEID(named: "TAI") == .tai && ProtocolIEID(5).name == nil && "\(ProtocolIEID(5))" == "IE 5")
    #expect(S1APMessage.initialUEMessage.title == "INITIAL UE MESSAGE" && S1APMessage(named: "Paging") == .paging)
    #expect(ProcedureCode(9).name == "InitialContextSetup" && ProcedureCode(200).name == nil)
  }

  @Test("what the grammar forbids is refused with the field's path")
  func refused() throws {
    func error(_ message: S1APMessage = .uplinkNASTransport, _ fill: (inout S1APBuilder) -> Void) -> S1APError? {
      var builder = S1APBuilder(message, deviations: .missingIEs)
      fill(&builder)
      do {
        _ = try builder.encoded()
        return nil
      } catch { return error }
    }
    #expect(error { $0.add(.eNBUES1APID, .integer(1 << 24)) }?.code == .outOfRange)
    #expect(error { $0.add(.eNBUES1APID, .null) }?.code == .wrongKind)
    #expect(error { $0.add(.securityKey, .null) }?.code == .notInGrammar)
    let missing = error { $0.add(.tai, ["tAC": .octets([0, 1])]) }
    #expect(missing?.code == .missing && missing?.path == "UPLINK NAS TRANSPORT / TAI / pLMNidentity")
    let long = error { $0.add(.tai, ["tAC": .octets([0, 1, 2]), "pLMNidentity": .octets([0, 0, 0])]) }
    #expect("\(try #require(long))" == "UPLINK NAS TRANSPORT / TAI / tAC: 3 octets, expected 2 (octet 0)")
    #expect(error { $0.add(.tai, ["tac": .octets([0, 1])]) }?.code == .notInGrammar)
    var twice = S1APBuilder(.uplinkNASTransport, deviations: .missingIEs)
    twice.add(.eNBUES1APID, 1)
    twice.add(.eNBUES1APID, 2)
    #expect(throws: S1APError.self) { try twice.encoded() }
    #expect(throws: S1APError(.missing, path: "UPLINK NAS TRANSPORT / MME-UE-S1AP-ID", detail: "mandatory IE missing")) {
      try S1APBuilder(.uplinkNASTransport).encoded()
    }
  }

  @Test("deviations are written when they are asked for, and found again")
  func deviations() throws {
    var builder = S1APBuilder(.uplinkNASTransport, deviations: .all)
    builder.add(.eNBUES1APID, 2)
    builder.add(.mmeUES1APID, 1, criticality: .ignore)
    builder.add(.mmeUES1APID, 1)
    let pdu = try S1APPDU(decoding: builder.encoded())
    #expect(pdu[.mmeUES1APID]?.criticality == .ignore)
    let kinds = pdu.validate().map { "\($0.identity.map { "\($0)" } ?? "") \($0.kind)" }
    #expect(
      kinds == [
        "MME-UE-S1AP-ID wrongOrderOrRepeated", "MME-UE-S1AP-ID wrongOrderOrRepeated", "NAS-PDU missing", "EUTRAN-CGI missing",
        "TAI missing",
      ])
  }

  @Test("a decoding error tells octet and field in one line")
  func errors() throws {
    let whole = try #require(CaptureTests.all.first { $0.octets.starts(with: [0x00, 0x09]) }).octets
    var seen: Set<String> = []
    for length in 0..<whole.count {
      do { _ = try S1APPDU(decoding: Array(whole[..<length])) } catch { seen.insert(error.path) }
    }
    #expect(seen.contains("S1AP-PDU") && seen.contains("INITIAL CONTEXT SETUP REQUEST"))
    // Lengths put right, the value wrong: MME-UE-S1AP-ID with a length of 4 octets in a field of 3.
    let error = #expect(throws: S1APError.self) { try S1APPDU(decoding: unhex("000d000b" + "000001" + "00000004" + "c0000001")) }
    #expect(error?.path == "UPLINK NAS TRANSPORT / MME-UE-S1AP-ID")
    #expect(error.map { "\($0)" } == "UPLINK NAS TRANSPORT / MME-UE-S1AP-ID: octets end inside the field (octet 12)")
  }

  @Test("the tree names every field, value and meaning")
  func tree() throws {
    let plmn = try plmn()
    let pdu = try S1APPDU(.uplinkNASTransport) { builder in
      builder.add(.mmeUES1APID, 1)
      builder.add(.eNBUES1APID, 2)
      builder.add(.nasPDU, .octets([7, 0x43]))
      builder.add(.eutranCGI, EUTRANCGI(plmn: plmn, cell: 1))
      builder.add(.tai, TAI(plmn: plmn, tac: 7))
    }
    let received = try S1APPDU(decoding: pdu.encoded())
    var text: [UInt8] = []
    received.writeTree(into: &text) { nested, depth, text in
      text += Array("\(String(repeating: "  ", count: depth))\(nested.node.path) at \(nested.node.offset)\n".utf8)
    }
    #expect(
      String(decoding: text, as: UTF8.self) == """
        UPLINK NAS TRANSPORT  (S1AP UplinkNASTransport, 48 octets, initiatingMessage, uplinkNASTransport, ignore)
          MME-UE-S1AP-ID: 1  (reject; 0001)
          eNB-UE-S1AP-ID: 2  (reject; 0002)
          NAS-PDU: 0743  (reject)
            UPLINK NAS TRANSPORT / NAS-PDU at 24
          EUTRAN-CGI  (ignore; 0000f11000000010)
            pLMNidentity: 00f110  (001-01)
            cell-ID: 00000010  (1)
          TAI  (ignore; 0000f1100007)
            pLMNidentity: 00f110  (001-01)
            tAC: 0007  (7)

        """)
  }
}
