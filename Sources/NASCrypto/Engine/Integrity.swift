extension CryptoEngine {
  /// MAC-I / NAS-MAC of TS 33.401 Annex B.2, as the big-endian value of its 4 octets; 0 for EIA0.
  ///
  /// - Parameters:
  ///   - key: 16 octets (KNASint, KRRCint); not used by EIA0.
  ///   - count: COUNT, 32 bits.
  ///   - bearer: BEARER, 5 bits; 0 for NAS.
  ///   - message: the octets that are protected (for NAS: octets 6 on, sequence number and message).
  ///   - bitLength: LENGTH in bits if the message does not end with an octet; at most 8 × `message.count`.
  public mutating func mac(
    _ algorithm: IntegrityAlgorithm, key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection,
    message: UnsafeRawBufferPointer, bitLength: Int? = nil
  ) -> UInt32 {
    let bits = bitLength ?? message.count * 8
    precondition(bits >= 0 && bits <= message.count * 8 && bearer < 32, "LENGTH and BEARER must fit")
    switch algorithm {
    case .eia0:
      return 0
    case .eia1:
      let fresh = UInt32(bearer) << 27
      return snow3GMAC(key: key, count: count, fresh: fresh, direction: direction, message: message, bitLength: bits)
    case .eia2:
      return aesMAC(key: key, count: count, bearer: bearer, direction: direction, message: message, bitLength: bits)
    case .eia3:
      return zucMAC(key: key, count: count, bearer: bearer, direction: direction, message: message, bitLength: bits)
    }
  }

  /// The same over an array.
  public mutating func mac(
    _ algorithm: IntegrityAlgorithm, key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection, message: [UInt8]
  ) -> UInt32 {
    message.withUnsafeBytes { mac(algorithm, key: key, count: count, bearer: bearer, direction: direction, message: $0) }
  }

  /// The same over a part of an array, without a copy.
  public mutating func mac(
    _ algorithm: IntegrityAlgorithm, key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection,
    message: ArraySlice<UInt8>
  ) -> UInt32 {
    message.withUnsafeBytes { mac(algorithm, key: key, count: count, bearer: bearer, direction: direction, message: $0) }
  }

  /// The same over a span.
  public mutating func mac(
    _ algorithm: IntegrityAlgorithm, key: KeyMaterial, count: UInt32, bearer: UInt8, direction: LinkDirection,
    message: borrowing Span<UInt8>
  ) -> UInt32 {
    message.withUnsafeBytes { mac(algorithm, key: key, count: count, bearer: bearer, direction: direction, message: $0) }
  }
}
