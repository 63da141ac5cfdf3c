extension NASMessage {
  /// Sets an element, in its place in the order of the table.
  ///
  /// The length of the value must be what the table allows; that is for the caller to see to (precondition). To send
  /// something else on purpose, use ``setRaw(_:_:)-(MandatoryField<Value>,_)``.
  public mutating func set<Value>(_ field: MandatoryField<Value>, _ value: Value) {
    put(field.row, value)
  }

  /// Sets an optional element, in its place in the order of the table; `nil` removes it.
  public mutating func set<Value>(_ field: OptionalField<Value>, _ value: Value?) {
    guard let value else { return remove(field) }
    put(field.row, value)
  }

  /// Sets the octets of an element's value, whatever they are: no length is checked but what the length field can say.
  /// For a half octet, bits 1 to 4 of the first octet are used.
  public mutating func setRaw<Value>(_ field: MandatoryField<Value>, _ value: some Collection<UInt8>) {
    put(field.row, Array(value))
  }

  /// Sets the octets of an element's value, whatever they are.
  public mutating func setRaw<Value>(_ field: OptionalField<Value>, _ value: some Collection<UInt8>) {
    put(field.row, Array(value))
  }

  /// Takes an element out. Half octets become 0.
  public mutating func remove<Value>(_ field: MandatoryField<Value>) { remove(field.row) }
  /// Takes an optional element out.
  public mutating func remove<Value>(_ field: OptionalField<Value>) { remove(field.row) }

  /// Appends octets after the last element as they are: an unknown element, a repeated one, garbage.
  public mutating func appendRaw(_ raw: some Collection<UInt8>) {
    let offset = octets.count
    precondition(offset + raw.count <= Self.longest, "a NAS message has at most \(Self.longest) octets")
    octets.append(contentsOf: raw)
    slots.append(ElementSlot(offset: offset, length: raw.count, row: MessageLayout.unknown, overhead: 0, standing: .forced))
  }

  private mutating func put<Value: InformationElementValue>(_ row: InformationElementRow, _ value: Value) {
    if append(row, value) { return }
    var encoded: [UInt8] = []
    value.encode(into: &encoded)
    check(encoded.count, row)
    put(row, encoded)
  }

  private func check(_ count: Int, _ row: InformationElementRow) {
    precondition(
      row.valueLength.contains(count), "\(row.label): \(count) octets of value, the table allows \(row.valueLength)")
  }

  /// The usual way to build: element after element, each written where it stays. False if that is not the case.
  private mutating func append<Value: InformationElementValue>(_ row: InformationElementRow, _ value: Value) -> Bool {
    let index = row.index
    guard row.format != .halfOctet, layout(for: row) != nil else { return false }
    // Elements that count lie in the order of the table: so a last one that counts and comes before says it all.
    guard slots.count == 0 || slots[slots.count - 1].isAccepted && slots[slots.count - 1].row < index else { return false }
    // Taking the array out of the slice and putting it back copies nothing while the slice is the whole array.
    var whole = Array(octets)
    octets = []
    let start = whole.count
    let format = row.format
    if let identifier = row.identifier { whole.append(identifier) }
    switch format {
    case .lv, .tlv: whole.append(0)
    case .lvE, .tlvE: whole.append(bigEndian16: 0)
    case .tvHalfOctet: whole.removeLast()
    case .halfOctet, .v, .t, .tv: break
    }
    let offset = whole.count
    value.encode(into: &whole)
    let count = whole.count - offset
    check(count, row)
    precondition(whole.count <= Self.longest, "a NAS message has at most \(Self.longest) octets")
    switch format {
    case .lv, .tlv: whole[offset - 1] = UInt8(truncatingIfNeeded: count)
    case .lvE, .tlvE:
      whole[offset - 2] = UInt8(truncatingIfNeeded: count >> 8)
      whole[offset - 1] = UInt8(truncatingIfNeeded: count)
    case .tvHalfOctet: whole[offset] = (row.identifier ?? 0) | whole[offset] & 0x0F
    case .halfOctet, .v, .t, .tv: break
    }
    slots.append(ElementSlot(offset: offset, length: count, row: UInt8(truncatingIfNeeded: index), overhead: offset - start))
    octets = whole[...]
    return true
  }

  private mutating func put(_ row: InformationElementRow, _ value: [UInt8]) {
    let index = row.index
    guard let layout = layout(for: row) else {
      preconditionFailure("\(row.label) is not an element of \(type.name)")
    }
    let kind = layout.rows[index].kind
    if kind == .lowHalf || kind == .highHalf { return putHalf(index, kind, value.first ?? 0) }

    var element: [UInt8] = []
    element.reserveCapacity(value.count + 3)
    let count = value.count
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
      start = place < slots.count ? slots[place].element.lowerBound : octets.count
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
      offset = place < slots.count ? slots[place].element.lowerBound : octets.count
      replace(offset..<offset, with: [0], slotsFrom: place)
      slots.insert(ElementSlot(offset: offset, length: 1, row: UInt8(index), overhead: 0), at: place)
    }
    let at = octets.startIndex + offset
    octets[at] = kind == .lowHalf ? octets[at] & 0xF0 | value & 0x0F : octets[at] & 0x0F | value << 4
  }

  /// Before the first element that counts and comes later in the table; else at the end.
  private func insertionPlace(_ index: Int) -> Int {
    for place in 0..<slots.count where slots[place].isAccepted && slots[place].row > index { return place }
    return slots.count
  }

  private mutating func replace(_ range: Range<Int>, with element: [UInt8], slotsFrom place: Int) {
    let start = octets.startIndex
    precondition(octets.count - range.count + element.count <= Self.longest, "a NAS message has at most \(Self.longest) octets")
    octets.replaceSubrange(start + range.lowerBound..<start + range.upperBound, with: element)
    let shift = element.count - range.count
    guard shift != 0 else { return }
    for later in place..<max(place, slots.count) {
      slots[later] = slots[later].moved(by: shift)
    }
  }

  private mutating func remove(_ row: InformationElementRow) {
    let index = row.index
    guard let layout = layout(for: row) else {
      preconditionFailure("\(row.label) is not an element of \(type.name)")
    }
    guard let place = slots.place(ofRow: index) else { return }
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
