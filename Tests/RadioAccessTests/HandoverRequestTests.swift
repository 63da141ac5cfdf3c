import NASCrypto
import RadioInterface
import S1AP
import Testing

@testable import RadioAccess

/// HANDOVER REQUEST at the target (TS 36.413 §8.4.2): which it takes, and what it answers to the others.
@Suite struct HandoverRequestTests {
  @Test func `a HANDOVER REQUEST with a new id is admitted`() throws {
    let bench = Bench()
    try bench.setUp()
    let outputs = try bench.handoverRequest(mme: 100)
    #expect(outputs.messages == [.handoverRequestAcknowledge])
    #expect(outputs.sent.first?.pdu[.eRABAdmittedList]?.elements.count == 1)
    #expect(outputs.sent.first?.pdu[.eRABFailedToSetupListHOReqAck] == nil)
  }

  @Test func `a HANDOVER REQUEST with another UE's MME id gives ERROR INDICATION with that id only, and the other UE goes`() throws {
    let bench = Bench()
    try bench.setUp()
    _ = try bench.connected(1, mme: 100)
    _ = try bench.connected(2, mme: 101)
    let outputs = try bench.handoverRequest(mme: 100)
    #expect(outputs.isErrorIndication(.unknownMMEUES1APID))
    #expect(outputs.sent.first?.pdu.integer(.mmeUES1APID) == 100)
    #expect(outputs.sent.first?.pdu.integer(.eNBUES1APID) == nil)
    #expect(outputs.released(1))
    #expect(bench.eNB.connectedUEs == [2])
    #expect(try bench.handoverRequest(mme: 100).messages == [.handoverRequestAcknowledge], "the id is free again")
  }

  @Test func `the id comes before the other errors of a HANDOVER REQUEST`() throws {
    let bench = Bench()
    try bench.setUp()
    _ = try bench.connected(1, mme: 100)
    let outputs = try bench.mme(.handoverRequest) { $0.add(.mmeUES1APID, .integer(100)) }
    #expect(outputs.isErrorIndication(.unknownMMEUES1APID))
    #expect(outputs.released(1))
  }

  @Test func `an E-RAB ID that comes twice is admitted neither time`() throws {
    let bench = Bench()
    try bench.setUp()
    let outputs = try bench.handoverRequest(mme: 100, bearers: [5, 6, 5])
    let answer = try #require(outputs.sent.first?.pdu)
    #expect(answer.message == .handoverRequestAcknowledge)
    #expect(answer.hasFaults == false)
    #expect(answer[.eRABAdmittedList]?.elements.compactMap { $0.value["e-RAB-ID"]?.unsigned } == [6])
    let failed = answer[.eRABFailedToSetupListHOReqAck]?.elements.compactMap { try? ERABItem($0.value) }
    #expect(failed == [ERABItem(eRABID: 5, cause: .multipleERABInstances)])
  }

  @Test func `a HANDOVER REQUEST of which no E-RAB can be admitted fails`() throws {
    let bench = Bench()
    try bench.setUp()
    let outputs = try bench.handoverRequest(mme: 100, bearers: [5, 5])
    #expect(outputs.messages == [.handoverFailure])
    #expect(outputs.sent.first?.pdu.cause == .multipleERABInstances)
    #expect(try bench.handoverRequest(mme: 100).messages == [.handoverRequestAcknowledge], "nothing was kept")
  }
}

extension Bench {
  func handoverRequest(mme: UInt32, bearers: [UInt8] = [5]) throws -> [ENodeB.Output] {
    let source = RadioCell(physicalCellIdentity: 77, downlinkEARFCN: 3350)
    let container = try #require(
      TransparentContainer.sourceToTarget(
        target: HandoverTarget(eNB.configuration), source: source, temporaryIdentity: 61, bearers: []))
    return try self.mme(.handoverRequest) {
      $0.add(.mmeUES1APID, .integer(UInt64(mme)))
      $0.add(.handoverType, .enumerated("intralte"))
      $0.add(.cause, Cause.handoverDesirable)
      $0.add(.ueAggregateMaximumBitrate, UEAggregateMaximumBitrate(downlink: 1000, uplink: 1000))
      $0.add(.eRABToBeSetupListHOReq) {
        $0.list(bearers) { writer, bearer in
          writer.sequence {
            $0.component("e-RAB-ID") { $0.number(UInt64(bearer)) }
            $0.component("transportLayerAddress") { $0.bits([127, 0, 0, 2], count: 32) }
            $0.component("gTP-TEID") { $0.octets(7, count: 4) }
            $0.component("e-RABlevelQosParameters") { $0.value(ERABLevelQoSParameters(qci: 9)) }
          }
        }
      }
      $0.add(.sourceToTargetTransparentContainer, .octets(container))
      $0.add(.ueSecurityCapabilities, Bench.allAlgorithms)
      $0.add(.securityContext, SecurityContext(nextHopChainingCount: 1, nextHop: Bench.key))
    }
  }
}
