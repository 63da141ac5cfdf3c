/// A timer value of one octet, unit and count, TS 24.008 §10.5.7.3 (also GPRS timer 2, §10.5.7.4).
public struct GPRSTimer: InformationElementValue, Hashable {
  /// Unit in bits 6 to 8, count in bits 1 to 5.
  public var octet: UInt8

  public init(octet: UInt8) { self.octet = octet }
  /// - Parameter seconds: what can be coded: a multiple of 2 up to 62, of 60 up to 1860, or of 360 up to 11160 (precondition).
  public init(seconds: Int) {
    if seconds % 2 == 0, 0...62 ~= seconds {
      octet = UInt8(seconds / 2)
    } else if seconds % 60 == 0, 0...1860 ~= seconds {
      octet = 0x20 | UInt8(seconds / 60)
    } else {
      precondition(seconds % 360 == 0 && 0...11160 ~= seconds, "\(seconds) s has no GPRS timer coding")
      octet = 0x40 | UInt8(seconds / 360)
    }
  }
  public static let deactivated = GPRSTimer(octet: 0xE0)

  /// `nil` if the timer is deactivated.
  public var duration: Duration? {
    let count = Int(octet & 0x1F)
    switch octet >> 5 {
    case 0: return .seconds(2 * count)
    case 2: return .seconds(360 * count)
    case 7: return nil
    default: return .seconds(60 * count)  // reserved units count as minutes
    }
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    octet = part[0]
  }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(octet) }
  public var description: String { duration.map { "\($0.components.seconds) s" } ?? "deactivated" }
}

/// GPRS timer 3, TS 24.008 §10.5.7.4a, but for T3412 extended (``PeriodicUpdateTimer``).
public struct GPRSTimer3: InformationElementValue, Hashable {
  /// Unit in bits 6 to 8, count in bits 1 to 5.
  public var octet: UInt8

  public init(octet: UInt8) { self.octet = octet }
  /// The first unit, from the finest, that can say `seconds` (precondition: there is one).
  public init(seconds: Int) {
    for (unit, length) in Self.units where seconds % length == 0 && 0...31 ~= seconds / length {
      octet = unit << 5 | UInt8(seconds / length)
      return
    }
    preconditionFailure("\(seconds) s has no GPRS timer 3 coding")
  }
  public static let deactivated = GPRSTimer3(octet: 0xE0)

  fileprivate static let units: [(unit: UInt8, seconds: Int)] = [(3, 2), (4, 30), (5, 60), (0, 600), (1, 3600), (2, 36_000)]

  /// `nil` if the timer is deactivated.
  public var duration: Duration? {
    guard octet >> 5 != 7 else { return nil }
    // 320 hours are a unit of T3412 extended only; elsewhere the value counts hours.
    return .seconds((Self.units.first { $0.unit == octet >> 5 }?.seconds ?? 3600) * Int(octet & 0x1F))
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    octet = part[0]
  }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(octet) }
  public var description: String { duration.map { "\($0.components.seconds) s" } ?? "deactivated" }
}

/// The T3412 extended value: GPRS timer 3 with a unit of 320 hours, which no other timer has (TS 24.008 table 10.5.163a, note 1).
public struct PeriodicUpdateTimer: InformationElementValue, Hashable {
  /// Unit in bits 6 to 8, count in bits 1 to 5.
  public var octet: UInt8

  public init(octet: UInt8) { self.octet = octet }
  /// The first unit, from the finest, that can say `seconds` (precondition: there is one).
  public init(seconds: Int) {
    if seconds % 1_152_000 == 0, 1...31 ~= seconds / 1_152_000, seconds > 31 * 36_000 {
      octet = 6 << 5 | UInt8(seconds / 1_152_000)
    } else {
      octet = GPRSTimer3(seconds: seconds).octet
    }
  }
  public static let deactivated = PeriodicUpdateTimer(octet: 0xE0)

  /// `nil` if the timer is deactivated. In a message without integrity protection the unit of 320 hours counts as one hour
  /// (table 10.5.163a); that is for the caller to see to.
  public var duration: Duration? {
    octet >> 5 == 6 ? .seconds(1_152_000 * Int(octet & 0x1F)) : GPRSTimer3(octet: octet).duration
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    octet = part[0]
  }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(octet) }
  public var description: String { duration.map { "\($0.components.seconds) s" } ?? "deactivated" }
}
