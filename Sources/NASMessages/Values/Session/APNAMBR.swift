/// APN aggregate maximum bit rate, TS 24.301 §9.9.4.2: downlink and uplink, with optional extensions.
public struct APNAMBR: InformationElementValue, Hashable {
  /// 2, 4 or 6 octets as coded.
  public var octets: [UInt8]

  /// - Parameter octets: at least 2 (precondition).
  public init(octets: [UInt8]) {
    precondition(octets.count >= 2, "APN-AMBR has at least a downlink and an uplink octet")
    self.octets = octets
  }

  /// - Parameters: in kbit/s, each rounded down to what can be coded, up to 65,280,000.
  public init(downlink: Int, uplink: Int) {
    let rates = [downlink, uplink]
    // The third pair counts in 256 Mbit/s and is added to the rest.
    let wide = rates.map { $0 > 256_000 ? min($0 / 256_000, 0xFE) : 0 }
    let rest = zip(rates, wide).map { $0 - $1 * 256_000 }
    octets = rest.map { BitRate.base(for: $0) }
    if rates.contains(where: { $0 > 8640 }) { octets += rest.map { BitRate.extended(for: $0) } }
    if rates.contains(where: { $0 > 256_000 }) { octets += wide.map { UInt8($0) } }
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(2)
    octets = Array(part.octets)
  }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }

  /// In kbit/s.
  public var downlink: Int { rate(0) }
  /// In kbit/s.
  public var uplink: Int { rate(1) }

  private func rate(_ index: Int) -> Int {
    let narrow = (octets.count > 3 ? BitRate.extended(octets[2 + index]) : nil) ?? BitRate.base(octets[index])
    // 255 is read as 0.
    guard octets.count > 5, octets[4 + index] != 0xFF else { return narrow }
    return narrow + Int(octets[4 + index]) * 256_000
  }

  public var description: String { "downlink \(downlink) kbit/s, uplink \(uplink) kbit/s" }
}

/// Extended APN aggregate maximum bit rate, TS 24.301 §9.9.4.29: rates above 65,280 Mbit/s.
public struct ExtendedAPNAMBR: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 6
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// - Parameters: units as coded (table 9.9.4.29.1), values in that unit.
  public init(downlinkUnit: UInt8, downlink: UInt16, uplinkUnit: UInt8, uplink: UInt16) {
    octets = [downlinkUnit]
    octets.append(bigEndian16: downlink)
    octets.append(uplinkUnit)
    octets.append(bigEndian16: uplink)
  }

  /// In kbit/s.
  public var downlink: Int { octets[0] < 3 ? 0 : BitRate.rate(uint16(at: 1), unit: octets[0]) }
  /// In kbit/s.
  public var uplink: Int { octets[3] < 3 ? 0 : BitRate.rate(uint16(at: 4), unit: octets[3]) }

  public var description: String { "downlink \(downlink) kbit/s, uplink \(uplink) kbit/s" }
}
