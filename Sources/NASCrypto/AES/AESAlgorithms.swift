extension CryptoEngine {
  /// 128-EIA2 (TS 33.401 §B.2.3): the first 32 bits of AES-CMAC over COUNT, BEARER, DIRECTION, 26 zero bits and the message.
  mutating func aesMAC(
    key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection, message: UnsafeRawBufferPointer, bitLength: Int
  ) -> UInt32 {
    let context = contexts.context(for: key)
    let header = UInt64(count) << 32 | UInt64(bearer) << 27 | UInt64(direction.rawValue) << 26
    // The chain is kept in memory order: XOR does not care, and nothing is swapped.
    var chain: (UInt64, UInt64) = (header.bigEndian, 0)
    withUnsafeMutableBytes(of: &chain) { chainBytes in
      guard let x = chainBytes.baseAddress else { return }
      // What of the message is in blocks before the last: the first block has 8 octets of it, each further one 16.
      let blocks = (bitLength &+ 64 &+ 127) >> 7
      var taken = 0
      if blocks > 1, let m = message.baseAddress {
        x.storeBytes(of: m.loadUnaligned(as: UInt64.self), toByteOffset: 8, as: UInt64.self)
        context.pointee.encrypt(x, to: x, count: 1)
        taken = 8
        for _ in 0..<(blocks &- 2) {
          let high = x.load(as: UInt64.self) ^ m.loadUnaligned(fromByteOffset: taken, as: UInt64.self)
          let low = x.load(fromByteOffset: 8, as: UInt64.self) ^ m.loadUnaligned(fromByteOffset: taken &+ 8, as: UInt64.self)
          x.storeBytes(of: high, as: UInt64.self)
          x.storeBytes(of: low, toByteOffset: 8, as: UInt64.self)
          context.pointee.encrypt(x, to: x, count: 1)
          taken &+= 16
        }
      }
      let place = blocks > 1 ? 0 : 8
      let rest = bitLength &- taken &* 8
      let octets = (rest &+ 7) >> 3
      for index in 0..<octets {
        var octet = message[taken &+ index]
        if index == octets &- 1, rest & 7 != 0 { octet &= UInt8(truncatingIfNeeded: 0xff00 >> (rest & 7)) }
        chainBytes[place &+ index] ^= octet
      }
      let subkey: Block
      if rest &+ place &* 8 == 128 {
        subkey = context.pointee.subkey1
      } else {
        chainBytes[place &+ rest >> 3] ^= 0x80 >> UInt8(truncatingIfNeeded: rest & 7)
        subkey = context.pointee.subkey2
      }
      x.storeBytes(of: x.load(as: UInt64.self) ^ subkey.high.bigEndian, as: UInt64.self)
      x.storeBytes(of: x.load(fromByteOffset: 8, as: UInt64.self) ^ subkey.low.bigEndian, toByteOffset: 8, as: UInt64.self)
      context.pointee.encrypt(x, to: x, count: 1)
    }
    return UInt32(truncatingIfNeeded: UInt64(bigEndian: chain.0) >> 32)
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
