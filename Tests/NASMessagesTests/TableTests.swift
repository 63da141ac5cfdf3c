import Testing

@testable import NASMessages

@Suite struct TableTests {
  @Test func everyTableIsFoundByItsTypeAndNumbersItsLines() {
    #expect(MessageTable.all.count == 60)
    for table in MessageTable.all {
      #expect(LayoutIndex.shared.layout(of: table.type)?.type == table.type)
      #expect(!table.type.name.hasPrefix("unknown"))
      for (index, row) in table.rows.enumerated() { #expect(row.index == index) }
      let identifiers = table.rows.compactMap(\.identifier)
      #expect(Set(identifiers).count == identifiers.count, "\(table.type): an identifier twice")
      for row in table.rows {
        #expect((row.format == .tvHalfOctet) == ((row.identifier ?? 0) & 0x80 != 0), "\(table.type) / \(row.label)")
      }
    }
  }

  /// TS 24.301 §9.8: but for SECURITY PROTECTED NAS MESSAGE and SERVICE REQUEST, which have no message type octet.
  @Test func everyMessageTypeWithANameHasATable() {
    for octet in 0...255 as ClosedRange<UInt8> {
      for type in [NASMessageType.emm(octet), .esm(octet)] where !type.name.hasPrefix("unknown") {
        #expect(NASMessage(type).isKnown, "\(type)")
      }
    }
    #expect(NASMessage(.detachRequestFromNetwork).isKnown)
  }

  /// The vectors come from the specification's tables by another way than the Swift tables.
  @Test func everyElementOfEveryMessageIsFoundWhereItLies() throws {
    let vectors = try TableVector.all()
    #expect(vectors.count == 60)
    for vector in vectors {
      let message = try NASMessage(decoding: vector.octets, direction: vector.direction)
      #expect(message.type.name == vector.name)
      #expect(message.encoded() == vector.octets)
      let found = message.informationElements
      #expect(found.map(\.name) == vector.elements.map(\.name), "\(vector.name)")
      for (element, expected) in zip(found, vector.elements) {
        #expect(element.standing == .accepted, "\(vector.name) / \(element.name)")
        #expect(element.octets.startIndex == expected.offset, "\(vector.name) / \(element.name)")
        #expect(element.octets.count == expected.length, "\(vector.name) / \(element.name)")
      }
    }
  }

  @Test func everyFieldOfEveryTableIsSetWrittenReadAndFoundEqual() throws {
    for table in MessageTable.all {
      for row in table.rows { try roundTrip(row.valueType, row, table) }
    }
  }

  private func roundTrip<Value: InformationElementValue>(
    _ type: Value.Type, _ row: InformationElementRow, _ table: MessageTable
  ) throws {
    var message = NASMessage(table.type, procedureTransactionIdentity: 7, epsBearerIdentity: 5)
    for other in table.rows where other.identifier == nil {
      message.setRaw(MandatoryField<OpaqueValue>(row: other), sample(other))
    }
    let part = ValuePart(ArraySlice(sample(row)))
    let value = try Value(decoding: part)
    let read: NASMessage
    if row.identifier == nil {
      let field = MandatoryField<Value>(row: row)
      message.set(field, value)
      read = try NASMessage(decoding: message.encoded(), direction: direction(table.type))
      #expect(try read[field] == value, "\(table.type) / \(row.label)")
      #expect(Array(try #require(read.raw(field))) == sample(row), "\(table.type) / \(row.label)")
    } else {
      let field = OptionalField<Value>(row: row)
      message.set(field, value)
      read = try NASMessage(decoding: message.encoded(), direction: direction(table.type))
      #expect(try read[field] == value, "\(table.type) / \(row.label)")
      #expect(Array(try #require(read.raw(field))) == sample(row), "\(table.type) / \(row.label)")
      var without = read
      without.set(field, nil)
      #expect(!without.contains(field))
      #expect(without.octets.count < read.octets.count)
    }
    #expect(read == message)
    #expect(read.readEverything() > 0, "\(table.type) / \(row.label)")
  }

  private func direction(_ type: NASMessageType) -> NASDirection { type.isNetworkVariant ? .downlink : .uplink }

  /// Octets that the line's value type reads and writes back as they are.
  private func sample(_ row: InformationElementRow) -> [UInt8] {
    switch row.valueType {
    case is EPSMobileIdentity.Type: hex("f600f110800101c0000001")
    case is MobileIdentity.Type: row.valueLength.lowerBound == 9 ? hex("3355667788990000f1") : hex("f4c0000001")
    case is TAIList.Type: hex("0000f1100007")
    case is ESMMessageContainer.Type: hex("0201da")
    case is ReplayedNASMessageContainer.Type: hex("0760 6f")
    case is AccessPointName.Type: hex("08696e7465726e6574")
    case is PDNAddress.Type: hex("010a2d0002")
    case is ProtocolConfigurationOptions.Type, is ExtendedProtocolConfigurationOptions.Type: hex("80000d00")
    case is NetworkExtendedProtocolConfigurationOptions.Type: hex("800023000101")
    case is EmergencyNumberList.Type: hex("03011199")
    case is ExtendedEmergencyNumberList.Type: hex("0001f100")
    case is CipheringKeyData.Type: hex("0001" + "000102030405060708090a0b0c0d0e0f" + "01aa" + "80000000" + "6211010000" + "003c" + "00")
    case is RemoteUEContextList.Type: hex("00")
    case is SupportedCodecList.Type: hex("04026004")
    case is NBIFOMContainer.Type: hex("010101")
    case is UniversalTime.Type: hex("62113231900069").map { $0 & 0x77 }
    default:
      row.format == .halfOctet || row.format == .tvHalfOctet
        ? [1] : (0..<max(1, row.valueLength.lowerBound)).map { UInt8($0 + 1) }
    }
  }

  @Test func elementsSetInAnyOrderLieInTheOrderOfTheTable() throws {
    var random = TestRandom(seed: 1)
    for table in MessageTable.all {
      var inOrder = NASMessage(table.type)
      for row in table.rows { inOrder.setRaw(OptionalField<OpaqueValue>(row: row), sample(row)) }
      for _ in 0..<20 {
        var message = NASMessage(table.type)
        for row in table.rows.shuffled(using: &random) { message.setRaw(OptionalField<OpaqueValue>(row: row), sample(row)) }
        #expect(message == inOrder, "\(table.type)")
        let read = try NASMessage(decoding: message.encoded(), direction: direction(table.type))
        #expect(read.informationElements.map(\.name) == table.rows.map(\.label))
      }
    }
  }
}
