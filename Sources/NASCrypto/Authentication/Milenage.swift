/// The outputs of MILENAGE f1 to f5* for one RAND (TS 35.206 §4.1), as big-endian numbers.
public struct MilenageOutputs: Sendable, Hashable {
  /// MAC-A, 64 bits.
  public var f1: UInt64
  /// MAC-S, 64 bits.
  public var f1Star: UInt64
  /// RES, 64 bits.
  public var f2: UInt64
  /// CK.
  public var f3: Block
  /// IK.
  public var f4: Block
  /// AK, 48 bits.
  public var f5: UInt64
  /// AK of the resynchronisation, 48 bits.
  public var f5Star: UInt64
}

extension CryptoEngine {
  /// All functions of MILENAGE at once: 6 blocks of AES in two calls, since OUT1 to OUT5 do not depend on each other.
  ///
  /// - Parameters:
  ///   - k: 16 octets.
  ///   - opc: OPc, 16 octets.
  ///   - sqn: 48 bits.
  public mutating func milenage(k: KeyMaterial, opc: KeyMaterial, rand: Block, sqn: UInt64, amf: UInt16) -> MilenageOutputs {
    let context = contexts.context(for: k)
    let opc = Block(bytes: opc.bytes)
    return withUnsafeTemporaryAllocation(byteCount: 96, alignment: 16) { scratch in
      guard let base = scratch.baseAddress else { preconditionFailure("no scratch memory") }
      (rand ^ opc).store(to: base)
      context.pointee.encrypt(base, to: base, count: 1)
      let temp = Block(at: base)
      let half = (sqn & 0xffff_ffff_ffff) << 16 | UInt64(amf)
      // Rotations r1 to r5 are 64, 0, 32, 64, 96 bits to the left; constants c1 to c5 are 0, 1, 2, 4, 8 (§4.1).
      let in1 = Block(high: half, low: half) ^ opc
      (temp ^ Block(high: in1.low, low: in1.high)).store(to: base)
      let t = temp ^ opc
      Block(high: t.high, low: t.low ^ 1).store(to: base + 16)
      Block(high: t.high << 32 | t.low >> 32, low: (t.low << 32 | t.high >> 32) ^ 2).store(to: base + 32)
      Block(high: t.low, low: t.high ^ 4).store(to: base + 48)
      Block(high: t.low << 32 | t.high >> 32, low: (t.high << 32 | t.low >> 32) ^ 8).store(to: base + 64)
      context.pointee.encrypt(base, to: base, count: 5)
      let out1 = Block(at: base) ^ opc
      let out2 = Block(at: base + 16) ^ opc
      return MilenageOutputs(
        f1: out1.high, f1Star: out1.low, f2: out2.low, f3: Block(at: base + 32) ^ opc, f4: Block(at: base + 48) ^ opc,
        f5: out2.high >> 16, f5Star: (Block(at: base + 64) ^ opc).high >> 16)
    }
  }

  /// OPc = AES-128(K, OP) ⊕ OP (TS 35.206 §4.1); both have 16 octets.
  public mutating func milenageOPc(k: KeyMaterial, op: KeyMaterial) -> KeyMaterial {
    let context = contexts.context(for: k)
    let op = Block(bytes: op.bytes)
    return KeyMaterial(uninitializedCount: 16) { octets in
      guard let base = octets.baseAddress else { return }
      op.store(to: base)
      context.pointee.encrypt(base, to: base, count: 1)
      (Block(at: base) ^ op).store(to: base)
    }
  }
}
