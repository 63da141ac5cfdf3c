extension S1APPDU {
  /// Whether the PDU obeys TS 36.413 beyond the transfer syntax: procedures and IEs not comprehended, IEs missing, repeated or
  /// out of order (§10.3), in the order of the wire, missing ones last. Conditions of conditional IEs are not judged.
  public func validate() -> [ProtocolFault] {
    guard let row = Grammar.shared.message(message) else {
      return [ProtocolFault(kind: .unknownProcedure, criticality: criticality, identity: nil, path: message.name)]
    }
    var faults: [ProtocolFault] = []
    var index = 1
    // The innermost IE around a value is the one that is not comprehended when the value is unknown.
    var around: [(end: Int, id: ProtocolIEID, criticality: Criticality)] = []
    while index < tape.count {
      while let last = around.last, index >= last.end { around.removeLast() }
      let node = tape.nodes[index]
      let type = Grammar.shared.types[Int(node.type)]
      switch type.kind {
      case .field:
        let id = ProtocolIEID(UInt16(truncatingIfNeeded: node.low))
        around.append((index + Int(node.span), id, Criticality(rawValue: UInt8(truncatingIfNeeded: node.high)) ?? .reject))
      case .list: faults += order(of: index, type)
      case .enumerated, .choice, .integer, .null, .boolean, .octets, .bits, .text, .sequence: break
      }
      if let inner = around.last, isUnknown(node, type) {
        faults.append(
          ProtocolFault(
            kind: .notUnderstood, criticality: inner.criticality, identity: inner.id, path: TapePath.of(index, tape.nodes)))
      }
      index += 1
    }
    let element = Int(Grammar.shared.types[Int(Grammar.shared.components[Int(Grammar.shared.types[Int(row.type)].first)].type)].first)
    let set = Grammar.shared.types[element]
    for position in 0..<Int(set.setCount) where set.kind == .field {
      let known = Grammar.shared.fields[Int(set.first) + position]
      let id = ProtocolIEID(known.id)
      if known.presence == .mandatory, self[id] == nil {
        faults.append(ProtocolFault(kind: .missing, criticality: known.criticality, identity: id, path: "\(row.title) / \(id)"))
      }
    }
    return faults
  }

  /// An open type that no table describes, or an enumerated value behind those of the tables. Additions to a sequence are to be
  /// ignored, so they are no fault.
  private func isUnknown(_ node: TapeNode, _ type: TypeRow) -> Bool {
    if node.flags.contains(.opaque) { return node.slot == 0 }
    guard node.flags.contains(.extended) else { return false }
    return type.kind == .enumerated && node.low >= UInt32(type.extensionCount)
  }

  /// IEs of a container that come twice, or before one that precedes them in the table.
  private func order(of list: Int, _ type: TypeRow) -> [ProtocolFault] {
    let element = UInt16(truncatingIfNeeded: type.first)
    let set = Grammar.shared.types[Int(element)]
    // A set of one is a list of items, where repetition is the point.
    guard set.kind == .field, !set.isExtensionField, set.setCount > 1 else { return [] }
    var faults: [ProtocolFault] = []
    var latest = -1
    for node in S1APNodeList(tape: tape, start: list + 1, end: list + Int(tape.nodes[list].span)) {
      guard let id = node.identity, let place = Grammar.shared.field(id.rawValue, in: element)?.position else { continue }
      if place <= latest {
        faults.append(
          ProtocolFault(
            kind: .wrongOrderOrRepeated, criticality: node.criticality ?? .reject, identity: id,
            path: TapePath.of(node.index, tape.nodes)))
      }
      latest = max(latest, place)
    }
    return faults
  }
}
