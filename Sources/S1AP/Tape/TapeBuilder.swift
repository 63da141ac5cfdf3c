/// Turns values into a tape along the grammar, checking every bound on the way.
///
/// What leaves here can be encoded. Errors name the field; their offset is 0, as nothing is on the wire yet.
struct TapeBuilder {
  private var nodes: [TapeNode] = []
  private var octets: [UInt8] = []
  private var path: [String] = []
  private var deviations: S1APBuilder.Deviations = []
  private let grammar = Grammar.shared

  /// The tape of a whole PDU.
  static func build(_ builder: S1APBuilder) throws(S1APError) -> Tape {
    var tape = TapeBuilder()
    tape.deviations = builder.deviations
    guard let row = tape.grammar.message(builder.message) else {
      throw S1APError(.notInGrammar, path: builder.message.name, detail: "no such message")
    }
    tape.path = [row.title]
    tape.nodes.reserveCapacity(64)
    let criticality = builder.criticality ?? row.criticality
    tape.nodes.append(TapeNode(type: Grammar.opaqueType))
    tape.nodes[0].low =
      UInt32(builder.message.procedure.rawValue) | UInt32(builder.message.kind.rawValue) << 8 | UInt32(criticality.rawValue) << 16
    tape.nodes[0].high = 1
    let container = tape.grammar.components[Int(tape.grammar.types[Int(row.type)].first)].type
    let element = UInt16(truncatingIfNeeded: tape.grammar.types[Int(container)].first)
    guard tape.grammar.types[Int(element)].kind == .field else {
      throw S1APError(.notInGrammar, path: row.title, detail: "a message without protocol IEs cannot be built")
    }
    let message = tape.open(row.type, 0)
    let list = tape.open(container, 0)
    let fields = try tape.arranged(builder.fields, in: element)
    guard fields.count <= 65535 else { throw tape.error(.outOfRange, "more than 65535 IEs") }
    for field in fields { try tape.field(field.id, field.value, criticality: field.criticality, in: element) }
    tape.nodes[list].low = UInt32(fields.count)
    tape.close(list)
    tape.close(message)
    tape.close(0)
    return tape.frozen()
  }

  /// The tape of one value of a named type.
  static func build(_ value: S1APValue, as typeName: String) throws(S1APError) -> Tape {
    var tape = TapeBuilder()
    guard let type = tape.grammar.type(named: typeName) else { throw S1APError(.notInGrammar, path: typeName, detail: "no such type") }
    tape.path = [typeName]
    try tape.build(value, type, 0)
    return tape.frozen()
  }

  private func frozen() -> Tape {
    let copy = UnsafeMutablePointer<TapeNode>.allocate(capacity: nodes.count)
    copy.initialize(from: nodes, count: nodes.count)
    return Tape(octets: octets, adopting: copy, count: nodes.count)
  }

  private typealias Field = (id: ProtocolIEID, value: S1APValue, criticality: Criticality?)

  /// In the order of the message's table, with what TS 36.413 demands (§10.3.5, §10.3.6), unless the deviations say otherwise.
  private func arranged(_ fields: [Field], in element: UInt16) throws(S1APError) -> [Field] {
    let row = grammar.types[Int(element)]
    if !deviations.contains(.missingIEs) {
      for position in 0..<Int(row.setCount) {
        let known = grammar.fields[Int(row.first) + position]
        let id = ProtocolIEID(known.id)
        guard known.presence != .mandatory || fields.contains(where: { $0.id == id }) else {
          throw error(.missing, "mandatory IE missing", at: id.description)
        }
      }
    }
    if !deviations.contains(.repeatedIEs) {
      for (index, field) in fields.enumerated() where fields[..<index].contains(where: { $0.id == field.id }) {
        throw error(.notInGrammar, "IE given twice", at: field.id.description)
      }
    }
    guard !deviations.contains(.order) else { return fields }
    let places = fields.map { grammar.field($0.id.rawValue, in: element)?.position ?? .max }
    return fields.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { fields[$0] }
  }

  private func error(_ code: S1APError.Code, _ detail: String, at name: String? = nil) -> S1APError {
    S1APError(code, path: (path + (name.map { [$0] } ?? [])).joined(separator: " / "), detail: detail)
  }

  private mutating func open(_ type: UInt16, _ slot: Int) -> Int {
    nodes.append(TapeNode(type: type, slot: UInt8(truncatingIfNeeded: slot)))
    return nodes.count - 1
  }

  private mutating func close(_ at: Int) { nodes[at].span = UInt32(nodes.count - at) }

  // MARK: Fields

