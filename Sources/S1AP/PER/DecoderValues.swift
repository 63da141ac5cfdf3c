/// The types of the grammar, one function for each kind.
extension Decoder {
  /// S1AP-PDU: a choice of three, each procedure code, criticality and open type (TS 36.413 §9.3.2).
  mutating func pdu(_ grammar: Grammar) throws(Fault) {
    let at = try open(Grammar.opaqueType, 0)
    guard try !flag() else { throw fault(.notInGrammar, "an arm behind the extension marker of S1AP-PDU") }
    let kind = try bits(2)
    guard kind < 3 else { throw fault(.outOfRange, "an arm that S1AP-PDU does not have") }
    let procedure = UInt32(truncatingIfNeeded: try bigEndian(octets: 1))
    let criticality = try bits(2)
    guard criticality < 3 else { throw fault(.outOfRange, "a criticality that does not exist") }
    nodes[at].low = procedure | kind << 8 | criticality << 16 | TapeNode.isMessageRead
    let message = grammar.messageIndex[Int(procedure) * 3 + Int(kind)]
    try openType(message < 0 ? nil : grammar.messages[Int(message)].type, slot: 0)
    guard bit == end else { throw fault(.trailingOctets, "octets behind the PDU") }
    close(at)
  }

  /// A value that fills the octets.
  mutating func alone(_ type: UInt16) throws(Fault) {
    try value(type, slot: 0)
    guard max(bit, start + 1) > end - 8 else { throw fault(.trailingOctets, "octets behind the value") }
  }

  /// The bit that says whether the value lies behind the extension marker.
  @inline(__always)
  private mutating func isMarked(_ row: UnsafeMutablePointer<TypeRow>) throws(Fault) -> Bool {
    guard row.pointee.isExtensible else { return false }
    return try flag()
  }

  mutating func value(_ type: UInt16, slot: UInt8) throws(Fault) {
    let at = try open(type, slot)
    let row = types + Int(type)
    switch row.pointee.kind {
    case .integer: try integer(row, at)
    case .enumerated:
      let (flags, position) = try index(row)
      nodes[at].setLeaf(flags, position, 0)
    case .boolean: nodes[at].setLeaf([], try flag() ? 1 : 0, 0)
    case .null: nodes[at].setLeaf([], 0, 0)
    case .octets, .text: try string(row, at)
    case .bits: try bitString(row, at)
    case .sequence:
      try sequence(row, at)
      close(at)
    case .choice:
      try choice(row, at)
      close(at)
    case .list:
      try list(row, at)
      close(at)
    case .field:
      try field(row, at)
      close(at)
    }
  }

