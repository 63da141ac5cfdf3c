/// The classic pcap container: a 24-octet header and 16 octets before each packet, in the byte order of the writer.
struct PcapReader: Sendable {
  private var source: CaptureSource
  private var position = 24
  private var number = 0
  private let isLittleEndian: Bool
  private let hasNanoseconds: Bool
  private let hasPatchedHeaders: Bool
  private let linkType: LinkType

  init(_ start: CaptureSource) throws(CaptureError) {
    source = start
    let file = try source.octets(at: 0, atMost: 24)
    var cursor = ByteCursor(file, littleEndian: true)
    guard let magic = cursor.readUInt32() else { throw CaptureError(.truncated, offset: 0) }
    switch magic {
    case 0xa1b2_c3d4: (isLittleEndian, hasNanoseconds, hasPatchedHeaders) = (true, false, false)
    case 0xd4c3_b2a1: (isLittleEndian, hasNanoseconds, hasPatchedHeaders) = (false, false, false)
    case 0xa1b2_3c4d: (isLittleEndian, hasNanoseconds, hasPatchedHeaders) = (true, true, false)
    case 0x4d3c_b2a1: (isLittleEndian, hasNanoseconds, hasPatchedHeaders) = (false, true, false)
    // Kuznetzov's variant: 8 octets more before each packet (interface index, protocol, packet type, padding).
    case 0xa1b2_cd34: (isLittleEndian, hasNanoseconds, hasPatchedHeaders) = (true, false, true)
    case 0x34cd_b2a1: (isLittleEndian, hasNanoseconds, hasPatchedHeaders) = (false, false, true)
    default:
      throw CaptureError(.unknownFormat, offset: 0, detail: "first octets \(hexadecimal(file.prefix(4)))")
    }
    cursor.isLittleEndian = isLittleEndian
    guard let major = cursor.readUInt16(), cursor.readUInt16() != nil, cursor.skip(12), let network = cursor.readUInt32() else {
      throw CaptureError(.truncated, offset: file.count, detail: "file header")
    }
    guard major == 2 else { throw CaptureError(.unsupportedVersion, offset: 4, detail: "pcap \(major)") }
    // The upper bits carry the length of a frame check sequence, which lies after what is read.
    linkType = LinkType(rawValue: UInt16(truncatingIfNeeded: network))
  }

  mutating func next() throws(CaptureError) -> CapturedPacket? {
    let start = position
    let headerLength = hasPatchedHeaders ? 24 : 16
    let header = try source.octets(at: start, atMost: headerLength)
    guard !header.isEmpty else { return nil }
    var cursor = ByteCursor(header, littleEndian: isLittleEndian)
    guard let seconds = cursor.readUInt32(), let fraction = cursor.readUInt32(), let captured = cursor.readUInt32(),
      header.count == headerLength
    else { throw CaptureError(.truncated, offset: start, detail: "packet header") }
    guard captured <= UInt32(CaptureFileReader.maximumPacketLength) else {
      throw CaptureError(.recordTooLong, offset: start + 8, detail: "\(captured) octets")
    }
    let octets = try source.octets(at: start + headerLength, atMost: Int(captured))
    guard octets.count == Int(captured) else {
      throw CaptureError(.truncated, offset: start, detail: "packet of \(captured) octets, \(octets.count) left")
    }
    position = start + headerLength + octets.count
    number += 1
    let time = Duration.seconds(Int64(seconds)) + (hasNanoseconds ? .nanoseconds(Int64(fraction)) : .microseconds(Int64(fraction)))
    return CapturedPacket(number: number, offset: start, timestamp: time, linkType: linkType, octets: octets)
  }
}

/// Lower-case hexadecimal without separators.
func hexadecimal(_ octets: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for octet in octets {
    text.append(digits[Int(octet >> 4)])
    text.append(digits[Int(octet & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}
