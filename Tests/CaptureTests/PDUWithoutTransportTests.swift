import NASCrypto
import Testing
import Trace

@testable import Capture

/// S1AP-PDUs that a capture has without SCTP around them.
@Suite("S1AP-PDUs without SCTP")
struct PDUWithoutTransportTests {
  /// What a capture of a real network gives, and the same PDUs written another way.
  private func pdus(_ name: String) throws -> [TraceBody] {
    try CaptureContents(file: try CaptureResources.octets(name)).log.events.map(\.body).filter { $0.pdu != nil }
  }

  private func directions(_ bodies: [TraceBody]) -> [Bool] {
    bodies.compactMap { if case .s1ap(_, let direction, _, _) = $0 { direction == .uplink } else { nil } }
  }

  private func read(_ packets: [CapturedPacket]) -> [TraceBody] {
    var follower = CaptureFollower()
    var found: [TraceBody] = []
    for packet in packets { follower.consume(packet, into: &found) }
    follower.finish(into: &found)
    return found.filter { $0.pdu != nil }
  }

  @Test("under a DLT_USER number the message itself tells which end sent it", arguments: CaptureResources.names)
  func userLinkType(name: String) throws {
    let expected = try pdus(name)
    let found = read(
      expected.enumerated().map { number, body in
        FrameBuilder.packet(body.pdu ?? [], LinkType(rawValue: 150), number: number + 1)
      })
    #expect(found.map(\.pdu) == expected.map(\.pdu))
    // RESET and ERROR INDICATION, which both ends may send, tell nothing.
    func telling(_ bodies: [TraceBody]) -> [TraceBody] { bodies.filter { PDUDirection.isFromENB($0.pdu ?? []) != nil } }
    #expect(directions(telling(found)) == directions(telling(expected)))
    #expect(telling(expected).count >= expected.count - 2)
  }

  @Test("behind Wireshark's tags the addresses tell it, and other protocols are passed over")
  func exportedPDU() throws {
    let pdu: [UInt8] = [0, 15, 0x40, 0x05, 0, 0, 0]
    func exported(_ name: String, _ source: [UInt8], _ from: Int, _ destination: [UInt8], _ to: Int) -> [UInt8] {
      var octets = FrameBuilder.be16(12) + FrameBuilder.be16(8) + Array(name.utf8) + [UInt8](repeating: 0, count: 8 - name.utf8.count)
      octets += FrameBuilder.be16(20) + FrameBuilder.be16(4) + source + FrameBuilder.be16(21) + FrameBuilder.be16(4) + destination
      octets += FrameBuilder.be16(25) + FrameBuilder.be16(4) + FrameBuilder.be32(from)
      octets += FrameBuilder.be16(26) + FrameBuilder.be16(4) + FrameBuilder.be32(to)
      return octets + [0, 0, 0, 0] + pdu
    }
    let (eNB, mme) = (FrameBuilder.eNB, FrameBuilder.mme)
    let packets = [
      exported("s1ap", eNB, 50_000, mme, 36412), exported("s1ap", mme, 36412, eNB, 50_000), exported("ngap", eNB, 1, mme, 2),
    ]
    let found = read(packets.map { FrameBuilder.packet($0, .exportedPDU) })
    #expect(found.map(\.pdu) == [pdu, pdu])
    // ERROR INDICATION, which both ends may send.
    #expect(directions(found) == [true, false])
    for length in 0..<(packets[0].count - pdu.count) {
      #expect(read([FrameBuilder.packet(Array(packets[0][..<length]), .exportedPDU)]).isEmpty)
    }
  }

  @Test("SCTP without a network layer is followed by its ports")
  func sctpAlone() {
    let up = FrameBuilder.sctp(50_000, 36412, FrameBuilder.data(tsn: 1, [0, 17, 0, 0]))
    let down = FrameBuilder.sctp(36412, 50_000, FrameBuilder.data(tsn: 9, [0x20, 17, 0, 0]))
    let found = read([FrameBuilder.packet(up, .sctp), FrameBuilder.packet(down, .sctp)])
    #expect(directions(found) == [true, false])
  }
}
