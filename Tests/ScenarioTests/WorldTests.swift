import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import TestNetwork
import Testing
import Trace
import UserEquipment

@testable import Scenario

@Suite struct WorldTests {
  @Test func aUEAttachesAndBothSidesHoldTheSameContext() throws {
    var engine = CryptoEngine()
    let world = Worlds.attached(using: &engine)
    #expect(world.radio.ue(0).state == .registered)
    #expect(world.ueEvents.contains(.attached))
    let ours = try #require(world.radio.ue(0).contexts.current)
    let theirs = try #require(world.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current)
    #expect(ours.eKSI == theirs.eKSI)
    #expect(ours.kasme == theirs.kasme)
    #expect(ours.algorithms == theirs.algorithms)
    #expect(ours.uplinkNASCount == theirs.uplinkNASCount)
    #expect(ours.downlinkNASCount == theirs.downlinkNASCount)
  }

  @Test func theSameSeedGivesTheSameOctets() {
    func octets(seed: UInt64) -> [[UInt8]] {
      var engine = CryptoEngine()
      var world = Worlds.world(seed: seed)
      world.connect(using: &engine)
      world.settle(using: &engine)
      world.command(.powerOn, ue: 0, using: &engine)
      world.command(.attach, ue: 0, using: &engine)
      world.settle(using: &engine)
      return world.effects.compactMap { if case .trace(.s1ap(_, _, _, let octets)) = $0 { octets } else { nil } }
    }
    #expect(octets(seed: 7) == octets(seed: 7))
    #expect(octets(seed: 7) != octets(seed: 8))
  }

