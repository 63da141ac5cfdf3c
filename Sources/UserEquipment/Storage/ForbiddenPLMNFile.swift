import NASMessages

extension PLMN {
  /// Decimal digits throughout, but for the third of the MNC, which may be absent.
  var hasDigits: Bool {
    let (a, b, c) = octets
    return [a & 15, a >> 4, b & 15, c & 15, c >> 4].allSatisfy { $0 < 10 } && (b >> 4 < 10 || b >> 4 == 15)
  }
}

/// EF_FPLMN (TS 31.102 §4.2.16, file identifier 6F7B): the PLMNs that do not want this card, the oldest first, three octets each; FF FF FF in
/// what is free. TS 24.301 calls them the "forbidden PLMN list".
public enum ForbiddenPLMNFile {
  public static let fileIdentifier: UInt16 = 0x6F7B
  static let name = "EF_FPLMN"
  /// A card has room for four at least; ours for forty.
  public static let capacity = 40

  /// - Parameter plmns: of more than there is room for the oldest are left out.
  public static func encoded(_ plmns: [PLMN]) -> [UInt8] {
    let octets = plmns.suffix(capacity).flatMap(\.wireOctets)
    return octets + [UInt8](repeating: 0xFF, count: 3 * capacity - octets.count)
  }

  /// - Throws: ``USIMFileError`` when the octets are not this file's.
  public static func decode(_ octets: [UInt8]) throws(USIMFileError) -> [PLMN] {
    guard octets.count == 3 * capacity else {
      throw USIMFileError(file: name, reason: "\(octets.count) octets, expected \(3 * capacity)")
    }
    var plmns: [PLMN] = []
    for start in stride(from: 0, to: octets.count, by: 3) where octets[start..<(start + 3)] != [0xFF, 0xFF, 0xFF] {
      let plmn = PLMN(octets[start], octets[start + 1], octets[start + 2])
      guard plmn.hasDigits else { throw USIMFileError(file: name, reason: "octets \(start + 1) to \(start + 3) are no PLMN's") }
      if !plmns.contains(plmn) { plmns.append(plmn) }
    }
    return plmns
  }
}
