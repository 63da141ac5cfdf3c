/// What is wrong with received octets, and where.
public struct NASDecodingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds of errors.
  public enum Code: UInt8, Sendable {
    /// The message ends before its message type (TS 24.301 §7.2: ignored).
    case messageTooShort
    /// More octets than any lower layer carries.
    case messageTooLong
    /// An element of the imperative part, or a part of an envelope, runs past the end of the message.
    case truncated
    /// An element of the imperative part is absent (TS 24.301 §7.5.1).
    case missingMandatory
    /// The length of an element of the imperative part is below what its value needs (TS 24.301 §7.5.1).
    case mandatoryTooShort
    /// An unknown or out-of-sequence element asks for comprehension (TS 24.301 §7.5.1 d, e).
    case comprehensionRequired
    /// Neither EPS mobility management (7) nor EPS session management (2).
    case unknownProtocolDiscriminator
    /// A security header type that TS 24.301 table 9.3.1 reserves.
    case reservedSecurityHeaderType
    /// The octets are a security protected message where a plain one is read, or the other way round.
    case unexpectedSecurityHeaderType
    /// A value is shorter than its type needs.
    case valueTooShort
    /// A value that the specification does not allow.
    case invalidValue
    /// A field was asked of a message that does not have it in its table.
    case noSuchField
  }

  /// What kind of error it is.
  public let code: Code
  /// Where, in octets from the start of what was decoded.
  public let offset: Int
  private let name: StaticString
  /// What was expected (a number of octets, or a value), where that says something.
  public let expected: Int?
  /// What was found.
  public let found: Int?
  /// The message, as far as it is known where the error was found.
  public let message: NASMessageType?
  /// The part of a value that is made of parts ("packet filter", 1).
  let item: ValueItem?

  /// An error outside of any message.
  public init(_ code: Code, offset: Int, field: StaticString = "", expected: Int? = nil, found: Int? = nil) {
    self.init(code, offset: offset, field: field, expected: expected, found: found, message: nil)
  }

  init(
    _ code: Code, offset: Int, field: StaticString, expected: Int? = nil, found: Int? = nil, message: NASMessageType?,
    item: ValueItem? = nil
  ) {
    self.code = code
    self.offset = offset
    self.name = field
    self.expected = expected
    self.found = found
    self.message = message
    self.item = item
  }

  /// The specification's name of the element, or "" where it is the message as a whole.
  public var field: String { name.description }

  /// "ATTACH REQUEST / EPS mobile identity", "… / TFT / packet filter[1]": as much of it as is known; empty where nothing is.
  public var path: String {
    var parts: [String] = []
    if let message { parts.append(message.name) }
    if !field.isEmpty { parts.append(field) }
    if let item { parts.append("\(item.name.description)[\(item.index)]") }
    return parts.joined(separator: " / ")
  }

  /// Equal are errors of the same kind at the same place; in which message that is does not count, nor which part of a value.
  public static func == (left: NASDecodingError, right: NASDecodingError) -> Bool {
    left.code == right.code && left.offset == right.offset && left.expected == right.expected && left.found == right.found
      && left.field == right.field
  }

  /// "ATTACH REQUEST / EPS mobile identity at octet 4: runs past the end of the message, expected 8 octets, found 5".
  public var description: String { described(within: "", at: 0) }

  /// The same for what was decoded inside of something else: "UPLINK NAS TRANSPORT / NAS-PDU / ATTACH REQUEST / EPS mobile identity at octet 23:
  /// …".
  ///
  /// - Parameters:
  ///   - outer: the path down to what was decoded, empty if there is none.
  ///   - origin: where it starts, in octets from the start of what `outer` starts with.
  public func described(within outer: String, at origin: Int) -> String {
    let path = [outer, path].filter { !$0.isEmpty }.joined(separator: " / ")
    let offset = origin + offset
    var words = path.isEmpty ? "octet \(offset): " : "\(path) at octet \(offset): "
    switch code {
    case .messageTooShort: words += "the message is too short"
    case .messageTooLong: words += "the message is too long"
    case .truncated: words += "runs past the end of the message"
    case .missingMandatory: words += "mandatory element missing"
    case .mandatoryTooShort: words += "mandatory element too short"
    case .comprehensionRequired: words += "unknown or misplaced element that requires comprehension"
    case .unknownProtocolDiscriminator: words += "unknown protocol discriminator"
    case .reservedSecurityHeaderType: words += "reserved security header type"
    case .unexpectedSecurityHeaderType: words += "unexpected security header type"
    case .valueTooShort: words += "value too short"
    case .invalidValue: words += "value not allowed"
    case .noSuchField: words += "not an element of this message"
    }
    let unit =
      switch code {
      case .messageTooShort, .messageTooLong, .truncated, .mandatoryTooShort, .valueTooShort: " octets"
      default: ""
      }
    if let expected { words += ", expected \(expected)" + (expected == 1 && !unit.isEmpty ? " octet" : unit) }
    if let found { words += ", found \(found)" }
    return words
  }
}

/// Which of the parts of a value, counted from 0.
struct ValueItem: Sendable {
  let name: StaticString
  let index: Int
}
