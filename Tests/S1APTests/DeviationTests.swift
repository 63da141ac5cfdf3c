import Testing

@testable import S1AP

@Suite("What is sent wrong on purpose")
struct DeviationTests {
  private var transport: S1APBuilder {
    var builder = S1APBuilder(.downlinkNASTransport)
    builder.add(.mmeUES1APID, 1)
    builder.add(.eNBUES1APID, 2)
    builder.add(.nasPDU, .octets([7, 0x41]))
    return builder
  }

  @Test("with nothing forced the octets are those of the encoder")
  func unforced() throws {
    var builder = transport
    let expected = try builder.encoded()
    builder.forced = S1APForcedFields()
    #expect(try builder.encoded() == expected)
  }

  @Test("every header field and length, and octets behind the PDU")
  func forced() throws {
    let plain = try transport.encoded()
    func octets(_ change: (inout S1APForcedFields) -> Void) throws -> [UInt8] {
      var builder = transport
      var forced = S1APForcedFields()
      change(&forced)
      builder.forced = forced
      return try builder.encoded()
    }
    #expect(try octets { $0.isExtended = true }[0] == 0x80 && octets { $0.kind = 3 }[0] == 0x60)
    #expect(try octets { $0.procedureCode = 255 }[1] == 255 && octets { $0.criticality = 3 }[2] == 0xc0)
    #expect(try octets { $0.messageLength = 200 }[3...4] == [0x80, 200])
    #expect(try octets { $0.count = 9 }[5...6] == [0, 9])
    #expect(try octets { $0.lengths = [.mmeUES1APID: 5] }[10] == 5)
    #expect(try octets { $0.trailingOctets = [1, 2] } == plain + [1, 2])
    #expect(throws: S1APError.self) { try S1APPDU(decoding: octets { $0.lengths = [.nasPDU: 1] }) }
  }

  @Test("raw IEs: known ones with contents that do not fit, unknown ones, criticality 3")
  func raw() throws {
    var builder = transport
    builder.add(raw: S1APRawIE(ProtocolIEID(60000), criticality: 1, octets: [9, 9]))
    let pdu = try S1APPDU(decoding: builder.encoded())
    #expect(pdu[ProtocolIEID(60000)]?.octets == [9, 9] && pdu.informationElements.count == 4)
    #expect(try builder.pdu() == pdu)
    builder.add(raw: S1APRawIE(.tai, criticality: 3, octets: []))
    #expect(throws: S1APError.self) { try builder.pdu() }
    #expect(Array(try builder.encoded().suffix(4)) == [0, 67, 0xc0, 0])
  }

  @Test("PRIVATE MESSAGE, local and global identities")
  func privateMessage() throws {
    let elements = [
      S1APPrivateIE(.local(513), criticality: .notify, octets: [1, 2, 3]),
      S1APPrivateIE(.global([0x2b, 0x06]), criticality: .ignore, octets: [4]),
    ]
    var builder = S1APBuilder(.privateMessage)
    for element in elements { builder.add(private: element) }
    let pdu = try S1APPDU(decoding: builder.encoded())
    #expect(try pdu.root.required("privateIEs").elements.map { try S1APPrivateIE($0) } == elements)
    #expect(try pdu == builder.pdu() && S1APBuilder(pdu).encoded() == builder.encoded() && pdu.validate().isEmpty)
  }

  @Test("a builder made from a PDU keeps additions behind the message's marker, and takes more IEs")
  func additions() throws {
    // DOWNLINK NAS TRANSPORT with the marker set: no IEs, one addition (bit 0000000, present 1) of two octets.
    let exact = unhex("000b4007" + "800000" + "01" + "02beef")
    let pdu = try S1APPDU(decoding: exact)
    var builder = S1APBuilder(pdu)
    #expect(try builder.encoded() == exact)
    builder.add(.mmeUES1APID, 1)
    let more = try S1APPDU(decoding: builder.encoded())
    #expect(more[.mmeUES1APID]?.unsigned == 1 && more.root.elements.count == 2)
    #expect(Array(try builder.encoded().suffix(3)) == [2, 0xbe, 0xef])
  }

  @Test("copies of a builder go their own ways")
  func copies() throws {
    var one = transport
    let before = try one.encoded()
    var two = one
    two.add(ProtocolIEID(41), .opaque([0]))
    one.remove(.nasPDU)
    one.deviations = .missingIEs
    #expect(try transport.encoded() == before && one.pdu()[.nasPDU] == nil && two.pdu()[.nasPDU]?.octets == [7, 0x41])
    // More IEs than there was room for.
    var many = S1APBuilder(.reset, deviations: .all)
    many.add(.cause, Cause.detach)
    many.add(.resetType) {
      $0.choice("partOfS1-Interface") {
        $0.list((0..<256).map { UEAssociatedLogicalS1Connection(mmeUES1APID: $0, eNBUES1APID: $0) })
      }
    }
    let pdu = try S1APPDU(decoding: many.encoded())
    #expect(pdu == (try many.pdu()) && pdu[.resetType]?.choice?.value.elements.count == 256)
  }
}
