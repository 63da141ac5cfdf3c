import NASCrypto
import Testing
import Trace

@testable import Capture

@Suite("Writing captures")
struct CaptureWriterTests {
  @Test("a log written and read again is the same S1AP on the same legs", arguments: [CaptureWriter.Format.pcap, .pcapng])
  func roundTrip(format: CaptureWriter.Format) throws {
    var log = TraceLog()
    log.names.eNBs = [0: "eNB A", 1: "eNB B"]
    log.names.mmes = [0: "MME"]
    let long = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
    log.append(time: .milliseconds(1), body: .s1ap(S1Leg(eNB: 0, mme: 0), .uplink, stream: 0, octets: [0, 17, 1]))
    log.append(time: .milliseconds(2), body: .note("a remark"))
    log.append(time: .milliseconds(3), body: .s1ap(S1Leg(eNB: 1, mme: 0), .uplink, stream: 0, octets: [0, 17, 2]))
    log.append(time: .milliseconds(4), body: .s1ap(S1Leg(eNB: 0, mme: 0), .downlink, stream: 1, octets: long))
    let file = CaptureWriter.capture(of: log, format: format, start: .seconds(1_700_000_000))
    let contents = try CaptureContents(file: file)
    #expect(contents.remarks.isEmpty)
    let expected: [TraceBody] = log.events.map(\.body).filter { $0.pdu != nil }
    #expect(contents.log.events.map(\.body).filter { $0.pdu != nil } == expected)
    #expect(contents.log.events.last?.time == .milliseconds(3))
    #expect(contents.packets == 6)
  }

  @Test("CRC32c of the standard check value")
  func crc() {
    #expect(CRC32C.checksum("123456789".utf8) == 0xe306_9283)
  }

  @Test("packets written bear right checksums, computed another way")
  func checksums() throws {
    var log = TraceLog()
    let leg = S1Leg(eNB: 3, mme: 1)
    for length in 0..<64 { log.append(time: .zero, body: .s1ap(leg, .uplink, stream: 1, octets: [UInt8](repeating: 0xa5, count: length))) }
    var reader = try CaptureFileReader(CaptureWriter.capture(of: log))
    var count = 0
    while let packet = try reader.next() {
      var sum = stride(from: packet.octets.startIndex, to: packet.octets.startIndex + 20, by: 2).reduce(0) {
        $0 + (UInt32(packet.octets[$1]) << 8 | UInt32(packet.octets[$1 + 1]))
      }
      while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
      #expect(sum == 0xffff)
      guard case .sctp(let datagram) = NetworkLayer.open(packet) else {
        Issue.record("not SCTP")
        return
      }
      var octets = Array(datagram.octets)
      let sent = octets[8..<12].reversed().reduce(0) { $0 << 8 | UInt32($1) }
      octets.replaceSubrange(8..<12, with: [0, 0, 0, 0])
      // Bit by bit, without a table.
      var register: UInt32 = ~0
      for octet in octets {
        for bit in 0..<8 {
          let feedback = (register ^ UInt32(octet >> UInt8(bit))) & 1
          register = register >> 1 ^ (feedback == 1 ? 0x82f6_3b78 : 0)
        }
      }
      #expect(~register == sent)
      count += 1
    }
    #expect(count == 64)
  }

  @Test("every capture read, written and read again keeps its S1AP", arguments: CaptureResources.names)
  func realRoundTrip(name: String) throws {
    let contents = try CaptureContents(file: try CaptureResources.octets(name))
    let again = try CaptureContents(file: CaptureWriter.capture(of: contents.log))
    #expect(again.log.events.compactMap(\.body.pdu) == contents.log.events.compactMap(\.body.pdu))
    #expect(again.log.events.compactMap(\.body.direction) == contents.log.events.compactMap(\.body.direction))
    #expect(contents.remarks.isEmpty)
    #expect(contents.s1apMessages > 10)
  }
}
