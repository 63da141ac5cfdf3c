public import NASCrypto

/// A NAS COUNT as its holder stores it, with the meaning said.
///
/// TS 24.301 §4.4.3.1: a sender stores the value for its *next* message, a receiver the *largest accepted* one. Both are
/// brought to one measure (`next`) before they are compared, so that a report can say whichever its owner stores.
public enum NASCountState: Hashable, Sendable, CustomStringConvertible {
  /// The COUNT of the next message: the sender's, or the smallest a receiver would still accept. 24 bits.
  case next(UInt32)
  /// The largest COUNT accepted so far. 24 bits.
  case largestAccepted(UInt32)
  /// Nothing sent or accepted yet under this context.
  case unused

  /// The COUNT that the next message would carry if nothing is lost.
  public var next: UInt32 {
    switch self {
    case .next(let count): count
    case .largestAccepted(let count): count + 1
    case .unused: 0
    }
  }

  public var description: String {
    switch self {
    case .next(let count): "next \(count)"
    case .largestAccepted(let count): "largest accepted \(count)"
    case .unused: "unused"
    }
  }
}

/// An entity's own word on one of its EPS security contexts, given by the driver whenever one changes.
///
/// The MME's is the network side of `nas-context` on the test network; the UE's feeds `self-check` alone.
public struct SecurityContextReport: Sendable, Equatable {
  /// TS 24.301 §4.4.2.1.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case current
    case nonCurrentFullNative = "non-current full native"
    case nonCurrentPartialNative = "non-current partial native"
    /// The context of this eKSI no longer exists.
    case deleted
  }

  public var owner: TraceEntity
  public var imsi: String
  public var kind: Kind
  /// Key set identifier value, 0-6; 7 is "no key is available".
  public var eKSI: UInt8
  /// Type of security context flag: mapped instead of native.
  public var isMapped: Bool
  public var kasme: KeyMaterial?
  public var cipheringAlgorithm: CipheringAlgorithm?
  public var integrityAlgorithm: IntegrityAlgorithm?
  public var uplinkNASCount: NASCountState
  public var downlinkNASCount: NASCountState
  /// What changed it, in words: "SECURITY MODE COMPLETE accepted".
  public var cause: String

  public init(
    owner: TraceEntity, imsi: String, kind: Kind = .current, eKSI: UInt8, isMapped: Bool = false, kasme: KeyMaterial?,
    cipheringAlgorithm: CipheringAlgorithm?, integrityAlgorithm: IntegrityAlgorithm?, uplinkNASCount: NASCountState,
    downlinkNASCount: NASCountState, cause: String
  ) {
    self.owner = owner
    self.imsi = imsi
    self.kind = kind
    self.eKSI = eKSI
    self.isMapped = isMapped
    self.kasme = kasme
    self.cipheringAlgorithm = cipheringAlgorithm
    self.integrityAlgorithm = integrityAlgorithm
    self.uplinkNASCount = uplinkNASCount
    self.downlinkNASCount = downlinkNASCount
    self.cause = cause
  }
}
