/// Writes a tape in aligned PER (X.691), in one pass; the mirror of ``Decoder``.
struct Encoder {
  private let out: UnsafeMutablePointer<UInt8>
  private var bit = 0
  private var at = 0
  private let nodes: UnsafePointer<TapeNode>
  private let octets: UnsafePointer<UInt8>
  private let types: UnsafeMutablePointer<TypeRow>
  private let components: UnsafeMutablePointer<ComponentRow>
  /// By node: the length or count to write in place of the true one, -1 for that; nil where nothing is forced.
  private var claims: UnsafePointer<Int32>?

  /// The octets of a whole PDU. Cannot fail: decoder and builder make no tape that has no encoding.
  static func encode(_ tape: Tape) -> [UInt8] {
    tape.octets.withUnsafeBufferPointer { run(UnsafeBufferPointer(start: tape.nodes, count: tape.count), $0) { $0.pdu() } }
  }

  /// The same out of nodes that are no tape yet; `extra` octets for extension bitmaps.
  static func encode(_ nodes: UnsafeBufferPointer<TapeNode>, _ octets: UnsafeBufferPointer<UInt8>, extra: Int) -> [UInt8] {
    run(nodes, octets, extra: extra) { $0.pdu() }
  }

  /// The octets of one value, at least one.
  static func encode(_ tape: Tape, valueAt index: Int, in grammar: Grammar = .shared) -> [UInt8] {
    let nodes = UnsafeBufferPointer(start: tape.nodes + index, count: Int(tape.nodes[index].span))
    return tape.octets.withUnsafeBufferPointer { run(nodes, $0, grammar) { $0.alone() } }
  }

  /// What an open type with that value contains. `claims` are the lengths of its strings and open types and the counts of its lists that
  /// are not the true ones, by node; `extra` octets for extension bitmaps and what is written again.
  static func encode(
    contents nodes: UnsafeBufferPointer<TapeNode>, _ octets: UnsafeBufferPointer<UInt8>, extra: Int, claims: UnsafePointer<Int32>? = nil
  ) -> [UInt8] {
    if let first = nodes.first, first.flags.contains(.opaque) {
      return Array(octets[Int(first.low)..<Int(first.low) + Int(first.high)])
    }
    return run(nodes, octets, extra: extra) {
      $0.claims = claims
      $0.alone()
    }
  }

  /// The octets of the one value that was written, at least one.
  static func encode(value writer: S1APWriter) -> [UInt8] {
    writer.withTape { run($0, $1, extra: writer.bitmapOctets) { $0.alone() } }
  }

