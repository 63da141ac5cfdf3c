/// EPS quality of service, TS 24.301 §9.9.4.3: QCI, then optional bit rates of GBR bearers.
public struct EPSQoS: InformationElementValue, Hashable {
  public var qci: UInt8
  /// Maximum and guaranteed bit rates as coded, 0, 4, 8 or 12 octets.
  public var bitRates: [UInt8]

  public init(qci: UInt8, bitRates: [UInt8] = []) {
    self.qci = qci
    self.bitRates = bitRates
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    qci = part[0]
    bitRates = Array(part.octets.dropFirst())
  }
  public func encode(into octets: inout [UInt8]) {
    octets.append(qci)
    octets.append(contentsOf: bitRates)
  }
  public var description: String { "QCI \(qci)" + (bitRates.isEmpty ? "" : ", bit rates \(hexString(bitRates))") }
}

/// APN aggregate maximum bit rate, TS 24.301 §9.9.4.2: downlink and uplink, with optional extensions.
public struct APNAMBR: InformationElementValue, Hashable {
  /// 2, 4 or 6 octets as coded.
  public var octets: [UInt8]

  /// - Parameter octets: at least 2 (precondition).
  public init(octets: [UInt8]) {
    precondition(octets.count >= 2, "APN-AMBR has at least a downlink and an uplink octet")
    self.octets = octets
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(2)
    octets = Array(part.octets)
  }
  public func encode(into octets: inout [UInt8]) { octets.append(contentsOf: self.octets) }

  /// In kbit/s.
  public var downlink: Int { rate(0) }
  /// In kbit/s.
  public var uplink: Int { rate(1) }

  private func rate(_ index: Int) -> Int {
    let base =
      switch Int(octets[index]) {
      case 0xFF: 0
      case let value where value < 0x40: value
      case let value where value < 0x80: 64 + (value - 0x40) * 8
      case let value: 576 + (value - 0x80) * 64
      }
    let wide = octets.count > 5 ? Int(octets[4 + index]) * 256_000 : 0
    guard octets.count > 3, octets[2 + index] != 0 else { return base + wide }
    let extended =
      switch Int(octets[2 + index]) {
      case let value where value <= 0x4A: 8600 + value * 100
      case let value where value <= 0xBA: 16_000 + (value - 0x4A) * 1000
      case let value: 128_000 + (value - 0xBA) * 2000
      }
    return extended + wide
  }

  public var description: String { "downlink \(downlink) kbit/s, uplink \(uplink) kbit/s" }
}
