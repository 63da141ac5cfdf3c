import NASCrypto
import Trace

/// A value that a side has shown to use, or says that it has.
enum AlignedValue: Sendable, Equatable {
  case eKSI(UInt8)
  case key(KeyMaterial)
  case ciphering(CipheringAlgorithm)
  case integrity(IntegrityAlgorithm)
  /// The COUNT that the next message of the direction would carry if nothing is lost: both sides' ways to store a COUNT brought to one.
  case nextCount(UInt32)
  /// The COUNT of one message that both sides used for the same thing.
  case count(UInt32)
  /// In words, where no value is known.
  case words(String)

  func text(showKeys: Bool) -> String {
    switch self {
    case .eKSI(let value): String(value)
    case .key(let key): keyText(key, showKeys: showKeys)
    case .ciphering(let algorithm): algorithm.description
    case .integrity(let algorithm): algorithm.description
    case .nextCount(let count): "next \(count)"
    case .count(let count): String(count)
    case .words(let words): words
    }
  }
}

/// A key as verdicts print it: its fingerprint, or all of it if the user asked for that.
func keyText(_ key: KeyMaterial, showKeys: Bool) -> String { showKeys ? key.hex() : "key \(key.fingerprint)" }

/// What was seen that shows a value, and where.
struct Evidence: Sendable {
  var value: AlignedValue
  var message: String
  /// Trace event.
  var frame: Int
}

/// Two values that were compared.
struct Comparison: Sendable {
  /// The UE side.
  var expected: AlignedValue
  /// The network side.
  var observed: AlignedValue
  var message: String
  var frame: Int
  var note = ""
}
