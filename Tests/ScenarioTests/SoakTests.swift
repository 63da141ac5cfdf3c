import Alignment
import Foundation
import NASCrypto
import NASSecurity
import S1AP
import TestNetwork
import Testing
import Trace
import UserEquipment

@testable import Scenario

/// Networks that lose messages, for a long time. `Scripts/test --all` runs the long ones.
@Suite struct SoakTests {
  static let rounds = ProcessInfo.processInfo.environment["NASUE_ALL_TESTS"] == nil ? 60 : 20_000

  /// Whatever S1AP-PDU is lost, timers bring every UE to a state it can attach from, nobody traps, and a UE that is registered in the end
  /// holds the context its MME holds.
  @Test func lostMessagesAreRepairedByTimers() throws {
    var engine = CryptoEngine()
    var random = SeededRandom(seed: 2026)
    var registered = 0
    for round in 0..<Self.rounds {
      var world = Worlds.world(ues: [Worlds.ue(Worlds.credentials(), esmInformation: round % 2 == 0)], seed: UInt64(round))
      world.isTracing = false
      world.connect(using: &engine)
      world.settle(using: &engine)
      world.command(.powerOn, ue: 0, using: &engine)
      world.command(.attach, ue: 0, using: &engine)
      let limit: Duration = .seconds(1800)
      while world.now < limit {
        while world.isMoving {
          if !world.s1Hops.isEmpty, !world.radio.hasHops, random.next() % 8 == 0 { world.dropS1Hop() } else { world.step(using: &engine) }
        }
        if world.radio.ue(0).state == .registered, world.core.mmes[0].state(imsi: Worlds.imsi) == "EMM-REGISTERED" { break }
        if !world.expireNextTimer(notAfter: limit, using: &engine) { break }
      }
      guard world.radio.ue(0).state == .registered else { continue }
      registered += 1
      let ours = try #require(world.radio.ue(0).contexts.current)
      let theirs = try #require(world.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current)
      #expect(ours.kasme == theirs.kasme, "round \(round)")
      #expect(ours.algorithms == theirs.algorithms, "round \(round)")
    }
    #expect(registered > Self.rounds * 3 / 4, "\(registered) of \(Self.rounds) registered in the end")
  }

  /// Many attaches and detaches of the same UE, by GUTI from the second on: COUNTs pass their 8-bit wrap and nothing misaligns.
  @Test func attachAndDetachOverAndOver() throws {
    var engine = CryptoEngine()
    var world = Worlds.attached(using: &engine)
    var alignment = AlignmentEngine(subscribers: [Worlds.credentials()])
    var log = TraceLog(retention: .last(64))
    func judge(_ world: inout World) {
      for effect in world.effects {
        if case .trace(let body) = effect { alignment.consume(log.append(time: world.now, body: body), using: &engine) }
      }
      world.effects.removeAll()
    }
    judge(&world)
    for _ in 0..<max(Self.rounds * 3, 150) {
      world.command(.detach(switchOff: false), ue: 0, using: &engine)
      world.settle(using: &engine)
      world.command(.attach, ue: 0, using: &engine)
      world.settle(using: &engine)
      try #require(world.radio.ue(0).state == .registered)
      judge(&world)
    }
    #expect((world.radio.ue(0).contexts.current?.uplinkNASCount?.value ?? 0) > 256)
    #expect(!alignment.verdicts().contains { $0.verdict == .misaligned })
  }
}
