import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// `ue-context-facts.md`, "Contexts, §4.4.2.1": each test is named for what the list says.
@Suite struct ContextFactsTests {
  // MARK: At most two

  @Test("Non-current is a partial native one (AKA done, no SMC yet)")
  func nonCurrentPartial() throws {
    let bench = Bench()
    bench.give(.attach)
    bench.deliver(bench.challenge(eKSI: 3), .plain)
    #expect(bench.current == nil && bench.ue.contexts.partialNative == bench.network.pending)
    #expect(bench.ue.contexts.partialNative?.eKSI == NASKeySetIdentifier(.native, value: 3))
  }

  @Test("Non-current is the native one kept beside a current mapped one")
  func nonCurrentFull() throws {
    let bench = Bench()
    let native = try bench.attachAndHandOver()
    #expect(bench.current?.type == .mapped && bench.fullNative == native)
  }

  @Test("Partial = KASME, eKSI and COUNTs (zero before the first SMC); full = NAS keys and algorithms chosen")
  func partialBecomesFull() throws {
    let bench = Bench()
    bench.give(.attach)
    bench.deliver(bench.challenge(eKSI: 3), .plain)
    let partial = try #require(bench.ue.contexts.partialNative)
    let complete = try #require(try bench.opened(bench.deliver(bench.securityModeCommand())).first)
    // The first message under it has COUNT 0, and so had the command.
    #expect(complete.count == .zero && bench.current?.downlinkNASCount == .zero)
    #expect(bench.current?.kasme == partial.kasme && bench.current?.eKSI == partial.eKSI)
    #expect(bench.current?.algorithms == NASAlgorithms(ciphering: .eea2, integrity: .eia2))
  }

  // MARK: (a) to (g)

  @Test("(a) AKA success: delete the previous non-current")
  func a() throws {
    let bench = Bench()
    try bench.attachAndHandOver()
    let mapped = bench.current
    bench.deliver(bench.challenge(eKSI: 1), .ciphered)
    #expect(bench.fullNative == nil && bench.ue.contexts.partialNative == bench.network.pending)
    bench.deliver(bench.challenge(eKSI: 2), .ciphered)
    #expect(bench.ue.contexts.partialNative == bench.network.pending && bench.ue.contexts.partialNative?.keySetIdentifier == 2)
    #expect(bench.current?.kasme == mapped?.kasme)
  }

  @Test("(b) SMC takes the partial into use: the previous current is deleted", arguments: [false, true])
  func b(fromMapped: Bool) throws {
    let bench = Bench()
    if fromMapped { try bench.attachAndHandOver() } else { try bench.attach() }
    let previous = try #require(bench.current)
    bench.deliver(bench.challenge(eKSI: 1), .ciphered)
    bench.deliver(bench.securityModeCommand())
    #expect(bench.current?.eKSI == NASKeySetIdentifier(.native, value: 1) && bench.ue.contexts.nonCurrent == nil)
    #expect(bench.current?.kasme != previous.kasme)
  }

