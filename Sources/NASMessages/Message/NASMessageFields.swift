extension NASMessage {
  /// The value of a mandatory element.
  ///
  /// - Throws: ``NASDecodingError/Code/missingMandatory`` if it was never set, ``NASDecodingError/Code/noSuchField`` if
  ///   the field is another message's, or what is wrong with the value.
  public subscript<Value>(_ field: MandatoryField<Value>) -> Value {
    get throws(NASDecodingError) {
      guard let part = try part(field.row, field.index) else {
        throw NASDecodingError(.missingMandatory, offset: octets.count, field: field.row.label)
      }
      return try Value(decoding: part)
    }
  }

  /// The value of an optional element, or `nil` if it is absent (or skipped by TS 24.301 §7.6, §7.7).
  ///
  /// - Throws: what is wrong with the value. TS 24.301 §7.7.1 treats such an element as absent; `try?` does.
  public subscript<Value>(_ field: OptionalField<Value>) -> Value? {
    get throws(NASDecodingError) {
      guard let part = try part(field.row, field.index) else { return nil }
      return try Value(decoding: part)
    }
  }

  /// Whether the element is there.
  public func contains<Value>(_ field: MandatoryField<Value>) -> Bool { (try? part(field.row, field.index)) != nil }
  /// Whether the element is there and counts.
  public func contains<Value>(_ field: OptionalField<Value>) -> Bool { (try? part(field.row, field.index)) != nil }

  /// The octets of the element's value, uninterpreted; a half octet comes as one octet 0 to 15.
  public func raw<Value>(_ field: MandatoryField<Value>) -> ArraySlice<UInt8>? { raw(field.row, field.index) }
  /// The octets of the element's value, uninterpreted; a half octet comes as one octet 0 to 15.
  public func raw<Value>(_ field: OptionalField<Value>) -> ArraySlice<UInt8>? { raw(field.row, field.index) }

  private func raw(_ row: InformationElementRow, _ index: Int) -> ArraySlice<UInt8>? {
    guard let part = try? part(row, index) else { return nil }
    return row.format == .halfOctet || row.format == .tvHalfOctet ? [part.halfOctet] : part.octets
  }

  /// The layout, if the field belongs to this message's table.
  func layout(for row: InformationElementRow, _ index: Int) -> MessageLayout? {
    guard let layout = LayoutIndex.shared.layout(of: type), index < layout.rowCount,
      layout.rows[index].name == row.name.utf8Start
    else { return nil }
    return layout
  }

  private func part(_ row: InformationElementRow, _ index: Int) throws(NASDecodingError) -> ValuePart? {
    guard let layout = layout(for: row, index) else {
      throw NASDecodingError(.noSuchField, offset: 0, field: row.label)
    }
    guard let place = slots.place(ofRow: index) else { return nil }
    return part(slots[place], layout.rows[index].kind, row.label)
  }

  func part(_ slot: ElementSlot, _ kind: MessageLayout.Row.Kind, _ label: String) -> ValuePart {
    let value = octets[octets.startIndex + slot.value.lowerBound..<octets.startIndex + slot.value.upperBound]
    let half: UInt8? = kind == .highHalf ? (value.first ?? 0) >> 4 : nil
    return ValuePart(value, halfOctet: half, offset: slot.value.lowerBound, field: label)
  }
}
