extension NASMessage {
  /// Sets an element, in its place in the order of the table.
  ///
  /// Elements set in the order of the table are written straight into the message. The length of the value must be what the
  /// table allows; that is for the caller to see to (precondition). To send something else on purpose, use
  /// ``setRaw(_:_:)-(MandatoryField<Value>,_)`` or a ``DeviatingMessage``.
  @inlinable
  @inline(__always)
  public mutating func set<Value>(_ field: MandatoryField<Value>, _ value: Value) {
    let row = field.row
    if !write(row, value) { put(row.index, of: row.message, value) }
  }

  /// Sets an optional element, in its place in the order of the table; `nil` removes it.
  @inlinable
  @inline(__always)
  public mutating func set<Value>(_ field: OptionalField<Value>, _ value: Value?) {
    let row = field.row
    guard let value else { return remove(row.index, of: row.message) }
    if !write(row, value) { put(row.index, of: row.message, value) }
  }

  /// Sets the octets of an element's value, whatever they are: no length is checked but what the length octets can say (255
  /// for LV and TLV, else 65,535; precondition). For a half octet, bits 1 to 4 of the first octet are used.
  public mutating func setRaw<Value>(_ field: MandatoryField<Value>, _ value: some Collection<UInt8>) {
    put(field.row.index, of: field.row.message, Array(value))
  }

  /// Sets the octets of an element's value, whatever they are; see ``setRaw(_:_:)-(MandatoryField<Value>,_)``.
  public mutating func setRaw<Value>(_ field: OptionalField<Value>, _ value: some Collection<UInt8>) {
    put(field.row.index, of: field.row.message, Array(value))
  }

  /// Takes an element out. Half octets become 0.
  public mutating func remove<Value>(_ field: MandatoryField<Value>) { remove(field.row.index, of: field.row.message) }
  /// Takes an optional element out.
  public mutating func remove<Value>(_ field: OptionalField<Value>) { remove(field.row.index, of: field.row.message) }

  /// Appends octets after the last element as they are: an unknown element, a repeated one, garbage.
  public mutating func appendRaw(_ raw: some Collection<UInt8>) {
    makeChangeable()
    let offset = built.count
    precondition(offset + raw.count <= Self.longest, "a NAS message has at most \(Self.longest) octets")
    built.append(contentsOf: raw)
    slots.append(ElementSlot(offset: offset, length: raw.count, row: MessageLayout.unknown, overhead: 0, standing: .forced))
    noteChange()
  }

  // MARK: In the order of the table

  @inlinable
  static var scratchCapacity: Int { 128 }

  /// Writes an element that goes to the end of the message straight into it. False if the element goes elsewhere: nothing
  /// is changed then.
  ///
  /// Inlined where an element is set, where the row is a constant: then there is little more left of it than the stores. What
  /// is called from here gets the line's number and not the row, which would have to be in memory for that.
  @inlinable
  @inline(__always)
  mutating func write<Value: InformationElementValue>(_ row: InformationElementRow, _ value: Value) -> Bool {
    let last = slots.lastRow
    guard used > 0, last < row.index, type == row.message else { return false }
    let isHigh = row.format == .halfOctet && row.isHighHalf
    if isHigh, last != row.index &- 1 { return false }
    let start = used
    var end = Self.scratchCapacity &+ 1
    if isInScratch {
      end = withUnsafeMutableBytes(of: &scratch) { memory in
        memory.withMemoryRebound(to: UInt8.self) { Self.write(row, value, at: start, in: $0) }
      }
    }
    if end > Self.scratchCapacity { end = writeBeyondScratch(row.index, value) }
    let overhead = row.format == .halfOctet || row.format == .tvHalfOctet ? 0 : row.format.overhead
    let count = end &- start &- overhead
    if !(row.valueLength.lowerBound <= count && count <= row.valueLength.upperBound) {
      Self.refuse(row.index, of: row.message, count)
    }
    if isHigh {
      slots.appendInOrder(ElementSlot(offset: start &- 1, length: 1, row: UInt8(truncatingIfNeeded: row.index), overhead: 0))
    } else {
      used = end
      slots.appendInOrder(
        ElementSlot(offset: start &+ overhead, length: count, row: UInt8(truncatingIfNeeded: row.index), overhead: overhead))
    }
    return true
  }

