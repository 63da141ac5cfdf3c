import NASCrypto
import S1AP
import Testing

@testable import RadioAccess

@Suite struct ConnectionTests {
  @Test func `INITIAL UE MESSAGE carries cause, location, S-TMSI and GUMMEI with its type`() throws {
    let bench = Bench()
    try bench.setUp()
    let gummei = GUMMEI(plmn: Bench.plmn, groupID: 0x8001, code: 3)
    let outputs = bench.give(
      .rrc(
        9,
        .connectionSetupComplete(
          nas: [7, 0x41, 1], establishmentCause: .mobileOriginatingData, sTMSI: STMSI(mmeCode: 3, mTMSI: 0xDEAD_BEEF),
          registeredMME: RegisteredMME(gummei: gummei, origin: .mapped))))
    let pdu = try #require(outputs.sent.first).pdu
    #expect(pdu.validate().isEmpty)
    #expect(pdu.octets(.nasPDU) == [7, 0x41, 1])
    #expect(pdu[.rrcEstablishmentCause]?.enumeratedName == "mo-Data")
    #expect(try pdu.required(.sTMSI, as: STMSI.self) == STMSI(mmeCode: 3, mTMSI: 0xDEAD_BEEF))
    #expect(try pdu.required(.gummei, as: GUMMEI.self) == gummei)
    #expect(pdu[.gummeiType]?.enumeratedName == "mapped")
    #expect(try pdu.required(.tai, as: TAI.self) == TAI(plmn: Bench.plmn, tac: 1))
    #expect(try pdu.required(.eutranCGI, as: EUTRANCGI.self) == EUTRANCGI(plmn: Bench.plmn, cell: 0x101 << 8 | 1))
  }

  @Test(arguments: [(RegisteredMME.Origin.native, "native"), (.mapped, "mapped"), (.mappedFrom5G, "mappedFrom5G")])
  func `GUMMEI Type says where the GUMMEI comes from, by the extension of TS 36.413 too`(origin: RegisteredMME.Origin, name: String) throws
  {
    let bench = Bench()
    try bench.setUp()
    let outputs = bench.give(
      .rrc(
        9,
        .connectionSetupComplete(
          nas: [7, 0x41, 1], establishmentCause: .mobileOriginatingSignalling, sTMSI: nil,
          registeredMME: RegisteredMME(gummei: GUMMEI(plmn: Bench.plmn, groupID: 0x8001, code: 3), origin: origin))))
    let sent = try #require(outputs.sent.first).pdu
    let pdu = try S1APPDU(decoding: try sent.encoded())
    #expect(pdu.validate().isEmpty && pdu[.gummeiType]?.enumeratedName == name)
  }

  @Test func `each UE has an id of its own and uplink NAS goes out under both`() throws {
    let bench = Bench()
    try bench.setUp()
    let first = try bench.connected(1, mme: 100)
    let second = try bench.connected(2, mme: 101)
    #expect(first != second)
    let pdu = try #require(bench.give(.rrc(2, .nas([1, 2, 3]))).sent.first).pdu
    #expect(pdu.message == .uplinkNASTransport)
    #expect(pdu.integer(.mmeUES1APID) == 101)
    #expect(pdu.integer(.eNBUES1APID) == second)
    #expect(pdu.octets(.nasPDU) == [1, 2, 3])
    #expect(pdu.validate().isEmpty)
  }

  @Test func `a UE that loses the radio link is asked to be released, and what comes for it is reported undelivered`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    let lost = bench.give(.rrc(1, .connectionReleased))
    #expect(lost.messages == [.ueContextReleaseRequest])
    let late = try bench.mme(.downlinkNASTransport) {
      $0.ids(mme: 100, eNB: id)
      $0.add(.nasPDU, .octets([9, 9]))
    }
    #expect(late.messages == [.nasNonDeliveryIndication])
    #expect(late.sent.first?.pdu.octets(.nasPDU) == [9, 9])
    #expect(late.sent.first?.pdu.validate().isEmpty == true)
    let released = try bench.mme(.ueContextReleaseCommand) {
      $0.add(.ueS1APIDs, UES1APIDs.pair(mme: 100, eNB: id))
      $0.add(.cause, Cause.normalRelease)
    }
    #expect(released.messages == [.ueContextReleaseComplete])
    #expect(!released.released(1))
    #expect(bench.eNB.ues.isEmpty)
  }

  @Test func `NAS for a UE that is out of reach for a while is reported undelivered`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    bench.give(.radioUnavailable(1, true))
    let message: (inout S1APBuilder) -> Void = {
      $0.ids(mme: 100, eNB: id)
      $0.add(.nasPDU, .octets([9]))
    }
    #expect(try bench.mme(.downlinkNASTransport, message).messages == [.nasNonDeliveryIndication])
    bench.give(.radioUnavailable(1, false))
    #expect(try bench.mme(.downlinkNASTransport, message) == [.rrc(1, .nas([9]))])
  }

  @Test func `UE CONTEXT RELEASE COMMAND by both ids or by the MME's alone ends the connection`() throws {
    let bench = Bench()
    try bench.setUp()
    let first = try bench.connected(1, mme: 100)
    _ = try bench.connected(2, mme: 101)
    for (handle, ids) in [(1, UES1APIDs.pair(mme: 100, eNB: first)), (2, .mme(101))] {
      let outputs = try bench.mme(.ueContextReleaseCommand) {
        $0.add(.ueS1APIDs, ids)
        $0.add(.cause, Cause.detach)
      }
      #expect(outputs.contains(.rrc(handle, .release(.detach))))
      #expect(outputs.messages == [.ueContextReleaseComplete])
    }
    #expect(bench.eNB.connectedUEs.isEmpty)
  }

  @Test func `PAGING is handed out with its identity`() throws {
    let bench = Bench()
    try bench.setUp()
    let outputs = try bench.mme(.paging) {
      $0.add(.ueIdentityIndexValue, .bits(5, count: 10))
      $0.add(.uePagingID, .choice("s-TMSI", STMSI(mmeCode: 1, mTMSI: 77).s1apValue))
      $0.add(.cnDomain, .enumerated("ps"))
      $0.add(.taiList, .list([["tAI": TAI(plmn: Bench.plmn, tac: 1).s1apValue]]))
    }
    #expect(outputs == [.paging(.sTMSI(STMSI(mmeCode: 1, mTMSI: 77)))])
  }

  @Test func `a copy of an eNB goes on by itself`() throws {
    let bench = Bench()
    try bench.setUp()
    _ = try bench.connected(1, mme: 100)
    let fork = bench.eNB
    bench.give(.associationDown(reason: "test"))
    #expect(bench.eNB.connectedUEs.isEmpty)
    #expect(fork.connectedUEs == [1])
    #expect(fork.isReady)
  }
}