  private mutating func field(_ id: ProtocolIEID, _ value: S1APValue, criticality: Criticality?, in type: UInt16) throws(S1APError) {
    path.append(id.description)
    let known = grammar.field(id.rawValue, in: type)
    let at = open(type, 0)
    nodes[at].low = UInt32(id.rawValue)
    if case .opaque(let contents) = value {
      guard known != nil || deviations.contains(.unknownIEs) else { throw error(.notInGrammar, "not an IE of this place") }
      nodes[at].high = UInt32((criticality ?? known?.row.criticality ?? .ignore).rawValue)
      try opaque(contents, known: known?.row.type)
    } else {
      guard let known else { throw error(.notInGrammar, "not an IE of this place") }
      nodes[at].high = UInt32((criticality ?? known.row.criticality).rawValue)
      try build(value, known.row.type, 0)
    }
    close(at)
    path.removeLast()
  }

  private mutating func opaque(_ contents: [UInt8], known: UInt16?) throws(S1APError) {
    guard !contents.isEmpty || known == nil else { throw error(.outOfRange, "an open type has at least one octet") }
    let at = open(Grammar.opaqueType, 0)
    nodes[at].flags.insert(.opaque)
    store(contents, count: contents.count, at: at)
    close(at)
  }

  private mutating func store(_ contents: some Sequence<UInt8>, count: Int, at: Int) {
    nodes[at].low = UInt32(truncatingIfNeeded: octets.count)
    nodes[at].high = UInt32(truncatingIfNeeded: count)
    octets.append(contentsOf: contents)
  }

  // MARK: Values

  private mutating func build(_ value: S1APValue, _ type: UInt16, _ slot: Int) throws(S1APError) {
    if case .node(let node) = value { return try graft(node, type, slot) }
    let row = grammar.types[Int(type)]
    if row.kind == .field { return try element(value, type, row) }
    let at = open(type, slot)
    switch row.kind {
    case .integer: try integer(value, row, at)
    case .enumerated: try enumerated(value, row, at)
    case .boolean:
      guard case .boolean(let isTrue) = value else { throw error(.wrongKind, "a boolean is expected") }
      nodes[at].low = isTrue ? 1 : 0
    case .null:
      guard case .null = value else { throw error(.wrongKind, "NULL is expected") }
    case .octets, .text: try string(value, row, at)
    case .bits: try bitString(value, row, at)
    case .sequence: try sequence(value, row, at)
    case .choice: try choice(value, row, at)
    case .list: try list(value, row, at)
    case .field: break
    }
    close(at)
  }

  /// One IE where a list or an alternative holds one; a bare value stands for the only IE of the set.
  private mutating func element(_ value: S1APValue, _ type: UInt16, _ row: TypeRow) throws(S1APError) {
    if case .field(let id, let inner, let criticality) = value { return try field(id, inner, criticality: criticality, in: type) }
    guard row.setCount == 1 else { throw error(.wrongKind, "an IE with its identity is expected") }
    try field(ProtocolIEID(grammar.fields[Int(row.first)].id), value, criticality: nil, in: type)
  }

  private mutating func integer(_ value: S1APValue, _ row: TypeRow, _ at: Int) throws(S1APError) {
    guard case .integer(let number) = value else { throw error(.wrongKind, "a number is expected") }
    if number < row.layout.lower || number > row.layout.upper {
      guard row.isExtensible, number <= UInt64(Int64.max) else {
        throw error(.outOfRange, "\(number) is outside \(row.layout.lower)..\(row.layout.upper)")
      }
      nodes[at].flags.insert(.extended)
    }
    nodes[at].setWide(number)
  }

  private mutating func enumerated(_ value: S1APValue, _ row: TypeRow, _ at: Int) throws(S1APError) {
    let position: Int
    switch value {
    case .enumerated(let name):
      guard let found = grammar.slot(named: name, in: Int(nodes[at].type)) else { throw error(.notInGrammar, "no value \(name)") }
      position = found
    case .position(let number): position = number
    default: throw error(.wrongKind, "an enumerated value is expected")
    }
    try index(position, row, at)
  }

  private mutating func index(_ position: Int, _ row: TypeRow, _ at: Int) throws(S1APError) {
    let root = Int(row.rootCount)
    guard position >= 0, position < root || (row.isExtensible && position < 65536) else {
      throw error(.outOfRange, "position \(position) of \(root)")
    }
    if position >= root { nodes[at].flags.insert(.extended) }
    nodes[at].low = UInt32(position < root ? position : position - root)
  }

  private mutating func string(_ value: S1APValue, _ row: TypeRow, _ at: Int) throws(S1APError) {
    let contents: [UInt8]
    switch value {
    case .octets(let octets): contents = octets
    case .text(let text) where row.kind == .text: contents = Array(text.utf8)
    default: throw error(.wrongKind, row.kind == .text ? "a text is expected" : "octets are expected")
    }
    try size(contents.count, row, at, "octets")
    if row.isFixedSize, contents.count <= 2, row.kind == .octets {
      nodes[at].flags.insert(.inline)
      nodes[at].low = contents.reduce(0) { $0 << 8 | UInt32($1) }
      nodes[at].high = UInt32(contents.count)
    } else {
      store(contents, count: contents.count, at: at)
    }
  }

