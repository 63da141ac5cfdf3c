extension S1APPDU {
  /// Whether ``validate()`` would find anything: one pass over the values, without allocation, for receivers whose peers mostly send what is right.
  public var hasFaults: Bool {
    guard Grammar.shared.head(message) != nil else { return true }
    let grammar = Grammar.shared
    for index in 1..<tape.count {
      let node = tape.nodes[index]
      let type = grammar.types + Int(node.type)
      if isUnknown(node, type.pointee) { return true }
      if type.pointee.kind == .list, hasFaults(inList: index, grammar.types + Int(type.pointee.first), grammar.fields) { return true }
    }
    return ConditionRule.all.contains { $0.message == message && $0.isBroken(in: self) }
  }

  /// Of a container of IEs or a list of items: something out of order, repeated or missing.
  @inline(__always)
  private func hasFaults(inList list: Int, _ set: UnsafeMutablePointer<TypeRow>, _ fields: UnsafeMutablePointer<IERow>) -> Bool {
    guard set.pointee.kind == .field else { return false }
    let count = Int(set.pointee.setCount)
    // Too many for the mask: the long way tells.
    guard count <= 64 else { return !validate().isEmpty }
    let rows = fields + Int(set.pointee.first)
    // Else it is a list of items of one kind.
    let keepsOrder = (count > 1 || list == 2) && !set.pointee.isExtensionField
    var seen: UInt64 = 0
    var next = 0
    var at = list + 1
    let end = list + Int(tape.nodes[list].span)
    while at < end {
      let id = tape.nodes[at].identity
      // In the table's order the row is never far.
      var place = next
      while place < count, rows[place].id != id { place += 1 }
      if place == count {
        place = 0
        while place < next, rows[place].id != id { place += 1 }
        if place < next, keepsOrder { return true }
      }
      if place < count, rows[place].id == id {
        if set.pointee.isExtensionField, seen & (1 << UInt64(place)) != 0 { return true }
        seen |= 1 << UInt64(place)
        next = keepsOrder ? place + 1 : 0
      }
      at += Int(tape.nodes[at].span)
    }
    for place in 0..<count where rows[place].presence == .mandatory && seen & (1 << UInt64(place)) == 0 { return true }
    return false
  }
}
