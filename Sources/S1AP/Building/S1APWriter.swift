/// Writes values along the grammar: what ``S1APBuilder`` hands to the values that write themselves.
///
/// Each call writes the value that the grammar has at this place; sequences name their components in the grammar's order, the
/// optional ones that are absent left out. Where the grammar has an IE and its set only one row (`items`), the IE is written around
/// the value. What does not fit is kept as ``failure`` with its path, and nothing is written any more; the builder throws it.
public struct S1APWriter {
  /// The sequence around what is written next, and the component that comes next in it.
  struct Frame {
    var type: UInt16 = 0
    var next = 0
    var isExtended = false
  }

  /// The tape under construction, what is open with a span of 0, and what its strings point into. Plain memory, as every call adds to
  /// it; kept by ``storage``, which ``own()`` makes ours alone before anything is written.
  private(set) var nodes: UnsafeMutablePointer<TapeNode>
  private(set) var nodeCount = 0
  private(set) var stored: UnsafeMutablePointer<UInt8>
  private(set) var storedCount = 0
  private var storage: TapeStorage
  private var nodeCapacity: Int
  private var octetCapacity: Int
  /// Octets of extension bitmaps in copied values, which nodes and strings do not account for.
  private(set) var bitmapOctets = 0
  /// Why nothing more is written.
  public internal(set) var failure: S1APError?
  /// The same, quicker to ask.
  var hasFailed = false
  /// The type of what is written next, and its slot in the sequence around it.
  var type: UInt16
  var slot: UInt8 = 0
  var frame = Frame()
  let tables: GrammarTables

  /// - Parameters are what there is room for before anything has to grow; in all less than 1 KiB, which the C library's `malloc` hands out
  ///   several times faster than more.
  init(type: UInt16, nodes: Int = 44, octets: Int = 256) {
    self.type = type
    tables = Grammar.shared.tables
    storage = TapeStorage.make(nodes: nodes, octets: octets)
    (nodeCapacity, octetCapacity) = (nodes, octets)
    (self.nodes, stored) = storage.parts(nodes: nodes)
  }

  // MARK: Memory

  /// To be called before writing by whoever may have been copied.
  @inline(__always)
  mutating func own() {
    if !isKnownUniquelyReferenced(&storage) { move(nodes: nodeCapacity, octets: octetCapacity) }
  }

  /// Copies what there is to a new place with that much room.
  private mutating func move(nodes newNodeCapacity: Int, octets newOctetCapacity: Int) {
    let fresh = TapeStorage.make(nodes: newNodeCapacity, octets: newOctetCapacity)
    let (newNodes, newOctets) = fresh.parts(nodes: newNodeCapacity)
    newNodes.initialize(from: nodes, count: nodeCount)
    newOctets.initialize(from: stored, count: storedCount)
    (nodes, stored) = (newNodes, newOctets)
    (nodeCapacity, octetCapacity) = (newNodeCapacity, newOctetCapacity)
    storage = fresh
  }

  @inline(__always)
  mutating func append(_ node: TapeNode) {
    if nodeCount == nodeCapacity { move(nodes: nodeCount * 2 + 8, octets: octetCapacity) }
    (nodes + nodeCount).initialize(to: node)
    nodeCount += 1
  }

  /// Keeps a string's octets; where they lie.
  @inline(__always)
  mutating func store(_ source: UnsafeRawBufferPointer) -> UInt32 {
    let start = storedCount
    if source.count > octetCapacity - start { move(nodes: nodeCapacity, octets: (start + source.count) * 2) }
    if let base = source.baseAddress { UnsafeMutableRawPointer(stored + start).copyMemory(from: base, byteCount: source.count) }
    storedCount += source.count
    return UInt32(truncatingIfNeeded: start)
  }

  /// Takes over nodes and octets in place of its own.
  mutating func replace(nodes newNodes: [TapeNode], octets newOctets: [UInt8]? = nil) {
    own()
    nodeCount = 0
    for node in newNodes { append(node) }
    guard let newOctets else { return }
    storedCount = 0
    newOctets.withUnsafeBytes { _ = store($0) }
  }

  /// All nodes and all octets of strings, for as long as `body` runs.
  @inline(__always)
  func withTape<R>(_ body: (UnsafeBufferPointer<TapeNode>, UnsafeBufferPointer<UInt8>) -> R) -> R {
    withExtendedLifetime(storage) {
      body(UnsafeBufferPointer(start: nodes, count: nodeCount), UnsafeBufferPointer(start: stored, count: storedCount))
    }
  }

  /// A copy of the nodes.
  var tape: [TapeNode] { withTape { nodes, _ in Array(nodes) } }

  mutating func accountFor(bitmap octets: Int) { bitmapOctets += octets }

  // MARK: Failures