  @Test func aWorldForksBetweenSecurityModeCommandAndComplete() throws {
    var engine = CryptoEngine()
    var world = Worlds.world()
    world.connect(using: &engine)
    world.settle(using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    // The UE has answered SECURITY MODE COMMAND; its COMPLETE is on its way and has not reached the MME.
    let reached = world.run(
      until: { $0.radio.ue(0).hasSecureExchange && $0.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current == nil }, using: &engine)
    #expect(reached)
    let eventsBefore = world.effects.count

    // One fork goes on; in the other the COMPLETE is lost, and the MME must send its command again after T3460.
    var straight = world
    var lossy = world
    straight.settle(using: &engine)
    #expect(straight.radio.ue(0).state == .registered)
    #expect(lossy.radio.ue(0).state == .registeredInitiated, "the other copy has not moved")
    #expect(lossy.effects.count == eventsBefore)

    while lossy.radio.hasHops { lossy.step(using: &engine) }
    lossy.dropS1Hop()
    let moved = lossy.step(using: &engine)
    #expect(!moved, "nothing else was on its way")
    let before = lossy.now
    let expired = lossy.expireNextTimer(using: &engine)
    #expect(expired)
    #expect(lossy.now - before == .seconds(6), "T3460")
    lossy.settle(using: &engine)
    #expect(lossy.radio.ue(0).state == .registered)

    // The context that was lost and won again has both COUNTs one further.
    let first = try #require(straight.radio.ue(0).contexts.current)
    let second = try #require(lossy.radio.ue(0).contexts.current)
    #expect(first.kasme === second.kasme, "keys are shared by forks")
    #expect(second.uplinkNASCount?.value == (first.uplinkNASCount?.value ?? 0) + 1)
    #expect(second.downlinkNASCount?.value == (first.downlinkNASCount?.value ?? 0) + 1)
    // And the world that was copied still stands where it stood.
    #expect(world.radio.ue(0).state == .registeredInitiated)
  }

  @Test func aWorldForksWhileSecurityModeCommandIsOnItsWay() throws {
    var engine = CryptoEngine()
    var world = Worlds.world()
    world.connect(using: &engine)
    world.settle(using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    // The MME has authenticated the UE and sent its command; the UE has a partial native context and no current one.
    let reached = world.run(
      until: {
        $0.radio.ue(0).contexts.partialNative != nil && $0.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.partialNative != nil
          && $0.s1Hops.first?.direction == .downlink
      }, using: &engine)
    #expect(reached)
    #expect(world.radio.ue(0).contexts.current == nil)

    var straight = world
    var lossy = world
    straight.settle(using: &engine)
    // The command is lost: the next one, after T3460, has COUNT 1, and the UE takes the context into use with it.
    lossy.dropS1Hop()
    lossy.settle(using: &engine)
    #expect(lossy.radio.ue(0).contexts.current == nil)
    let expired = lossy.expireNextTimer(using: &engine)
    #expect(expired)
    lossy.settle(using: &engine)
    for fork in [straight, lossy] {
      #expect(fork.radio.ue(0).state == .registered)
      let ours = try #require(fork.radio.ue(0).contexts.current)
      let theirs = try #require(fork.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current)
      #expect(ours.kasme == theirs.kasme)
      #expect(ours.uplinkNASCount == theirs.uplinkNASCount)
      #expect(ours.downlinkNASCount == theirs.downlinkNASCount)
    }
    let first = try #require(straight.radio.ue(0).contexts.current?.downlinkNASCount)
    let second = try #require(lossy.radio.ue(0).contexts.current?.downlinkNASCount)
    #expect(second.value == first.value + 1)
    #expect(world.radio.ue(0).contexts.current == nil, "the world that was copied has not moved")
  }

  @Test func detachLeavesNothingConnected() {
    var engine = CryptoEngine()
    var world = Worlds.attached(using: &engine)
    world.command(.detach(switchOff: false), ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.radio.ue(0).state == .deregistered(.normalService))
    #expect(!world.radio.ue(0).isConnected)
    #expect(world.ueEvents.contains(.detached(.byUser(switchOff: false, acknowledged: true))))
    #expect(!world.core.mmes[0].isConnected(imsi: Worlds.imsi))
  }

  @Test func switchOffLeavesAtOnce() {
    var engine = CryptoEngine()
    var world = Worlds.attached(using: &engine)
    world.command(.detach(switchOff: true), ue: 0, using: &engine)
    #expect(world.radio.ue(0).state == .null)
    world.settle(using: &engine)
    #expect(!world.core.mmes[0].isConnected(imsi: Worlds.imsi))
  }

  @Test func detachedWithReattachRequiredTheUEComesBack() {
    var engine = CryptoEngine()
    var world = Worlds.attached(using: &engine)
    world.effects.removeAll()
    world.command(.detach(reattachRequired: true), imsi: Worlds.imsi, using: &engine)
    world.settle(using: &engine)
    #expect(
      world.ueEvents == [
        .detached(.byNetwork(reattachRequired: true, cause: nil)), .attached, .networkNamed(full: "nasue", short: "nasue"),
      ])
    #expect(world.radio.ue(0).state == .registered)
  }

  @Test func detachedWithoutReattachTheUEStaysAway() {
    var engine = CryptoEngine()
    var world = Worlds.attached(using: &engine)
    world.effects.removeAll()
    world.command(.detach(reattachRequired: false), imsi: Worlds.imsi, using: &engine)
    world.settle(using: &engine)
    #expect(world.ueEvents == [.detached(.byNetwork(reattachRequired: false, cause: nil))])
    if case .deregistered = world.radio.ue(0).state {} else { Issue.record("\(world.radio.ue(0).state)") }
    #expect(!world.radio.ue(0).isConnected)
  }

  @Test func afterReleaseAGUTIAttachNeedsNoAKA() throws {
    var engine = CryptoEngine()
    var world = Worlds.attached(using: &engine)
    let kasme = try #require(world.radio.ue(0).contexts.current?.kasme)
    world.command(.detach(switchOff: false), ue: 0, using: &engine)
    world.settle(using: &engine)
    world.effects.removeAll()
    world.command(.attach, ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.radio.ue(0).state == .registered)
    #expect(world.radio.ue(0).contexts.current?.kasme === kasme)
    let names = world.effects.compactMap { effect -> String? in
      guard case .trace(.s1ap(_, _, _, let octets)) = effect else { return nil }
      return try? S1APPDU(decoding: octets).name
    }
    #expect(names.filter { $0 == "DownlinkNASTransport" }.count <= 1, "no AUTHENTICATION REQUEST, no SECURITY MODE COMMAND: \(names)")
  }

  @Test func s1ReleaseMakesTheUEIdleAndKeepsItRegistered() {
    var engine = CryptoEngine()
    var world = Worlds.attached(using: &engine)
    world.requestRelease(ue: 0, cause: .userInactivity, using: &engine)
    world.settle(using: &engine)
    #expect(!world.radio.ue(0).isConnected)
    #expect(world.radio.ue(0).state == .registered)
    #expect(world.radio.ue(0).contexts.current != nil)
    world.command(.detach(switchOff: false), ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.radio.ue(0).state == .deregistered(.normalService))
  }

  @Test func wrongKeyEndsTheAttachWithTheCauseInWords() throws {
    var engine = CryptoEngine()
    let wrong = Worlds.credentials(k: "ffeeddccbbaa99887766554433221100")
    var world = Worlds.world(ues: [Worlds.ue(wrong)])
    world.connect(using: &engine)
    world.settle(using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    world.settle(using: &engine)
    while !world.ueEvents.contains(where: { if case .attachFailed = $0 { true } else { false } }) {
      #expect(world.now < .seconds(120))
      guard world.now < .seconds(120), world.expireNextTimer(using: &engine) else { break }
      world.settle(using: &engine)
    }
    guard case .attachFailed(let failure)? = world.ueEvents.first(where: { if case .attachFailed = $0 { true } else { false } }) else {
      Issue.record("no failure told")
      return
    }
    #expect(failure == .authenticationRejected(protected: false, failure: .macFailure))
    #expect(failure.description.contains("#20 MAC failure; do K, OPc"))
  }

  @Test func aStaleSequenceNumberIsResynchronised() {
    var engine = CryptoEngine()
    var used = USIMSequenceNumbers()
    // The USIM has seen far newer sequence numbers than the HSS will start with.
    let ahead = Worlds.credentials(sqn: 0x0000_1000_0000)
    let vector = engine.authenticationVector(for: ahead, sqn: 0x0000_1000_0020, rand: [UInt8](repeating: 9, count: 16), amf: 0x8000)
    _ = engine.verifyChallenge(rand: vector.rand, autn: vector.autn, credentials: ahead, sequenceNumbers: &used)
    let ue = UE(
      configuration: UEConfiguration(imsi: ahead.imsi, plmn: Worlds.plmn), usim: USIM(credentials: ahead, sequenceNumbers: used))
    var world = Worlds.world(ues: [ue])
    world.connect(using: &engine)
    world.settle(using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.radio.ue(0).state == .registered)
  }

  @Test func manyUEsOverSeveralENBsDoNotTouchEachOther() {
    var engine = CryptoEngine()
    let all = (0..<50).map { Worlds.credentials(imsi: "0010101234\(10000 + $0)") }
    var world = Worlds.world(ues: all.map { Worlds.ue($0, esmInformation: true) }, subscribers: all, eNBs: 3)
    world.connect(using: &engine)
    world.settle(using: &engine)
    for index in all.indices {
      world.command(.powerOn, ue: index, using: &engine)
      world.command(.attach, ue: index, using: &engine)
    }
    world.settle(using: &engine)
    for index in all.indices {
      #expect(world.radio.ue(index).state == .registered)
      #expect(world.radio.ue(index).contexts.current?.kasme == world.core.mmes[0].securityContexts(imsi: all[index].imsi)?.current?.kasme)
    }
    #expect(Set(all.indices.compactMap { world.radio.ue($0).registration.guti?.mTMSI }).count == all.count)
  }
}
