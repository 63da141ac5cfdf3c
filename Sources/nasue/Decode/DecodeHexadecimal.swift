/// Octets out of hexadecimal digits.
enum DecodeHexadecimal {
  enum Fault: Equatable {
    /// Something that is no digit and stands between none, at that column from 1.
    case notADigit(UInt8, column: Int)
    case oddDigits(Int)
    case tooLong

    var description: String {
      switch self {
      case .notADigit(let octet, let column):
        let found = octet > 0x20 && octet < 0x7F ? "'\(Character(Unicode.Scalar(octet)))'" : "octet 0x\(String(octet, radix: 16))"
        return "column \(column): expected a hexadecimal digit, found \(found)"
      case .oddDigits(let count): return "expected two hexadecimal digits an octet, found \(count) digits"
      case .tooLong: return "longer than any PDU (\(DecodeLines.maximumLine) characters)"
      }
    }
  }

  /// Whether the line says nothing: blank, or a comment.
  static func isBlank(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    for octet in line {
      if octet == UInt8(ascii: "#") { return true }
      if !isSeparator(octet) { return false }
    }
    return true
  }

  private static func isSeparator(_ octet: UInt8) -> Bool {
    octet == 0x20 || octet == 0x09 || octet == 0x0D || octet == UInt8(ascii: ":") || octet == UInt8(ascii: ",")
  }

  /// 0 to 15; 16 and more for what is no digit.
  @inline(__always)
  private static func digit(_ octet: UInt8) -> UInt8 {
    let number = octet &- 0x30
    if number < 10 { return number }
    let letter = (octet | 0x20) &- 0x61
    return letter < 6 ? letter + 10 : 0xFF
  }

  /// Appends the line's octets.
  /// - Returns: what is wrong with the line, nil if nothing is.
  static func parse(_ line: UnsafeBufferPointer<UInt8>, into octets: inout [UInt8]) -> Fault? {
    guard line.count <= DecodeLines.maximumLine else { return .tooLong }
    let start = octets.count
    // Whole pairs without separators, which is nearly every line, go straight.
    var at = 0
    octets.append(contentsOf: repeatElement(0, count: line.count / 2))
    let written = octets.withUnsafeMutableBufferPointer { octets in
      guard let digits = line.baseAddress, let target = octets.baseAddress else { return start }
      var to = start
      let end = line.count & ~1
      while at < end {
        let (high, low) = (digit(digits[at]), digit(digits[at + 1]))
        guard high | low < 16 else { break }
        target[to] = high << 4 | low
        to += 1
        at += 2
      }
      return to
    }
    octets.removeLast(octets.count - written)
    return at == line.count ? nil : parseRest(line, from: at, into: &octets, start)
  }

  @inline(never)
  private static func parseRest(_ line: UnsafeBufferPointer<UInt8>, from: Int, into octets: inout [UInt8], _ start: Int) -> Fault? {
    var high: UInt8?
    // Where `0x` may stand: at the start, and behind a separator.
    var isAtStart = from == 0
    var isPrefixed = false
    var column = from
    while column < line.count {
      let octet = line[column]
      defer { column += 1 }
      if isSeparator(octet) {
        guard !isPrefixed else { return .notADigit(octet, column: column + 1) }
        isAtStart = true
        continue
      }
      if isAtStart, high == nil, octet == UInt8(ascii: "0"), column + 1 < line.count, line[column + 1] | 0x20 == UInt8(ascii: "x") {
        column += 1
        isAtStart = false
        isPrefixed = true
        continue
      }
      isAtStart = false
      isPrefixed = false
      let value = digit(octet)
      guard value < 16 else { return .notADigit(octet, column: column + 1) }
      if let first = high {
        octets.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    if isPrefixed { return .notADigit(line[line.count - 1], column: line.count) }
    return high == nil ? nil : .oddDigits(2 * (octets.count - start) + 1)
  }
}
