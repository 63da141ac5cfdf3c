/// The pcapng container: blocks of type, length, body, length again; sections with their own byte order and interfaces.
struct PcapngReader: Sendable {
  private struct Interface: Sendable {
    var linkType: LinkType
    var snapshotLength: UInt32
    /// Ticks per second; 10^6 unless if_tsresol says otherwise.
    var ticksPerSecond: UInt64
    /// Seconds to add (if_tsoffset).
    var offset: Int64
  }

  private enum BlockType {
    static let sectionHeader: UInt32 = 0x0a0d_0d0a
    static let interfaceDescription: UInt32 = 1
    static let obsoletePacket: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let enhancedPacket: UInt32 = 6
  }

  /// More interfaces in one section than this is not a capture.
  private static let maximumInterfaces = 4096
  private static let maximumBlockLength = 16 << 20

  private var source: CaptureSource
  private var position = 0
  private var number = 0
  private var isLittleEndian = true
  private var interfaces: [Interface] = []

  init(_ source: CaptureSource) { self.source = source }

  mutating func next() throws(CaptureError) -> CapturedPacket? {
    while true {
      let start = position
      let header = try source.octets(at: start, atMost: 12)
      guard !header.isEmpty else { return nil }
      guard header.count == 12 else { throw CaptureError(.truncated, offset: start, detail: "block header") }
      // A section header may change the byte order, and reads the same in both.
      var any = ByteCursor(header, littleEndian: true)
      if any.readUInt32() == BlockType.sectionHeader { try setByteOrder(header, at: start) }
      var cursor = ByteCursor(header, littleEndian: isLittleEndian)
      guard let type = cursor.readUInt32(), let length = cursor.readUInt32() else { throw CaptureError(.truncated, offset: start) }
      guard length >= 12, length % 4 == 0, length <= UInt32(Self.maximumBlockLength) else {
        throw CaptureError(.malformedBlock, offset: start + 4, detail: "block length \(length)")
      }
      cursor = ByteCursor(try source.octets(at: start, atMost: Int(length)), littleEndian: isLittleEndian)
      guard cursor.skip(8), let body = cursor.read(Int(length) - 12), let trailer = cursor.readUInt32() else {
        throw CaptureError(
          .truncated, offset: start, detail: "block of \(length) octets, \(cursor.remaining + cursor.consumed) left")
      }
      guard trailer == length else {
        throw CaptureError(.malformedBlock, offset: start + Int(length) - 4, detail: "lengths \(length) and \(trailer) differ")
      }
      position = start + Int(length)
      if let packet = try packet(inBlock: type, body: body, start: start) { return packet }
    }
  }

  /// - Parameter header: type, length and byte-order magic of the section header block.
  private mutating func setByteOrder(_ header: ArraySlice<UInt8>, at start: Int) throws(CaptureError) {
    var cursor = ByteCursor(header.dropFirst(8), littleEndian: true)
    switch cursor.readUInt32() {
    case 0x1a2b_3c4d: isLittleEndian = true
    case 0x4d3c_2b1a: isLittleEndian = false
    default: throw CaptureError(.malformedBlock, offset: start + 8, detail: "byte-order magic")
    }
  }

  private mutating func packet(inBlock type: UInt32, body: ArraySlice<UInt8>, start: Int) throws(CaptureError) -> CapturedPacket? {
    var cursor = ByteCursor(body, littleEndian: isLittleEndian)
    switch type {
    case BlockType.sectionHeader:
      guard cursor.skip(4), let major = cursor.readUInt16() else {
        throw CaptureError(.malformedBlock, offset: start, detail: "section header")
      }
      guard major == 1 else { throw CaptureError(.unsupportedVersion, offset: start + 12, detail: "pcapng \(major)") }
      interfaces = []
      return nil
    case BlockType.interfaceDescription:
      guard interfaces.count < Self.maximumInterfaces else {
        throw CaptureError(.malformedBlock, offset: start, detail: "more than \(Self.maximumInterfaces) interfaces")
      }
      interfaces.append(try interface(&cursor, start: start))
      return nil
    case BlockType.enhancedPacket:
      guard let index = cursor.readUInt32(), let high = cursor.readUInt32(), let low = cursor.readUInt32(),
        let captured = cursor.readUInt32(), cursor.skip(4)
      else { throw CaptureError(.malformedBlock, offset: start, detail: "enhanced packet") }
      return try packet(interface: Int(index), ticks: UInt64(high) << 32 | UInt64(low), captured: captured, &cursor, start: start)
    case BlockType.obsoletePacket:
      guard let index = cursor.readUInt16(), cursor.skip(2), let high = cursor.readUInt32(), let low = cursor.readUInt32(),
        let captured = cursor.readUInt32(), cursor.skip(4)
      else { throw CaptureError(.malformedBlock, offset: start, detail: "packet") }
      return try packet(interface: Int(index), ticks: UInt64(high) << 32 | UInt64(low), captured: captured, &cursor, start: start)
    case BlockType.simplePacket:
      guard let original = cursor.readUInt32() else {
        throw CaptureError(.malformedBlock, offset: start, detail: "simple packet")
      }
      let limit = interfaces.first.map { $0.snapshotLength == 0 ? UInt32.max : $0.snapshotLength } ?? .max
      return try packet(
        interface: 0, ticks: 0, captured: min(original, limit, UInt32(clamping: cursor.remaining)), &cursor, start: start)
    default:
      return nil
    }
  }

