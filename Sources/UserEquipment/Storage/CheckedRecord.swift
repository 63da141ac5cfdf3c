/// The frame of the files that no specification lays out: what it is, whose it is, and a checksum.
///
///     octets      content
///     1-3         what it is, three letters of ASCII
///     4           version of the layout: 1
///     5-13        EF_IMSI of the owner
///     14-(n-4)    the content
///     last 4      CRC-32 of IEEE 802.3 over all octets before, most significant octet first
struct CheckedRecord {
  static let version: UInt8 = 1
  private static let headLength = 4 + IMSIFile.length

  /// What the file is called in errors.
  let name: String
  let letters: [UInt8]

  init(_ letters: String, name: String) {
    self.letters = Array(letters.utf8)
    self.name = name
  }

  func encoded(_ content: [UInt8], imsi: String) -> [UInt8] {
    let octets = letters + [Self.version] + IMSIFile.encoded(imsi) + content
    return octets + bigEndian(Self.checksum(octets[...]))
  }

  /// The content.
  func content(of octets: [UInt8], imsi: String) throws(USIMFileError) -> [UInt8] {
    guard octets.count >= Self.headLength + 4 else {
      throw USIMFileError(file: name, reason: "\(octets.count) octets, expected at least \(Self.headLength + 4): it is cut short")
    }
    guard octets.starts(with: letters) else {
      throw USIMFileError(file: name, reason: "it does not begin with \(String(decoding: letters, as: UTF8.self))")
    }
    guard octets[3] == Self.version else {
      throw USIMFileError(file: name, reason: "version \(octets[3]) of its layout, expected \(Self.version)")
    }
    guard octets.suffix(4).elementsEqual(bigEndian(Self.checksum(octets.dropLast(4)))) else {
      throw USIMFileError(file: name, reason: "its checksum does not fit its content")
    }
    guard octets[4..<Self.headLength].elementsEqual(IMSIFile.encoded(imsi)) else {
      throw USIMFileError(file: name, reason: "it is another card's, expected that of \(imsi)")
    }
    return Array(octets[Self.headLength..<(octets.count - 4)])
  }

  /// CRC-32, polynomial EDB88320 (reflected), initial value and final XOR of ones.
  static func checksum(_ octets: ArraySlice<UInt8>) -> UInt32 {
    var value: UInt32 = 0xFFFF_FFFF
    for octet in octets {
      value ^= UInt32(octet)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }
}

/// `count` octets of a number, most significant first.
func bigEndian(_ value: UInt64, count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
}

/// The number that octets are, most significant first; the last eight of them count.
func number(_ octets: ArraySlice<UInt8>) -> UInt64 { octets.reduce(0) { $0 << 8 | UInt64($1) } }
