/// Which end sends a S1AP-PDU, told by its procedure code (TS 36.413 §9.3): for captures whose addresses do not tell it.
enum PDUDirection {
  /// Procedures that an MME begins; the others, but for those of ``either``, an eNB.
  private static let fromMME: Set<UInt8> = [
    1, 5, 6, 7, 9, 10, 11, 19, 21, 23, 25, 26, 27, 30, 31, 34, 35, 36, 38, 41, 43, 44, 46, 48, 52, 54, 59, 61, 64, 66,
  ]
  /// RESET, ERROR INDICATION and PRIVATE MESSAGE.
  private static let either: Set<UInt8> = [14, 15, 39]

  /// nil where both ends may send it, or where there are too few octets to tell.
  static func isFromENB(_ pdu: some Collection<UInt8>) -> Bool? {
    guard let choice = pdu.first, let procedure = pdu.dropFirst().first, !either.contains(procedure) else { return nil }
    let isInitiating = choice & 0x60 == 0
    return fromMME.contains(procedure) != isInitiating
  }
}
