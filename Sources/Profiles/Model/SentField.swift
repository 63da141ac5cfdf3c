import NASMessages

/// An element or a header field of a message that is sent, and what stands in it.
public struct SentField: Sendable, Equatable {
  public enum Value: Sendable, Equatable {
    /// The element is left out.
    case absent
    /// The value's octets, of whatever length; of a half octet one, 0 to 15.
    case octets([UInt8])
    /// The UE's own, or digits that are somebody else's.
    case identity(Identity, digits: String?)
  }

  public enum Identity: String, Sendable, CaseIterable { case imsi, imei, imeisv, guti }

  public enum Place: Sendable, Equatable {
    /// A row of the message's table.
    case element(String)
    case protocolDiscriminator
    case securityHeaderType
    case epsBearerIdentity
    case procedureTransactionIdentity
    case messageType
  }

  public var place: Place
  public var value: Value

  init(_ place: Place, _ value: Value) {
    self.place = place
    self.value = value
  }

  /// The table of the message as a UE sends it; nil: it has none.
  static func table(of message: MessageName) -> MessageTable? {
    // UPLINK and DOWNLINK NAS TRANSPORT are S1AP's where they are looked for; what is sent is a NAS message.
    MessageTable.all.first { $0.type.name == message.title && !$0.type.isNetworkVariant }
  }

  private static let headers: [(name: String, place: Place, range: ClosedRange<Int>, isOfESM: Bool?)] = [
    ("protocol discriminator", .protocolDiscriminator, 0...15, nil), ("security header type", .securityHeaderType, 0...15, false),
    ("eps bearer identity", .epsBearerIdentity, 0...15, true),
    ("procedure transaction identity", .procedureTransactionIdentity, 0...255, true), ("message type", .messageType, 0...255, nil),
  ]

  /// What `with` can name in a message that is sent, in lower case.
  static func names(in table: MessageTable) -> [String] {
    table.rows.map { $0.label.lowercased() }
      + headers.filter { $0.isOfESM == nil || $0.isOfESM == table.type.isESM }.map(\.name)
  }

  /// - Throws: where the message has no such field, or the value is none of it.
  init(_ key: String, at keyPlace: ProfilePlace, _ value: ProfileValue, in table: MessageTable) throws(ProfileError) {
    let name = key.lowercased()
    let text = value.text ?? ""
    guard !["count", "mac", "eksi"].contains(name) else {
      throw ProfileError(keyPlace, "\(name): expected it beside message, not in with; it is how the message is protected")
    }
    if let row = table.rows.first(where: { $0.label.lowercased() == name }) {
      place = .element(row.label)
      self.value = try Self.value(text, of: row, at: value.place)
      return
    }
    guard let header = Self.headers.first(where: { $0.name == name && ($0.isOfESM ?? table.type.isESM) == table.type.isESM }) else {
      throw .unknown(key, at: keyPlace, expected: "a field of \(table.type.name)", among: Self.names(in: table), listing: .max)
    }
    guard let number = Self.number(text), header.range.contains(number) else {
      throw ProfileError(value.place, "'\(text)': expected \(name), \(header.range.lowerBound) to \(header.range.upperBound)")
    }
    place = header.place
    self.value = .octets([UInt8(truncatingIfNeeded: number)])
  }

  private static func number(_ text: String) -> Int? {
    text.lowercased().hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
  }

  private static func value(_ text: String, of row: InformationElementRow, at place: ProfilePlace) throws(ProfileError) -> Value {
    if text == "absent" { return .absent }
    let isHalf = row.format == .halfOctet || row.format == .tvHalfOctet
    let isIdentity = row.valueType == EPSMobileIdentity.self || row.valueType == MobileIdentity.self
    if isIdentity, let known = try identity(text, at: place) { return known }
    let words = "'\(text)': expected \(row.label), "
    let also = (isIdentity ? "imsi, imei, guti, imsi and digits, " : "") + "absent"
    if isHalf {
      guard let number = Self.number(text), 0...15 ~= number else { throw ProfileError(place, words + "0 to 15, or absent") }
      return .octets([UInt8(truncatingIfNeeded: number)])
    }
    if text.lowercased().hasPrefix("0x") {
      guard let octets = [UInt8](hexadecimal: String(text.dropFirst(2))) else {
        throw ProfileError(place, words + "0x and its octets, two hexadecimal digits each, or \(also)")
      }
      return .octets(octets)
    }
    // A number as long as the element's shortest value.
    let length = row.valueLength.lowerBound
    guard let number = Int(text), number >= 0, length <= 4, length > 0, number >> (8 * length) == 0 else {
      let numbers = (1...4).contains(length) ? "0 to \((1 << (8 * length)) - 1), " : ""
      throw ProfileError(place, words + numbers + "0x and its octets, or \(also)")
    }
    return .octets((0..<length).map { UInt8(truncatingIfNeeded: number >> (8 * (length - 1 - $0))) })
  }

  private static func identity(_ text: String, at place: ProfilePlace) throws(ProfileError) -> Value? {
    let words = text.split(separator: " ").map(String.init)
    guard let first = words.first, let kind = Identity(rawValue: first.lowercased()) else { return nil }
    guard words.count > 1 else { return .identity(kind, digits: nil) }
    let digits = words[1]
    guard words.count == 2, kind != .guti, 6...16 ~= digits.utf8.count, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw ProfileError(place, "'\(text)': expected \(kind.rawValue)\(kind == .guti ? "" : ", or \(kind.rawValue) and 6 to 16 digits")")
    }
    return .identity(kind, digits: digits)
  }
}
