/// TS 24.301 §9.9.4.1: labels with a length octet each, "internet.mnc001.mcc001.gprs".
public struct AccessPointName: InformationElementValue, Hashable, ExpressibleByStringLiteral {
  /// Labels as octets; an empty name has none.
  public let labels: [[UInt8]]

  /// - Parameter name: labels of 1 to 63 octets between dots, 100 octets at most as coded (precondition).
  public init(_ name: String) {
    labels = name.isEmpty ? [] : name.utf8.split(separator: 0x2E, omittingEmptySubsequences: false).map { Array($0) }
    precondition(labels.allSatisfy { 1...63 ~= $0.count }, "an APN label has 1 to 63 octets")
  }
  /// See ``init(_:)``.
  public init(stringLiteral value: String) { self.init(value) }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    guard part.count <= 100 else { throw part.invalid(expected: 100, found: part.count) }
    var labels: [[UInt8]] = []
    var at = 0
    while at < part.count {
      let length = Int(part[at])
      try part.item("label", labels.count).require(at + 1 + length)
      let start = part.octets.startIndex + at + 1
      labels.append(Array(part.octets[start..<start + length]))
      at += 1 + length
    }
    self.labels = labels
  }

  public func encode(into octets: inout OctetWriter) {
    // The length 1 is the least the table allows: the empty name is one empty label.
    if labels.isEmpty { octets.append(0) }
    for label in labels {
      octets.append(UInt8(label.count))
      octets.append(contentsOf: label)
    }
  }

  /// "internet".
  public var name: String { labels.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".") }
  public var description: String { name }
}