  private func interface(_ cursor: inout ByteCursor, start: Int) throws(CaptureError) -> Interface {
    guard let link = cursor.readUInt16(), cursor.skip(2), let snapshot = cursor.readUInt32() else {
      throw CaptureError(.malformedBlock, offset: start, detail: "interface description")
    }
    var result = Interface(linkType: LinkType(rawValue: link), snapshotLength: snapshot, ticksPerSecond: 1_000_000, offset: 0)
    while let code = cursor.readUInt16(), let length = cursor.readUInt16(), code != 0 {
      guard let value = cursor.read(Int(length)) else { break }
      _ = cursor.skip((4 - Int(length) % 4) % 4)
      if code == 9, let resolution = value.first {
        result.ticksPerSecond = ticks(forResolution: resolution)
      } else if code == 14 {
        var low = ByteCursor(value, littleEndian: isLittleEndian)
        if let first = low.readUInt32(), let second = low.readUInt32() {
          let bits = isLittleEndian ? UInt64(second) << 32 | UInt64(first) : UInt64(first) << 32 | UInt64(second)
          // Offsets beyond some 100,000 years are noise and would overflow.
          let offset = Int64(bitPattern: bits)
          result.offset = abs(Double(offset)) < 4e12 ? offset : 0
        }
      }
    }
    return result
  }

  /// if_tsresol: a negative power of 10, or of 2 with the top bit; out of range falls back to microseconds.
  private func ticks(forResolution octet: UInt8) -> UInt64 {
    let exponent = Int(octet & 0x7f)
    if octet & 0x80 != 0 { return exponent < 63 ? 1 << UInt64(exponent) : 1_000_000 }
    guard exponent <= 18 else { return 1_000_000 }
    return (0..<exponent).reduce(1) { value, _ in value * 10 }
  }

  private mutating func packet(
    interface index: Int, ticks: UInt64, captured: UInt32, _ cursor: inout ByteCursor, start: Int
  )
    throws(CaptureError) -> CapturedPacket?
  {
    guard interfaces.indices.contains(index) else {
      throw CaptureError(.unknownInterface, offset: start + 8, detail: "interface \(index) of \(interfaces.count)")
    }
    guard captured <= UInt32(CaptureFileReader.maximumPacketLength) else {
      throw CaptureError(.recordTooLong, offset: start, detail: "\(captured) octets")
    }
    guard let octets = cursor.read(Int(captured)) else {
      throw CaptureError(.malformedBlock, offset: start, detail: "packet of \(captured) octets in a block of \(cursor.remaining)")
    }
    let interface = interfaces[index]
    let seconds = ticks / interface.ticksPerSecond
    let remainder = ticks % interface.ticksPerSecond
    // ticksPerSecond is below 2^63, so the scaled remainder fits 128 bits and its quotient a second of nanoseconds.
    let nanoseconds = interface.ticksPerSecond.dividingFullWidth(remainder.multipliedFullWidth(by: 1_000_000_000)).quotient
    number += 1
    // Bounded so that no sum of a file's numbers overflows a Duration.
    let bounded = Int64(min(seconds, 4_000_000_000_000)) + interface.offset
    return CapturedPacket(
      number: number, offset: start, timestamp: .seconds(bounded) + .nanoseconds(Int64(nanoseconds)), linkType: interface.linkType,
      octets: octets)
  }
}
