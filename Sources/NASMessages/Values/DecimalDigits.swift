/// Identity digits as TS 24.008 §10.5.1.4 packs them: the first in bits 5 to 8 of the first octet, whose other half is
/// the type of identity and the odd/even flag; then two digits an octet, low half first, 0xF to fill up.
enum DecimalDigits {
  static func decode(_ part: ValuePart) throws(NASDecodingError) -> String {
    // 16 digits are the most that any identity has (IMEISV).
    guard part.count <= 9 else { throw part.invalid(expected: 9, found: part.count) }
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
  static func encode(_ digits: String, typeOfIdentity: UInt8, into octets: inout [UInt8]) {
    let values = digits.utf8.compactMap(decimalDigit)
    precondition(!values.isEmpty && values.count == digits.utf8.count, "an identity is made of decimal digits")
    let odd = values.count % 2 == 1
    octets.append(values[0] << 4 | (odd ? 0x08 : 0) | typeOfIdentity)
    var index = 1
    while index < values.count {
      let high = index + 1 < values.count ? values[index + 1] : 0xF
      octets.append(high << 4 | values[index])
      index += 2
    }
  }
}
