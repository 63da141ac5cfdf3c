import COpenSSL
import Synchronization

/// The octets of one key: immutable, shared by reference between copies of a world, overwritten with zeros when the last reference goes.
///
/// 16 octets (K, CK, IK, NAS keys), 32 (KASME, KeNB, NH, TOPc) or any other number the caller brings. Compare with `==`, which takes the
/// same time wherever two keys of one length differ. It has no `description` that shows octets: print ``fingerprint``.
public final class KeyMaterial: Sendable {
  /// Unique per instance in this process and never reused, so that caches of keyed objects can go by it. Two equal keys have two ids.
  public let id: UInt64
  /// Number of octets.
  public let count: Int
  // Never written after init and freed only by deinit, so any thread may read it.
  private nonisolated(unsafe) let storage: UnsafeMutableRawPointer

  private static let nextID = Atomic<UInt64>(1)

  /// Copies `octets`; the caller's copy is the caller's to cleanse.
  public convenience init(_ octets: some Collection<UInt8>) {
    self.init(uninitializedCount: octets.count) { storage in
      storage.copyBytes(from: octets)
    }
  }

  /// A key from hexadecimal text (spaces, colons and line breaks are skipped); nil if it is not hexadecimal or has an odd number of digits.
  public convenience init?(hex: String) {
    guard var octets = Hex.octets(hex) else { return nil }
    self.init(octets)
    octets.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
  }

  /// A key of `count` octets that `body` writes in place, so that no other copy of them exists; `body` gets zeros.
  public init(uninitializedCount count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
    precondition(count >= 0)
    id = Self.nextID.add(1, ordering: .relaxed).oldValue
    self.count = count
    storage = .allocate(byteCount: max(count, 16), alignment: 16)
    storage.initializeMemory(as: UInt8.self, repeating: 0, count: max(count, 16))
    body(UnsafeMutableRawBufferPointer(start: storage, count: count))
  }

  deinit {
    OPENSSL_cleanse(storage, count)
    KeyMaterial.observeRelease(id, UnsafeRawBufferPointer(start: storage, count: count))
    storage.deallocate()
  }

  /// The octets, valid during `body` only.
  @inlinable
  public func withUnsafeBytes<R, E>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    try body(bytes)
  }

  /// The octets; for use while `self` is kept alive by the caller.
  @usableFromInline
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: storage, count: count) }

  /// 8 hexadecimal digits of SHA-256 over the octets: tells keys apart in logs without showing them.
  public var fingerprint: String {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    let done = EVP_Digest(storage, count, &digest, &length, EVP_sha256(), nil)
    precondition(done == 1 && length == 32, "libcrypto has no SHA-256")
    return Hex.text(digest[..<4])
  }

  /// All octets in hexadecimal. Only where the user asked to see keys (`--show-keys`, Wireshark key files).
  public func hex() -> String { withExtendedLifetime(self) { Hex.text(bytes) } }
}

extension KeyMaterial: Equatable {
  /// Same length and same octets, in constant time.
  public static func == (a: KeyMaterial, b: KeyMaterial) -> Bool {
    a.count == b.count && CRYPTO_memcmp(a.storage, b.storage, a.count) == 0
  }
}

extension KeyMaterial: CustomStringConvertible, CustomReflectable {
  /// `key 1a2b3c4d (32 octets)`: the fingerprint, never the octets.
  public var description: String { "key \(fingerprint) (\(count) octets)" }
  public var customMirror: Mirror { Mirror(self, children: ["fingerprint": fingerprint]) }
}
