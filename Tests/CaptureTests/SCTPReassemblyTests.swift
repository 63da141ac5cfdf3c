import NASCrypto
import Testing
import Trace

@testable import Capture

@Suite("SCTP associations")
struct SCTPReassemblyTests {
  @Test("bundled chunks, fragments over packets, and other PPIDs")
  func bundlesAndFragments() {
    let (pdus, follower) = FrameBuilder.bodies([
      FrameBuilder.up(FrameBuilder.data(tsn: 1, [0, 17, 1]) + FrameBuilder.data(tsn: 2, [2]) + FrameBuilder.data(tsn: 3, [9], ppid: 60)),
      FrameBuilder.up(FrameBuilder.data(tsn: 4, [3], flags: 2)), FrameBuilder.up(FrameBuilder.data(tsn: 5, [4], flags: 0)),
      FrameBuilder.up(FrameBuilder.data(tsn: 6, [5], flags: 1) + FrameBuilder.data(tsn: 7, [6])),
      FrameBuilder.down(FrameBuilder.data(tsn: 100, [7], ppid: 18 << 24)),
    ])
    #expect(pdus == [[0, 17, 1], [2], [3, 4, 5], [6], [7]])
    #expect(follower.dataChunks == 8)
    #expect(follower.remarks.isEmpty)
  }

  @Test("duplicates are dropped, reordered chunks put in order, TSNs wrap")
  func order() {
    let top = 0xffff_fffe
    let packets = [
      FrameBuilder.up(FrameBuilder.data(tsn: top, [1])), FrameBuilder.up(FrameBuilder.data(tsn: 0, [3])),
      FrameBuilder.up(FrameBuilder.data(tsn: 0, [3])), FrameBuilder.up(FrameBuilder.data(tsn: top, [1])),
      FrameBuilder.up(FrameBuilder.data(tsn: 0xffff_ffff, [2])), FrameBuilder.up(FrameBuilder.data(tsn: 0xffff_ffff, [2])),
      FrameBuilder.up(FrameBuilder.data(tsn: 1, [4])),
    ]
    #expect(FrameBuilder.bodies(packets).pdus == [[1], [2], [3], [4]])
  }

  @Test("a chunk lost to the capture holds nothing up once its receiver has acknowledged it")
  func lostToTheCapture() {
    let packets = [
      FrameBuilder.up(FrameBuilder.data(tsn: 1, [1])), FrameBuilder.up(FrameBuilder.data(tsn: 3, [3])),
      FrameBuilder.up(FrameBuilder.data(tsn: 5, [5], flags: 1)), FrameBuilder.up(FrameBuilder.data(tsn: 6, [6])),
    ]
    #expect(FrameBuilder.bodies(packets, finish: false).pdus == [[1]])
    let other = [UInt8](repeating: 0, count: 4)
    let later = [FrameBuilder.down(FrameBuilder.sack(6))] + Array(repeating: other, count: CaptureFollower.patience + 1)
    let (pdus, follower) = FrameBuilder.bodies(packets + later, finish: false)
    #expect(pdus == [[1], [3], [6]])
    #expect(follower.remarkCounts[.lostFragment] == 1)
    #expect(follower.missingChunks == 2 && follower.missing.allSatisfy { $0.direction == .uplink && $0.packet == 5 })
    #expect(FrameBuilder.bodies(packets).pdus == [[1], [3], [6]])
  }

  @Test("a chunk behind its acknowledgement in the file is taken in its turn, before what was said after it")
  func behindItsAcknowledgement() {
    let (pdus, follower) = FrameBuilder.bodies(
      [
        FrameBuilder.up(FrameBuilder.data(tsn: 1, [1])), FrameBuilder.down(FrameBuilder.sack(2) + FrameBuilder.data(tsn: 100, [3])),
        FrameBuilder.up(FrameBuilder.data(tsn: 2, [2])), FrameBuilder.down(FrameBuilder.data(tsn: 101, [4])),
      ], finish: false)
    #expect(pdus == [[1], [2], [3], [4]])
    #expect(follower.missing.isEmpty && follower.remarks.isEmpty)
  }

  @Test("the MME is the end with port 36412, else the one that INIT went to, else told by the first message")
  func directions() throws {
    func direction(_ packets: [[UInt8]]) -> LinkDirection? {
      var follower = CaptureFollower()
      var outputs: [TraceBody] = []
      for octets in packets { follower.consume(FrameBuilder.packet(octets), into: &outputs) }
      return outputs.compactMap(\.direction).first
    }
    #expect(direction([FrameBuilder.up(FrameBuilder.data(tsn: 1, [1]))]) == .uplink)
    #expect(direction([FrameBuilder.down(FrameBuilder.data(tsn: 1, [1]))]) == .downlink)
    for (first, second) in [(FrameBuilder.eNB, FrameBuilder.mme), (FrameBuilder.mme, FrameBuilder.eNB)] {
      func toward(_ chunks: [UInt8]) -> [UInt8] { FrameBuilder.ipv4(first, second, FrameBuilder.sctp(36412, 36412, chunks)) }
      func back(_ chunks: [UInt8]) -> [UInt8] { FrameBuilder.ipv4(second, first, FrameBuilder.sctp(36412, 36412, chunks)) }
      let initiate = toward(FrameBuilder.initiation(1, tag: 5, tsn: 10))
      let accept = back(FrameBuilder.initiation(2, tag: 6, tsn: 20))
      #expect(direction([initiate, accept, back(FrameBuilder.data(tsn: 20, [1]))]) == .downlink)
      #expect(direction([accept, back(FrameBuilder.data(tsn: 20, [1]))]) == .downlink)
      #expect(direction([toward(FrameBuilder.data(tsn: 1, [0, 17]))]) == .uplink)
      #expect(direction([toward(FrameBuilder.data(tsn: 1, [0x20, 17]))]) == .downlink)
      #expect(direction([toward(FrameBuilder.data(tsn: 1, [0, 11]))]) == .downlink)
      #expect(direction([toward(FrameBuilder.data(tsn: 1, [0, 13]))]) == .uplink)
    }
  }

