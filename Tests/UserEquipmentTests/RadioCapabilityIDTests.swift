import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// UE radio capability IDs (TS 24.301 §5.3.20, §5.4.3.3, Annex C).
@Suite struct RadioCapabilityIDTests {
  /// EEA, EIA, UEA, UIA as ever, and RACS in the last octet.
  static let capability = UENetworkCapability(octets: [0xF0, 0x70, 0xC0, 0x40, 0, 0, 0, 1])
  static let manufacturers = UERadioCapabilityID(octets: [0x21, 0x43])
  static let networks = UERadioCapabilityID(octets: [0x65, 0x87])

  private func bench(_ capability: UENetworkCapability = RadioCapabilityIDTests.capability) -> Bench {
    Bench(capability: capability) { $0.radioCapabilityID = Self.manufacturers }
  }

  /// SECURITY MODE COMPLETE to a command that asks for the ID.
  private func complete(_ bench: Bench) throws -> NASMessage {
    var message = bench.network.message(
      .init(capabilities: bench.ue.configuration.replayableCapabilities), eKSI: NASKeySetIdentifier(.native, value: 0))
    message.set(SecurityModeCommand.ueRadioCapabilityIDRequest, .requested)
    let pdu = bench.network.pdu(message, .init(headerType: .integrityProtectedNewContext), using: &bench.engine)
    return try bench.assertSends(bench.deliver(pdu), .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
  }

  private func attached(_ accept: NASMessage = Bench.attachAccept()) throws -> Bench {
    let bench = bench()
    bench.give(.attach)
    bench.deliver(bench.challenge(), .plain)
    bench.deliver(bench.securityModeCommand())
    bench.deliver(accept, .ciphered)
    return bench
  }

  @Test func `ATTACH REQUEST and TRACKING AREA UPDATE REQUEST say that there is one, a periodic update does not`() throws {
    let first = bench()
    let request = try first.assertSends(first.give(.attach), .attachRequest, header: .plain)
    #expect(try request[AttachRequest.ueRadioCapabilityIDAvailability]?.isAvailable == true)
    let registered = try attached()
    let update = try registered.assertSends(
      registered.give(.updateTrackingArea(isActive: false)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try update[TrackingAreaUpdateRequest.ueRadioCapabilityIDAvailability]?.isAvailable == true)
    let idle = try attached()
    idle.give(.radioConnectionReleased)
    let periodic = try idle.assertSends(idle.give(.timerExpired(.t3412)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try periodic[TrackingAreaUpdateRequest.ueRadioCapabilityIDAvailability] == nil)
  }

  @Test func `a SECURITY MODE COMMAND that asks for it is answered with the manufacturer's, one that does not ask is not`() throws {
    let bench = try attached()
    #expect(try complete(bench)[SecurityModeComplete.ueRadioCapabilityID] == Self.manufacturers)
    let plain = try bench.assertSends(
      bench.deliver(bench.securityModeCommand { $0.algorithms = NASAlgorithms(ciphering: .eea2, integrity: .eia2) }), .securityModeComplete,
      header: .integrityProtectedAndCipheredNewContext)
    #expect(try plain[SecurityModeComplete.ueRadioCapabilityID] == nil)
  }

  @Test func `the network's own goes before the manufacturer's, in its PLMN alone`() throws {
    var accept = Bench.attachAccept()
    accept.set(AttachAccept.ueRadioCapabilityID, Self.networks)
    let bench = try attached(accept)
    #expect(try complete(bench)[SecurityModeComplete.ueRadioCapabilityID] == Self.networks)
    bench.ue.servingTrackingArea = TrackingAreaIdentity(plmn: PLMN("26201")!, tac: 7)
    #expect(bench.ue.applicableRadioCapabilityID == Self.manufacturers)
  }

  @Test func `GUTI REALLOCATION COMMAND that deletes it: COMPLETE, then an update that says the manufacturer's is there`() throws {
    var accept = Bench.attachAccept()
    accept.set(AttachAccept.ueRadioCapabilityID, Self.networks)
    let bench = try attached(accept)
    var command = Bench.gutiReallocationCommand(Bench.guti)
    command.set(GUTIReallocationCommand.ueRadioCapabilityIDDeletionIndication, .networkAssigned)
    let sent = try bench.opened(bench.deliver(command, .ciphered)).map(\.message.type)
    #expect(sent == [.gutiReallocationComplete, .trackingAreaUpdateRequest])
    #expect(bench.ue.assignedRadioCapabilityIDs.isEmpty)
  }

  @Test func `TRACKING AREA UPDATE ACCEPT that brings one is acknowledged; one that deletes it leads to another update`() throws {
    let bench = try attached()
    bench.give(.updateTrackingArea(isActive: false))
    try bench.synchroniseNetwork()
    var accept = Bench.updateAccept()
    accept.set(TrackingAreaUpdateAccept.ueRadioCapabilityID, Self.networks)
    try bench.assertSends(bench.deliver(accept, .ciphered), .trackingAreaUpdateComplete, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.applicableRadioCapabilityID == Self.networks)
    bench.give(.updateTrackingArea(isActive: false))
    try bench.synchroniseNetwork()
    var deletion = Bench.updateAccept()
    deletion.set(TrackingAreaUpdateAccept.ueRadioCapabilityIDDeletionIndication, .networkAssigned)
    let sent = try bench.opened(bench.deliver(deletion, .ciphered)).map(\.message.type)
    #expect(sent == [.trackingAreaUpdateComplete, .trackingAreaUpdateRequest])
    #expect(bench.ue.applicableRadioCapabilityID == Self.manufacturers)
  }

  @Test func `a UE without RACS says nothing of it and stores none`() throws {
    let bench = bench(UEConfiguration.ordinaryCapability)
    let request = try bench.assertSends(bench.give(.attach), .attachRequest, header: .plain)
    #expect(try request[AttachRequest.ueRadioCapabilityIDAvailability] == nil)
    bench.deliver(bench.challenge(), .plain)
    bench.deliver(bench.securityModeCommand())
    #expect(try complete(bench)[SecurityModeComplete.ueRadioCapabilityID] == nil)
    var accept = Bench.attachAccept()
    accept.set(AttachAccept.ueRadioCapabilityID, Self.networks)
    bench.deliver(accept, .ciphered)
    #expect(bench.ue.assignedRadioCapabilityIDs.isEmpty)
  }

  @Test func `sixteen are kept, one for each PLMN, the oldest goes`() throws {
    let bench = try attached()
    for number in 0..<18 {
      bench.ue.servingTrackingArea = TrackingAreaIdentity(plmn: PLMN("26\(200 + number)")!, tac: 7)
      _ = bench.ue.takeRadioCapabilityID(UERadioCapabilityID(octets: [UInt8(number + 1)]), deleting: nil)
    }
    _ = bench.ue.takeRadioCapabilityID(Self.networks, deleting: nil)
    #expect(bench.ue.assignedRadioCapabilityIDs.count == 16)
    #expect(bench.ue.assignedRadioCapabilityIDs.first?.identity.octets == [3])
    #expect(bench.ue.applicableRadioCapabilityID == Self.networks)
  }
}
