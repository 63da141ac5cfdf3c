import NASCrypto
import Trace

/// Makes the IPv4 / SCTP packets that a trace's S1AP-PDUs would have travelled in, so that any tool dissects them unasked.
///
/// eNB n is 127.0.1.(n+1), port 36412 + n + 1; MME n is 127.0.0.(n+2), port 36412. One DATA chunk a packet; PDUs longer than
/// a chunk are fragmented. Each packet bears right checksums. GTPv2-C goes between the MMEs' addresses over UDP.
struct FrameComposer {
  static let maximumChunkPayload = 1400
  static let gtpPort: UInt16 = 2123

  private struct Direction: Hashable {
    var leg: S1Leg
    var direction: LinkDirection
  }

  private struct Counters {
    var tsn: UInt32 = 1
    var streamSequence: [UInt16: UInt16] = [:]
  }

  private var counters: [Direction: Counters] = [:]
  private var identification: UInt16 = 0

  /// The IP packets for one S1AP-PDU.
  mutating func packets(leg: S1Leg, direction: LinkDirection, stream: UInt16, octets: [UInt8]) -> [[UInt8]] {
    var state = counters[Direction(leg: leg, direction: direction)] ?? Counters()
    let sequence = state.streamSequence[stream, default: 0]
    state.streamSequence[stream] = sequence &+ 1
    var result: [[UInt8]] = []
    var start = 0
    repeat {
      let end = min(start + Self.maximumChunkPayload, octets.count)
      let flags: UInt8 = (start == 0 ? 2 : 0) | (end == octets.count ? 1 : 0)
      var chunk: [UInt8] = [0, flags]
      chunk.append(bigEndian: UInt16(16 + end - start))
      chunk.append(bigEndian: state.tsn)
      chunk.append(bigEndian: stream)
      chunk.append(bigEndian: sequence)
      chunk.append(bigEndian: CaptureFollower.s1apPPID)
      chunk += octets[start..<end]
      while chunk.count % 4 != 0 { chunk.append(0) }
      result.append(packet(leg: leg, direction: direction, chunk: chunk))
      state.tsn &+= 1
      start = end
    } while start < octets.count
    counters[Direction(leg: leg, direction: direction)] = state
    return result
  }

  private mutating func packet(leg: S1Leg, direction: LinkDirection, chunk: [UInt8]) -> [UInt8] {
    let eNB = (Self.address(eNB: leg.eNB), Self.port(eNB: leg.eNB))
    let mme = (Self.address(mme: leg.mme), CaptureFollower.s1apPort)
    let (source, destination) = direction == .uplink ? (eNB, mme) : (mme, eNB)

    var sctp: [UInt8] = []
    sctp.append(bigEndian: source.1)
    sctp.append(bigEndian: destination.1)
    // The verification tag is the receiver's: any value but zero, one per end of a leg.
    sctp.append(bigEndian: UInt32(truncatingIfNeeded: leg.eNB &* 4096 &+ leg.mme &* 2 &+ Int(direction.rawValue) &+ 1) | 0x8000_0000)
    sctp.append(bigEndian: UInt32(0))
    sctp += chunk
    let crc = CRC32C.checksum(sctp)
    // The checksum goes out least significant octet first (RFC 9260 Annex A).
    for index in 0..<4 { sctp[8 + index] = UInt8(truncatingIfNeeded: crc >> (8 * index)) }

    return packet(from: source.0, to: destination.0, protocol: 132, sctp)
  }

  /// GTPv2-C over UDP, from and to port 2123 (TS 29.274 §4.4.2); a node has the address that an MME of its number has.
  mutating func packet(fromNode source: Int, toNode target: Int, gtp: [UInt8]) -> [UInt8] {
    // What IPv4 cannot carry is cut, as a capture with a snap length has it.
    let payload = gtp.prefix(65_507)
    var udp: [UInt8] = []
    udp.append(bigEndian: Self.gtpPort)
    udp.append(bigEndian: Self.gtpPort)
    udp.append(bigEndian: UInt16(8 + payload.count))
    // No checksum, as UDP over IPv4 may.
    udp += [0, 0]
    return packet(from: Self.address(mme: source), to: Self.address(mme: target), protocol: 17, udp + payload)
  }

  private mutating func packet(from source: [UInt8], to destination: [UInt8], protocol number: UInt8, _ payload: [UInt8]) -> [UInt8] {
    identification &+= 1
    var ip: [UInt8] = [0x45, 0]
    ip.append(bigEndian: UInt16(20 + payload.count))
    ip.append(bigEndian: identification)
    ip += [0x40, 0, 64, number, 0, 0]
    ip += source + destination
    var sum: UInt32 = 0
    for index in stride(from: 0, to: 20, by: 2) { sum += UInt32(ip[index]) << 8 | UInt32(ip[index + 1]) }
    while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
    ip[10] = UInt8(truncatingIfNeeded: ~sum >> 8)
    ip[11] = UInt8(truncatingIfNeeded: ~sum)
    return ip + payload
  }

  static func address(eNB number: Int) -> [UInt8] {
    [127, 0, UInt8(truncatingIfNeeded: 1 + (number + 1) / 256), UInt8(truncatingIfNeeded: number + 1)]
  }

  static func address(mme number: Int) -> [UInt8] { [127, 0, 0, UInt8(truncatingIfNeeded: number + 2)] }

  static func port(eNB number: Int) -> UInt16 { UInt16(truncatingIfNeeded: 36413 &+ number) }
}

extension Array<UInt8> {
  mutating func append(bigEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }

  mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
