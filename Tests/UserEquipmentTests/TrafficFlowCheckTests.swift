import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// The TFT in requests of the network: TS 24.301 §6.4.2.4, §6.4.3.4.
@Suite struct TrafficFlowCheckTests {
  typealias Flows = TrafficFlowTemplate

  static func filter(
    _ identifier: UInt8, precedence: UInt8? = nil, _ direction: PacketFilter.Direction = .bidirectional,
    _ components: [PacketFilter.Component] = [.protocolIdentifier(17)]
  ) -> PacketFilter {
    PacketFilter(identifier: identifier, direction: direction, precedence: precedence ?? identifier, components: components)
  }

  /// TFT octets as the network codes them, rightly or not.
  static func coded(_ octets: [UInt8]) throws -> Flows { try Flows(decoding: ValuePart(octets[...])) }

  func fault(_ check: () throws -> Void) -> UInt8? {
    do { try check() } catch { return (error as? SessionRefusal)?.cause.rawValue }
    return nil
  }

  @Test("§6.4.2.4 a-d: the TFT of a new dedicated bearer")
  func activation() throws {
    func fault(_ flows: Flows) -> UInt8? { self.fault { try flows.checkAsNew() } }
    #expect(fault(Flows(.createNew, packetFilters: [Self.filter(1), Self.filter(2)])) == nil)
    // a 1.
    for operation in 0...7 as ClosedRange<UInt8> where operation != 1 {
      #expect(fault(Flows(Flows.Operation(rawValue: operation))) == 41)
    }
    // b 1, b 2.
    #expect(fault(Flows(.createNew)) == 42)
    #expect(fault(try Self.coded([0x21, 0x31, 1, 2, 0x30, 17, 0x32, 2, 2, 0x30, 17])) == 42)
    // c 1: no packet is of both versions of IP.
    let ipv4 = PacketFilter.Component(.ipv4RemoteAddress, [10, 0, 0, 1, 255, 255, 255, 255])
    let ipv6 = PacketFilter.Component(.ipv6RemotePrefix, [UInt8](repeating: 0xFE, count: 17))
    #expect(fault(Flows(.createNew, packetFilters: [Self.filter(1, .bidirectional, [ipv4, ipv6])])) == 44)
    // c 2; a filter without a direction is for both.
    #expect(fault(Flows(.createNew, packetFilters: [Self.filter(1, .downlinkOnly)])) == 44)
    for direction in [.preRelease7, .uplinkOnly] as [PacketFilter.Direction] {
      #expect(fault(Flows(.createNew, packetFilters: [Self.filter(1, direction), Self.filter(2, .downlinkOnly)])) == nil)
    }
    // d 1, d 2.
    #expect(fault(Flows(.createNew, packetFilters: [Self.filter(1), Self.filter(1, precedence: 2)])) == 45)
    #expect(fault(Flows(.createNew, packetFilters: [Self.filter(1), Self.filter(2, precedence: 1)])) == 45)
    // d 3: a reserved component, one that is longer than its filter, none at all, one twice.
    for component in [[0x99, 0], [0x50, 1], [], [0x30, 17, 0x30, 6]] as [[UInt8]] {
      #expect(fault(try Self.coded([0x21, 0x31, 1, UInt8(component.count)] + component)) == 45)
    }
  }

  /// The identifiers of the filters afterwards; nil where there is no TFT.
  func applied(_ change: Flows, to existing: Flows?, isDefault: Bool = false) throws -> [UInt8]? {
    try change.applied(to: existing, ofDefaultBearer: isDefault)?.packetFilters.map(\.identifier)
  }

  static let existing = Flows(.createNew, packetFilters: [filter(1), filter(2)])

