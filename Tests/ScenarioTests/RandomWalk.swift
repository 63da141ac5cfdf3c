import Alignment
import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import TestNetwork
import Trace
import UserEquipment

@testable import Scenario

/// A hundred procedures of one UE in random order, some begun before the last is through, and what `Alignment` says of them.
struct RandomWalk {
  let seed: UInt64
  private(set) var log = TraceLog()
  /// The procedures' numbers, for the words of a failure.
  private(set) var done: [String] = []
  private var random: SeededRandom
  private(set) var world: World
  private(set) var alignment = AlignmentEngine(subscribers: [Worlds.credentials()])

  init(seed: UInt64) {
    self.seed = seed
    random = SeededRandom(seed: 0xa119_0000 + seed)
    world = Worlds.world(seed: seed)
  }

  /// Walks to the end.
  /// - Returns: the verdicts.
  mutating func run(steps: Int = 100, using engine: inout CryptoEngine) -> [Verdict] {
    world.connect(using: &engine)
    world.settle(using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    for _ in 0..<steps {
      // Now and then the next one comes before the last is through.
      if random.next() % 4 == 0 {
        for _ in 0..<(random.next() % 6) where world.step(using: &engine) {}
      } else {
        world.settle(using: &engine)
      }
      command(using: &engine)
      drain(using: &engine)
    }
    settle(using: &engine)
    return alignment.verdicts()
  }

  /// What the verdicts are so far.
  func verdicts() -> [Verdict] { alignment.verdicts() }

  /// Changes the network by a hand that no message shows.
  mutating func tamper(_ change: (inout World) -> Void) { change(&world) }

  /// Does something and waits until nothing is on its way.
  mutating func settle(after action: (inout World, inout CryptoEngine) -> Void = { _, _ in }, using engine: inout CryptoEngine) {
    action(&world, &engine)
    world.settle(using: &engine)
    drain(using: &engine)
  }

  private mutating func drain(using engine: inout CryptoEngine) {
    for effect in world.effects {
      if case .trace(let body) = effect { alignment.consume(log.append(time: world.now, body: body), using: &engine) }
    }
    world.effects.removeAll()
  }

  private mutating func command(using engine: inout CryptoEngine) {
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
  }
}