  @Test("(c) emergency null context: the previous current is deleted")
  func c() throws {
    let bench = Bench { $0.attachesForEmergency = true }
    try bench.attach()
    let previous = try #require(bench.current)
    // The network cannot authenticate any more and goes on without.
    bench.network.current = SecurityContext.nullForEmergency(
      localKASME: KeyMaterial([UInt8](repeating: 8, count: 32)), side: .mme, using: &bench.engine)
    bench.network.pending = nil
    let command = bench.securityModeCommand { $0.algorithms = .null }
    let other = Bench { $0.attachesForEmergency = true }
    try other.attach(eKSI: 3)
    // KSI 0 may be the previous context's too; what is taken is the null one all the same.
    for (bench, previous) in [(bench, previous), (other, try #require(other.current))] {
      bench.deliver(command)
      #expect(bench.current?.algorithms == .null && bench.current?.eKSI == NASKeySetIdentifier(.native, value: 0))
      #expect(bench.ue.contexts.nonCurrent == nil && bench.current?.kasme != previous.kasme)
      #expect(bench.current?.uplinkNASCount == NASCount(1))
    }
  }

  @Test("(c) at a handover from UTRAN/GERAN the null context follows (d)")
  func cAtHandover() throws {
    let bench = Bench { $0.attachesForEmergency = true }
    try bench.attachAndRelease()
    let native = try #require(bench.current)
    bench.give(.handedOver(.fromUTRAN(InterSystemTests.umts, Bench.container(ksi: 0, ciphering: 0, integrity: 0))))
    #expect(bench.current?.algorithms == .null && bench.current?.eKSI == NASKeySetIdentifier(.mapped, value: 0))
    #expect(bench.fullNative == native)
    // Without an emergency there is no such context.
    let ordinary = Bench()
    try ordinary.attachAndRelease()
    let before = ordinary.ue
    ordinary.give(.handedOver(.fromUTRAN(InterSystemTests.umts, Bench.container(ksi: 0, ciphering: 0, integrity: 0))))
    #expect(ordinary.ue == before)
  }

  @Test("(d) mapped context taken at handover from UTRAN/GERAN: the old current native becomes non-current and the partial is deleted")
  func d() throws {
    let bench = Bench()
    try bench.attach()
    bench.deliver(bench.challenge(eKSI: 1), .ciphered)
    bench.give(.radioConnectionReleased)
    let native = try #require(bench.current)
    #expect(bench.ue.contexts.partialNative != nil)
    bench.handOver()
    #expect(bench.current?.type == .mapped && bench.fullNative == native && bench.ue.contexts.partialNative == nil)
  }

  @Test("(d) the partial is kept if there was no current native")
  func dWithoutNative() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    let partial = PartialNativeSecurityContext(kasme: KeyMaterial([UInt8](repeating: 7, count: 32)), keySetIdentifier: 4)
    bench.ue.contexts = SecurityContexts(partial: partial)
    bench.handOver()
    #expect(bench.current?.type == .mapped && bench.ue.contexts.partialNative == partial)
  }

  @Test("(e) new mapped: old mapped deleted")
  func e() throws {
    let bench = Bench()
    let native = try bench.attachAndHandOver()
    let old = try #require(bench.current)
    bench.give(.radioConnectionReleased)
    bench.handOver(ksi: 5, nonce: 77)
    #expect(bench.current?.eKSI == NASKeySetIdentifier(.mapped, value: 5) && bench.current?.kasme != old.kasme)
    #expect(bench.fullNative == native)
  }

  @Test("(f) full native taken into use by SMC: mapped deleted")
  func f() throws {
    let bench = Bench()
    let native = try bench.attachAndHandOver()
    bench.network.current = bench.nativeTwin(of: native)
    bench.deliver(bench.securityModeCommand())
    #expect(bench.current?.kasme == native.kasme && bench.ue.contexts.nonCurrent == nil)
  }

  @Test("(g) EMM-REGISTERED → EMM-DEREGISTERED with a mapped current: a non-current full native becomes current")
  func g() throws {
    let bench = Bench()
    let native = try bench.attachAndHandOver()
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    #expect(bench.ue.contexts == SecurityContexts(current: native))
  }

  @Test("(g) mapped and partial are deleted in every case", arguments: [true, false])
  func gMappedAndPartial(mapped: Bool) throws {
    let bench = Bench()
    if mapped { try bench.attachAndHandOver() } else { try bench.attach() }
    bench.deliver(bench.challenge(eKSI: 1), .ciphered)
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    #expect(bench.ue.contexts.partialNative == nil)
    #expect(mapped ? bench.current == nil : bench.current?.type == .native)
  }

  // MARK: What drops the current context

  @Test("AKA, started or successful, never drops the current context")
  func akaKeepsTheCurrentOne() throws {
    let bench = Bench()
    try bench.attach()
    let kasme = try #require(bench.current?.kasme)
    let keys = try #require(bench.current).integrityKey
    // Started and failed: MAC failure, synch failure, separation bit; then successful.
    for challenge in [bench.challenge(eKSI: 1, sqn: 0x41), bench.challenge(eKSI: 1, amf: 0), bench.challenge(eKSI: 1)] {
      bench.deliver(challenge, .ciphered)
      #expect(bench.current?.kasme == kasme && bench.current?.integrityKey == keys && bench.ue.hasSecureExchange)
    }
    try bench.assertSends(
      bench.deliver(Bench.identityRequest(.imei), .ciphered), .identityResponse, header: .integrityProtectedAndCiphered)
  }

