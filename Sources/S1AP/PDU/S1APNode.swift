/// A value inside a PDU: a handle that stays valid as long as it is held.
///
/// The accessors answer nil when the value is of another kind, so that reading what a peer sent never traps. A field of a container
/// (an IE) is transparent: asked for a value it answers with the value inside.
public struct S1APNode: Sendable, Equatable {
  let tape: Tape
  let index: Int

  init(tape: Tape, index: Int) {
    self.tape = tape
    self.index = index
  }

  /// Reads one value of a named type that stands alone, as in `Source-ToTarget-TransparentContainer` (type
  /// `"SourceeNB-ToTargeteNB-TransparentContainer"`).
  public init(decoding octets: [UInt8], as typeName: String) throws(S1APError) {
    self.init(tape: try Decoder.decode(octets, as: typeName), index: 0)
  }

  /// This value alone in aligned PER, at least one octet: what an open type around it holds.
  public func encoded() -> [UInt8] {
    isOpaque ? Array(octets ?? []) : Encoder.encode(tape, valueAt: valueIndex)
  }

  /// Inside an IE the value, else this.
  private var valueIndex: Int {
    row.kind == .field ? index + 1 : index
  }

  var here: TapeNode { tape.nodes[index] }
  var row: TypeRow { Grammar.shared.types[Int(tape.nodes[index].type)] }

  private var resolved: (node: TapeNode, row: TypeRow) {
    let node = tape.nodes[valueIndex]
    return (node, Grammar.shared.types[Int(node.type)])
  }

  /// The name of the type in the grammar (`"TAI"`), empty for unnamed ones.
  public var typeName: String { Grammar.shared.typeNames[Int(here.type)] }

  /// The identity, if this is an IE or an extension.
  public var identity: ProtocolIEID? {
    row.kind == .field ? ProtocolIEID(here.identity) : nil
  }

  /// The criticality as received, if this is an IE or an extension.
  public var criticality: Criticality? {
    identity == nil ? nil : Criticality(rawValue: here.criticality)
  }

  /// The value inside an IE; itself for anything else.
  public var value: S1APNode { S1APNode(tape: tape, index: valueIndex) }

  /// Contents that the grammar does not describe, kept as ``octets``.
  public var isOpaque: Bool { tape.nodes[valueIndex].flags.contains(.opaque) }

  /// A whole number that is not negative.
  public var unsigned: UInt64? {
    let (node, row) = resolved
    guard row.kind == .integer, !node.flags.contains(.extended) || Int64(bitPattern: node.wide) >= 0 else { return nil }
    return node.wide
  }

  /// A whole number that fits 64 bits with a sign.
  public var integer: Int64? {
    let (node, row) = resolved
    guard row.kind == .integer else { return nil }
    return node.flags.contains(.extended) ? Int64(bitPattern: node.wide) : Int64(exactly: node.wide)
  }

  /// A BOOLEAN.
  public var boolean: Bool? {
    let (node, row) = resolved
    return row.kind == .boolean ? node.low != 0 : nil
  }

  /// The position of an enumerated value in its list, values behind the marker counted on.
  public var enumerated: Int? {
    let (node, row) = resolved
    guard row.kind == .enumerated else { return nil }
    return node.flags.contains(.extended) ? Int(row.rootCount) + Int(node.low) : Int(node.low)
  }

  /// The name of an enumerated value, nil for one that the grammar does not have.
  public var enumeratedName: String? {
    guard let position = enumerated else { return nil }
    let names = Grammar.shared.names(of: Int(resolved.node.type))
    return position < names.count ? names[position] : nil
  }

  /// An octet string, a text's octets, or what an open type unknown to the grammar holds. Strings of 1 and 2 octets are copied, others are not.
  public var octets: ArraySlice<UInt8>? {
    let (node, row) = resolved
    guard row.kind == .octets || row.kind == .text || node.flags.contains(.opaque) else { return nil }
    if node.flags.contains(.inline) {
      return node.high == 1
        ? [UInt8(truncatingIfNeeded: node.low)] : [UInt8(truncatingIfNeeded: node.low >> 8), UInt8(truncatingIfNeeded: node.low)]
    }
    return tape.octets[Int(node.low)..<Int(node.low) + Int(node.high)]
  }

  /// An octet string of up to 8 octets, or a bit string of up to 64 bits, as one big-endian number.
  public var bigEndian: UInt64? {
    let (node, row) = resolved
    guard row.kind == .octets || row.kind == .bits else { return nil }
    return tape.value(of: node, row)
  }

  /// How many bits a bit string has.
  var bitCount: Int? {
    let (node, row) = resolved
    return row.kind == .bits ? Int(node.high) : nil
  }

  /// A bit string.
  public var bits: S1APBits? {
    let (node, row) = resolved
    guard row.kind == .bits else { return nil }
    let count = Int(node.high)
    if node.flags.contains(.inline) {
      let padded = node.low << UInt32((8 - count % 8) % 8)
      return S1APBits(
        octets: count > 8
          ? [UInt8(truncatingIfNeeded: padded >> 8), UInt8(truncatingIfNeeded: padded)] : [UInt8(truncatingIfNeeded: padded)],
        count: count)
    }
    return S1APBits(octets: tape.octets[Int(node.low)..<Int(node.low) + (count + 7) / 8], count: count)
  }

  /// A text (PrintableString, VisibleString); octets outside ASCII are repaired as UTF-8 repairs them.
  public var text: String? {
    guard resolved.row.kind == .text, let octets else { return nil }
    return String(decoding: octets, as: UTF8.self)
  }

