/// Writes a tape as JSON in the shape of JER (X.697), without Foundation.
struct JERWriter {
  private(set) var text: [UInt8] = []
  private let tape: Tape

  init(_ tape: Tape) { self.tape = tape }

  mutating func pdu() {
    let low = tape.nodes[0].low
    let kind = PDUKind(rawValue: UInt8(truncatingIfNeeded: low >> 8)) ?? .initiatingMessage
    let criticality = Criticality(rawValue: UInt8(truncatingIfNeeded: low >> 16)) ?? .reject
    text.reserveCapacity(tape.octets.count * 8 + 256)
    raw("{\"\(kind.name)\":{\"procedureCode\":\(low & 0xff),\"criticality\":\"\(criticality.name)\",\"value\":")
    _ = value(1)
    raw("}}")
  }

  /// Writes the value there; answers where the next one is.
  mutating func value(_ index: Int) -> Int {
    let node = tape.nodes[index]
    let row = Grammar.shared.types[Int(node.type)]
    let end = index + Int(node.span)
    let handle = S1APNode(tape: tape, index: index)
    switch row.kind {
    case .integer: raw(node.flags.contains(.extended) ? String(Int64(bitPattern: node.wide)) : String(node.wide))
    case .enumerated:
      // A value behind those of the tables has no name; X.697 has no form for it.
      if let name = handle.enumeratedName { string(name) } else { raw(String(handle.enumerated ?? 0)) }
    case .boolean: raw(node.low != 0 ? "true" : "false")
    case .null: raw("null")
    case .octets: hex(handle.octets ?? [])
    case .text: string(handle.text ?? "")
    case .bits:
      let bits = handle.bits?.padded ?? []
      if row.isFixedSize, !node.flags.contains(.extended) {
        hex(bits[...])
      } else {
        raw("{\"length\":\(node.high),\"value\":")
        hex(bits[...])
        raw("}")
      }
    case .sequence: sequence(index, end, node, row)
    case .choice:
      raw("{")
      string(handle.choice?.name ?? "unknown")
      raw(":")
      _ = value(index + 1)
      raw("}")
    case .list:
      raw("[")
      var at = index + 1
      while at < end {
        if at > index + 1 { raw(",") }
        at = value(at)
      }
      raw("]")
    case .field:
      let criticality = Criticality(rawValue: UInt8(truncatingIfNeeded: node.high)) ?? .reject
      raw("{\"id\":\(node.low),\"criticality\":\"\(criticality.name)\",\"\(row.isExtensionField ? "extensionValue" : "value")\":")
      _ = value(index + 1)
      raw("}")
    }
    return end
  }

  private mutating func sequence(_ index: Int, _ end: Int, _ node: TapeNode, _ row: TypeRow) {
    let names = Grammar.shared.names(of: Int(node.type))
    raw("{")
    var at = index + 1
    while at < end {
      if at > index + 1 { raw(",") }
      let slot = Int(tape.nodes[at].slot)
      string(slot < names.count ? names[slot] : "extension-\(slot - Int(row.rootCount))")
      raw(":")
      at = value(at)
    }
    raw("}")
  }

  private mutating func raw(_ string: String) { text.append(contentsOf: string.utf8) }

  private mutating func hex(_ octets: ArraySlice<UInt8>) {
    text.append(UInt8(ascii: "\""))
    for octet in octets {
      text.append(Self.digit(octet >> 4))
      text.append(Self.digit(octet & 15))
    }
    text.append(UInt8(ascii: "\""))
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

  private mutating func string(_ string: String) {
    text.append(UInt8(ascii: "\""))
    for unit in string.utf8 {
      switch unit {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), unit]
      case ..<0x20: text += Array("\\u00".utf8) + [Self.digit(unit >> 4), Self.digit(unit & 15)]
      default: text.append(unit)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
