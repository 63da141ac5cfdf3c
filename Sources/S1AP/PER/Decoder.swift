import Glibc

/// Reads aligned PER (X.691) into a tape, along the grammar.
///
/// One pass, no allocation but the nodes' array and the tape's object. Every read is checked against the end of the innermost open
/// type; recursion is as deep as the grammar, which is not recursive. Strings stay where they are; fragmented ones (16K and more) are
/// pushed together in a copy of the octets.
struct Decoder {
  /// Small, so that the throwing paths cost nothing where nothing is thrown; the path is worked out afterwards.
  struct Fault: Error {
    var code: S1APError.Code
    var bit: Int
    var detail: StaticString = ""
  }

  var base: UnsafePointer<UInt8>
  /// Copy of the octets in which fragments are put together; nil as long as there was no fragment.
  var copy: UnsafeMutablePointer<UInt8>?
  let received: Int
  /// In bits, of what is read.
  let start: Int
  var bit: Int
  /// In bits, of the innermost open type.
  var end: Int
  let nodes: UnsafeMutablePointer<TapeNode>
  var count = 0
  let capacity: Int
  let types: UnsafeMutablePointer<TypeRow>
  let components: UnsafeMutablePointer<ComponentRow>
  let fields: UnsafeMutablePointer<IERow>

  /// - Parameter range: what of the octets is read; starts at an octet, as all that is aligned in it does.
  private init(
    _ octets: UnsafeBufferPointer<UInt8>, base: UnsafePointer<UInt8>, range: Range<Int>, capacity: Int, grammar: Grammar
  ) {
    self.base = base
    received = octets.count
    start = range.lowerBound * 8
    bit = start
    end = range.upperBound * 8
    self.capacity = capacity
    nodes = Tape.allocate(capacity)
    types = grammar.types
    components = grammar.components
    fields = grammar.fields
  }

  /// Nodes that there is room for; allocated once.
  ///
  /// Real PDUs have a node for every 2 to 4 octets; the densest legal ones, lists of criticality diagnostics, 4 for every 3. That takes 16
  /// octets for each octet received, and 18 where fragments are put together in a copy: less than 20 with what the tape itself takes.
  /// Where a few octets could not pay for that, there is room for what so few can hold: of a PDU, whose head takes 4 octets and more.
  /// What lies in another has what is left of 20 times the outermost.
  static func capacity(for octets: Int, isPDU: Bool, inside place: TapePlace? = nil) -> Int {
    let most = octets / 3 * 4 + 24
    if let place { return min(most, place.room / MemoryLayout<TapeNode>.stride) }
    return isPDU ? min(most, max((octets * 20 - 112) / MemoryLayout<TapeNode>.stride, 4)) : most
  }

  /// One whole PDU.
  static func decode(_ octets: [UInt8]) throws(S1APError) -> Tape {
    let grammar = Grammar.shared
    return try run(octets, nil, isPDU: true, grammar) { (decoder) throws(Fault) in try decoder.pdu(grammar) }
  }

  /// One value of a named type, alone: what an open type or a transparent container holds.
  static func decode(_ octets: [UInt8], as name: String, in grammar: Grammar = .shared) throws(S1APError) -> Tape {
    let type = try type(named: name, in: grammar)
    return try run(octets, nil, isPDU: false, grammar) { (decoder) throws(Fault) in try decoder.alone(type) }
  }

  /// What an octet string of a tape holds: a whole PDU, or a value of a named type. Nothing is copied; offsets are those of the outermost PDU.
  static func decode(inside place: TapePlace, as name: String?) throws(S1APError) -> Tape {
    let grammar = Grammar.shared
    guard let name else {
      return try run(place.tape.octets, place, isPDU: true, grammar) { (decoder) throws(Fault) in try decoder.pdu(grammar) }
    }
    let type = try type(named: name, in: grammar)
    return try run(place.tape.octets, place, isPDU: false, grammar) { (decoder) throws(Fault) in try decoder.alone(type) }
  }

  private static func type(named name: String, in grammar: Grammar) throws(S1APError) -> UInt16 {
    guard let type = grammar.type(named: name) else { throw S1APError(.notInGrammar, path: name, detail: "no such type") }
    return type
  }

