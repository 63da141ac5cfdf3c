import NASCrypto
import Observer
import Trace

/// Which algorithms are in force for a context after an SMC has changed them.
///
/// The UE takes them as it sends SECURITY MODE COMPLETE. Whether the network had that is shown by what it does next, one algorithm at a
/// time: a MAC, or a KeNB of a message that it verified, shows integrity; a message that can be deciphered shows ciphering; a KeNB of the
/// COMPLETE itself shows both. Until then the command may have been abandoned while COMPLETE was under way (a release, a procedure of
/// the UE, T3460), and TS 24.301 §5.4.3.7 does not say which algorithms are then in force.
struct AlgorithmsInForce: Sendable {
  /// What the MME says to have where it differs so, and what of it is open for that.
  struct Open: Sendable {
    var report: SecurityContextReport
    var frame: Int
    var attributes: Set<NASContextAttribute>
  }

  private static let maximumEarlier = 8

  /// Those of the UE's last message.
  private(set) var taken: NASAlgorithms?
  /// The COUNT of the first message with them.
  private var takenCount: UInt32 = 0
  /// Those from before the SMCs that changed them, back to the last that the network has shown.
  private var earlier: [NASAlgorithms] = []
  private(set) var isIntegrityShown = false
  private(set) var isCipheringShown = false
  /// The network's report on earlier ones.
  @Rare private(set) var open: Open?
  /// A message of the network with an earlier one.
  private(set) var seen = ByAttribute<Comparison>()

  /// A verified message of the UE.
  /// - Returns: whether it shows other algorithms than the one before.
  mutating func take(_ algorithms: NASAlgorithms, count: UInt32) -> Bool {
    defer { taken = algorithms }
    guard let taken, taken.ciphering != algorithms.ciphering || taken.integrity != algorithms.integrity else { return false }
    if (isIntegrityShown && isCipheringShown) || earlier.count >= Self.maximumEarlier { earlier = [] }
    earlier.append(taken)
    takenCount = count
    isIntegrityShown = false
    isCipheringShown = false
    open = nil
    seen = ByAttribute()
    return true
  }

  /// The network has shown algorithms that the UE uses now.
  mutating func show(integrity: Bool = false, ciphering: Bool = false) {
    if integrity {
      isIntegrityShown = true
      seen[.integrityAlgorithm] = nil
    }
    if ciphering {
      isCipheringShown = true
      seen[.cipheringAlgorithm] = nil
    }
    guard var left = open, let taken else { return }
    // What it said before it showed that is of the past.
    if integrity { left.attributes.subtract([.integrityAlgorithm, .uplinkCount, .downlinkCount]) }
    if ciphering { left.attributes.remove(.cipheringAlgorithm) }
    open = left.attributes.isEmpty || left.report.matches(taken) ? nil : left
  }

  /// The key for an eNB that follows from one message shows what the network verified that with.
  mutating func show(by trigger: NASLedger.Trigger, isComplete: Bool) {
    guard let used = trigger.context.algorithms, let taken, used.integrity == taken.integrity else { return }
    show(integrity: true, ciphering: isComplete && used.ciphering == taken.ciphering)
  }

  /// Whether the network may verify with another integrity algorithm than the UE.
  // Inlined, so that no more of it is copied than is looked at.
  @inline(__always) var isIntegrityOpen: Bool { !isIntegrityShown && earlier.contains { $0.integrity != taken?.integrity } }

  /// Whether the network may be on this earlier algorithm.
  func mayUse(integrity: IntegrityAlgorithm) -> Bool { !isIntegrityShown && earlier.contains { $0.integrity == integrity } }
  func mayUse(ciphering: CipheringAlgorithm) -> Bool { !isCipheringShown && earlier.contains { $0.ciphering == ciphering } }

  /// Other ciphering algorithms that the network may be on.
  @inline(__always) var otherCipherings: [CipheringAlgorithm] {
    isCipheringShown ? [] : earlier.map(\.ciphering).filter { $0 != taken?.ciphering }
  }

  mutating func see(_ comparison: Comparison, _ attribute: NASContextAttribute) { seen[attribute] = comparison }

  /// The MME's report: what of it is open.
  /// - Parameter context: as the wire has it.
  mutating func open(_ report: SecurityContextReport, context: ObservedContext, frame: Int) -> Set<NASContextAttribute> {
    open = nil
    guard let taken, !report.matches(taken), earlier.contains(where: report.matches) else { return [] }
    var attributes: Set<NASContextAttribute> = []
    if report.cipheringAlgorithm != taken.ciphering {
      guard !isCipheringShown else { return [] }
      attributes.insert(.cipheringAlgorithm)
    }
    if report.integrityAlgorithm != taken.integrity {
      guard !isIntegrityShown else { return [] }
      attributes.insert(.integrityAlgorithm)
      // It verifies nothing of what the UE sends now, and nobody can follow what it sends.
      if report.uplinkNASCount.next <= context.nextUplinkCount { attributes.insert(.uplinkCount) }
      if report.downlinkNASCount.next >= context.nextDownlinkCount { attributes.insert(.downlinkCount) }
    }
    // COMPLETE alone may be what it did not take.
    if report.uplinkNASCount.next == takenCount, context.nextUplinkCount == takenCount + 1 { attributes.insert(.uplinkCount) }
    open = Open(report: report, frame: frame, attributes: attributes)
    return attributes
  }
}

extension SecurityContextReport {
  fileprivate func matches(_ algorithms: NASAlgorithms) -> Bool { algorithms.matches(self) }
}
