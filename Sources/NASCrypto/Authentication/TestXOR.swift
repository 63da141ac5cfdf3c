/// The test algorithm of TS 34.108 §8.1.2: everything comes from XDOUT = K ⊕ RAND. f1* is f1 and f5* is f5.
struct TestXOR {
  let xdout: Block

  /// `k` has 16 octets.
  init(k: KeyMaterial, rand: Block) {
    xdout = Block(bytes: k.bytes) ^ rand
  }

  /// XDOUT turned left by one octet.
  var ck: Block { turned(8) }
  /// XDOUT turned left by two octets.
  var ik: Block { turned(16) }
  /// Octets 3 to 8 of XDOUT, 48 bits.
  var ak: UInt64 { turned(24).high >> 16 }

  /// MAC: XDOUT's first 64 bits ⊕ CDOUT = SQN ‖ AMF.
  func mac(sqn: UInt64, amf: UInt16) -> UInt64 { xdout.high ^ (sqn << 16 | UInt64(amf)) }

  private func turned(_ bits: UInt64) -> Block {
    Block(high: xdout.high << bits | xdout.low >> (64 - bits), low: xdout.low << bits | xdout.high >> (64 - bits))
  }
}
