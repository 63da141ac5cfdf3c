/// A packet filter of a traffic flow template, TS 24.008 table 10.5.162.
public struct PacketFilter: Hashable, Sendable, CustomStringConvertible {
  /// Bits 5 and 6 of the first octet.
  public enum Direction: UInt8, Sendable {
    case preRelease7 = 0
    case downlinkOnly = 1
    case uplinkOnly = 2
    case bidirectional = 3
  }

  /// Bits 7 and 8 spare, direction in 5 and 6, identifier in 1 to 4.
  private var head: UInt8
  /// Evaluation precedence: a lower value is looked at earlier.
  public var precedence: UInt8
  /// All have to fit for the filter to match.
  public var components: [Component]
  /// What is left of the contents after a component of unknown type, whose length cannot be known.
  public var rest: [UInt8]

  /// - Parameter identifier: 0 to 15 (precondition).
  public init(identifier: UInt8, direction: Direction, precedence: UInt8, components: [Component]) {
    precondition(identifier < 16, "a packet filter identifier is 0 to 15")
    head = direction.rawValue << 4 | identifier
    self.precedence = precedence
    self.components = components
    rest = []
  }

  /// 0 to 15.
  public var identifier: UInt8 { head & 0x0F }
  /// Bits 5 and 6 of the first octet.
  public var direction: Direction { Direction(rawValue: head >> 4 & 0x03) ?? .preRelease7 }

  /// One thing that a packet is compared with.
  public struct Component: Hashable, Sendable, CustomStringConvertible {
    /// Packet filter component type identifier.
    public struct Kind: RawRepresentable, Hashable, Sendable {
      public let rawValue: UInt8
      public init(rawValue: UInt8) { self.rawValue = rawValue }

      /// Address and mask, 8 octets.
      public static let ipv4RemoteAddress = Kind(rawValue: 0x10)
      /// Address and mask, 8 octets.
      public static let ipv4LocalAddress = Kind(rawValue: 0x11)
      /// Address and mask, 32 octets.
      public static let ipv6RemoteAddress = Kind(rawValue: 0x20)
      /// Address and prefix length, 17 octets.
      public static let ipv6RemotePrefix = Kind(rawValue: 0x21)
      /// Address and prefix length, 17 octets.
      public static let ipv6LocalPrefix = Kind(rawValue: 0x23)
      public static let protocolIdentifier = Kind(rawValue: 0x30)
      public static let localPort = Kind(rawValue: 0x40)
      public static let localPortRange = Kind(rawValue: 0x41)
      public static let remotePort = Kind(rawValue: 0x50)
      public static let remotePortRange = Kind(rawValue: 0x51)
      public static let securityParameterIndex = Kind(rawValue: 0x60)
      /// Value and mask.
      public static let typeOfService = Kind(rawValue: 0x70)
      /// 20 bits in 3 octets.
      public static let flowLabel = Kind(rawValue: 0x80)
      public static let destinationMAC = Kind(rawValue: 0x81)
      public static let sourceMAC = Kind(rawValue: 0x82)
      public static let cTagVID = Kind(rawValue: 0x83)
      public static let sTagVID = Kind(rawValue: 0x84)
      public static let cTagPriority = Kind(rawValue: 0x85)
      public static let sTagPriority = Kind(rawValue: 0x86)
      public static let ethertype = Kind(rawValue: 0x87)

      /// Octets of the value; `nil` for unknown types.
      public var length: Int? {
        switch rawValue {
        case 0x10, 0x11: 8
        case 0x20: 32
        case 0x21, 0x23: 17
        case 0x30, 0x85, 0x86: 1
        case 0x40, 0x50, 0x70, 0x83, 0x84, 0x87: 2
        case 0x41, 0x51, 0x60: 4
        case 0x80: 3
        case 0x81, 0x82: 6
        default: nil
        }
      }

