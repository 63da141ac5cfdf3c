import Testing

@testable import NASCrypto

@Suite("Authentication and key agreement, USIM against HSS")
struct AKATests {
  struct Subscriber: Sendable, CustomTestStringConvertible {
    var name: String
    var k: String
    var make: @Sendable (KeyMaterial, inout CryptoEngine) throws -> AuthenticationFunctionSet
    var testDescription: String { name }
  }

  static let subscribers: [Subscriber] = [
    Subscriber(name: "MILENAGE", k: "465b5ce8b199b49faa5f0a2ee238a6bc") { k, engine in
      .milenage(op: try key("cdc202d5123e20f62b6d676ac72cb318"), k: k, using: &engine)
    },
    Subscriber(name: "TUAK, K of 128 bits", k: "abababababababababababababababab") { k, engine in
      .tuak(top: try key(String(repeating: "55", count: 32)), k: k, using: &engine)
    },
    Subscriber(name: "TUAK, K of 256 bits, 2 iterations", k: String(repeating: "ab", count: 32)) { k, engine in
      .tuak(
        top: try key(String(repeating: "55", count: 32)), k: k, configuration: TUAKConfiguration(iterations: 2, resOctets: 16),
        using: &engine)
    },
    Subscriber(name: "test XOR", k: "000102030405060708090a0b0c0d0e0f") { _, _ in .testXOR },
  ]

  static func credentials(_ subscriber: Subscriber, _ engine: inout CryptoEngine) throws -> SubscriberCredentials {
    let k = try key(subscriber.k)
    return try SubscriberCredentials(imsi: "001010000000001", k: k, functions: try subscriber.make(k, &engine))
  }

  @Test("A fresh vector is accepted and both sides have the same RES, CK, IK and KASME", arguments: subscribers)
  func success(subscriber: Subscriber) throws {
    var engine = CryptoEngine()
    var random = SeededRandom(seed: 1)
    let credentials = try Self.credentials(subscriber, &engine)
    var home = HomeSequenceNumbers(last: credentials.sqn)
    var usim = USIMSequenceNumbers()
    for _ in 0..<100 {
      let vector = engine.authenticationVector(for: credentials, sqn: home.next(), rand: random.octets(16))
      guard
        case .success(let result) = engine.verifyChallenge(
          rand: vector.rand, autn: vector.autn, credentials: credentials, sequenceNumbers: &usim)
      else {
        Issue.record("refused")
        return
      }
      #expect(result.res == vector.xres && result.ck == vector.ck && result.ik == vector.ik)
      #expect(result.sqn == vector.sqn && result.sqnXorAK == vector.sqnXorAK && result.amf == 0x8000 && result.hasSeparationBit)
      let plmn: [UInt8] = [0x00, 0xf1, 0x10]
      let atUSIM = engine.deriveKASME(ck: result.ck, ik: result.ik, servingNetwork: plmn, sqnXorAK: result.sqnXorAK)
      let atHome = engine.deriveKASME(ck: vector.ck, ik: vector.ik, servingNetwork: plmn, sqnXorAK: vector.sqnXorAK)
      #expect(atUSIM == atHome && usim.highest == vector.sqn)
    }
  }

  @Test("A wrong K, or any octet of AUTN changed, is a MAC failure that leaves the sequence numbers alone", arguments: subscribers)
  func macFailure(subscriber: Subscriber) throws {
    var engine = CryptoEngine()
    let credentials = try Self.credentials(subscriber, &engine)
    let vector = engine.authenticationVector(for: credentials, sqn: 64, rand: [UInt8](repeating: 3, count: 16))
    var usim = USIMSequenceNumbers()
    let before = usim
    let wrongK = try SubscriberCredentials(
      imsi: credentials.imsi, k: KeyMaterial([UInt8](repeating: 0xee, count: credentials.k.count)),
      functions: credentials.functions)
    for octet in -1..<16 {
      var autn = vector.autn
      if octet >= 0 { autn[octet] ^= 1 }
      let outcome = engine.verifyChallenge(
        rand: vector.rand, autn: autn, credentials: octet < 0 ? wrongK : credentials, sequenceNumbers: &usim)
      guard case .macFailure = outcome else {
        Issue.record("octet \(octet): \(outcome)")
        continue
      }
      #expect(usim == before)
    }
    let opened = engine.openChallenge(rand: vector.rand, autn: vector.autn, credentials: wrongK)
    #expect(opened?.isVerified == false)
  }

