import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

@Suite struct S1Tests {
  @Test func `S1 SETUP of an eNB without a PLMN of ours fails with a time to wait`() throws {
    let bench = NetworkBench()
    let pdu = try #require(try bench.setUp(plmn: "99999").pdus.first)
    #expect(pdu.pdu.message == .s1SetupFailure)
    #expect(pdu.pdu.cause == .unknownPLMN)
    #expect(pdu.pdu[.timeToWait]?.enumeratedName == "v10s")
    #expect(pdu.stream == 0)
    let ue = ScriptedUE()
    let (_, outputs) = try bench.initial(ue.attachRequest().encoded())
    #expect(outputs.isErrorIndication(.messageNotCompatibleWithReceiverState))
    #expect(bench.mme.connectionCount == 0)
  }

  @Test func `several eNBs are served at once, each on its own association`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp(0)
    _ = try bench.setUp(1)
    var first = ScriptedUE()
    var second = ScriptedUE("001010123456781")
    _ = try first.attach(bench, on: 0)
    _ = try second.attach(bench, on: 1)
    try first.expectAligned(bench)
    try second.expectAligned(bench)
  }

  @Test func `losing an association makes its UEs idle, not deregistered, and leaves the others`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp(0)
    _ = try bench.setUp(1)
    var first = ScriptedUE()
    var second = ScriptedUE("001010123456781")
    _ = try first.attach(bench, on: 0)
    _ = try second.attach(bench, on: 1)
    bench.give(.associationDown(0))
    #expect(!bench.mme.isConnected(imsi: first.credentials.imsi))
    #expect(bench.mme.isConnected(imsi: second.credentials.imsi))
    #expect(bench.mme.state(imsi: first.credentials.imsi) == "EMM-REGISTERED")
    let (_, served) = try bench.initial(first.serviceRequest(bench), sTMSI: first.sTMSI, on: 1)
    #expect(served.messages == [.initialContextSetupRequest])
  }

  @Test func `an association that goes in the middle of an SMC aborts it and its timer`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let (line, outputs) = try bench.initial(ue.attachRequest().encoded())
    _ = try bench.uplink(ue.answer(challenge: outputs.plainNAS(), bench).encoded(), line)
    #expect(bench.runs(.t3460))
    bench.give(.associationDown(0))
    #expect(bench.timers.isEmpty)
    #expect(bench.mme.connectionCount == 0)
  }

  @Test func `a message with another association's MME id is answered and touches nobody`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp(0)
    _ = try bench.setUp(1)
    var ue = ScriptedUE()
    let line = try ue.attach(bench, on: 0)
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    let stolen = Line(association: 1, eNB: line.eNB, mme: line.mme)
    #expect(try bench.uplink(ue.protect(ue.detachRequest(), bench), stolen).isErrorIndication(.unknownMMEUES1APID))
    let release = try bench.eNB(.ueContextReleaseRequest, on: 1) {
      $0.ids(stolen)
      $0.add(.cause, Cause.userInactivity)
    }
    #expect(release.isErrorIndication(.unknownMMEUES1APID))
    let error = try bench.eNB(.errorIndication, on: 1) {
      $0.ids(stolen)
      $0.add(.cause, Cause.unknownPairUES1APID)
    }
    #expect(error.messages.isEmpty)
    let reset = try bench.eNB(.reset, on: 1) {
      $0.add(.cause, Cause.unspecifiedRadioNetwork)
      $0.add(
        .resetType,
        .choice("partOfS1-Interface", .list([UEAssociatedLogicalS1Connection(mmeUES1APID: line.mme, eNBUES1APID: nil).s1apValue])))
    }
    #expect(reset.messages == [.resetAcknowledge])
    #expect(bench.mme.isConnected(imsi: NetworkBench.imsi))
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
  }

  @Test func `a UE's message under another UE's ids is answered or discarded, and neither UE suffers`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var first = ScriptedUE()
    var second = ScriptedUE("001010123456781")
    let one = try first.attach(bench)
    let two = try second.attach(bench)
    let mixed = Line(association: 0, eNB: one.eNB, mme: two.mme)
    #expect(try bench.uplink(first.protect(first.detachRequest(), bench), mixed).isErrorIndication(.unknownPairUES1APID))
    let outputs = try bench.uplink(first.protect(first.detachRequest(), bench), two)
    #expect(outputs.messages.isEmpty && outputs.discards.count == 1)
    #expect(outputs.discards.first?.clause == "TS 24.301 §4.4.4.3")
    for ue in [first, second] { #expect(bench.mme.state(imsi: ue.credentials.imsi) == "EMM-REGISTERED") }
    try second.expectAligned(bench)
    #expect(try bench.uplink(first.protect(first.detachRequest(), bench), one).states == ["EMM-DEREGISTERED"])
  }

  @Test func `an eNB-UE-S1AP-ID that is in use is erroneous in INITIAL UE MESSAGE`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    let ue = ScriptedUE()
    _ = try bench.initial(ue.attachRequest().encoded(), eNBID: 77)
    let (_, outputs) = try bench.initial(ue.attachRequest().encoded(), eNBID: 77)
    #expect(outputs.isErrorIndication(.unknownENBUES1APID))
    #expect(bench.mme.connectionCount == 0)
    #expect(bench.timers.isEmpty)
  }

  @Test func `RESET by the eNB makes all its UEs idle`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    _ = try ue.attach(bench)
    let outputs = try bench.eNB(.reset, stream: 0) {
      $0.add(.cause, Cause.unspecifiedRadioNetwork)
      $0.add(.resetType, .choice("s1-Interface", .enumerated("reset-all")))
    }
    #expect(outputs.messages == [.resetAcknowledge])
    #expect(!bench.mme.isConnected(imsi: NetworkBench.imsi))
    #expect(bench.mme.connectionCount == 0)
  }

  @Test func `RESET by the MME makes all its UEs idle and is acknowledged once`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    _ = try ue.attach(bench)
    #expect(bench.give(.resetAssociation(0)).messages == [.reset])
    #expect(bench.mme.connectionCount == 0)
    #expect(try bench.eNB(.resetAcknowledge).isEmpty)
    // A response that nothing waits for is for local error handling (TS 36.413 §10.4).
    let late = try bench.eNB(.resetAcknowledge)
    #expect(late.messages.isEmpty && late.discards.map(\.clause) == ["TS 36.413 §10.4"])
  }

  @Test func `a failed INITIAL CONTEXT SETUP ends the attach`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    ue.lastRequest = ue.attachRequest().encoded()
    let (line, outputs) = try bench.initial(ue.lastRequest)
    let command = try bench.uplink(ue.answer(challenge: outputs.plainNAS(), bench).encoded(), line)
    _ = try bench.uplink(ue.complete(command.nas[0], bench), line)
    let failed = try bench.eNB(.initialContextSetupFailure) {
      $0.ids(line)
      $0.add(.cause, Cause.radioConnectionWithUELost)
    }
    #expect(failed.messages == [.ueContextReleaseCommand])
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-DEREGISTERED")
    #expect(!bench.runs(.t3450))
  }

  @Test func `an eNB that never answers a release loses the connection all the same`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    _ = try ue.attach(bench)
    bench.give(.command(.release, imsi: NetworkBench.imsi))
    #expect(bench.mme.connectionCount == 1)
    #expect(try bench.expire(.s1Guard).messages.isEmpty)
    #expect(bench.mme.connectionCount == 0)
  }

  @Test func `procedures this MME does not run are answered as their criticality says`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    #expect(bench.give(.s1ap([0x00, 250, 0x00, 0x01, 0x00], association: 0, stream: 0)).isErrorIndication(.abstractSyntaxErrorReject))
    #expect(bench.give(.s1ap([0x00, 250, 0x40, 0x01, 0x00], association: 0, stream: 0)).messages.isEmpty)
    #expect(bench.give(.s1ap([0x00, 0x0D], association: 0, stream: 0)).isErrorIndication(.transferSyntaxError))
  }

  // MARK: Odd, and legal

  @Test func `two eNBs with the same global id and the same eNB-UE-S1AP-IDs are two eNBs`() throws {
    let bench = NetworkBench()
    let identity = PLMNIdentity("00101")!
    for association in 0...1 {
      bench.give(.associationUp(association))
      let outputs = try bench.eNB(.s1SetupRequest, on: association, stream: 0) {
        $0.add(.globalENBID, GlobalENBID(plmn: identity, eNBID: .macro(7)))
        $0.add(.supportedTAs, .list([SupportedTA(tac: 1, plmns: [identity]).s1apValue]))
      }
      #expect(outputs.messages == [.s1SetupResponse])
    }
    var first = ScriptedUE()
    var second = ScriptedUE("001010123456781")
    for association in 0...1 {
      var ue = association == 0 ? first : second
      ue.lastRequest = ue.attachRequest(eKSI: .noKey).encoded()
      let (line, outputs) = try bench.initial(ue.lastRequest, on: association, eNBID: 5)
      try ue.finishAttach(ue.secure(outputs, line, bench), line, bench)
      if association == 0 { first = ue } else { second = ue }
    }
    try first.expectAligned(bench)
    try second.expectAligned(bench)
    #expect(bench.mme.connectionCount == 2)
  }

  @Test func `uplink messages may come on any stream, downlink ones go out on the stream of the first`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    for stream in [UInt16(0), 1, 17] {
      let octets = try ue.protect(ue.updateRequest(EPSUpdateType(.periodicUpdating)), as: .integrityProtected, bench)
      let outputs = try bench.eNB(.uplinkNASTransport, stream: stream) {
        $0.ids(line)
        $0.add(.nasPDU, .octets(octets))
        $0.add(.tai, TAI(plmn: PLMNIdentity("00101")!, tac: 1))
        $0.add(.eutranCGI, EUTRANCGI(plmn: PLMNIdentity("00101")!, cell: 0x10101))
      }
      #expect(outputs.pdus.map(\.stream) == [1])
      #expect(try ue.open(outputs.nas[0], bench).type == .trackingAreaUpdateAccept)
    }
  }

  @Test func `answers without their optional IEs are answers`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    ue.lastRequest = ue.attachRequest().encoded()
    let (line, outputs) = try bench.initial(ue.lastRequest)
    _ = try ue.secure(outputs, line, bench)
    #expect(try bench.eNB(.initialContextSetupResponse) { $0.ids(line) }.discards.isEmpty)
    #expect(try bench.eNB(.eRABSetupResponse) { $0.ids(line) }.messages.isEmpty)
    #expect(try bench.eNB(.eRABReleaseResponse) { $0.ids(line) }.messages.isEmpty)
  }

  @Test func `an eNB's largest ids and an unknown tracking area are served`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    ue.lastRequest = ue.attachRequest(eKSI: .noKey).encoded()
    let outputs = try bench.eNB(.initialUEMessage, stream: 65_535) {
      $0.add(.eNBUES1APID, .integer(0xFF_FFFF))
      $0.add(.nasPDU, .octets(ue.lastRequest))
      $0.add(.tai, TAI(plmn: PLMNIdentity("00101")!, tac: 0xFFFE))
      $0.add(.eutranCGI, EUTRANCGI(plmn: PLMNIdentity("00101")!, cell: 0xFFF_FFFF))
      $0.add(.rrcEstablishmentCause, .enumerated("mo-Signalling"))
    }
    #expect(outputs.pdus.map(\.stream) == [65_535])
    let mme = try #require(outputs.pdus.first?.pdu.integer(.mmeUES1APID))
    let line = Line(association: 0, eNB: 0xFF_FFFF, mme: mme)
    try ue.finishAttach(ue.secure(outputs, line, bench), line, bench)
    try ue.expectAligned(bench)
  }
}

extension S1Tests {
  /// Found by the model test: the answer stopped the release's own timer, and the connection stayed for ever.
  @Test func `an INITIAL CONTEXT SETUP RESPONSE that crosses the release ends nothing, and the release stays supervised`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    try ue.goIdle(bench, ue.attach(bench))
    let (line, _) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(bench.give(.startNow(.release, imsi: NetworkBench.imsi)).messages == [.ueContextReleaseCommand])
    let crossed = try bench.contextSetUp(line)
    #expect(crossed.messages.isEmpty && crossed.discards.count == 1)
    #expect(bench.runs(.s1Guard))
    try bench.expire(.s1Guard)
    #expect(bench.mme.connectionCount == 0)
  }
}
