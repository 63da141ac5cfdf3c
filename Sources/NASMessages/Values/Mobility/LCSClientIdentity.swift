/// LCS client identity of CS SERVICE NOTIFICATION, TS 24.301 §9.9.3.41: who asks for the position.
///
/// The value is another protocol's: the LCS-ClientID of MAP (TS 29.002 §17.7.13) in BER. It is kept as it came; what is read is
/// what tells the clients apart, the outermost components.
public struct LCSClientIdentity: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 1
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// LCSClientType: 0 emergency services, 1 value added services, 2 PLMN operator services, 3 lawful intercept services.
  public var clientType: UInt8? { component(0x80)?.first }
  /// LCSClientInternalID: 0 broadcast, 1 O&M in the home PLMN, 2 O&M in the visited PLMN, 3 anonymous location, 4 a service that
  /// the target subscribes to.
  public var internalIdentity: UInt8? { component(0x83)?.first }

  /// The contents of a component with a context-specific tag; lengths of one octet, and of the long form with one or two.
  private func component(_ tag: UInt8) -> ArraySlice<UInt8>? {
    guard let (outer, sequence, _) = Self.element(octets[...]), outer == 0x30 else { return nil }
    var rest = sequence
    while let (found, contents, after) = Self.element(rest) {
      if found == tag { return contents }
      rest = after
    }
    return nil
  }

  private static func element(_ octets: ArraySlice<UInt8>) -> (tag: UInt8, contents: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
    var rest = octets
    guard let tag = rest.popFirst(), tag & 0x1F != 0x1F, let first = rest.popFirst() else { return nil }
    var length = Int(first)
    if first & 0x80 != 0 {
      guard first == 0x81 || first == 0x82 else { return nil }
      length = 0
      for _ in 0..<first & 0x7F {
        guard let octet = rest.popFirst() else { return nil }
        length = length << 8 | Int(octet)
      }
    }
    guard rest.count >= length else { return nil }
    return (tag, rest.prefix(length), rest.dropFirst(length))
  }

  public var description: String {
    let types = ["emergency services", "value added services", "PLMN operator services", "lawful intercept services"]
    let identities = ["broadcast service", "O&M HPLMN", "O&M VPLMN", "anonymous location", "service the target subscribes to"]
    var parts: [String] = []
    if let type = clientType { parts.append(type < 4 ? types[Int(type)] : "client type \(type)") }
    if let identity = internalIdentity { parts.append(identity < 5 ? identities[Int(identity)] : "internal identity \(identity)") }
    return (parts + [hexString(octets)]).joined(separator: ", ")
  }
}
