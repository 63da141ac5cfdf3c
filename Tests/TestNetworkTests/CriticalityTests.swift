import S1AP
import Testing

@testable import TestNetwork

/// TS 36.413 §10 as the MME lives it; what each case asks for is `S1APTests/ErrorResponseTests`.
@Suite struct CriticalityTests {
  private let unknown = ProtocolIEID(60000)

  private func diagnostics(_ pdu: S1APPDU?) throws -> CriticalityDiagnostics {
    try #require(pdu).required(.criticalityDiagnostics, as: CriticalityDiagnostics.self)
  }

  /// A message with whatever deviations `fill` makes.
  private func eNB(_ bench: NetworkBench, _ message: S1APMessage, _ fill: (inout S1APBuilder) -> Void) throws -> [MME.Output] {
    var builder = S1APBuilder(message, deviations: .all)
    fill(&builder)
    return bench.give(.s1ap(try builder.encoded(), association: 0, stream: 1))
  }

  @Test func `S1 SETUP REQUEST without tracking areas fails, the IE is named`() throws {
    let bench = NetworkBench()
    bench.give(.associationUp(0))
    let plmn = try #require(PLMNIdentity("00101"))
    let outputs = try eNB(bench, .s1SetupRequest) {
      $0.add(.globalENBID, GlobalENBID(plmn: plmn, eNBID: .macro(1)))
      $0.add(.defaultPagingDRX, .enumerated("v128"))
    }
    #expect(outputs.messages == [.s1SetupFailure])
    #expect(outputs.pdus.first?.pdu.cause == .abstractSyntaxErrorReject)
    #expect(
      try diagnostics(outputs.pdus.first?.pdu).items == [.init(criticality: .reject, identity: .supportedTAs, error: .missing)])
  }

  @Test func `an unknown IE of criticality reject keeps a NAS message from being read, and the UE does not suffer`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    let detach = try ue.protect(ue.detachRequest(), bench)
    func send(_ criticality: Criticality) throws -> [MME.Output] {
      try eNB(bench, .uplinkNASTransport) {
        $0.ids(line)
        $0.add(.nasPDU, .octets(detach))
        let plmn = PLMNIdentity(bench.mme.configuration.plmns[0])
        $0.add(.eutranCGI, EUTRANCGI(plmn: plmn, cell: 1))
        $0.add(.tai, TAI(plmn: plmn, tac: 1))
        $0.add(unknown, .opaque([1]), criticality: criticality)
      }
    }
    let rejected = try send(.reject)
    #expect(rejected.isErrorIndication(.abstractSyntaxErrorReject))
    #expect(rejected.pdus.first?.pdu.integer(.mmeUES1APID) == line.mme && rejected.pdus.first?.pdu.integer(.eNBUES1APID) == line.eNB)
    #expect(try diagnostics(rejected.pdus.first?.pdu).items == [.init(criticality: .reject, identity: unknown, error: .notUnderstood)])
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    let notified = try send(.notify)
    #expect(notified.messages.first == .errorIndication && notified.states == ["EMM-DEREGISTERED"])
  }

  @Test func `what was ignored of a request is reported in its response`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    let outputs = try eNB(bench, .reset) {
      $0.add(.cause, Cause.unspecifiedRadioNetwork)
      $0.add(.resetType, .choice("s1-Interface", .enumerated("reset-all")))
      $0.add(unknown, .opaque([1]), criticality: .notify)
    }
    #expect(outputs.messages == [.resetAcknowledge])
    let told = try diagnostics(outputs.pdus.first?.pdu)
    #expect(told == CriticalityDiagnostics(items: [.init(criticality: .notify, identity: unknown, error: .notUnderstood)]))
  }

  @Test func `a response that cannot be used has failed, and is not answered`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    bench.give(.resetAssociation(0))
    let outputs = try eNB(bench, .resetAcknowledge) { $0.add(unknown, .opaque([1]), criticality: .reject) }
    #expect(outputs.messages.isEmpty && outputs.discards.first?.clause == "TS 36.413 §10.3.4.2")
    #expect(bench.mme.associations[0]?.isResetting == false)
  }

  @Test func `no ERROR INDICATION is answered, whole or damaged`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var builder = S1APBuilder(.errorIndication, deviations: .all)
    builder.add(.cause, Cause.transferSyntaxError)
    builder.add(unknown, .opaque([1]), criticality: .reject)
    let octets = try builder.encoded()
    for length in 2...octets.count {
      #expect(bench.give(.s1ap(Array(octets[..<length]), association: 0, stream: 0)).messages.isEmpty)
    }
  }
}
