import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// What a UE makes of traffic flow templates (TS 24.301 §6.4.2.4, §6.4.3.4).
@Suite struct TrafficFlowTests {
  private static func filter(
    _ identifier: UInt8, _ precedence: UInt8, _ direction: PacketFilter.Direction = .bidirectional
  ) -> PacketFilter {
    PacketFilter(
      identifier: identifier, direction: direction, precedence: precedence,
      components: [PacketFilter.Component(.protocolIdentifier, [17])])
  }

  private static func flows(_ operation: TrafficFlowTemplate.Operation, _ filters: [PacketFilter]) -> TrafficFlowTemplate {
    TrafficFlowTemplate(operation, packetFilters: filters)
  }

  /// A template of these octets, however wrong.
  private static func octets(_ octets: [UInt8], in message: NASMessage) -> [UInt8] { message.encoded() + octets }

  /// Registered, dedicated bearer 6 with filters 1 and 2.
  private func bench() throws -> Bench {
    let bench = try SessionTests.attached()
    bench.deliver(SessionTests.dedicated(flows: Self.flows(.createNew, [Self.filter(1, 1), Self.filter(2, 2)])), .ciphered)
    return bench
  }

  private func cause(_ outputs: [UE.Output], _ bench: Bench) throws -> ESMCause? {
    let sent = try #require(try bench.opened(outputs).first).message
    switch sent.type {
    case .activateDedicatedEPSBearerContextReject: return try sent[ActivateDedicatedEPSBearerContextReject.esmCause]
    case .modifyEPSBearerContextReject: return try sent[ModifyEPSBearerContextReject.esmCause]
    default: return nil
    }
  }

  @Test func `a new bearer: operation, empty list, identifiers and precedences twice, no filter for the uplink`() throws {
    let cases: [(TrafficFlowTemplate, ESMCause)] = [
      (Self.flows(.addPacketFilters, [Self.filter(1, 1)]), .semanticErrorInTheTFTOperation),
      (Self.flows(.createNew, []), .syntacticalErrorInTheTFTOperation),
      (Self.flows(.createNew, [Self.filter(1, 1), Self.filter(1, 2)]), .syntacticalErrorsInPacketFilter),
      (Self.flows(.createNew, [Self.filter(1, 1), Self.filter(2, 1)]), .syntacticalErrorsInPacketFilter),
      (Self.flows(.createNew, [Self.filter(1, 1, .downlinkOnly)]), .semanticErrorsInPacketFilter),
    ]
    for (flows, expected) in cases {
      let bench = try SessionTests.attached()
      #expect(try cause(bench.deliver(SessionTests.dedicated(flows: flows), .ciphered), bench) == expected, "\(flows)")
      #expect(bench.ue.dedicatedBearers.isEmpty)
    }
    // A reserved component, of which nobody knows the length.
    var reserved = Self.filter(1, 1)
    reserved.rest = [0x99, 1]
    let bench = try SessionTests.attached()
    let flows = Self.flows(.createNew, [reserved])
    #expect(try cause(bench.deliver(SessionTests.dedicated(flows: flows), .ciphered), bench) == .syntacticalErrorsInPacketFilter)
  }

  @Test func `a changed bearer: what is an error`() throws {
    let cases: [(TrafficFlowTemplate, ESMCause)] = [
      (Self.flows(.deleteExisting, []), .semanticErrorInTheTFTOperation),
      (TrafficFlowTemplate(.deletePacketFilters, deletedFilters: [1, 2]), .semanticErrorInTheTFTOperation),
      (Self.flows(.createNew, []), .syntacticalErrorInTheTFTOperation),
      (Self.flows(.addPacketFilters, []), .syntacticalErrorInTheTFTOperation),
      (Self.flows(.replacePacketFilters, []), .syntacticalErrorInTheTFTOperation),
      (TrafficFlowTemplate(.deletePacketFilters), .syntacticalErrorInTheTFTOperation),
      (Self.flows(.addPacketFilters, [Self.filter(3, 3), Self.filter(3, 4)]), .syntacticalErrorsInPacketFilter),
      (Self.flows(.createNew, [Self.filter(3, 3, .downlinkOnly)]), .semanticErrorsInPacketFilter),
    ]
    for (flows, expected) in cases {
      let bench = try bench()
      let before = bench.ue.dedicatedBearers
      #expect(try cause(bench.deliver(SessionTests.modification(bearer: 6, flows: flows), .ciphered), bench) == expected, "\(flows)")
      #expect(bench.ue.dedicatedBearers == before)
    }
  }