  @Test("A replayed challenge is a synch failure whose AUTS the HSS accepts and resynchronises from", arguments: subscribers)
  func replayAndResynchronisation(subscriber: Subscriber) throws {
    var engine = CryptoEngine()
    var random = SeededRandom(seed: 2)
    let credentials = try Self.credentials(subscriber, &engine)
    var usim = USIMSequenceNumbers()
    // The HSS's counter stands far behind the USIM's, as after a restore.
    var home = HomeSequenceNumbers(last: 0x1000)
    #expect(usim.accept(0x20_0005) == true)
    let vector = engine.authenticationVector(for: credentials, sqn: 0x10_0005, rand: random.octets(16))
    guard
      case .synchronisationFailure(let auts) = engine.verifyChallenge(
        rand: vector.rand, autn: vector.autn, credentials: credentials, sequenceNumbers: &usim)
    else {
      Issue.record("accepted a stale SQN")
      return
    }
    #expect(auts.count == 14)
    let answer = engine.resynchronise(credentials, rand: vector.rand, auts: auts)
    let sqnMS = try #require(answer)
    #expect(sqnMS == 0x20_0005)
    home.resynchronise(to: sqnMS)
    let second = engine.authenticationVector(for: credentials, sqn: home.next(), rand: random.octets(16))
    guard
      case .success = engine.verifyChallenge(
        rand: second.rand, autn: second.autn, credentials: credentials, sequenceNumbers: &usim)
    else {
      Issue.record("refused after resynchronisation")
      return
    }
    // The same one again.
    guard
      case .synchronisationFailure(let again) = engine.verifyChallenge(
        rand: second.rand, autn: second.autn, credentials: credentials, sequenceNumbers: &usim)
    else {
      Issue.record("accepted a replay")
      return
    }
    let resynchronised = engine.resynchronise(credentials, rand: second.rand, auts: again)
    #expect(resynchronised == second.sqn)
    // Another RAND, or any octet changed, and the HSS refuses AUTS.
    let otherRAND = engine.resynchronise(credentials, rand: random.octets(16), auts: again)
    #expect(otherRAND == nil)
    for octet in 0..<14 {
      var changed = again
      changed[octet] ^= 0x80
      let refused = engine.resynchronise(credentials, rand: second.rand, auts: changed)
      #expect(refused == nil)
    }
  }

  @Test("Lengths that no network sends are refused, not trapped on", arguments: subscribers)
  func lengths(subscriber: Subscriber) throws {
    var engine = CryptoEngine()
    let credentials = try Self.credentials(subscriber, &engine)
    let vector = engine.authenticationVector(for: credentials, sqn: 32, rand: [UInt8](repeating: 3, count: 16))
    var usim = USIMSequenceNumbers()
    for count in 0..<40 where count != 16 {
      let short = [UInt8](repeating: 1, count: count)
      for (rand, autn) in [(vector.rand, short), (short, vector.autn), (short, short)] {
        guard
          case .macFailure = engine.verifyChallenge(rand: rand, autn: autn, credentials: credentials, sequenceNumbers: &usim)
        else {
          Issue.record("\(count) octets accepted")
          continue
        }
        let opened = engine.openChallenge(rand: rand, autn: autn, credentials: credentials)
        #expect(opened == nil)
      }
      let sqnMS = engine.resynchronise(credentials, rand: vector.rand, auts: short)
      #expect(sqnMS == nil || count == 14)
    }
  }

  @Test("AMF without the separation bit is reported, the caller judges")
  func separationBit() throws {
    var engine = CryptoEngine()
    let credentials = try Self.credentials(Self.subscribers[0], &engine)
    let vector = engine.authenticationVector(for: credentials, sqn: 32, rand: [UInt8](repeating: 3, count: 16), amf: 0x7fff)
    var usim = USIMSequenceNumbers()
    guard
      case .success(let result) = engine.verifyChallenge(
        rand: vector.rand, autn: vector.autn, credentials: credentials, sequenceNumbers: &usim)
    else {
      Issue.record("refused")
      return
    }
    #expect(!result.hasSeparationBit && result.amf == 0x7fff)
  }

  @Test("Credentials with keys of a wrong length are refused in words")
  func credentialErrors() throws {
    let k = KeyMaterial([UInt8](repeating: 1, count: 16))
    let short = KeyMaterial([UInt8](repeating: 1, count: 15))
    let make = { (imsi: String, k: KeyMaterial, functions: AuthenticationFunctionSet, sqn: UInt64) throws(CredentialError) in
      _ = try SubscriberCredentials(imsi: imsi, k: k, functions: functions, sqn: sqn)
    }
    let cases: [(CredentialError.Code, String, KeyMaterial, AuthenticationFunctionSet, UInt64)] = [
      (.imsi, "00101", k, .testXOR, 0), (.imsi, "00101000000000x", k, .testXOR, 0), (.keyLength, "001010000000001", short, .testXOR, 0),
      (.keyLength, "001010000000001", short, .milenage(opc: k), 0),
      (.operatorKeyLength, "001010000000001", k, .milenage(opc: short), 0),
      (.operatorKeyLength, "001010000000001", k, .tuak(topc: k, configuration: TUAKConfiguration()), 0),
      (
        .tuakSizes, "001010000000001", k,
        .tuak(topc: KeyMaterial([UInt8](repeating: 1, count: 32)), configuration: TUAKConfiguration(macOctets: 9)), 0
      ),
      (.sequenceNumber, "001010000000001", k, .testXOR, 1 << 48),
    ]
    for (code, imsi, k, functions, sqn) in cases {
      let error = #expect(throws: CredentialError.self) { try make(imsi, k, functions, sqn) }
      #expect(error?.code == code && error?.description.isEmpty == false)
    }
  }
}
