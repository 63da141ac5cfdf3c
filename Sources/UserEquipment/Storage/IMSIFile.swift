/// EF_IMSI (TS 31.102 §4.2.2, file identifier 6F07): whose card it is. Length, then the digits as in a mobile identity; 9 octets.
public enum IMSIFile {
  public static let fileIdentifier: UInt16 = 0x6F07
  public static let length = 9

  /// - Parameter imsi: 6 to 15 digits.
  public static func encoded(_ imsi: String) -> [UInt8] {
    let digits = imsi.utf8.map { $0 & 0x0F }
    var octets: [UInt8] = [UInt8(truncatingIfNeeded: digits.count / 2 + 1)]
    var nibbles: [UInt8] = [digits.count % 2 == 1 ? 0x9 : 0x1] + digits
    if nibbles.count % 2 == 1 { nibbles.append(0xF) }
    for index in stride(from: 0, to: nibbles.count, by: 2) { octets.append(nibbles[index + 1] << 4 | nibbles[index]) }
    return octets + [UInt8](repeating: 0xFF, count: max(0, length - octets.count))
  }
}
