/// The sizes that a transport layer address has, in bits: IPv4, IPv6, both (TS 36.414 §5.3). The grammar allows 1 to 160 and more.
enum TransportAddressSize {
  static func isKnown(_ bits: Int) -> Bool { bits == 32 || bits == 128 || bits == 160 }

  /// What is wrong with an address of that many bits.
  static func complaint(_ bits: Int) -> String { "\(bits) bits, expected 32, 128 or 160" }
}
