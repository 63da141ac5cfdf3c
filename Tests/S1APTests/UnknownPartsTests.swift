import Testing

@testable import S1AP

@Suite("What the tables do not have is kept and written back")
struct UnknownPartsTests {
  /// INITIAL UE MESSAGE … enough of it, with deviations allowed.
  private func message(_ fill: (inout S1APBuilder) -> Void) throws -> [UInt8] {
    var builder = S1APBuilder(.downlinkNASTransport, deviations: .all)
    builder.add(.mmeUES1APID, 1)
    builder.add(.eNBUES1APID, 2)
    builder.add(.nasPDU, .octets([7, 0x41]))
    fill(&builder)
    return try builder.encoded()
  }

  @Test("an unknown IE: contents, criticality, place")
  func unknownIE() throws {
    let octets = try message { $0.add(ProtocolIEID(60001), .opaque([1, 2, 3]), criticality: .notify) }
    let pdu = try S1APPDU(decoding: octets)
    let field = try #require(pdu[ProtocolIEID(60001)])
    #expect(field.isOpaque && field.octets == [1, 2, 3] && field.criticality == .notify)
    #expect(try pdu.encoded() == octets)
    #expect(
      pdu.validate() == [
        ProtocolFault(
          kind: .notUnderstood, criticality: .notify, identity: ProtocolIEID(60001), path: "DOWNLINK NAS TRANSPORT / IE 60001", offset: 30)
      ])
    #expect(try S1APBuilder(pdu).encoded() == octets)
  }

  @Test("a known IE of another message is unknown here")
  func strangeIE() throws {
    let octets = try message { $0.add(.securityKey, .opaque([9])) }
    let pdu = try S1APPDU(decoding: octets)
    #expect(pdu[.securityKey]?.isOpaque == true)
    #expect(try pdu.encoded() == octets)
  }

  @Test("an unknown procedure is kept whole, known arms or not")
  func unknownProcedure() throws {
    for octets in [unhex("00c840" + "03" + "010203"), unhex("20100003000000"), unhex("40ff8000")] {
      let pdu = try S1APPDU(decoding: octets)
      #expect(pdu.root.isOpaque && pdu.opaque != nil && pdu.informationElements.isEmpty)
      #expect(try pdu.encoded() == octets)
      #expect(pdu.validate().map(\.kind) == [.unknownProcedure])
    }
    #expect(try S1APPDU(decoding: unhex("00c84003010203")).name == "procedure 200 initiatingMessage")
  }

  @Test("an unknown extension of an item, an addition behind the marker, an alternative behind the marker")
  func insideValues() throws {
    // TAI with iE-Extensions of one unknown extension 50000 (ignore): bits 0 1, PLMN, TAC, count 1 - 1, id, criticality, contents.
    let extended = unhex("40" + "00f110" + "0001" + "0000" + "c350" + "40" + "02beef")
    let tai = try S1APNode(decoding: extended, as: "TAI")
    #expect(tai["pLMNidentity"]?.octets == [0x00, 0xf1, 0x10])
    #expect(tai[ProtocolIEID(50000)]?.octets == [0xbe, 0xef])
    #expect(tai.encoded() == extended)

    // TAI with the marker set: 1 0, PLMN, TAC, one addition (0000000), present (1), an open type of 1 octet.
    let added = unhex("80" + "00f110" + "0001" + "01" + "01aa")
    #expect(try S1APNode(decoding: added, as: "TAI").encoded() == added)
    // Seventy additions announced behind a length (1, 70), the last one present.
    let many = unhex("80" + "00f110" + "0001" + "80" + "46" + "0000000000000000" + "04" + "01aa")
    #expect(try S1APNode(decoding: many, as: "TAI").encoded() == many)

    // Cause: alternative 3 behind the marker.
    let cause = unhex("83" + "02cafe")
    let node = try S1APNode(decoding: cause, as: "Cause")
    #expect(node.choice?.name == "unknown" && node.choice?.value.octets == [0xca, 0xfe])
    #expect(node.encoded() == cause)
    // Cause nas (0 010), value 40 behind the marker (1 0 101000): 0010 1010 1000 0000.
    let value = try S1APNode(decoding: unhex("2a80"), as: "Cause")
    #expect(value.choice?.value.enumerated == 44 && value.choice?.value.enumeratedName == nil)
    #expect(hex(value.encoded()) == "2a80")
  }

  @Test("an opaque IE whose contents are known is read when it comes back")
  func knownContents() throws {
    let tai = try TAI(plmn: #require(PLMNIdentity("00101")), tac: 7).s1apValue.encoded(as: "TAI")
    var builder = S1APBuilder(.initialUEMessage, deviations: .all)
    builder.add(.tai, .opaque(tai))
    #expect(try S1APPDU(decoding: builder.encoded()).required(.tai, as: TAI.self).tac == 7)
  }
}
