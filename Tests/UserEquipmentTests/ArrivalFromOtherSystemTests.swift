import NASCrypto
import NASMessages
import NASSecurity
import RadioInterface
import Testing

@testable import UserEquipment

/// A handover from UTRAN, GERAN or N1 mode between its command and the access to the target cell, which may fail (TS 24.301 §4.4.2.2,
/// TS 36.331 §5.4.2).
@Suite struct ArrivalFromOtherSystemTests {
  /// Registered and idle: a current native context and a partial one; a full one alone; a mapped one with the native one aside.
  enum Held: CaseIterable, Sendable { case nativeAndPartial, native, mappedAndNative, mappedAndPartial, partial, nothing }

  static func bench(_ held: Held) throws -> Bench {
    let bench = Bench()
    switch held {
    case .native, .nativeAndPartial: try bench.attach()
    case .mappedAndNative, .mappedAndPartial: try bench.attachAndHandOver()
    case .partial, .nothing: try bench.attachAndRelease()
    }
    if held == .nativeAndPartial || held == .mappedAndPartial { bench.deliver(bench.challenge(eKSI: 3), .ciphered) }
    bench.give(.radioConnectionReleased)
    if held == .nothing || held == .partial { bench.ue.contexts = SecurityContexts() }
    if held == .partial { bench.ue.contexts = SecurityContexts(partial: try partialContext()) }
    return bench
  }

  private static func partialContext() throws -> PartialNativeSecurityContext {
    let bench = Bench()
    try bench.attach()
    bench.deliver(bench.challenge(eKSI: 3), .ciphered)
    return try #require(bench.ue.contexts.partialNative)
  }

  static func control(_ cell: UInt16 = 9) -> MobilityControl {
    MobilityControl(
      target: RadioCell(physicalCellIdentity: cell, downlinkEARFCN: 3350), temporaryIdentity: 61, keyChangeIndicator: false,
      nextHopChainingCount: 0, algorithms: AccessStratumAlgorithms(ciphering: .eea2, integrity: .eia2))
  }

  static func command(ksi: UInt8 = 6, ciphering: UInt8 = 2) -> UE.Input {
    .commandedToEUTRAN(.fromUTRAN(InterSystemTests.umts, Bench.container(ksi: ksi, ciphering: ciphering)), control())
  }

  static let five = FiveGSecurityContext(
    kamf: KeyMaterial([UInt8](repeating: 3, count: 32)), keySetIdentifier: 2, uplinkNASCount: NASCount(300),
    downlinkNASCount: NASCount(20), algorithms: InterSystemTests.algorithms)

  @Test(arguments: Held.allCases)
  func `T304 expires: the mapped context is deleted, what was current and what stood beside it are as before, and the UE goes back`(
    held: Held
  )
    throws
  {
    let bench = try Self.bench(held)
    bench.give(.noCellFound)
    let before = bench.ue
    let commanded = bench.give(Self.command())
    #expect(commanded.contains(.radio(.startTimer(.t304, after: .seconds(1)))))
    #expect(commanded.contains { if case .radio(.access) = $0 { true } else { false } })
    #expect(commanded.uplinks.isEmpty, "the update comes after the handover (§4.4.2.3)")
    let failed = bench.give(.radio(.timerExpired(.t304)))
    #expect(failed.contains(.radio(.returnToSource)))
    #expect(failed.uplinks.isEmpty)
    #expect(bench.ue.contexts == before.contexts)
    #expect(bench.ue == before)
    // The access comes too late, and there is none.
    #expect(bench.give(.radio(.accessed)).isEmpty && bench.ue == before)
  }

