/// A message of the tables.
struct MessageRow {
  var message: S1APMessage
  var name: String
  var title: String
  var criticality: Criticality
  var type: UInt16
}

/// Every table, compiled once into flat arrays. Immutable after ``shared`` is made, and never freed.
///
/// The decoder and encoder use the three pointers only; names are for paths, people and JSON.
final class Grammar: @unchecked Sendable {
  static let shared = Grammar(compiling: GrammarText.all)

  /// The type of contents that no table describes: an octet string of any length.
  static let opaqueType: UInt16 = 0

  let types: UnsafeMutablePointer<TypeRow>
  let components: UnsafeMutablePointer<ComponentRow>
  let fields: UnsafeMutablePointer<IERow>
  let typeCount: Int
  /// Index into ``messages`` by procedure code × 3 + kind; -1 where there is none.
  let messageIndex: UnsafeMutablePointer<Int16>
  let messages: [MessageRow]
  /// By type; empty for types without a name.
  let typeNames: [String]
  private let typeNumbers: [String: UInt16]
  /// By type: components, alternatives or values.
  private let labels: [[String]]

  init(compiling texts: [String]) {
    var compiler = GrammarCompiler()
    compiler.compile(texts)
    types = Self.freeze(compiler.types)
    components = Self.freeze(compiler.components)
    fields = Self.freeze(compiler.fields)
    typeCount = compiler.types.count
    messages = compiler.messages
    typeNames = compiler.typeNames
    typeNumbers = compiler.typeNumbers
    labels = compiler.labels
    var index = [Int16](repeating: -1, count: 256 * 3)
    for (position, row) in messages.enumerated() {
      index[Int(row.message.procedure.rawValue) * 3 + Int(row.message.kind.rawValue)] = Int16(position)
    }
    messageIndex = Self.freeze(index)
  }

  private static func freeze<T>(_ array: [T]) -> UnsafeMutablePointer<T> {
    let pointer = UnsafeMutablePointer<T>.allocate(capacity: max(array.count, 1))
    pointer.initialize(from: array, count: array.count)
    return pointer
  }

  func message(_ message: S1APMessage) -> MessageRow? {
    let position = messageIndex[Int(message.procedure.rawValue) * 3 + Int(message.kind.rawValue)]
    return position < 0 ? nil : messages[Int(position)]
  }

  /// The components, alternatives or values of a type.
  func names(of type: Int) -> [String] { labels[type] }

  /// One of them, nil for a position that the type does not have.
  func name(_ position: Int, of type: UInt16) -> String? {
    position < labels[Int(type)].count ? labels[Int(type)][position] : nil
  }

  /// The values of a named type; empty if there is no such type.
  func names(ofType name: String) -> [String] {
    guard let type = typeNumbers[name] else { return [] }
    return labels[Int(type)]
  }

  func type(named name: String) -> UInt16? { typeNumbers[name] }

  /// The position of a component, those behind the extension marker counted on.
  func slot(named name: String, in type: Int) -> Int? {
    labels[type].firstIndex(of: name)
  }

  /// The row of an IE in a field type's set, and where it stands there.
  func field(_ id: UInt16, in type: UInt16) -> (row: IERow, position: Int)? {
    let set = types[Int(type)]
    for position in 0..<Int(set.setCount) where fields[Int(set.first) + position].id == id {
      return (fields[Int(set.first) + position], position)
    }
    return nil
  }
}
