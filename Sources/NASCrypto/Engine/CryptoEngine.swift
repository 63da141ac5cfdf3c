import COpenSSL

/// Everything that computes with keys. Owns all libcrypto objects and the tables of SNOW 3G and ZUC; one per thread, passed `inout` to the
/// entities, never stored in one.
///
/// Keyed AES contexts are kept in a cache by ``KeyMaterial/id``, so a UE whose key was used lately costs no key set-up. What is cached is a
/// key schedule, not the key; it goes (cleansed) when another key takes its place, at ``cleanse()`` and with the engine.
/// The algorithms do not throw: a wrong key length is the caller's error and a trap, and no input of a peer can make them fail.
public struct CryptoEngine: ~Copyable {
  /// ECB: 128-EEA2 and MILENAGE.
  var contexts: KeyedContexts
  /// CBC: 128-EIA2.
  var chains: KeyedContexts
  var digest: DigestContext
  let tables: CipherTables
  /// Every derivation since a test set it to an empty array; nil where nobody looks.
  var derivations: [Derivation]?

  /// - Parameter cachedKeys: how many keyed AES contexts of each of two modes are kept, rounded up to a power of two; each costs about
  ///   0.7 kB once used.
  public init(cachedKeys: Int = 256) {
    contexts = KeyedContexts(.ecb, capacity: cachedKeys)
    chains = KeyedContexts(.cbc, capacity: cachedKeys)
    digest = DigestContext()
    tables = CipherTables.shared
  }

  /// Frees (and so cleanses) every cached key schedule and digest state. The engine goes on working, cold.
  public mutating func cleanse() {
    contexts.removeAll()
    chains.removeAll()
    digest = DigestContext()
  }
}
