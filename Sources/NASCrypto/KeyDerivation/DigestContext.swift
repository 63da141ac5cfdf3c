import COpenSSL

/// A SHA-256 context of libcrypto that is used again for every digest, and HMAC written out on it: a keyed HMAC object of libcrypto would
/// cost more to set up than the four compressions that a derivation needs.
struct DigestContext: ~Copyable {
  private let context: OpaquePointer
  private let sha256: OpaquePointer

  init() {
    guard let context = EVP_MD_CTX_new(), let sha256 = EVP_MD_fetch(nil, "SHA2-256", nil),
      EVP_DigestInit_ex2(context, sha256, nil) == 1
    else { preconditionFailure("libcrypto has no SHA-256, or no memory") }
    self.context = context
    self.sha256 = sha256
  }

  deinit {
    EVP_MD_CTX_free(context)
    EVP_MD_free(sha256)
  }

  /// HMAC-SHA-256 (RFC 2104). `pad` is 64 octets of scratch memory followed by the `length` octets of the message, with the key, zero-padded,
  /// in the first 64; both are overwritten. The 32 octets of output go to `output`.
  ///
  /// - Parameters:
  ///   - pad: has room for max(64 + `length`, 96) octets.
  mutating func hmac(pad: UnsafeMutableRawPointer, length: Int, output: UnsafeMutableRawPointer) {
    turn(pad, by: 0x3636_3636_3636_3636)
    // The message is spent once the inner digest is there, so the inner digest takes its place behind the outer pad.
    digest(pad, count: 64 &+ length, output: pad + 64)
    turn(pad, by: 0x3636_3636_3636_3636 ^ 0x5c5c_5c5c_5c5c_5c5c)
    digest(pad, count: 96, output: output)
  }

  @inline(__always)
  private func turn(_ pad: UnsafeMutableRawPointer, by mask: UInt64) {
    for offset in stride(from: 0, to: 64, by: 8) {
      pad.storeBytes(of: pad.load(fromByteOffset: offset, as: UInt64.self) ^ mask, toByteOffset: offset, as: UInt64.self)
    }
  }

  @inline(__always)
  private func digest(_ input: UnsafeRawPointer, count: Int, output: UnsafeMutableRawPointer) {
    let ok =
      EVP_DigestInit_ex2(context, nil, nil) & EVP_DigestUpdate(context, input, count)
      & EVP_DigestFinal_ex(context, output.assumingMemoryBound(to: UInt8.self), nil)
    precondition(ok == 1, "SHA-256 failed")
  }
}
