/// One step down from an IE's value to a value inside it. A number is a place in a list, a string the name of a component or of a choice's
/// alternative as TS 36.413 §9.3 has it, and ``extension(_:)`` an IE of the `iE-Extensions` at hand.
public enum S1APStep: Sendable, Equatable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  /// From 0. Of a list of items it is the item's IE, and for steps further down what is in it.
  case item(Int)
  case component(String)
  case `extension`(ProtocolIEID)

  public init(integerLiteral place: Int) { self = .item(place) }
  public init(stringLiteral name: String) { self = .component(name) }
}

/// What is to be wrong with a value inside an IE. See ``S1APBuilder/force(_:in:_:)``.
public enum S1APPartDeviation: Sendable, Equatable {
  /// Not written: an element of a list (whose count goes down with it, though not below what it can say), an extension (the last one with its
  /// container), or a component (a mandatory one leaves a gap, which makes what follows another thing).
  case missing
  /// Written twice: an element of a list, an extension.
  case repeated
  /// These octets in its place: what an item's IE or an extension contains, or a string.
  case raw([UInt8])
  /// Octets claimed for an item's IE or an extension, or octets or bits for a string; up to 16383 where the size has no bound.
  case length(Int)
  /// Elements claimed for a list.
  case count(Int)
  /// Of an item's IE or an extension; 0 to 3 (3 does not exist).
  case criticality(UInt8)
  /// Of an item's IE or an extension, any.
  case identity(ProtocolIEID)
}

/// A deviation and where it is wanted.
struct ForcedPart: Sendable {
  var ie: ProtocolIEID
  var path: [S1APStep]
  var deviation: S1APPartDeviation
}

extension S1APBuilder {
  /// Makes a value inside an IE wrong on purpose; needs no deviation. In the order of the calls, each on what the one before left; of an IE
  /// that is there several times, in the first. A path that leads nowhere is told by ``encoded()`` and ``pdu()``.
  ///
  /// ```swift
  /// // The second E-RAB comes twice, and the first one's NAS message claims 3 octets.
  /// request.force(.repeated, in: .eRABToBeSetupListCtxtSUReq, 1)
  /// request.force(.length(3), in: .eRABToBeSetupListCtxtSUReq, 0, "nAS-PDU")
  /// ```
  ///
  /// - Parameter path: from the IE's value down; nothing means the value itself, of which length, contents and count can be forced.
  public mutating func force(_ deviation: S1APPartDeviation, in ie: ProtocolIEID, _ path: S1APStep...) {
    forcedParts.append(ForcedPart(ie: ie, path: path, deviation: deviation))
  }

  /// The octets of an IE's value with what is forced in it.
  func contents(of nodes: ArraySlice<TapeNode>, _ parts: [ForcedPart]) throws(S1APError) -> [UInt8] {
    if parts.isEmpty {
      return writer.withTape { _, strings in
        nodes.withUnsafeBufferPointer { Encoder.encode(contents: $0, strings, extra: writer.bitmapOctets) }
      }
    }
    var value = writer.withTape { _, strings in DeviatingValue(Array(nodes), Array(strings)) }
    for part in parts { try value.apply(part, of: message) }
    return value.encoded(extra: writer.bitmapOctets)
  }
}

/// An IE's value as nodes, in which parts are made wrong.
private struct DeviatingValue {
  /// The value is the first.
  private var nodes: [TapeNode]
  /// By node: the length or count that is claimed, -1 for the true one.
  private var claims: [Int32]
  private var strings: [UInt8]
  /// Octets that are written more than once.
  private var repeatedOctets = 0
  private let grammar = Grammar.shared

  init(_ nodes: [TapeNode], _ strings: [UInt8]) {
    self.nodes = nodes
    self.strings = strings
    claims = Array(repeating: -1, count: nodes.count)
  }

  func encoded(extra: Int) -> [UInt8] {
    nodes.withUnsafeBufferPointer { nodes in
      strings.withUnsafeBufferPointer { strings in
        claims.withUnsafeBufferPointer { Encoder.encode(contents: nodes, strings, extra: extra + repeatedOctets, claims: $0.baseAddress) }
      }
    }
  }

  private func row(_ index: Int) -> TypeRow { grammar.types[Int(nodes[index].type)] }

