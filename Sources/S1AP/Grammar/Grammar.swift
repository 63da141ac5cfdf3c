/// A message of the tables.
struct MessageRow {
  var message: S1APMessage
  var name: String
  var title: String
  var criticality: Criticality
  var type: UInt16
}

/// What the builder needs of a message, flat.
struct MessageHead {
  /// The message, its container of IEs and the container's elements.
  var type: UInt16
  var container: UInt16
  var element: UInt16
  var criticality: Criticality
  /// Positions in the set of IEs that are mandatory, the first one in bit 0.
  var mandatory: UInt64
}

/// A name of the tables in UTF-8, never freed and never changed.
struct NameRow: @unchecked Sendable {
  var start: UnsafePointer<UInt8>
  var count: Int

  init(start: UnsafePointer<UInt8>, count: Int) {
    self.start = start
    self.count = count
  }

  init(freezing name: String) {
    let octets = UnsafeMutablePointer<UInt8>.allocate(capacity: max(name.utf8.count, 1))
    _ = UnsafeMutableBufferPointer(start: octets, count: name.utf8.count).initialize(from: name.utf8)
    self.init(start: UnsafePointer(octets), count: name.utf8.count)
  }

  /// The same octets. Done for every component built, so in words: the last one overlaps the one before.
  @inline(__always)
  func equals(_ name: StaticString) -> Bool {
    guard count == name.utf8CodeUnitCount else { return false }
    let left = UnsafeRawPointer(start)
    let right = UnsafeRawPointer(name.utf8Start)
    guard count >= 8 else {
      for at in 0..<count where start[at] != name.utf8Start[at] { return false }
      return true
    }
    var at = 0
    while true {
      if left.loadUnaligned(fromByteOffset: at, as: UInt64.self) != right.loadUnaligned(fromByteOffset: at, as: UInt64.self) {
        return false
      }
      if at == count - 8 { return true }
      at = min(at + 8, count - 8)
    }
  }
}

/// The tables that the writer walks; they live as long as the process.
struct GrammarTables: @unchecked Sendable {
  let types: UnsafeMutablePointer<TypeRow>
  let components: UnsafeMutablePointer<ComponentRow>
  let componentNames: UnsafeMutablePointer<NameRow>
  let fields: UnsafeMutablePointer<IERow>
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
  /// By component or alternative, as ``components``.
  let componentNames: UnsafeMutablePointer<NameRow>
  let typeCount: Int
  /// By message, as ``messages``.
  let heads: UnsafeMutablePointer<MessageHead>
  /// Index into ``messages`` by procedure code × 3 + kind; -1 where there is none.
  let messageIndex: UnsafeMutablePointer<Int16>
  let messages: [MessageRow]
  /// By type; empty for types without a name.
  let typeNames: [String]
  private let typeNumbers: [String: UInt16]
  /// By type: components, alternatives or values.
  private let labels: [[String]]
  /// The same in memory that is never freed, for writing them by the thousand: all in one row, and where those of each type start.
  private let labelRows: UnsafeMutablePointer<NameRow>
  private let labelStarts: UnsafeMutablePointer<UInt32>

  init(compiling texts: [String]) {
    var compiler = GrammarCompiler()
    compiler.compile(texts)
    types = Self.freeze(compiler.types)
    components = Self.freeze(compiler.components)
    fields = Self.freeze(compiler.fields)
    typeCount = compiler.types.count
    messages = compiler.messages
    typeNames = compiler.typeNames
    for (type, name) in typeNames.enumerated() where name == "TransportLayerAddress" { types[type].isTransportAddress = true }
    for (type, row) in compiler.types.enumerated() where row.kind == .sequence {
      for (position, name) in compiler.labels[type].enumerated() where name == "protocolIEs" || name == "iE-Extensions" {
        components[Int(row.first) + position].isContainer = true
      }
    }
    typeNumbers = compiler.typeNumbers
    labels = compiler.labels
    labelRows = Self.freeze(compiler.labels.flatMap { $0 }.map { NameRow(freezing: $0) })
    labelStarts = Self.freeze(
      compiler.labels.reduce(into: [0 as UInt32]) { starts, names in starts.append(starts[starts.count - 1] + UInt32(names.count)) })
    componentNames = Self.names(compiler)
    heads = Self.freeze(compiler.messages.map { Self.head($0, compiler) })
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

  private static func names(_ compiler: GrammarCompiler) -> UnsafeMutablePointer<NameRow> {
    var rows = compiler.components.map { _ in NameRow(start: UnsafePointer(freeze([0 as UInt8])), count: 0) }
    for (type, row) in compiler.types.enumerated() where row.kind == .sequence || row.kind == .choice {
      for (position, name) in compiler.labels[type].enumerated() {
        rows[Int(row.first) + position] = NameRow(freezing: name)
      }
    }
    return freeze(rows)
  }

  private static func head(_ row: MessageRow, _ compiler: GrammarCompiler) -> MessageHead {
    let container = compiler.components[Int(compiler.types[Int(row.type)].first)].type
    let element = UInt16(truncatingIfNeeded: compiler.types[Int(container)].first)
    let set = compiler.types[Int(element)]
    var mandatory: UInt64 = 0
    if set.kind == .field {
      precondition(set.setCount <= 64, "a mask of 64 has room for every message's IEs")
      for position in 0..<Int(set.setCount) where compiler.fields[Int(set.first) + position].presence == .mandatory {
        mandatory |= 1 << UInt64(position)
      }
    }
    return MessageHead(type: row.type, container: container, element: element, criticality: row.criticality, mandatory: mandatory)
  }

  var tables: GrammarTables { GrammarTables(types: types, components: components, componentNames: componentNames, fields: fields) }

  func head(_ message: S1APMessage) -> MessageHead? {
    let position = messageIndex[Int(message.procedure.rawValue) * 3 + Int(message.kind.rawValue)]
    return position < 0 ? nil : heads[Int(position)]
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

  /// The same, without a string.
  @inline(__always)
  func label(_ position: Int, of type: UInt16) -> NameRow? {
    let place = Int(labelStarts[Int(type)]) + position
    return place < Int(labelStarts[Int(type) + 1]) ? labelRows[place] : nil
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

  /// Whether the first component of a type is a container of IEs.
  func beginsWithContainer(_ type: UInt16) -> Bool {
    let row = types[Int(type)]
    guard row.kind == .sequence, row.rootCount > 0 else { return false }
    let first = components[Int(row.first)]
    return first.isContainer && types[Int(first.type)].kind == .list
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
