import NASCrypto
import Trace

/// `self-check` of KeNB: what our eNB and our UE say they took into use, against the key on the wire and the one that follows from K.
///
/// An eNB says so after the message that brought the key. A UE may derive its key when it sends the trigger, before the network's message,
/// or when security is activated, after it: its word is compared with the next key that comes, or with the last one if none follows.
struct SelfCheckLedger: Sendable {
  private(set) var compared = 0
  private var found: Comparison?
  private var wireKey: KeyMaterial?
  private var expectedKey: KeyMaterial?
  private var isUESettled = true
  private var saidByUE: (key: KeyMaterial, comparison: Comparison?)?

  /// A difference that is proven, or that nothing can resolve any more.
  var mismatch: Comparison? { found ?? (isUESettled ? nil : saidByUE?.comparison) }

  mutating func keyOnWire(_ key: KeyMaterial, expected: KeyMaterial?, frame: Int) {
    wireKey = key
    expectedKey = expected
    isUESettled = expected == nil
    guard let expected, let said = saidByUE else { return }
    saidByUE = nil
    isUESettled = true
    compare(said.key, with: expected, by: "UE", frame: frame)
  }

  mutating func report(_ key: KeyMaterial, by entity: TraceEntity, frame: Int) {
    switch entity {
    case .eNB:
      if let wireKey { compare(key, with: wireKey, by: entity.description, frame: frame) }
    case .ue:
      if let expectedKey, expectedKey == key {
        compared += 1
        isUESettled = true
        saidByUE = nil
      } else {
        saidByUE = (key, expectedKey.map { Self.difference(key, $0, by: entity.description, frame: frame) })
      }
    case .mme: break
    }
  }

  private mutating func compare(_ key: KeyMaterial, with right: KeyMaterial, by owner: String, frame: Int) {
    compared += 1
    if right != key, found == nil { found = Self.difference(key, right, by: owner, frame: frame) }
  }

  private static func difference(_ key: KeyMaterial, _ right: KeyMaterial, by owner: String, frame: Int) -> Comparison {
    Comparison(
      expected: .key(right), observed: .key(key), message: "report of KeNB", frame: frame, note: "\(owner) says that it uses another KeNB")
  }
}