  /// The component of a sequence, or the alternative of a choice if it is the one chosen; nil if absent.
  public subscript(_ field: String) -> S1APNode? {
    let (node, row) = resolved
    let start = valueIndex
    switch row.kind {
    case .sequence:
      guard let slot = Grammar.shared.slot(named: field, in: Int(node.type)) else { return nil }
      return child(slot: slot, of: start)
    case .choice:
      guard let chosen = choice, chosen.name == field else { return nil }
      return chosen.value
    default:
      return nil
    }
  }

  /// The component of a sequence that stands in that place of its type, from 0 on; nil if absent. For what is asked of every message, instead
  /// of its name.
  public func component(_ place: Int) -> S1APNode? {
    let (node, row) = resolved
    guard row.kind == .sequence, !node.flags.contains(.opaque) else { return nil }
    return child(slot: place, of: valueIndex)
  }

  private func child(slot: Int, of parent: Int) -> S1APNode? {
    var at = parent + 1
    let end = parent + Int(tape.nodes[parent].span)
    while at < end {
      if Int(tape.nodes[at].slot) == slot { return S1APNode(tape: tape, index: at) }
      at += Int(tape.nodes[at].span)
    }
    return nil
  }

  /// The first IE or extension with that identity: of a list of IEs, or of the sequence's `protocolIEs` or `iE-Extensions`.
  public subscript(_ id: ProtocolIEID) -> S1APNode? {
    let start = valueIndex
    var list = start
    if resolved.row.kind == .sequence {
      guard let container = self["protocolIEs"] ?? self["iE-Extensions"] else { return nil }
      list = container.index
    }
    guard Grammar.shared.types[Int(tape.nodes[list].type)].kind == .list else { return nil }
    var at = list + 1
    let end = list + Int(tape.nodes[list].span)
    while at < end {
      let node = tape.nodes[at]
      if Grammar.shared.types[Int(node.type)].kind == .field, node.identity == id.rawValue {
        return S1APNode(tape: tape, index: at)
      }
      at += Int(node.span)
    }
    return nil
  }

  /// What a list, sequence or choice holds, in the order of the wire; nothing for other values.
  public var elements: S1APNodeList {
    let start = valueIndex
    switch Grammar.shared.types[Int(tape.nodes[start].type)].kind {
    case .list, .sequence, .choice:
      return tape.nodes[start].flags.contains(.opaque)
        ? S1APNodeList() : S1APNodeList(tape: tape, start: start + 1, end: start + Int(tape.nodes[start].span))
    default: return S1APNodeList()
    }
  }

  /// The chosen alternative; its name is nil-safe: `"unknown"` for one that the grammar does not have.
  public var choice: (name: String, value: S1APNode)? {
    let (node, row) = resolved
    guard row.kind == .choice, node.span > 1 else { return nil }
    let position = node.flags.contains(.extended) ? Int(row.rootCount) + Int(node.low) : Int(node.low)
    let names = Grammar.shared.names(of: Int(node.type))
    return (position < names.count ? names[position] : "unknown", S1APNode(tape: tape, index: valueIndex + 1))
  }

  /// Equal in every value, whatever octets they came from.
  public static func == (left: S1APNode, right: S1APNode) -> Bool {
    TapeEquality.areEqual(left.tape, left.index, right.tape, right.index)
  }
}

/// A bit string: left-justified octets, of which `count` bits count. Bits behind them in the last octet belong to the next field.
public struct S1APBits: Sendable, Equatable {
  /// Left-justified, as many as the bits need.
  public var octets: ArraySlice<UInt8>
  /// Bits.
  public var count: Int

  /// - Precondition: `octets` are as many as `count` bits need.
  public init(octets: ArraySlice<UInt8>, count: Int) {
    precondition(octets.count == (count + 7) / 8, "octets hold the bits")
    self.octets = octets
    self.count = count
  }

  /// The octets with the bits behind the last one cleared.
  public var padded: [UInt8] {
    var copy = Array(octets)
    if count % 8 != 0, let last = copy.indices.last { copy[last] &= 0xff << UInt8(8 - count % 8) }
    return copy
  }

  public static func == (left: S1APBits, right: S1APBits) -> Bool {
    left.count == right.count && left.padded == right.padded
  }
}

/// The parts of a list, sequence or choice.
public struct S1APNodeList: Sequence, Sendable {
  let tape: Tape?
  let start: Int
  let end: Int

  init() { (tape, start, end) = (nil, 0, 0) }
  init(tape: Tape, start: Int, end: Int) { (self.tape, self.start, self.end) = (tape, start, end) }

  /// Whether there is none.
  public var isEmpty: Bool { start == end }

  /// How many there are; walks the list.
  public var count: Int { reduce(0) { count, _ in count + 1 } }

  /// The one at that position, nil behind the last.
  public subscript(_ position: Int) -> S1APNode? {
    var rest = position
    for node in self {
      if rest == 0 { return node }
      rest -= 1
    }
    return nil
  }

  /// The value of the first IE or extension with that identity; nil if there is none.
  public subscript(_ id: ProtocolIEID) -> S1APNode? {
    guard let tape else { return nil }
    var at = start
    while at < end {
      let node = tape.nodes[at]
      if node.identity == id.rawValue, Grammar.shared.types[Int(node.type)].kind == .field { return S1APNode(tape: tape, index: at) }
      at += Int(node.span)
    }
    return nil
  }

  public func makeIterator() -> Iterator { Iterator(tape: tape, at: start, end: end) }

  public struct Iterator: IteratorProtocol {
    let tape: Tape?
    var at: Int
    let end: Int

    public mutating func next() -> S1APNode? {
      guard let tape, at < end else { return nil }
      defer { at += Int(tape.nodes[at].span) }
      return S1APNode(tape: tape, index: at)
    }
  }
}
