import Testing

@testable import NASCrypto

@Suite("MILENAGE, TUAK and the test algorithm against their vectors")
struct AuthenticationFunctionTests {
  static func credentials(_ k: KeyMaterial, _ functions: AuthenticationFunctionSet) throws -> SubscriberCredentials {
    try SubscriberCredentials(imsi: "001010000000001", k: k, functions: functions)
  }

  @Test("MILENAGE sets 1 to 6, with OP and with OPc", arguments: Vectors.published.milenage)
  func milenage(vector: Vectors.Milenage) throws {
    var engine = CryptoEngine()
    let k = try key(vector.k)
    let opc = engine.milenageOPc(k: k, op: try key(vector.op))
    #expect(opc.hex() == vector.opc)
    let rand = try #require(Block(try octets(vector.rand)))
    let amf = UInt16(truncatingIfNeeded: bigEndianNumber(try octets(vector.amf)))
    let outputs = engine.milenage(k: k, opc: opc, rand: rand, sqn: bigEndianNumber(try octets(vector.sqn)), amf: amf)
    #expect(Hex.text(bigEndianOctets(outputs.f1, count: 8)) == vector.f1)
    #expect(Hex.text(bigEndianOctets(outputs.f1Star, count: 8)) == vector.f1star)
    #expect(Hex.text(bigEndianOctets(outputs.f2, count: 8)) == vector.f2)
    #expect(Hex.text(outputs.f3.octets) == vector.f3)
    #expect(Hex.text(outputs.f4.octets) == vector.f4)
    #expect(Hex.text(bigEndianOctets(outputs.f5, count: 6)) == vector.f5)
    #expect(Hex.text(bigEndianOctets(outputs.f5Star, count: 6)) == vector.f5star)
  }

  @Test("A vector made and opened with MILENAGE carries the published values", arguments: Vectors.published.milenage)
  func milenageVector(vector: Vectors.Milenage) throws {
    var engine = CryptoEngine()
    let k = try key(vector.k)
    let functions = AuthenticationFunctionSet.milenage(op: try key(vector.op), k: k, using: &engine)
    try check(
      k: k, functions: functions, rand: vector.rand, sqn: vector.sqn, amf: vector.amf, f1: vector.f1, f1star: vector.f1star,
      f2: vector.f2, f3: vector.f3, f4: vector.f4, f5: vector.f5, f5star: vector.f5star, engine: &engine)
  }

  @Test("TUAK sets 1 to 6: every size and number of iterations", arguments: Vectors.published.tuak)
  func tuak(vector: Vectors.TUAK) throws {
    var engine = CryptoEngine()
    let k = try key(vector.k)
    let configuration = TUAKConfiguration(
      iterations: vector.keccakIterations, macOctets: vector.macBits / 8, resOctets: vector.resBits / 8,
      ckOctets: vector.ckBits / 8, ikOctets: vector.ikBits / 8)
    #expect(configuration.isValid)
    let topc = engine.tuakTOPc(k: k, top: try key(vector.top), iterations: vector.keccakIterations)
    #expect(topc.hex() == vector.topc)
    let functions = AuthenticationFunctionSet.tuak(
      top: try key(vector.top), k: k, configuration: configuration, using: &engine)
    try check(
      k: k, functions: functions, rand: vector.rand, sqn: vector.sqn, amf: vector.amf, f1: vector.f1, f1star: vector.f1star,
      f2: vector.f2, f3: vector.f3, f4: vector.f4, f5: vector.f5, f5star: vector.f5star, engine: &engine)
  }

  @Test("The test algorithm of TS 34.108, worked out by hand for the default K")
  func testXOR() throws {
    var engine = CryptoEngine()
    try check(
      k: try key("000102030405060708090a0b0c0d0e0f"), functions: .testXOR, rand: "34343434343434343434343434343434",
      sqn: "000000000001", amf: "8000", f1: "343536373030b233", f1star: "343536373030b233", f2: "34353637303132333c3d3e3f38393a3b",
      f3: "353637303132333c3d3e3f38393a3b34", f4: "3637303132333c3d3e3f38393a3b3435", f5: "37303132333c", f5star: "37303132333c",
      engine: &engine)
  }

  /// Makes a vector, opens it as USIM and as observer, and has the HSS open an AUTS with the same SQN.
  private func check(
    k: KeyMaterial, functions: AuthenticationFunctionSet, rand: String, sqn: String, amf: String, f1: String, f1star: String,
    f2: String, f3: String, f4: String, f5: String, f5star: String, engine: inout CryptoEngine
  ) throws {
    let credentials = try Self.credentials(k, functions)
    let rand = try octets(rand)
    let number = bigEndianNumber(try octets(sqn))
    let field = UInt16(truncatingIfNeeded: bigEndianNumber(try octets(amf)))
    let made = engine.authenticationVector(for: credentials, sqn: number, rand: rand, amf: field)
    let concealed = number ^ bigEndianNumber(try octets(f5))
    #expect(Hex.text(made.autn) == Hex.text(bigEndianOctets(concealed, count: 6)) + amf + f1)
    #expect(Hex.text(made.xres) == f2 && made.ck.hex() == f3 && made.ik.hex() == f4)

    let answer = engine.openChallenge(rand: rand, autn: made.autn, credentials: credentials)
    let opened = try #require(answer)
    #expect(opened.isVerified && opened.result.sqn == number && opened.result.amf == field)
    #expect(opened.result.res == made.xres && opened.result.ck == made.ck && opened.result.ik == made.ik)
    #expect(opened.result.sqnXorAK == made.sqnXorAK)

    let block = try #require(Block(rand))
    let resynchronisation = engine.resynchronisationOutputs(credentials, rand: block, amf: field) { _ in number }
    #expect(Hex.text(resynchronisation.mac) == f1star)
    #expect(Hex.text(bigEndianOctets(resynchronisation.akStar, count: 6)) == f5star)
  }

  @Test("Keccak-f[1600] of the zero state has its known first lane, and its known second after another permutation")
  func keccak() {
    var lanes = [UInt64](repeating: 0, count: 25)
    lanes.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { Keccak.permute(base) } }
    #expect(lanes[0] == 0xf125_8f79_40e1_dde7 && lanes[24] == 0xeaf1_ff7b_5cec_a249)
    lanes.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { Keccak.permute(base) } }
    #expect(lanes[0] == 0x2d5c_954d_f96e_cb3c)
  }
}
