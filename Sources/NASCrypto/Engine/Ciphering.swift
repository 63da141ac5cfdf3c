extension CryptoEngine {
  /// Ciphers or deciphers `data` in place (TS 33.401 Annex B.1); EEA0 changes nothing.
  ///
  /// - Parameters:
  ///   - key: 16 octets (KNASenc, KRRCenc, KUPenc); not used by EEA0.
  ///   - count: COUNT, 32 bits.
  ///   - bearer: BEARER, 5 bits; 0 for NAS.
  ///   - bitLength: LENGTH in bits if the message does not end with an octet; what lies beyond it is left as it was.
  public mutating func applyKeystream(
    _ algorithm: CipheringAlgorithm, key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection,
    to data: UnsafeMutableRawBufferPointer, bitLength: Int? = nil
  ) {
    let bits = bitLength ?? data.count * 8
    precondition(bits >= 0 && bits <= data.count * 8 && bearer < 32, "LENGTH and BEARER must fit")
    switch algorithm {
    case .eea0:
      return
    case .eea1:
      snow3GCipher(key: key, count: count, bearer: bearer, direction: direction, data: data, bitLength: bits)
    case .eea2:
      aesCipher(key: key, count: count, bearer: bearer, direction: direction, data: data, bitLength: bits)
    case .eea3:
      zucCipher(key: key, count: count, bearer: bearer, direction: direction, data: data, bitLength: bits)
    }
  }

  /// The same to an array from `offset` on.
  public mutating func applyKeystream(
    _ algorithm: CipheringAlgorithm, key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection,
    to octets: inout [UInt8], from offset: Int = 0
  ) {
    precondition(offset >= 0 && offset <= octets.count)
    octets.withUnsafeMutableBytes { data in
      applyKeystream(
        algorithm, key: key, count: count, bearer: bearer, direction: direction,
        to: UnsafeMutableRawBufferPointer(rebasing: data[offset...]))
    }
  }

  /// The same to a span.
  public mutating func applyKeystream(
    _ algorithm: CipheringAlgorithm, key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection,
    to octets: inout MutableSpan<UInt8>
  ) {
    octets.withUnsafeMutableBytes {
      applyKeystream(algorithm, key: key, count: count, bearer: bearer, direction: direction, to: $0)
    }
  }
}

/// XORs the first `bits` bits of `data` with the keystream; later bits stay as they are.
@inline(__always)
func xor(_ keystream: UnsafeRawPointer, into data: UnsafeMutableRawPointer, bits: Int) {
  let octets = bits >> 3
  var offset = 0
  while offset &+ 8 <= octets {
    let mixed =
      data.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ keystream.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    data.storeBytes(of: mixed, toByteOffset: offset, as: UInt64.self)
    offset &+= 8
  }
  while offset < octets {
    let mixed = data.load(fromByteOffset: offset, as: UInt8.self) ^ keystream.load(fromByteOffset: offset, as: UInt8.self)
    data.storeBytes(of: mixed, toByteOffset: offset, as: UInt8.self)
    offset &+= 1
  }
  let rest = bits & 7
  if rest != 0 {
    let mask = UInt8(truncatingIfNeeded: 0xff00 >> rest)
    let mixed =
      data.load(fromByteOffset: octets, as: UInt8.self) ^ (keystream.load(fromByteOffset: octets, as: UInt8.self) & mask)
    data.storeBytes(of: mixed, toByteOffset: octets, as: UInt8.self)
  }
}
