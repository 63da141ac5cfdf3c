/// One run of the key derivation function: what came of what.
///
/// Test hook: who must prove that no key comes of a KASME that is gone has to see every key that is made, not only those that are given
/// out.
struct Derivation: Sendable {
  /// FC of TS 33.401 Annex A or TS 33.501 Annex A.
  let functionCode: UInt8
  let from: KeyMaterial
  /// The other half of the key, where that is CK ‖ IK.
  let second: KeyMaterial?
  let key: KeyMaterial
}
