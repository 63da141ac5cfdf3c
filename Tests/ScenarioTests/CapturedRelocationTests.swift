import Alignment
import Capture
import GTPv2C
import NASCrypto
import NASMessages
import S1AP
import TestNetwork
import Testing
import Trace

@testable import Scenario

/// Handovers between MMEs as somebody has captured them, S1 and S10: what a capture decides is what the run decided.
@Suite struct CapturedRelocationTests {
  private static let slugs: Set<String> = ["relocation-waits", "forward-both-contexts"]

  /// A handover to the other MME while SECURITY MODE COMPLETE, or the answer about a new KeNB, is held.
  private func relocation(holding filter: MessageFilter, _ defects: Set<Defect> = []) -> RelocationBench {
    let network = RelocationBench(defects: [defects, []])
    network.world.control.add(MessageRule("held", filter, .hold()))
    network.network(.authenticate())
    network.handover(to: 2)
    network.world.release("held")
    network.settle()
    return network
  }

  private static let complete = MessageFilter(.uplinkNASTransport, nas: .securityModeComplete)
  private static let answer = MessageFilter(.ueContextModificationResponse)

  /// What `nasue check` makes of a file: verdict and message by slug.
  private func judged(_ file: [UInt8]) throws -> (verdicts: [String: [String]], contents: CaptureContents) {
    let contents = try CaptureContents(file: file)
    var engine = CryptoEngine()
    var alignment = AlignmentEngine(subscribers: [Worlds.credentials()])
    for event in contents.log.events { alignment.consume(event, using: &engine) }
    return (tell(alignment.verdicts()), contents)
  }

  private func tell(_ verdicts: [Verdict]) -> [String: [String]] {
    let told = verdicts.filter { Self.slugs.contains($0.slug) }
    return Dictionary(grouping: told, by: \.slug).mapValues { $0.map { "\($0.verdict.rawValue) \($0.message)" } }
  }

  private static let request = "FORWARD RELOCATION REQUEST"

  struct Case: Sendable {
    var holding: MessageFilter
    var defects: Set<Defect> = []
    var expected: [String: String]
  }

  private static let cases = [
    Case(holding: complete, expected: ["relocation-waits": "aligned", "forward-both-contexts": "aligned"]),
    Case(holding: complete, defects: [.relocationDuringSMC], expected: ["relocation-waits": "misaligned"]),
    Case(
      holding: complete, defects: [.forwardNewContextOnly],
      expected: ["relocation-waits": "aligned", "forward-both-contexts": "misaligned"]),
    Case(holding: answer, expected: ["relocation-waits": "aligned"]),
    Case(holding: answer, defects: [.relocationDuringASRekey], expected: ["relocation-waits": "misaligned"]),
  ]

  private func gtp(_ log: TraceLog) -> [String] {
    log.events.compactMap { if case .gtp(let from, let to, let octets) = $0.body { "\(from) \(to) \(octets)" } else { nil } }
  }

  @Test("a capture of S1 and S10 decides what the run did, in either format", arguments: cases)
  func sameVerdicts(_ one: Case) throws {
    let network = relocation(holding: one.holding, one.defects)
    let due = one.expected.mapValues { ["\($0) \(Self.request)"] }
    #expect(tell(network.alignment.verdicts()).filter { due.keys.contains($0.key) } == due)
    for format in [CaptureWriter.Format.pcap, .pcapng] {
      let found = try judged(CaptureWriter.capture(of: network.log, format: format))
      #expect(found.contents.remarks == [])
      #expect(found.verdicts.filter { due.keys.contains($0.key) } == due)
      #expect(gtp(found.contents.log) == gtp(network.log))
    }
  }

  @Test("where S10 is not in the capture HANDOVER REQUEST tells of the wait, and nothing of the contexts")
  func withoutS10() throws {
    let network = relocation(holding: Self.complete, [.relocationDuringSMC])
    var log = TraceLog()
    for event in network.log.events {
      if case .gtp = event.body { continue }
      log.append(time: event.time, body: event.body)
    }
    #expect(try judged(CaptureWriter.capture(of: log)).verdicts == ["relocation-waits": ["misaligned HANDOVER REQUEST"]])
  }

  @Test("a request that is cut anywhere is said to be so, and decides nothing of the contexts")
  func cutRequest() throws {
    let network = relocation(holding: Self.complete)
    let place = try #require(
      network.log.events.firstIndex {
        if case .gtp(_, _, let octets) = $0.body { GTPv2CMessage.outline(of: octets)?.type == .forwardRelocationRequest } else { false }
      })
    guard case .gtp(let from, let to, let octets) = network.log.events[place].body else { return }
    for length in stride(from: 0, to: octets.count, by: 7) {
      var log = TraceLog()
      for (index, event) in network.log.events.enumerated() {
        log.append(time: event.time, body: index == place ? .gtp(from: from, to: to, octets: Array(octets.prefix(length))) : event.body)
      }
      let found = try judged(CaptureWriter.capture(of: log))
      #expect(found.contents.remarks.map(\.reason) == [.malformedGTP], "\(length)")
      #expect(found.contents.remarks.allSatisfy { !$0.detail.isEmpty })
      #expect(found.verdicts["forward-both-contexts"] == nil, "\(length)")
    }
  }
}
