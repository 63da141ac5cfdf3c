import COpenSSL

/// One keyed AES-128 context, and what CMAC needs beside it.
struct KeyedContext {
  /// The id of the key that is set up; 0 for none (ids begin with 1).
  var id: UInt64
  var context: OpaquePointer?
  /// In CBC mode: the block enciphered last, which libcrypto adds to the next one. In memory order, as the subkeys are.
  var chain: SIMD2<UInt64>
  /// CMAC's subkeys K1 and K2 (NIST SP 800-38B §6.1); not set in ECB mode.
  var subkey1: SIMD2<UInt64>
  var subkey2: SIMD2<UInt64>

  /// Enciphers `count` whole blocks from `source` to `destination`, which may be the same.
  @inline(__always)
  func encrypt(_ source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer, count: Int) {
    var written: Int32 = 0
    let done = EVP_EncryptUpdate(
      context, destination.assumingMemoryBound(to: UInt8.self), &written, source.assumingMemoryBound(to: UInt8.self),
      Int32(truncatingIfNeeded: count &* 16))
    precondition(done == 1, "EVP_EncryptUpdate failed")
  }
}

/// Direct-mapped cache of keyed contexts of one mode by `KeyMaterial.id`.
///
/// A miss re-keys the context of its slot, which allocates nothing unless the slot was never used and costs about 5 blocks as long as all
/// contexts fit the processor's caches near the core. That is why there are few: with thousands of slots a hit waits longer for memory than
/// a miss takes among a few hundred (measured: Benchmarks/README.md).
struct KeyedContexts: ~Copyable {
  enum Mode { case ecb, cbc }

  private let memory: UnsafeMutableRawPointer
  private let slots: UnsafeMutablePointer<KeyedContext>
  private let shift: UInt64
  let capacity: Int
  private let mode: Mode
  private let cipher: OpaquePointer

  init(_ mode: Mode, capacity wanted: Int) {
    precondition(wanted > 0)
    var bits = 1
    while 1 << bits < wanted { bits += 1 }
    capacity = 1 << bits
    shift = UInt64(64 - bits)
    self.mode = mode
    guard let cipher = EVP_CIPHER_fetch(nil, mode == .ecb ? "AES-128-ECB" : "AES-128-CBC", nil),
      let memory = CRYPTO_zalloc(capacity * MemoryLayout<KeyedContext>.stride + 64, #fileID, #line)
    else { preconditionFailure("libcrypto has no AES-128, or no memory") }
    self.cipher = cipher
    self.memory = memory
    // A slot has 64 octets: begun at a multiple of 64 it takes one line of the processor's cache.
    slots = memory.alignedUp(toMultipleOf: 64).bindMemory(to: KeyedContext.self, capacity: capacity)
  }

  deinit {
    free()
    CRYPTO_free(memory, #fileID, #line)
    EVP_CIPHER_free(cipher)
  }

  private func free() {
    for index in 0..<capacity where slots[index].context != nil {
      EVP_CIPHER_CTX_free(slots[index].context)
    }
  }

  /// How many slots hold a keyed context.
  var count: Int { (0..<capacity).count { slots[$0].id != 0 } }

  /// Frees every context, which cleanses its key schedule.
  mutating func removeAll() {
    free()
    OPENSSL_cleanse(slots, capacity * MemoryLayout<KeyedContext>.stride)
  }

  /// The context keyed with `key`, which has 16 octets.
  @inline(__always)
  mutating func context(for key: KeyMaterial) -> UnsafeMutablePointer<KeyedContext> {
    // Fibonacci hashing: ids are handed out in order, with a stride per UE that may be a power of two.
    let slot = slots + Int(truncatingIfNeeded: (key.id &* 0x9e37_79b9_7f4a_7c15) >> shift)
    if slot.pointee.id != key.id { set(key, in: slot) }
    return slot
  }

  @inline(never)
  private mutating func set(_ key: KeyMaterial, in slot: UnsafeMutablePointer<KeyedContext>) {
    precondition(key.count == 16, "AES-128 takes a key of 16 octets")
    let octets = key.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    // Zeros: the IV of CBC, and the block that the subkeys come from.
    var block = SIMD2<UInt64>(0, 0)
    withUnsafeMutableBytes(of: &block) { bytes in
      guard let base = bytes.baseAddress else { return }
      let iv = base.assumingMemoryBound(to: UInt8.self)
      if slot.pointee.context == nil {
        // Padding stays on: it would show at the final call only, which is never made, and turning it off costs every re-keying a call more.
        guard let context = EVP_CIPHER_CTX_new(), EVP_EncryptInit_ex2(context, cipher, octets, iv, nil) == 1 else {
          preconditionFailure("libcrypto cannot set up AES-128")
        }
        slot.pointee.context = context
      } else {
        let done = EVP_EncryptInit_ex2(slot.pointee.context, nil, octets, nil, nil)
        precondition(done == 1, "libcrypto cannot set another AES-128 key")
      }
      if mode == .cbc { slot.pointee.encrypt(base, to: base, count: 1) }
    }
    slot.pointee.id = key.id
    if mode == .cbc {
      let k1 = Block(high: UInt64(bigEndian: block.x), low: UInt64(bigEndian: block.y)).doubled
      slot.pointee.chain = block
      slot.pointee.subkey1 = SIMD2(k1.high.bigEndian, k1.low.bigEndian)
      slot.pointee.subkey2 = SIMD2(k1.doubled.high.bigEndian, k1.doubled.low.bigEndian)
    }
  }
}

extension Block {
  /// The product with x in GF(2^128), polynomial x^128 + x^7 + x^2 + x + 1.
  var doubled: Block {
    Block(high: high << 1 | low >> 63, low: low << 1 ^ (high >> 63 == 1 ? 0x87 : 0))
  }
}
