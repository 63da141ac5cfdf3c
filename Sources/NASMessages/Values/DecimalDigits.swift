/// Identity digits as TS 24.008 §10.5.1.4 packs them: the first in bits 5 to 8 of the first octet, whose other half is
/// the type of identity and the odd/even flag; then two digits an octet, low half first, 0xF to fill up.
enum DecimalDigits {
  /// - Parameter longest: octets that the identity can have; of a greater length the rest is ignored (TS 24.007 §11.4.2).
  static func decode(_ whole: ValuePart, longest: Int = 8) throws(NASDecodingError) -> String {
    let part = whole.prefix(longest)
    let odd = part[0] & 0x08 != 0
    try check(part[0] >> 4, part, at: 0)
    var index = 1
    while index < part.count {
      try check(part[index] & 0x0F, part, at: index)
      let high = part[index] >> 4
      if index == part.count - 1 && !odd {
        guard high == 0xF else { throw part.invalid(at: index, expected: 0xF, found: Int(high)) }
      } else {
        try check(high, part, at: index)
      }
      index += 1
    }
    // The half octets but for that of the type, and for the one that fills up.
    let count = 2 * part.count - (odd || part.count == 1 ? 1 : 2)
    return String(unsafeUninitializedCapacity: count) { characters in
      for position in 0..<count {
        let octet = part[(position + 1) / 2]
        characters[position] = (position % 2 == 0 ? octet >> 4 : octet & 0x0F) + 0x30
      }
      return count
    }
  }

  private static func check(_ digit: UInt8, _ part: ValuePart, at index: Int) throws(NASDecodingError) {
    guard digit < 10 else { throw part.invalid(at: index, expected: 9, found: Int(digit)) }
  }

  /// - Parameter digits: at least one decimal digit (precondition).
  static func encode(_ digits: String, typeOfIdentity: UInt8, into octets: inout OctetWriter) {
    var digits = digits
    digits.withUTF8 { characters in
      precondition(!characters.isEmpty, "an identity is made of decimal digits")
      let flags = (characters.count % 2 == 1 ? 0x08 : 0) | typeOfIdentity
      guard characters.count == 15 else { return encode(characters, flags, into: &octets) }
      // An IMSI, as nearly all are: eight digits at a time, the last of the first half being the first of the second.
      let memory = UnsafeRawBufferPointer(characters)
      let first = digitValues(memory.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
      let second = digitValues(memory.loadUnaligned(fromByteOffset: 7, as: UInt64.self))
      octets.append(bigEndian32: pairs(first << 8 | UInt64(flags)))
      octets.append(bigEndian32: pairs(second))
    }
  }

  private static func encode(_ characters: UnsafeBufferPointer<UInt8>, _ flags: UInt8, into octets: inout OctetWriter) {
    // The first digit stands beside the flags; of the others every second fills the high half.
    var low = flags
    var index = 0
    while index < characters.count {
      let high = characters[index] &- 0x30
      precondition(high < 10, "an identity is made of decimal digits")
      octets.append(high << 4 | low)
      guard index + 1 < characters.count else { return }
      low = characters[index + 1] &- 0x30
      precondition(low < 10, "an identity is made of decimal digits")
      index += 2
    }
    octets.append(0xF0 | low)
  }

  /// Eight characters, the first in bits 1 to 8, as digits: 0 to 9 each (precondition).
  private static func digitValues(_ characters: UInt64) -> UInt64 {
    let digits = UInt64(littleEndian: characters) ^ 0x3030_3030_3030_3030
    // Above 9 a carry out of the low half, or a high half that was not 3.
    precondition((digits | digits &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0 == 0, "an identity is made of decimal digits")
    return digits
  }

  /// Eight half octets, the first in bits 1 to 8, as the four octets they fill, the first in the highest bits.
  private static func pairs(_ halves: UInt64) -> UInt32 {
    var octets = (halves | halves >> 4) & 0x00FF_00FF_00FF_00FF
    octets = (octets | octets >> 8) & 0x0000_FFFF_0000_FFFF
    return UInt32(truncatingIfNeeded: octets | octets >> 16).byteSwapped
  }
}
