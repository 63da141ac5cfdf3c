extension DeviatingMessage {
  // MARK: By field

  /// Takes every occurrence of an element out.
  public mutating func omit<Value>(_ field: MandatoryField<Value>) { omit(field.row) }
  /// Takes every occurrence of an element out.
  public mutating func omit<Value>(_ field: OptionalField<Value>) { omit(field.row) }

  /// Puts an element in once more, right after its last occurrence: with the same value, or with another one.
  public mutating func repeatElement<Value>(_ field: MandatoryField<Value>, as octets: [UInt8]? = nil) { repeatElement(field.row, octets) }
  /// Puts an element in once more, right after its last occurrence: with the same value, or with another one.
  public mutating func repeatElement<Value>(_ field: OptionalField<Value>, as octets: [UInt8]? = nil) { repeatElement(field.row, octets) }

  /// Moves the first occurrence of an element to a place among the others, counted from 0 without it.
  public mutating func move<Value>(_ field: MandatoryField<Value>, to place: Int) { move(field.row, place) }
  /// Moves the first occurrence of an element to a place among the others, counted from 0 without it.
  public mutating func move<Value>(_ field: OptionalField<Value>, to place: Int) { move(field.row, place) }

  /// Gives an element any octets as its value; puts it in, in the order of the table, where it is not there yet.
  public mutating func setRaw<Value>(_ field: MandatoryField<Value>, _ octets: some Collection<UInt8>) { setRaw(field.row, Array(octets)) }
  /// Gives an element any octets as its value; puts it in, in the order of the table, where it is not there yet.
  public mutating func setRaw<Value>(_ field: OptionalField<Value>, _ octets: some Collection<UInt8>) { setRaw(field.row, Array(octets)) }

  /// Sets a value, of any length; puts the element in, in the order of the table, where it is not there yet.
  public mutating func set<Value>(_ field: MandatoryField<Value>, _ value: Value) { setRaw(field.row, value.encodedOctets) }
  /// Sets a value, of any length; puts the element in, in the order of the table, where it is not there yet.
  public mutating func set<Value>(_ field: OptionalField<Value>, _ value: Value) { setRaw(field.row, value.encodedOctets) }

  /// Has the length octets of an element say something else than its length; modulo 256 where there is one. `nil`: the truth.
  public mutating func forceLength<Value>(of field: MandatoryField<Value>, _ length: Int?) { forceLength(field.row, length) }
  /// Has the length octets of an element say something else than its length; modulo 256 where there is one. `nil`: the truth.
  public mutating func forceLength<Value>(of field: OptionalField<Value>, _ length: Int?) { forceLength(field.row, length) }

  /// Gives an element another identifier.
  public mutating func forceIdentifier<Value>(of field: OptionalField<Value>, _ identifier: UInt8) {
    let place = existing(field.row)
    elements[place].identifier = identifier
  }

  // MARK: By place

  /// Puts octets in as they are: an unknown element, garbage. The place counts elements from 0; `nil`: at the end.
  public mutating func insertRaw(_ octets: some Collection<UInt8>, at place: Int? = nil) {
    elements.insert(Element(raw: Array(octets)), at: min(max(place ?? elements.count, 0), elements.count))
  }

  /// Where the first occurrence of an element is; `nil`: not there.
  public func place<Value>(of field: MandatoryField<Value>) -> Int? { place(field.row) }
  /// Where the first occurrence of an element is; `nil`: not there.
  public func place<Value>(of field: OptionalField<Value>) -> Int? { place(field.row) }

  // MARK: By row

  private func place(_ row: InformationElementRow) -> Int? { elements.firstIndex { $0.index == row.index } }

  private func existing(_ row: InformationElementRow) -> Int {
    checkOwn(row)
    guard let place = place(row) else { preconditionFailure("\(row.label) is not there") }
    return place
  }

  private func checkOwn(_ row: InformationElementRow) {
    precondition(owns(row), "\(row.label) is not an element of this message")
  }

  private mutating func omit(_ row: InformationElementRow) {
    checkOwn(row)
    elements.removeAll { $0.index == row.index }
  }

  private mutating func repeatElement(_ row: InformationElementRow, _ octets: [UInt8]?) {
    let first = existing(row)
    let last = elements.lastIndex { $0.index == row.index } ?? first
    var copy = elements[last]
    if let octets { copy.value = octets }
    elements.insert(copy, at: last + 1)
  }

  private mutating func move(_ row: InformationElementRow, _ place: Int) {
    let element = elements.remove(at: existing(row))
    elements.insert(element, at: min(max(place, 0), elements.count))
  }

  private mutating func setRaw(_ row: InformationElementRow, _ octets: [UInt8]) {
    checkOwn(row)
    if let place = place(row) {
      elements[place].value = octets
    } else {
      let place = elements.firstIndex { ($0.index ?? -1) > row.index } ?? elements.count
      elements.insert(Element(index: row.index, identifier: row.identifier, format: row.format, value: octets), at: place)
    }
  }

  private mutating func forceLength(_ row: InformationElementRow, _ length: Int?) {
    let place = existing(row)
    elements[place].forcedLength = length
  }
}
