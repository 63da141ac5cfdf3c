extension NASMessage {
  /// The message written anew: every element is read as its value and the value encoded again, through the same tables and setters
  /// that build messages. What the tables have no value for (unknown and repeated elements, those out of sequence) is copied.
  ///
  /// ``encoded()`` of a decoded message gives back the octets that were kept, whatever they were; this shows whether the values
  /// that were read say all that the octets say.
  ///
  /// - Parameter copiesUnreadable: an optional element whose value cannot be read (TS 24.301 §7.7.1: treated as absent) is copied too.
  /// - Throws: what is wrong with the first element that has no readable value and is not copied.
  public func rebuilt(copiesUnreadable: Bool = true) throws(NASDecodingError) -> NASMessage {
    var copy = NASMessage(type, procedureTransactionIdentity: procedureTransactionIdentity, epsBearerIdentity: epsBearerIdentity)
    guard let layout = LayoutIndex.shared.layout(of: type) else {
      copy.appendRaw(octets.dropFirst(type.headerLength))
      return copy
    }
    for index in 0..<slots.count {
      let slot = slots[index]
      let element = octets[octets.startIndex + slot.element.lowerBound..<octets.startIndex + slot.element.upperBound]
      guard slot.standing == .accepted, slot.row != MessageLayout.unknown else {
        copy.appendRaw(element)
        continue
      }
      let row = MessageTable.all[layout.table].rows[Int(slot.row)]
      let part = part(slot, layout.rows[Int(slot.row)].kind, row.name)
      do throws(NASDecodingError) {
        try copy.rewrite(row.valueType, of: row, from: part)
      } catch {
        guard copiesUnreadable, row.identifier != nil else { throw error }
        copy.appendRaw(element)
      }
    }
    return copy
  }

  private mutating func rewrite<Value: InformationElementValue>(
    _ type: Value.Type, of row: InformationElementRow, from part: ValuePart
  ) throws(NASDecodingError) {
    let value = try Value(decoding: part)
    var octets: [UInt8] = []
    value.encode(into: &octets)
    // Longer values than the table knows are accepted when received; they are written as they are.
    if row.identifier == nil {
      set(row: row, type, value, octets)
    } else if row.valueLength.contains(octets.count) {
      set(OptionalField<Value>(row: row), value)
    } else {
      setRaw(OptionalField<Value>(row: row), octets)
    }
  }

  private mutating func set<Value: InformationElementValue>(
    row: InformationElementRow, _ type: Value.Type, _ value: Value, _ octets: [UInt8]
  ) {
    if row.valueLength.contains(octets.count) {
      set(MandatoryField<Value>(row: row), value)
    } else {
      setRaw(MandatoryField<Value>(row: row), octets)
    }
  }
}
