import Alignment
import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import TestNetwork
import Testing
import Trace
import UserEquipment

@testable import Scenario

/// Right entities are never found misaligned, whatever they do.
@Suite("Verdicts on the test network")
struct AlignmentOfWorldsTests {
  @Test("a hundred procedures in random order leave no misaligned verdict", arguments: 0..<24 as Range<UInt64>)
  func randomWalk(seed: UInt64) {
    var random = SeededRandom(seed: 0xa119_0000 + seed)
    var engine = CryptoEngine()
    var world = Worlds.world(seed: seed)
    var alignment = AlignmentEngine(subscribers: [Worlds.credentials()])
    var log = TraceLog()
    var done: [String] = []
    func drain() {
      for effect in world.effects {
        if case .trace(let body) = effect { alignment.consume(log.append(time: world.now, body: body), using: &engine) }
      }
      world.effects.removeAll()
    }
    world.connect(using: &engine)
    world.settle(using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    for _ in 0..<100 {
      // Now and then the next one comes before the last is through.
      if random.next() % 4 == 0 {
        for _ in 0..<(random.next() % 6) where world.step(using: &engine) {}
      } else {
        world.settle(using: &engine)
      }
      let choice = random.next() % 14
      done.append("\(choice)")
      switch choice {
      case 0: world.command(.detach(switchOff: random.next() % 2 == 0), ue: 0, using: &engine)
      case 1, 2:
        world.command(.powerOn, ue: 0, using: &engine)
        world.command(.attach, ue: 0, using: &engine)
      case 3: world.command(.requestService, ue: 0, using: &engine)
      case 4: world.command(.updateTrackingArea(isActive: random.next() % 2 == 0), ue: 0, using: &engine)
      case 5: world.command(.authenticate(), imsi: Worlds.imsi, using: &engine)
      case 6:
        let all: [IntegrityAlgorithm] = [.eia1, .eia2, .eia3]
        let ciphering = CipheringAlgorithm(rawValue: UInt8(random.next() % 4)) ?? .eea0
        let algorithms = NASAlgorithms(ciphering: ciphering, integrity: all[Int(random.next() % 3)])
        world.command(.securityMode(algorithms), imsi: Worlds.imsi, using: &engine)
      case 7: world.command(.reallocateGUTI, imsi: Worlds.imsi, using: &engine)
      case 8: world.command(.emmInformation, imsi: Worlds.imsi, using: &engine)
      case 9: world.command(.identify(.imeisv), imsi: Worlds.imsi, using: &engine)
      case 10, 11: world.requestRelease(ue: 0, cause: .userInactivity, using: &engine)
      case 12: world.command(.page, imsi: Worlds.imsi, using: &engine)
      default: world.command(.detach(reattachRequired: random.next() % 2 == 0), imsi: Worlds.imsi, using: &engine)
      }
      drain()
    }
    world.settle(using: &engine)
    drain()
    let verdicts = alignment.verdicts()
    #expect(verdicts.filter { $0.verdict == .misaligned } == [], "\(done)")
    #expect(verdicts.contains { $0.verdict == .aligned })
  }
}
