/// The codings of a bit rate in one octet, and the octets that extend it; all rates are in kbit/s.
enum BitRate {
  /// The first octet (TS 24.301 tables 9.9.4.2.1 and 9.9.4.3.1): 1 to 8640; 255 is none; 0 is "subscribed" or reserved.
  static func base(_ octet: UInt8) -> Int {
    switch Int(octet) {
    case 0xFF: 0
    case let value where value < 0x40: value
    case let value where value < 0x80: 64 + (value - 0x40) * 8
    case let value: 576 + (value - 0x80) * 64
    }
  }

  /// The extended octet: 8700 to 256,000; `nil` for 0, which leaves the first octet standing.
  static func extended(_ octet: UInt8) -> Int? {
    switch Int(octet) {
    case 0: nil
    case let value where value <= 0x4A: 8600 + value * 100
    case let value where value <= 0xBA: 16_000 + (value - 0x4A) * 1000
    // "All other values" beyond 0xFA are read as 0xFA.
    case let value: 128_000 + (min(value, 0xFA) - 0xBA) * 2000
    }
  }

  /// The extended-2 octet of the EPS QoS: 260,000 to 10,000,000; `nil` for 0.
  static func extended2(_ octet: UInt8) -> Int? {
    switch Int(octet) {
    case 0: nil
    case let value where value <= 0x3D: 256_000 + value * 4000
    case let value where value <= 0xA1: 500_000 + (value - 0x3D) * 10_000
    case let value: 1_500_000 + (min(value, 0xF6) - 0xA1) * 100_000
    }
  }

  /// The first octet for a rate, rounded down to what can be said; 0xFE stands for all above 8640.
  static func base(for rate: Int) -> UInt8 {
    switch rate {
    case ...0: 0xFF
    case ..<64: UInt8(rate)
    case ..<576: UInt8(0x40 + (rate - 64) / 8)
    case ..<8640: UInt8(0x80 + (rate - 576) / 64)
    default: 0xFE
    }
  }

  /// The extended octet for a rate, rounded down; 0 where the first says it, 0xFA for all above 256,000.
  static func extended(for rate: Int) -> UInt8 {
    switch rate {
    case ..<8700: 0
    case ..<17_000: UInt8(min((rate - 8600) / 100, 0x4A))
    case ..<130_000: UInt8(min(0x4A + (rate - 16_000) / 1000, 0xBA))
    default: UInt8(min(0xBA + (rate - 128_000) / 2000, 0xFA))
    }
  }

  /// The extended-2 octet of the EPS QoS for a rate, rounded down; 0 where the others say it.
  static func extended2(for rate: Int) -> UInt8 {
    switch rate {
    case ..<260_000: 0
    case ..<510_000: UInt8(min((rate - 256_000) / 4000, 0x3D))
    case ..<1_600_000: UInt8(min(0x3D + (rate - 500_000) / 10_000, 0xA1))
    default: UInt8(min(0xA1 + (rate - 1_500_000) / 100_000, 0xF6))
    }
  }

  /// The unit of the extended APN-AMBR and the extended QoS: 1 is 200 kbit/s, then 1 Mbit/s, times 4 each step, 1 Gbit/s after
  /// 256 Mbit/s and so on. 0 and what lies above 256 Pbit/s (0x15) is not used or read as 256 Pbit/s.
  static func unit(_ octet: UInt8) -> Int {
    switch octet {
    case 0: return 0
    case 1: return 200
    default:
      let step = Int(min(octet, 0x15)) - 2
      var unit = 1000
      for _ in 0..<step / 5 { unit *= 1000 }
      for _ in 0..<step % 5 { unit *= 4 }
      return unit
    }
  }

  /// A value in a unit, both as coded, in kbit/s. What has no place in 63 bits (above 9 Zbit/s) counts as the most that has.
  static func rate(_ value: UInt16, unit: UInt8) -> Int {
    let (rate, overflow) = Int(value).multipliedReportingOverflow(by: Self.unit(unit))
    return overflow ? Int.max : rate
  }
}