  @inline(__always)
  private static func run(
    _ octets: [UInt8], _ place: TapePlace?, isPDU: Bool, _ grammar: Grammar, _ body: (inout Decoder) throws(Fault) -> Void
  ) throws(S1APError)
    -> Tape
  {
    // Offsets are kept in 32 bits.
    guard octets.count < 1 << 28 else { throw S1APError(.unsupported, detail: "\(octets.count) octets are no S1AP PDU") }
    let range = place?.range ?? 0..<octets.count
    return try octets.withUnsafeBufferPointer { (buffer) throws(S1APError) -> Tape in
      guard let base = buffer.baseAddress, !range.isEmpty else {
        throw S1APError(.truncated, offset: range.lowerBound, path: place?.path ?? "", detail: "no octets")
      }
      var decoder = Decoder(
        buffer, base: base, range: range, capacity: capacity(for: range.count, isPDU: isPDU, inside: place), grammar: grammar)
      defer { decoder.copy?.deallocate() }
      do throws(Fault) {
        try body(&decoder)
      } catch {
        defer { free(decoder.nodes) }
        let own = TapePath.ofUnfinished(decoder.nodes, decoder.count, grammar)
        // In fragments put together a position is early by the lengths between them.
        throw S1APError(
          error.code, offset: min(error.bit / 8, range.upperBound), path: place.map { "\($0.path) / \(own)" } ?? own,
          detail: "\(error.detail)")
      }
      let all = decoder.copy.map { Array(UnsafeBufferPointer(start: $0, count: octets.count)) } ?? octets
      let isReceived = decoder.copy == nil && place?.tape.isReceived ?? true
      return Tape(octets: all, adopting: decoder.kept(), count: decoder.count, isReceived: isReceived, outer: place)
    }
  }

  /// The nodes, and no more room beside them than a few octets are worth: what lies in the strings is read beside them and needs its own.
  private func kept() -> UnsafeMutablePointer<TapeNode> {
    capacity - count > 1024 || NestedContents.mayBeS1AP(inPDU: nodes[0]) ? Tape.shrink(nodes, to: count) : nodes
  }

