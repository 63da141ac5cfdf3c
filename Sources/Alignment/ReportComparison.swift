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
  ///   - proven: the UE's next downlink COUNT as far as it has proven what it received.
  ///   - isIdle: the UE has no connection.
  mutating func compare(_ report: SecurityContextReport, with context: ObservedContext, proven: UInt32?, isIdle: Bool = false, frame: Int) {
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
      if let ciphering = report.cipheringAlgorithm {
        let pair = comparison(.ciphering(algorithms.ciphering), .ciphering(ciphering))
        decide(.cipheringAlgorithm, ciphering == algorithms.ciphering, pair)
      }
      if let integrity = report.integrityAlgorithm {
        let pair = comparison(.integrity(algorithms.integrity), .integrity(integrity))
        decide(.integrityAlgorithm, integrity == algorithms.integrity, pair)
      }
    }
    decideCount(
      .uplinkCount, report.uplinkNASCount.next, wire: context.nextUplinkCount, isSender: role == .ue, message: message, frame: frame)
    // A UE that lacks downlink messages is right to be behind, down to what it has proven to have.
    let received = report.downlinkNASCount.next
    if role == .ue, received < context.nextDownlinkCount, received >= proven ?? 0 {
      return decide(.downlinkCount, true, comparison(.nextCount(received), .nextCount(received)))
    }
    decideCount(
      .downlinkCount, report.downlinkNASCount.next, wire: context.nextDownlinkCount, isSender: role == .network, message: message,
      frame: frame)
    if isIdle { released() }
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

  /// The wire went on: a report that was ahead of it may be right now, and one that agreed with it is of the past.
  mutating func advance(to context: ObservedContext) {
    advance(.uplinkCount, to: context.nextUplinkCount, isSender: role == .ue)
    advance(.downlinkCount, to: context.nextDownlinkCount, isSender: role == .network)
  }

  private mutating func advance(_ attribute: NASContextAttribute, to next: UInt32, isSender: Bool) {
    if var pending = waiting[attribute], case .nextCount(let said) = pending.observed, case .nextCount(let seen) = pending.expected {
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
    if var agreed = aligned[attribute], case .nextCount(let said) = agreed.observed, next > said {
      aligned[attribute] = nil
      agreed.expected = .nextCount(next)
      outdate(attribute, agreed, Self.passed)
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
