import Testing

@testable import S1AP

/// What is wrong inside an IE, on purpose.
@Suite("What is sent wrong inside an IE")
struct ForcedPartTests {
  private static let list = ProtocolIEID.eRABToBeSetupListCtxtSUReq
  private static let correlation = ProtocolIEID(named: "Correlation-ID") ?? .cause

  /// INITIAL CONTEXT SETUP REQUEST with two E-RABs, each with a NAS message; the first with an extension.
  private func request() throws -> S1APBuilder {
    var builder = S1APBuilder(.initialContextSetupRequest, deviations: .missingIEs)
    builder.add(.mmeUES1APID, 1)
    builder.add(.eNBUES1APID, 2)
    builder.add(Self.list) {
      $0.list([5, 6]) { writer, id in
        writer.sequence {
          $0.component("e-RAB-ID") { $0.number(UInt64(id)) }
          $0.component("e-RABlevelQoSParameters") { $0.value(ERABLevelQoSParameters(qci: 9)) }
          $0.component("transportLayerAddress") { $0.bits([127, 0, 0, 1], count: 32) }
          $0.component("gTP-TEID") { $0.octets(7, count: 4) }
          $0.component("nAS-PDU") { $0.octets([7, 0x42, 1]) }
          if id == 5 {
            $0.component("iE-Extensions") { $0.value(.list([.field(Self.correlation, .octets([9, 9, 9, 9]))])) }
          }
        }
      }
    }
    return builder
  }

  private func octets(_ deviation: S1APPartDeviation, _ path: S1APStep...) throws -> [UInt8] {
    var builder = try request()
    builder.forcedParts.append(ForcedPart(ie: Self.list, path: path, deviation: deviation))
    return try builder.encoded()
  }

  private func items(_ octets: [UInt8]) throws -> [S1APNode] {
    try S1APDU(octets)[Self.list]?.elements.map { $0 } ?? []
  }

  private func S1APDU(_ octets: [UInt8]) throws -> S1APPDU { try S1APPDU(decoding: octets) }

  @Test("an item's IE: missing, twice, with other contents, another identity and criticality")
  func items() throws {
    #expect(try items(octets(.missing, 0)).map { $0.value["e-RAB-ID"]?.unsigned } == [6])
    #expect(try items(octets(.repeated, 1)).map { $0.value["e-RAB-ID"]?.unsigned } == [5, 6, 6])
    let other = try items(octets(.identity(ProtocolIEID(60000)), 0))
    #expect(other[0].identity == ProtocolIEID(60000) && other[0].isOpaque && other[1].isOpaque == false)
    #expect(try items(octets(.criticality(2), 1))[1].criticality == .notify)
    // Octets that are no item, which the decoder refuses there and nowhere before.
    let raw = try octets(.raw([0xFF, 0xEE]), 0)
    #expect(raw.count(of: [0, 52, 0, 2, 0xFF, 0xEE]) == 1)
    let error = #expect(throws: S1APError.self) { try S1APPDU(decoding: raw) }
    #expect(error?.path.hasPrefix("INITIAL CONTEXT SETUP REQUEST / E-RABToBeSetupItem[0]") == true)
  }

  @Test("an item's IE of a length that is not its own: longer, shorter, in two octets")
  func lengths() throws {
    let plain = try request().encoded()
    let size = try items(plain)[0].encoded().count
    let start = try #require(plain.place(of: [0, 52, 0, UInt8(size)]))
    for claim in [0, 3, size + 1, 127] {
      var expected = plain
      expected[start + 3] = UInt8(claim)
      #expect(try octets(.length(claim), 0) == expected, "\(claim)")
    }
    let longer = try octets(.length(300), 0)
    #expect(longer.count(of: [0, 52, 0, 0x81, 0x2C] + plain[(start + 4)...].prefix(size)) == 1)
    #expect(longer.count == plain.count + 1 || longer.count == plain.count + 2)
    #expect(throws: S1APError.self) { try S1APPDU(decoding: longer) }
  }

  @Test("the NAS message of an E-RAB: missing, other octets, of another length")
  func components() throws {
    let without = try items(octets(.missing, 0, "nAS-PDU"))
    #expect(without[0].value["nAS-PDU"] == nil && without[0].value["iE-Extensions"] != nil && without[1].value["nAS-PDU"] != nil)
    #expect(try items(octets(.raw([]), 1, "nAS-PDU"))[1].value["nAS-PDU"]?.octets == [])
    let long = [UInt8](repeating: 0x5A, count: 20_000)
    #expect(try items(octets(.raw(long), 1, "nAS-PDU"))[1].value["nAS-PDU"]?.octets.map { Array($0) } == long)
    let plain = try request().encoded()
    let start = try #require(plain.place(of: [3, 7, 0x42, 1]))
    var expected = plain
    expected[start] = 2
    #expect(try octets(.length(2), 0, "nAS-PDU") == expected)
    // A transport layer address of 20 bits in the claim, in 32.
    #expect(throws: S1APError.self) { try S1APPDU(decoding: octets(.length(20), 0, "transportLayerAddress")) }
    // A mandatory component leaves a gap.
    #expect(try octets(.missing, 0, "gTP-TEID").count == plain.count - 4)
  }

