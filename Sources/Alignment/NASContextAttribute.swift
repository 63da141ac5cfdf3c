/// The attributes of a NAS security context that both sides must agree on, each a verdict of `nas-context`.
enum NASContextAttribute: String, CaseIterable, Sendable {
  case eKSI = "eksi"
  case kasme
  case cipheringAlgorithm = "ciphering-algorithm"
  case integrityAlgorithm = "integrity-algorithm"
  case uplinkCount = "uplink-nas-count"
  case downlinkCount = "downlink-nas-count"

  /// With the assertion's name before it.
  var slug: String {
    switch self {
    case .eKSI: "nas-context/eksi"
    case .kasme: "nas-context/kasme"
    case .cipheringAlgorithm: "nas-context/ciphering-algorithm"
    case .integrityAlgorithm: "nas-context/integrity-algorithm"
    case .uplinkCount: "nas-context/uplink-nas-count"
    case .downlinkCount: "nas-context/downlink-nas-count"
    }
  }

  var clause: String {
    switch self {
    case .eKSI: "TS 24.301 §4.4.2.1"
    case .kasme: "TS 33.401 Annex A.2"
    case .cipheringAlgorithm: "TS 24.301 §4.4.5"
    case .integrityAlgorithm: "TS 24.301 §4.4.4"
    case .uplinkCount, .downlinkCount: "TS 24.301 §4.4.3.1"
    }
  }

  var name: String {
    switch self {
    case .eKSI: "eKSI"
    case .kasme: "KASME"
    case .cipheringAlgorithm: "ciphering algorithm"
    case .integrityAlgorithm: "integrity algorithm"
    case .uplinkCount: "uplink NAS COUNT"
    case .downlinkCount: "downlink NAS COUNT"
    }
  }
}

/// One value per attribute.
struct ByAttribute<Value: Sendable>: Sendable {
  /// Empty until one is set: most never are.
  fileprivate var values: [Value?] = []

  private static func position(_ attribute: NASContextAttribute) -> Int {
    switch attribute {
    case .eKSI: 0
    case .kasme: 1
    case .cipheringAlgorithm: 2
    case .integrityAlgorithm: 3
    case .uplinkCount: 4
    case .downlinkCount: 5
    }
  }

  subscript(_ attribute: NASContextAttribute) -> Value? {
    get { values.isEmpty ? nil : values[Self.position(attribute)] }
    set {
      if values.isEmpty {
        guard newValue != nil else { return }
        values = [nil, nil, nil, nil, nil, nil]
      }
      values[Self.position(attribute)] = newValue
    }
  }

  func has(_ attribute: NASContextAttribute) -> Bool { !values.isEmpty && values[Self.position(attribute)] != nil }

  var isEmpty: Bool { values.allSatisfy { $0 == nil } }
  var all: [Value] { values.compactMap { $0 } }
}

extension ByAttribute where Value == Comparison {
  /// The COUNT that was observed, without a copy of the comparison.
  func observedCount(_ attribute: NASContextAttribute) -> UInt32? {
    guard !values.isEmpty, case .nextCount(let count)? = values[Self.position(attribute)]?.observed else { return nil }
    return count
  }
}
