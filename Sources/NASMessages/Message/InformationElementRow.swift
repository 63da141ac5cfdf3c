/// One line of a message's table in TS 24.301 §8.2 or §8.3.
public struct InformationElementRow: Sendable {
  /// Of which message.
  public let message: NASMessageType
  /// Which line of the table, from 0; the header is not counted.
  @usableFromInline let index: Int
  /// The specification's name of the element in this message.
  public let name: StaticString
  /// The identifier; for half-octet elements ("9-") the digit in bits 5 to 8. `nil` in the imperative part.
  public let identifier: UInt8?
  /// How the element lies in the message.
  public let format: InformationElementFormat
  /// Of a half octet in the imperative part: it is bits 5 to 8 of its octet.
  @usableFromInline let isHighHalf: Bool
  /// Length of the value part in octets, without identifier and length; 1 for half octets.
  public let valueLength: ClosedRange<Int>
  /// The type the value is read as.
  public let valueType: any InformationElementValue.Type

  /// - Parameter length: the specification's last column: octets of the whole element, identifier and length included.
  @inlinable
  @inline(__always)
  init(
    _ message: NASMessageType, _ index: Int, _ name: StaticString, _ identifier: UInt8?, _ format: InformationElementFormat,
    _ length: ClosedRange<Int>,
    _ valueType: any InformationElementValue.Type, isHighHalf: Bool = false
  ) {
    self.message = message
    self.index = index
    self.name = name
    self.identifier = identifier
    self.format = format
    let overhead = format.overhead
    self.valueLength = (length.lowerBound - overhead)...min(length.upperBound - overhead, format.longest)
    self.valueType = valueType
    self.isHighHalf = isHighHalf
  }

  /// The identifier, 0 where there is none.
  @inlinable var identifierOctet: UInt8 { identifier ?? 0 }

  /// The name as a string.
  public var label: String { name.description }
}

/// The upper end of a length the specification gives as "n".
@usableFromInline let unboundedLength = 65_538

/// An element of the imperative part of a message, whose value is a `Value`.
public struct MandatoryField<Value: InformationElementValue>: Sendable {
  /// The line of the message's table.
  public let row: InformationElementRow

  /// For walking tables; elsewhere the fields of the messages are used. `Value` need not be the row's own type.
  @inlinable @inline(__always) public init(row: InformationElementRow) { self.row = row }

  @inlinable
  @inline(__always)
  init(_ message: NASMessageType, _ index: Int, _ name: StaticString, _ format: InformationElementFormat, _ length: ClosedRange<Int>) {
    self.row = InformationElementRow(message, index, name, nil, format, length, Value.self)
  }

  @inlinable
  @inline(__always)
  init(_ message: NASMessageType, _ index: Int, _ name: StaticString, _ format: InformationElementFormat, _ length: Int) {
    self.init(message, index, name, format, length...length)
  }

  @inlinable
  @inline(__always)
  init(_ message: NASMessageType, _ index: Int, _ name: StaticString, _ format: InformationElementFormat, _ length: PartialRangeFrom<Int>) {
    self.init(message, index, name, format, length.lowerBound...unboundedLength)
  }

  /// A half octet; the second of a pair is the high one.
  @inlinable
  @inline(__always)
  init(_ message: NASMessageType, _ index: Int, _ name: StaticString, _ format: InformationElementFormat, high: Bool = false) {
    self.row = InformationElementRow(message, index, name, nil, format, 1...1, Value.self, isHighHalf: high)
  }
}

/// An element of the non-imperative part of a message (optional or conditional), whose value is a `Value`.
public struct OptionalField<Value: InformationElementValue>: Sendable {
  /// The line of the message's table.
  public let row: InformationElementRow

  /// For walking tables; elsewhere the fields of the messages are used. `Value` need not be the row's own type.
  @inlinable @inline(__always) public init(row: InformationElementRow) { self.row = row }

  @inlinable
  @inline(__always)
  init(
    _ message: NASMessageType, _ index: Int, _ identifier: UInt8, _ name: StaticString, _ format: InformationElementFormat,
    _ length: ClosedRange<Int>
  ) {
    self.row = InformationElementRow(message, index, name, identifier, format, length, Value.self)
  }

  @inlinable
  @inline(__always)
  init(
    _ message: NASMessageType, _ index: Int, _ identifier: UInt8, _ name: StaticString, _ format: InformationElementFormat, _ length: Int
  ) {
    self.init(message, index, identifier, name, format, length...length)
  }

  @inlinable
  @inline(__always)
  init(
    _ message: NASMessageType, _ index: Int, _ identifier: UInt8, _ name: StaticString, _ format: InformationElementFormat,
    _ length: PartialRangeFrom<Int>
  ) {
    self.init(message, index, identifier, name, format, length.lowerBound...unboundedLength)
  }
}