  @Test(arguments: Held.allCases)
  func `access succeeds: T304 stops, the mapped context is in force, and the update is the first message under it`(held: Held) throws {
    let bench = try Self.bench(held)
    let before = bench.ue.contexts
    bench.give(.noCellFound)
    bench.network.pending = nil
    bench.network.current = SecurityContext(
      handover: InterSystemTests.umts, nonceMME: 0xABCD, keySetIdentifier: 6, side: .mme, algorithms: InterSystemTests.algorithms,
      using: &bench.engine)
    bench.give(Self.command())
    #expect(bench.ue.contexts == before, "not in force before the target cell is reached")
    let outputs = bench.give(.radio(.accessed))
    #expect(outputs.contains(.radio(.stopTimer(.t304))))
    let request = try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.mapped, value: 6))
    #expect(bench.ue.contexts.current?.eKSI == NASKeySetIdentifier(.mapped, value: 6))
    switch held {
    case .native, .nativeAndPartial:
      let native = try #require(before.current)
      #expect(bench.ue.contexts.nonCurrent == NativeSecurityContext(native).map { .fullNative($0) })
    case .mappedAndNative, .mappedAndPartial, .partial, .nothing: #expect(bench.ue.contexts.nonCurrent == before.nonCurrent)
    }
    let kasme = try #require(bench.ue.contexts.current?.kasme)
    let keNB = bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: .max)
    #expect(bench.ue.accessStratum?.keys.keNB == keNB)
    #expect(bench.ue.hasSecureExchange)
    // T304 that expired nevertheless is of no handover any more.
    #expect(bench.give(.radio(.timerExpired(.t304))).isEmpty)
    #expect(bench.words(bench.deliver(Bench.updateAccept(), .ciphered)).contains("event: trackingAreaUpdated"))
  }

  @Test func `a handover from N1 mode that fails leaves the contexts too`() throws {
    let bench = try Self.bench(.nativeAndPartial)
    bench.give(.noCellFound)
    let before = bench.ue
    bench.give(
      .commandedToEUTRAN(.fromN1(Self.five, containerCount: NASCount(21), mappedGUTI: InterSystemTests.mappedGUTI), Self.control()))
    #expect(bench.give(.radio(.timerExpired(.t304))).contains(.radio(.returnToSource)))
    #expect(bench.ue == before)
  }

  @Test func `after a failure the UE comes with its old context, or by another handover with another mapped one`() throws {
    let bench = try Self.bench(.native)
    let native = try #require(bench.ue.contexts.current)
    bench.give(.noCellFound)
    bench.give(Self.command())
    bench.give(.radio(.timerExpired(.t304)))
    var copy = bench.ue
    let outputs = bench.give(
      .enteredFromUTRAN(IdleChangeFromUTRAN(umts: InterSystemTests.umts, mappedGUTI: InterSystemTests.mappedGUTI)))
    let request = try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == native.eKSI)
    swap(&copy, &bench.ue)
    bench.give(Self.command(ksi: 5))
    bench.give(.radio(.accessed))
    #expect(bench.ue.contexts.current?.eKSI == NASKeySetIdentifier(.mapped, value: 5))
    #expect(bench.ue.contexts.nonCurrentNativeKeySetIdentifier == native.eKSI)
  }

  @Test func `on its way the UE says nothing in E-UTRAN, and hears nothing`() throws {
    let bench = try Self.bench(.native)
    bench.give(Self.command())
    let before = bench.ue
    #expect(before.state == .registeredSubstate(.noCellAvailable))
    for input in [UE.Input.requestService, .updateTrackingArea(isActive: true), .paged(ServiceTests.ours), .radio(.linkFailed)] {
      #expect(bench.give(input).uplinks.isEmpty)
      #expect(bench.ue.contexts == before.contexts && !bench.ue.isConnected)
    }
    bench.ue = before
    bench.deliver(bench.network.pdu(Bench.identityRequest(.imsi), .plain, using: &bench.engine))
    #expect(bench.ue == before)
  }

  @Test func `who finds a cell otherwise, or is switched off, is on its way no longer`() throws {
    for input in [
      UE.Input.campedOn(Bench.area),
      .enteredFromUTRAN(IdleChangeFromUTRAN(umts: InterSystemTests.umts, mappedGUTI: InterSystemTests.mappedGUTI)),
      .detach(switchOff: true),
    ] {
      let bench = try Self.bench(.native)
      let native = try #require(bench.ue.contexts.current)
      bench.give(Self.command())
      #expect(bench.give(input).contains(.radio(.stopTimer(.t304))))
      let after = bench.ue
      #expect(bench.give(.radio(.accessed)).isEmpty && bench.ue == after)
      #expect(bench.ue.contexts.current?.kasme == native.kasme && bench.ue.contexts.nonCurrent == nil)
    }
  }

  @Test func `a command that no context can be made of is a failure at once`() throws {
    for input in [Self.command(ksi: 7), Self.command(ciphering: 5)] {
      let bench = try Self.bench(.nativeAndPartial)
      bench.give(.noCellFound)
      let before = bench.ue
      let outputs = bench.give(input)
      #expect(outputs.contains(.radio(.returnToSource)) && outputs.uplinks.isEmpty)
      #expect(bench.ue == before)
    }
  }
}