  @inline(__always)
  private mutating func integer(_ row: UnsafeMutablePointer<TypeRow>, _ at: Int) throws(Fault) {
    let isExtended = try isMarked(row)
    let value = isExtended ? try unboundedNumber() : try number(row.pointee.layout)
    nodes[at].setLeaf(isExtended ? .extended : [], UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32))
  }

  /// The index of an enumerated value or of an alternative.
  @inline(__always)
  private mutating func index(_ row: UnsafeMutablePointer<TypeRow>) throws(Fault) -> (TapeNode.Flags, UInt32) {
    if try isMarked(row) { return (.extended, try smallNumber()) }
    return ([], UInt32(truncatingIfNeeded: try number(row.pointee.layout)))
  }

  /// Octet strings and texts (X.691 §17, §30): all characters of S1AP's texts take 8 bits.
  @inline(__always)
  private mutating func string(_ row: UnsafeMutablePointer<TypeRow>, _ at: Int) throws(Fault) {
    let layout = row.pointee.layout
    let isExtended = try isMarked(row)
    if isExtended || layout.upper > 65535 { return try fragments(at, isExtended ? .extended : [], unit: 8) }
    let length = Int(try number(layout))
    if row.pointee.isFixedSize, length <= 2, row.pointee.kind == .octets {
      nodes[at].setLeaf(.inline, try bits(length * 8), UInt32(truncatingIfNeeded: length))
    } else {
      align()
      nodes[at].setLeaf([], UInt32(truncatingIfNeeded: try skip(octets: length)), UInt32(truncatingIfNeeded: length))
    }
  }

  /// Bit strings (X.691 §16).
  @inline(__always)
  private mutating func bitString(_ row: UnsafeMutablePointer<TypeRow>, _ at: Int) throws(Fault) {
    let layout = row.pointee.layout
    let isExtended = try isMarked(row)
    if isExtended || layout.upper > 65535 { return try fragments(at, isExtended ? .extended : [], unit: 1) }
    let length = Int(try number(layout))
    if row.pointee.isFixedSize, length <= 16 {
      nodes[at].setLeaf(.inline, try bits(length), UInt32(truncatingIfNeeded: length))
    } else {
      align()
      guard bit + length <= end else { throw fault(.truncated, "octets end inside the bit string") }
      nodes[at].setLeaf([], UInt32(truncatingIfNeeded: bit >> 3), UInt32(truncatingIfNeeded: length))
      bit += length
    }
  }

  /// A string behind a length without bounds, in one piece or in fragments (X.691 §11.9.3.8); `unit` is 8 for octets, 1 for bits.
  private mutating func fragments(_ at: Int, _ flags: TapeNode.Flags, unit: Int) throws(Fault) {
    let (place, count) = try pieces(unit: unit)
    nodes[at].setLeaf(flags, UInt32(truncatingIfNeeded: place), UInt32(truncatingIfNeeded: count))
  }

  /// Where a string behind a length without bounds lies, put together if it came in fragments, and how many units it has.
  @inline(__always)
  mutating func pieces(unit: Int) throws(Fault) -> (place: Int, count: Int) {
    let (first, isFragment) = try length()
    if isFragment { return try reassemble(first, unit: unit) }
    guard first * unit <= end - bit else { throw fault(.truncated, "octets end inside the string") }
    let place = bit >> 3
    bit += first * unit
    return (place, first)
  }

  /// Moves the fragments together, over the lengths between them: what lies inside may be fragmented again, to any depth.
  private mutating func reassemble(_ first: Int, unit: Int) throws(Fault) -> (place: Int, count: Int) {
    if copy == nil {
      let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: received)
      fresh.initialize(from: base, count: received)
      copy = fresh
      base = UnsafePointer(fresh)
    }
    let place = bit >> 3
    var octetsBefore = 0
    var count = first
    var total = 0
    var isFragment = true
    while true {
      guard count * unit <= end - bit else { throw fault(.truncated, "octets end inside the fragment") }
      let octets = (count * unit + 7) / 8
      // Every fragment but the last is whole octets.
      if let copy { (copy + place + octetsBefore).update(from: base + bit >> 3, count: octets) }
      octetsBefore += octets
      bit += count * unit
      total += count
      if !isFragment { return (place, total) }
      (count, isFragment) = try length()
    }
  }

  private mutating func sequence(_ row: UnsafeMutablePointer<TypeRow>, _ at: Int) throws(Fault) {
    let isExtended = try isMarked(row)
    // Presence of the optional components, first one in the most significant bit.
    var optional: UInt64 = 0
    let width = Int(row.pointee.optionalCount)
    if width > 0 {
      if width > 32 { optional = UInt64(try bits(width - 32)) << 32 }
      optional |= UInt64(try bits(min(width, 32)))
      optional <<= UInt64(64 - width)
    }
    let first = components + Int(row.pointee.first)
    for slot in 0..<Int(row.pointee.rootCount) {
      if first[slot].isOptional {
        defer { optional <<= 1 }
        if optional >> 63 == 0 { continue }
      }
      try value(first[slot].type, slot: UInt8(truncatingIfNeeded: slot))
    }
    if isExtended { try additions(row, at) }
  }

  /// What stands behind the extension marker: a bitmap, then an open type for each addition present (X.691 §19.7 on).
  private mutating func additions(_ row: UnsafeMutablePointer<TypeRow>, _ at: Int) throws(Fault) {
    nodes[at].flags.insert(.extended)
    var announced = 0
    if try flag() {
      let (octets, isFragment) = try length()
      guard !isFragment else { throw fault(.unsupported, "more than 200 extension additions") }
      announced = octets
    } else {
      announced = Int(try bits(6)) + 1
    }
    guard announced > 0 else { throw fault(.outOfRange, "no extension additions") }
    guard announced <= 200 else { throw fault(.unsupported, "more than 200 extension additions") }
    nodes[at].low = UInt32(truncatingIfNeeded: announced)
    guard bit + announced <= end else { throw fault(.truncated, "octets end inside the extension bitmap") }
    var mark = bit
    bit += announced
    let first = components + Int(row.pointee.first)
    let root = Int(row.pointee.rootCount)
    for position in 0..<announced {
      if base[mark >> 3] & (0x80 >> UInt8(mark & 7)) != 0 {
        let slot = root + position
        try openType(position < Int(row.pointee.extensionCount) ? first[slot].type : nil, slot: UInt8(truncatingIfNeeded: slot))
      }
      mark += 1
    }
  }

  private mutating func choice(_ row: UnsafeMutablePointer<TypeRow>, _ at: Int) throws(Fault) {
    let (flags, position) = try index(row)
    nodes[at].flags.formUnion(flags)
    nodes[at].low = position
    let chosen = Int(position)
    let first = components + Int(row.pointee.first)
    if flags.contains(.extended) {
      try openType(chosen < Int(row.pointee.extensionCount) ? first[Int(row.pointee.rootCount) + chosen].type : nil, slot: 0)
    } else {
      try value(first[chosen].type, slot: 0)
    }
  }

  private mutating func list(_ row: UnsafeMutablePointer<TypeRow>, _ at: Int) throws(Fault) {
    let isExtended = try isMarked(row)
    if isExtended { nodes[at].flags.insert(.extended) }
    let element = UInt16(truncatingIfNeeded: row.pointee.first)
    if isExtended || row.pointee.layout.upper > 65535 {
      var total = 0
      var isFragment = true
      while isFragment {
        let piece = try length()
        isFragment = piece.isFragment
        try elements(piece.count, element)
        total += piece.count
        nodes[at].low = UInt32(truncatingIfNeeded: total)
      }
    } else {
      let count = Int(try number(row.pointee.layout))
      nodes[at].low = UInt32(truncatingIfNeeded: count)
      try elements(count, element)
    }
  }

  /// Each element takes at least one bit, so a count that the octets cannot hold is refused before anything is read.
  private mutating func elements(_ count: Int, _ type: UInt16) throws(Fault) {
    guard count <= end - bit else { throw fault(.outOfRange, "more elements than octets left") }
    for _ in 0..<count { try value(type, slot: 0) }
  }

  /// ProtocolIE-Field, ProtocolExtensionField: identity, criticality, open type (TS 36.413 §9.3.8).
  private mutating func field(_ row: UnsafeMutablePointer<TypeRow>, _ at: Int) throws(Fault) {
    let id = UInt16(truncatingIfNeeded: try bigEndian(octets: 2))
    nodes[at].low = TapeNode.field(id, 0)
    let criticality = try bits(2)
    guard criticality < 3 else { throw fault(.outOfRange, "a criticality that does not exist") }
    nodes[at].low = TapeNode.field(id, UInt8(truncatingIfNeeded: criticality))
    let set = fields + Int(row.pointee.first)
    for position in 0..<Int(row.pointee.setCount) where set[position].id == id {
      return try openType(set[position].type, slot: 0)
    }
    try openType(nil, slot: 0)
  }

  /// An open type (X.691 §11.2): whole octets, at least one. Type nil: kept as it is.
  @inline(__always)
  private mutating func openType(_ type: UInt16?, slot: UInt8) throws(Fault) {
    let (place, octets) = try pieces(unit: 8)
    guard let type else {
      let at = try open(Grammar.opaqueType, slot)
      return nodes[at].setLeaf(.opaque, UInt32(truncatingIfNeeded: place), UInt32(truncatingIfNeeded: octets))
    }
    let (outerBit, outerEnd) = (bit, end)
    bit = place * 8
    end = bit + octets * 8
    guard octets > 0 else { throw fault(.truncated, "an open type without octets") }
    try value(type, slot: slot)
    guard max(bit, place * 8 + 1) > end - 8 else { throw fault(.trailingOctets, "octets behind the value in its open type") }
    (bit, end) = (outerBit, outerEnd)
  }
}
