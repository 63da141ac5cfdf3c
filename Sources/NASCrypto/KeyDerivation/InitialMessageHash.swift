extension CryptoEngine {
  /// HASH_MME and HASH_UE of a plain ATTACH REQUEST or TRACKING AREA UPDATE REQUEST: the 64 least significant bits of
  /// HMAC-SHA-256 over the whole message, under a key of 256 zero bits (TS 33.401 Annex I, TS 24.301 §9.9.3.50).
  ///
  /// - Returns: 8 octets.
  public mutating func initialMessageHash(of message: [UInt8]) -> [UInt8] {
    let capacity = max(64 + message.count, 96)
    return withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 16) { scratch in
      guard let base = scratch.baseAddress else { preconditionFailure("no scratch memory") }
      base.initializeMemory(as: UInt8.self, repeating: 0, count: 64)
      message.withUnsafeBytes { octets in
        if let source = octets.baseAddress { (base + 64).copyMemory(from: source, byteCount: octets.count) }
      }
      var hash = [UInt8](repeating: 0, count: 32)
      hash.withUnsafeMutableBytes { result in
        if let target = result.baseAddress { digest.hmac(pad: base, length: message.count, output: target) }
      }
      return Array(hash[24...])
    }
  }
}
