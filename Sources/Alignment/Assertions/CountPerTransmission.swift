import DequeModule
import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// `count-per-transmission`: every protected downlink message takes a COUNT of its own, retransmissions included (TS 24.301 §4.4.3.1). One
/// COUNT twice under one key is keystream used twice.
struct CountPerTransmission: WireAssertion {
  private struct Used: Sendable {
    var count: UInt32
    var event: Int
    var name: String
    var digest: OctetsDigest
  }

  private static let remembered = 128

  private var findings = Findings(.countPerTransmission)
  private var contextID: Int?
  private var used: Deque<Used> = []
  /// Of the context.
  private var largest: UInt32?
  private var lastLeg: S1Leg?
  /// Messages whose COUNT is not known were seen since the last.
  private var isInterrupted = false

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    if nas.direction == .downlink { downlink(nas, observation, circumstances) }
  }

  mutating func observe(_ procedure: ProcedureObservation, _ observation: Observation, _ circumstances: Circumstances) {
    // A NAS security transparent container takes a COUNT too (§4.4.2.2); a command lost before S1 does not.
    if procedure.message == .handoverRequired { isInterrupted = true }
  }

  private mutating func downlink(_ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances) {
    guard let count = nas.integrity.count, let context = nas.context else {
      if nas.header != .plain { isInterrupted = true }
      return
    }
    if contextID != context.id {
      contextID = context.id
      used = []
      largest = nil
      isInterrupted = true
    }
    defer {
      lastLeg = observation.leg
      isInterrupted = false
    }
    func words() -> Findings.Words {
      Findings.Words(expected: "a COUNT of its own", observed: "COUNT \(count)", derivation: context.derivation)
    }
    // Almost every COUNT is a new one.
    if let largest, count <= largest, let earlier = used.last(where: { $0.count == count }) {
      var twice = words()
      twice.note =
        earlier.digest == nas.digest
        ? "the same octets went out in frame \(earlier.event): a transmission without a COUNT of its own"
        : "\(earlier.name) of frame \(earlier.event) had it: keystream used twice"
      return findings.find(.misaligned, observation, nas.name, twice)
    }
    let largest = largest
    self.largest = max(largest ?? 0, count)
    if used.count >= Self.remembered { used.removeFirst() }
    used.append(Used(count: count, event: observation.event, name: nas.name, digest: nas.digest))
    if case .stale = nas.integrity {
      // What two associations carry has no order between them.
      guard lastLeg == observation.leg else { return }
      var back = words()
      back.note = "the COUNT went back" + (largest.map { " from \($0)" } ?? "")
      return findings.find(.misaligned, observation, nas.name, back)
    }
    if let largest, count > largest + 1, !isInterrupted {
      var gap = words()
      gap.expected = "COUNT \(largest + 1)"
      gap.note = "a gap of \(count - largest - 1): messages that took a COUNT were not sent, or not captured"
      return findings.find(circumstances.isLive ? .warning : .unobserved, observation, nas.name, gap)
    }
    findings.hold(observation, nas.name, .count(count, context))
  }

  func collect(into result: inout CollectedVerdicts) { findings.collect(into: &result) }
}
