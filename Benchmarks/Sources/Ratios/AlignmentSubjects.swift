import Alignment
import CAllocations
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import S1AP
import Scenario
import TestNetwork
import Trace
import UserEquipment

/// Two eNBs and an MME after S1 SETUP, and UEs that have not attached.
private func network(ues count: Int) -> (world: World, subscribers: [SubscriberCredentials]) {
  var random = SeededRandom(seed: 7)
  guard let plmn = PLMN("00101") else { fatalError("bad constants") }
  let subscribers = (0..<count).map { index -> SubscriberCredentials in
    let digits = String(index)
    guard
      let credentials = try? SubscriberCredentials(
        imsi: "001010" + String(repeating: "0", count: 9 - digits.count) + digits, k: KeyMaterial(random.octets(16)),
        functions: .milenage(opc: KeyMaterial(random.octets(16))))
    else { fatalError("bad constants") }
    return credentials
  }
  let ues = subscribers.map {
    UE(configuration: UEConfiguration(imsi: $0.imsi, plmn: plmn, accessPointName: "internet"), usim: USIM(credentials: $0))
  }
  let eNBs = (0..<2).map { index in
    (
      ENodeBConfiguration(
        name: "enb-\(index)", plmn: PLMNIdentity(plmn), enbID: 0x101 + UInt32(index),
        cell: .init(identifier: 1, physicalCellIdentity: 1 + UInt16(index), downlinkEARFCN: 3350)), 0
    )
  }
  let mme = MME(configuration: MMEConfiguration(plmns: [plmn]), subscribers: subscribers, seed: 1)
  let box = EngineBox()
  var world = World(radio: RadioNetwork(ues: ues, eNBs: eNBs), core: CoreNetwork(mmes: [mme]))
  world.isTracing = false
  world.connect(using: &box.engine)
  world.settle(using: &box.engine)
  world.effects = []
  return (world, subscribers)
}

private func attach(_ world: inout World, ue: Int, _ engine: inout CryptoEngine) {
  world.command(.powerOn, ue: ue, using: &engine)
  world.command(.attach, ue: ue, using: &engine)
  world.settle(using: &engine)
  guard world.radio.ue(ue).state == .registered else { fatalError("did not attach") }
}

private func handOver(_ world: inout World, ue: Int, to target: Int, _ engine: inout CryptoEngine) {
  world.handover(ue: ue, toENB: target, kind: .s1, using: &engine)
  world.settle(using: &engine)
  guard world.radio.servingENB(ofUE: ue) == target else { fatalError("not handed over") }
}

/// - Returns: how many verdicts there are.
private func judge(_ trace: [TraceEvent], _ subscribers: [SubscriberCredentials], _ engine: inout CryptoEngine) -> Int {
  var alignment = AlignmentEngine(subscribers: subscribers)
  for event in trace { alignment.consume(event, using: &engine) }
  return alignment.verdicts().count
}

private func events(of world: inout World, _ log: inout TraceLog) -> [TraceEvent] {
  var result: [TraceEvent] = []
  for effect in world.effects { if case .trace(let body) = effect { result.append(log.append(time: world.now, body: body)) } }
  world.effects = []
  return result
}

/// What judging costs beside what is judged: an attach and an S1 handover of UE, eNBs and MME in process, nothing traced; and the alignment
/// engine over the events of the same run, with its verdicts at the end.
func alignmentSubjects() -> [Subject] {
  let (start, subscribers) = network(ues: 1)
  let box = EngineBox()
  let run = Subject(name: "attach and S1 handover, in process") { count in
    var sum: UInt64 = 0
    for _ in 0..<count {
      var world = start
      attach(&world, ue: 0, &box.engine)
      handOver(&world, ue: 0, to: 1, &box.engine)
      sum &+= UInt64(world.effects.count)
    }
    return sum
  }
  var world = start
  world.isTracing = true
  var log = TraceLog()
  attach(&world, ue: 0, &box.engine)
  handOver(&world, ue: 0, to: 1, &box.engine)
  let trace = events(of: &world, &log)
  var check = AlignmentEngine(subscribers: subscribers)
  for event in trace { check.consume(event, using: &box.engine) }
  let verdicts = check.verdicts()
  guard verdicts.allSatisfy({ $0.verdict != .misaligned }),
    verdicts.contains(where: { $0.slug == "nh-genealogy" && $0.verdict == .aligned }),
    verdicts.contains(where: { $0.slug == "kenb-explained" && $0.verdict == .aligned })
  else { fatalError("not aligned") }
  return [
    run,
    Subject(name: "alignment engine over that run's \(trace.count) events", reference: run, referenceBound: 0.5) { count in
      var sum: UInt64 = 0
      for _ in 0..<count { sum &+= UInt64(judge(trace, subscribers, &box.engine)) }
      return sum
    },
  ]
}

