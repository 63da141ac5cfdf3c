extension CryptoEngine {
  /// 128-EIA2 (TS 33.401 §B.2.3): the first 32 bits of AES-CMAC over COUNT, BEARER, DIRECTION, 26 zero bits and the message.
  ///
  /// CMAC is CBC from a chain value of zero. Setting an IV costs libcrypto more than the blocks do, and one call per block nearly as much:
  /// the context is left as it is, and the chain value it still has from its last message is added to the first block, where it cancels.
  mutating func aesMAC(
    key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection, message: UnsafeRawBufferPointer, bitLength: Int
  ) -> UInt32 {
    let context = chains.context(for: key)
    let header = (UInt64(count) << 32 | UInt64(bearer) << 27 | UInt64(direction.rawValue) << 26).bigEndian
    return withUnsafeTemporaryAllocation(byteCount: 512, alignment: 16) { scratch in
      guard let blocks = scratch.baseAddress else { preconditionFailure("no scratch memory") }
      let m = message.baseAddress ?? UnsafeRawPointer(blocks)
      let octets = (bitLength &+ 7) >> 3
      var taken = min(octets, 8)
      var filled = 8 &+ taken
      // The first block, with the chain value that libcrypto would add taken out. One store of 16 octets: two of 8 before libcrypto's load of
      // 16 would stall it.
      var first = SIMD2<UInt64>(header, 0)
      if taken == 8 {
        first.y = m.loadUnaligned(as: UInt64.self)
      } else {
        for index in 0..<taken {
          first.y |= UInt64(m.load(fromByteOffset: index, as: UInt8.self)) << UInt64(truncatingIfNeeded: 8 &* index)
        }
      }
      blocks.storeBytes(of: first ^ context.pointee.chain, as: SIMD2<UInt64>.self)
      // Whatever cannot be in the last 512 octets. At least one octet of the message stays for those.
      while octets &- taken > 512 &- filled {
        (blocks + filled).copyMemory(from: m + taken, byteCount: 512 &- filled)
        taken &+= 512 &- filled
        context.pointee.encrypt(blocks, to: blocks, count: 32)
        filled = 0
      }
      (blocks + filled).copyMemory(from: m + taken, byteCount: octets &- taken)
      filled &+= octets &- taken
      // The last block: bits beyond the message, and 10…0 if it is not full, then a subkey.
      let spare = bitLength & 7
      let count = (filled &+ 15) >> 4
      let last = blocks + (count &- 1) &* 16
      var subkey = context.pointee.subkey1
      if filled & 15 != 0 || spare != 0 {
        subkey = context.pointee.subkey2
        // (A message below 8 octets has zeros behind it already, under the chain value.)
        if filled & 15 != 0, octets > 8 { (blocks + filled).initializeMemory(as: UInt8.self, repeating: 0, count: count &* 16 &- filled) }
        if spare != 0 {
          // In the first block a chain value lies over the message: both bits and pad are set by XOR.
          let at = filled &- 1
          let octet = octets > 0 ? m.load(fromByteOffset: octets &- 1, as: UInt8.self) : 0
          let wanted = octet & UInt8(truncatingIfNeeded: 0xff00 >> spare) | 0x80 >> UInt8(truncatingIfNeeded: spare)
          blocks.storeBytes(of: blocks.load(fromByteOffset: at, as: UInt8.self) ^ octet ^ wanted, toByteOffset: at, as: UInt8.self)
        } else {
          blocks.storeBytes(of: blocks.load(fromByteOffset: filled, as: UInt8.self) ^ 0x80, toByteOffset: filled, as: UInt8.self)
        }
      }
      last.storeBytes(of: last.load(as: SIMD2<UInt64>.self) ^ subkey, as: SIMD2<UInt64>.self)
      context.pointee.encrypt(blocks, to: blocks, count: count)
      let chain = last.load(as: SIMD2<UInt64>.self)
      context.pointee.chain = chain
      return UInt32(truncatingIfNeeded: UInt64(bigEndian: chain.x) >> 32)
    }
  }

  /// 128-EEA2 (TS 33.401 §B.1.3): AES in counter mode; the first counter block is COUNT, BEARER, DIRECTION and zeros.
  ///
  /// The counter blocks are written here and enciphered in one ECB call: setting an IV costs libcrypto more than four blocks.
  mutating func aesCipher(
    key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection, data: UnsafeMutableRawBufferPointer, bitLength: Int
  ) {
    guard let base = data.baseAddress, bitLength > 0 else { return }
    let context = contexts.context(for: key)
    let header = (UInt64(count) << 32 | UInt64(bearer) << 27 | UInt64(direction.rawValue) << 26).bigEndian
    withUnsafeTemporaryAllocation(byteCount: 512, alignment: 16) { keystream in
      guard let stream = keystream.baseAddress else { return }
      var counter: UInt64 = 0
      var done = 0
      while done < bitLength {
        let bits = min(bitLength &- done, 512 &* 8)
        let blocks = (bits &+ 127) >> 7
        for block in 0..<blocks {
          stream.storeBytes(of: header, toByteOffset: block &* 16, as: UInt64.self)
          stream.storeBytes(of: counter.bigEndian, toByteOffset: block &* 16 &+ 8, as: UInt64.self)
          counter &+= 1
        }
        context.pointee.encrypt(stream, to: stream, count: blocks)
        xor(stream, into: base + done >> 3, bits: bits)
        done &+= bits
      }
    }
  }
}
