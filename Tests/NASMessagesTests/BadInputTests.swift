import Testing

@testable import NASMessages

@Suite struct BadInputTests {
  @Test func everyTruncationIsAnErrorInsideTheMessageOrAShorterMessage() throws {
    let vectors = try TableVector.all().map { ($0.octets, $0.direction) }
    let captured = try CapturedNAS.all().map { ($0.octets, $0.direction) }
    var errors = 0
    for (octets, direction) in vectors + captured {
      for length in 0..<octets.count {
        let cut = Array(octets[..<length])
        do throws(NASDecodingError) {
          let pdu = try NASPDU(parsing: cut, direction: direction)
          #expect(pdu.encoded() == cut)
          switch pdu {
          case .plain(let message): _ = message.readEverything()
          case .protected(let envelope):
            if let message = try? NASMessage(decoding: envelope.payload, direction: direction) { _ = message.readEverything() }
          case .serviceRequest: break
          }
        } catch {
          #expect(0...length ~= error.offset, "\(error)")
          errors += 1
        }
      }
    }
    #expect(errors > 500)
  }

  @Test func oneHundredThousandMutationsNeverTrap() throws {
    var random = TestRandom(seed: 24_301)
    let seeds =
      try CapturedNAS.all().map(\.octets) + TableVector.all().map(\.octets) + CapturedNAS.all().compactMap { try $0.message()?.encoded() }
    var decoded = 0
    for round in 0..<100_000 {
      var octets = seeds[Int(random.next() % UInt64(seeds.count))]
      for _ in 0...random.next() % 4 { mutate(&octets, &random) }
      let direction: NASDirection? = round % 3 == 0 ? nil : round % 3 == 1 ? .uplink : .downlink
      do throws(NASDecodingError) {
        let pdu = try NASPDU(parsing: octets, direction: direction)
        if pdu.encoded() != octets { Issue.record("not the same octets: \(hexString(octets))") }
        decoded += 1
        guard round % 4 == 0 else { continue }
        switch pdu {
        case .plain(let message): _ = message.readEverything()
        case .protected(let envelope):
          _ = try NASMessage(decoding: envelope.payload, direction: direction).readEverything()
        case .serviceRequest: break
        }
      } catch {
        if error.offset > octets.count { Issue.record("offset outside: \(error)") }
      }
    }
    #expect(decoded > 10_000)
  }

  private func mutate(_ octets: inout [UInt8], _ random: inout TestRandom) {
    let value = random.next()
    guard !octets.isEmpty else { return octets.append(UInt8(truncatingIfNeeded: value)) }
    let place = Int(value >> 8) & 0xFFFF
    switch value % 6 {
    case 0: octets[place % octets.count] = UInt8(truncatingIfNeeded: value >> 32)
    case 1: octets[place % octets.count] ^= 1 << UInt8(value >> 32 & 7)
    case 2: octets.remove(at: place % octets.count)
    case 3: octets.insert(UInt8(truncatingIfNeeded: value >> 32), at: place % (octets.count + 1))
    case 4: octets.removeLast(place % octets.count)
    default: octets += octets[(place % octets.count)...]
    }
  }

  @Test func valuesReadFromMutatedElementsCanBeWritten() throws {
    var random = TestRandom(seed: 9)
    for table in MessageTable.all {
      for row in table.rows {
        for _ in 0..<200 {
          let raw = (0..<Int(random.next() % 20)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
          writeBack(row.valueType, raw)
        }
      }
    }
  }

  private func writeBack<Value: InformationElementValue>(_ type: Value.Type, _ raw: [UInt8]) {
    guard let value = try? Value(decoding: ValuePart(ArraySlice(raw))) else { return }
    var octets: [UInt8] = []
    value.encode(into: &octets)
    #expect(!value.description.isEmpty || octets.count <= 1, "\(type)")
  }

  @Test func sixtyFourKiBOfOneOctetElementsAreKeptInFewSlots() throws {
    let octets: [UInt8] = [0x07, 0x54] + [UInt8](repeating: 0x90, count: 65_533)
    let message = try NASMessage(decoding: octets)
    #expect(message.slots.count < 200)
    #expect(message.encoded() == octets)
    #expect(throws: NASDecodingError(.messageTooLong, offset: 65_535, expected: 65_535, found: 65_536)) {
      try NASMessage(decoding: octets + [0x90])
    }
  }

  @Test func messagesInsideMessagesGoOnlyAsDeepAsTheSpecificationLetsThem() throws {
    // SECURITY MODE COMPLETE in its own container, thousands deep: a tree that followed it would exhaust the stack.
    var octets: [UInt8] = [0x07, 0x5E]
    while octets.count < 65_000 {
      octets = [0x07, 0x5E, 0x79, UInt8(octets.count >> 8), UInt8(octets.count & 0xFF)] + octets
    }
    let message = try NASMessage(decoding: octets)
    #expect(message.informationElements.allSatisfy { $0.message == nil })
    #expect(message.readEverything() > 0)

    let attach = try #require(TableVector.all().first { $0.name == "ATTACH REQUEST" }).octets
    let replayed = try NASMessage(decoding: [0x07, 0x5E, 0x79, 0, UInt8(attach.count)] + attach)
    #expect(replayed.informationElements.first?.message?.type == .attachRequest)
  }

  @Test func `octets behind a SERVICE REQUEST are ignored and kept`() throws {
    let octets = hex("c70011223344")
    guard case .serviceRequest(let request) = try NASPDU(parsing: octets) else { throw NoServiceRequest() }
    #expect(request.shortMAC == 0x1122 && request.unknownOctets == [0x33, 0x44])
    #expect(request.encoded() == octets && request.authenticated == [0xC7, 0x00])
    #expect(request.replacing(ksi: 7) == [0xC7, 0xE0, 0x11, 0x22, 0x33, 0x44])
    #expect(try ServiceRequest(parsing: Array(octets.prefix(4))) != request)
  }

  private struct NoServiceRequest: Error {}

  @Test(arguments: [
    ("", NASDecodingError.Code.messageTooShort, 0), ("07", .messageTooShort, 1), ("0201", .messageTooShort, 2),
    ("0541", .unknownProtocolDiscriminator, 0), ("6741000000000041", .reservedSecurityHeaderType, 0),
    ("17", .truncated, 1), ("17010203", .truncated, 1), ("1701020304", .truncated, 5), ("170102030405", .truncated, 6),
    ("c7", .truncated, 1), ("c70011", .truncated, 2),
    ("0741", .missingMandatory, 2), ("074171", .missingMandatory, 3), ("07417108", .truncated, 4),
    ("075d020002", .truncated, 5), ("075d020001f0", .mandatoryTooShort, 5), ("0754 0500", .comprehensionRequired, 2),
  ])
  func aBrokenEnvelopeOrMessageIsATypedErrorWithItsPlace(text: String, code: NASDecodingError.Code, offset: Int) throws {
    do throws(NASDecodingError) {
      _ = try NASPDU(parsing: hex(text))
      Issue.record("decoded: \(text)")
    } catch {
      #expect(error.code == code)
      #expect(error.offset == offset)
      #expect(!error.description.isEmpty)
    }
  }
}
