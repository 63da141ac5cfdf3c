import NASCrypto
import NASMessages
import Observer
import Testing
import Trace

@testable import Alignment

/// UEs of which no more than the verdicts is kept.
@Suite("Reduced UEs")
struct ReducedUEsTests {
  /// A UE attaches and comes back under a S-TMSI that nobody without keys saw being given; again and again.
  private func returning(_ times: Int) throws -> SketchedNetwork {
    var network = try SketchedNetwork()
    try network.attach()
    for _ in 0..<times {
      try network.serviceRequest()
      try network.initialContextSetup(key: network.keNB(network.uplink - 1))
    }
    return network
  }

  @Test("an anonymous UE whose connection is released is its verdicts alone, which stay as they were")
  func ended() throws {
    var network = try returning(3)
    var crypto = CryptoEngine()
    var engine = AlignmentEngine(subscribers: [])
    for event in network.log.events { engine.consume(event, using: &crypto) }
    let before = engine.verdicts()
    #expect(engine.ledgers.ues == [0, 3] && engine.kept.ues == [1, 2])
    #expect(engine.judged.ues == [0, 3])
    #expect(before.contains { $0.ue == "UE 2" })
    try network.released()
    if let last = network.log.events.last { engine.consume(last, using: &crypto) }
    #expect(engine.ledgers.ues == [0] && engine.kept.ues == [1, 2, 3])
    #expect(engine.verdicts() == before)
    #expect(engine.reducedUEs == 0)
  }

  @Test("a UE whose keys are known, or that has a name, keeps its ledger when it is released")
  func notEnded() throws {
    var network = try returning(2)
    try network.released()
    var crypto = CryptoEngine()
    for subscribers in [[], [network.subscriber]] {
      var engine = AlignmentEngine(subscribers: subscribers)
      for event in network.log.events { engine.consume(event, using: &crypto) }
      #expect(engine.ledgers.has(0) && engine.observer.ues[0].imsi == network.subscriber.imsi)
      #expect(engine.ueCount == (subscribers.isEmpty ? 3 : 1))
    }
  }

  /// Attach requests of so many UEs over one connection each, which the network rejects; then the first one again.
  private func crowd(_ count: Int) throws -> SketchedNetwork {
    var network = try SketchedNetwork()
    for number in 0..<count {
      try network.initial(network.attachRequest(.imsi("00101000000\(1000 + number)")))
      _ = try network.authenticate(keySet: 0)
      network.eNBID += 1
      network.mmeID += 1
    }
    try network.initial(network.attachRequest(.imsi("001010000001000")))
    return network
  }

  @Test(
    "of too many UEs without keys those heard of least recently are judged by what there was, on the same threads or apart, and counted")
  func makesRoom() throws {
    let network = try crowd(40)
    var crypto = CryptoEngine()
    var whole = AlignmentEngine(subscribers: [])
    var engine = whole
    (engine.maximumKeyless, engine.recency.limit) = (8, 8)
    var apart = engine
    var following = BatchingObserver(apart.observer)
    var batch = ObservedBatch()
    for event in network.log.events {
      whole.consume(event, using: &crypto)
      engine.consume(event, using: &crypto)
      #expect(engine.ledgers.ues.count <= 11)
      following.consume(event, using: &crypto, into: &batch)
      guard event.index % 5 == 0 else { continue }
      apart.consume(&batch, using: &crypto)
      batch.removeAll()
    }
    apart.consume(&batch, using: &crypto)
    #expect(engine.reducedUEs >= 29 && apart.reducedUEs == engine.reducedUEs)
    #expect(apart.verdicts() == engine.verdicts())
    #expect(whole.reducedUEs == 0)
    // All are there, in the same order; the one that came again says what it says twice.
    func names(_ engine: AlignmentEngine) -> [String] {
      engine.verdicts().map(\.ue).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }
    #expect(names(engine) == names(whole) && names(engine).count == 40)
    #expect(!engine.verdicts().contains { $0.verdict == .misaligned })
  }

  @Test("UEs whose K is known are not reduced, however many")
  func keyed() throws {
    let network = try crowd(40)
    var crypto = CryptoEngine()
    let subscribers = try (0..<40).map {
      try SubscriberCredentials(
        imsi: "00101000000\(1000 + $0)", k: KeyMaterial(SketchedNetwork.key),
        functions: .milenage(opc: KeyMaterial([UInt8](repeating: 0x22, count: 16))))
    }
    var engine = AlignmentEngine(subscribers: subscribers)
    (engine.maximumKeyless, engine.recency.limit) = (8, 8)
    for event in network.log.events { engine.consume(event, using: &crypto) }
    #expect(engine.ledgers.ues.count == 40 && engine.reducedUEs == 0)
  }
}
