import NASCrypto
import Testing

@testable import Capture

@Suite("IP fragments")
struct IPFragmentTests {
  private static let payload = [UInt8](0..<200)
  private static let whole = FrameBuilder.sctp(50_000, 36412, FrameBuilder.data(tsn: 1, payload))

  /// Pieces of a packet of the eNB, of 64 octets each.
  private static func pieces(_ whole: [UInt8] = whole, identification: Int = 7) -> [[UInt8]] {
    stride(from: 0, to: whole.count, by: 64).map { start in
      let isLast = start + 64 >= whole.count
      var packet = FrameBuilder.ipv4(
        FrameBuilder.eNB, FrameBuilder.mme, Array(whole[start..<min(start + 64, whole.count)]),
        fragment: (isLast ? 0 : 0x2000) | start / 8)
      packet.replaceSubrange(4..<6, with: FrameBuilder.be16(identification))
      return packet
    }
  }

  @Test("a packet in fragments is one packet, in whatever order they come and however often")
  func together() {
    let pieces = Self.pieces()
    #expect(pieces.count == 4)
    for packets in [pieces, pieces.reversed(), [pieces[2], pieces[0], pieces[2], pieces[3], pieces[1]]] {
      let (pdus, follower) = FrameBuilder.bodies(packets)
      #expect(pdus == [Self.payload])
      #expect(follower.remarks.isEmpty && follower.missing.isEmpty)
    }
  }

  @Test("fragments of packets that cross are kept apart by their identification")
  func crossing() {
    let other = FrameBuilder.sctp(50_000, 36412, FrameBuilder.data(tsn: 2, Self.payload.reversed()))
    let packets = zip(Self.pieces(), Self.pieces(other, identification: 8)).flatMap { [$0, $1] }
    #expect(FrameBuilder.bodies(packets).pdus == [Self.payload, Self.payload.reversed()])
  }

  @Test("IPv6 fragments, too")
  func version6() {
    let (from, to) = ([UInt8](repeating: 1, count: 16), [UInt8](repeating: 2, count: 16))
    let packets = stride(from: 0, to: Self.whole.count, by: 64).map { start in
      let isLast = start + 64 >= Self.whole.count
      return FrameBuilder.ipv6(
        from, to, Array(Self.whole[start..<min(start + 64, Self.whole.count)]),
        headers: [132, 0] + FrameBuilder.be16(start | (isLast ? 0 : 1)) + [0, 0, 0, 9], next: 44)
    }
    #expect(FrameBuilder.bodies(packets).pdus == [Self.payload])
  }

  @Test("with any one fragment missing nothing is made up: the packet is told, and the end of the capture is open behind it")
  func missing() {
    let before = FrameBuilder.up(FrameBuilder.data(tsn: 0, [9]))
    for left in Self.pieces().indices {
      var packets = Self.pieces()
      packets.remove(at: left)
      let (pdus, follower) = FrameBuilder.bodies([before] + packets)
      #expect(pdus == [[9]])
      #expect(follower.remarks.map(\.reason) == [.fragmentedIP] && follower.remarks.first?.packet == 2)
      #expect(follower.missing.count == 1 && follower.missing.first?.direction == .uplink)
    }
  }

  @Test("where TSNs tell what the packet held, that is the gap")
  func gap() {
    let packets =
      [FrameBuilder.up(FrameBuilder.data(tsn: 0, [9]))] + Self.pieces().dropLast() + [
        FrameBuilder.up(FrameBuilder.data(tsn: 2, [8])), FrameBuilder.down(FrameBuilder.sack(2)),
      ]
    let (pdus, follower) = FrameBuilder.bodies(packets)
    #expect(pdus == [[9], [8]])
    #expect(follower.missingChunks == 1 && follower.missing.map(\.count) == [1])
  }

  @Test("fragments over one another, or beyond the end, make no packet")
  func overlapping() {
    var packets = Self.pieces()
    // Eight octets over the one before.
    packets[2].replaceSubrange(6..<8, with: FrameBuilder.be16(0x2000 | 15))
    let (pdus, follower) = FrameBuilder.bodies(packets)
    #expect(pdus.isEmpty && !follower.remarks.isEmpty)
  }

  @Test("more unfinished packets than the bound: the oldest are given up and told")
  func bound() {
    let packets = (0..<IPReassembly.maximumOpen + 10).map { Self.pieces(identification: $0)[0] }
    let (pdus, follower) = FrameBuilder.bodies(packets, finish: false)
    #expect(pdus.isEmpty && follower.remarkCounts[.fragmentedIP] == 10)
  }

  @Test("acknowledgements of chunks of which none is in the capture are a gap")
  func oneDirection() {
    let packets = [
      FrameBuilder.up(FrameBuilder.sack(5) + FrameBuilder.data(tsn: 1, [1])), FrameBuilder.up(FrameBuilder.sack(7)),
    ]
    let (pdus, follower) = FrameBuilder.bodies(packets)
    #expect(pdus == [[1]])
    #expect(follower.missing.map(\.count) == [2] && follower.missing.first?.direction == .downlink)
  }
}
