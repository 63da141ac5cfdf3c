extension CryptoEngine {
  /// 128-EEA1 (TS 33.401 §B.1.2): UEA2 (TS 35.215 §4) with BEARER and DIRECTION as there.
  mutating func snow3GCipher(
    key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection, data: UnsafeMutableRawBufferPointer, bitLength: Int
  ) {
    precondition(key.count == 16, "SNOW 3G takes a key of 16 octets")
    guard let base = data.baseAddress, let keyBytes = key.bytes.baseAddress, bitLength > 0 else { return }
    let tables = self.tables
    let second = UInt32(bearer) << 27 | UInt32(direction.rawValue) << 26
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: SNOW3G.windowCount + SNOW3G.chunk) { scratch in
      guard let window = scratch.baseAddress else { return }
      let words = window + SNOW3G.windowCount
      var generator = SNOW3G(key: keyBytes, iv: (second, count, second, count), tables: tables, window: window)
      var done = 0
      while done < bitLength {
        let bits = min(bitLength &- done, SNOW3G.chunk &* 32)
        generator.generate((bits &+ 31) >> 5, into: words)
        xor(words, into: base + done >> 3, bits: bits)
        done &+= bits
      }
    }
  }

  /// 128-EIA1 (TS 33.401 §B.2.2): UIA2 (TS 35.215 §4, f9) with FRESH = BEARER ‖ 27 zero bits.
  mutating func snow3GMAC(
    key: KeyMaterial, count: UInt32, fresh: UInt32, direction: LinkDirection, message: UnsafeRawBufferPointer, bitLength: Int
  ) -> UInt32 {
    precondition(key.count == 16, "SNOW 3G takes a key of 16 octets")
    guard let keyBytes = key.bytes.baseAddress else { return 0 }
    let tables = self.tables
    let way = UInt32(direction.rawValue)
    var words: (UInt32, UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0, 0)
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: SNOW3G.windowCount + 5) { scratch in
      guard let window = scratch.baseAddress else { return }
      var generator = SNOW3G(
        key: keyBytes, iv: (fresh ^ way << 15, count ^ way << 31, fresh, count), tables: tables, window: window)
      let z = window + SNOW3G.windowCount
      generator.generate(5, into: z)
      words = (UInt32(bigEndian: z[0]), UInt32(bigEndian: z[1]), UInt32(bigEndian: z[2]), UInt32(bigEndian: z[3]), UInt32(bigEndian: z[4]))
    }
    let evaluation = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: GaloisMultiplier.tableCount) { table -> UInt64 in
      guard let table = table.baseAddress else { return 0 }
      let p = GaloisMultiplier(UInt64(words.0) << 32 | UInt64(words.1), table: table)
      var evaluation: UInt64 = 0
      let whole = bitLength >> 6
      for block in 0..<whole {
        evaluation = p.product(evaluation ^ UInt64(bigEndian: message.loadUnaligned(fromByteOffset: block &* 8, as: UInt64.self)))
      }
      let rest = bitLength & 63
      if rest != 0 {
        var last: UInt64 = 0
        for index in 0..<((rest &+ 7) >> 3) {
          last |= UInt64(message[whole &* 8 &+ index]) << UInt64(truncatingIfNeeded: 56 &- 8 &* index)
        }
        evaluation = p.product(evaluation ^ (last & ~(UInt64.max >> UInt64(truncatingIfNeeded: rest))))
      }
      let q = GaloisMultiplier(UInt64(words.2) << 32 | UInt64(words.3), table: table)
      return q.product(evaluation ^ UInt64(truncatingIfNeeded: bitLength))
    }
    return UInt32(truncatingIfNeeded: evaluation >> 32) ^ words.4
  }
}
