import NASCrypto
import Testing
import Trace

@testable import Capture

@Suite("GTPv2-C in captures")
struct GTPDatagramTests {
  /// Relocation Cancel Request without elements, TEID 1, sequence number 2.
  private static let message: [UInt8] = [0x48, 139, 0, 8, 0, 0, 0, 1, 0, 0, 2, 0]
  private static let mmes: ([UInt8], [UInt8]) = ([10, 0, 0, 2], [10, 0, 0, 3])

  private static func udp(_ payload: [UInt8], source: Int = 40_000, destination: Int = 2123, length: Int? = nil) -> [UInt8] {
    FrameBuilder.be16(source) + FrameBuilder.be16(destination) + FrameBuilder.be16(length ?? 8 + payload.count) + [0, 0] + payload
  }

  private static func ipv4(_ payload: [UInt8], from: [UInt8] = mmes.0, to: [UInt8] = mmes.1, fragment: Int = 0) -> [UInt8] {
    var packet = FrameBuilder.ipv4(from, to, payload, fragment: fragment)
    packet[9] = 17
    return packet
  }

  private static func follow(_ packets: [[UInt8]], _ linkType: LinkType = .raw) -> (bodies: [TraceBody], follower: CaptureFollower) {
    var follower = CaptureFollower()
    var bodies: [TraceBody] = []
    for (index, octets) in packets.enumerated() {
      follower.consume(FrameBuilder.packet(octets, linkType, number: index + 1), into: &bodies)
    }
    follower.finish(into: &bodies)
    return (bodies, follower)
  }

  @Test("every link type reaches the same message, from or to port 2123")
  func linkTypes() {
    let macs = [UInt8](repeating: 0, count: 12)
    let ip = Self.ipv4(Self.udp(Self.message))
    let answer = Self.ipv4(Self.udp(Self.message, source: 2123, destination: 40_000))
    let ip6 = FrameBuilder.ipv6([UInt8](repeating: 1, count: 16), [UInt8](repeating: 2, count: 16), Self.udp(Self.message), next: 17)
    let exported =
      FrameBuilder.be16(12) + FrameBuilder.be16(8) + Array("gtpv2".utf8) + [0, 0, 0] + FrameBuilder.be16(0) + FrameBuilder.be16(0)
      + Self.message
    let frames: [(LinkType, [UInt8])] = [
      (.ethernet, macs + [0x08, 0x00] + ip), (.ethernet, macs + [0x86, 0xdd] + ip6),
      (.ethernet, macs + [0x81, 0, 0, 2, 0x08, 0x00] + ip), (.linuxSLL, [UInt8](repeating: 0, count: 14) + [0x08, 0x00] + ip),
      (.linuxSLL2, [0x08, 0x00] + [UInt8](repeating: 0, count: 18) + ip), (.raw, ip), (.raw, answer), (.rawBSD, ip6), (.ipv4, ip),
      (.ipv6, ip6), (.null, [2, 0, 0, 0] + ip), (.loop, [0, 0, 0, 24] + ip6), (.exportedPDU, exported),
      (.ethernet, macs + [0x08, 0x00] + ip + [0, 0, 0, 0]), (.raw, Self.ipv4(Self.udp(Self.message, length: 0))),
    ]
    for (linkType, frame) in frames {
      let found = Self.follow([frame], linkType)
      guard case .gtp(_, _, let octets) = found.bodies.first else {
        Issue.record("\(linkType)")
        continue
      }
      #expect(octets == Self.message, "\(linkType)")
      #expect(found.follower.remarks == [] && found.follower.gtpMessages == 1)
    }
  }

  @Test("a node has one number for S1AP and GTPv2-C, whichever is seen first, and what is no MME has one of its own")
  func numbers() {
    let first = Self.ipv4(Self.udp(Self.message), from: Self.mmes.0, to: Self.mmes.1)
    let second = Self.ipv4(Self.udp(Self.message), from: Self.mmes.1, to: [10, 0, 0, 9])
    let s1 = FrameBuilder.up(FrameBuilder.data(tsn: 1, [0, 17, 1]))
    for packets in [[s1, first, second], [first, s1, second], [first, second, s1]] {
      let found = Self.follow(packets)
      var ends: [(Int, Int)] = []
      var mme: Int?
      for body in found.bodies {
        if case .gtp(let from, let to, _) = body { ends.append((from, to)) }
        if let leg = body.leg { mme = leg.mme }
      }
      #expect(ends.count == 2 && ends[0].0 == mme && ends[0].1 == ends[1].0)
      #expect(Set([ends[0].0, ends[0].1, ends[1].1]).count == 3)
      #expect(mme.flatMap { found.follower.names.mmes[$0] } == "MME 10.0.0.2:36412")
      #expect(found.follower.names.mmes[ends[1].1] == "node 10.0.0.9")
    }
  }

  @Test("other interfaces, versions and ports are nobody's concern; what is cut, too short or fragmented is said")
  func strange() {
    var createSession = Self.message
    createSession[1] = 32
    var version1 = Self.message
    version1[0] = 0x30
    for packet in [
      Self.ipv4(Self.udp(createSession)), Self.ipv4(Self.udp(version1)), Self.ipv4(Self.udp(Self.message, destination: 2152)),
      Self.ipv4([1, 2]), Self.ipv4(Self.udp(Self.message), fragment: 100),
    ] {
      let found = Self.follow([packet])
      #expect(found.bodies == [] && found.follower.remarks == [])
    }
    let cut = Self.ipv4(Self.udp(Self.message, length: 100))
    let short = Self.ipv4(Self.udp(Array(Self.message.dropLast(2))))
    let empty = Self.ipv4(Self.udp([]))
    let first = Self.ipv4(Self.udp(Self.message), fragment: 0x2000)
    let six = FrameBuilder.ipv6(
      [UInt8](repeating: 1, count: 16), [UInt8](repeating: 2, count: 16), Self.udp(Self.message), headers: [17, 0, 0, 1, 0, 0, 0, 1],
      next: 44)
    let remarks = Self.follow([cut, short, empty, first, six]).follower.remarks
    #expect(remarks.map(\.reason) == [.truncatedPacket, .malformedGTP, .malformedGTP, .fragmentedIP, .fragmentedIP])
    #expect(remarks[1].description.contains("Relocation Cancel Request: octets end"))
    #expect(remarks.map(\.packet) == [1, 2, 3, 4, 5])
  }

  @Test("20,000 mutated datagrams end in events or remarks")
  func hostile() {
    var random = SeededRandom(seed: 0x2123)
    var follower = CaptureFollower()
    var bodies: [TraceBody] = []
    let whole = Self.ipv4(Self.udp(Self.message + [1, 0, 8, 0, 0, 1, 0x10, 0x32, 0x54, 0x76, 0x98, 0xF0]))
    for number in 1...20_000 {
      follower.consume(FrameBuilder.packet(Mutation.apply(whole, using: &random), .raw, number: number), into: &bodies)
      bodies.removeAll(keepingCapacity: true)
    }
    #expect(follower.gtpMessages > 100 && (follower.remarkCounts[.malformedGTP] ?? 0) > 100)
  }
}
