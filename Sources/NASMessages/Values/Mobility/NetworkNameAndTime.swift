/// Network name, TS 24.008 §10.5.3.5a.
public struct NetworkName: InformationElementValue, Hashable {
  /// Coding scheme, flags, then the text.
  public var octets: [UInt8]

  /// A name in the GSM 7 bit default alphabet; characters that it does not have become "?".
  public init(_ name: String, addsCountryInitials: Bool = false) {
    let codes = GSMAlphabet.codes(name)
    let spare = UInt8((8 - codes.count * 7 % 8) % 8)
    octets = [0x80 | (addsCountryInitials ? 0x08 : 0) | spare] + GSMAlphabet.packed(codes)
  }

  /// The MS should add the letters of the country to the name.
  public var addsCountryInitials: Bool { octets[0] & 0x08 != 0 }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    octets = Array(part.octets)
  }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }

  /// The text: GSM 7 bit default alphabet or UCS2; `nil` for other coding schemes.
  public var text: String? {
    switch octets[0] >> 4 & 0x07 {
    case 0: return GSMAlphabet.text(octets.dropFirst(), spareBits: Int(octets[0] & 0x07))
    case 1:
      let units = stride(from: 1, to: octets.count - 1, by: 2).map { UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]) }
      return String(decoding: units, as: UTF16.self)
    default: return nil
    }
  }
  public var description: String {
    (text.map { "\"\($0)\"" } ?? hexString(octets)) + (addsCountryInitials ? ", with the initials of the country" : "")
  }
}

/// Time zone, TS 24.008 §10.5.3.8: quarters of an hour from GMT.
public struct TimeZone: InformationElementValue, Hashable {
  /// As coded: two decimal digits, low half first; bit 4 is the sign.
  public var octet: UInt8

  public init(octet: UInt8) { self.octet = octet }
  /// - Parameter quarterHours: −79 to 79 (precondition).
  public init(quarterHours: Int) {
    precondition(-79...79 ~= quarterHours, "a time zone is at most 79 quarters of an hour")
    let size = UInt8(abs(quarterHours))
    octet = (size % 10) << 4 | size / 10 | (quarterHours < 0 ? 0x08 : 0)
  }
  /// Quarters of an hour east of GMT, daylight saving included; −79 to 79.
  public var quarterHours: Int {
    let size = Int(octet & 0x07) * 10 + Int(octet >> 4)
    return octet & 0x08 != 0 ? -size : size
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    octet = part[0]
  }
  public func encode(into octets: inout OctetWriter) { octets.append(octet) }
  public var description: String {
    let minutes = abs(quarterHours) * 15
    return "GMT\(quarterHours < 0 ? "-" : "+")\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
  }
}

/// Time zone and time, TS 24.008 §10.5.3.9: year, month, day, hour, minute, second of universal time, and the zone.
public struct UniversalTime: InformationElementValue, Hashable {
  /// Two digits.
  public var year: Int
  public var month: Int
  public var day: Int
  public var hour: Int
  public var minute: Int
  public var second: Int
  /// Of the place; the time itself is universal time.
  public var zone: TimeZone

  /// - Parameters:
  ///   - year: of which the last two digits are sent.
  ///   - second: two digits, like the other parts (precondition when encoded).
  public init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, zone: TimeZone = TimeZone(octet: 0)) {
    self.year = year % 100
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.zone = zone
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(7)
    func digits(_ index: Int) throws(NASDecodingError) -> Int {
      let tens = part[index] & 0x0F
      let ones = part[index] >> 4
      guard tens < 10, ones < 10 else { throw part.invalid(at: index, expected: 9, found: Int(max(tens, ones))) }
      return Int(tens) * 10 + Int(ones)
    }
    year = try digits(0)
    month = try digits(1)
    day = try digits(2)
    hour = try digits(3)
    minute = try digits(4)
    second = try digits(5)
    zone = TimeZone(octet: part[6])
  }
  public func encode(into octets: inout OctetWriter) {
    for value in [year, month, day, hour, minute, second] {
      precondition(0...99 ~= value, "two digits")
      octets.append(UInt8(value % 10) << 4 | UInt8(value / 10))
    }
    octets.append(zone.octet)
  }
  public var description: String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "20\(two(year))-\(two(month))-\(two(day)) \(two(hour)):\(two(minute)):\(two(second)) UTC, zone \(zone)"
  }
}

/// Daylight saving time, TS 24.008 §10.5.3.12.
public struct DaylightSavingTime: InformationElementValue, Hashable {
  public var octet: UInt8

  public init(octet: UInt8) { self.octet = octet }
  /// - Parameter hours: 0 to 2 (precondition).
  public init(hours: Int) {
    precondition(0...2 ~= hours, "daylight saving is 0, 1 or 2 hours")
    octet = UInt8(hours)
  }
  /// What the time zone includes for daylight saving, 0 to 2; 3 is reserved.
  public var hours: Int { Int(octet & 0x03) }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    octet = part[0]
  }
  public func encode(into octets: inout OctetWriter) { octets.append(octet) }
  public var description: String { "+\(hours) h" }
}
