/// Writes a tape as JSON in the shape of JER (X.697), without Foundation: straight from the nodes, into one array.
struct JERWriter {
  var text: [UInt8]
  private let tape: Tape
  private let grammar = Grammar.shared

  /// Appends to `text`.
  init(_ tape: Tape, appendingTo text: [UInt8] = []) {
    self.tape = tape
    self.text = text
  }

  mutating func pdu() {
    let low = tape.nodes[0].low
    text.reserveCapacity(text.count + tape.octets.count * 4 + tape.count * 32)
    raw("{\"")
    raw(PDUKind(rawValue: UInt8(truncatingIfNeeded: low >> 8))?.name ?? "")
    raw("\":{\"procedureCode\":")
    number(UInt64(low & 0xff))
    raw(",\"criticality\":\"")
    raw(Criticality(rawValue: UInt8(truncatingIfNeeded: low >> 16))?.name ?? "")
    raw("\",\"value\":")
    _ = value(1)
    raw("}}")
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
      if let name = grammar.name(position, of: node.type) { quoted(name) } else { number(UInt64(position)) }
    case .boolean: raw(node.low != 0 ? "true" : "false")
    case .null: raw("null")
    case .octets: hex(node, octets: Int(node.high))
    case .text: string(tape.octets[Int(node.low)..<Int(node.low) + Int(node.high)])
    case .bits:
      // A size behind the marker of a fixed one has no member for its length either: `reencoded` tells it.
      if row.isFixedSize {
        bits(node)
      } else {
        raw("{\"length\":")
        number(UInt64(node.high))
        raw(",\"value\":")
        bits(node)
        raw("}")
      }
    case .sequence: sequence(index, end, node, row)
    case .choice:
      let position = Int(node.low) + (node.flags.contains(.extended) ? Int(row.rootCount) : 0)
      raw("{")
      quoted(grammar.name(position, of: node.type) ?? "unknown")
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
      raw("{\"id\":")
      number(UInt64(node.identity))
      raw(",\"criticality\":\"")
      raw(Criticality(rawValue: node.criticality)?.name ?? "")
      raw(row.isExtensionField ? "\",\"extensionValue\":" : "\",\"value\":")
      _ = value(index + 1)
      raw("}")
    }
    return end
  }

  private mutating func sequence(_ index: Int, _ end: Int, _ node: TapeNode, _ row: TypeRow) {
    raw("{")
    var at = index + 1
    while at < end {
      if at > index + 1 { raw(",") }
      let slot = Int(tape.nodes[at].slot)
      quoted(grammar.name(slot, of: node.type) ?? "extension-\(slot - Int(row.rootCount))")
      raw(":")
      at = value(at)
    }
    raw("}")
  }

  @inline(__always)
  private mutating func raw(_ string: StaticString) {
    text.append(contentsOf: UnsafeBufferPointer(start: string.utf8Start, count: string.utf8CodeUnitCount))
  }

  @inline(__always)
  private mutating func raw(_ string: String) { text.append(contentsOf: string.utf8) }

  /// A name of the tables, which need no escapes.
  @inline(__always)
  private mutating func quoted(_ name: String) {
    text.append(UInt8(ascii: "\""))
    text.append(contentsOf: name.utf8)
    text.append(UInt8(ascii: "\""))
  }

  private mutating func number(_ value: UInt64) {
    var place: UInt64 = 1
    while value / place >= 10 { place *= 10 }
    while place > 0 {
      text.append(UInt8(truncatingIfNeeded: value / place % 10) + 0x30)
      place /= 10
    }
  }

  private mutating func hex(_ node: TapeNode, octets count: Int) {
    text.append(UInt8(ascii: "\""))
    if node.flags.contains(.inline) {
      for place in (0..<count).reversed() { pair(UInt8(truncatingIfNeeded: node.low >> UInt32(8 * place))) }
    } else {
      for octet in tape.octets[Int(node.low)..<Int(node.low) + count] { pair(octet) }
    }
    text.append(UInt8(ascii: "\""))
  }

  /// Left-justified, the bits behind the last one zero.
  private mutating func bits(_ node: TapeNode) {
    var node = node
    let count = Int(node.high)
    let spare = (8 - count & 7) & 7
    if node.flags.contains(.inline) {
      node.low <<= UInt32(spare)
      return hex(node, octets: (count + 7) / 8)
    }
    if spare == 0 { return hex(node, octets: count / 8) }
    hex(node, octets: count / 8)
    text.removeLast()
    pair(tape.octets[Int(node.low) + count / 8] & (0xff << UInt8(spare)))
    text.append(UInt8(ascii: "\""))
  }

  @inline(__always)
  private mutating func pair(_ octet: UInt8) {
    text.append(Self.digit(octet >> 4))
    text.append(Self.digit(octet & 15))
  }

  @inline(__always)
  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

  /// A peer's text. Octets outside ASCII are repaired as UTF-8 repairs them.
  private mutating func string(_ octets: ArraySlice<UInt8>) {
    text.append(UInt8(ascii: "\""))
    if octets.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      text.append(contentsOf: octets)
    } else {
      for unit in String(decoding: octets, as: UTF8.self).utf8 {
        switch unit {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), unit]
        case ..<0x20: text += Array("\\u00".utf8) + [Self.digit(unit >> 4), Self.digit(unit & 15)]
        default: text.append(unit)
        }
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
