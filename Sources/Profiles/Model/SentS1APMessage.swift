public import S1AP

/// An S1AP message that an eNB sends beside what it does of itself: what is not said of it is as the eNB sent it last, or would send it.
public struct SentS1APMessage: Sendable, Equatable {
  /// An IE of the message, and what stands in it.
  public struct Element: Sendable, Equatable {
    public enum Value: Sendable, Equatable {
      case absent
      /// What its open type holds, in PER.
      case octets([UInt8])
      case number(UInt64)
      case word(String)
    }

    public var identity: ProtocolIEID
    public var value: Value
  }

  public var name: MessageName
  public var message: S1APMessage
  public var elements: [Element] = []

  /// - Throws: where it has no such IE, or the value is none of it.
  init(_ name: MessageName, _ message: S1APMessage, _ with: ProfileValue?) throws(ProfileError) {
    self.name = name
    self.message = message
    let table = message.elements
    for entry in with?.entries ?? [] {
      let key = Self.key(entry.key)
      guard let row = table.first(where: { $0.identity.name.map(Self.key) == key }) else {
        throw .unknown(
          entry.key, at: entry.place, expected: "an IE of \(name)", among: table.compactMap(\.identity.name), listing: .max)
      }
      elements.append(Element(identity: row.identity, value: try Self.value(entry.value.text ?? "", of: row, at: entry.value.place)))
    }
  }

  /// However hyphens, blanks and capitals are written.
  private static func key(_ name: String) -> String { String(name.lowercased().filter { $0 != "-" && $0 != " " && $0 != "_" }) }

  /// What `with` can name in such a message.
  static func names(in message: S1APMessage) -> [String] { message.elements.compactMap(\.identity.name) }

  private static func value(_ text: String, of row: S1APElement, at place: ProfilePlace) throws(ProfileError) -> Element.Value {
    if text == "absent" { return .absent }
    if text.lowercased().hasPrefix("0x") {
      guard let octets = [UInt8](hexadecimal: String(text.dropFirst(2))), !octets.isEmpty else {
        throw ProfileError(place, "'\(text)': expected 0x and the octets of the IE's value, two hexadecimal digits each, or absent")
      }
      return .octets(octets)
    }
    let words = "'\(text)': expected \(row.identity), "
    switch row.form {
    case .number:
      guard let number = UInt64(text) else { throw ProfileError(place, words + "a number, 0x and its octets in PER, or absent") }
      return .number(number)
    case .words(let known):
      guard let word = known.first(where: { key($0) == key(text) }) else {
        throw .unknown(text, at: place, expected: "\(row.identity), 0x and its octets in PER, absent, or one of its words", among: known)
      }
      return .word(word)
    case .other: throw ProfileError(place, words + "0x and its octets in PER, or absent")
    }
  }

  /// What is not as the eNB would send it, in words: for the verdicts.
  public var deviations: String {
    elements.map { element in
      switch element.value {
      case .absent: "without \(element.identity)"
      case .octets: "\(element.identity) altered"
      case .number(let number): "\(element.identity) \(number)"
      case .word(let word): "\(element.identity) \(word)"
      }
    }.joined(separator: ", ")
  }
}
