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
  /// When the UE took it (again).
  var takenAt: Duration = .zero
  /// Whether the network has shown that it uses it: by a message under it that takes no context into use, or by a KeNB.
  var isTakenByNetwork = false
  /// A message under an earlier context after the UE took this one, which may have crossed with SECURITY MODE COMPLETE.
  var crossing: Comparison?
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
  /// Whether the network has ciphered with the algorithm that the UE uses now; a KeNB does not show that.
  var isCipheredByNetwork = false
  /// Those of the UE's last message.
  var takenAlgorithms: NASAlgorithms?
  /// The algorithms from before the SMCs that changed them, back to the last that the network has shown to use.
  var earlierAlgorithms: [NASAlgorithms] = []
  /// The MME's report of those after the UE took the new ones, with no sign from the network since that it took them too.
  var leftOpen: SecurityContextReport?
  var leftOpenFrame = 0
  /// What the UE has proven to have received.
  var reception = ReceptionProof()
  /// Where the MME, and where our UE, said that it has no context while this one is in use.
  var deletion: Deletion?
  var selfDeletion: Deletion?
  /// How many downlink messages did not verify while it was in use, and the first of those that nothing explains.
  var downlinkFailures = 0
  var unexplained: Comparison?
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