/// How long the engine takes over a key that nothing explains, so that every derivation it knows is tried: a UE with as many contexts as are
/// kept, after handovers, beside 64 others.
enum ExplainingSearch {
  private static let bound = 50_000_000.0

  static func report() -> Bool {
    let box = EngineBox()
    var (world, subscribers) = network(ues: 65)
    world.isTracing = true
    var log = TraceLog()
    for ue in (0..<65).reversed() { attach(&world, ue: ue, &box.engine) }
    for round in 0..<10 {
      world.command(.authenticate(), imsi: subscribers[0].imsi, using: &box.engine)
      world.settle(using: &box.engine)
      handOver(&world, ue: 0, to: 1 - round % 2, &box.engine)
    }
    let before = events(of: &world, &log)
    handOver(&world, ue: 0, to: 1, &box.engine)
    let handover = events(of: &world, &log)
    world.command(.authenticate(), imsi: subscribers[0].imsi, using: &box.engine)
    world.settle(using: &box.engine)
    let rekey = events(of: &world, &log)

    var engine = AlignmentEngine(subscribers: subscribers)
    for event in before { engine.consume(event, using: &box.engine) }
    let nextHop = time(handover, engine, box) { pdu in
      pdu[.securityContext].flatMap { try? S1AP.SecurityContext($0) }.map(\.nextHop)
    }
    for event in handover { engine.consume(event, using: &box.engine) }
    let keNB = time(rekey, engine, box) { pdu in pdu[.securityKey]?.bits?.padded }
    let isWithin = [nextHop, keNB].allSatisfy { $0 <= bound }
    print(
      "explaining search, nothing found: wrong KeNB \(Ratios.hundredths(keNB / 1e6)) ms, wrong NH \(Ratios.hundredths(nextHop / 1e6)) ms CPU, "
        + "bound 50 ms: \(isWithin ? "pass" : "FAIL")")
    return isWithin
  }

  /// CPU time of the event whose key is put wrong, the median of some.
  private static func time(_ events: [TraceEvent], _ start: AlignmentEngine, _ box: EngineBox, key: (S1APPDU) -> [UInt8]?) -> Double {
    var engine = start
    for event in events {
      guard case .s1ap(let leg, let direction, let stream, var octets) = event.body, let pdu = try? S1APPDU(decoding: octets),
        let right = key(pdu), let place = octets.indices.first(where: { octets[$0...].starts(with: right) })
      else {
        engine.consume(event, using: &box.engine)
        continue
      }
      for index in right.indices { octets[place + index] = UInt8(truncatingIfNeeded: 0xa5 &+ index) }
      let wrong = TraceEvent(index: event.index, time: event.time, body: .s1ap(leg, direction, stream: stream, octets: octets))
      var times: [Double] = []
      for _ in 0..<21 {
        var copy = engine
        let before = thread_nanoseconds()
        copy.consume(wrong, using: &box.engine)
        times.append(Double(thread_nanoseconds() - before))
        guard copy.verdicts().contains(where: { $0.verdict == .misaligned && $0.note.contains("no derivation that was tried") }) else {
          fatalError("it was explained")
        }
      }
      return times.sorted()[times.count / 2]
    }
    fatalError("no key")
  }
}