      fileprivate var name: String {
        switch rawValue {
        case 0x10: "IPv4 remote"
        case 0x11: "IPv4 local"
        case 0x20: "IPv6 remote"
        case 0x21: "IPv6 remote prefix"
        case 0x23: "IPv6 local prefix"
        case 0x30: "protocol"
        case 0x40: "local port"
        case 0x41: "local ports"
        case 0x50: "remote port"
        case 0x51: "remote ports"
        case 0x60: "SPI"
        case 0x70: "type of service"
        case 0x80: "flow label"
        case 0x81: "destination MAC"
        case 0x82: "source MAC"
        case 0x83: "C-TAG VID"
        case 0x84: "S-TAG VID"
        case 0x85: "C-TAG PCP/DEI"
        case 0x86: "S-TAG PCP/DEI"
        case 0x87: "Ethertype"
        default: "type 0x" + hexOctet(rawValue)
        }
      }
    }

    /// What is compared.
    public let kind: Kind
    /// As coded.
    public let octets: [UInt8]

    /// - Parameter octets: as many as the kind has (precondition).
    public init(_ kind: Kind, _ octets: [UInt8]) {
      precondition(kind.length == octets.count, "a component \(kind.name) has \(kind.length ?? 0) octets")
      self.kind = kind
      self.octets = octets
    }

    /// A protocol (IPv4) or next header (IPv6).
    public static func protocolIdentifier(_ value: UInt8) -> Component { Component(.protocolIdentifier, [value]) }
    /// One port of the UE.
    public static func localPort(_ port: UInt16) -> Component { Component(.localPort, [UInt8(port >> 8), UInt8(port & 0xFF)]) }
    /// One port of the other side.
    public static func remotePort(_ port: UInt16) -> Component { Component(.remotePort, [UInt8(port >> 8), UInt8(port & 0xFF)]) }

    public var description: String {
      func number(_ from: Int, _ count: Int) -> Int { octets[from..<from + count].reduce(0) { $0 << 8 | Int($1) } }
      func dotted(_ from: Int) -> String { octets[from..<from + 4].map { "\($0)" }.joined(separator: ".") }
      let value =
        switch kind {
        case .ipv4RemoteAddress, .ipv4LocalAddress: dotted(0) + "/" + dotted(4)
        case .ipv6RemotePrefix, .ipv6LocalPrefix: ipv6Address(octets[..<16]) + "/\(octets[16])"
        case .ipv6RemoteAddress: ipv6Address(octets[..<16]) + " mask " + ipv6Address(octets[16...])
        case .typeOfService: "\(hexString(octets[..<1])) mask \(hexString(octets[1...]))"
        case .securityParameterIndex, .flowLabel, .ethertype: "0x" + hexString(octets)
        case .cTagVID, .sTagVID: "\(number(0, 2) & 0x0FFF)"
        case .protocolIdentifier: "\(octets[0])"
        case .localPort, .remotePort: "\(number(0, 2))"
        case .localPortRange, .remotePortRange: "\(number(0, 2))-\(number(2, 2))"
        default: hexString(octets)
        }
      return kind.name + " " + value
    }
  }

  init(_ part: ValuePart, _ at: inout Int) throws(NASDecodingError) {
    try part.require(at + 3)
    head = part[at]
    precedence = part[at + 1]
    let end = at + 3 + Int(part[at + 2])
    try part.require(end)
    at += 3
    components = []
    rest = []
    while at < end {
      let kind = Component.Kind(rawValue: part[at])
      guard let length = kind.length, at + 1 + length <= end else {
        rest = Array(part.octets.dropFirst(at).prefix(end - at))
        at = end
        return
      }
      components.append(Component(kind, Array(part.octets.dropFirst(at + 1).prefix(length))))
      at += 1 + length
    }
  }

  func encode(into octets: inout OctetWriter) {
    octets.append(head)
    octets.append(precedence)
    let place = octets.count
    octets.append(0)
    for component in components {
      octets.append(component.kind.rawValue)
      octets.append(contentsOf: component.octets)
    }
    octets.append(contentsOf: rest)
    let length = octets.count - place - 1
    precondition(length < 256, "the length of a packet filter is one octet")
    octets[place] = UInt8(length)
  }

  public var description: String {
    let words =
      switch direction {
      case .preRelease7: "pre Rel-7"
      case .downlinkOnly: "downlink"
      case .uplinkOnly: "uplink"
      case .bidirectional: "both directions"
      }
    return "filter \(identifier), \(words), precedence \(precedence): " + components.map(\.description).joined(separator: ", ")
      + (rest.isEmpty ? "" : " then \(hexString(rest))")
  }
}
