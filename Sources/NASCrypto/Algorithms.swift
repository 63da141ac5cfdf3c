/// EPS encryption algorithms that exist (TS 33.401 §5.1.3.2); identities 4 to 7 are spare and are refused before they get here.
public enum CipheringAlgorithm: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// The null algorithm.
  case eea0 = 0
  /// SNOW 3G.
  case eea1 = 1
  /// AES in counter mode.
  case eea2 = 2
  /// ZUC.
  case eea3 = 3

  /// The specification's name: `EEA0`, `128-EEA2`.
  public var description: String {
    switch self {
    case .eea0: "EEA0"
    case .eea1: "128-EEA1"
    case .eea2: "128-EEA2"
    case .eea3: "128-EEA3"
    }
  }
}

/// EPS integrity algorithms that exist (TS 33.401 §5.1.4.2); identities 4 to 7 are spare and are refused before they get here.
public enum IntegrityAlgorithm: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// The null algorithm: a MAC of 32 zero bits, for unauthenticated emergency and RLOS only.
  case eia0 = 0
  /// SNOW 3G.
  case eia1 = 1
  /// AES CMAC.
  case eia2 = 2
  /// ZUC.
  case eia3 = 3

  /// The specification's name: `EIA0`, `128-EIA2`.
  public var description: String {
    switch self {
    case .eia0: "EIA0"
    case .eia1: "128-EIA1"
    case .eia2: "128-EIA2"
    case .eia3: "128-EIA3"
    }
  }
}

/// The DIRECTION input of the algorithms (TS 33.401 Annex B): 0 uplink, 1 downlink.
public enum LinkDirection: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  case uplink = 0
  case downlink = 1

  /// `uplink` or `downlink`.
  public var description: String { self == .uplink ? "uplink" : "downlink" }
  /// The other way.
  public var opposite: LinkDirection { self == .uplink ? .downlink : .uplink }
}
