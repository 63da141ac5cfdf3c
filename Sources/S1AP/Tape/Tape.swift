import Glibc

/// The nodes of one PDU and the octets their strings lie in. Immutable once made, so it may be shared between threads.
final class Tape: @unchecked Sendable {
  /// Of the outermost PDU, where this one lies in another.
  let octets: [UInt8]
  let nodes: UnsafeMutablePointer<TapeNode>
  let count: Int
  /// The octets are what was decoded, as it was.
  let isReceived: Bool
  /// Where this lies, if it is the contents of an octet string of another.
  let outer: TapePlace?

  init(octets: [UInt8], copying nodes: UnsafeBufferPointer<TapeNode>) {
    let copy = Self.allocate(max(nodes.count, 1))
    if let base = nodes.baseAddress { copy.initialize(from: base, count: nodes.count) }
    self.octets = octets
    self.nodes = copy
    count = nodes.count
    isReceived = false
    outer = nil
  }

  /// Takes over `nodes`, which must come from ``allocate(_:)``.
  init(octets: [UInt8], adopting nodes: UnsafeMutablePointer<TapeNode>, count: Int, isReceived: Bool, outer: TapePlace?) {
    self.isReceived = isReceived
    self.octets = octets
    self.nodes = nodes
    self.count = count
    self.outer = outer
  }

  deinit { free(nodes) }

  /// How many octets it was decoded from.
  var size: Int { outer?.range.count ?? octets.count }

  /// The way down to a node, from the outermost PDU.
  func path(to index: Int) -> String {
    let own = TapePath.of(index, nodes)
    return outer.map { "\($0.path) / \(own)" } ?? own
  }

  // MARK: Memory

  /// The C library's, which can give back what a reservation did not need.
  static func allocate(_ capacity: Int) -> UnsafeMutablePointer<TapeNode> {
    guard let block = malloc(max(capacity, 1) * MemoryLayout<TapeNode>.stride) else { preconditionFailure("no memory") }
    return block.bindMemory(to: TapeNode.self, capacity: max(capacity, 1))
  }

  /// The same nodes in as much memory as they need.
  static func shrink(_ nodes: UnsafeMutablePointer<TapeNode>, to count: Int) -> UnsafeMutablePointer<TapeNode> {
    guard let block = realloc(nodes, max(count, 1) * MemoryLayout<TapeNode>.stride) else { return nodes }
    return block.bindMemory(to: TapeNode.self, capacity: max(count, 1))
  }
}

/// An octet string in another tape whose contents were decoded.
final class TapePlace: Sendable {
  /// Room for the nodes of the shortest PDU.
  static let least = 4 * MemoryLayout<TapeNode>.stride

  let tape: Tape
  let index: Int
  /// Of the outermost PDU's octets.
  let range: Range<Int>
  /// 1 in a PDU that lies in none.
  let depth: Int
  /// Octets of memory left of 20 times the outermost PDU's size.
  let room: Int

  init(_ tape: Tape, _ index: Int, _ range: Range<Int>) {
    self.tape = tape
    self.index = index
    self.range = range
    depth = (tape.outer?.depth ?? 0) + 1
    let before = tape.outer?.room ?? tape.octets.count * 20
    // The objects of a tape and its place, octets that had to be copied, and those that putting fragments together here may copy, twice.
    let copies = (tape.isReceived ? 0 : tape.octets.count) + (range.count < 1 << 14 ? 0 : 2 * tape.octets.count)
    room = before - tape.count * MemoryLayout<TapeNode>.stride - 192 - copies
  }

  var path: String { tape.path(to: index) }
}
