extension NASMessage {
  /// The value of a mandatory element.
  ///
  /// - Throws: ``NASDecodingError/Code/missingMandatory`` if it was never set, ``NASDecodingError/Code/noSuchField`` if
  ///   the field is another message's, or what is wrong with the value.
  public subscript<Value>(_ field: MandatoryField<Value>) -> Value {
    get throws(NASDecodingError) {
      guard let part = try part(field.row) else {
        throw NASDecodingError(.missingMandatory, offset: octets.count, field: field.row.name, message: type)
      }
      return try Value(decoding: part)
    }
  }

  /// The value of an optional element, or `nil` if it is absent (or skipped by TS 24.301 §7.6, §7.7).
  ///
  /// - Throws: what is wrong with the value. TS 24.301 §7.7.1 treats such an element as absent; `try?` does.
  public subscript<Value>(_ field: OptionalField<Value>) -> Value? {
    get throws(NASDecodingError) {
      guard let part = try part(field.row) else { return nil }
      return try Value(decoding: part)
    }
  }

  /// Whether the element is there.
  public func contains<Value>(_ field: MandatoryField<Value>) -> Bool { (try? part(field.row)) != nil }
  /// Whether the element is there and counts.
  public func contains<Value>(_ field: OptionalField<Value>) -> Bool { (try? part(field.row)) != nil }

  /// How the first occurrence of an element stands; `nil`: not there. For conditional elements, whose syntactical errors are not
  /// the same as absence (TS 24.301 §7.7.2). Of an element that cannot be read, only the length is judged here.
  public func standing<Value>(of field: OptionalField<Value>) -> InformationElement.Standing? {
    guard layout.line(of: field.row) != nil, let slot = slotList.first(where: { $0.row == field.row.index }) else { return nil }
    return InformationElement.Standing(slot.standing)
  }

  /// The octets of the element's value, uninterpreted; a half octet comes as one octet 0 to 15.
  public func raw<Value>(_ field: MandatoryField<Value>) -> ArraySlice<UInt8>? { raw(field.row) }
  /// The octets of the element's value, uninterpreted; a half octet comes as one octet 0 to 15.
  public func raw<Value>(_ field: OptionalField<Value>) -> ArraySlice<UInt8>? { raw(field.row) }

  private func raw(_ row: InformationElementRow) -> ArraySlice<UInt8>? {
    guard let part = try? part(row) else { return nil }
    return row.format == .halfOctet || row.format == .tvHalfOctet ? [part.halfOctet] : part.octets
  }

  private func part(_ row: InformationElementRow) throws(NASDecodingError) -> ValuePart? {
    guard let line = layout.line(of: row) else {
      throw NASDecodingError(.noSuchField, offset: 0, field: row.name, message: type)
    }
    guard let place = slots.place(ofRow: row.index) else { return nil }
    return part(slots[place], line.pointee.kind, row.name)
  }

  func part(_ slot: ElementSlot, _ kind: MessageLayout.Row.Kind, _ name: StaticString) -> ValuePart {
    let value = octets[octets.startIndex + slot.value.lowerBound..<octets.startIndex + slot.value.upperBound]
    let half: UInt8? = kind == .highHalf ? (value.first ?? 0) >> 4 : nil
    return ValuePart(value, halfOctet: half, offset: slot.value.lowerBound, field: name, message: type)
  }
}
