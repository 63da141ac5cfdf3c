/// Why octets are no GTPv2-C message of this subset, or why an element of one cannot be read: what, where on the wire, in which field.
///
/// Equatable and printable in one line: `Forward Relocation Request / MM Context / KASME: octets end (octet 61)`.
public struct GTPv2CError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What can be wrong; the name is stable.
  public enum Code: String, Sendable {
    /// The octets, or those of the element around the field, end before the field does.
    case truncated
    /// More octets than the length in the header says (a piggybacked message is not read here).
    case trailingOctets
    /// Version in the header other than 2 (TS 29.274 §5.1).
    case unsupportedVersion
    /// An element that the procedure cannot do without is not there (TS 29.274 §7.7.5, §7.7.6).
    case missing
    /// A value that the format does not have.
    case invalidValue
  }

  public var code: Code
  /// Octet of the message at which it was noticed; 0 for values that were never on the wire.
  public var offset: Int
  /// The field, from the message down, separated by ` / `.
  public var path: String

  public init(_ code: Code, offset: Int = 0, path: String = "") {
    self.code = code
    self.offset = offset
    self.path = path
  }

  func inside(_ name: String) -> GTPv2CError { GTPv2CError(code, offset: offset, path: path.isEmpty ? name : "\(name) / \(path)") }

  public var description: String {
    let words =
      switch code {
      case .truncated: "octets end"
      case .trailingOctets: "octets left over"
      case .unsupportedVersion: "not version 2"
      case .missing: "missing"
      case .invalidValue: "a value that it cannot have"
      }
    return "\(path.isEmpty ? "GTPv2-C message" : path): \(words) (octet \(offset))"
  }
}
