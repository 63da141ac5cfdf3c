import Testing

@testable import GTPv2C

/// What is written is read back as it was, and to the same octets again.
@Suite struct RoundTripTests {
  @Test(arguments: Samples.messages) func `a message is read back as it was written`(message: GTPv2CMessage) throws {
    let octets = try message.encoded()
    let read = try GTPv2CMessage(decoding: octets)
    #expect(read == message)
    #expect(try read.encoded() == octets)
  }

  @Test(arguments: Samples.contexts) func `an MM context of every format is read back as it was written`(context: MMContext) throws {
    #expect(try MMContext(decoding: context.octets[...]) == context)
    #expect(try Samples.request(context).mmContext == context)
  }

  @Test func `old NH and NCC are there only with old NHI`() throws {
    guard case .eps(var security) = Samples.eps(old: true, vectors: false).security else { return }
    security.old?.nextHop = nil
    let context = MMContext(.eps(security))
    let read = try MMContext(decoding: context.octets[...])
    #expect(read.eps?.old?.nextHop == nil)
    #expect(read.eps?.old?.keySetIdentifier == 6)
    #expect(MMContext(.eps(Samples.eps(old: true, vectors: false).eps!)).octets.count == context.octets.count + 32)
  }

  @Test func `what follows the old context is read back, and what is not there is empty`() throws {
    var context = Samples.eps(old: true)
    var tail = EPSContextTail()
    tail.additionalSecurityCapability = [1, 2, 3, 4]
    tail.radioCapabilityForPaging = [9, 9]
    tail.contextType = .mapped
    context.setEPSTail(tail)
    #expect(try MMContext(decoding: context.octets[...]).epsTail == tail)
    #expect(try Samples.eps(old: true).epsTail == EPSContextTail())
    context.rest = [0, 0, 5, 1]
    #expect(throws: GTPv2CError.self) { try context.epsTail }
  }

  @Test(arguments: [
    TargetIdentification.macroENB(plmn: Samples.plmn, identity: 0xABCDE, trackingArea: 7),
    .homeENB(plmn: Samples.plmn, identity: 0xABC_DEF1, trackingArea: 7),
    .rnc(plmn: Samples.plmn, locationArea: 1, routingArea: 2, rnc: 0x123, extended: nil),
    .rnc(plmn: Samples.plmn, locationArea: 1, routingArea: 2, rnc: 0x123, extended: 0x4567), .other(type: 2, [1, 2, 3]),
  ])
  func `a target identification is read back as it was written`(target: TargetIdentification) throws {
    #expect(try TargetIdentification(decoding: target.octets[...]) == target)
  }

  @Test(arguments: ["001010123456780", "00101012345678", "1"]) func `an IMSI of any length is read back`(digits: String) throws {
    #expect(try IMSIDigits(decoding: IMSIDigits(digits).octets[...]).digits == digits)
  }

  @Test func `the octets of a Forward Relocation Request are those of the specification`() throws {
    var request = GTPv2CMessage(.forwardRelocationRequest, teid: 0x11223344, sequenceNumber: 0x0A0B0C)
    request.add(ForwardRelocationRequest.sender, FullyQualifiedTEID(.s10MME, teid: 1, address: [127, 0, 0, 1]))
    #expect(
      try request.encoded() == [
        0x48, 133, 0, 21, 0x11, 0x22, 0x33, 0x44, 0x0A, 0x0B, 0x0C, 0, 87, 0, 9, 0, 0x8C, 0, 0, 0, 1, 127, 0, 0, 1,
      ])
  }

  @Test func `every number of the grammar's answers is a message of the grammar`() {
    for (type, grammar) in MessageGrammar.all {
      if let answer = grammar.answer { #expect(MessageGrammar.all[answer] != nil, "\(type)") }
    }
  }
}
