/// NBIFOM container, TS 24.301 §9.9.4.19: parameters of network-based IP flow mobility, TS 24.161 §6.1.
public struct NBIFOMContainer: InformationElementValue, Hashable {
  /// One parameter of the list.
  public struct Parameter: Hashable, Sendable, CustomStringConvertible {
    /// 1 mode, 2 default access, 3 status, 4 routing rules, 5 IP flow mapping, 6 RAN rules handling, 7 access stratum status,
    /// 8 access usability indication.
    public var identifier: UInt8
    /// At most 255 octets (precondition when encoded).
    public var contents: [UInt8]

    /// - Parameter contents: at most 255 octets (precondition when encoded).
    public init(_ identifier: UInt8, _ contents: [UInt8]) {
      self.identifier = identifier
      self.contents = contents
    }

    /// The rules of routing rules and of an IP flow mapping; `nil`: another parameter, or they do not add up.
    public var routingRules: [RoutingRule]? { identifier == 4 || identifier == 5 ? RoutingRule.all(contents) : nil }

    public var description: String {
      let value = contents.count == 1 ? contents[0] : nil
      switch (identifier, value) {
      case (1, 1): return "UE-initiated NBIFOM mode"
      case (1, 2): return "network-initiated NBIFOM mode"
      case (2, 1): return "default access 3GPP"
      case (2, 2): return "default access non-3GPP"
      case (3, let status?): return "status " + (Self.statusName(status) ?? "#\(status), read as protocol error")
      case (6, let handling?): return "RAN rules handling parameter is \(handling == 2 ? "set" : "not set")"
      case (7, let status?):
        return "access stratum status: "
          + (status == 2 ? "move traffic from WLAN" : status == 3 ? "move traffic to WLAN" : "no indication")
      case (8, let usability?):
        let words = ["no change", "becomes usable", "becomes unusable", "reserved"]
        return "3GPP access \(words[Int(usability & 0x03)]), WLAN access \(words[Int(usability >> 2 & 0x03)])"
      case (4, _), (5, _):
        let name = identifier == 4 ? "routing rules" : "IP flow mapping"
        guard let rules = routingRules else { return name + " " + hexString(contents) }
        return name + " " + rules.map(\.description).joined(separator: "; ")
      default: return "parameter \(identifier) \(hexString(contents))"
      }
    }

    private static func statusName(_ value: UInt8) -> String? {
      switch value {
      case 0x00: "accepted"
      case 0x1A: "insufficient resources"
      case 0x22: "service option temporarily out of order"
      case 0x25: "requested service option not subscribed"
      case 0x39: "incorrect indication in the routing rule operation"
      case 0x3A: "unknown information in IP flow filters"
      case 0x3F: "request rejected, unspecified"
      case 0x6F: "protocol error, unspecified"
      case 0x82: "unknown routing access information"
      default: nil
      }
    }
  }

  /// A routing rule, TS 24.161 §6.1.5.
  public struct RoutingRule: Hashable, Sendable, CustomStringConvertible {
    /// What tells the rule from others.
    public var identifier: UInt8
    /// Routing access in bits 7 and 8 (1: 3GPP, 2: non-3GPP), operation in bits 1 to 3 (1 create, 2 delete, 3 replace).
    public var accessAndOperation: UInt8
    /// The lower, the earlier it is tried.
    public var priority: UInt8
    /// Which components of a packet filter follow, and these, as coded.
    public var filter: [UInt8]

    /// 1: 3GPP access, 2: non-3GPP access.
    public var routingAccess: UInt8 { accessAndOperation >> 6 }
    /// 1 create, 2 delete, 3 replace.
    public var operation: UInt8 { accessAndOperation & 0x07 }

    /// Each rule has its length in front.
    fileprivate static func all(_ octets: [UInt8]) -> [RoutingRule]? {
      var rules: [RoutingRule] = []
      var rest = octets[...]
      while let length = rest.popFirst() {
        guard length >= 3, rest.count >= Int(length) else { return nil }
        let rule = Array(rest.prefix(Int(length)))
        rules.append(RoutingRule(identifier: rule[0], accessAndOperation: rule[1], priority: rule[2], filter: Array(rule[3...])))
        rest = rest.dropFirst(Int(length))
      }
      return rules
    }

    public var description: String {
      let operations = ["spare", "create", "delete", "replace"]
      let access = routingAccess == 1 ? "3GPP" : routingAccess == 2 ? "non-3GPP" : "access \(routingAccess)"
      return (operation < 4 ? operations[Int(operation)] : "operation \(operation)")
        + " rule \(identifier), \(access), priority \(priority), filter \(hexString(filter))"
    }
  }

  /// In the order of the message; of several of a kind the first counts.
  public var parameters: [Parameter]

  public init(_ parameters: [Parameter]) { self.parameters = parameters }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    parameters = try part.entries("parameter").map { Parameter($0, $1) }
  }

  public func encode(into octets: inout OctetWriter) {
    for parameter in parameters { octets.append(entry: parameter.identifier, parameter.contents) }
  }

  /// The contents of the first parameter with an identifier; the others of its kind do not count.
  public subscript(_ identifier: UInt8) -> [UInt8]? { parameters.first { $0.identifier == identifier }?.contents }

  public var description: String { parameters.map(\.description).joined(separator: ", ") }
}
