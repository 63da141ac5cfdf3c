/// Writes JSON (RFC 8259) into octets, without Foundation. Commas are its business; the shape is the caller's.
///
/// ```swift
/// var json = JSONWriter()
/// json.object { json in
///   json.member("slug", "kenb-explained")
///   json.member("rules") { $0.array(of: rules) }
/// }
/// ```
public struct JSONWriter: Sendable {
  /// What was written so far, UTF-8.
  public private(set) var octets: [UInt8] = []
  /// Whether the next value or name needs a comma before it.
  private var needsComma = false

  /// - Parameter capacity: octets to make room for at once.
  public init(reserving capacity: Int = 0) {
    octets.reserveCapacity(capacity)
  }

  /// What was written so far.
  public var text: String { String(decoding: octets, as: UTF8.self) }

  /// Forgets what was written and keeps the storage.
  public mutating func removeAll() {
    octets.removeAll(keepingCapacity: true)
    needsComma = false
  }

  // MARK: Structure

  /// An object as the next value; `fill` writes its members.
  public mutating func object(_ fill: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "{"))
    fill(&self)
    close(UInt8(ascii: "}"))
  }

  /// An array as the next value; `fill` writes its values.
  public mutating func array(_ fill: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "["))
    fill(&self)
    close(UInt8(ascii: "]"))
  }

  /// An array of strings as the next value.
  public mutating func array(of strings: [String]) {
    array { json in
      for string in strings { json.string(string) }
    }
  }

  private mutating func open(_ bracket: UInt8) {
    comma()
    octets.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    octets.append(bracket)
    needsComma = true
  }

  private mutating func comma() {
    if needsComma { octets.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  // MARK: Members

  /// A member's name; its value must follow.
  public mutating func name(_ name: String) {
    comma()
    quote(name)
    octets.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A member that is a string.
  public mutating func member(_ name: String, _ value: String) {
    self.name(name)
    string(value)
  }

  /// A member that is a number.
  public mutating func member(_ name: String, _ value: some BinaryInteger) {
    self.name(name)
    number(value)
  }

  /// A member that is true or false.
  public mutating func member(_ name: String, _ value: Bool) {
    self.name(name)
    literal(value ? "true" : "false")
  }

  /// A member that is a string of hex digits, two an octet.
  public mutating func member(_ name: String, hex: some Collection<UInt8>) {
    self.name(name)
    hexadecimal(hex)
  }

  /// A member whose value `fill` writes: one value.
  public mutating func member(_ name: String, _ fill: (inout JSONWriter) -> Void) {
    self.name(name)
    fill(&self)
  }

  // MARK: Values

  /// A string, with what must be escaped escaped.
  public mutating func string(_ value: String) {
    comma()
    quote(value)
  }

  /// A whole number.
  public mutating func number(_ value: some BinaryInteger) {
    comma()
    append(String(value))
  }

  /// `true`, `null`, or a number already in JSON's form.
  public mutating func literal(_ text: StaticString) {
    comma()
    text.withUTF8Buffer { octets.append(contentsOf: $0) }
  }

  /// A number already in JSON's form: `0.000123`.
  public mutating func decimal(_ text: String) {
    comma()
    append(text)
  }

  /// A value that somebody else has written.
  public mutating func raw(_ json: some Collection<UInt8>) {
    comma()
    octets.append(contentsOf: json)
  }

  /// A string of two digits an octet.
  public mutating func hexadecimal(_ value: some Collection<UInt8>) {
    comma()
    octets.append(UInt8(ascii: "\""))
    octets.appendHexadecimal(value)
    octets.append(UInt8(ascii: "\""))
  }

  /// A line end between documents: one JSON object a line.
  public mutating func endLine() {
    octets.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  private mutating func append(_ text: String) {
    octets.append(contentsOf: text.utf8)
  }

  /// RFC 8259 §7: quotation mark, reverse solidus and U+0000 to U+001F are escaped, everything else stands as UTF-8.
  private mutating func quote(_ text: String) {
    octets.append(UInt8(ascii: "\""))
    for octet in text.utf8 {
      switch octet {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        octets.append(UInt8(ascii: "\\"))
        octets.append(octet)
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      case 0x09: append("\\t")
      case 0x00..<0x20, 0x7F:
        append("\\u00")
        octets.appendHexadecimal(CollectionOfOne(octet))
      default: octets.append(octet)
      }
    }
    octets.append(UInt8(ascii: "\""))
  }
}

extension [UInt8] {
  /// Appends two lower-case digits an octet.
  public mutating func appendHexadecimal(_ value: some Collection<UInt8>) {
    // Through memory, where there is some: this is compiled once for all collections, and asks each for every octet otherwise.
    if value.withContiguousStorageIfAvailable({ appendHexadecimal(octets: $0) }) == nil {
      Array(value).withUnsafeBufferPointer { appendHexadecimal(octets: $0) }
    }
  }

  private mutating func appendHexadecimal(octets: UnsafeBufferPointer<UInt8>) {
    let start = count
    append(contentsOf: repeatElement(0, count: 2 * octets.count))
    withUnsafeMutableBufferPointer { text in
      var at = start
      for octet in octets {
        text[at] = Self.digit(octet >> 4)
        text[at + 1] = Self.digit(octet & 0x0F)
        at += 2
      }
    }
  }

  @inline(__always)
  private static func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? 0x30 + nibble : 0x57 + nibble
  }
}