  /// The same in ``built``, which is made long enough. The line is one of this message's table.
  @usableFromInline
  @inline(never)
  mutating func writeBeyondScratch<Value: InformationElementValue>(_ line: Int, _ value: Value) -> Int {
    let row = row(line, of: type)
    let start = used
    if isInScratch { makeChangeable() }
    var end = built.count + 1
    while end > built.count {
      built.append(contentsOf: repeatElement(0, count: end - built.count + 128))
      end = built.withUnsafeMutableBufferPointer { Self.write(row, value, at: start, in: $0) }
    }
    precondition(end <= Self.longest, "a NAS message has at most \(Self.longest) octets")
    return end
  }

  /// Writes an element; returns where it ends, or would end if the memory were long enough.
  @inlinable
  @inline(__always)
  static func write<Value: InformationElementValue>(
    _ row: InformationElementRow, _ value: Value, at start: Int, in memory: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var writer = OctetWriter(memory, from: start)
    let format = row.format
    if format.hasIdentifierOctet { writer.append(row.identifierOctet) }
    writer.skip(format.lengthOctets)
    let offset = writer.end
    value.encode(into: &writer)
    let count = writer.end &- offset
    if format.lengthOctets > 0 { writer[offset &- 1] = UInt8(truncatingIfNeeded: count) }
    if format.lengthOctets > 1 { writer[offset &- 2] = UInt8(truncatingIfNeeded: count >> 8) }
    if format == .tvHalfOctet { writer[offset] = row.identifierOctet | writer[offset] & 0x0F }
    if format == .halfOctet {
      if row.isHighHalf {
        writer[start &- 1] |= writer[offset] << 4
        // The octet behind was only lent.
        writer[offset] = 0
      } else {
        writer[offset] &= 0x0F
      }
    }
    return writer.end
  }

  /// A line of this message's table (precondition).
  private func row(_ line: Int, of message: NASMessageType) -> InformationElementRow {
    guard message == type, let layout = layout.pointee, line < layout.rowCount else {
      preconditionFailure("line \(line) of the table of \(message.name) is no element of \(type.name)")
    }
    return MessageTable.all[layout.table].rows[line]
  }

  @usableFromInline
  @inline(never)
  static func refuse(_ line: Int, of message: NASMessageType, _ count: Int) {
    guard let layout = LayoutReference(of: message).pointee else { return }
    check(count, MessageTable.all[layout.table].rows[line])
  }

  private static func check(_ count: Int, _ row: InformationElementRow) {
    precondition(
      row.valueLength.contains(count), "\(row.label): \(count) octets of value, the table allows \(row.valueLength)")
  }

  // MARK: In any order

  @usableFromInline
  @inline(never)
  mutating func put<Value: InformationElementValue>(_ line: Int, of message: NASMessageType, _ value: Value) {
    let encoded = value.encodedOctets
    Self.check(encoded.count, row(line, of: message))
    put(line, of: message, encoded)
  }

