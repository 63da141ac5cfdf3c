/// EF_UST (TS 31.102 §4.2.8, file identifier 6F38): which services a card has, one bit each, the first service in the lowest bit of the first
/// octet.
public enum ServiceTableFile {
  public static let fileIdentifier: UInt16 = 0x6F38
  static let name = "EF_UST"
  /// EPS mobility management information: the card has EF_EPSLOCI and EF_EPSNSC.
  static let epsMobilityManagementInformation = 85

  /// Whether a card with this table has EF_EPSLOCI and EF_EPSNSC.
  ///
  /// - Throws: ``USIMFileError`` when the octets are no service table.
  public static func hasEPSMobilityManagementInformation(_ octets: [UInt8]) throws(USIMFileError) -> Bool {
    guard !octets.isEmpty else { throw USIMFileError(file: name, reason: "it is empty, expected an octet at least") }
    let bit = epsMobilityManagementInformation - 1
    guard octets.count > bit / 8 else { return false }
    return octets[bit / 8] >> UInt8(bit % 8) & 1 == 1
  }
}