  @Test func `a changed bearer: what is none`() throws {
    let cases: [(TrafficFlowTemplate, [UInt8])] = [
      (Self.flows(.createNew, [Self.filter(5, 5)]), [5]), (Self.flows(.replacePacketFilters, [Self.filter(7, 7)]), [1, 2, 7]),
      (Self.flows(.addPacketFilters, [Self.filter(2, 9)]), [1, 2]),
      (TrafficFlowTemplate(.deletePacketFilters, deletedFilters: [9]), [1, 2]),
      (TrafficFlowTemplate(.noOperation), [1, 2]),
    ]
    for (flows, expected) in cases {
      let bench = try bench()
      try bench.assertSends(
        bench.deliver(SessionTests.modification(bearer: 6, flows: flows), .ciphered), .modifyEPSBearerContextAccept,
        header: .integrityProtectedAndCiphered)
      #expect(bench.ue.dedicatedBearers[0].trafficFlowTemplate.packetFilters.map(\.identifier) == expected, "\(flows)")
    }
  }

  @Test func `a default bearer has a template only when it is given one, and may lose it`() throws {
    let bench = try SessionTests.attached()
    for (flows, expected) in [
      (Self.flows(.deleteExisting, []), nil), (Self.flows(.addPacketFilters, [Self.filter(1, 1)]), [1]),
      (TrafficFlowTemplate(.deletePacketFilters, deletedFilters: [1]), nil), (Self.flows(.createNew, [Self.filter(4, 4)]), [4]),
      (Self.flows(.deleteExisting, []), nil),
    ] as [(TrafficFlowTemplate, [UInt8]?)] {
      try bench.assertSends(
        bench.deliver(SessionTests.modification(bearer: 5, flows: flows), .ciphered), .modifyEPSBearerContextAccept,
        header: .integrityProtectedAndCiphered)
      #expect(bench.ue.bearers[0].trafficFlowTemplate?.packetFilters.map(\.identifier) == expected, "\(flows)")
    }
  }

  @Test func `an older filter of the same precedence goes, and the network is told (d 2)`() throws {
    let bench = try bench()
    let sent = try bench.opened(
      bench.deliver(SessionTests.dedicated(bearer: 7, flows: Self.flows(.createNew, [Self.filter(1, 2)])), .ciphered)
    ).map(\.message)
    #expect(sent.map(\.type) == [.activateDedicatedEPSBearerContextAccept, .bearerResourceModificationRequest])
    #expect(try sent[1][BearerResourceModificationRequest.epsBearerIdentityForPacketFilter].rawValue == 6)
    #expect(try sent[1][BearerResourceModificationRequest.trafficFlowAggregate].deletedFilters == [2])
    #expect(bench.ue.dedicatedBearers[0].trafficFlowTemplate.packetFilters.map(\.identifier) == [1])
    #expect(bench.ue.dedicatedBearers[1].trafficFlowTemplate.packetFilters.map(\.identifier) == [1])
  }

  @Test func `where the older filter is the default bearer's, the last PDN connection goes with a detach and a new attach (d 2)`() throws {
    let bench = try SessionTests.attached()
    bench.deliver(SessionTests.modification(bearer: 5, flows: Self.flows(.createNew, [Self.filter(1, 2)])), .ciphered)
    let sent = try bench.opened(
      bench.deliver(SessionTests.dedicated(bearer: 7, flows: Self.flows(.createNew, [Self.filter(1, 2)])), .ciphered)
    ).map(\.message.type)
    #expect(sent == [.activateDedicatedEPSBearerContextAccept, .detachRequestFromUE])
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    let again = bench.give(.radioConnectionReleased)
    #expect(again.contains { if case .establishConnection = $0 { true } else { false } })
    #expect(bench.ue.state == .registeredInitiated)
  }
}
