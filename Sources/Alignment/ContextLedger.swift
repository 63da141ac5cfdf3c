import NASCrypto
import Observer
import Trace

/// What both sides have shown of one security context, and what was found to differ.
struct ContextLedger: Sendable {
  /// As last observed.
  var context: ObservedContext
  /// When SECURITY MODE COMMAND named it, or an uplink message proved it, whichever was first.
  var firstEvent: Int
  var isTaken = false
  /// What the UE proved by what it sent, or took by accepting what was sent to it.
  var ue = ByAttribute<Evidence>()
  /// What the network proved by what it sent.
  var network = ByAttribute<Evidence>()
  /// Proven differences on the wire; the first one of an attribute stays.
  var contradictions = ByAttribute<Comparison>()
  /// What the MME's own reports said, compared with the UE side.
  var reports = ReportComparison(role: .network)
  /// What our UE's own reports said, compared with the UE side: `self-check`.
  var selfCheck = ReportComparison(role: .ue)
  /// Downlink messages that verify under no COUNT tried, and how many verified.
  var downlinkFailures: [Int] = []
  var downlinkVerified = 0
  /// The last downlink messages by COUNT, to tell a repeated transmission from a second message under one COUNT.
  private var downlinkByCount: [(count: UInt32, octets: [UInt8])] = []

  init(_ context: ObservedContext, event: Int) {
    self.context = context
    firstEvent = event
  }

  mutating func contradict(_ attribute: NASContextAttribute, _ comparison: Comparison) {
    if contradictions[attribute] == nil { contradictions[attribute] = comparison }
  }

  mutating func update(_ role: ReportComparison.Role, _ body: (inout ReportComparison) -> Void) {
    switch role {
    case .network: body(&reports)
    case .ue: body(&selfCheck)
    }
  }

  /// Remembers a downlink message.
  /// - Returns: the message that had this COUNT before, if it is remembered.
  mutating func recordDownlink(_ count: UInt32, _ octets: [UInt8]) -> [UInt8]? {
    if let earlier = downlinkByCount.last(where: { $0.count == count }) { return earlier.octets }
    if downlinkByCount.count >= 32 { downlinkByCount.removeFirst() }
    downlinkByCount.append((count, octets))
    return nil
  }
}
