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

  @Test("real captures have the checksum that the writer computes")
  func checksumAgainstRealPackets() throws {
    var reader = try CaptureFileReader(try CaptureResources.octets("open5gs/attach_detach"))
    var checked = 0
    while let packet = try reader.next() {
      guard case .sctp(let datagram) = NetworkLayer.open(packet) else { continue }
      var octets = Array(datagram.octets)
      let sent = octets[8..<12].reversed().reduce(0) { $0 << 8 | UInt32($1) }
      octets.replaceSubrange(8..<12, with: [0, 0, 0, 0])
      if CRC32C.checksum(octets) == sent { checked += 1 }
    }
    // Loopback may leave checksums to hardware that is not there; then none of them is set.
    #expect(checked == 0 || checked > 50)
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
