/// Why octets are not an S1AP PDU, or why a value cannot be written as one: what went wrong, where on the wire, and in which field.
///
/// Equatable and printable in one line: `INITIAL CONTEXT SETUP REQUEST / E-RABToBeSetupItem[1] / transportLayerAddress: 20 bits, expected 32,
/// 128 or 160 (octet 88)`.
public struct S1APError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What can be wrong; the name is stable.
  public enum Code: String, Sendable {
    /// The octets (or those of the open type around the field) end before the field does.
    case truncated
    /// An open type, or the PDU, is longer than what it holds.
    case trailingOctets
    /// A number, index, length or count outside what the grammar allows.
    case outOfRange
    /// Characters outside PrintableString.
    case invalidCharacter
    /// Legal PER that is larger than any S1AP value (an integer of more than 8 octets, more than 200 extension additions).
    case unsupported
    /// A component or IE that the grammar demands is not there.
    case missing
    /// A value of another kind than the grammar's.
    case wrongKind
    /// A field, IE, enumeration value or alternative that the grammar does not have.
    case notInGrammar
  }

  /// What went wrong.
  public var code: Code
  /// Octet of the PDU at which it was noticed; 0 for values that were never on the wire.
  public var offset: Int
  /// The field, from the message down, separated by ` / `.
  public var path: String
  /// What was found and what was expected, in words; may be empty.
  public var detail: String

  /// An error that was not on the wire has offset 0.
  public init(_ code: Code, offset: Int = 0, path: String = "", detail: String = "") {
    self.code = code
    self.offset = offset
    self.path = path
    self.detail = detail
  }

  public var description: String {
    let what = detail.isEmpty ? code.rawValue : detail
    return "\(path.isEmpty ? "S1AP-PDU" : path): \(what) (octet \(offset))"
  }
}
