/// The table of one message, TS 24.301 §8.2 and §8.3: what drives decoding, encoding and printing.
public struct MessageTable: Sendable {
  /// Which message the table is of.
  public let type: NASMessageType
  /// The lines after the header, in the specification's order.
  public let rows: [InformationElementRow]

  init(_ type: NASMessageType, _ rows: [InformationElementRow]) {
    self.type = type
    self.rows = rows
  }
}