  @Test("an iE-Extension: missing with its container, twice, with other contents, of another length, unknown")
  func extensions() throws {
    let place: [S1APStep] = [0, .extension(Self.correlation)]
    func changed(_ deviation: S1APPartDeviation) throws -> [UInt8] {
      var builder = try request()
      builder.forcedParts.append(ForcedPart(ie: Self.list, path: place, deviation: deviation))
      return try builder.encoded()
    }
    #expect(try items(changed(.missing))[0].value["iE-Extensions"] == nil)
    #expect(try items(changed(.repeated))[0].value["iE-Extensions"]?.elements.count == 2)
    #expect(try S1APPDU(decoding: changed(.repeated)).validate().contains { $0.kind == .wrongOrderOrRepeated })
    let unknown = try items(changed(.identity(ProtocolIEID(60001))))
    #expect(unknown[0].value["iE-Extensions"]?.elements[0]?.identity == ProtocolIEID(60001))
    #expect(throws: S1APError.self) { try S1APPDU(decoding: changed(.raw([1]))) }
    #expect(throws: S1APError.self) { try S1APPDU(decoding: changed(.length(9))) }
  }

  @Test("the count of a list, and a list that lost its last element")
  func counts() throws {
    let plain = try request().encoded()
    #expect(try octets(.count(9)).count == plain.count)
    #expect(throws: S1APError.self) { try S1APPDU(decoding: octets(.count(9))) }
    var builder = try request()
    builder.force(.missing, in: Self.list, 0)
    builder.force(.missing, in: Self.list, 0)
    // The count of 1 to 256 cannot say none: it says one.
    #expect(Array(try builder.encoded().suffix(5)) == [0, 24, 0, 1, 0])
  }

  @Test("deviations add up, with each other and with what is forced in the header; others stay as they are")
  func together() throws {
    var builder = try request()
    builder.force(.repeated, in: Self.list, 0)
    builder.force(.raw([1, 2]), in: Self.list, 1, "nAS-PDU")
    builder.force(.raw([9]), in: .mmeUES1APID, "nothing")
    #expect(throws: S1APError.self) { try builder.encoded() }
    builder = try request()
    builder.force(.repeated, in: Self.list, 0)
    builder.force(.raw([1, 2]), in: Self.list, 1, "nAS-PDU")
    var forced = S1APForcedFields()
    forced.trailingOctets = [0xEE]
    builder.forced = forced
    let octets = try builder.encoded()
    #expect(octets.last == 0xEE)
    let found = try items(Array(octets.dropLast()))
    #expect(found.map { $0.value["nAS-PDU"]?.octets.map { Array($0) } } == [[7, 0x42, 1], [1, 2], [7, 0x42, 1]])
    let copy = try request()
    #expect(try copy.encoded() == request().encoded())
  }

  @Test("a path that leads nowhere, and a deviation that does not fit, are told with their path")
  func refused() throws {
    func error(_ deviation: S1APPartDeviation, _ path: S1APStep...) -> S1APError? {
      #expect(throws: S1APError.self) {
        var builder = try request()
        builder.forcedParts.append(ForcedPart(ie: Self.list, path: path, deviation: deviation))
        _ = try builder.encoded()
      }
    }
    #expect(error(.missing, 7)?.path == "INITIAL CONTEXT SETUP REQUEST / E-RABToBeSetupListCtxtSUReq / [7]")
    #expect(error(.raw([1]), 0, "e-RAB-ID")?.code == .wrongKind)
    #expect(error(.missing)?.code == .wrongKind)
    var builder = try request()
    builder.force(.missing, in: .nasPDU, 0)
    #expect(throws: S1APError.self) { try builder.pdu() }
  }
}

extension [UInt8] {
  /// Where those octets start for the first time.
  fileprivate func place(of octets: [UInt8]) -> Int? { indices.first { self[$0...].starts(with: octets) } }

  /// How often those octets are there.
  fileprivate func count(of octets: some Collection<UInt8>) -> Int { indices.count { self[$0...].starts(with: octets) } }
}
