/// TS 24.008 §10.5.6.3, and extended protocol configuration options, §10.5.6.3A.
public struct ProtocolConfigurationOptions: InformationElementValue, Hashable {
  /// A protocol (0x8021 IPCP …) or container (0x000D DNS server IPv4 address …) and its contents.
  public struct Container: Hashable, Sendable {
    public var identifier: UInt16
    public var contents: [UInt8]

    public init(_ identifier: UInt16, _ contents: [UInt8] = []) {
      self.identifier = identifier
      self.contents = contents
    }

    public static let ipcp: UInt16 = 0x8021
    public static let pap: UInt16 = 0xC023
    public static let chap: UInt16 = 0xC223
    public static let dnsServerIPv6: UInt16 = 0x0003
    public static let ipAddressAllocationViaNAS: UInt16 = 0x000A
    public static let dnsServerIPv4: UInt16 = 0x000D
    public static let ipv4LinkMTU: UInt16 = 0x0010
  }

  /// The first octet: bit 8 set, configuration protocol in bits 1 to 3 (0: PPP).
  public var header: UInt8
  public var containers: [Container]

  public init(_ containers: [Container] = []) {
    header = 0x80
    self.containers = containers
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    header = part[0]
    containers = []
    var at = 1
    while at < part.count {
      try part.require(at + 3)
      let length = Int(part[at + 2])
      try part.require(at + 3 + length)
      let start = part.octets.startIndex + at + 3
      containers.append(Container(part.uint16(at: at), Array(part.octets[start..<start + length])))
      at += 3 + length
    }
  }

  public func encode(into octets: inout [UInt8]) {
    octets.append(header)
    for container in containers {
      precondition(container.contents.count < 256, "the length of a container is one octet")
      octets.append(bigEndian16: container.identifier)
      octets.append(UInt8(container.contents.count))
      octets.append(contentsOf: container.contents)
    }
  }

  /// The contents of the first container with an identifier.
  public subscript(_ identifier: UInt16) -> [UInt8]? { containers.first { $0.identifier == identifier }?.contents }

  public var description: String {
    containers.map { "0x\(hexDigits($0.identifier, 4))" + ($0.contents.isEmpty ? "" : " \(hexString($0.contents))") }
      .joined(separator: ", ")
  }
}
