import NASMessages

/// The message built anew, each element decoded as a value and the value set.
func rebuilt(_ message: NASMessage) throws(NASDecodingError) -> [UInt8] {
  guard let table = MessageTable.all.first(where: { $0.type == message.type }) else { return message.encoded() }
  var copy = NASMessage(
    message.type, procedureTransactionIdentity: message.procedureTransactionIdentity, epsBearerIdentity: message.epsBearerIdentity)
  for row in table.rows { try set(row, row.valueType, of: message, in: &copy) }
  return copy.encoded()
}

private func set<Value: InformationElementValue>(
  _ row: InformationElementRow, _ type: Value.Type, of message: NASMessage, in copy: inout NASMessage
) throws(NASDecodingError) {
  let field = OptionalField<Value>(row: row)
  guard let value = try message[field] else { return }
  let count = value.encodedOctets.count
  // What the table does not allow cannot be set, and it was not read in full either.
  guard row.valueLength.contains(count) else {
    throw NASDecodingError(.invalidValue, offset: 0, field: row.name, expected: row.valueLength.upperBound, found: count)
  }
  copy.set(field, value)
}
