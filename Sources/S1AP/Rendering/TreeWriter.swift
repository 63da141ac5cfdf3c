/// Writes a tape as a tree for people, straight from the nodes into one array: a line a value, `  name: value  (meaning)`, deeper ones
/// indented by two blanks each.
struct TreeWriter: ~Copyable {
  /// What a line is called.
  private enum Name {
    /// A word of the tables.
    case word(NameRow)
    /// An alternative that the tables do not have.
    case unknown
    /// A component behind those of the tables.
    case addition(Int)
    /// Place in a list.
    case place(Int)
    case identity(UInt16)
  }

  private(set) var text: TextBuffer
  private var tape: Tape
  /// The tape's, and the grammar's types: read at every value, without counting references to the objects that hold them.
  private var nodes: UnsafeMutablePointer<TapeNode>
  private let types = Grammar.shared.types
  private var reader: NestedContentsReader
  private let grammar = Grammar.shared
  private let names = IENames.shared.rows
  /// Called behind the line of a NAS message.
  private let nas: S1APPDU.NestedTree

  init(_ tape: Tape, nas: @escaping S1APPDU.NestedTree) {
    self.tape = tape
    nodes = tape.nodes
    text = TextBuffer(reserving: tape.size * 8 + tape.count * 32)
    self.nas = nas
    reader = NestedContentsReader(tape)
  }

  // MARK: Lines

  mutating func pdu(_ pdu: S1APPDU, depth: Int) {
    let message = pdu.message
    indent(depth)
    text.append(text: message.title)
    text.append(literal: "  (S1AP ")
    text.append(text: message.name)
    text.append(literal: ", ")
    text.append(decimal: UInt64(tape.size))
    text.append(literal: " octets, ")
    text.append(text: message.kind.name)
    text.append(literal: ", ")
    text.append(text: message.procedure.description)
    text.append(literal: ", ")
    text.append(text: pdu.criticality.name)
    text.append(literal: ")\n")
    let root = nodes[1]
    if root.flags.contains(.opaque) {
      indent(depth + 1)
      text.append(literal: "contents")
      if root.high > 0 { text.append(literal: ": ") }
      tape.writeOctets(of: root, to: &text)
      text.append(literal: "  (unknown procedure, kept whole)\n")
      return
    }
    parts(of: 1, depth: depth + 1)
  }

  /// The values inside that one.
  private mutating func parts(of index: Int, depth: Int) {
    let node = nodes[index]
    let row = types[Int(node.type)]
    let end = index + Int(node.span)
    var at = index + 1
    var position = 0
    while at < end {
      let part = nodes[at]
      switch row.kind {
      case .list: line(at, .place(position), depth: depth)
      case .choice: line(at, grammar.label(alternative(node, row), of: node.type).map { .word($0) } ?? .unknown, depth: depth)
      default:
        let slot = Int(part.slot)
        guard let name = grammar.label(slot, of: node.type) else {
          line(at, .addition(slot - Int(row.rootCount)), depth: depth)
          break
        }
        // Containers of IEs and extensions go without saying: their IEs are lines.
        if grammar.components[Int(row.first) + slot].isContainer {
          parts(of: at, depth: depth)
        } else {
          line(at, .word(name), depth: depth)
        }
      }
      at += Int(part.span)
      position += 1
    }
  }

  /// A value and what is inside it; of an IE the value inside, under the IE's name.
  private mutating func line(_ index: Int, _ name: Name, depth: Int) {
    let outer = nodes[index]
    let isField = types[Int(outer.type)].kind == .field
    let at = isField ? index + 1 : index
    let node = nodes[at]
    let row = types[Int(node.type)]
    indent(depth)
    write(isField ? .identity(outer.identity) : name)
    // A colon that nothing follows is taken back.
    let colon = text.count
    text.append(literal: ": ")
    value(node, row)
    if text.count == colon + 2 { text.removeLast(2) }
    let parenthesis = text.count
    text.append(literal: "  (")
    let start = text.count
    Meaning.write(node, row, tape, grammar, to: &text)
    if isField {
      if text.count > start { text.append(literal: ", ") }
      text.append(text: Criticality(rawValue: outer.criticality)?.name ?? "")
      octets(of: at, node, row, start)
    }
    if text.count > start { text.append(literal: ")") } else { text.removeLast(text.count - parenthesis) }
    text.append(literal: "\n")
    if row.kind == .octets, let nested = reader.nested(at: at) { write(nested, depth: depth + 1) }
    if node.span > 1 { parts(of: at, depth: depth + 1) }
  }

