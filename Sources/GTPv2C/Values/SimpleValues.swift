/// One octet: RAT type, restart counter. More octets are ignored (TS 29.274 §7.7.3).
public struct NumberOctet: ElementValue {
  public var value: UInt8

  public init(_ value: UInt8) { self.value = value }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    value = try reader.octet("value")
  }

  public var octets: [UInt8] { [value] }

  /// RAT type E-UTRAN (§8.17).
  public static let eUTRAN = NumberOctet(6)
}

/// Octets of flags, as many as are known.
public struct FlagOctets: ElementValue {
  public var octets: [UInt8]

  public init(octets: [UInt8]) { self.octets = octets }
  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) { self.octets = Array(octets) }

  /// MSV of Indication: octet 2, bit 4 (§8.12): the node that asks has checked the UE.
  public var isUEValidated: Bool { octets.count > 1 && octets[1] & 0x08 != 0 }
  public static let ueValidated = FlagOctets(octets: [0, 0x08])
}

/// EPS bearer identity (§8.8): 5 ... 15.
public struct EPSBearerIdentityValue: ElementValue {
  public var identity: UInt8

  public init(_ identity: UInt8) { self.identity = identity }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    identity = try reader.octet("EPS bearer identity") & 15
  }

  public var octets: [UInt8] { [identity & 15] }
}

/// IMSI (§8.3): up to 15 digits, two an octet, the first in the low half.
public struct IMSIDigits: ElementValue {
  public var digits: String

  public init(_ digits: String) { self.digits = digits }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var digits = ""
    guard (1...8).contains(octets.count) else { throw GTPv2CError(.invalidValue, offset: octets.startIndex, path: "digits") }
    for (offset, octet) in zip(octets.indices, octets) {
      for half in [octet & 15, octet >> 4] {
        if half == 15, offset == octets.endIndex - 1, !digits.isEmpty { continue }
        guard half < 10 else { throw GTPv2CError(.invalidValue, offset: offset, path: "digits") }
        digits.append(Character(Unicode.Scalar(UInt8(ascii: "0") + half)))
      }
    }
    self.digits = digits
  }

  public var octets: [UInt8] {
    let values = digits.utf8.map { $0 & 15 }
    return stride(from: 0, to: values.count, by: 2).map { ($0 + 1 < values.count ? values[$0 + 1] << 4 : 0xF0) | values[$0] }
  }
}

/// A PLMN: MCC and MNC in three octets, as NAS and S1AP write them.
public struct PLMNOctets: ElementValue {
  /// Three.
  public var octets: [UInt8]

  /// - Precondition: three octets.
  public init(octets: [UInt8]) {
    precondition(octets.count == 3, "a PLMN has three octets")
    self.octets = octets
  }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    self.octets = try reader.octets(3, "PLMN")
  }
}

/// GUTI (§8.47).
public struct GUTIValue: ElementValue {
  public var plmn: PLMNOctets
  public var mmeGroupID: UInt16
  public var mmeCode: UInt8
  public var mTMSI: UInt32

  public init(plmn: PLMNOctets, mmeGroupID: UInt16, mmeCode: UInt8, mTMSI: UInt32) {
    self.plmn = plmn
    self.mmeGroupID = mmeGroupID
    self.mmeCode = mmeCode
    self.mTMSI = mTMSI
  }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    plmn = PLMNOctets(octets: try reader.octets(3, "PLMN"))
    mmeGroupID = UInt16(truncatingIfNeeded: try reader.number(2, "MME group ID"))
    mmeCode = try reader.octet("MME code")
    mTMSI = UInt32(truncatingIfNeeded: try reader.number(4, "M-TMSI"))
  }

  public var octets: [UInt8] {
    var octets = plmn.octets
    octets.append(mmeGroupID, width: 2)
    octets.append(mmeCode)
    octets.append(mTMSI, width: 4)
    return octets
  }
}

/// A NAS message as the UE sent it (§8.46).
public struct CompleteRequestMessage: ElementValue {
  public enum Kind: UInt8, Sendable {
    case attachRequest = 0
    case trackingAreaUpdateRequest = 1
  }

  public var kind: Kind
  /// With its security header.
  public var nas: [UInt8]

  public init(_ kind: Kind, nas: [UInt8]) {
    self.kind = kind
    self.nas = nas
  }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    guard let kind = Kind(rawValue: try reader.octet("type")) else {
      throw GTPv2CError(.invalidValue, offset: octets.startIndex, path: "type")
    }
    self.kind = kind
    nas = reader.rest()
  }

  public var octets: [UInt8] { [kind.rawValue] + nas }
}
