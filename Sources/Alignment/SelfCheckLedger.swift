import NASCrypto
import Trace

/// `self-check` of KeNB: what our eNB and our UE say they took into use, against the key on the wire and the one that follows from K.
struct SelfCheckLedger: Sendable {
  private(set) var compared = 0
  private(set) var mismatch: Comparison?
  private var wireKey: KeyMaterial?
  private var expectedKey: KeyMaterial?

  mutating func keyOnWire(_ key: KeyMaterial, expected: KeyMaterial?, frame: Int) {
    wireKey = key
    expectedKey = expected
  }

  mutating func report(_ key: KeyMaterial, by entity: TraceEntity, frame: Int) {
    let right: KeyMaterial?
    switch entity {
    case .eNB: right = wireKey
    case .ue: right = expectedKey
    case .mme: return
    }
    guard let right else { return }
    compared += 1
    if right != key, mismatch == nil {
      mismatch = Comparison(
        expected: .key(right), observed: .key(key), message: "report of KeNB", frame: frame,
        note: "\(entity) says that it uses another KeNB")
    }
  }
}
