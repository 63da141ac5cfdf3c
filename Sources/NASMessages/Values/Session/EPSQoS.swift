/// EPS quality of service, TS 24.301 §9.9.4.3: QCI, then optional bit rates of GBR bearers.
public struct EPSQoS: InformationElementValue, Hashable {
  /// 0 (UE: none requested), 1 to 254.
  public var qci: UInt8
  /// Maximum bit rate uplink and downlink, guaranteed bit rate uplink and downlink as coded: 0, 4, 8 or 12 octets.
  public var bitRates: [UInt8]

  /// The four rates in kbit/s.
  public struct Rates: Hashable, Sendable {
    /// In kbit/s; so are the others.
    public var maximumUplink: Int
    public var maximumDownlink: Int
    public var guaranteedUplink: Int
    public var guaranteedDownlink: Int

    public init(maximumUplink: Int, maximumDownlink: Int, guaranteedUplink: Int, guaranteedDownlink: Int) {
      self.maximumUplink = maximumUplink
      self.maximumDownlink = maximumDownlink
      self.guaranteedUplink = guaranteedUplink
      self.guaranteedDownlink = guaranteedDownlink
    }

    fileprivate var all: [Int] { [maximumUplink, maximumDownlink, guaranteedUplink, guaranteedDownlink] }
  }

  /// - Parameter bitRates: as coded, 0, 4, 8 or 12 octets.
  public init(qci: UInt8, bitRates: [UInt8] = []) {
    self.qci = qci
    self.bitRates = bitRates
  }

  /// - Parameter rates: each rounded down to what can be coded, up to 10 Gbit/s.
  public init(qci: UInt8, rates: Rates) {
    self.qci = qci
    bitRates = rates.all.map { BitRate.base(for: $0) }
    if rates.all.contains(where: { $0 > 8640 }) { bitRates += rates.all.map { BitRate.extended(for: $0) } }
    if rates.all.contains(where: { $0 > 256_000 }) {
      bitRates += rates.all.map { BitRate.extended2(for: $0) }
    }
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    qci = part[0]
    bitRates = Array(part.octets.dropFirst())
  }
  public func encode(into octets: inout OctetWriter) {
    octets.append(qci)
    octets.append(contentsOf: bitRates)
  }

  /// The rates, or `nil` where there are none (or fewer than four octets of them).
  public var rates: Rates? {
    guard bitRates.count >= 4 else { return nil }
    return Rates(maximumUplink: rate(0), maximumDownlink: rate(1), guaranteedUplink: rate(2), guaranteedDownlink: rate(3))
  }

  private func rate(_ index: Int) -> Int {
    if bitRates.count >= 12, let rate = BitRate.extended2(bitRates[8 + index]) { return rate }
    if bitRates.count >= 8, let rate = BitRate.extended(bitRates[4 + index]) { return rate }
    return BitRate.base(bitRates[index])
  }

  public var description: String {
    guard let rates else { return "QCI \(qci)" + (bitRates.isEmpty ? "" : ", bit rates \(hexString(bitRates))") }
    return "QCI \(qci), maximum \(rates.maximumUplink) kbit/s up, \(rates.maximumDownlink) down, "
      + "guaranteed \(rates.guaranteedUplink) up, \(rates.guaranteedDownlink) down"
  }
}

/// Extended quality of service, TS 24.301 §9.9.4.30: rates above 10 Gbit/s.
public struct ExtendedQoS: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 10
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// - Parameters: units as coded (table 9.9.4.30.1), values in that unit.
  public init(
    maximumUnit: UInt8, maximumUplink: UInt16, maximumDownlink: UInt16, guaranteedUnit: UInt8, guaranteedUplink: UInt16,
    guaranteedDownlink: UInt16
  ) {
    octets = [maximumUnit]
    octets.append(bigEndian16: maximumUplink)
    octets.append(bigEndian16: maximumDownlink)
    octets.append(guaranteedUnit)
    octets.append(bigEndian16: guaranteedUplink)
    octets.append(bigEndian16: guaranteedDownlink)
  }

  /// In kbit/s; so are the others.
  public var maximumUplink: Int { BitRate.rate(uint16(at: 1), unit: octets[0]) }
  public var maximumDownlink: Int { BitRate.rate(uint16(at: 3), unit: octets[0]) }
  public var guaranteedUplink: Int { BitRate.rate(uint16(at: 6), unit: octets[5]) }
  public var guaranteedDownlink: Int { BitRate.rate(uint16(at: 8), unit: octets[5]) }

  public var description: String {
    "maximum \(maximumUplink) kbit/s up, \(maximumDownlink) down, guaranteed \(guaranteedUplink) up, \(guaranteedDownlink) down"
  }
}
