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
    milenage(k: k, opc: opc, rand: rand, amf: amf, sqn: { _, _ in sqn }, isKnown: true)
  }

  /// The same where SQN comes hidden in AUTN or AUTS: it is made from f5 and f5*, and OUT1 is worked out after the others.
  ///
  /// - Parameter sqn: gives SQN from AK and AK*, 48 bits each.
  mutating func milenage(
    k: KeyMaterial, opc: KeyMaterial, rand: Block, amf: UInt16, sqn: (_ ak: UInt64, _ akStar: UInt64) -> UInt64
  ) -> MilenageOutputs {
    milenage(k: k, opc: opc, rand: rand, amf: amf, sqn: sqn, isKnown: false)
  }

  @inline(__always)
  private mutating func milenage(
    k: KeyMaterial, opc: KeyMaterial, rand: Block, amf: UInt16, sqn: (_ ak: UInt64, _ akStar: UInt64) -> UInt64, isKnown: Bool
  ) -> MilenageOutputs {
    let context = contexts.context(for: k)
    let opc = Block(bytes: opc.bytes)
    return withUnsafeTemporaryAllocation(byteCount: 80, alignment: 16) { scratch in
      guard let base = scratch.baseAddress else { preconditionFailure("no scratch memory") }
      (rand ^ opc).store(to: base)
      context.pointee.encrypt(base, to: base, count: 1)
      let temp = Block(at: base)
      // Rotations r1 to r5 are 64, 0, 32, 64, 96 bits to the left; constants c1 to c5 are 0, 1, 2, 4, 8 (§4.1).
      let t = temp ^ opc
      Block(high: t.high, low: t.low ^ 1).store(to: base)
      Block(high: t.high << 32 | t.low >> 32, low: (t.low << 32 | t.high >> 32) ^ 2).store(to: base + 16)
      Block(high: t.low, low: t.high ^ 4).store(to: base + 32)
      Block(high: t.low << 32 | t.high >> 32, low: (t.high << 32 | t.low >> 32) ^ 8).store(to: base + 48)
      if isKnown {
        Self.milenageInput1(temp, opc, sqn(0, 0), amf).store(to: base + 64)
        context.pointee.encrypt(base, to: base, count: 5)
      } else {
        context.pointee.encrypt(base, to: base, count: 4)
      }
      let out2 = Block(at: base) ^ opc
      let f5 = out2.high >> 16
      let f5Star = (Block(at: base + 48) ^ opc).high >> 16
      if !isKnown {
        Self.milenageInput1(temp, opc, sqn(f5, f5Star), amf).store(to: base + 64)
        context.pointee.encrypt(base + 64, to: base + 64, count: 1)
      }
      let out1 = Block(at: base + 64) ^ opc
      return MilenageOutputs(
        f1: out1.high, f1Star: out1.low, f2: out2.low, f3: Block(at: base + 16) ^ opc, f4: Block(at: base + 32) ^ opc, f5: f5,
        f5Star: f5Star)
    }
  }

  /// What is enciphered for OUT1: TEMP ⊕ rot(IN1 ⊕ OPc, r1) ⊕ c1, with IN1 = SQN ‖ AMF ‖ SQN ‖ AMF.
  @inline(__always)
  private static func milenageInput1(_ temp: Block, _ opc: Block, _ sqn: UInt64, _ amf: UInt16) -> Block {
    let half = (sqn & 0xffff_ffff_ffff) << 16 | UInt64(amf)
    return Block(high: temp.high ^ half ^ opc.low, low: temp.low ^ half ^ opc.high)
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