  private mutating func bitString(_ value: S1APValue, _ row: TypeRow, _ at: Int) throws(S1APError) {
    guard case .bits(let contents, let count) = value, contents.count == (count + 7) / 8 else {
      throw error(.wrongKind, "bits are expected, in just as many octets as they need")
    }
    try size(count, row, at, "bits")
    if row.isFixedSize, count <= 16, !nodes[at].flags.contains(.extended) {
      nodes[at].flags.insert(.inline)
      nodes[at].low = contents.reduce(0) { $0 << 8 | UInt32($1) } >> UInt32(contents.count * 8 - count)
      nodes[at].high = UInt32(count)
    } else {
      store(contents, count: count, at: at)
    }
  }

  private mutating func size(_ count: Int, _ row: TypeRow, _ at: Int, _ unit: String) throws(S1APError) {
    if UInt64(count) >= row.layout.lower, UInt64(count) <= row.layout.upper { return }
    let expected = row.isFixedSize ? "\(row.layout.lower)" : "\(row.layout.lower)..\(row.layout.upper)"
    guard row.isExtensible else { throw error(.outOfRange, "\(count) \(unit), expected \(expected)") }
    nodes[at].flags.insert(.extended)
  }

  private mutating func sequence(_ value: S1APValue, _ row: TypeRow, _ at: Int) throws(S1APError) {
    guard case .sequence(let given) = value else { throw error(.wrongKind, "a sequence is expected") }
    let names = grammar.names(of: Int(nodes[at].type))
    var used = 0
    for slot in names.indices {
      // Most values name their components in the grammar's order.
      let found = used < given.count && given[used].name == names[slot] ? used : given.firstIndex { $0.name == names[slot] }
      guard let found else {
        guard slot >= Int(row.rootCount) || grammar.components[Int(row.first) + slot].isOptional else {
          try refuseStrangers(given, names)
          throw error(.missing, "component missing", at: names[slot])
        }
        continue
      }
      used += 1
      if slot >= Int(row.rootCount) {
        nodes[at].flags.insert(.extended)
        nodes[at].low = UInt32(row.extensionCount)
      }
      path.append(names[slot])
      try build(given[found].value, grammar.components[Int(row.first) + slot].type, slot)
      path.removeLast()
    }
    if used != given.count { try refuseStrangers(given, names) }
  }

  private func refuseStrangers(_ given: [S1APValue.Component], _ names: [String]) throws(S1APError) {
    for (position, component) in given.enumerated() {
      guard names.contains(component.name) else { throw error(.notInGrammar, "no such component", at: component.name) }
      guard !given[..<position].contains(where: { $0.name == component.name }) else {
        throw error(.notInGrammar, "component given twice", at: component.name)
      }
    }
  }

  private mutating func choice(_ value: S1APValue, _ row: TypeRow, _ at: Int) throws(S1APError) {
    guard case .choice(let name, let inner) = value else { throw error(.wrongKind, "a choice is expected") }
    guard let position = grammar.slot(named: name, in: Int(nodes[at].type)) else { throw error(.notInGrammar, "no alternative \(name)") }
    try index(position, row, at)
    path.append(name)
    try build(inner, grammar.components[Int(row.first) + position].type, 0)
    path.removeLast()
  }

  private mutating func list(_ value: S1APValue, _ row: TypeRow, _ at: Int) throws(S1APError) {
    guard case .list(let elements) = value else { throw error(.wrongKind, "a list is expected") }
    try size(elements.count, row, at, "elements")
    nodes[at].low = UInt32(elements.count)
    for (position, element) in elements.enumerated() {
      path.append("[\(position)]")
      try build(element, UInt16(truncatingIfNeeded: row.first), 0)
      path.removeLast()
    }
  }

  // MARK: Copies of what was decoded

  /// The nodes of a decoded value of the same type, with their strings.
  private mutating func graft(_ node: S1APNode, _ type: UInt16, _ slot: Int) throws(S1APError) {
    let source = node.here.type == type ? node : node.value
    guard source.here.type == type else {
      throw error(.wrongKind, "a decoded \(source.typeName) where \(grammar.typeNames[Int(type)]) is expected")
    }
    let start = nodes.count
    for offset in 0..<Int(source.here.span) {
      var copy = source.tape.nodes[source.index + offset]
      switch grammar.types[Int(copy.type)].kind {
      case .octets, .text, .bits:
        if !copy.flags.contains(.inline) {
          let isBits = grammar.types[Int(copy.type)].kind == .bits
          let count = isBits ? (Int(copy.high) + 7) / 8 : Int(copy.high)
          let from = Int(copy.low)
          copy.low = UInt32(truncatingIfNeeded: octets.count)
          octets.append(contentsOf: source.tape.octets[from..<from + count])
        }
      case .integer, .enumerated, .boolean, .null, .sequence, .choice, .list, .field: break
      }
      nodes.append(copy)
    }
    nodes[start].slot = UInt8(truncatingIfNeeded: slot)
  }
}
