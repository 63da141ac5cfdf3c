import COpenSSL

/// The sizes TUAK leaves to the operator (TS 35.231 §5.3 to §5.5). The defaults are what EPS needs: MAC 64, CK and IK 128, RES 64 bits.
public struct TUAKConfiguration: Sendable, Hashable {
  /// How many times Keccak-f[1600] is applied; 1 unless the operator says otherwise.
  public var iterations: Int
  /// 8, 16 or 32; AUTN has room for 8.
  public var macOctets: Int
  /// 4, 8, 16 or 32.
  public var resOctets: Int
  /// 16 or 32.
  public var ckOctets: Int
  /// 16 or 32.
  public var ikOctets: Int

  public init(iterations: Int = 1, macOctets: Int = 8, resOctets: Int = 8, ckOctets: Int = 16, ikOctets: Int = 16) {
    self.iterations = iterations
    self.macOctets = macOctets
    self.resOctets = resOctets
    self.ckOctets = ckOctets
    self.ikOctets = ikOctets
  }

  /// Whether every size is one that TUAK has.
  public var isValid: Bool {
    iterations >= 1 && [8, 16, 32].contains(macOctets) && [4, 8, 16, 32].contains(resOctets) && [16, 32].contains(ckOctets)
      && [16, 32].contains(ikOctets)
  }
}

/// TUAK (TS 35.231): every function is some iterations of Keccak-f[1600] over a state that holds TOP or TOPc, INSTANCE, ALGONAME, RAND,
/// AMF, SQN and K, each least significant octet first.
enum TUAK {
  /// TOPc from TOP (32 octets) and K (16 or 32 octets), §6.1.
  static func topc(k: KeyMaterial, top: KeyMaterial, iterations: Int) -> KeyMaterial {
    run(instance: k.count == 32 ? 1 : 0, k: k, top: top, rand: nil, amf: 0, sqn: 0, iterations: iterations) { output in
      key(output, at: 0, count: 32)
    }
  }

  /// f1 (MAC-A) or f1* (MAC-S), §6.2 and §6.3.
  static func mac(
    star: Bool, k: KeyMaterial, topc: KeyMaterial, configuration: TUAKConfiguration, rand: [UInt8], sqn: UInt64, amf: UInt16
  ) -> [UInt8] {
    let instance = (star ? 0x80 : 0) | UInt8(configuration.macOctets) | (k.count == 32 ? 1 : 0)
    return run(instance: instance, k: k, top: topc, rand: rand, amf: amf, sqn: sqn, iterations: configuration.iterations) { output in
      octets(output, at: 0, count: configuration.macOctets)
    }
  }

  /// f2 to f5, §6.4.
  static func responses(
    k: KeyMaterial, topc: KeyMaterial, configuration: TUAKConfiguration, rand: [UInt8]
  ) -> (res: [UInt8], ck: KeyMaterial, ik: KeyMaterial, ak: UInt64) {
    let size: UInt8 = configuration.resOctets == 4 ? 0 : UInt8(configuration.resOctets)
    let instance =
      0x40 | size | (configuration.ckOctets == 32 ? 4 : 0) | (configuration.ikOctets == 32 ? 2 : 0) | (k.count == 32 ? 1 : 0)
    return run(instance: instance, k: k, top: topc, rand: rand, amf: 0, sqn: 0, iterations: configuration.iterations) { output in
      (
        octets(output, at: 0, count: configuration.resOctets), key(output, at: 32, count: configuration.ckOctets),
        key(output, at: 64, count: configuration.ikOctets), anonymityKey(output)
      )
    }
  }

  /// f5*, §6.5.
  static func anonymityKeyStar(k: KeyMaterial, topc: KeyMaterial, configuration: TUAKConfiguration, rand: [UInt8]) -> UInt64 {
    let instance: UInt8 = 0xc0 | (k.count == 32 ? 1 : 0)
    return run(instance: instance, k: k, top: topc, rand: rand, amf: 0, sqn: 0, iterations: configuration.iterations) {
      anonymityKey($0)
    }
  }

  /// Fills the state, permutes it and hands its first 136 octets to `body`.
  private static func run<R>(
    instance: UInt8, k: KeyMaterial, top: KeyMaterial, rand: [UInt8]?, amf: UInt16, sqn: UInt64, iterations: Int,
    _ body: (UnsafeRawBufferPointer) -> R
  ) -> R {
    precondition((k.count == 16 || k.count == 32) && top.count == 32, "TUAK: K has 16 or 32 octets, TOP 32")
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 25) { lanes in
      lanes.initialize(repeating: 0)
      let state = UnsafeMutableRawBufferPointer(lanes)
      put(top.bytes.reversed(), into: state, at: 0)
      state[32] = instance
      put("TUAK1.0".utf8.reversed(), into: state, at: 33)
      if let rand { put(rand.reversed(), into: state, at: 40) }
      state[56] = UInt8(truncatingIfNeeded: amf)
      state[57] = UInt8(truncatingIfNeeded: amf >> 8)
      for index in 0..<6 { state[58 + index] = UInt8(truncatingIfNeeded: sqn >> UInt64(8 * index)) }
      put(k.bytes.reversed(), into: state, at: 64)
      state[96] = 0x1f
      state[135] = 0x80
      for index in lanes.indices { lanes[index] = UInt64(littleEndian: lanes[index]) }
      if let base = lanes.baseAddress {
        for _ in 0..<iterations { Keccak.permute(base) }
      }
      for index in lanes.indices { lanes[index] = lanes[index].littleEndian }
      defer { OPENSSL_cleanse(state.baseAddress, state.count) }
      return body(UnsafeRawBufferPointer(state))
    }
  }

  private static func put(_ octets: some Collection<UInt8>, into state: UnsafeMutableRawBufferPointer, at offset: Int) {
    for (index, octet) in octets.enumerated() { state[offset + index] = octet }
  }

  private static func octets(_ output: UnsafeRawBufferPointer, at offset: Int, count: Int) -> [UInt8] {
    output[offset..<(offset + count)].reversed()
  }

  private static func key(_ output: UnsafeRawBufferPointer, at offset: Int, count: Int) -> KeyMaterial {
    KeyMaterial(uninitializedCount: count) { octets in
      for index in 0..<count { octets[index] = output[offset + count - 1 - index] }
    }
  }

  private static func anonymityKey(_ output: UnsafeRawBufferPointer) -> UInt64 {
    (0..<6).reduce(UInt64(0)) { $0 | UInt64(output[96 + $1]) << UInt64(8 * $1) }
  }
}
