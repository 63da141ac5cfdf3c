/// Makes a PDU, IE by IE, against the grammar.
///
/// ```swift
/// var request = S1APBuilder(.initialUEMessage)
/// request.add(.eNBUES1APID, 5)
/// request.add(.nasPDU, .octets(attachRequest))
/// let octets = try request.encoded()
/// ```
///
/// IEs are written in the order of the message's table (TS 36.413 §10.3.6), in whatever order they are added. A value that does not
/// fit the grammar is told by ``pdu()`` and ``encoded()``, the first one if there are several.
public struct S1APBuilder: @unchecked Sendable {
  // Unchecked: the writer's memory is shared between copies until one of them writes, and only read until then.

  /// What is written on purpose though TS 36.413 forbids it.
  public struct Deviations: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Mandatory IEs may be left out.
    public static let missingIEs = Deviations(rawValue: 1)
    /// IEs that the message does not have; they need `.opaque` values and a criticality.
    public static let unknownIEs = Deviations(rawValue: 2)
    /// The same IE more than once.
    public static let repeatedIEs = Deviations(rawValue: 4)
    /// IEs in the order in which they were added.
    public static let order = Deviations(rawValue: 8)
    public static let all: Deviations = [.missingIEs, .unknownIEs, .repeatedIEs, .order]
  }

  /// What is being built.
  public let message: S1APMessage
  /// Nothing unless set.
  public var deviations: Deviations
  /// Criticality of the procedure; nil: the grammar's.
  public var criticality: Criticality? {
    didSet {
      writer.own()
      setHead()
    }
  }
  /// Header fields and lengths that are to be written as told, not as they are.
  public var forced: S1APForcedFields?
  /// IEs given octet by octet.
  var rawElements: [S1APRawIE] = []
  /// What is forced inside IEs.
  var forcedParts: [ForcedPart] = []
  /// PDU, message, container and the IEs, in the order added; the first three are kept closed. Written into at once, so that no tree
  /// of values has to be made and walked.
  var writer: S1APWriter
  /// What stands behind the message's extension marker, as it was received.
  var additions: [TapeNode] = []
  private let head: MessageHead?
  /// The IEs that are there, by position in the message's table, and the position behind the last one.
  private var seen: UInt64 = 0
  private var next = 0
  /// IEs not in the order of the table, repeated or unknown: the checks have to be made one by one.
  private var needsArranging = false

  /// Starts an empty message; one that the tables do not have is told when it is encoded.
  public init(_ message: S1APMessage, deviations: Deviations = []) {
    self.message = message
    self.deviations = deviations
    let grammar = Grammar.shared
    head = grammar.head(message)
    // Room for what most messages need, so that nothing grows.
    writer = S1APWriter(type: Grammar.opaqueType)
    writer.append(TapeNode(opening: Grammar.opaqueType, slot: 0, span: 3))
    setHead()
    guard let head else {
      writer.hasFailed = true
      writer.failure = S1APError(.notInGrammar, path: message.name, detail: "no such message")
      return
    }
    writer.append(TapeNode(opening: head.type, slot: 0, span: 2))
    writer.append(TapeNode(opening: head.container, slot: 0, span: 1))
  }

  /// Starts from what was decoded: every IE as it came, in its order, and all that the tables do not have.
  public init(_ pdu: S1APPDU, deviations: Deviations = .all) {
    self.init(pdu.message, deviations: deviations)
    criticality = pdu.criticality
    let tape = pdu.tape
    writer.failure = nil
    writer.hasFailed = false
    let all = UnsafeBufferPointer(start: tape.nodes, count: tape.count)
    // A message's container is its first component; additions come behind it.
    let fieldsEnd = pdu.root.isOpaque || tape.count < 3 ? tape.count : 2 + Int(tape.nodes[2].span)
    writer.replace(nodes: Array(all[..<fieldsEnd]), octets: tape.octets)
    additions = Array(all[fieldsEnd...])
    needsArranging = true
    closeHead()
  }

  private mutating func setHead() {
    let criticality = criticality ?? head?.criticality ?? .ignore
    writer.nodes[0].low =
      UInt32(message.procedure.rawValue) | UInt32(message.kind.rawValue) << 8 | UInt32(criticality.rawValue) << 16
      | TapeNode.isMessageRead
  }

  /// The spans of the three outermost nodes.
  private mutating func closeHead() {
    guard writer.nodeCount > 2 else { return }
    let count = UInt32(truncatingIfNeeded: writer.nodeCount)
    writer.nodes[0].span = count
    writer.nodes[1].span = count - 1
    writer.nodes[2].span = count - 2
  }

  // MARK: Adding

  /// Adds an IE. Criticality nil: the grammar's.
  public mutating func add(_ id: ProtocolIEID, _ value: S1APValue, criticality: Criticality? = nil) {
    if case .opaque(let contents) = value {
      add(id, criticality, allowsUnknown: true) { $0.opaque(contents) }
    } else {
      add(id, criticality, allowsUnknown: false) { $0.value(value) }
    }
  }

  /// Adds an IE.
  public mutating func add(_ id: ProtocolIEID, _ value: some S1APRepresentable) {
    add(id, nil, allowsUnknown: false) { $0.value(value) }
  }

  /// Adds an IE if there is a value.
  public mutating func add(_ id: ProtocolIEID, _ value: (some S1APRepresentable)?) {
    if let value { add(id, value) }
  }

  /// Adds an IE that is a list.
  public mutating func add(_ id: ProtocolIEID, _ values: [some S1APRepresentable]) {
    add(id, nil, allowsUnknown: false) { $0.list(values) }
  }

  /// Adds an IE whose value `body` writes.
  public mutating func add(_ id: ProtocolIEID, criticality: Criticality? = nil, writing body: (inout S1APWriter) -> Void) {
    add(id, criticality, allowsUnknown: false, body)
  }

  /// Adds an IE to a PRIVATE MESSAGE.
  public mutating func add(private element: S1APPrivateIE) {
    guard !writer.hasFailed, let head else { return }
    writer.own()
    writer.take(0, head.element)
    writer.value(element)
    if writer.hasFailed { return }
    writer.nodes[2].low += 1
    closeHead()
  }

  @inline(__always)
  private mutating func add(
    _ id: ProtocolIEID, _ criticality: Criticality?, allowsUnknown: Bool, _ body: (inout S1APWriter) -> Void
  ) {
    guard !writer.hasFailed, let head else { return }
    writer.own()
    let position = writer.field(id, criticality: criticality, in: head.element, allowsUnknown: allowsUnknown, from: next, body)
    if writer.hasFailed { return }
    if let position, position >= next {
      next = position + 1
      seen |= 1 << UInt64(position)
    } else {
      needsArranging = true
    }
    writer.nodes[2].low += 1
    closeHead()
  }

  /// Takes every IE with that identity out again.
  public mutating func remove(_ id: ProtocolIEID) {
    guard !writer.hasFailed, writer.nodeCount > 3 else { return }
    let nodes = writer.tape
    var kept = Array(nodes[..<3])
    kept[2].low = 0
    for field in fields where nodes[field.lowerBound].identity != id.rawValue {
      kept += nodes[field]
      kept[2].low += 1
    }
    writer.replace(nodes: kept)
    needsArranging = true
    closeHead()
  }

  // MARK: The whole

  /// The nodes of each IE.
  private var fields: [Range<Int>] {
    var fields: [Range<Int>] = []
    var at = 3
    while at < writer.nodeCount {
      let end = at + Int(writer.nodes[at].span)
      fields.append(at..<end)
      at = end
    }
    return fields
  }

  /// Nothing to check or move: what most messages are.
  @inline(__always)
  private var isStraight: Bool {
    guard !needsArranging, !writer.hasFailed, additions.isEmpty, let head else { return false }
    return deviations.contains(.missingIEs) || seen & head.mandatory == head.mandatory
  }

  /// The PDU's nodes, the IEs in the order of the message's table, with what TS 36.413 demands (§10.3.5, §10.3.6), unless the deviations
  /// say otherwise.
  func arranged() throws(S1APError) -> [TapeNode] {
    if let failure = writer.failure { throw failure }
    var nodes = writer.tape
    let grammar = Grammar.shared
    if let head, grammar.types[Int(head.element)].kind == .field, nodes.count > 2 {
      let fields = fields
      let identities = fields.map { nodes[$0.lowerBound].identity }
      try check(identities, head.element)
      if !deviations.contains(.order) {
        let places = identities.map { grammar.field($0, in: head.element)?.position ?? .max }
        let order = fields.indices.sorted { (places[$0], $0) < (places[$1], $1) }
        nodes = nodes[..<3] + order.flatMap { nodes[fields[$0]] }
      }
    }
    if !additions.isEmpty {
      nodes += additions
      nodes[0].span += UInt32(additions.count)
      nodes[1].span += UInt32(additions.count)
    }
    return nodes
  }

  private func check(_ identities: [UInt16], _ element: UInt16) throws(S1APError) {
    let grammar = Grammar.shared
    func refusal(_ code: S1APError.Code, _ detail: String, _ id: UInt16) -> S1APError {
      S1APError(code, path: "\(message.title) / \(ProtocolIEID(id))", detail: detail)
    }
    guard identities.count <= 65535 else { throw S1APError(.outOfRange, path: message.title, detail: "more than 65535 IEs") }
    if !deviations.contains(.missingIEs) {
      let set = grammar.types[Int(element)]
      for position in 0..<Int(set.setCount) {
        let known = grammar.fields[Int(set.first) + position]
        guard known.presence != .mandatory || identities.contains(known.id) else {
          throw refusal(.missing, "mandatory IE missing", known.id)
        }
      }
    }
    if !deviations.contains(.unknownIEs) {
      for id in identities where grammar.field(id, in: element) == nil { throw refusal(.notInGrammar, "not an IE of this place", id) }
    }
    if !deviations.contains(.repeatedIEs) {
      for (index, id) in identities.enumerated() where identities[..<index].contains(id) {
        throw refusal(.notInGrammar, "IE given twice", id)
      }
    }
  }

  private var isForced: Bool { forced != nil || !rawElements.isEmpty || !forcedParts.isEmpty }

  /// The PDU; throws where a value does not fit the grammar, with the field's path, and where what was forced leaves nothing to decode.
  public func pdu() throws(S1APError) -> S1APPDU {
    if isForced { return try S1APPDU(decoding: forcedOctets()) }
    if isStraight { return writer.withTape { S1APPDU(tape: Tape(octets: Array($1), copying: $0)) } }
    let nodes = try arranged()
    return writer.withTape { _, octets in nodes.withUnsafeBufferPointer { S1APPDU(tape: Tape(octets: Array(octets), copying: $0)) } }
  }

  /// The PDU's octets.
  public func encoded() throws(S1APError) -> [UInt8] {
    if isForced { return try forcedOctets() }
    if isStraight { return writer.withTape { Encoder.encode($0, $1, extra: writer.bitmapOctets) } }
    let nodes = try arranged()
    return writer.withTape { _, octets in nodes.withUnsafeBufferPointer { Encoder.encode($0, octets, extra: writer.bitmapOctets) } }
  }
}

extension S1APPDU {
  /// A PDU of that message with the IEs that `fill` adds.
  public init(
    _ message: S1APMessage, deviations: S1APBuilder.Deviations = [], _ fill: (inout S1APBuilder) throws(S1APError) -> Void
  )
    throws(S1APError)
  {
    var builder = S1APBuilder(message, deviations: deviations)
    try fill(&builder)
    self = try builder.pdu()
  }
}
