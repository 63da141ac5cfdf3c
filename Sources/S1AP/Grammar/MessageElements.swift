/// An IE that a message may have (TS 36.413 §9.1).
public struct S1APElement: Sendable {
  /// How its value can be told in a word.
  public enum Form: Sendable, Equatable {
    case number
    /// One of these.
    case words([String])
    /// By its octets.
    case other
  }

  public let identity: ProtocolIEID
  public let presence: Presence
  public let form: Form
}

extension S1APMessage {
  /// Its IEs in the order of its table; none for one that the tables do not have, and for PRIVATE MESSAGE.
  public var elements: [S1APElement] {
    let grammar = Grammar.shared
    guard let head = grammar.head(self) else { return [] }
    let set = grammar.types[Int(head.element)]
    guard set.kind == .field else { return [] }
    return (0..<Int(set.setCount)).map { position in
      let row = grammar.fields[Int(set.first) + position]
      let form: S1APElement.Form =
        switch grammar.types[Int(row.type)].kind {
        case .integer: .number
        case .enumerated: .words(grammar.names(of: Int(row.type)))
        case .octets, .text, .bits, .boolean, .null, .sequence, .choice, .list, .field: .other
        }
      return S1APElement(identity: ProtocolIEID(row.id), presence: row.presence, form: form)
    }
  }
}
