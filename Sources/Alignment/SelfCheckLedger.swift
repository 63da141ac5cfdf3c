import NASCrypto
import Observer
import Trace

/// `self-check` of KeNB: what our eNB and our UE say they took into use, against the key on the wire and the one that follows from K.
struct SelfCheckLedger: Sendable {
  private(set) var compared = 0
  @Rare private(set) var mismatch: Comparison?
  private var wireKey: KeyMaterial?
  private var expectedKeys: [KeyMaterial] = []

  /// A message of our UE has a MAC that its context does not give.
  mutating func fails(_ message: String, context: ObservedContext, count: UInt32, frame: Int) {
    guard mismatch == nil else { return }
    mismatch = Comparison(
      expected: .key(context.kasme), observed: .words("another"), message: message, frame: frame,
      note: "the MAC that our UE made verifies under no context that the wire and K give; expected \(context.derivation), COUNT \(count)")
  }

  mutating func record(_ comparison: Comparison) { if mismatch == nil { mismatch = comparison } }

  /// - Parameter expected: the right keys, the likeliest first: more than one where SECURITY MODE COMMAND was answered more than once.
  mutating func keyOnWire(_ key: KeyMaterial, expected: [KeyMaterial]) {
    wireKey = key
    expectedKeys = expected
  }

  private func right(for entity: TraceEntity) -> [KeyMaterial] {
    switch entity {
    case .eNB: [wireKey].compactMap { $0 }
    case .ue: expectedKeys
    case .mme: []
    }
  }

  /// Whether a key is another than the ones that it may be.
  func contradicts(_ key: KeyMaterial, by entity: TraceEntity) -> Bool {
    let all = right(for: entity)
    return !all.isEmpty && !all.contains(key)
  }

  func isOnWire(_ key: KeyMaterial) -> Bool { wireKey == key }

  mutating func report(_ key: KeyMaterial, by entity: TraceEntity, frame: Int) {
    guard let right = right(for: entity).first else { return }
    compared += 1
    if contradicts(key, by: entity), mismatch == nil {
      mismatch = Comparison(
        expected: .key(right), observed: .key(key), message: "report of KeNB", frame: frame,
        note: "\(entity) says that it uses another KeNB")
    }
  }
}