  /// The octet in which a decoded value starts: the octets are decoded once more, with room for the values before it and no more, and where
  /// that ends is the place. 0 where the octets are not those received: a value that was built, or a PDU that came in fragments.
  static func offset(of index: Int, in tape: Tape, _ grammar: Grammar = .shared) -> Int {
    guard tape.isReceived, index > 0 else { return 0 }
    let node = tape.nodes[index]
    let row = grammar.types[Int(node.type)]
    let isString = row.kind == .octets || row.kind == .bits || row.kind == .text
    if isString, !node.flags.contains(.inline) { return Int(node.low) }
    return tape.octets.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      let range = tape.outer?.range ?? 0..<buffer.count
      var decoder = Decoder(buffer, base: base, range: range, capacity: index, grammar: grammar)
      defer { free(decoder.nodes) }
      do throws(Fault) {
        let type = tape.nodes[0].type
        if type == Grammar.opaqueType { try decoder.pdu(grammar) } else { try decoder.alone(type) }
      } catch {
        let isAligned = row.kind == .field || (!row.isExtensible && (row.layout.form == .octet || row.layout.form == .twoOctets))
        return (isAligned ? error.bit + 7 : error.bit) / 8
      }
      return 0
    }
  }

  // MARK: Nodes

  @inline(__always)
  mutating func open(_ type: UInt16, _ slot: UInt8) throws(Fault) -> Int {
    guard count < capacity else { throw fault(.unsupported, "more values than real PDUs of this size have") }
    nodes[count] = TapeNode(opening: type, slot: slot)
    count += 1
    return count - 1
  }

  @inline(__always)
  func close(_ at: Int) { nodes[at].span = UInt32(truncatingIfNeeded: count - at) }

  // MARK: Bits and numbers

  func fault(_ code: S1APError.Code, _ detail: StaticString) -> Fault { Fault(code: code, bit: bit, detail: detail) }

  /// Up to 32 bits, most significant first.
  @inline(__always)
  mutating func bits(_ width: Int) throws(Fault) -> UInt32 {
    guard bit + width <= end else { throw fault(.truncated, "octets end inside the field") }
    var at = bit >> 3
    let skip = bit & 7
    var value = UInt64(base[at]) & (0xff >> UInt64(skip))
    var have = 8 - skip
    while have < width {
      at += 1
      value = value << 8 | UInt64(base[at])
      have += 8
    }
    bit += width
    return UInt32(truncatingIfNeeded: value >> UInt64(have - width))
  }

  @inline(__always)
  mutating func flag() throws(Fault) -> Bool {
    guard bit < end else { throw fault(.truncated, "octets end inside the field") }
    defer { bit += 1 }
    return base[bit >> 3] & (0x80 >> UInt8(bit & 7)) != 0
  }

  @inline(__always)
  mutating func align() { bit = (bit + 7) & ~7 }

  /// Moves over octets that are aligned already.
  @inline(__always)
  mutating func skip(octets: Int) throws(Fault) -> Int {
    guard octets <= (end - bit) >> 3, bit <= end else { throw fault(.truncated, "octets end inside the field") }
    defer { bit += octets * 8 }
    return bit >> 3
  }

  mutating func bigEndian(octets: Int) throws(Fault) -> UInt64 {
    align()
    let at = try skip(octets: octets)
    var value: UInt64 = 0
    for offset in 0..<octets { value = value << 8 | UInt64(base[at + offset]) }
    return value
  }

  /// A constrained whole number (X.691 §11.5).
  @inline(__always)
  mutating func number(_ layout: NumberLayout) throws(Fault) -> UInt64 {
    let offset: UInt64
    switch layout.form {
    case .fixed: return layout.lower
    case .bitField: offset = UInt64(try bits(Int(layout.bits)))
    case .octet: offset = try bigEndian(octets: 1)
    case .twoOctets: offset = try bigEndian(octets: 2)
    case .lengthAndOctets:
      let octets = Int(try bits(Int(layout.bits))) + 1
      guard octets <= 8 else { throw fault(.outOfRange, "number longer than its range") }
      offset = try bigEndian(octets: octets)
    case .semiConstrained, .unconstrained: return try unboundedNumber()
    }
    guard offset <= layout.upper &- layout.lower else { throw fault(.outOfRange, "number outside its range") }
    return layout.lower &+ offset
  }

  /// A number in two's complement behind its length (X.691 §11.8).
  mutating func unboundedNumber() throws(Fault) -> UInt64 {
    let (octets, isFragment) = try length()
    guard octets > 0, !isFragment else { throw fault(.outOfRange, "number without octets") }
    guard octets <= 8 else { throw fault(.unsupported, "number of more than 8 octets") }
    let value = try bigEndian(octets: octets)
    let shift = UInt64(64 - octets * 8)
    return UInt64(bitPattern: Int64(bitPattern: value << shift) >> Int64(shift))
  }

  /// A normally small whole number (X.691 §11.6): indices behind an extension marker.
  mutating func smallNumber() throws(Fault) -> UInt32 {
    if try !flag() { return try bits(6) }
    let (octets, isFragment) = try length()
    guard octets > 0, !isFragment else { throw fault(.outOfRange, "number without octets") }
    guard octets <= 2 else { throw fault(.unsupported, "index of more than 2 octets") }
    return UInt32(truncatingIfNeeded: try bigEndian(octets: octets))
  }

  /// A length determinant without bounds (X.691 §11.9.3.5 on); a fragment's count is a multiple of 16K and more follows.
  @inline(__always)
  mutating func length() throws(Fault) -> (count: Int, isFragment: Bool) {
    align()
    let first = Int(base[try skip(octets: 1)])
    if first < 0x80 { return (first, false) }
    if first < 0xc0 { return ((first & 0x3f) << 8 | Int(base[try skip(octets: 1)]), false) }
    guard first & 0x3f >= 1, first & 0x3f <= 4 else { throw fault(.outOfRange, "fragment of a size that X.691 does not have") }
    return ((first & 0x3f) << 14, true)
  }
}