  private mutating func put(_ index: Int, of message: NASMessageType, _ value: [UInt8]) {
    let row = row(index, of: message)
    guard let layout = layout.pointee else { return }
    makeChangeable()
    defer { noteChange() }
    let kind = layout.rows[index].kind
    if kind == .lowHalf || kind == .highHalf { return putHalf(index, kind, value.first ?? 0) }

    var element: [UInt8] = []
    element.reserveCapacity(value.count + 3)
    let count = value.count
    precondition(
      count <= row.format.longest, "\(row.label): a length of \(count) cannot be said; a DeviatingMessage can force one")
    switch kind {
    case .lowHalf, .highHalf, .v, .comprehensionRequired: break
    case .lv: element.append(UInt8(truncatingIfNeeded: count))
    case .lvE: element.append(bigEndian16: count)
    case .t, .tv: element.append(row.identifier ?? 0)
    case .tvHalfOctet: break
    case .tlv:
      element.append(row.identifier ?? 0)
      element.append(UInt8(truncatingIfNeeded: count))
    case .tlvE:
      element.append(row.identifier ?? 0)
      element.append(bigEndian16: count)
    }
    let overhead = element.count
    if kind == .tvHalfOctet {
      element.append((row.identifier ?? 0) | (value.first ?? 0) & 0x0F)
    } else if kind != .t {
      element.append(contentsOf: value)
    }

    let start: Int
    if let place = slots.place(ofRow: index) {
      let old = slots[place].element
      start = old.lowerBound
      replace(old, with: element, slotsFrom: place + 1)
      slots[place] = ElementSlot(
        offset: start + overhead, length: element.count - overhead, row: UInt8(index), overhead: overhead)
    } else {
      let place = insertionPlace(index)
      start = place < slots.count ? slots[place].element.lowerBound : built.count
      replace(start..<start, with: element, slotsFrom: place)
      slots.insert(
        ElementSlot(offset: start + overhead, length: element.count - overhead, row: UInt8(index), overhead: overhead),
        at: place)
    }
  }

  /// Half octets share their octet with the line before or after.
  private mutating func putHalf(_ index: Int, _ kind: MessageLayout.Row.Kind, _ value: UInt8) {
    let partner = kind == .lowHalf ? index + 1 : index - 1
    let offset: Int
    if let place = slots.place(ofRow: index) {
      offset = slots[place].offset
    } else if let place = slots.place(ofRow: partner) {
      offset = slots[place].offset
      let slot = ElementSlot(offset: offset, length: 1, row: UInt8(index), overhead: 0)
      slots.insert(slot, at: kind == .lowHalf ? place : place + 1)
    } else {
      let place = insertionPlace(index)
      offset = place < slots.count ? slots[place].element.lowerBound : built.count
      replace(offset..<offset, with: [0], slotsFrom: place)
      slots.insert(ElementSlot(offset: offset, length: 1, row: UInt8(index), overhead: 0), at: place)
    }
    built[offset] = kind == .lowHalf ? built[offset] & 0xF0 | value & 0x0F : built[offset] & 0x0F | value << 4
  }

  /// Before the first element that counts and comes later in the table; else at the end.
  private func insertionPlace(_ index: Int) -> Int {
    for place in 0..<slots.count where slots[place].isAccepted && slots[place].row > index { return place }
    return slots.count
  }

  private mutating func replace(_ range: Range<Int>, with element: [UInt8], slotsFrom place: Int) {
    precondition(built.count - range.count + element.count <= Self.longest, "a NAS message has at most \(Self.longest) octets")
    built.replaceSubrange(range, with: element)
    let shift = element.count - range.count
    guard shift != 0 else { return }
    for later in place..<max(place, slots.count) {
      slots[later] = slots[later].moved(by: shift)
    }
  }

  @usableFromInline
  @inline(never)
  mutating func remove(_ index: Int, of message: NASMessageType) {
    let row = row(index, of: message)
    guard let layout = layout.pointee, let place = slots.place(ofRow: row.index) else { return }
    makeChangeable()
    defer { noteChange() }
    let kind = layout.rows[index].kind
    if kind == .lowHalf || kind == .highHalf { return putHalf(index, kind, 0) }
    replace(slots[place].element, with: [], slotsFrom: place + 1)
    slots.remove(at: place)
  }
}

extension [UInt8] {
  mutating func append(bigEndian16 value: Int) {
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }
  mutating func append(bigEndian16 value: UInt16) { append(bigEndian16: Int(value)) }
  mutating func append(bigEndian32 value: UInt32) {
    append(bigEndian16: UInt16(truncatingIfNeeded: value >> 16))
    append(bigEndian16: UInt16(truncatingIfNeeded: value))
  }
}
