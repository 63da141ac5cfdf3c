/// What a value of a profile looks like: the tables that parse profiles, and from which the JSON Schema and the manual's tables are made.
public indirect enum Shape: Sendable {
  /// Any words; the string says what they are.
  case text(String)
  /// Words that fit this regular expression (ECMA-262), which is the schema's: the parser looks at them where they are used.
  case spelled(String, String)
  /// Decimal or 0x….
  case integer(ClosedRange<Int>, String)
  /// true or false.
  case boolean(String)
  /// `500ms`, `2s`, `3min`.
  case duration(String)
  /// One of these words.
  case word([String], String)
  /// The name of a NAS or S1AP message: `SECURITY MODE COMMAND`.
  case message(String)
  /// Hexadecimal digits, two an octet.
  case octets(String)
  /// A name that the profile has defined elsewhere.
  case reference(Namespace, String)
  /// A name that is defined here.
  case definition(Namespace, String)
  case list(of: Shape, atLeast: Int, String)
  /// Keys that are known.
  case map([Field], String)
  /// Keys of the writer's choosing, which define names.
  case named(Namespace, Shape, String)
  /// Keys and values of the writer's choosing.
  case pairs(String)
  /// By what kind of value is written: a single one, a list, a mapping.
  case either([Shape], String)
  /// Steps, one after another.
  case steps(String)

  /// What names are for.
  public enum Namespace: String, Sendable, Hashable, CaseIterable {
    case ue = "UE"
    case cell
    case mme = "MME"
    /// A rule of message control.
    case control = "rule of message control"
    case barrier
  }

  /// A key of a mapping.
  public struct Field: Sendable {
    public var name: String
    public var shape: Shape
    public var isRequired: Bool

    init(_ name: String, _ shape: Shape, required: Bool = false) {
      self.name = name
      self.shape = shape
      isRequired = required
    }
  }

  /// What it is, in words, for messages and for the schema.
  public var words: String {
    switch self {
    case .text(let words), .spelled(_, let words), .integer(_, let words), .boolean(let words), .duration(let words), .word(_, let words),
      .message(let words),
      .octets(let words), .reference(_, let words), .definition(_, let words), .list(_, _, let words), .map(_, let words),
      .named(_, _, let words), .pairs(let words), .either(_, let words), .steps(let words):
      words
    }
  }

  /// The kind of node that it is written as; nil where there are several.
  var kind: NodeKind? {
    switch self {
    case .text, .spelled, .integer, .boolean, .duration, .word, .message, .octets, .reference, .definition: .single
    case .list, .steps: .list
    case .map, .named, .pairs: .map
    case .either: nil
    }
  }
}

/// Kinds of YAML nodes, in our words.
enum NodeKind: String {
  case single = "a single value"
  case list = "a list"
  case map = "a mapping"
}
