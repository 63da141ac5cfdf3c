import NASCrypto

/// The USIM: the subscriber's secrets and the sequence numbers it accepted (TS 33.102 §6.3, Annex C).
public struct USIM: Sendable, Equatable {
  public let credentials: SubscriberCredentials
  public internal(set) var sequenceNumbers: USIMSequenceNumbers
  /// False after an authentication reject and some others: the USIM counts as invalid until power-off (TS 24.301 §5.4.2.5).
  public internal(set) var isValid = true

  public init(credentials: SubscriberCredentials, sequenceNumbers: USIMSequenceNumbers = USIMSequenceNumbers()) {
    self.credentials = credentials
    self.sequenceNumbers = sequenceNumbers
  }

  /// The same secrets (but for the operator's), the same sequence numbers accepted, the same validity.
  public static func == (a: USIM, b: USIM) -> Bool {
    a.credentials.imsi == b.credentials.imsi && a.credentials.k == b.credentials.k && a.sequenceNumbers == b.sequenceNumbers
      && a.isValid == b.isValid
  }

  /// Answers a challenge; on success the sequence number counts as used.
  mutating func authenticate(rand: [UInt8], autn: [UInt8], using engine: inout CryptoEngine) -> AKAOutcome {
    engine.verifyChallenge(rand: rand, autn: autn, credentials: credentials, sequenceNumbers: &sequenceNumbers)
  }
}
