/// Protocol configuration options, TS 24.008 §10.5.6.3: protocols and containers by identifier.
public struct ProtocolConfigurationOptions: InformationElementValue, Hashable {
  /// A protocol (0x8021 IPCP …) or container (0x000D DNS server IPv4 address …) and its contents.
  public struct Container: Hashable, Sendable {
    /// Protocol or container identifier.
    public var identifier: UInt16
    /// As coded; at most 255 octets, or 65,535 where the length has two (precondition when encoded).
    public var contents: [UInt8]

    /// - Parameter contents: empty in requests of the UE.
    public init(_ identifier: UInt16, _ contents: [UInt8] = []) {
      self.identifier = identifier
      self.contents = contents
    }

    /// Identifiers of TS 24.008 table 10.5.154; the network's name where the directions differ.
    public static let ipcp: UInt16 = 0x8021
    public static let lcp: UInt16 = 0xC021
    public static let pap: UInt16 = 0xC023
    public static let chap: UInt16 = 0xC223
    public static let pCSCFIPv6: UInt16 = 0x0001
    public static let imCNSubsystemSignallingFlag: UInt16 = 0x0002
    public static let dnsServerIPv6: UInt16 = 0x0003
    public static let selectedBearerControlMode: UInt16 = 0x0005
    public static let ipAddressAllocationViaNAS: UInt16 = 0x000A
    public static let ipv4AddressAllocationViaDHCP: UInt16 = 0x000B
    public static let pCSCFIPv4: UInt16 = 0x000C
    public static let dnsServerIPv4: UInt16 = 0x000D
    public static let msisdn: UInt16 = 0x000E
    public static let ipv4LinkMTU: UInt16 = 0x0010
    public static let localAddressInTFT: UInt16 = 0x0011
    public static let nonIPLinkMTU: UInt16 = 0x0015
    public static let apnRateControl: UInt16 = 0x0016
    public static let psDataOff: UInt16 = 0x0017
    public static let pduSessionIdentity: UInt16 = 0x001A
    public static let sNSSAI: UInt16 = 0x001B
    public static let qosRules: UInt16 = 0x001C
    public static let sessionAMBR: UInt16 = 0x001D
    public static let qosFlowDescriptions: UInt16 = 0x001F
    /// From the network: with a length of two octets.
    public static let longQoSRules: UInt16 = 0x0023
    /// From the network: with a length of two octets.
    public static let longQoSFlowDescriptions: UInt16 = 0x0024
  }

  /// The first octet: bit 8 set, configuration protocol in bits 1 to 3 (0: PPP).
  public var header: UInt8
  /// In the order of the message.
  public var containers: [Container]

  public init(_ containers: [Container] = []) {
    header = 0x80
    self.containers = containers
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    (header, containers, _) = try Container.read(part) { _ in false }
  }

  public func encode(into octets: inout OctetWriter) {
    octets.append(header)
    for container in containers { container.write(into: &octets, long: false) }
  }

  /// The contents of the first container with an identifier.
  public subscript(_ identifier: UInt16) -> [UInt8]? { containers.first { $0.identifier == identifier }?.contents }

  public var description: String { containers.map(\.description).joined(separator: ", ") }
}

/// Extended protocol configuration options that the UE sends, TS 24.008 §10.5.6.3A.
public struct ExtendedProtocolConfigurationOptions: InformationElementValue, Hashable {
  public typealias Container = ProtocolConfigurationOptions.Container

  /// The first octet: bit 8 set, configuration protocol in bits 1 to 3 (0: PPP).
  public var header: UInt8
  /// In the order of the message.
  public var containers: [Container]

  /// What follows the first 256 containers, unread: a message of 64 KiB has room for twenty thousand, which would take twenty times its
  /// memory.
  public var rest: [UInt8]

  public init(_ containers: [Container] = []) {
    header = 0x80
    self.containers = containers
    rest = []
  }

