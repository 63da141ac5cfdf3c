import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// The uplink COUNT is used up when a procedure is to begin: TS 24.301 §4.4.3.5. The connection goes instead of the message, and the eKSI
/// before the next one.
@Suite struct CountExhaustionTests {
  private func exhausted(idle: Bool, combined: Bool = false) throws -> Bench {
    let bench = combined ? try NonEPSServicesTests().combined() : Bench()
    bench.give(.campedOn(Bench.area))
    if !combined { try bench.attach() }
    if idle { bench.give(.radioConnectionReleased) }
    let context = try #require(bench.ue.contexts.current)
    bench.ue.contexts = SecurityContexts(
      current: SecurityContext(
        kasme: context.kasme, keySetIdentifier: context.keySetIdentifier, side: .userEquipment, algorithms: context.algorithms,
        counts: NASCountPair(nextToSend: nil, largestAccepted: context.downlinkNASCount), using: &bench.engine))
    return bench
  }

  /// The request opened a connection of its own, plain and without a key.
  private func opensPlain(
    _ bench: Bench, _ outputs: [UE.Output], _ type: NASMessageType, wasConnected: Bool,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> NASMessage {
    #expect(outputs.contains(.releaseConnection) == wasConnected, sourceLocation: sourceLocation)
    let establishes = outputs.contains { if case .establishConnection = $0 { true } else { false } }
    #expect(establishes && bench.ue.contexts.current == nil, sourceLocation: sourceLocation)
    return try bench.assertSends(outputs, type, header: .plain, sourceLocation: sourceLocation)
  }

  @Test(arguments: [true, false])
  func `an update: over a connection of its own, plain`(isIdle: Bool) throws {
    let bench = try exhausted(idle: isIdle)
    let request = try opensPlain(
      bench, bench.give(.updateTrackingArea(isActive: false)), .trackingAreaUpdateRequest, wasConnected: !isIdle)
    #expect(try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == .noKey)
    #expect(bench.ue.state == .trackingAreaUpdatingInitiated && !bench.ue.hasSecureExchange)
  }

  @Test(arguments: [true, false])
  func `a call by CS fallback: an update in its place`(isIdle: Bool) throws {
    let bench = try exhausted(idle: isIdle, combined: true)
    let outputs = bench.give(.requestCSFallback(.originating))
    _ = try opensPlain(bench, outputs, .trackingAreaUpdateRequest, wasConnected: !isIdle)
  }

  @Test(arguments: [true, false])
  func `a detach from non-EPS services: plain, with no key in it`(isIdle: Bool) throws {
    let bench = try exhausted(idle: isIdle, combined: true)
    let request = try opensPlain(bench, bench.give(.detachFromNonEPSServices), .detachRequestFromUE, wasConnected: !isIdle)
    #expect(try request[DetachRequestFromUE.nasKeySetIdentifier] == .noKey)
    #expect(bench.ue.state == .registeredSubstate(.imsiDetachInitiated))
  }

  @Test(arguments: [true, false], [true, false])
  func `a detach and switching off: plain, with no key in it, and EMM-NULL after switching off`(isIdle: Bool, switchOff: Bool) throws {
    let bench = try exhausted(idle: isIdle)
    let outputs = bench.give(.detach(switchOff: switchOff))
    let request = try opensPlain(bench, outputs, .detachRequestFromUE, wasConnected: !isIdle)
    #expect(try request[DetachRequestFromUE.nasKeySetIdentifier] == .noKey)
    #expect(bench.ue.state == (switchOff ? .null : .deregisteredInitiated))
    #expect(outputs.events == (switchOff ? [.detached(.byUser(switchOff: true, acknowledged: false))] : []))
    #expect(outputs.started.contains(.t3421) == !switchOff)
  }

  @Test func `a DETACH REQUEST that T3421 would send again: the detach is over, and no T3421 runs (§5.5.2.2.4 b)`() throws {
    let bench = try ConnectionTests().nearTheEnd(1)
    bench.give(.detach(switchOff: false))
    let outputs = bench.give(.timerExpired(.t3421))
    #expect(outputs.uplinks.isEmpty && outputs.contains(.releaseConnection) && outputs.started.isEmpty)
    #expect(bench.ue.state == .deregistered(.normalService) && bench.ue.contexts.current == nil)
  }
}