  @Test("§6.4.3.4: what is no error")
  func modificationsThatAreNoError() throws {
    // a 1: a new TFT takes the place of the old one.
    #expect(try applied(Flows(.createNew, packetFilters: [Self.filter(3)]), to: Self.existing) == [3])
    // b 3, b 4: a filter that is not there is added, or counts as deleted.
    #expect(try applied(Flows(.replacePacketFilters, packetFilters: [Self.filter(9)]), to: Self.existing) == [1, 2, 9])
    #expect(try applied(Flows(.deletePacketFilters, deletedFilters: [9]), to: Self.existing) == [1, 2])
    // d 1: the same identifier as an old one.
    #expect(try applied(Flows(.addPacketFilters, packetFilters: [Self.filter(1, precedence: 7)]), to: Self.existing) == [2, 1])
    // a 2, a 3 of a default bearer.
    #expect(try applied(Flows(.addPacketFilters, packetFilters: [Self.filter(1)]), to: nil, isDefault: true) == [1])
    #expect(try applied(Flows(.replacePacketFilters, packetFilters: [Self.filter(1)]), to: nil, isDefault: true) == [1])
    #expect(try applied(Flows(.deleteExisting), to: nil, isDefault: true) == nil)
    #expect(try applied(Flows(.deletePacketFilters, deletedFilters: [1]), to: nil, isDefault: true) == nil)
    #expect(try applied(Flows(.deletePacketFilters, deletedFilters: [1, 2]), to: Self.existing, isDefault: true) == nil)
    #expect(try applied(Flows(.deleteExisting), to: Self.existing, isDefault: true) == nil)
    // Parameters alone.
    #expect(try applied(Flows(.noOperation, parameters: []), to: Self.existing) == [1, 2])
  }

  @Test("§6.4.3.4: what is refused, and with which cause")
  func modificationsThatAreErrors() throws {
    func fault(_ change: Flows, isDefault: Bool = false) -> UInt8? {
      self.fault { _ = try applied(change, to: Self.existing, isDefault: isDefault) }
    }
    // a 3, a 4.
    #expect(fault(Flows(.deletePacketFilters, deletedFilters: [1, 2])) == 41)
    #expect(fault(Flows(.deleteExisting)) == 41)
    for isDefault in [true, false] {
      // b 1.
      for operation in [.createNew, .addPacketFilters, .replacePacketFilters, .deletePacketFilters] as [Flows.Operation] {
        #expect(fault(Flows(operation), isDefault: isDefault) == 42)
      }
      // b 2, b 6.
      #expect(fault(try Self.coded([0xC1, 0x31, 1, 2, 0x30, 17]), isDefault: isDefault) == 42)
      #expect(fault(try Self.coded([0xA1, 1, 2]), isDefault: isDefault) == 42)
      #expect(fault(Flows(Flows.Operation(rawValue: 7)), isDefault: isDefault) == 42)
      // d 1, d 3.
      let twice = Flows(.addPacketFilters, packetFilters: [Self.filter(3), Self.filter(3, precedence: 4)])
      #expect(fault(twice, isDefault: isDefault) == 45)
      #expect(fault(try Self.coded([0x61, 0x33, 3, 2, 0x99, 0]), isDefault: isDefault) == 45)
    }
    #expect(fault(try Self.coded([0x41, 0x31, 1, 2, 0x30, 17]), isDefault: true) == 42)
    // c 2: none is left for the uplink. A default bearer needs none.
    let down = Flows(.createNew, packetFilters: [Self.filter(3, .downlinkOnly)])
    #expect(fault(down) == 44)
    #expect(fault(down, isDefault: true) == nil)
  }

  @Test("As many filters as there are identifiers do no harm")
  func sixteenFilters() throws {
    let many = Flows(.createNew, packetFilters: (0..<15).map { Self.filter($0) })
    #expect(try applied(Flows(.addPacketFilters, packetFilters: [Self.filter(15)]), to: many)?.count == 16)
  }

  // MARK: At the UE

  @Test("A TFT whose filters do not fit its number is #42, in both requests")
  func numberThatDoesNotFit() throws {
    for (octets, type) in [
      ([0x72, 0, 0xC5, 0x05, 0x01, 0x09, 0x06, 0x22, 0x31, 0x01, 0x02, 0x30, 17], NASMessageType.activateDedicatedEPSBearerContextReject),
      ([0x52, 0, 0xC9, 0x36, 0x06, 0x22, 0x31, 0x01, 0x02, 0x30, 17], .modifyEPSBearerContextReject),
    ] as [([UInt8], NASMessageType)] {
      let bench = try Bench.registered()
      let sent = try bench.assertSends(
        bench.deliver(bench.network.pdu(octets, .ciphered, using: &bench.engine)), type, header: .integrityProtectedAndCiphered)
      #expect(sent.encoded().last == 42)
    }
  }