  @Test("What drops it: SMC (b, f), mapped handover (d, e), deregistration while mapped (g)")
  func whatMovesDropsIt() throws {
    // (b), (d), (e), (f) and (g) have tests of their own; here that none of them leaves the old one reachable.
    let bench = Bench()
    let native = try bench.attachAndHandOver()
    let mapped = try #require(bench.current)
    bench.network.current = bench.nativeTwin(of: native)
    bench.deliver(bench.securityModeCommand())
    bench.network.current = bench.nativeTwin(of: mapped)
    bench.assertDiscards(Bench.identityRequest(.imsi), .ciphered)
  }

  @Test("What drops it: rejects that delete the eKSI", arguments: [3, 6, 7, 8, 9, 11, 12, 14, 35, 42] as [UInt8])
  func rejectsDropIt(cause: UInt8) throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.give(.updateTrackingArea(isActive: false))
    bench.deliver(Bench.updateReject(EMMCause(rawValue: cause)), .ciphered)
    #expect(bench.ue.contexts == SecurityContexts() && bench.ue.registration.guti == nil)
  }

  @Test("What drops it: a protected AUTHENTICATION REJECT")
  func authenticationRejectDropsIt() throws {
    let bench = Bench()
    try bench.attach()
    bench.deliver(NASMessage(.authenticationReject), .ciphered)
    #expect(bench.ue.contexts == SecurityContexts() && !bench.ue.usim.isValid)
  }

  @Test("What drops it: COUNT wrap")
  func countWrapDropsIt() throws {
    let bench = try ConnectionTests().nearTheEnd(1)
    _ = bench.deliver(Bench.identityRequest(.imei), .ciphered)
    #expect(bench.current?.uplinkNASCount == nil)
    bench.deliver(Bench.identityRequest(.imei), .ciphered)
    #expect(bench.current == nil && !bench.ue.isConnected)
  }

  @Test(
    "A failed UTRAN/GERAN→S1 handover: the new mapped context is deleted (§4.4.2.2)", arguments: ArrivalFromOtherSystemTests.Held.allCases)
  func failedHandover(held: ArrivalFromOtherSystemTests.Held) throws {
    let bench = try ArrivalFromOtherSystemTests.bench(held)
    let before = bench.ue.contexts
    let commanded = bench.give(ArrivalFromOtherSystemTests.command())
    #expect(commanded.contains { if case .radio(.access) = $0 { true } else { false } })
    let mapped = try #require(bench.ue.arrival?.mapped.context.kasme)
    bench.give(.radio(.timerExpired(.t304)))
    #expect(bench.ue.arrival == nil && bench.ue.contexts == before)
    #expect(!UE.kasmes(bench.ue).contains(mapped.id))
    // What cannot be derived from leaves all as it was.
    let idle = Bench()
    try idle.attachAndRelease()
    let same = idle.ue
    for container in [Bench.container(ksi: 7), Bench.container(ciphering: 5), Bench.container(integrity: 6), Bench.container(integrity: 0)]
    {
      #expect(idle.give(.handedOver(.fromUTRAN(InterSystemTests.umts, container))).isEmpty)
      #expect(idle.ue == same)
    }
  }

  // MARK: Storage

  @Test("Storage: marked invalid when attach is initiated, or EMM-DEREGISTERED is left other than to EMM-NULL")
  func storageInvalid() throws {
    let bench = try Bench.withStoredContext()
    #expect(bench.ue.usimFiles.security.record != nil)
    bench.give(.attach)
    #expect(bench.ue.usimFiles.security == .invalid)
    bench.deliver(Bench.identityRequest(.imei), .ciphered)
    #expect(bench.ue.usimFiles.security == .invalid)
  }

  @Test("Storage: stored and marked valid (current native, full only) on entering EMM-DEREGISTERED other than from EMM-NULL")
  func storageValid() throws {
    let bench = try Bench.withStoredContext()
    let record = try #require(bench.ue.usimFiles.security.record)
    #expect(record.kasme == bench.current?.kasme && record.uplinkNASCount == bench.current?.uplinkNASCount)
    // A partial one is not stored.
    let partial = Bench()
    partial.give(.attach)
    partial.deliver(partial.challenge(), .plain)
    partial.give(.radioConnectionReleased)
    #expect(partial.ue.contexts.partialNative != nil && partial.ue.usimFiles.security == .invalid)
  }

  @Test("Storage: stored and marked valid when attach is aborted inside EMM-DEREGISTERED")
  func storageAfterAnAbortedAttach() throws {
    let bench = try Bench.withStoredContext()
    bench.give(.attach)
    #expect(bench.ue.usimFiles.security == .invalid)
    bench.give(.radioConnectionFailed)
    let record = try #require(bench.ue.usimFiles.security.record)
    #expect(record.uplinkNASCount == bench.current?.uplinkNASCount)
  }

  @Test("Emergency and RLOS contexts are never stored")
  func emergencyContextsAreNotStored() throws {
    let bench = Bench { $0.attachesForEmergency = true }
    try bench.attach()
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    #expect(bench.ue.usimFiles.security == .invalid && bench.ue.usimFiles.location.guti == nil)
  }

  @Test("What an emergency registration left is deleted when the UE is detached (Annex C)", arguments: [false, true])
  func emergencyParametersEnd(byNetwork: Bool) throws {
    let bench = Bench { $0.attachesForEmergency = true }
    try bench.attach()
    try #require(bench.ue.registration.guti != nil && bench.ue.contexts.current != nil)
    if byNetwork {
      bench.deliver(Bench.detachRequest(.reattachNotRequired, cause: .congestion), .ciphered)
    } else {
      bench.give(.detach(switchOff: false))
      bench.deliver(NASMessage(.detachAccept), .ciphered)
    }
    #expect(bench.ue.contexts == SecurityContexts() && bench.ue.registration.guti == nil)
    #expect(bench.ue.registration.trackingAreas == nil && bench.ue.registration.lastVisitedTrackingArea == nil)
    #expect(bench.ue.registration.updateStatus == .notUpdated)
  }

  @Test("At switch-off: after the last DETACH REQUEST, the current native, else the non-current full native (§5.5.2.2.1)")
  func storageAtSwitchOff() throws {
    let native = Bench()
    try native.attach()
    native.give(.detach(switchOff: true))
    #expect(native.ue.usimFiles.security.record?.uplinkNASCount == native.current?.uplinkNASCount)

    let mapped = Bench()
    let aside = try mapped.attachAndHandOver()
    mapped.give(.detach(switchOff: true))
    #expect(mapped.ue.state == .null)
    #expect(mapped.ue.usimFiles.security.record?.kasme == aside.kasme)
    #expect(mapped.ue.usimFiles.security.record?.uplinkNASCount == aside.uplinkNASCount)
  }

  // MARK: eKSI

  @Test("eKSI = type of context flag (native/mapped) + value; 7 = no key; computed from the context")
  func eKSI() throws {
    let bench = Bench()
    let first = try bench.assertSends(bench.give(.attach), .attachRequest, header: .plain)
    #expect(try first[AttachRequest.nasKeySetIdentifier] == .noKey)
    bench.deliver(bench.challenge(eKSI: 5), .plain)
    bench.deliver(bench.securityModeCommand())
    bench.deliver(Bench.attachAccept(), .ciphered)
    #expect(bench.ue.contexts.eKSI == NASKeySetIdentifier(.native, value: 5))
    bench.give(.radioConnectionReleased)
    let update = try bench.assertSends(bench.handOver(ksi: 3), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try update[TrackingAreaUpdateRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.mapped, value: 3))
    bench.deliver(Bench.updateAccept(), .ciphered)
    let detach = try bench.assertSends(
      bench.give(.detach(switchOff: false)), .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(try detach[DetachRequestFromUE.nasKeySetIdentifier] == NASKeySetIdentifier(.mapped, value: 3))
  }
}
