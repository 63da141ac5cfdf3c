/// TS 24.008 §10.5.1.4.
public enum MobileIdentity: InformationElementValue, Hashable {
  case imsi(String)
  case imei(String)
  case imeisv(String)
  /// TMSI, P-TMSI or M-TMSI.
  case tmsi(UInt32)
  case noIdentity
  /// TMGI, types yet unknown, and "no identity" with something in it: the octets as they are.
  case other(ArraySlice<UInt8>)

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    switch part[0] & 0x07 {
    case 0: self = part.count == 3 && part.octets.allSatisfy { $0 == 0 } ? .noIdentity : .other(part.octets)
    case 1: self = .imsi(try DecimalDigits.decode(part))
    case 2: self = .imei(try DecimalDigits.decode(part))
    case 3: self = .imeisv(try DecimalDigits.decode(part, longest: 9))
    case 4:
      try part.require(5)
      self = .tmsi(part.uint32(at: 1))
    default: self = .other(part.octets)
    }
  }

  public func encode(into octets: inout OctetWriter) {
    switch self {
    case .imsi(let digits): DecimalDigits.encode(digits, typeOfIdentity: 1, into: &octets)
    case .imei(let digits): DecimalDigits.encode(digits, typeOfIdentity: 2, into: &octets)
    case .imeisv(let digits): DecimalDigits.encode(digits, typeOfIdentity: 3, into: &octets)
    case .tmsi(let value):
      octets.append(0xF4)
      octets.append(bigEndian32: value)
    // Coded like an IMSI whose digits are all 0 (TS 24.008 table 10.5.4); 3 octets are what IDENTITY RESPONSE asks for.
    case .noIdentity: octets.append(contentsOf: [0, 0, 0])
    case .other(let raw): octets.append(contentsOf: raw)
    }
  }

  public var description: String {
    switch self {
    case .imsi(let digits): "IMSI \(digits)"
    case .imei(let digits): "IMEI \(digits)"
    case .imeisv(let digits): "IMEISV \(digits)"
    case .tmsi(let value): "TMSI 0x\(hexDigits(value, 8))"
    case .noIdentity: "no identity"
    case .other(let raw): hexString(raw)
    }
  }
}