  mutating func apply(_ part: ForcedPart, of message: S1APMessage) throws(S1APError) {
    func refusal(_ code: S1APError.Code, _ detail: String) -> S1APError {
      let steps = part.path.map { step in
        switch step {
        case .item(let place): "[\(place)]"
        case .component(let name): name
        case .extension(let id): id.description
        }
      }
      return S1APError(code, path: ([message.title, part.ie.description] + steps).joined(separator: " / "), detail: detail)
    }
    guard let (parents, index) = find(part.path) else { throw refusal(.missing, "no such value, so nothing to force") }
    let isField = row(index).kind == .field
    switch part.deviation {
    case .missing:
      guard let parent = parents.last, [.list, .sequence].contains(row(parent).kind) else {
        throw refusal(.wrongKind, "no part of anything")
      }
      remove(index, parents)
    case .repeated:
      guard let parent = parents.last, row(parent).kind == .list else { throw refusal(.wrongKind, "no element of a list") }
      repeatElement(index, parents)
    case .raw(let octets):
      let place = UInt32(truncatingIfNeeded: strings.count)
      strings += octets
      if isField {
        let leaf = TapeNode(
          leaf: Grammar.opaqueType, slot: 0, flags: .opaque, low: place, high: UInt32(truncatingIfNeeded: octets.count))
        replace(index + 1, with: leaf, [index] + parents)
      } else {
        let kind = row(index).kind
        guard kind == .octets || kind == .text || kind == .bits else { throw refusal(.wrongKind, "neither an IE nor a string") }
        let size = UInt32(truncatingIfNeeded: kind == .bits ? octets.count * 8 : octets.count)
        nodes[index].setLeaf(nodes[index].flags.subtracting(.inline), place, size)
      }
    case .length(let length):
      let kind = row(index).kind
      guard isField || kind == .octets || kind == .text || kind == .bits else { throw refusal(.wrongKind, "neither an IE nor a string") }
      claims[isField ? index + 1 : index] = Int32(truncatingIfNeeded: max(length, 0) & 0x3fff)
    case .count(let count):
      guard row(index).kind == .list else { throw refusal(.wrongKind, "not a list") }
      claims[index] = Int32(truncatingIfNeeded: max(count, 0) & 0xffff)
    case .criticality(let criticality):
      guard isField else { throw refusal(.wrongKind, "not an IE") }
      nodes[index].low = TapeNode.field(nodes[index].identity, criticality & 3)
    case .identity(let identity):
      guard isField else { throw refusal(.wrongKind, "not an IE") }
      nodes[index].low = TapeNode.field(identity.rawValue, nodes[index].criticality)
    }
  }

  // MARK: Finding

  /// The node at the end of the path and those it lies in, outermost first; nil where there is none.
  private func find(_ path: [S1APStep]) -> (parents: [Int], index: Int)? {
    var parents: [Int] = []
    var index = 0
    for step in path {
      // What is in an IE, not the IE itself.
      if row(index).kind == .field {
        parents.append(index)
        index += 1
      }
      parents.append(index)
      guard !nodes[index].flags.contains(.opaque) else { return nil }
      switch (step, row(index).kind) {
      case (.item(let place), .list):
        let elements = children(of: index)
        guard elements.indices.contains(place) else { return nil }
        index = elements[place]
      case (.component(let name), .sequence):
        let type = Int(nodes[index].type)
        guard let slot = grammar.slot(named: name, in: type), let child = children(of: index).first(where: { Int(nodes[$0].slot) == slot })
        else { return nil }
        index = child
      case (.component(let name), .choice):
        let position = Int(nodes[index].low) + (nodes[index].flags.contains(.extended) ? Int(row(index).rootCount) : 0)
        guard grammar.name(position, of: nodes[index].type) == name else { return nil }
        index += 1
      case (.extension(let id), .sequence):
        let first = Int(row(index).first)
        guard let container = children(of: index).first(where: { isContainer($0, in: index, first) }) else { return nil }
        parents.append(container)
        guard let field = children(of: container).first(where: { nodes[$0].identity == id.rawValue }) else { return nil }
        index = field
      default: return nil
      }
    }
    return (parents, index)
  }

  private func children(of index: Int) -> [Int] {
    var children: [Int] = []
    var at = index + 1
    while at < index + Int(nodes[index].span) {
      children.append(at)
      at += Int(nodes[at].span)
    }
    return children
  }

  private func isContainer(_ child: Int, in parent: Int, _ first: Int) -> Bool {
    let slot = Int(nodes[child].slot)
    return slot < Int(row(parent).rootCount) && grammar.components[first + slot].isContainer
  }

  // MARK: Changing

  private mutating func remove(_ index: Int, _ parents: [Int]) {
    guard let parent = parents.last else { return }
    if row(parent).kind == .list {
      let left = nodes[parent].low - 1
      // A container of extensions without extensions is none.
      if left == 0, let outer = parents.dropLast().last, row(outer).kind == .sequence, isContainer(parent, in: outer, Int(row(outer).first))
      {
        return remove(parent, parents.dropLast())
      }
      nodes[parent].low = left
      if UInt64(left) < row(parent).layout.lower { claims[parent] = Int32(truncatingIfNeeded: row(parent).layout.lower) }
    }
    let count = Int(nodes[index].span)
    nodes.removeSubrange(index..<index + count)
    claims.removeSubrange(index..<index + count)
    for outer in parents { nodes[outer].span -= UInt32(count) }
  }

  private mutating func repeatElement(_ index: Int, _ parents: [Int]) {
    let count = Int(nodes[index].span)
    nodes.insert(contentsOf: nodes[index..<index + count], at: index + count)
    claims.insert(contentsOf: claims[index..<index + count], at: index + count)
    for outer in parents { nodes[outer].span += UInt32(count) }
    if let parent = parents.last {
      nodes[parent].low += 1
      let most = row(parent).layout.upper
      if UInt64(nodes[parent].low) > most { claims[parent] = Int32(truncatingIfNeeded: most) }
    }
    repeatedOctets += strings.count
  }

  private mutating func replace(_ index: Int, with node: TapeNode, _ parents: [Int]) {
    let count = Int(nodes[index].span)
    nodes.replaceSubrange(index..<index + count, with: CollectionOfOne(node))
    claims.replaceSubrange(index..<index + count, with: CollectionOfOne(-1))
    for outer in parents { nodes[outer].span -= UInt32(count - 1) }
  }
}
