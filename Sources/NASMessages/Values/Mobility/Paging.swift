/// DRX parameter, TS 24.008 §10.5.5.6.
public struct DRXParameter: InformationElementValue, RawRepresentable, Hashable {
  /// Both octets; the split paging cycle code is the high one.
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// - Parameters:
  ///   - splitPGCycleCode: of GPRS.
  ///   - cycle: the DRX cycle T in radio frames, 32, 64, 128 or 256; `nil`: not specified (precondition).
  public init(splitPGCycleCode: UInt8 = 10, cycle: Int?) {
    let value: UInt16 =
      switch cycle {
      case nil: 0
      case 32: 6
      case 64: 7
      case 128: 8
      case 256: 9
      case .some(let other): preconditionFailure("a DRX cycle of \(other) radio frames has no coding")
      }
    rawValue = UInt16(splitPGCycleCode) << 8 | value << 4
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(2)
    rawValue = part.uint16(at: 0)
  }
  @inlinable
  @inline(__always)
  public func encode(into octets: inout OctetWriter) { octets.append(bigEndian16: rawValue) }

  /// GPRS: which paging blocks the MS listens to, as coded.
  public var splitPGCycleCode: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 8) }
  /// S1 mode: the DRX cycle T in radio frames; `nil` if not specified.
  public var cycle: Int? {
    let code = Int(rawValue >> 4 & 0x0F)
    return 6...9 ~= code ? 32 << (code - 6) : nil
  }
  /// Split paging cycle on CCCH is supported (GPRS).
  public var splitsOnCCCH: Bool { rawValue & 0x08 != 0 }
  /// Seconds of non-DRX mode after a transfer state (GPRS), 0 to 64.
  public var nonDRXTimer: Int { rawValue & 0x07 == 0 ? 0 : 1 << Int(rawValue & 0x07 - 1) }

  public var description: String { cycle.map { "T = \($0) radio frames" } ?? "DRX value not specified" }
}

/// Extended DRX parameters, TS 24.008 §10.5.5.32.
public struct ExtendedDRXParameters: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// - Parameters:
  ///   - pagingTimeWindow: 0 to 15 (precondition).
  ///   - eDRX: 0 to 15 (precondition).
  public init(pagingTimeWindow: UInt8, eDRX: UInt8) {
    precondition(pagingTimeWindow < 16 && eDRX < 16, "paging time window and eDRX value are 0 to 15")
    rawValue = pagingTimeWindow << 4 | eDRX
  }

  /// As coded; ``pagingTimeWindow(nbIoT:)`` has the time.
  public var pagingTimeWindowCode: UInt8 { rawValue >> 4 }
  /// As coded; ``cycle(nbIoT:)`` has the time.
  public var eDRXCode: UInt8 { rawValue & 0x0F }

  /// Steps of 1.28 s in WB-S1 mode, 2.56 s in NB-S1 mode.
  public func pagingTimeWindow(nbIoT: Bool = false) -> Duration {
    .milliseconds((nbIoT ? 2560 : 1280) * (Int(pagingTimeWindowCode) + 1))
  }

  /// The eDRX cycle length in S1 mode.
  public func cycle(nbIoT: Bool = false) -> Duration {
    // In units of 5.12 s. In NB-S1 mode the values without a meaning stand for 20.48 s.
    let wide = [1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 64, 128, 256, 512, 1024, 2048]
    let narrow = [4, 4, 4, 8, 4, 16, 4, 4, 4, 32, 64, 128, 256, 512, 1024, 2048]
    return .milliseconds((nbIoT ? narrow : wide)[Int(eDRXCode)] * 5120)
  }

  public var description: String { "paging time window \(pagingTimeWindow()), eDRX cycle \(cycle()) (WB-S1 mode)" }
}

/// NB-S1 DRX parameter, TS 24.301 §9.9.3.63.
public struct NBS1DRXParameter: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// DRX cycle T in radio frames, 32 to 1024; `nil`: use the cell's.
  public var cycle: Int? { 1...6 ~= rawValue & 0x0F ? 16 << Int(rawValue & 0x0F) : nil }
  public var description: String { cycle.map { "T = \($0) radio frames" } ?? "cell specific DRX value" }
}

/// WUS assistance information, TS 24.301 §9.9.3.62: one octet each, of which the first type is defined.
public struct WUSAssistanceInformation: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 1
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// - Parameter pagingProbability: percent, a multiple of 5 up to 100 (precondition).
  public init(pagingProbability: Int) {
    precondition(0...100 ~= pagingProbability && pagingProbability % 5 == 0, "a paging probability is a multiple of 5 %")
    octets = [UInt8(pagingProbability / 5)]
  }

  /// UE paging probability in percent, if told.
  public var pagingProbability: Int? { octets.first { $0 >> 5 == 0 }.map { min(Int($0 & 0x1F), 20) * 5 } }
  public var description: String { pagingProbability.map { "UE paging probability \($0) %" } ?? hexString(octets) }
}
