/// Trees of ``S1APValue``, and IEs.
extension S1APWriter {
  /// A value whose shape is known only at run time.
  public mutating func value(_ value: S1APValue) {
    switch value {
    case .integer(let number): self.number(number)
    case .enumerated(let name): enumerated(name)
    case .position(let number): position(number)
    case .boolean(let isTrue): boolean(isTrue)
    case .null: null()
    case .octets(let contents): octets(contents)
    case .bits(let contents, let count): bits(contents, count: count)
    case .text(let text): self.text(text)
    case .sequence(let components): sequence(of: components)
    case .list(let elements): list(elements) { $0.value($1) }
    case .choice(let name, let inner): choice(named: name, inner)
    case .field(let id, let inner, let criticality):
      if hasFailed { return }
      guard tables.types[Int(type)].kind == .field else { return wrongKind(tables.types + Int(type)) }
      field(id, criticality: criticality, in: type, allowsUnknown: false) { $0.value(inner) }
    case .opaque(let contents):
      guard let (_, wrapper) = place() else { return }
      guard wrapper >= 0 else { return fail(.wrongKind, "octets of an open type where there is none") }
      opaque(contents)
      close(wrapper)
    case .node(let node): graft(node)
    case .typed(let typed): typed.value.write(to: &self)
    }
  }

  /// Components in any order.
  private mutating func sequence(of given: [S1APValue.Component]) {
    guard let opened = openSequence() else { return }
    let row = tables.types + Int(frame.type)
    let names = Grammar.shared.names(of: Int(frame.type))
    var used = 0
    for position in names.indices {
      // Most values name their components in the grammar's order.
      let found =
        used < given.count && given[used].name == names[position] ? used : given.firstIndex { $0.name == names[position] }
      guard let found else {
        if isOptional(position, row) { continue }
        if !refuseStrangers(given, names) { fail(.missing, "component missing", at: names[position], isOpen: true) }
        return
      }
      used += 1
      frame.next = position + 1
      if position >= Int(row.pointee.rootCount) { frame.isExtended = true }
      take(position, tables.components[Int(row.pointee.first) + position].type)
      value(given[found].value)
      if hasFailed { return }
    }
    if used != given.count, refuseStrangers(given, names) { return }
    closeSequence(opened)
  }

  private mutating func refuseStrangers(_ given: [S1APValue.Component], _ names: [String]) -> Bool {
    for (position, component) in given.enumerated() {
      if !names.contains(component.name) {
        fail(.notInGrammar, "no such component", at: component.name, isOpen: true)
      } else if given[..<position].contains(where: { $0.name == component.name }) {
        fail(.notInGrammar, "component given twice", at: component.name, isOpen: true)
      }
    }
    return hasFailed
  }

  private mutating func choice(named name: String, _ inner: S1APValue) {
    guard let (row, wrapper) = place() else { return }
    guard row.pointee.kind == .choice else { return wrongKind(row) }
    guard let position = Grammar.shared.slot(named: name, in: Int(type)) else { return fail(.notInGrammar, "no alternative \(name)") }
    guard let opened = openChoice(position, row, wrapper) else { return }
    value(inner)
    closeList(opened)
  }

  // MARK: IEs

  /// An IE of a set, around what `body` writes. Returns its position in the set, nil if it has none there or did not fit.
  @inline(__always)
  @discardableResult
  mutating func field(
    _ id: ProtocolIEID, criticality: Criticality?, in set: UInt16, allowsUnknown: Bool, from expected: Int = 0,
    _ body: (inout S1APWriter) -> Void
  ) -> Int? {
    guard let (at, position) = openField(id, criticality, set, allowsUnknown, expected) else { return nil }
    body(&self)
    if hasFailed { return nil }
    close(at)
    return position
  }

  /// - Parameter expected: where in the set to look first.
  private mutating func openField(
    _ id: ProtocolIEID, _ criticality: Criticality?, _ set: UInt16, _ allowsUnknown: Bool, _ expected: Int
  ) -> (at: Int, position: Int?)? {
    if hasFailed { return nil }
    let row = tables.types + Int(set)
    let rows = tables.fields + Int(row.pointee.first)
    let count = Int(row.pointee.setCount)
    var position = expected
    while position < count, rows[position].id != id.rawValue { position += 1 }
    if position >= count {
      position = 0
      while position < count, rows[position].id != id.rawValue { position += 1 }
    }
    let at = nodeCount
    guard position < count else {
      append(TapeNode(opening: set, slot: 0, low: TapeNode.field(id.rawValue, (criticality ?? .ignore).rawValue)))
      if allowsUnknown { return (at, nil) }
      fail(.notInGrammar, "not an IE of this place", isOpen: true)
      return nil
    }
    append(TapeNode(opening: set, slot: 0, low: TapeNode.field(id.rawValue, (criticality ?? rows[position].criticality).rawValue)))
    take(0, rows[position].type)
    return (at, position)
  }

  /// Contents of an open type as they are.
  mutating func opaque(_ contents: [UInt8]) {
    let start = contents.withUnsafeBytes { store($0) }
    append(
      TapeNode(leaf: Grammar.opaqueType, slot: 0, flags: .opaque, low: start, high: UInt32(truncatingIfNeeded: contents.count)))
  }

  // MARK: Copies of what was decoded

  /// The nodes of a decoded value of the same type, with their strings.
  private mutating func graft(_ node: S1APNode) {
    if hasFailed { return }
    var source = node
    var wrapper = -1
    if node.here.type != type {
      source = node.value
      if source.here.type != type {
        guard let placed = place() else { return }
        wrapper = placed.wrapper
      }
    }
    guard source.here.type == type else {
      return fail(.wrongKind, "a decoded \(source.typeName) where \(Grammar.shared.typeNames[Int(type)]) is expected")
    }
    let start = nodeCount
    copy(source.tape, source.index)
    nodes[start].slot = slot
    if wrapper >= 0 { close(wrapper) }
  }

  /// One value of a tape with all that is inside it.
  mutating func copy(_ tape: Tape, _ index: Int) {
    for offset in 0..<Int(tape.nodes[index].span) {
      var copy = tape.nodes[index + offset]
      switch tables.types[Int(copy.type)].kind {
      case .octets, .text, .bits:
        if !copy.flags.contains(.inline) {
          let isBits = tables.types[Int(copy.type)].kind == .bits
          let count = isBits ? (Int(copy.high) + 7) / 8 : Int(copy.high)
          let from = Int(copy.low)
          copy.low = tape.octets[from..<from + count].withUnsafeBytes { store($0) }
        }
      case .sequence: accountFor(bitmap: Int(copy.low) / 8)
      case .integer, .enumerated, .boolean, .null, .choice, .list, .field: break
      }
      append(copy)
    }
  }
}