  @Test("A default bearer takes a TFT and an APN-AMBR by modification")
  func defaultBearer() throws {
    let bench = try Bench.registered()
    var request = SessionTests.modification(bearer: 5, flows: Self.existing)
    request.set(ModifyEPSBearerContextRequest.apnAMBR, APNAMBR(downlink: 1000, uplink: 500))
    try bench.assertSends(bench.deliver(request, .ciphered), .modifyEPSBearerContextAccept, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.bearers[0].trafficFlowTemplate?.packetFilters == Self.existing.packetFilters)
    #expect(bench.ue.bearers[0].apnAMBR == APNAMBR(downlink: 1000, uplink: 500))
    bench.deliver(SessionTests.modification(bearer: 5, flows: Flows(.deleteExisting)), .ciphered)
    #expect(bench.ue.bearers[0].trafficFlowTemplate == nil)
  }

  @Test("d 2: an older filter with the same precedence goes, and the network is asked to delete it too")
  func precedenceOfADedicatedBearer() throws {
    let bench = try Bench.registered()
    _ = try bench.opened(bench.deliver(SessionTests.dedicated(bearer: 6, flows: Self.existing), .ciphered))
    let new = Flows(.createNew, packetFilters: [Self.filter(4, precedence: 2)])
    let sent = try bench.opened(bench.deliver(SessionTests.dedicated(bearer: 7, flows: new), .ciphered)).map(\.message)
    #expect(sent.map(\.type) == [.activateDedicatedEPSBearerContextAccept, .bearerResourceModificationRequest])
    let request = try #require(sent.last)
    #expect(try request[BearerResourceModificationRequest.epsBearerIdentityForPacketFilter].rawValue == 6)
    #expect(try request[BearerResourceModificationRequest.trafficFlowAggregate].deletedFilters == [2])
    #expect(try request[BearerResourceModificationRequest.esmCause] == nil)
    #expect(bench.ue.dedicatedBearers.map { $0.trafficFlowTemplate.packetFilters.map(\.identifier) } == [[1], [4]])
    // A modification does the same; nothing is left of bearer 6, so its release is asked for.
    let last = Flows(.addPacketFilters, packetFilters: [Self.filter(5, precedence: 1)])
    let again = try bench.opened(bench.deliver(SessionTests.modification(bearer: 7, flows: last), .ciphered)).map(\.message)
    #expect(again.map(\.type) == [.modifyEPSBearerContextAccept, .bearerResourceModificationRequest])
    #expect(try again.last?[BearerResourceModificationRequest.esmCause] == .regularDeactivation)
    #expect(bench.ue.dedicatedBearers.map { $0.trafficFlowTemplate.packetFilters.map(\.identifier) } == [[], [4, 5]])
  }

  @Test("d 2: if the older filter is the default bearer's the PDN connection is released, the last one by a detach and a new attach")
  func precedenceOfADefaultBearer() throws {
    let bench = try Bench.registered()
    bench.deliver(SessionTests.modification(bearer: 5, flows: Self.existing), .ciphered)
    let new = Flows(.createNew, packetFilters: [Self.filter(4, precedence: 2)])
    try bench.assertSends(
      bench.deliver(SessionTests.dedicated(flows: new), .ciphered), .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.dedicatedBearers.isEmpty)
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    try bench.assertSends(bench.give(.radioConnectionReleased), .attachRequest, header: .integrityProtected)

    let other = try Bench.registered()
    _ = try other.opened(other.give(.requestSession(.connect("ims"))))
    let transaction = try #require(other.ue.sessions.transactions.first).identity
    _ = try other.opened(other.deliver(Bench.activation(transaction: transaction, bearer: 8), .ciphered))
    _ = try other.opened(other.deliver(SessionTests.modification(bearer: 8, flows: Self.existing), .ciphered))
    for expected in [[NASMessageType.pdnDisconnectRequest], []] {
      // T3485 sends it again; the release is under way.
      let sent = try other.opened(other.deliver(SessionTests.dedicated(bearer: 6, linked: 8, flows: new), .ciphered))
      #expect(sent.map(\.message.type) == expected)
    }
  }
}
