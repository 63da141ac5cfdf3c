/// The GSM 7 bit default alphabet, TS 23.038 §6.2.1, packed as in §6.1.2.1.
enum GSMAlphabet {
  // 0x1B introduces the extension table.
  private static let characters: [Character] = Array(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1B}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
      + "abcdefghijklmnopqrstuvwxyzäöñüà")

  private static func extended(_ code: UInt8) -> Character? {
    switch code {
    case 0x14: "^"
    case 0x28: "{"
    case 0x29: "}"
    case 0x2F: "\\"
    case 0x3C: "["
    case 0x3D: "~"
    case 0x3E: "]"
    case 0x40: "|"
    case 0x65: "€"
    default: nil
    }
  }

  /// The codes of a text, 7 bits each; characters that the alphabet does not have become "?".
  static func codes(_ text: String) -> [UInt8] {
    text.flatMap { character -> [UInt8] in
      if let code = characters.firstIndex(of: character), code != 0x1B { return [UInt8(code)] }
      if let code = (0..<128 as Range<UInt8>).first(where: { extended($0) == character }) { return [0x1B, code] }
      return [0x3F]
    }
  }

  /// Codes packed seven bits after seven bits, the first in the low bits of the first octet.
  static func packed(_ codes: [UInt8]) -> [UInt8] {
    var packed: [UInt8] = []
    var buffer: UInt = 0
    var bits = 0
    for code in codes {
      buffer |= UInt(code & 0x7F) << UInt(bits)
      bits += 7
      while bits >= 8 {
        packed.append(UInt8(truncatingIfNeeded: buffer))
        buffer >>= 8
        bits -= 8
      }
    }
    if bits > 0 { packed.append(UInt8(truncatingIfNeeded: buffer)) }
    return packed
  }

  /// The text of packed codes.
  ///
  /// - Parameter spareBits: at the end of the last octet, not part of the text.
  static func text(_ octets: some Collection<UInt8>, spareBits: Int = 0) -> String {
    var text = ""
    var isExtended = false
    var buffer: UInt = 0
    var bits = 0
    var left = max(0, (octets.count * 8 - spareBits) / 7)
    for octet in octets {
      buffer |= UInt(octet) << UInt(bits)
      bits += 8
      while bits >= 7, left > 0 {
        let code = UInt8(truncatingIfNeeded: buffer & 0x7F)
        buffer >>= 7
        bits -= 7
        left -= 1
        if isExtended {
          text.append(extended(code) ?? characters[Int(code)])
          isExtended = false
        } else if code == 0x1B {
          isExtended = true
        } else {
          text.append(characters[Int(code)])
        }
      }
    }
    return text
  }
}