  /// The octets of an IE's value, which is as the wire had them since aligned PER starts an open type at an octet; not for what is its
  /// octets anyway, nor where IEs inside have theirs.
  private mutating func octets(of index: Int, _ node: TapeNode, _ row: TypeRow, _ start: Int) {
    guard row.kind != .octets, row.kind != .text, !node.flags.contains(.opaque) else { return }
    var at = index + 1
    while at < index + Int(node.span) {
      let part = nodes[at]
      if types[Int(part.type)].kind == .field { return }
      at += Int(part.span)
    }
    if text.count > start { text.append(literal: "; ") }
    text.append(hexadecimal: Encoder.encode(tape, valueAt: index)[...])
  }

  // MARK: What octet strings hold

  private mutating func write(_ nested: NestedOctets, depth: Int) {
    do throws(S1APError) {
      switch nested.contents {
      case .nas, .nasSecurityParametersFromEUTRA, .nasSecurityParametersToEUTRA:
        var lines: [UInt8] = []
        nas(nested, depth, &lines)
        text.append(contentsOf: lines)
      case .pdu:
        let pdu = try S1APPDU(inside: nested.node)
        let outer = enter(pdu.tape)
        self.pdu(pdu, depth: depth)
        enter(outer)
        guard pdu.hasFaults else { return }
        for fault in pdu.validate() {
          indent(depth + 1)
          text.append(text: "fault: \(fault)\n")
        }
      case .value(let typeName):
        let value = try S1APNode(inside: nested.node, as: typeName)
        indent(depth)
        text.append(text: typeName)
        text.append(literal: "\n")
        let outer = enter(value.tape)
        parts(of: 0, depth: depth + 1)
        enter(outer)
      }
    } catch {
      indent(depth)
      text.append(literal: "not decoded as S1AP: ")
      text.append(text: error.description)
      text.append(literal: "\n")
    }
  }

  /// Goes on with another tape.
  @discardableResult
  private mutating func enter(_ inner: Tape) -> Tape {
    defer {
      tape = inner
      nodes = inner.nodes
      reader = NestedContentsReader(inner)
    }
    return tape
  }

  private func alternative(_ node: TapeNode, _ row: TypeRow) -> Int {
    Int(node.low) + (node.flags.contains(.extended) ? Int(row.rootCount) : 0)
  }

  // MARK: Parts of a line

  private mutating func indent(_ depth: Int) { text.append(blanks: 2 * depth) }

  private mutating func write(_ name: Name) {
    switch name {
    case .word(let word): text.append(text: word)
    case .unknown: text.append(literal: "unknown")
    case .addition(let number):
      text.append(literal: "extension ")
      text.append(decimal: Int64(number))
    case .place(let number):
      text.append(literal: "[")
      text.append(decimal: UInt64(number))
      text.append(literal: "]")
    case .identity(let number):
      if number < names.count {
        text.append(text: names[Int(number)])
      } else {
        text.append(text: ProtocolIEID(number).description)
      }
    }
  }

  /// The value itself, nothing for what only holds others.
  private mutating func value(_ node: TapeNode, _ row: TypeRow) {
    if node.flags.contains(.opaque) { return tape.writeOctets(of: node, to: &text) }
    switch row.kind {
    case .integer:
      if node.flags.contains(.extended) {
        text.append(decimal: Int64(bitPattern: node.wide))
      } else {
        text.append(decimal: node.wide)
      }
    case .enumerated:
      let position = alternative(node, row)
      if let name = grammar.label(position, of: node.type) { text.append(text: name) } else { text.append(decimal: UInt64(position)) }
    case .boolean: text.append(literal: node.low != 0 ? "true" : "false")
    case .octets: tape.writeOctets(of: node, to: &text)
    case .bits: tape.writeBits(of: node, to: &text)
    case .text: text.append(printable: tape.octets(of: node))
    case .null, .sequence, .choice, .list, .field: break
    }
  }
}
