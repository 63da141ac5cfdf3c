import Testing

@testable import NASCrypto

@Suite("The engine's cache of keyed contexts")
struct EngineTests {
  static func work(_ engine: inout CryptoEngine, _ key: KeyMaterial, _ message: [UInt8]) -> [UInt64] {
    var results: [UInt64] = []
    for algorithm in IntegrityAlgorithm.allCases {
      results.append(UInt64(engine.mac(algorithm, key: key, count: 9, bearer: 1, direction: .uplink, message: message)))
    }
    for algorithm in CipheringAlgorithm.allCases {
      var data = message
      engine.applyKeystream(algorithm, key: key, count: 9, bearer: 1, direction: .uplink, to: &data)
      results += data.map(UInt64.init)
    }
    let opc = KeyMaterial([UInt8](repeating: 4, count: 16))
    let outputs = engine.milenage(k: key, opc: opc, rand: Block(high: 1, low: 2), sqn: 3, amf: 4)
    return results + [outputs.f1, outputs.f1Star, outputs.f2, outputs.f3.high, outputs.f4.low, outputs.f5, outputs.f5Star]
  }

  @Test("Thousands of keys that push each other out give what a fresh engine gives", arguments: [1, 16, 4096])
  func thousandsOfKeys(cachedKeys: Int) {
    var random = SeededRandom(seed: 3)
    var shared = CryptoEngine(cachedKeys: cachedKeys)
    let keys = (0..<3000).map { _ in KeyMaterial(random.octets(16)) }
    let message = random.octets(37)
    var expected: [[UInt64]] = []
    for key in keys {
      var fresh = CryptoEngine(cachedKeys: 1)
      expected.append(Self.work(&fresh, key, message))
    }
    for index in keys.indices {
      let results = Self.work(&shared, keys[index], message)
      #expect(results == expected[index])
    }
    // Again in an order that mixes hits and misses.
    for _ in 0..<6000 {
      let index = Int(random.next() % 3000)
      let results = Self.work(&shared, keys[index], message)
      #expect(results == expected[index])
    }
  }

  @Test("Two equal keys are two entries and give the same; a key never takes over a released one's context")
  func identities() {
    var engine = CryptoEngine(cachedKeys: 1)
    for value in 0..<200 {
      let octets = [UInt8](repeating: UInt8(value), count: 16)
      let one = Self.work(&engine, KeyMaterial(octets), octets)
      let two = Self.work(&engine, KeyMaterial(octets), octets)
      var fresh = CryptoEngine()
      let three = Self.work(&fresh, KeyMaterial(octets), octets)
      #expect(one == two && one == three)
    }
  }

  @Test("A cleansed engine goes on working")
  func cleanse() {
    var engine = CryptoEngine()
    let key = KeyMaterial([UInt8](repeating: 7, count: 16))
    let before = Self.work(&engine, key, [1, 2, 3])
    let warm = engine.contexts.count + engine.chains.count
    engine.cleanse()
    let cold = engine.contexts.count + engine.chains.count
    let after = Self.work(&engine, key, [1, 2, 3])
    #expect(warm == 2 && cold == 0 && before == after)
    let kasme = KeyMaterial([UInt8](repeating: 7, count: 32))
    let one = engine.deriveKeNB(kasme: kasme, uplinkNASCount: 0)
    engine.cleanse()
    let two = engine.deriveKeNB(kasme: kasme, uplinkNASCount: 0)
    #expect(one == two)
  }

  @Test("Engines on several threads share tables and keys")
  func threads() async {
    let key = KeyMaterial([UInt8](repeating: 7, count: 16))
    var engine = CryptoEngine()
    let expected = Self.work(&engine, key, [1, 2, 3])
    let all = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var engine = CryptoEngine()
          return (0..<200).allSatisfy { _ in Self.work(&engine, key, [1, 2, 3]) == expected }
        }
      }
      return await group.allSatisfy { $0 }
    }
    #expect(all)
  }

  #if !os(Windows)
    @Test("A key of a wrong length is our own error and stops the process")
    func wrongKeyLength() async {
      await #expect(processExitsWith: .failure) {
        var engine = CryptoEngine()
        _ = engine.mac(.eia2, key: KeyMaterial([1, 2, 3]), count: 0, bearer: 0, direction: .uplink, message: [1])
      }
      await #expect(processExitsWith: .failure) {
        var engine = CryptoEngine()
        var data: [UInt8] = [1]
        engine.applyKeystream(.eea3, key: KeyMaterial([1, 2, 3]), count: 0, bearer: 0, direction: .uplink, to: &data)
      }
      await #expect(processExitsWith: .failure) {
        var engine = CryptoEngine()
        _ = engine.mac(
          .eia1, key: KeyMaterial([UInt8](repeating: 0, count: 16)), count: 0, bearer: 32, direction: .uplink, message: [1])
      }
    }
  #endif

  @Test("Seeded random numbers repeat, differ by seed, and a copy draws the same")
  func seededRandom() {
    var one = SeededRandom(seed: 1)
    var two = SeededRandom(seed: 1)
    var three = SeededRandom(seed: 2)
    let (first, second) = (one.octets(20), two.octets(20))
    #expect(first == second && one == two)
    var copy = one
    let draws = [copy.next(), one.next(), three.next()]
    #expect(draws[0] == draws[1] && draws[0] != draws[2])
    let many = (0..<1000).map { _ in one.next() }
    #expect(Set(many).count == 1000)
    let (none, small) = (one.octets(0), Int.random(in: 0..<10, using: &one))
    #expect(none.isEmpty && (0..<10).contains(small))
  }
}