  // 0x0041 (Rel-17) is the one container with a length of two octets that the UE sends.
  private static func isLong(_ identifier: UInt16) -> Bool { identifier == 0x0041 }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    (header, containers, rest) = try Container.read(part, Self.isLong)
  }

  public func encode(into octets: inout OctetWriter) {
    octets.append(header)
    for container in containers { container.write(into: &octets, long: Self.isLong(container.identifier)) }
    octets.append(contentsOf: rest)
  }

  /// The contents of the first container with an identifier.
  public subscript(_ identifier: UInt16) -> [UInt8]? { containers.first { $0.identifier == identifier }?.contents }

  public var description: String {
    containers.map(\.description).joined(separator: ", ") + (rest.isEmpty ? "" : ", then \(rest.count) octets")
  }
}

/// Extended protocol configuration options that the network sends, TS 24.008 §10.5.6.3A: some containers have a length of two
/// octets, with identifiers that the UE uses for its support of them, with a length of one.
public struct NetworkExtendedProtocolConfigurationOptions: InformationElementValue, Hashable {
  public typealias Container = ProtocolConfigurationOptions.Container

  /// The first octet: bit 8 set, configuration protocol in bits 1 to 3 (0: PPP).
  public var header: UInt8
  /// In the order of the message.
  public var containers: [Container]

  /// What follows the first 256 containers, unread: a message of 64 KiB has room for twenty thousand, which would take twenty times its
  /// memory.
  public var rest: [UInt8]

  public init(_ containers: [Container] = []) {
    header = 0x80
    self.containers = containers
    rest = []
  }

  // QoS rules, QoS flow descriptions, ATSSS response, DNS server security information; 0x0032 and 0x0041 are of Rel-17.
  private static func isLong(_ identifier: UInt16) -> Bool {
    switch identifier {
    case 0x0023, 0x0024, 0x0030, 0x0031, 0x0032, 0x0041: true
    default: false
    }
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    (header, containers, rest) = try Container.read(part, Self.isLong)
  }

  public func encode(into octets: inout OctetWriter) {
    octets.append(header)
    for container in containers { container.write(into: &octets, long: Self.isLong(container.identifier)) }
    octets.append(contentsOf: rest)
  }

  /// The contents of the first container with an identifier.
  public subscript(_ identifier: UInt16) -> [UInt8]? { containers.first { $0.identifier == identifier }?.contents }

  public var description: String {
    containers.map(\.description).joined(separator: ", ") + (rest.isEmpty ? "" : ", then \(rest.count) octets")
  }
}

extension ProtocolConfigurationOptions.Container {
  /// - Parameter isLong: which containers have a length of two octets.
  static func read(
    _ part: ValuePart, _ isLong: (UInt16) -> Bool
  ) throws(NASDecodingError) -> (header: UInt8, containers: [Self], rest: [UInt8]) {
    try part.require(1)
    var containers: [Self] = []
    var at = 1
    while at < part.count, containers.count < 256 {
      let item = part.item("container", containers.count)
      try item.require(at + 3)
      let identifier = part.uint16(at: at)
      let isLong = isLong(identifier)
      if isLong { try item.require(at + 4) }
      let length = isLong ? Int(part.uint16(at: at + 2)) : Int(part[at + 2])
      at += isLong ? 4 : 3
      try item.require(at + length)
      containers.append(Self(identifier, Array(part.octets.dropFirst(at).prefix(length))))
      at += length
    }
    return (part[0], containers, Array(part.octets.dropFirst(at)))
  }

  func write(into octets: inout OctetWriter, long: Bool) {
    precondition(contents.count < (long ? 65_536 : 256), "the length of a container is \(long ? "two octets" : "one octet")")
    octets.append(bigEndian16: identifier)
    if long { octets.append(bigEndian16: contents.count) } else { octets.append(UInt8(contents.count)) }
    octets.append(contentsOf: contents)
  }
}
