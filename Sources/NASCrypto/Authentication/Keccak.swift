/// The permutation Keccak-f[1600] (FIPS 202 §3), which libcrypto does not offer by itself.
enum Keccak {
  /// Permutes 25 lanes; lane x + 5 y of the state A[x, y].
  static func permute(_ a: UnsafeMutablePointer<UInt64>) {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 30) { scratch in
      guard let b = scratch.baseAddress else { return }
      let c = b + 25
      // Round constants come from the degree-8 shift register of §3.2.5, run along here.
      var register: UInt8 = 1
      for _ in 0..<24 {
        for x in 0..<5 { c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] }
        for x in 0..<5 {
          let d = c[(x + 4) % 5] ^ rotated(c[(x + 1) % 5], 1)
          for y in 0..<5 { a[x + 5 * y] ^= d }
        }
        // ρ and π together: lane (x, y) turns and goes to (y, 2x + 3y).
        b[0] = a[0]
        var (x, y) = (1, 0)
        for t in 0..<24 {
          let target = (y, (2 * x + 3 * y) % 5)
          b[target.0 + 5 * target.1] = rotated(a[x + 5 * y], (t + 1) * (t + 2) / 2 % 64)
          (x, y) = target
        }
        for y in 0..<5 {
          for x in 0..<5 { a[x + 5 * y] = b[x + 5 * y] ^ (~b[(x + 1) % 5 + 5 * y] & b[(x + 2) % 5 + 5 * y]) }
        }
        for j in 0..<7 {
          if register & 1 == 1 { a[0] ^= 1 << UInt64((1 << j) - 1) }
          register = register & 0x80 == 0 ? register << 1 : register << 1 ^ 0x71
        }
      }
      scratch.update(repeating: 0)
    }
  }

  private static func rotated(_ lane: UInt64, _ count: Int) -> UInt64 {
    count == 0 ? lane : lane << UInt64(count) | lane >> UInt64(64 - count)
  }
}
