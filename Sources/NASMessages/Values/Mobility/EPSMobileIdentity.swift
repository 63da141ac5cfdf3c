/// Globally unique temporary identity, TS 23.003 §2.8.
public struct GUTI: Hashable, Sendable, CustomStringConvertible {
  public var plmn: PLMN
  /// With ``mmeCode`` the MME identifier, unique in the PLMN.
  public var mmeGroupID: UInt16
  /// Unique in the MME group.
  public var mmeCode: UInt8
  /// Which UE at the MME.
  public var mTMSI: UInt32

  public init(plmn: PLMN, mmeGroupID: UInt16, mmeCode: UInt8, mTMSI: UInt32) {
    self.plmn = plmn
    self.mmeGroupID = mmeGroupID
    self.mmeCode = mmeCode
    self.mTMSI = mTMSI
  }

  /// "001-01, MME group 0x8001, MME code 0x01, M-TMSI 0xc0000001".
  public var description: String {
    "\(plmn), MME group 0x\(hexDigits(mmeGroupID, 4)), MME code 0x\(hexDigits(mmeCode, 2)), M-TMSI 0x\(hexDigits(mTMSI, 8))"
  }
}

/// TS 24.301 §9.9.3.12.
public enum EPSMobileIdentity: InformationElementValue, Hashable {
  /// Decimal digits, 6 to 15.
  case imsi(String)
  /// Decimal digits, 15 or 16 with the spare digit.
  case imei(String)
  case guti(GUTI)

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    switch part[0] & 0x07 {
    case 1: self = .imsi(try DecimalDigits.decode(part))
    case 3: self = .imei(try DecimalDigits.decode(part))
    case 6:
      try part.require(11)
      self = .guti(
        GUTI(plmn: part.plmn(at: 1), mmeGroupID: part.uint16(at: 4), mmeCode: part[6], mTMSI: part.uint32(at: 7)))
    default: throw part.invalid(found: Int(part[0] & 0x07))
    }
  }

  public func encode(into octets: inout OctetWriter) {
    switch self {
    case .imsi(let digits): DecimalDigits.encode(digits, typeOfIdentity: 1, into: &octets)
    case .imei(let digits): DecimalDigits.encode(digits, typeOfIdentity: 3, into: &octets)
    case .guti(let guti):
      octets.append(0xF6)
      guti.plmn.encode(into: &octets)
      octets.append(bigEndian16: guti.mmeGroupID)
      octets.append(guti.mmeCode)
      octets.append(bigEndian32: guti.mTMSI)
    }
  }

  public var description: String {
    switch self {
    case .imsi(let digits): "IMSI \(digits)"
    case .imei(let digits): "IMEI \(digits)"
    case .guti(let guti): "GUTI \(guti)"
    }
  }
}