  @Test("packets from a second address that INIT listed belong to the same association")
  func multihoming() {
    let second: [UInt8] = [10, 0, 1, 1]
    let (pdus, follower) = FrameBuilder.bodies([
      FrameBuilder.up(FrameBuilder.initiation(1, tag: 5, tsn: 10, addresses: [FrameBuilder.eNB, second])),
      FrameBuilder.up(FrameBuilder.data(tsn: 10, [1])),
      FrameBuilder.ipv4(second, FrameBuilder.mme, FrameBuilder.sctp(50_000, 36412, FrameBuilder.data(tsn: 11, [2]))),
      FrameBuilder.ipv4(second, FrameBuilder.mme, FrameBuilder.sctp(50_000, 36412, FrameBuilder.data(tsn: 10, [1]))),
    ])
    #expect(pdus == [[1], [2]])
    #expect(follower.names.eNBs.count == 1)
  }

  @Test("a new INIT or an ABORT ends the association; the leg stays the same pair of ends")
  func restart() {
    var follower = CaptureFollower()
    var outputs: [TraceBody] = []
    let packets = [
      FrameBuilder.up(FrameBuilder.initiation(1, tag: 5, tsn: 10)), FrameBuilder.up(FrameBuilder.data(tsn: 10, [1])),
      FrameBuilder.up(FrameBuilder.initiation(1, tag: 5, tsn: 10)), FrameBuilder.up(FrameBuilder.initiation(1, tag: 7, tsn: 3)),
      FrameBuilder.up(FrameBuilder.data(tsn: 3, [2])), FrameBuilder.down([6, 0, 0, 4]), FrameBuilder.up(FrameBuilder.data(tsn: 900, [3])),
    ]
    for octets in packets { follower.consume(FrameBuilder.packet(octets), into: &outputs) }
    let leg = S1Leg(eNB: 0, mme: 0)
    #expect(
      outputs == [
        .association(leg, .up), .s1ap(leg, .uplink, stream: 0, octets: [1]), .association(leg, .down("restarted")), .association(leg, .up),
        .s1ap(leg, .uplink, stream: 0, octets: [2]), .association(leg, .down("ABORT")), .association(leg, .up),
        .s1ap(leg, .uplink, stream: 0, octets: [3]),
      ])
  }

  @Test("what is held is bounded")
  func bounded() {
    var reassembly = SCTPReassembly(initialTSN: 0)
    var messages: [SCTPReassembly.Message] = []
    // Every second chunk missing.
    for tsn in stride(from: UInt32(1), to: 20_001, by: 2) {
      reassembly.receive(.init(isBeginning: true, isEnd: true, tsn: tsn, stream: 0, ppid: 18, octets: [1]), into: &messages)
    }
    #expect(messages.count >= 10_000 - SCTPReassembly.maximumHeldChunks)
    reassembly.flush(into: &messages)
    #expect(messages.count == 10_000)
    // One message without an end.
    var endless = SCTPReassembly(initialTSN: 0)
    let fragment = [UInt8](repeating: 0, count: 60_000)
    for tsn in UInt32(0)..<40 {
      endless.receive(.init(isBeginning: tsn == 0, isEnd: false, tsn: tsn, stream: 0, ppid: 18, octets: fragment[...]), into: &messages)
    }
    #expect(endless.faults.first == .messageTooLong)
  }

  @Test("broken chunks are remarked, what came before them is kept")
  func broken() {
    let (pdus, follower) = FrameBuilder.bodies([
      FrameBuilder.up(FrameBuilder.data(tsn: 1, [1]) + [0, 3, 0, 200, 0, 0, 0, 2]),
      FrameBuilder.up(FrameBuilder.data(tsn: 2, [2]) + [0, 3, 0, 3]),
      FrameBuilder.up(FrameBuilder.data(tsn: 3, [3]) + [0, 3, 0, 8, 0, 0, 0, 2]),
      FrameBuilder.ipv4(FrameBuilder.eNB, FrameBuilder.mme, [1, 2, 3]),
    ])
    #expect(pdus == [[1], [2], [3]])
    #expect(follower.remarks.map(\.reason) == [.chunkBeyondPacket, .malformedSCTP, .malformedSCTP, .malformedSCTP])
    #expect(follower.remarks.map(\.packet) == [1, 2, 3, 4])
  }
}
