/// CRC32c as SCTP uses it (RFC 9260 §6.8, Annex A): polynomial 0x1EDC6F41, reflected.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 != 0 ? value >> 1 ^ 0x82f6_3b78 : value >> 1 }
  }

  static func checksum(_ octets: some Sequence<UInt8>) -> UInt32 {
    var value: UInt32 = 0xffff_ffff
    for octet in octets { value = table[Int((value ^ UInt32(octet)) & 0xff)] ^ value >> 8 }
    return ~value
  }
}
