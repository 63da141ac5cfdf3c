import Alignment
import NASCrypto
import Observer
import Testing
import Trace

@testable import Capture

/// What a capture's UEs are followed by on one thread and judged by on another gives the verdicts of one engine that does both.
@Suite("Judging apart")
struct JudgingApartTests {
  private static let subscribers: [SubscriberCredentials] = CaptureResources.names.flatMap { name in
    ((try? CaptureResources.text(name)).flatMap { try? ToldKeys($0) })?.subscribers ?? []
  }

  /// All captures at once, each over associations of its own, their messages by turns; every seventh message comes altered first.
  private static func mixed() throws -> [TraceEvent] {
    var random = SeededRandom(seed: 0x0b5e_0003)
    var log = TraceLog()
    let captures = try CaptureResources.names.map { try CaptureContents(file: try CaptureResources.octets($0)).log.events.map(\.body) }
    for position in 0..<(captures.map(\.count).max() ?? 0) {
      for (number, bodies) in captures.enumerated() where position < bodies.count {
        switch bodies[position] {
        case .s1ap(let leg, let direction, let stream, let octets):
          let own = S1Leg(eNB: leg.eNB + 100 * number, mme: leg.mme + 100 * number)
          if log.count % 7 == 0 {
            log.append(
              time: .milliseconds(position), body: .s1ap(own, direction, stream: stream, octets: Mutation.apply(octets, using: &random)))
          }
          log.append(time: .milliseconds(position), body: .s1ap(own, direction, stream: stream, octets: octets))
        case .association(let leg, let change):
          log.append(
            time: .milliseconds(position), body: .association(S1Leg(eNB: leg.eNB + 100 * number, mme: leg.mme + 100 * number), change))
        case let other: log.append(time: .milliseconds(position), body: other)
        }
      }
    }
    return log.events
  }

  @Test(
    "over all captures mixed, altered messages among them, however many events a batch has", arguments: [1, 13, 100_000], [true, false])
  func sameVerdicts(size: Int, isKeyed: Bool) throws {
    var crypto = CryptoEngine()
    var both = AlignmentEngine(subscribers: isKeyed ? Self.subscribers : [])
    var apart = both
    var following = BatchingObserver(apart.observer)
    var batch = ObservedBatch()
    let events = try Self.mixed()
    for event in events {
      both.consume(event, using: &crypto)
      following.consume(event, using: &crypto, into: &batch)
      guard event.index % size == 0 else { continue }
      apart.consume(&batch, using: &crypto)
      batch.removeAll()
    }
    following.finish(into: &batch)
    apart.consume(&batch, using: &crypto)
    let verdicts = both.verdicts()
    #expect(apart.verdicts() == verdicts)
    let counted = both.verdictsBesideAligned(ofUEs: both.uesWithVerdicts[...])
    #expect(counted.verdicts == verdicts.filter { $0.verdict != .aligned })
    #expect(counted.aligned == verdicts.count { $0.verdict == .aligned })
    #expect(apart.ueCount == both.ueCount)
    #expect(!isKeyed || Set(verdicts.map(\.verdict)).isSuperset(of: [.aligned, .misaligned, .unobserved]))
    #expect(Set(verdicts.map(\.ue)).count > 5)
  }
}
