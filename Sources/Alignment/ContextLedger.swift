import DequeModule
import NASCrypto
import NASMessages
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
  /// Whether the network has shown that it uses its KASME: by a message under it that takes no context into use, or by a KeNB.
  var isTakenByNetwork = false
  /// A message under an earlier context after the UE took this one, which may have crossed with SECURITY MODE COMPLETE.
  @Rare var crossing: Comparison?
  /// A request of the UE collided with the SMC that took it into use, which the network may have aborted for that: then it never had COMPLETE,
  /// and TS 24.301 §5.4.3.7 does not say which context is in force.
  var hasCollided = false
  /// That it uses an earlier one, after such a collision.
  @Rare var collision: Comparison?
  var isOpen: Bool { hasCollided && !isTakenByNetwork }
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
  /// What a SECURITY MODE COMMAND of the context in use wants its integrity algorithm to be: the network's own only when the UE takes it,
  /// since the SMC may be rejected, lost, or never answered.
  @Rare var namedIntegrity: Evidence?
  /// Which of the UE's algorithms the network has shown, and which it may be on instead.
  var algorithms = AlgorithmsInForce()
  /// Where the UE's last message under it came, and whether that connection is gone.
  var uplinkConnection: KeNBTriggers.Connection?
  var hasLostConnection = false
  /// What the UE has proven to have received.
  var reception = ReceptionProof()
  /// Where the MME, and where our UE, said that it has no context while this one is in use.
  @Rare var deletion: Deletion?
  @Rare var selfDeletion: Deletion?
  /// COUNTs of the UE's last messages, where a tester gave them a header that no such message has (TS 24.301 §9.3.1): the network may drop them
  /// though their MACs verify.
  var unfit: Range<UInt32>?
  /// How many downlink messages did not verify while it was in use, and the first of those that nothing explains.
  var downlinkFailures = 0
  @Rare var unexplained: Comparison?
  /// HANDOVER COMMAND to another system named a COUNT of which the UE's own estimate is not known: the one that it has taken up may be
  /// far from the one meant, or be of another context.
  var mayHaveTakenCount = false
  /// With the octets of as many as may have been under way when the UE took another algorithm.
  var downlinkMessages = MessagesByCount(keeping: 8)
  var uplinkMessages = MessagesByCount()

  init(_ context: ObservedContext, event: Int) {
    self.context = context
    firstEvent = event
  }

  /// What the UE itself sent that contradicts its context: of our own UE, a fault of ours.
  @Rare private(set) var faultOfUE: Comparison?

  mutating func contradict(_ attribute: NASContextAttribute, ofUE comparison: Comparison) {
    if faultOfUE == nil { faultOfUE = comparison }
    contradict(attribute, comparison)
  }

  mutating func contradict(_ attribute: NASContextAttribute, _ comparison: Comparison) {
    if contradictions[attribute] == nil { contradictions[attribute] = comparison }
  }

  /// A verified message of the UE shows its algorithms. What the network showed, or said, before they changed says nothing of those after.
  mutating func take(_ new: NASAlgorithms, count: UInt32) {
    guard algorithms.take(new, count: count) else { return }
    if network[.cipheringAlgorithm]?.value != .ciphering(new.ciphering) { network[.cipheringAlgorithm] = nil }
    if network[.integrityAlgorithm]?.value != .integrity(new.integrity) { network[.integrityAlgorithm] = nil }
    if let named = namedIntegrity, named.value == .integrity(new.integrity) { network[.integrityAlgorithm] = named }
    namedIntegrity = nil
    reports.changed(to: new)
    selfCheck.changed(to: new)
  }

  mutating func update(_ role: ReportComparison.Role, _ body: (inout ReportComparison) -> Void) {
    switch role {
    case .network: body(&reports)
    case .ue: body(&selfCheck)
    }
  }

  /// A message of the network that the UE, deciphering it with an algorithm that it took while the message was under way, reads as one that
  /// makes it delete its context; its name.
  func misread(using engine: inout CryptoEngine) -> String? {
    guard let taken = algorithms.taken else { return nil }
    for (count, octets) in downlinkMessages.last {
      guard let message = Observer.read(downlink: octets, context: context, count: count, ciphering: taken.ciphering, using: &engine),
        PartingLedger.isParting(message.type)
      else { continue }
      return message.type.name
    }
    return nil
  }
}
