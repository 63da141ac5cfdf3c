/// Random numbers that repeat from their seed (xoshiro256**, seeded through SplitMix64). For RAND, TMSIs, nonces and delays of an emulation;
/// not a source of secrets. A value: a copied world draws the same numbers in both copies.
public struct SeededRandom: RandomNumberGenerator, Sendable, Hashable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  public init(seed: UInt64) {
    var state = seed
    func mix() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
    s0 = mix()
    s1 = mix()
    s2 = mix()
    s3 = mix()
  }

  public mutating func next() -> UInt64 {
    let scaled = s1 &* 5
    let result = (scaled << 7 | scaled >> 57) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = s3 << 45 | s3 >> 19
    return result
  }

  /// The next `count` octets.
  public mutating func octets(_ count: Int) -> [UInt8] {
    var octets: [UInt8] = []
    octets.reserveCapacity(count)
    var word: UInt64 = 0
    for index in 0..<count {
      if index % 8 == 0 { word = next() }
      octets.append(UInt8(truncatingIfNeeded: word))
      word >>= 8
    }
    return octets
  }
}
