/// One bit of a capability or feature element: what it is called, and whether it is set.
public struct CapabilityBit: Hashable, Sendable {
  /// The specification's short name.
  public let name: String
  /// Whether it is supported, or restricted, as the name says.
  public let isSet: Bool

  init(_ name: String, _ isSet: Bool) {
    self.name = name
    self.isSet = isSet
  }
}

extension [CapabilityBit] {
  /// The names of the bits that are set.
  var names: [String] { filter(\.isSet).map(\.name) }
}