  /// Keeps the first error. Its path is that of the nodes still open, then the place at hand, then `name`.
  mutating func fail(_ code: S1APError.Code, _ detail: String, at name: String? = nil, isOpen: Bool = false) {
    guard !hasFailed else { return }
    hasFailed = true
    if !isOpen { append(TapeNode(opening: type, slot: slot)) }
    // A PDU's outermost nodes are kept closed between IEs.
    if nodes[0].type == Grammar.opaqueType, nodeCount > 3 { for index in 0..<3 { nodes[index].span = 0 } }
    var path = TapePath.ofUnfinished(nodes, nodeCount, .shared)
    if let name { path += " / \(name)" }
    failure = S1APError(code, path: path, detail: detail)
  }

  // MARK: Places

  /// The row of the type at this place, with the IE around it opened if there is one; nil after a failure.
  @inline(__always)
  mutating func place() -> (row: UnsafeMutablePointer<TypeRow>, wrapper: Int)? {
    if hasFailed { return nil }
    let row = tables.types + Int(type)
    return row.pointee.kind == .field ? wrapped(row) : (row, -1)
  }

  /// An IE around the value, where only one can stand.
  private mutating func wrapped(_ row: UnsafeMutablePointer<TypeRow>) -> (row: UnsafeMutablePointer<TypeRow>, wrapper: Int)? {
    guard row.pointee.setCount == 1 else {
      fail(.wrongKind, "an IE with its identity is expected")
      return nil
    }
    let known = tables.fields[Int(row.pointee.first)]
    append(TapeNode(opening: type, slot: slot, low: TapeNode.field(known.id, known.criticality.rawValue)))
    type = known.type
    slot = 0
    return (tables.types + Int(type), nodeCount - 1)
  }

  @inline(__always)
  mutating func close(_ at: Int) { nodes[at].span = UInt32(truncatingIfNeeded: nodeCount - at) }

  /// A value without parts.
  @inline(__always)
  mutating func leaf(_ flags: TapeNode.Flags, _ low: UInt32, _ high: UInt32, _ wrapper: Int) {
    append(TapeNode(leaf: type, slot: slot, flags: flags, low: low, high: high))
    if wrapper >= 0 { close(wrapper) }
  }

  mutating func wrongKind(_ row: UnsafeMutablePointer<TypeRow>) {
    let expected =
      switch row.pointee.kind {
      case .integer: "a number is"
      case .enumerated: "an enumerated value is"
      case .boolean: "a boolean is"
      case .null: "NULL is"
      case .octets: "octets are"
      case .bits: "bits, in just as many octets as they need, are"
      case .text: "a text is"
      case .sequence: "a sequence is"
      case .choice: "a choice is"
      case .list: "a list is"
      case .field: "an IE with its identity is"
      }
    fail(.wrongKind, "\(expected) expected")
  }

  // MARK: Values without parts

  /// INTEGER that is not negative.
  public mutating func number(_ value: UInt64) {
    guard let (row, wrapper) = place() else { return }
    guard row.pointee.kind == .integer else { return wrongKind(row) }
    var flags: TapeNode.Flags = []
    if value < row.pointee.layout.lower || value > row.pointee.layout.upper {
      guard row.pointee.isExtensible, value <= UInt64(Int64.max) else {
        return fail(.outOfRange, "\(value) is outside \(row.pointee.layout.lower)..\(row.pointee.layout.upper)")
      }
      flags = .extended
    }
    leaf(flags, UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32), wrapper)
  }

  /// ENUMERATED by position, values behind the extension marker counted on.
  public mutating func position(_ position: Int) {
    guard let (row, wrapper) = place() else { return }
    guard row.pointee.kind == .enumerated else { return wrongKind(row) }
    guard let (flags, low) = index(position, row) else { return }
    leaf(flags, low, 0, wrapper)
  }

  /// ENUMERATED by name.
  public mutating func enumerated(_ name: String) {
    guard let (row, wrapper) = place() else { return }
    guard row.pointee.kind == .enumerated else { return wrongKind(row) }
    guard let found = Grammar.shared.slot(named: name, in: Int(type)) else { return fail(.notInGrammar, "no value \(name)") }
    guard let (flags, low) = index(found, row) else { return }
    leaf(flags, low, 0, wrapper)
  }

  /// The index of an enumerated value or alternative.
  @inline(__always)
  mutating func index(_ position: Int, _ row: UnsafeMutablePointer<TypeRow>) -> (TapeNode.Flags, UInt32)? {
    let root = Int(row.pointee.rootCount)
    if position >= 0, position < root { return ([], UInt32(truncatingIfNeeded: position)) }
    guard position >= root, row.pointee.isExtensible, position < 65536 else {
      fail(.outOfRange, "position \(position) of \(root)")
      return nil
    }
    return (.extended, UInt32(truncatingIfNeeded: position - root))
  }

  /// A BOOLEAN.
  public mutating func boolean(_ value: Bool) {
    guard let (row, wrapper) = place() else { return }
    guard row.pointee.kind == .boolean else { return wrongKind(row) }
    leaf([], value ? 1 : 0, 0, wrapper)
  }

  /// A NULL.
  public mutating func null() {
    guard let (row, wrapper) = place() else { return }
    guard row.pointee.kind == .null else { return wrongKind(row) }
    leaf([], 0, 0, wrapper)
  }
}
