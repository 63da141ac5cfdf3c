/// TS 24.301 §9.9.4.9.
public enum PDNAddress: InformationElementValue, Hashable {
  /// Four octets in network order.
  case ipv4(UInt32)
  /// The interface identifier, 64 bits.
  case ipv6(UInt64)
  case ipv4v6(interfaceIdentifier: UInt64, ipv4: UInt32)
  /// Non IP, Ethernet and types yet unknown: all octets.
  case other(ArraySlice<UInt8>)

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    switch part[0] & 0x07 {
    case 1:
      try part.require(5)
      self = .ipv4(part.uint32(at: 1))
    case 2:
      try part.require(9)
      self = .ipv6(UInt64(part.uint32(at: 1)) << 32 | UInt64(part.uint32(at: 5)))
    case 3:
      try part.require(13)
      self = .ipv4v6(
        interfaceIdentifier: UInt64(part.uint32(at: 1)) << 32 | UInt64(part.uint32(at: 5)), ipv4: part.uint32(at: 9))
    default: self = .other(part.octets)
    }
  }

  public func encode(into octets: inout OctetWriter) {
    switch self {
    case .ipv4(let address):
      octets.append(1)
      octets.append(bigEndian32: address)
    case .ipv6(let identifier):
      octets.append(2)
      octets.append(bigEndian32: UInt32(truncatingIfNeeded: identifier >> 32))
      octets.append(bigEndian32: UInt32(truncatingIfNeeded: identifier))
    case .ipv4v6(let identifier, let address):
      octets.append(3)
      octets.append(bigEndian32: UInt32(truncatingIfNeeded: identifier >> 32))
      octets.append(bigEndian32: UInt32(truncatingIfNeeded: identifier))
      octets.append(bigEndian32: address)
    case .other(let raw): octets.append(contentsOf: raw)
    }
  }

  public var description: String {
    switch self {
    case .ipv4(let address): "IPv4 \(dotted(address))"
    case .ipv6(let identifier): "IPv6 interface identifier \(hexDigits(identifier, 16))"
    case .ipv4v6(let identifier, let address):
      "IPv4v6 \(dotted(address)), interface identifier \(hexDigits(identifier, 16))"
    case .other(let raw): hexString(raw)
    }
  }

  private func dotted(_ address: UInt32) -> String {
    "\(address >> 24).\(address >> 16 & 0xFF).\(address >> 8 & 0xFF).\(address & 0xFF)"
  }
}