  @inline(__always)
  private static func run(
    _ nodes: UnsafeBufferPointer<TapeNode>, _ octets: UnsafeBufferPointer<UInt8>, _ grammar: Grammar = .shared, extra: Int = 0,
    _ body: (inout Encoder) -> Void
  ) -> [UInt8] {
    guard let first = nodes.baseAddress else { return [] }
    // More octets than the encoding can take, so that no write needs a check: a node writes less than 20 for bitmaps, a length and a number
    // besides its string; a string (and each open type around it) one more per fragment. Longer bitmaps were received, and so are among
    // the octets, or are `extra`.
    let bound = 64 + nodes.count * 20 + octets.count + octets.count / 1024 + extra
    // Written beside the heap, so that what is kept has just the size it needs.
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bound) { buffer in
      guard let out = buffer.baseAddress else { return [] }
      out.initialize(repeating: 0, count: bound)
      // Without octets there is no address; nothing will be read through this one then.
      var encoder = Encoder(out: out, nodes: first, octets: octets.baseAddress ?? UnsafePointer(out), grammar: grammar)
      body(&encoder)
      return Array(UnsafeBufferPointer(start: out, count: (encoder.bit + 7) / 8))
    }
  }

  private init(out: UnsafeMutablePointer<UInt8>, nodes: UnsafePointer<TapeNode>, octets: UnsafePointer<UInt8>, grammar: Grammar) {
    self.out = out
    self.nodes = nodes
    self.octets = octets
    self.types = grammar.types
    self.components = grammar.components
  }

  // MARK: Bits and numbers

  @inline(__always)
  private mutating func bits(_ value: UInt32, _ width: Int) {
    var left = width
    while left > 0 {
      let free = 8 - bit & 7
      let take = min(free, left)
      let chunk = UInt8(truncatingIfNeeded: value >> UInt32(left - take)) & UInt8(truncatingIfNeeded: (1 << take) - 1)
      out[bit >> 3] |= chunk << UInt8(free - take)
      bit += take
      left -= take
    }
  }

  @inline(__always)
  private mutating func align() { bit = (bit + 7) & ~7 }

  private mutating func bigEndian(_ value: UInt64, octets count: Int) {
    align()
    let start = bit >> 3
    for offset in 0..<count { out[start + offset] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - offset))) }
    bit += count * 8
  }

  @inline(__always)
  private mutating func number(_ value: UInt64, _ layout: NumberLayout) {
    let offset = value &- layout.lower
    switch layout.form {
    case .fixed: break
    case .bitField: bits(UInt32(truncatingIfNeeded: offset), Int(layout.bits))
    case .octet: bigEndian(offset, octets: 1)
    case .twoOctets: bigEndian(offset, octets: 2)
    case .lengthAndOctets:
      let count = max(1, (64 - offset.leadingZeroBitCount + 7) / 8)
      bits(UInt32(count - 1), Int(layout.bits))
      bigEndian(offset, octets: count)
    case .semiConstrained, .unconstrained: unboundedNumber(value)
    }
  }

  private mutating func unboundedNumber(_ value: UInt64) {
    let signed = Int64(bitPattern: value)
    // The sign bit is part of the number.
    let significant = 65 - (signed < 0 ? (~value).leadingZeroBitCount : value.leadingZeroBitCount)
    let count = (significant + 7) / 8
    length(count)
    bigEndian(value, octets: count)
  }

  private mutating func smallNumber(_ value: UInt32) {
    if value < 64 { return bits(value, 7) }
    bits(1, 1)
    length(value < 256 ? 1 : 2)
    bigEndian(UInt64(value), octets: value < 256 ? 1 : 2)
  }

  /// Below 16K.
  @inline(__always)
  private mutating func length(_ count: Int) {
    align()
    if count < 0x80 {
      out[bit >> 3] = UInt8(truncatingIfNeeded: count)
      bit += 8
    } else {
      out[bit >> 3] = 0x80 | UInt8(truncatingIfNeeded: count >> 8)
      out[bit >> 3 + 1] = UInt8(truncatingIfNeeded: count)
      bit += 16
    }
  }

  /// A length without bounds and what it counts; `unit` is 8 for octets, 1 for bits.
  private mutating func pieces(_ source: UnsafePointer<UInt8>, _ count: Int, unit: Int) {
    var done = 0
    while count - done >= 1 << 14 {
      let blocks = min((count - done) >> 14, 4)
      align()
      out[bit >> 3] = 0xc0 | UInt8(truncatingIfNeeded: blocks)
      bit += 8
      copy(source + done * unit / 8, bits: blocks << 14 * unit)
      done += blocks << 14
    }
    length(count - done)
    copy(source + done * unit / 8, bits: (count - done) * unit)
  }

  /// Aligned octets, the last one perhaps in part.
  @inline(__always)
  private mutating func copy(_ source: UnsafePointer<UInt8>, bits count: Int) {
    let whole = count >> 3
    (out + bit >> 3).update(from: source, count: whole)
    if count & 7 != 0 { out[bit >> 3 + whole] = source[whole] & (0xff << UInt8(8 - count & 7)) }
    bit += count
  }

  // MARK: Values

  private mutating func pdu() {
    let node = nodes[0]
    bits(node.low >> 8 & 0xff, 3)
    bigEndian(UInt64(node.low & 0xff), octets: 1)
    bits(node.low >> 16 & 3, 2)
    at = 1
    openType()
    align()
  }

  private mutating func alone() {
    value()
    if bit == 0 { bit = 8 }
  }

  private mutating func value() {
    let node = nodes[at]
    let row = types + Int(node.type)
    at += 1
    let isExtended = node.flags.contains(.extended)
    if row.pointee.isExtensible { bits(isExtended ? 1 : 0, 1) }
    switch row.pointee.kind {
    case .integer: isExtended ? unboundedNumber(node.wide) : number(node.wide, row.pointee.layout)
    case .enumerated: isExtended ? smallNumber(node.low) : number(UInt64(node.low), row.pointee.layout)
    case .boolean: bits(node.low, 1)
    case .null: break
    case .octets, .text: string(node, row, unit: 8, isExtended: isExtended)
    case .bits: string(node, row, unit: 1, isExtended: isExtended)
    case .sequence: sequence(node, row, end: at - 1 + Int(node.span))
    case .choice:
      if isExtended {
        smallNumber(node.low)
        openType()
      } else {
        number(UInt64(node.low), row.pointee.layout)
        value()
      }
    case .list: list(node, row, isExtended: isExtended)
    case .field:
      align()
      out[bit >> 3] = UInt8(truncatingIfNeeded: node.low >> 8)
      out[bit >> 3 + 1] = UInt8(truncatingIfNeeded: node.low)
      out[bit >> 3 + 2] = node.criticality << 6
      bit += 18
      openType()
    }
  }

  @inline(__always)
  private mutating func string(_ node: TapeNode, _ row: UnsafeMutablePointer<TypeRow>, unit: Int, isExtended: Bool) {
    let count = Int(node.high)
    let claim = claimed(at - 1)
    if isExtended || row.pointee.layout.upper > 65535 {
      guard let claim else { return pieces(octets + Int(node.low), count, unit: unit) }
      length(claim)
      return copy(octets + Int(node.low), bits: count * unit)
    }
    number(UInt64(claim ?? count), row.pointee.layout)
    if node.flags.contains(.inline) { return bits(node.low, count * unit) }
    align()
    copy(octets + Int(node.low), bits: count * unit)
  }

  private mutating func sequence(_ node: TapeNode, _ row: UnsafeMutablePointer<TypeRow>, end: Int) {
    let first = components + Int(row.pointee.first)
    let root = Int(row.pointee.rootCount)
    // Bitmap of the optional components: which slots are there is what the children say.
    if row.pointee.optionalCount > 0 {
      var child = at
      for slot in 0..<root {
        let isPresent = child < end && Int(nodes[child].slot) == slot
        if first[slot].isOptional { bits(isPresent ? 1 : 0, 1) }
        if isPresent { child += Int(nodes[child].span) }
      }
    }
    while at < end, Int(nodes[at].slot) < root { value() }
    if node.flags.contains(.extended) { additions(Int(node.low), root: root, end: end) }
  }

  private mutating func additions(_ announced: Int, root: Int, end: Int) {
    if announced <= 64 {
      bits(UInt32(announced - 1), 7)
    } else {
      bits(1, 1)
      length(announced)
    }
    var child = at
    for position in 0..<announced {
      let isPresent = child < end && Int(nodes[child].slot) == root + position
      bits(isPresent ? 1 : 0, 1)
      if isPresent { child += Int(nodes[child].span) }
    }
    while at < end { openType() }
  }

  private mutating func list(_ node: TapeNode, _ row: UnsafeMutablePointer<TypeRow>, isExtended: Bool) {
    var count = Int(node.low)
    if let claim = claimed(at - 1) {
      isExtended || row.pointee.layout.upper > 65535 ? length(claim & 0x3fff) : number(UInt64(claim), row.pointee.layout)
    } else if isExtended || row.pointee.layout.upper > 65535 {
      while count >= 1 << 14 {
        let blocks = min(count >> 14, 4)
        align()
        out[bit >> 3] = 0xc0 | UInt8(truncatingIfNeeded: blocks)
        bit += 8
        for _ in 0..<blocks << 14 { value() }
        count -= blocks << 14
      }
      length(count)
    } else {
      number(UInt64(count), row.pointee.layout)
    }
    for _ in 0..<count { value() }
  }

  /// The node at hand as an open type: written behind one octet kept free for its length, moved if that was not enough.
  private mutating func openType() {
    let node = nodes[at]
    if let claim = claimed(at) { return openType(node, claiming: claim) }
    if node.flags.contains(.opaque) {
      at += 1
      return pieces(octets + Int(node.low), Int(node.high), unit: 8)
    }
    align()
    let start = bit >> 3
    bit += 8
    value()
    align()
    if bit >> 3 == start + 1 { bit += 8 }
    let count = bit >> 3 - start - 1
    bit = start * 8
    if count < 0x80 {
      length(count)
      bit += count * 8
    } else if count < 1 << 14 {
      (out + start + 2).update(from: out + start + 1, count: count)
      length(count)
      bit += count * 8
    } else {
      let whole = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
      defer { whole.deallocate() }
      whole.initialize(from: out + start + 1, count: count)
      pieces(whole, count, unit: 8)
    }
  }

  // MARK: What is forced

  @inline(__always)
  private func claimed(_ index: Int) -> Int? {
    guard let claims, claims[index] >= 0 else { return nil }
    return Int(claims[index])
  }

  /// The node at hand as an open type whose length is not what it says; below 16K in one piece, above it too.
  @inline(never)
  private mutating func openType(_ node: TapeNode, claiming claim: Int) {
    if node.flags.contains(.opaque) {
      at += 1
      length(claim)
      return copy(octets + Int(node.low), bits: Int(node.high) * 8)
    }
    align()
    // Behind the longer of the two lengths, and moved if it is the shorter one.
    let start = bit >> 3
    bit += 16
    value()
    align()
    if bit >> 3 == start + 2 { bit += 8 }
    let count = bit >> 3 - start - 2
    bit = start * 8
    length(claim)
    if bit >> 3 == start + 1 {
      (out + start + 1).update(from: out + start + 2, count: count)
      out[start + 1 + count] = 0
    }
    bit += count * 8
  }
}
