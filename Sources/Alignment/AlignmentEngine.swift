public import NASCrypto
public import Trace

/// Judges one trace, live or captured: consumes events in order, and tells the verdicts so far at any time.
///
/// The ledgers follow wire octets and K alone. An MME's own report is the network side that is compared with them; a UE's
/// own report feeds `self-check` alone.
public struct AlignmentEngine: Sendable {
  public init(subscribers: [SubscriberCredentials], required: Set<String> = [], showKeys: Bool = false) {
  }

  public mutating func consume(_ event: TraceEvent, using engine: inout CryptoEngine) {
  }

  /// The verdicts that the events so far give, in the order of their evidence.
  public func verdicts() -> [Verdict] { [] }
}
