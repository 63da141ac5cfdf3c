import NASCrypto
import S1AP
import Testing

@testable import RadioAccess

@Suite struct ErrorTests {
  @Test func `octets that are no S1AP give a transfer syntax error`() throws {
    let bench = Bench()
    try bench.setUp()
    let outputs = bench.give(.s1ap([0x00, 0x0B, 0x40], stream: 0))
    #expect(outputs.isErrorIndication(.transferSyntaxError))
    #expect(outputs.discards.count == 1)
  }

  @Test func `an unknown eNB id gives ERROR INDICATION with the ids received`() throws {
    let bench = Bench()
    try bench.setUp()
    _ = try bench.connected(1, mme: 100)
    let outputs = try bench.mme(.downlinkNASTransport) {
      $0.ids(mme: 7, eNB: 4711)
      $0.add(.nasPDU, .octets([1]))
    }
    #expect(outputs.isErrorIndication(.unknownENBUES1APID))
    #expect(outputs.sent.first?.pdu.integer(.eNBUES1APID) == 4711)
    #expect(outputs.sent.first?.pdu.integer(.mmeUES1APID) == 7)
    #expect(bench.eNB.connectedUEs == [1])
  }

  @Test func `an inconsistent pair gives ERROR INDICATION and the connections it names go`() throws {
    let bench = Bench()
    try bench.setUp()
    let first = try bench.connected(1, mme: 100)
    _ = try bench.connected(2, mme: 101)
    _ = try bench.connected(3, mme: 102)
    let outputs = try bench.mme(.downlinkNASTransport) {
      $0.ids(mme: 101, eNB: first)
      $0.add(.nasPDU, .octets([1]))
    }
    #expect(outputs.isErrorIndication(.unknownPairUES1APID))
    #expect(outputs.released(1) && outputs.released(2))
    #expect(bench.eNB.connectedUEs == [3])
  }

  @Test func `ERROR INDICATION about a connection the MME does not know releases it here and is not answered`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    let outputs = try bench.mme(.errorIndication) {
      $0.ids(mme: 100, eNB: id)
      $0.add(.cause, Cause.unknownMMEUES1APID)
    }
    #expect(outputs.released(1))
    #expect(outputs.sent.isEmpty)
  }

  @Test func `a procedure that is not run here is answered as its criticality says`() throws {
    let bench = Bench()
    try bench.setUp()
    let reject = S1APMessage(procedure: ProcedureCode(250), kind: .initiatingMessage)
    for (criticality, cause) in [(UInt8(0x00), Cause.abstractSyntaxErrorReject), (0x80, .abstractSyntaxErrorIgnoreAndNotify)] {
      let outputs = bench.give(.s1ap([0x00, reject.procedure.rawValue, criticality, 0x01, 0x00], stream: 0))
      #expect(outputs.isErrorIndication(cause))
      #expect(outputs.sent.first?.pdu[.criticalityDiagnostics]?["procedureCode"]?.unsigned == 250)
    }
    #expect(bench.give(.s1ap([0x00, 250, 0x40, 0x01, 0x00], stream: 0)).sent.isEmpty)
  }

  @Test func `RESET of the interface releases everybody and is acknowledged on stream 0`() throws {
    let bench = Bench()
    try bench.setUp()
    _ = try bench.connected(1, mme: 100)
    _ = try bench.connected(2, mme: 101)
    let outputs = try bench.mme(.reset, stream: 0) {
      $0.add(.cause, Cause.unspecifiedRadioNetwork)
      $0.add(.resetType, .choice("s1-Interface", .enumerated("reset-all")))
    }
    #expect(outputs.messages == [.resetAcknowledge])
    #expect(outputs.sent.first?.stream == 0)
    #expect(outputs.contains(.resetDone(ues: [1, 2])))
  }

  @Test func `RESET of some connections releases these and lists them in the acknowledgement`() throws {
    let bench = Bench()
    try bench.setUp()
    _ = try bench.connected(1, mme: 100)
    let second = try bench.connected(2, mme: 101)
    let items = [
      UEAssociatedLogicalS1Connection(mmeUES1APID: 101, eNBUES1APID: second),
      UEAssociatedLogicalS1Connection(mmeUES1APID: 999, eNBUES1APID: nil),
    ]
    let outputs = try bench.mme(.reset, stream: 0) {
      $0.add(.cause, Cause.unspecifiedRadioNetwork)
      $0.add(.resetType, .choice("partOfS1-Interface", .list(items.map(\.s1apValue))))
    }
    #expect(outputs.contains(.resetDone(ues: [2])))
    #expect(outputs.sent.first?.pdu[.ueAssociatedLogicalS1ConnectionListResAck]?.elements.count == 2)
    #expect(bench.eNB.connectedUEs == [1])
  }

  @Test func `our own RESET releases at once and is done when it is acknowledged`() throws {
    let bench = Bench()
    try bench.setUp()
    _ = try bench.connected(1, mme: 100)
    _ = try bench.connected(2, mme: 101)
    let sent = bench.give(.reset([1], .unspecifiedRadioNetwork))
    #expect(sent.messages == [.reset])
    #expect(sent.sent.first?.pdu.validate().isEmpty == true)
    #expect(bench.eNB.connectedUEs == [2])
    #expect(try bench.mme(.resetAcknowledge) == [.resetDone(ues: [1])])
  }

  /// 20,000 mutations of good PDUs and of noise: whatever comes, the machine answers and holds no more than it was given.
  @Test func `no input of the MME traps the eNB`() throws {
    var random = SeededRandom(seed: 36413)
    let bench = Bench { $0.maximumUEs = 8 }
    try bench.setUp()
    var samples: [[UInt8]] = []
    func keep(_ message: S1APMessage, _ fill: (inout S1APBuilder) -> Void) throws {
      var builder = S1APBuilder(message, deviations: .missingIEs)
      fill(&builder)
      samples.append(try builder.encoded())
    }
    try keep(.downlinkNASTransport) {
      $0.ids(mme: 100, eNB: 1)
      $0.add(.nasPDU, .octets([7, 0x52]))
    }
    try keep(.ueContextReleaseCommand) {
      $0.add(.ueS1APIDs, UES1APIDs.pair(mme: 100, eNB: 1))
      $0.add(.cause, Cause.detach)
    }
    try keep(.reset) {
      $0.add(.cause, Cause.detach)
      $0.add(.resetType, .choice("s1-Interface", .enumerated("reset-all")))
    }
    try keep(.ueContextModificationRequest) {
      $0.ids(mme: 100, eNB: 1)
      $0.add(.securityKey, .bits(Bench.key, count: 256))
    }
    try keep(.errorIndication) { $0.add(.cause, Cause.unknownPairUES1APID) }
    for round in 0..<20_000 {
      if round % 16 == 0 {
        bench.give(
          .rrc(round % 11, .connectionSetupComplete(nas: random.octets(5), establishmentCause: .mobileOriginatingData)))
      }
      var octets = samples[Int.random(in: 0..<samples.count, using: &random)]
      for _ in 0..<Int.random(in: 0...3, using: &random) where !octets.isEmpty {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: octets[Int.random(in: 0..<octets.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        case 1: octets.removeLast(Int.random(in: 0...octets.count / 2, using: &random))
        default: octets.append(contentsOf: random.octets(Int.random(in: 0...4, using: &random)))
        }
      }
      bench.give(.s1ap(octets, stream: UInt16(round % 3)))
      #expect(bench.eNB.ues.count <= 8)
    }
  }
}
