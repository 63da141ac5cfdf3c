import NASCrypto
import S1AP
import Testing

@testable import RadioAccess

/// TS 36.413 §10 as the eNB lives it; what each case asks for is `S1APTests/ErrorResponseTests`.
@Suite struct CriticalityTests {
  private let unknown = ProtocolIEID(60000)

  private func diagnostics(_ pdu: S1APPDU?) throws -> CriticalityDiagnostics {
    try #require(pdu).required(.criticalityDiagnostics, as: CriticalityDiagnostics.self)
  }

  /// A message with whatever deviations `fill` makes.
  private func mme(_ bench: Bench, _ message: S1APMessage, _ fill: (inout S1APBuilder) -> Void) throws -> [ENodeB.Output] {
    var builder = S1APBuilder(message, deviations: .all)
    fill(&builder)
    return bench.give(.s1ap(try builder.encoded(), stream: 1))
  }

  private func transport(_ bench: Bench, mme: UInt32, eNB: UInt32, _ criticality: Criticality) throws -> [ENodeB.Output] {
    try self.mme(bench, .downlinkNASTransport) {
      $0.ids(mme: mme, eNB: eNB)
      $0.add(.nasPDU, .octets([7, 0x52]))
      $0.add(unknown, .opaque([1]), criticality: criticality)
    }
  }

  @Test func `INITIAL CONTEXT SETUP REQUEST without its key fails, the IE is named, nothing is set up`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    let outputs = try mme(bench, .initialContextSetupRequest) {
      $0.ids(mme: 100, eNB: id)
      $0.add(.ueAggregateMaximumBitrate, UEAggregateMaximumBitrate(downlink: 1000, uplink: 1000))
      $0.add(
        .eRABToBeSetupListCtxtSUReq,
        [ERABToBeSetupItem(eRABID: 5, qos: ERABLevelQoSParameters(qci: 9), transportLayerAddress: [127, 0, 0, 2], gtpTEID: 7)])
      $0.add(.ueSecurityCapabilities, Bench.allAlgorithms)
    }
    #expect(outputs.messages == [.initialContextSetupFailure])
    #expect(outputs.sent.first?.pdu.cause == .abstractSyntaxErrorReject)
    #expect(try diagnostics(outputs.sent.first?.pdu).items == [.init(criticality: .reject, identity: .securityKey, error: .missing)])
    #expect(bench.eNB.accessStratumKey(of: 1) == nil)
  }

  @Test func `an unknown IE: reject keeps the NAS message from the UE, notify delivers it with a word, ignore without`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    let rejected = try transport(bench, mme: 100, eNB: id, .reject)
    #expect(rejected.isErrorIndication(.abstractSyntaxErrorReject) && !rejected.contains(.rrc(1, .nas([7, 0x52]))))
    #expect(rejected.sent.first?.pdu.integer(.mmeUES1APID) == 100 && rejected.sent.first?.pdu.integer(.eNBUES1APID) == id)
    let told = try diagnostics(rejected.sent.first?.pdu)
    #expect(told.procedure == ProcedureCode(11) && told.triggeringMessage == .initiatingMessage && told.procedureCriticality == .ignore)
    #expect(told.items == [.init(criticality: .reject, identity: unknown, error: .notUnderstood)])
    let notified = try transport(bench, mme: 100, eNB: id, .notify)
    #expect(notified.isErrorIndication(.abstractSyntaxErrorIgnoreAndNotify) && notified.contains(.rrc(1, .nas([7, 0x52]))))
    #expect(try transport(bench, mme: 100, eNB: id, .ignore) == [.rrc(1, .nas([7, 0x52]))])
  }

  @Test func `what was ignored of a request is reported in its response`() throws {
    let bench = Bench()
    try bench.setUp()
    let outputs = try mme(bench, .reset) {
      $0.add(.cause, Cause.unspecifiedRadioNetwork)
      $0.add(.resetType, .choice("s1-Interface", .enumerated("reset-all")))
      $0.add(unknown, .opaque([1]), criticality: .notify)
    }
    #expect(outputs.messages == [.resetAcknowledge])
    let told = try diagnostics(outputs.sent.first?.pdu)
    #expect(told == CriticalityDiagnostics(items: [.init(criticality: .notify, identity: unknown, error: .notUnderstood)]))
    #expect(bench.eNB.owedDiagnostics == nil)
    #expect(try bench.mme(.mmeConfigurationUpdate).sent.first?.pdu[.criticalityDiagnostics] == nil)
  }

  @Test func `errors of the ids come before all others`() throws {
    let bench = Bench()
    try bench.setUp()
    let outputs = try transport(bench, mme: 100, eNB: 4711, .reject)
    #expect(outputs.isErrorIndication(.unknownENBUES1APID) && outputs.sent.first?.pdu[.criticalityDiagnostics] == nil)
  }

  @Test func `IEs out of order or twice are falsely constructed`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    let outputs = try mme(bench, .downlinkNASTransport) {
      $0.add(.nasPDU, .octets([7, 0x52]))
      $0.ids(mme: 100, eNB: id)
    }
    #expect(outputs.isErrorIndication(.abstractSyntaxErrorFalselyConstructed))
    #expect(bench.eNB.connectedUEs == [1])
  }

  @Test func `an S1 SETUP RESPONSE that cannot be used is a setup that failed: tried again, not answered`() throws {
    let bench = Bench()
    bench.give(.associationUp)
    let outputs = try mme(bench, .s1SetupResponse) {
      $0.add(.relativeMMECapacity, 255)
    }
    #expect(outputs.sent.isEmpty && !bench.eNB.isReady)
    #expect(outputs.contains { if case .startTimer(.setupRetry, _) = $0 { true } else { false } })
  }

  @Test func `an address of three octets is outside its logical range, an abstract syntax error of its IE`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    let outputs = try mme(bench, .initialContextSetupRequest) {
      $0.ids(mme: 100, eNB: id)
      $0.add(.ueAggregateMaximumBitrate, UEAggregateMaximumBitrate(downlink: 1000, uplink: 1000))
      // §10.3.1 case 2: the grammar allows it, TS 36.414 §5.3 does not.
      $0.add(
        .eRABToBeSetupListCtxtSUReq,
        [ERABToBeSetupItem(eRABID: 5, qos: ERABLevelQoSParameters(qci: 9), transportLayerAddress: [127, 0, 2], gtpTEID: 7)])
      $0.add(.ueSecurityCapabilities, Bench.allAlgorithms)
      $0.add(.securityKey, .bits(Bench.key, count: 256))
    }
    #expect(outputs.messages == [.initialContextSetupFailure] && outputs.sent.first?.pdu.cause == .abstractSyntaxErrorReject)
    #expect(
      try diagnostics(outputs.sent.first?.pdu).items == [
        .init(criticality: .reject, identity: .eRABToBeSetupItemCtxtSUReq, error: .notUnderstood)
      ])
  }

  @Test func `no ERROR INDICATION is answered, whole or damaged`() throws {
    let bench = Bench()
    try bench.setUp()
    var builder = S1APBuilder(.errorIndication, deviations: .all)
    builder.add(.cause, Cause.transferSyntaxError)
    builder.add(unknown, .opaque([1]), criticality: .reject)
    let octets = try builder.encoded()
    for length in 2...octets.count {
      #expect(bench.give(.s1ap(Array(octets[..<length]), stream: 0)).sent.isEmpty)
    }
  }
}
