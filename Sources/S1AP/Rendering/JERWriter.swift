/// Writes a tape as JSON in the shape of JER (X.697), without Foundation: straight from the nodes, into one array.
struct JERWriter: ~Copyable {
  private(set) var text: TextBuffer
  private let tape: Tape
  private let grammar = Grammar.shared

  init(_ tape: Tape) {
    self.tape = tape
    text = TextBuffer(reserving: tape.size * 4 + tape.count * 32)
  }

  mutating func pdu() {
    let low = tape.nodes[0].low
    literal("{\"")
    raw(PDUKind(rawValue: UInt8(truncatingIfNeeded: low >> 8))?.name ?? "")
    literal("\":{\"procedureCode\":")
    number(UInt64(low & 0xff))
    literal(",\"criticality\":\"")
    raw(Criticality(rawValue: UInt8(truncatingIfNeeded: low >> 16))?.name ?? "")
    literal("\",\"value\":")
    _ = value(1)
    literal("}}")
  }

  /// Writes the value there; answers where the next one is.
  mutating func value(_ index: Int) -> Int {
    let node = tape.nodes[index]
    let row = grammar.types[Int(node.type)]
    let end = index + Int(node.span)
    switch row.kind {
    case .integer:
      let isNegative = node.flags.contains(.extended) && Int64(bitPattern: node.wide) < 0
      if isNegative { text.append(UInt8(ascii: "-")) }
      number(isNegative ? Int64(bitPattern: node.wide).magnitude : node.wide)
    case .enumerated:
      // A value behind those of the tables has no name; X.697 has no form for it.
      let position = Int(node.low) + (node.flags.contains(.extended) ? Int(row.rootCount) : 0)
      if let name = grammar.label(position, of: node.type) { quoted(name) } else { number(UInt64(position)) }
    case .boolean: literal(node.low != 0 ? "true" : "false")
    case .null: literal("null")
    case .octets: hex(node)
    case .text: string(tape.octets(of: node))
    case .bits:
      // A fixed size goes without saying. One behind its marker is told where the octets alone do not tell it.
      if row.isFixedSize, !node.flags.contains(.extended) || node.high % 8 == 0 {
        bits(node)
      } else {
        literal("{\"length\":")
        number(UInt64(node.high))
        literal(",\"value\":")
        bits(node)
        literal("}")
      }
    case .sequence: sequence(index, end, node, row)
    case .choice:
      let position = Int(node.low) + (node.flags.contains(.extended) ? Int(row.rootCount) : 0)
      literal("{")
      if let name = grammar.label(position, of: node.type) { quoted(name) } else { literal("\"unknown\"") }
      literal(":")
      _ = value(index + 1)
      literal("}")
    case .list:
      literal("[")
      var at = index + 1
      while at < end {
        if at > index + 1 { literal(",") }
        at = value(at)
      }
      literal("]")
    case .field:
      literal("{\"id\":")
      number(UInt64(node.identity))
      literal(",\"criticality\":\"")
      raw(Criticality(rawValue: node.criticality)?.name ?? "")
      literal(row.isExtensionField ? "\",\"extensionValue\":" : "\",\"value\":")
      _ = value(index + 1)
      literal("}")
    }
    return end
  }

  private mutating func sequence(_ index: Int, _ end: Int, _ node: TapeNode, _ row: TypeRow) {
    literal("{")
    var at = index + 1
    while at < end {
      if at > index + 1 { literal(",") }
      let slot = Int(tape.nodes[at].slot)
      if let name = grammar.label(slot, of: node.type) { quoted(name) } else { raw("\"extension-\(slot - Int(row.rootCount))\"" as String) }
      literal(":")
      at = value(at)
    }
    literal("}")
  }

  @inline(__always)
  private mutating func literal(_ string: StaticString) { text.append(literal: string) }

  @inline(__always)
  private mutating func raw(_ string: String) { text.append(text: string) }

  /// A name of the tables, which need no escapes.
  @inline(__always)
  private mutating func quoted(_ name: NameRow) {
    text.append(UInt8(ascii: "\""))
    text.append(text: name)
    text.append(UInt8(ascii: "\""))
  }

  private mutating func number(_ value: UInt64) { text.append(decimal: value) }

  private mutating func hex(_ node: TapeNode) {
    text.append(UInt8(ascii: "\""))
    tape.writeOctets(of: node, to: &text)
    text.append(UInt8(ascii: "\""))
  }

  private mutating func bits(_ node: TapeNode) {
    text.append(UInt8(ascii: "\""))
    tape.writeBits(of: node, to: &text)
    text.append(UInt8(ascii: "\""))
  }

  /// A peer's text. Octets outside ASCII are repaired as UTF-8 repairs them.
  private mutating func string(_ octets: ArraySlice<UInt8>) {
    text.append(UInt8(ascii: "\""))
    if octets.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      text.append(contentsOf: octets)
    } else {
      for unit in String(decoding: octets, as: UTF8.self).utf8 {
        switch unit {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
          text.append(UInt8(ascii: "\\"))
          text.append(unit)
        case ..<0x20:
          text.append(literal: "\\u00")
          text.append(hexadecimal: unit)
        default: text.append(unit)
        }
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
