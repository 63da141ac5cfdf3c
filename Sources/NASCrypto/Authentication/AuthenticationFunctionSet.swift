/// The functions f1 to f5* that a subscriber's USIM and HSS share.
public enum AuthenticationFunctionSet: Sendable {
  /// MILENAGE (TS 35.206) with OPc, 16 octets.
  case milenage(opc: KeyMaterial)
  /// TUAK (TS 35.231) with TOPc, 32 octets.
  case tuak(topc: KeyMaterial, configuration: TUAKConfiguration)
  /// The test algorithm of TS 34.108 §8.1.2.
  case testXOR

  /// MILENAGE with OP (16 octets), turned into OPc here; K has 16 octets.
  public static func milenage(op: KeyMaterial, k: KeyMaterial, using engine: inout CryptoEngine) -> AuthenticationFunctionSet {
    .milenage(opc: engine.milenageOPc(k: k, op: op))
  }

  /// TUAK with TOP (32 octets), turned into TOPc here; K has 16 or 32 octets.
  public static func tuak(
    top: KeyMaterial, k: KeyMaterial, configuration: TUAKConfiguration = TUAKConfiguration(), using engine: inout CryptoEngine
  ) -> AuthenticationFunctionSet {
    .tuak(topc: engine.tuakTOPc(k: k, top: top, iterations: configuration.iterations), configuration: configuration)
  }

  /// How many octets MAC-A and MAC-S have.
  var macOctets: Int {
    switch self {
    case .milenage, .testXOR: 8
    case .tuak(_, let configuration): configuration.macOctets
    }
  }
}

extension CryptoEngine {
  /// TOPc from TOP (TS 35.231 §6.1): 32 octets both; K has 16 or 32 octets.
  public mutating func tuakTOPc(k: KeyMaterial, top: KeyMaterial, iterations: Int = 1) -> KeyMaterial {
    TUAK.topc(k: k, top: top, iterations: iterations)
  }
}

/// What f1 to f5 give for one RAND, SQN and AMF.
struct AuthenticationOutputs {
  var mac: [UInt8]
  var res: [UInt8]
  var ck: KeyMaterial
  var ik: KeyMaterial
  /// 48 bits.
  var ak: UInt64
}

extension CryptoEngine {
  /// f2 to f5 of RAND alone, and f1 of SQN (48 bits) and AMF. As SQN may be hidden by AK, it is made from AK by `sqn`.
  mutating func authenticationOutputs(
    _ credentials: SubscriberCredentials, rand: Block, amf: UInt16, sqn: (_ ak: UInt64) -> UInt64
  ) -> AuthenticationOutputs {
    let k = credentials.k
    switch credentials.functions {
    case .milenage(let opc):
      let outputs = milenage(k: k, opc: opc, rand: rand, amf: amf) { ak, _ in sqn(ak) }
      return AuthenticationOutputs(
        mac: bigEndianOctets(outputs.f1, count: 8), res: bigEndianOctets(outputs.f2, count: 8), ck: KeyMaterial(outputs.f3),
        ik: KeyMaterial(outputs.f4), ak: outputs.f5)
    case .tuak(let topc, let configuration):
      let responses = TUAK.responses(k: k, topc: topc, configuration: configuration, rand: rand.octets)
      let mac = TUAK.mac(
        star: false, k: k, topc: topc, configuration: configuration, rand: rand.octets, sqn: sqn(responses.ak), amf: amf)
      return AuthenticationOutputs(mac: mac, res: responses.res, ck: responses.ck, ik: responses.ik, ak: responses.ak)
    case .testXOR:
      let x = TestXOR(k: k, rand: rand)
      return AuthenticationOutputs(
        mac: bigEndianOctets(x.mac(sqn: sqn(x.ak), amf: amf), count: 8), res: x.xdout.octets, ck: KeyMaterial(x.ck),
        ik: KeyMaterial(x.ik), ak: x.ak)
    }
  }

  /// f5* (48 bits), and f1* of SQN and AMF.
  mutating func resynchronisationOutputs(
    _ credentials: SubscriberCredentials, rand: Block, amf: UInt16, sqn: (_ akStar: UInt64) -> UInt64
  ) -> (mac: [UInt8], akStar: UInt64) {
    let k = credentials.k
    switch credentials.functions {
    case .milenage(let opc):
      let outputs = milenage(k: k, opc: opc, rand: rand, amf: amf) { _, akStar in sqn(akStar) }
      return (bigEndianOctets(outputs.f1Star, count: 8), outputs.f5Star)
    case .tuak(let topc, let configuration):
      let akStar = TUAK.anonymityKeyStar(k: k, topc: topc, configuration: configuration, rand: rand.octets)
      let mac = TUAK.mac(
        star: true, k: k, topc: topc, configuration: configuration, rand: rand.octets, sqn: sqn(akStar), amf: amf)
      return (mac, akStar)
    case .testXOR:
      let x = TestXOR(k: k, rand: rand)
      return (bigEndianOctets(x.mac(sqn: sqn(x.ak), amf: amf), count: 8), x.ak)
    }
  }
}

extension KeyMaterial {
  convenience init(_ block: Block) {
    self.init(uninitializedCount: 16) { octets in
      if let base = octets.baseAddress { block.store(to: base) }
    }
  }
}

/// The `count` low octets of a number, most significant first.
func bigEndianOctets(_ value: UInt64, count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
}

/// The number that at most 8 octets spell, most significant first.
func bigEndianNumber(_ octets: some Sequence<UInt8>) -> UInt64 {
  octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
}
