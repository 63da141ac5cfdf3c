import NASCrypto
import S1AP
import Testing

@testable import RadioAccess

@Suite struct BearerTests {
  private func secured() throws -> (Bench, UInt32) {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    _ = try bench.secured(mme: 100, eNB: id)
    return (bench, id)
  }

  private func setUp(_ bearers: [UInt8], _ bench: Bench, _ id: UInt32) throws -> [ENodeB.Output] {
    try bench.mme(.eRABSetupRequest) {
      $0.ids(mme: 100, eNB: id)
      $0.add(
        .eRABToBeSetupListBearerSUReq,
        bearers.map {
          ERABToBeSetupItem(
            eRABID: $0, qos: ERABLevelQoSParameters(qci: 5), transportLayerAddress: [127, 0, 0, 2], gtpTEID: 9, nasPDU: [$0])
        })
    }
  }

  private func release(_ bearers: [UInt8], _ bench: Bench, _ id: UInt32) throws -> [ENodeB.Output] {
    try bench.mme(.eRABReleaseCommand) {
      $0.ids(mme: 100, eNB: id)
      $0.add(.eRABToBeReleasedList, bearers.map { ERABItem(eRABID: $0, cause: .normalRelease) })
      $0.add(.nasPDU, .octets([0xCD]))
    }
  }

  @Test func `E-RAB SETUP delivers the NAS of the bearers that were set up, and names those that failed`() throws {
    let (bench, id) = try secured()
    let outputs = try setUp([6, 5], bench, id)
    #expect(outputs.contains(.rrc(1, .nas([6]))) && !outputs.contains(.rrc(1, .nas([5]))))
    let pdu = try #require(outputs.sent.first).pdu
    #expect(pdu.message == .eRABSetupResponse && pdu.validate().isEmpty)
    #expect(pdu[.eRABSetupListBearerSURes]?.elements.count == 1)
    #expect(pdu[.eRABFailedToSetupListBearerSURes]?.elements.count == 1)
  }

  @Test func `an E-RAB ID that comes twice in E-RAB SETUP REQUEST fails each time and is named once`() throws {
    let (bench, id) = try secured()
    let outputs = try setUp([6, 7, 6], bench, id)
    #expect(outputs.contains(.rrc(1, .nas([7]))) && !outputs.contains(.rrc(1, .nas([6]))))
    let pdu = try #require(outputs.sent.first).pdu
    #expect(pdu[.eRABSetupListBearerSURes]?.elements.compactMap { $0.value["e-RAB-ID"]?.unsigned } == [7])
    let failed = pdu[.eRABFailedToSetupListBearerSURes]?.elements.compactMap { try? ERABItem($0.value) }
    #expect(failed == [ERABItem(eRABID: 6, cause: .multipleERABInstances)])
  }

  @Test func `an E-RAB ID that comes twice in E-RAB RELEASE COMMAND is released once`() throws {
    let (bench, id) = try secured()
    _ = try setUp([6], bench, id)
    let pdu = try #require(try release([6, 6], bench, id).sent.first).pdu
    #expect(pdu[.eRABReleaseListBearerRelComp]?.elements.count == 1)
    #expect(pdu[.eRABFailedToReleaseList] == nil)
  }

  @Test func `E-RAB RELEASE ends bearers and delivers its NAS`() throws {
    let (bench, id) = try secured()
    _ = try setUp([6], bench, id)
    let outputs = try release([6, 9], bench, id)
    #expect(outputs.contains(.rrc(1, .nas([0xCD]))))
    let pdu = try #require(outputs.sent.first).pdu
    #expect(pdu.message == .eRABReleaseResponse && pdu.validate().isEmpty)
    #expect(pdu[.eRABReleaseListBearerRelComp]?.elements.count == 1)
    #expect(pdu[.eRABFailedToReleaseList]?.elements.count == 1)
    // Set up again, since it is gone.
    #expect(try setUp([6], bench, id).sent[0].pdu[.eRABSetupListBearerSURes] != nil)
  }

  @Test func `E-RAB MODIFY delivers its NAS for a bearer that exists`() throws {
    let (bench, id) = try secured()
    for (bearer, exists) in [(UInt8(5), true), (8, false)] {
      let outputs = try bench.mme(.eRABModifyRequest) {
        $0.ids(mme: 100, eNB: id)
        $0.add(.eRABToBeModifiedListBearerModReq) {
          $0.list([bearer]) { writer, bearer in
            writer.sequence {
              $0.component("e-RAB-ID") { $0.number(UInt64(bearer)) }
              $0.component("e-RABLevelQoSParameters") { $0.value(ERABLevelQoSParameters(qci: 7)) }
              $0.component("nAS-PDU") { $0.octets([0xC9]) }
            }
          }
        }
      }
      let pdu = try #require(outputs.sent.first).pdu
      #expect(pdu.message == .eRABModifyResponse && pdu.validate().isEmpty)
      #expect(outputs.contains(.rrc(1, .nas([0xC9]))) == exists)
      #expect((pdu[.eRABFailedToModifyList] == nil) == exists)
    }
  }

  @Test func `E-RAB procedures of a UE without a context do not fit, and a radio that is gone fails them`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    #expect(try setUp([6], bench, id).isErrorIndication(.messageNotCompatibleWithReceiverState))
    _ = try bench.secured(mme: 100, eNB: id)
    bench.give(.radioUnavailable(1, true))
    let outputs = try setUp([6], bench, id)
    #expect(outputs.messages == [.eRABSetupResponse])
    #expect(outputs.sent[0].pdu[.eRABFailedToSetupListBearerSURes] != nil)
    #expect(try release([5], bench, id).messages == [.eRABReleaseResponse, .nasNonDeliveryIndication])
  }
}
