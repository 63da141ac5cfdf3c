extension CryptoEngine {
  /// 128-EEA3 (TS 33.401 §B.1.4, TS 35.221 §3).
  mutating func zucCipher(
    key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection, data: UnsafeMutableRawBufferPointer, bitLength: Int
  ) {
    precondition(key.count == 16, "ZUC takes a key of 16 octets")
    guard let base = data.baseAddress, let keyBytes = key.bytes.baseAddress, bitLength > 0 else { return }
    let tables = self.tables
    let half = UInt64(count) << 32 | UInt64(bearer) << 27 | UInt64(direction.rawValue) << 26
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: ZUC.windowCount + ZUC.chunk) { scratch in
      guard let window = scratch.baseAddress else { return }
      let words = window + ZUC.windowCount
      var generator = ZUC(key: keyBytes, iv: (half, half), tables: tables, window: window)
      var done = 0
      while done < bitLength {
        let bits = min(bitLength &- done, ZUC.chunk &* 32)
        let wordCount = (bits &+ 31) >> 5
        generator.generate(wordCount, into: words)
        for index in 0..<wordCount { words[index] = words[index].bigEndian }
        xor(words, into: base + done >> 3, bits: bits)
        done &+= bits
      }
    }
  }

  /// 128-EIA3 (TS 33.401 §B.2.4, TS 35.221 §4).
  mutating func zucMAC(
    key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection, message: UnsafeRawBufferPointer, bitLength: Int
  ) -> UInt32 {
    precondition(key.count == 16, "ZUC takes a key of 16 octets")
    guard let keyBytes = key.bytes.baseAddress else { return 0 }
    let tables = self.tables
    let half = UInt64(count) << 32 | UInt64(bearer) << 27
    let way = UInt64(direction.rawValue)
    let iv = (half, half ^ way << 63 ^ way << 15)
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: ZUC.windowCount + ZUC.chunk + 1) { scratch -> UInt32 in
      guard let window = scratch.baseAddress else { return 0 }
      // words[0] is the last word of the chunk before, so that every message word finds its two keystream words side by side.
      let words = window + ZUC.windowCount
      var generator = ZUC(key: keyBytes, iv: iv, tables: tables, window: window)
      generator.generate(1, into: words)
      var tag: UInt32 = 0
      var left = bitLength
      var offset = 0
      // The keystream has two words more than the message has: one for the window that runs over its end, one to mask the tag.
      while true {
        let messageWords = (left &+ 31) >> 5
        let last = messageWords &+ 1 <= ZUC.chunk
        let taken = last ? messageWords : ZUC.chunk
        generator.generate(last ? messageWords &+ 1 : taken, into: words + 1)
        for index in 0..<taken {
          var word: UInt32
          if left >= 32 {
            word = UInt32(bigEndian: message.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
          } else {
            word = 0
            for octet in 0..<((left &+ 7) >> 3) {
              word |= UInt32(message[offset &+ octet]) << UInt32(truncatingIfNeeded: 24 &- 8 &* octet)
            }
            word &= ~(UInt32.max >> UInt32(truncatingIfNeeded: left))
          }
          let pair = UInt64(words[index]) << 32 | UInt64(words[index &+ 1])
          tag ^= windowsSelected(by: word, from: pair)
          if left < 32 {
            // LENGTH falls inside this word: its window too is added.
            tag ^= UInt32(truncatingIfNeeded: (pair << UInt64(truncatingIfNeeded: left)) >> 32)
          }
          left &-= 32
          offset &+= 4
        }
        if last {
          if bitLength & 31 == 0 { tag ^= words[messageWords] }
          return tag ^ words[messageWords &+ 1]
        }
        words[0] = words[taken]
      }
    }
  }
}

/// The XOR of the 32-bit windows of `pair` that begin at bit i (from the left) for every bit i (from the left) that is set in `selector`.
///
/// That is the upper half of the low 64 bits of a product without carries. Integer multiplication gives it if the factors' bits are thinned
/// out to every fourth: no column then adds up to more than 8 ones, which three empty bits can hold.
@inline(__always)
private func windowsSelected(by selector: UInt32, from pair: UInt64) -> UInt32 {
  // Mirror the selector, so that bit i from the left weighs 2^i.
  var m = selector.byteSwapped
  m = (m >> 4 & 0x0f0f_0f0f) | (m & 0x0f0f_0f0f) << 4
  m = (m >> 2 & 0x3333_3333) | (m & 0x3333_3333) << 2
  m = (m >> 1 & 0x5555_5555) | (m & 0x5555_5555) << 1
  let m0 = UInt64(m & 0x1111_1111)
  let m1 = UInt64(m & 0x2222_2222)
  let m2 = UInt64(m & 0x4444_4444)
  let m3 = UInt64(m & 0x8888_8888)
  let p0 = pair & 0x1111_1111_1111_1111
  let p1 = pair & 0x2222_2222_2222_2222
  let p2 = pair & 0x4444_4444_4444_4444
  let p3 = pair & 0x8888_8888_8888_8888
  let r0 = (m0 &* p0 ^ m1 &* p3 ^ m2 &* p2 ^ m3 &* p1) & 0x1111_1111_1111_1111
  let r1 = (m0 &* p1 ^ m1 &* p0 ^ m2 &* p3 ^ m3 &* p2) & 0x2222_2222_2222_2222
  let r2 = (m0 &* p2 ^ m1 &* p1 ^ m2 &* p0 ^ m3 &* p3) & 0x4444_4444_4444_4444
  let r3 = (m0 &* p3 ^ m1 &* p2 ^ m2 &* p1 ^ m3 &* p0) & 0x8888_8888_8888_8888
  return UInt32(truncatingIfNeeded: (r0 | r1 | r2 | r3) >> 32)
}
