import COpenSSL

/// One keyed AES-128-ECB context, and what CMAC derives from its key.
struct KeyedContext {
  /// The id of the key that is set up; 0 for none (ids begin with 1).
  var id: UInt64
  var context: OpaquePointer?
  /// CMAC's subkeys K1 and K2 (NIST SP 800-38B §6.1).
  var subkey1: Block
  var subkey2: Block

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

/// Direct-mapped cache of keyed contexts by `KeyMaterial.id`.
///
/// A miss re-keys the context of its slot, which allocates nothing unless the slot was never used. The table itself is zeroed memory that
/// costs nothing until touched.
struct KeyedContexts: ~Copyable {
  private let slots: UnsafeMutablePointer<KeyedContext>
  private let shift: UInt64
  let capacity: Int
  private let cipher: OpaquePointer

  init(capacity wanted: Int) {
    precondition(wanted > 0)
    var bits = 1
    while 1 << bits < wanted { bits += 1 }
    capacity = 1 << bits
    shift = UInt64(64 - bits)
    guard let cipher = EVP_CIPHER_fetch(nil, "AES-128-ECB", nil),
      let memory = CRYPTO_zalloc(capacity * MemoryLayout<KeyedContext>.stride, #fileID, #line)
    else { preconditionFailure("libcrypto has no AES-128-ECB, or no memory") }
    self.cipher = cipher
    slots = memory.bindMemory(to: KeyedContext.self, capacity: capacity)
  }

  deinit {
    free()
    CRYPTO_free(slots, #fileID, #line)
    EVP_CIPHER_free(cipher)
  }

  private func free() {
    for index in 0..<capacity where slots[index].context != nil {
      EVP_CIPHER_CTX_free(slots[index].context)
    }
  }

  /// Frees every context, which cleanses its key schedule.
  mutating func removeAll() {
    free()
    OPENSSL_cleanse(slots, capacity * MemoryLayout<KeyedContext>.stride)
  }

  /// The context keyed with `key`, which has 16 octets.
  @inline(__always)
  mutating func context(for key: KeyMaterial) -> UnsafePointer<KeyedContext> {
    // Fibonacci hashing: ids are handed out in order, with a stride per UE that may be a power of two.
    let slot = slots + Int(truncatingIfNeeded: (key.id &* 0x9e37_79b9_7f4a_7c15) >> shift)
    if slot.pointee.id != key.id { set(key, in: slot) }
    return UnsafePointer(slot)
  }

  @inline(never)
  private mutating func set(_ key: KeyMaterial, in slot: UnsafeMutablePointer<KeyedContext>) {
    precondition(key.count == 16, "AES-128 takes a key of 16 octets")
    let octets = key.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    if slot.pointee.context == nil {
      guard let context = EVP_CIPHER_CTX_new(), EVP_EncryptInit_ex2(context, cipher, octets, nil, nil) == 1,
        EVP_CIPHER_CTX_set_padding(context, 0) == 1
      else { preconditionFailure("libcrypto cannot set up AES-128-ECB") }
      slot.pointee.context = context
    } else {
      let done = EVP_EncryptInit_ex2(slot.pointee.context, nil, octets, nil, nil)
      precondition(done == 1, "libcrypto cannot re-key AES-128-ECB")
    }
    slot.pointee.id = key.id
    var zeros = (UInt64(0), UInt64(0))
    let l = withUnsafeMutableBytes(of: &zeros) { bytes -> Block in
      guard let base = bytes.baseAddress else { return Block(high: 0, low: 0) }
      slot.pointee.encrypt(base, to: base, count: 1)
      return Block(at: base)
    }
    slot.pointee.subkey1 = l.doubled
    slot.pointee.subkey2 = l.doubled.doubled
  }
}

extension Block {
  /// The product with x in GF(2^128), polynomial x^128 + x^7 + x^2 + x + 1.
  var doubled: Block {
    Block(high: high << 1 | low >> 63, low: low << 1 ^ (high >> 63 == 1 ? 0x87 : 0))
  }
}
