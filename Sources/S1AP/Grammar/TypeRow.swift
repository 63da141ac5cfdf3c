/// What a type of the grammar is; decides how a row of ``TypeRow`` is read.
enum TypeKind: UInt8 {
  case integer, enumerated, boolean, null, octets, bits, text, sequence, choice, list, field
}

/// How a constrained or unconstrained whole number is laid out in aligned PER (X.691 §11.5 to §11.8).
enum NumberForm: UInt8 {
  /// One value only: no bits.
  case fixed
  /// Range up to 255: a bit-field, not aligned (§11.5.7.1).
  case bitField
  /// Range 256: one aligned octet (§11.5.7.2).
  case octet
  /// Range up to 64K: two aligned octets (§11.5.7.3).
  case twoOctets
  /// Larger: a length in a bit-field, then that many aligned octets (§11.5.7.4).
  case lengthAndOctets
  /// Lower bound only: length determinant and octets (§11.7).
  case semiConstrained
  /// No bound: length determinant and two's complement (§11.8).
  case unconstrained
}

/// The layout of one number, length or index, worked out once from its bounds.
struct NumberLayout {
  var lower: UInt64 = 0
  var upper: UInt64 = .max
  var form: NumberForm = .unconstrained
  /// Width of the bit-field, or of the length in front of the octets.
  var bits: UInt8 = 0

  init() {}

  init(_ lower: UInt64, _ upper: UInt64) {
    precondition(lower <= upper, "bounds in order")
    self.lower = lower
    self.upper = upper
    let top = upper - lower
    switch top {
    case 0: form = .fixed
    case ..<255:
      form = .bitField
      bits = UInt8(64 - top.leadingZeroBitCount)
    case 255: form = .octet
    case ..<65536: form = .twoOctets
    default:
      form = .lengthAndOctets
      // The length is itself a number between 1 and the octets that the largest value needs.
      let longest = UInt64((64 - top.leadingZeroBitCount + 7) / 8)
      bits = UInt8(64 - (longest - 1).leadingZeroBitCount)
    }
  }
}

/// One type of the grammar, flat: the decoder and encoder walk these through a pointer, with no reference counting.
struct TypeRow {
  var kind: TypeKind
  /// The type has an extension marker.
  var isExtensible = false
  /// Size is one constant (strings), so no length is sent.
  var isFixedSize = false
  /// Components in front of the marker that may be absent (sequence).
  var optionalCount: UInt8 = 0
  /// Components, alternatives or values in front of the marker.
  var rootCount: UInt16 = 0
  /// The same behind the marker.
  var extensionCount: UInt16 = 0
  /// Index of the first component / alternative / IE row; element type of a list.
  var first: UInt32 = 0
  /// IE rows of a field's set.
  var setCount: UInt16 = 0
  /// A field of a ProtocolExtensionContainer: its value is called `extensionValue`.
  var isExtensionField = false
  /// A bit string of which the text, and not the grammar, says what sizes it may have.
  var isTransportAddress = false
  /// Number, size, count or index.
  var layout = NumberLayout()
}

/// A component of a sequence or an alternative of a choice.
struct ComponentRow {
  var type: UInt16
  var isOptional: Bool
  /// The IEs of a message, or extensions.
  var isContainer = false
}

/// Whether a message must carry an IE.
public enum Presence: UInt8, Sendable {
  case optional, conditional, mandatory
}

/// One row of an IE set: what may stand in a container under this identity.
struct IERow {
  var id: UInt16
  var type: UInt16
  var criticality: Criticality
  var presence: Presence
}
