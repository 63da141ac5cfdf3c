import Testing

@testable import NASMessages

/// What was read says all that was there: messages written anew from their values are the octets of the wire.
@Suite struct RebuildingTests {
  @Test func everyCapturedMessageIsRebuiltFromItsValues() throws {
    var rebuilt = 0
    var unreadable: [String] = []
    for pdu in try CapturedNAS.all() {
      guard let message = try pdu.message() else { continue }
      try check(message, "\(pdu)", &unreadable)
      rebuilt += 1
    }
    #expect(rebuilt == 88)
    // One client ends its protocol configuration options with a stray octet: no container, and nothing to read.
    #expect(Set(unreadable) == ["PDN CONNECTIVITY REQUEST"])
  }

  private func check(_ message: NASMessage, _ origin: String, _ unreadable: inout [String]) throws {
    #expect(try message.rebuilt().encoded() == message.encoded(), "\(origin): \(message.type)")
    if (try? message.rebuilt(copiesUnreadable: false)) == nil { unreadable.append(message.type.name) }
    for element in message.informationElements {
      if let inner = element.message { try check(inner, origin, &unreadable) }
    }
  }

  @Test func aValueThatDropsABitIsSeen() throws {
    // EPS mobile identity with a spare digit that is not 1111: the IMSI read does not tell it.
    let octets: [UInt8] = [0x07, 0x55, 0x01]
    let message = try NASMessage(decoding: octets, direction: .downlink)
    #expect(try message.rebuilt().encoded() == octets)
    // A spare half octet is kept through its own field.
    let spare: [UInt8] = [0x07, 0x55, 0xA1]
    #expect(try NASMessage(decoding: spare, direction: .downlink).rebuilt().encoded() == spare)
  }

  @Test func unknownAndRepeatedElementsAreCopied() throws {
    // EMM INFORMATION with an unknown optional element and a repeated time zone.
    let octets: [UInt8] = [0x07, 0x61, 0x46, 0x40, 0x2A, 0x02, 0x01, 0x02, 0x46, 0x44]
    let message = try NASMessage(decoding: octets, direction: .downlink)
    #expect(try message.rebuilt().encoded() == octets)
  }
}
