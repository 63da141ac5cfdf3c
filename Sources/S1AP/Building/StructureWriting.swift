/// Values with parts.
extension S1APWriter {
  /// SEQUENCE; `body` writes its components.
  @inline(__always)
  public mutating func sequence(_ body: (inout S1APWriter) -> Void) {
    guard let opened = openSequence() else { return }
    body(&self)
    closeSequence(opened)
  }

  /// One component of the sequence at hand, behind those written already.
  @inline(__always)
  public mutating func component(_ name: StaticString, _ body: (inout S1APWriter) -> Void) {
    if select(name) { body(&self) }
  }

  /// SEQUENCE OF.
  @inline(__always)
  public mutating func list<Element>(_ elements: [Element], _ body: (inout S1APWriter, Element) -> Void) {
    guard let opened = openList(elements.count) else { return }
    for element in elements {
      type = opened.element
      slot = 0
      body(&self, element)
    }
    closeList(opened)
  }

  /// SEQUENCE OF values that write themselves.
  public mutating func list(_ elements: [some S1APRepresentable]) {
    list(elements) { $1.write(to: &$0) }
  }

  /// CHOICE of the alternative of that name.
  @inline(__always)
  public mutating func choice(_ name: StaticString, _ body: (inout S1APWriter) -> Void) {
    guard let opened = openChoice(name) else { return }
    body(&self)
    closeList(opened)
  }

  /// A value that writes itself.
  @inline(__always)
  public mutating func value(_ value: some S1APRepresentable) { value.write(to: &self) }

  // MARK: Opening and closing

  struct OpenedSequence {
    var outer: Frame
    var at: Int
    var wrapper: Int
  }

  mutating func openSequence() -> OpenedSequence? {
    guard let (row, wrapper) = place() else { return nil }
    guard row.pointee.kind == .sequence else {
      wrongKind(row)
      return nil
    }
    append(TapeNode(opening: type, slot: slot))
    let opened = OpenedSequence(outer: frame, at: nodeCount - 1, wrapper: wrapper)
    frame = Frame(type: type)
    return opened
  }

  mutating func closeSequence(_ opened: OpenedSequence) {
    if hasFailed { return }
    let row = tables.types + Int(frame.type)
    let first = tables.components + Int(row.pointee.first)
    while frame.next < Int(row.pointee.rootCount) {
      guard first[frame.next].isOptional else { return missing(frame.next) }
      frame.next += 1
    }
    if frame.isExtended {
      nodes[opened.at].flags.insert(.extended)
      nodes[opened.at].low = UInt32(row.pointee.extensionCount)
    }
    close(opened.at)
    if opened.wrapper >= 0 { close(opened.wrapper) }
    frame = opened.outer
  }

  private mutating func missing(_ component: Int) {
    fail(.missing, "component missing", at: Grammar.shared.name(component, of: frame.type), isOpen: true)
  }

  /// Goes on to the component of that name, past optional ones.
  mutating func select(_ name: StaticString) -> Bool {
    if hasFailed { return false }
    let row = tables.types + Int(frame.type)
    let first = Int(row.pointee.first)
    let root = Int(row.pointee.rootCount)
    var at = frame.next
    while at < root + Int(row.pointee.extensionCount) {
      if tables.componentNames[first + at].equals(name) {
        frame.next = at + 1
        if at >= root { frame.isExtended = true }
        take(at, tables.components[first + at].type)
        return true
      }
      guard at >= root || tables.components[first + at].isOptional else {
        missing(at)
        return false
      }
      at += 1
    }
    fail(.notInGrammar, "no such component", at: "\(name)", isOpen: true)
    return false
  }

  @inline(__always)
  func isOptional(_ component: Int, _ row: UnsafeMutablePointer<TypeRow>) -> Bool {
    component >= Int(row.pointee.rootCount) || tables.components[Int(row.pointee.first) + component].isOptional
  }

  @inline(__always)
  mutating func take(_ slot: Int, _ type: UInt16) {
    self.type = type
    self.slot = UInt8(truncatingIfNeeded: slot)
  }

  struct OpenedList {
    var at: Int
    var wrapper: Int
    var element: UInt16
  }

  mutating func openList(_ count: Int) -> OpenedList? {
    guard let (row, wrapper) = place() else { return nil }
    guard row.pointee.kind == .list, let flags = size(count, row, "elements") else {
      if !hasFailed { wrongKind(row) }
      return nil
    }
    append(TapeNode(opening: type, slot: slot, flags: flags, low: UInt32(truncatingIfNeeded: count)))
    return OpenedList(at: nodeCount - 1, wrapper: wrapper, element: UInt16(truncatingIfNeeded: row.pointee.first))
  }

  mutating func closeList(_ opened: OpenedList) {
    if hasFailed { return }
    close(opened.at)
    if opened.wrapper >= 0 { close(opened.wrapper) }
  }

  private mutating func openChoice(_ name: StaticString) -> OpenedList? {
    guard let (row, wrapper) = place() else { return nil }
    guard row.pointee.kind == .choice else {
      wrongKind(row)
      return nil
    }
    let first = Int(row.pointee.first)
    for position in 0..<Int(row.pointee.rootCount) + Int(row.pointee.extensionCount)
    where tables.componentNames[first + position].equals(name) {
      return openChoice(position, row, wrapper)
    }
    fail(.notInGrammar, "no alternative \(name)")
    return nil
  }

  /// Opens a choice, and goes on to the alternative at that position.
  mutating func openChoice(_ position: Int, _ row: UnsafeMutablePointer<TypeRow>, _ wrapper: Int) -> OpenedList? {
    guard let (flags, low) = index(position, row) else { return nil }
    append(TapeNode(opening: type, slot: slot, flags: flags, low: low))
    let chosen = tables.components[Int(row.pointee.first) + position].type
    take(0, chosen)
    return OpenedList(at: nodeCount - 1, wrapper: wrapper, element: chosen)
  }
}
