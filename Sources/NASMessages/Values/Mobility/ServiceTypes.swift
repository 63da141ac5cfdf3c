/// Service type of EXTENDED SERVICE REQUEST, TS 24.301 §9.9.3.27: four bits.
public struct ServiceType: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  public static let mobileOriginatingCSFallback = ServiceType(rawValue: 0)
  public static let mobileTerminatingCSFallback = ServiceType(rawValue: 1)
  public static let mobileOriginatingCSFallbackEmergencyCall = ServiceType(rawValue: 2)
  public static let packetServicesViaS1 = ServiceType(rawValue: 8)

  /// What the network has to read it as: the unused values stand for another (table 9.9.3.27.1).
  public var interpreted: ServiceType {
    switch rawValue {
    case 3, 4: .mobileOriginatingCSFallback
    case 9, 10, 11: .packetServicesViaS1
    default: self
    }
  }

  public var description: String {
    switch rawValue {
    case 0: "mobile originating CS fallback or 1xCS fallback"
    case 1: "mobile terminating CS fallback or 1xCS fallback"
    case 2: "mobile originating CS fallback emergency call or 1xCS fallback emergency call"
    case 8: "packet services via S1"
    default: interpreted == self ? "reserved (\(rawValue))" : "unused (\(rawValue)), read as \(interpreted)"
    }
  }
}

/// Control plane service type, TS 24.301 §9.9.3.47: three bits and the "active" flag.
public struct ControlPlaneServiceType: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  /// - Parameter isActive: radio bearer establishment requested.
  public init(mobileTerminating: Bool, isActive: Bool = false) { rawValue = (isActive ? 8 : 0) | (mobileTerminating ? 1 : 0) }

  public static let mobileOriginatingRequest = ControlPlaneServiceType(rawValue: 0)
  public static let mobileTerminatingRequest = ControlPlaneServiceType(rawValue: 1)

  /// Unused values are read as a mobile originating request.
  public var isMobileTerminating: Bool { rawValue & 0x07 == 1 }
  /// Radio bearer establishment requested.
  public var isActive: Bool { rawValue & 0x08 != 0 }

  public var description: String {
    (isMobileTerminating ? "mobile terminating request" : "mobile originating request")
      + (isActive ? ", radio bearer establishment requested" : "")
  }
}

/// CSFB response, TS 24.301 §9.9.3.5.
public struct CSFBResponse: HalfOctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = Self.checked(rawValue) }

  public static let rejected = CSFBResponse(rawValue: 0)
  public static let accepted = CSFBResponse(rawValue: 1)

  public var description: String {
    switch rawValue & 0x07 {
    case 0: "CS fallback rejected by the UE"
    case 1: "CS fallback accepted by the UE"
    default: "reserved (\(rawValue))"
    }
  }
}

/// Paging identity of CS SERVICE NOTIFICATION, TS 24.301 §9.9.3.25A.
public struct PagingIdentity: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let imsi = PagingIdentity(rawValue: 0)
  public static let tmsi = PagingIdentity(rawValue: 1)

  public var description: String { rawValue & 0x01 == 0 ? "IMSI" : "TMSI" }
}

/// Code of a supplementary service, TS 24.301 §9.9.3.39; values in TS 29.002 §17.7.5.
public struct SSCode: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public var description: String { "0x" + hexOctet(rawValue) }
}

/// LCS indicator, TS 24.301 §9.9.3.40.
public struct LCSIndicator: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let mobileTerminatingLocationRequest = LCSIndicator(rawValue: 1)
  public var description: String { rawValue == 1 ? "MT-LR" : "normal, unspecified (\(rawValue))" }
}

/// The calling line of a terminated call, TS 24.301 §9.9.3.38: coded as octets 3 to 14 of the calling party BCD number of
/// TS 24.008 §10.5.4.9.
public struct CallingLineIdentity: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 1
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// - Parameters:
  ///   - digits: "0" to "9", "*", "#", "a" to "c" (precondition).
  ///   - typeOfNumber: 0 unknown, 1 international, 2 national, …
  ///   - numberingPlan: 1 is ISDN (E.164).
  public init(digits: String, typeOfNumber: UInt8 = 1, numberingPlan: UInt8 = 1) {
    octets = [0x80 | (typeOfNumber & 0x07) << 4 | numberingPlan & 0x0F] + packBCD(digits)
  }

  /// 0 unknown, 1 international, 2 national, 3 network specific, 4 dedicated access.
  public var typeOfNumber: UInt8 { octets[0] >> 4 & 0x07 }
  /// 1 is ISDN (E.164).
  public var numberingPlan: UInt8 { octets[0] & 0x0F }
  /// Presentation and screening, where told (bit 8 of the first octet is 0).
  public var presentation: UInt8? { octets[0] & 0x80 == 0 && octets.count > 1 ? octets[1] : nil }
  /// The digits of the calling line, up to the end mark.
  public var digits: String { unpackBCD(octets.dropFirst(octets[0] & 0x80 == 0 ? 2 : 1)) }

  public var description: String { digits.isEmpty ? "no digits" : (typeOfNumber == 1 ? "+" : "") + digits }
}

/// Digits two an octet, low half first, filled up with 0xF (TS 24.008 table 10.5.118).
func packBCD(_ digits: String) -> [UInt8] {
  let values = digits.utf8.map { character -> UInt8 in
    switch character {
    case 0x30...0x39: character - 0x30
    case 0x2A: 10
    case 0x23: 11
    case 0x61...0x63: character - 0x61 + 12
    default: preconditionFailure("a called number is made of 0 to 9, *, #, a, b and c")
    }
  }
  return stride(from: 0, to: values.count, by: 2).map { ($0 + 1 < values.count ? values[$0 + 1] << 4 : 0xF0) | values[$0] }
}

/// The digits of TS 24.008 table 10.5.118, up to the end mark.
func unpackBCD(_ octets: some Sequence<UInt8>) -> String {
  let characters: [Unicode.Scalar] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "a", "b", "c"]
  var digits = ""
  for octet in octets {
    for half in [octet & 0x0F, octet >> 4] {
      guard half < 15 else { return digits }
      digits.unicodeScalars.append(characters[Int(half)])
    }
  }
  return digits
}
