/// Hexadecimal text, without Foundation.
enum Hex {
  /// The octets that `text` spells, two digits each, upper or lower case; spaces, colons and line breaks are skipped; nil for anything else.
  static func octets(_ text: some StringProtocol) -> [UInt8]? {
    var octets: [UInt8] = []
    octets.reserveCapacity(text.utf8.count / 2)
    var high: UInt8?
    for character in text.utf8 {
      let digit: UInt8
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
      case UInt8(ascii: " "), UInt8(ascii: ":"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
      default: return nil
      }
      if let first = high {
        octets.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil ? octets : nil
  }

  /// Lower-case hexadecimal of `octets`.
  static func text(_ octets: some Sequence<UInt8>) -> String {
    let digits: StaticString = "0123456789abcdef"
    var text = ""
    for octet in octets {
      text.unicodeScalars.append(Unicode.Scalar(digits.utf8Start[Int(octet >> 4)]))
      text.unicodeScalars.append(Unicode.Scalar(digits.utf8Start[Int(octet & 15)]))
    }
    return text
  }
}
