import NASCrypto

/// The subscriber store and authentication centre: K and SQN of each subscriber, vectors on request.
struct HSS: Sendable {
  /// An EPS authentication vector (TS 33.401 §6.1.1).
  struct Vector: Sendable, Equatable {
    var rand: [UInt8]
    var autn: [UInt8]
    var xres: [UInt8]
    var kasme: KeyMaterial
  }

  private(set) var subscribers: [SubscriberCredentials] = []
  /// SQN of each subscriber.
  private var counters: [HomeSequenceNumbers] = []
  private var indexes: [String: Int] = [:]

  /// Where an IMSI comes twice, the first is taken.
  init(subscribers: [SubscriberCredentials]) {
    for subscriber in subscribers where indexes[subscriber.imsi] == nil {
      indexes[subscriber.imsi] = self.subscribers.count
      self.subscribers.append(subscriber)
      counters.append(HomeSequenceNumbers(last: subscriber.sqn))
    }
  }

  func index(of imsi: String) -> Int? { indexes[imsi] }

  /// A fresh vector; steps SQN.
  ///
  /// - Parameter servingNetwork: the PLMN's 3 octets; KASME is bound to it (TS 33.401 Annex A.2).
  mutating func vector(
    for index: Int, servingNetwork: [UInt8], random: inout SeededRandom, using engine: inout CryptoEngine
  ) -> Vector {
    let sqn = counters[index].next()
    let credentials = subscribers[index]
    let rand = random.octets(16)
    let vector = engine.authenticationVector(for: credentials, sqn: sqn, rand: rand, amf: credentials.amf)
    let kasme = engine.deriveKASME(ck: vector.ck, ik: vector.ik, servingNetwork: servingNetwork, sqnXorAK: vector.sqnXorAK)
    return Vector(rand: rand, autn: vector.autn, xres: vector.xres, kasme: kasme)
  }

  /// Resynchronisation: takes over the USIM's SQN if AUTS is genuine (TS 33.102 §6.3.5).
  mutating func resynchronise(_ index: Int, rand: [UInt8], auts: [UInt8], using engine: inout CryptoEngine) -> Bool {
    guard let sqn = engine.resynchronise(subscribers[index], rand: rand, auts: auts) else { return false }
    counters[index].resynchronise(to: sqn)
    return true
  }
}
