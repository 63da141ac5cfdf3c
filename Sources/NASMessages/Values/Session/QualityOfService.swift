/// Quality of service of GPRS, TS 24.008 §10.5.6.5: 11 to 20 octets of value, the later ones optional. Octets that are absent
/// give `nil`.
public struct QualityOfService: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 3
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  private func octet(_ index: Int) -> UInt8? { index < octets.count ? octets[index] : nil }

  // MARK: Classes of R97

  /// 1 to 4; 4 is best effort, 0 subscribed.
  public var delayClass: UInt8 { octets[0] >> 3 & 0x07 }
  /// 1 to 6; 0 subscribed.
  public var reliabilityClass: UInt8 { octets[0] & 0x07 }
  /// 1 (1000 octets/s) to 9 (256,000 octets/s), doubling; 0 subscribed.
  public var peakThroughput: UInt8 { octets[1] >> 4 }
  /// 1 high, 2 normal, 3 low priority; 0 subscribed.
  public var precedenceClass: UInt8 { octets[1] & 0x07 }
  /// 1 (100 octets/h) to 18 (50,000,000 octets/h), 31 best effort; 0 subscribed.
  public var meanThroughput: UInt8 { octets[2] & 0x1F }

  // MARK: R99

  /// 1 conversational, 2 streaming, 3 interactive, 4 background; 0 subscribed.
  public var trafficClass: UInt8? { octet(3).map { $0 >> 5 } }
  /// 1 with, 2 without delivery order; 0 subscribed.
  public var deliveryOrder: UInt8? { octet(3).map { $0 >> 3 & 0x03 } }
  /// 1 no detection, 2 erroneous SDUs are delivered, 3 they are not; 0 subscribed.
  public var deliveryOfErroneousSDUs: UInt8? { octet(3).map { $0 & 0x07 } }
  /// In octets; `nil` also for "subscribed" and reserved values.
  public var maximumSDUSize: Int? {
    switch octet(4) {
    case let code? where 1...150 ~= code: Int(code) * 10
    case 151: 1502
    case 152: 1510
    case 153: 1520
    default: nil
    }
  }
  /// In kbit/s, the extensions included.
  public var maximumBitRateUplink: Int? { rate(5, extended: 14) }
  /// In kbit/s, the extensions included.
  public var maximumBitRateDownlink: Int? { rate(6, extended: 12) }
  /// As coded: 1 is 5 per cent, 9 is 6 times 10 to the -8; 0 subscribed.
  public var residualBitErrorRate: UInt8? { octet(7).map { $0 >> 4 } }
  /// As coded: 1 is 1 per cent, 6 is 10 to the -6, 7 is 10 per cent; 0 subscribed.
  public var sduErrorRatio: UInt8? { octet(7).map { $0 & 0x0F } }
  /// In milliseconds; `nil` also for "subscribed" and the reserved value.
  public var transferDelay: Int? {
    switch octet(8).map({ Int($0 >> 2) }) {
    case let code? where 1...15 ~= code: code * 10
    case let code? where 16...31 ~= code: 200 + (code - 16) * 50
    case let code? where 32...62 ~= code: 1000 + (code - 32) * 100
    default: nil
    }
  }
  /// 1 to 3, of the interactive class; 0 subscribed.
  public var trafficHandlingPriority: UInt8? { octet(8).map { $0 & 0x03 } }
  /// In kbit/s, the extensions included.
  public var guaranteedBitRateUplink: Int? { rate(9, extended: 15) }
  /// In kbit/s, the extensions included.
  public var guaranteedBitRateDownlink: Int? { rate(10, extended: 13) }
  /// Optimised for signalling traffic.
  public var isOptimisedForSignalling: Bool? { octet(11).map { $0 & 0x10 != 0 } }
  /// 1 speech; 0 unknown.
  public var sourceStatisticsDescriptor: UInt8? { octet(11).map { $0 & 0x0F } }

  /// The extended-2 octets stand four octets after the extended ones, in the same order.
  private func rate(_ index: Int, extended: Int) -> Int? {
    guard let base = octet(index) else { return nil }
    if let octet = octet(extended + 4), let rate = BitRate.extended2(octet) { return rate }
    if let octet = octet(extended), let rate = BitRate.extended(octet) { return rate }
    return BitRate.base(base)
  }

  public var description: String {
    let classes = ["subscribed", "conversational", "streaming", "interactive", "background"]
    var parts = ["delay class \(delayClass)", "reliability class \(reliabilityClass)", "precedence class \(precedenceClass)"]
    if let traffic = trafficClass { parts.append(Int(traffic) < classes.count ? classes[Int(traffic)] : "class \(traffic)") }
    if let size = maximumSDUSize { parts.append("SDUs up to \(size) octets") }
    if let up = maximumBitRateUplink, let down = maximumBitRateDownlink { parts.append("maximum \(up) kbit/s up, \(down) down") }
    if let delay = transferDelay { parts.append("transfer delay \(delay) ms") }
    if let up = guaranteedBitRateUplink, let down = guaranteedBitRateDownlink {
      parts.append("guaranteed \(up) kbit/s up, \(down) down")
    }
    return parts.joined(separator: ", ")
  }
}
