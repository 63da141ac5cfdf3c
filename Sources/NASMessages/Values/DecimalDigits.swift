/// Identity digits as TS 24.008 §10.5.1.4 packs them: the first in bits 5 to 8 of the first octet, whose other half is
/// the type of identity and the odd/even flag; then two digits an octet, low half first, 0xF to fill up.
enum DecimalDigits {
  /// - Parameter longest: octets that the identity can have; of a greater length the rest is ignored (TS 24.007 §11.4.2).
  static func decode(_ whole: ValuePart, longest: Int = 8) throws(NASDecodingError) -> String {
    let part = whole.count <= longest ? whole : ValuePart(whole.octets.prefix(longest), offset: whole.offset, field: whole.field)
    let odd = part[0] & 0x08 != 0
    var digits = ""
    digits.reserveCapacity(16)
    try append(part[0] >> 4, to: &digits, part, at: 0)
    var index = 1
    while index < part.count {
      try append(part[index] & 0x0F, to: &digits, part, at: index)
      let high = part[index] >> 4
      if index == part.count - 1 && !odd {
        guard high == 0xF else { throw part.invalid(at: index, expected: 0xF, found: Int(high)) }
      } else {
        try append(high, to: &digits, part, at: index)
      }
      index += 1
    }
    return digits
  }

  private static func append(_ digit: UInt8, to digits: inout String, _ part: ValuePart, at index: Int) throws(NASDecodingError) {
    guard digit < 10 else { throw part.invalid(at: index, expected: 9, found: Int(digit)) }
    digits.unicodeScalars.append(Unicode.Scalar(digit + 0x30))
  }

  /// - Parameter digits: at least one decimal digit (precondition).
  static func encode(_ digits: String, typeOfIdentity: UInt8, into octets: inout OctetWriter) {
    var digits = digits
    digits.withUTF8 { characters in
      precondition(!characters.isEmpty, "an identity is made of decimal digits")
      // The first digit stands beside the flags; of the others every second fills the high half.
      var low = (characters.count % 2 == 1 ? 0x08 : 0) | typeOfIdentity
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
  }
}
