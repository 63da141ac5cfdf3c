@testable import Capture

/// Small makers of packets and files, one layer each, so that a test shows only what it is about.
enum FrameBuilder {
  static func be16(_ value: Int) -> [UInt8] { [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)] }
  static func be32(_ value: Int) -> [UInt8] { be16(value >> 16) + be16(value) }

  static func data(
    tsn: Int, _ payload: [UInt8], flags: UInt8 = 3, stream: Int = 0, ppid: Int = 18
  ) -> [UInt8] {
    let chunk = [0, flags] + be16(16 + payload.count) + be32(tsn) + be16(stream) + be16(0) + be32(ppid) + payload
    return chunk + [UInt8](repeating: 0, count: (4 - chunk.count % 4) % 4)
  }

  static func sack(_ tsn: Int) -> [UInt8] { [3, 0] + be16(16) + be32(tsn) + be32(100_000) + be32(0) }

  static func initiation(_ type: UInt8, tag: Int, tsn: Int, addresses: [[UInt8]] = []) -> [UInt8] {
    let parameters = addresses.flatMap { be16($0.count == 4 ? 5 : 6) + be16(4 + $0.count) + $0 }
    return [type, 0] + be16(20 + parameters.count) + be32(tag) + be32(100_000) + be32(0x000a_000a) + be32(tsn) + parameters
  }

  static func sctp(_ source: Int, _ destination: Int, _ chunks: [UInt8]) -> [UInt8] {
    be16(source) + be16(destination) + be32(1) + be32(0) + chunks
  }

  static func ipv4(_ source: [UInt8], _ destination: [UInt8], _ payload: [UInt8], fragment: Int = 0) -> [UInt8] {
    [0x45, 0] + be16(20 + payload.count) + be16(1) + be16(fragment) + [64, 132, 0, 0] + source + destination + payload
  }

  static func ipv6(_ source: [UInt8], _ destination: [UInt8], _ payload: [UInt8], headers: [UInt8] = [], next: UInt8 = 132) -> [UInt8] {
    [0x60, 0, 0, 0] + be16(headers.count + payload.count) + [next, 64] + source + destination + headers + payload
  }

  static let eNB: [UInt8] = [10, 0, 0, 1]
  static let mme: [UInt8] = [10, 0, 0, 2]

  static func up(_ chunks: [UInt8]) -> [UInt8] { ipv4(eNB, mme, sctp(50_000, 36412, chunks)) }
  static func down(_ chunks: [UInt8]) -> [UInt8] { ipv4(mme, eNB, sctp(36412, 50_000, chunks)) }

  static func packet(_ octets: [UInt8], _ linkType: LinkType = .raw, number: Int = 1) -> CapturedPacket {
    CapturedPacket(number: number, offset: 0, timestamp: .zero, linkType: linkType, octets: octets[...])
  }

  /// What raw IP packets give.
  static func bodies(_ packets: [[UInt8]], finish: Bool = true) -> (pdus: [[UInt8]], follower: CaptureFollower) {
    var follower = CaptureFollower()
    var outputs: [TraceBody] = []
    for (index, octets) in packets.enumerated() { follower.consume(packet(octets, number: index + 1), into: &outputs) }
    if finish { follower.finish(into: &outputs) }
    return (outputs.compactMap(\.pdu), follower)
  }

  static func pcap(magic: [UInt8], littleEndian: Bool, linkType: Int, patched: Bool = false, packets: [(Int, Int, [UInt8])]) -> [UInt8] {
    func u16(_ value: Int) -> [UInt8] { littleEndian ? be16(value).reversed() : be16(value) }
    func u32(_ value: Int) -> [UInt8] { littleEndian ? be32(value).reversed() : be32(value) }
    var file = magic + u16(2) + u16(4) + u32(0) + u32(0) + u32(65535) + u32(linkType)
    for (seconds, fraction, octets) in packets {
      file +=
        u32(seconds) + u32(fraction) + u32(octets.count) + u32(octets.count) + (patched ? [UInt8](repeating: 0, count: 8) : []) + octets
    }
    return file
  }
}
