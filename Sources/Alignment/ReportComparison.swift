import NASCrypto
import Observer
import Trace

/// Compares an entity's own reports on a context with what the wire shows of the UE's.
///
/// COUNTs: a report can be ahead of the wire only in the direction that its owner sends in (the message is made, and not yet seen), and
/// behind it only in the direction that it receives in (the message is under way). Such a difference waits, and is resolved by what
/// comes next or counts at the end. The other way round it is a difference at once.
///
/// A report holds for the moment it was made: once the wire has gone on in a direction it says nothing of that COUNT any more, until a
/// later one comes.
struct ReportComparison: Sendable {
  enum Role: Sendable { case ue, network }

  private static let passed = "the wire went on after this report, and no later one came"

  let role: Role
  private(set) var aligned = ByAttribute<Comparison>()
  private(set) var misaligned = ByAttribute<Comparison>()
  private(set) var waiting = ByAttribute<Comparison>()
  /// COUNTs that a report was right about, or that it may have been right about, before the wire went on.
  private(set) var stale = ByAttribute<Comparison>()
  private(set) var count = 0

  init(role: Role) { self.role = role }

  /// - Parameters:
  ///   - open: what is not to be compared, since the specification leaves open which value is right.
  ///   - proven: the UE's next downlink COUNT as far as it has proven what it received.
  ///   - isGone: the connection on which the UE's last message came is gone.
  mutating func compare(
    _ report: SecurityContextReport, with context: ObservedContext, except open: Set<NASContextAttribute> = [], proven: UInt32?,
    isGone: Bool = false, frame: Int
  ) {
    count += 1
    let message = "report: \(report.cause)"
    func comparison(_ expected: AlignedValue, _ observed: AlignedValue) -> Comparison {
      Comparison(expected: expected, observed: observed, message: message, frame: frame)
    }
    decide(
      .eKSI, report.eKSI == context.eKSI && !report.isMapped,
      comparison(.eKSI(context.eKSI), report.isMapped ? .words("mapped, \(report.eKSI)") : .eKSI(report.eKSI)))
    if let kasme = report.kasme { decide(.kasme, kasme == context.kasme, comparison(.key(context.kasme), .key(kasme))) }
    if let algorithms = context.algorithms {
      if let ciphering = report.cipheringAlgorithm, !open.contains(.cipheringAlgorithm) {
        let pair = comparison(.ciphering(algorithms.ciphering), .ciphering(ciphering))
        decide(.cipheringAlgorithm, ciphering == algorithms.ciphering, pair)
      }
      if let integrity = report.integrityAlgorithm, !open.contains(.integrityAlgorithm) {
        let pair = comparison(.integrity(algorithms.integrity), .integrity(integrity))
        decide(.integrityAlgorithm, integrity == algorithms.integrity, pair)
      }
    }
    if !open.contains(.uplinkCount) {
      decideCount(
        .uplinkCount, report.uplinkNASCount.next, wire: context.nextUplinkCount, isSender: role == .ue, message: message, frame: frame)
    }
    defer { if isGone { released() } }
    guard !open.contains(.downlinkCount) else { return }
    // A UE that lacks downlink messages is right to be behind, down to what it has proven to have.
    let received = report.downlinkNASCount.next
    if role == .ue, received < context.nextDownlinkCount, received >= proven ?? 0 {
      return decide(.downlinkCount, true, comparison(.nextCount(received), .nextCount(received)))
    }
    decideCount(
      .downlinkCount, report.downlinkNASCount.next, wire: context.nextDownlinkCount, isSender: role == .network, message: message,
      frame: frame)
  }

  /// The connection is gone, or the context left, and what was under way on it may never have reached the network: one that lacks it is right.
  mutating func released() {
    guard role == .network, let pending = waiting[.uplinkCount] else { return }
    waiting[.uplinkCount] = nil
    outdate(
      .uplinkCount, pending,
      "what the UE sent last, as its connection ended or its context was left, may not have been taken, and no later report came")
  }

  /// A report on a context that is no longer the one in use: under way, unless nothing newer comes.
  mutating func wait(_ comparison: Comparison) { waiting[.kasme] = comparison }

  /// The UE turns out to have left the context for one that nothing is known of.
  mutating func left() { waiting[.kasme] = nil }

  /// The wire went on: a report that was ahead of it may be right now, and one that agreed with it is of the past.
  mutating func advance(to context: ObservedContext) {
    advance(.uplinkCount, to: context.nextUplinkCount, isSender: role == .ue)
    advance(.downlinkCount, to: context.nextDownlinkCount, isSender: role == .network)
  }

  private mutating func advance(_ attribute: NASContextAttribute, to next: UInt32, isSender: Bool) {
    guard count > 0 else { return }
    if waiting.has(attribute), var pending = waiting[attribute], case .nextCount(let said) = pending.observed,
      case .nextCount(let seen) = pending.expected
    {
      if isSender {
        guard next >= said else { return }
        pending.expected = pending.observed
        waiting[attribute] = nil
        aligned[attribute] = pending
      } else if next > seen {
        // What was under way when it was made may have come since.
        waiting[attribute] = nil
        pending.expected = .nextCount(next)
        outdate(attribute, pending, Self.passed)
      }
    }
    if let said = aligned.observedCount(attribute), next > said, var agreed = aligned[attribute] {
      aligned[attribute] = nil
      agreed.expected = .nextCount(next)
      outdate(attribute, agreed, Self.passed)
    }
  }

  /// The UE has other algorithms now: a report that agreed with those before is of the past.
  mutating func changed(to algorithms: NASAlgorithms) {
    let now: [(NASContextAttribute, AlignedValue)] = [
      (.cipheringAlgorithm, .ciphering(algorithms.ciphering)), (.integrityAlgorithm, .integrity(algorithms.integrity)),
    ]
    for (attribute, value) in now {
      guard var agreed = aligned[attribute], agreed.observed != value else { continue }
      aligned[attribute] = nil
      agreed.expected = value
      outdate(attribute, agreed, "the UE took it after this report, and no later one came")
    }
  }

  private mutating func outdate(_ attribute: NASContextAttribute, _ comparison: Comparison, _ note: String) {
    var past = comparison
    past.note = note
    stale[attribute] = past
  }

  private mutating func decide(_ attribute: NASContextAttribute, _ isAligned: Bool, _ comparison: Comparison) {
    waiting[attribute] = nil
    stale[attribute] = nil
    if isAligned {
      aligned[attribute] = comparison
    } else if misaligned[attribute] == nil {
      misaligned[attribute] = comparison
    }
  }

  private mutating func decideCount(
    _ attribute: NASContextAttribute, _ said: UInt32, wire: UInt32, isSender: Bool, message: String, frame: Int
  ) {
    let comparison = Comparison(expected: .nextCount(wire), observed: .nextCount(said), message: message, frame: frame)
    if said == wire {
      decide(attribute, true, comparison)
    } else if isSender == (said > wire), role == .network || isSender {
      aligned[attribute] = nil
      stale[attribute] = nil
      waiting[attribute] = comparison
    } else {
      decide(attribute, false, comparison)
    }
  }
}
