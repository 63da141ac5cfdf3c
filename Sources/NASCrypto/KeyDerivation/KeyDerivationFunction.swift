import COpenSSL

/// The input string S of the key derivation function, in place: FC ‖ P0 ‖ L0 ‖ P1 ‖ L1 … (TS 33.220 §B.2.1.2).
struct DerivationInput: ~Copyable {
  // 64 octets for the key and its pads, then S.
  fileprivate let base: UnsafeMutableRawPointer
  fileprivate var length = 0
  fileprivate static let capacity = 192

  fileprivate init(base: UnsafeMutableRawPointer) {
    self.base = base
    base.initializeMemory(as: UInt8.self, repeating: 0, count: 64)
  }

  private mutating func append(_ octet: UInt8) {
    precondition(64 + length < Self.capacity, "S is longer than any that is specified")
    base.storeBytes(of: octet, toByteOffset: 64 + length, as: UInt8.self)
    length += 1
  }

  fileprivate mutating func code(_ fc: UInt8) { append(fc) }

  /// Appends a parameter and its length, two octets.
  mutating func parameter(_ octets: some Collection<UInt8>) {
    for octet in octets { append(octet) }
    append(UInt8(truncatingIfNeeded: octets.count >> 8))
    append(UInt8(truncatingIfNeeded: octets.count))
  }

  /// Appends the `count` low octets of a number, most significant first, and the length.
  mutating func parameter(_ value: UInt32, octets count: Int) {
    for index in 0..<count { append(UInt8(truncatingIfNeeded: value >> UInt32(8 * (count - 1 - index)))) }
    append(0)
    append(UInt8(truncatingIfNeeded: count))
  }
}

extension CryptoEngine {
  /// The generic key derivation function of TS 33.220 §B.2: HMAC-SHA-256 of S under the key, which is `first` ‖ `second`, at most 64 octets.
  ///
  /// - Parameters:
  ///   - fc: the function code.
  ///   - keeping: which part of the 32 octets becomes the key; the NAS, RRC and UP keys are the last 16 (TS 33.401 §A.7).
  ///   - parameters: appends P0 L0 P1 L1 ….
  mutating func derive(
    _ fc: UInt8, from first: KeyMaterial, _ second: KeyMaterial? = nil, keeping: Range<Int> = 0..<32,
    parameters: (inout DerivationInput) -> Void
  ) -> KeyMaterial {
    precondition(first.count + (second?.count ?? 0) <= 64, "a derivation key has at most 64 octets")
    return withUnsafeTemporaryAllocation(byteCount: DerivationInput.capacity + 32, alignment: 16) { scratch in
      guard let base = scratch.baseAddress else { preconditionFailure("no scratch memory") }
      var input = DerivationInput(base: base)
      base.copyMemory(from: first.bytes)
      if let second { (base + first.count).copyMemory(from: second.bytes) }
      input.code(fc)
      parameters(&input)
      let output = base + DerivationInput.capacity
      digest.hmac(pad: base, length: input.length, output: output)
      let result = KeyMaterial(uninitializedCount: keeping.count) { octets in
        octets.copyMemory(from: UnsafeRawBufferPointer(start: output + keeping.lowerBound, count: keeping.count))
      }
      OPENSSL_cleanse(base, scratch.count)
      derivations?.append(Derivation(functionCode: fc, from: first, second: second, key: result))
      return result
    }
  }
}

extension UnsafeMutableRawPointer {
  @inline(__always)
  fileprivate func copyMemory(from bytes: UnsafeRawBufferPointer) {
    if let source = bytes.baseAddress { copyMemory(from: source, byteCount: bytes.count) }
  }
}
