import Alignment
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import RadioInterface
import S1AP
import TestNetwork
import Trace
import UserEquipment

@testable import Scenario

/// One walk.
struct HandoverWalk {
  private(set) var done: [String] = []
  private var random: SeededRandom
  private var world: World
  /// How often a MAC-I of RRC did not verify.
  private var failedChecks = 0
  /// What judges the walk; nil where nobody does.
  private var alignment: AlignmentEngine?
  private(set) var log: TraceLog

  init(seed: UInt64, defects: Set<Defect> = [], isJudged: Bool = false, keepsEverything: Bool = false) {
    log = TraceLog(retention: keepsEverything ? .everything : .last(64))
    random = SeededRandom(seed: 0x4a0d_0000 + seed)
    var configuration = MMEConfiguration(plmns: [Worlds.plmn], trackingAreaCodes: [1, 2])
    configuration.defects = defects
    let radio = RadioNetwork(
      ues: [Worlds.ue(Worlds.credentials())],
      eNBs: (0..<3).map { index in
        let configuration = ENodeBConfiguration(
          name: "enb-\(index)", plmn: PLMNIdentity(Worlds.plmn), enbID: 0x101 + UInt32(index), trackingAreaCode: index == 2 ? 2 : 1,
          cell: .init(identifier: 1, physicalCellIdentity: 1 + UInt16(index), downlinkEARFCN: 3350))
        return (configuration, 0)
      })
    world = World(
      radio: radio, core: CoreNetwork(mmes: [MME(configuration: configuration, subscribers: [Worlds.credentials()], seed: seed)]))
    world.isTracing = isJudged
    if isJudged { alignment = AlignmentEngine(subscribers: [Worlds.credentials()]) }
  }

  /// What the verdicts on it are.
  var verdicts: [Verdict] { alignment?.verdicts() ?? [] }

  /// - Returns: how often nothing was on its way, and what was wrong then.
  mutating func run(steps: Int, using engine: inout CryptoEngine) -> (quiescent: Int, why: String?) {
    world.connect(using: &engine)
    world.settle(using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    world.settle(using: &engine)
    var quiescent = 0
    for _ in 0..<steps {
      if random.next() % 3 == 0 {
        for _ in 0..<(random.next() % 12) where world.step(using: &engine) {}
      } else {
        world.settle(using: &engine)
        // What a timer has to bring comes before the next thing is done.
        if random.next() % 4 == 0 { expire(using: &engine) }
        quiescent += 1
        if let why = disagreement() { return (quiescent, why) }
      }
      act(using: &engine)
      count(using: &engine)
    }
    world.settle(using: &engine)
    expire(using: &engine)
    count(using: &engine)
    return (quiescent + 1, disagreement() ?? (failedChecks > 0 ? "\(failedChecks) RRC messages did not verify" : nil))
  }

  /// Half a minute passes.
  private mutating func expire(using engine: inout CryptoEngine) {
    let limit = world.now + .seconds(30)
    while world.expireNextTimer(notAfter: limit, using: &engine) { world.settle(using: &engine) }
  }

  private mutating func count(using engine: inout CryptoEngine) {
    for effect in world.effects {
      if case .trace(let body) = effect { alignment?.consume(log.append(time: world.now, body: body), using: &engine) }
      if case .trace(.discard(_, let reason, _)) = effect, reason.contains("does not verify"), reason.contains("MAC-I") {
        failedChecks += 1
      }
    }
    world.effects.removeAll()
  }

  private func disagreement() -> String? {
    let (ue, eNB) = world.radio.radioSecurity(ofUE: 0)
    switch (ue, eNB) {
    case (nil, nil): return nil
    case (let ue?, let eNB?):
      if ue == eNB || world.radio.isBusy(ue: 0) { return nil }
      return "AS keys differ: UE \(ue.keNB.fingerprint), eNB \(eNB.keNB.fingerprint)"
    case (.some, nil): return world.radio.isBusy(ue: 0) ? nil : "the UE has AS keys and its eNB has none"
    case (nil, .some): return "the eNB has AS keys and its UE has none"
    }
  }

  /// One SMC at a time: of two that are both answered, UE and MME cannot know which one's COUNT the other takes for KeNB.
  private mutating func act(using engine: inout CryptoEngine) {
    let choice = random.next() % 16
    switch choice {
    case 0, 1, 2, 3:
      let target = (world.radio.servingENB(ofUE: 0) + 1 + Int(random.next() % 2)) % 3
      let kind: HandoverKind = random.next() % 2 == 0 ? .s1 : .x2
      done.append("HO-\(kind.rawValue)-\(target)")
      world.handover(ue: 0, toENB: target, kind: kind, using: &engine)
    case 4, 5:
      done.append("reauthenticate")
      world.command(.authenticate(), imsi: Worlds.imsi, using: &engine)
    case 6, 7:
      done.append("SMC")
      world.command(.securityMode(refreshingKeNB: random.next() % 2 == 0), imsi: Worlds.imsi, using: &engine)
    case 8, 9:
      done.append("service")
      world.command(.requestService, ue: 0, using: &engine)
    case 10:
      done.append("TAU")
      world.command(.updateTrackingArea(isActive: random.next() % 2 == 0), ue: 0, using: &engine)
    case 11, 12:
      done.append("release")
      world.requestRelease(ue: 0, cause: .userInactivity, using: &engine)
    case 13:
      done.append("cancel")
      world.cancelHandover(ue: 0, using: &engine)
    case 14:
      done.append("link-failure")
      world.command(.radio(.linkFailed), ue: 0, using: &engine)
    default:
      done.append("attach")
      world.command(.attach, ue: 0, using: &engine)
    }
  }
}
