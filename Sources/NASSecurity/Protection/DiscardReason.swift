/// Why a received NAS message was dropped without changing anything (TS 24.301 §4.4.4, §7).
public enum DiscardReason: Error, Equatable, Sendable, CustomStringConvertible {
  /// A protected message, and no context to check it with.
  case noSecurityContext
  /// The MAC does not verify under the estimated COUNT.
  case integrityCheckFailed
  /// The MAC verifies, but under a COUNT that was accepted before: a replay.
  case replayed(NASCount)
  /// The COUNT would leave its 24 bits.
  case countExhausted
  /// Unprotected or insufficiently protected, where protection is required.
  case protectionMissing
  /// Integrity protected but not ciphered, where ciphering is required (§4.4.5).
  case cipheringMissing
  /// A security header type that does not belong on this message or is reserved.
  case securityHeaderTypeNotAllowed(UInt8)
  /// The octets are no NAS message: what was wrong, in words.
  case malformed(String)
  /// A message that does not fit the state of the receiver.
  case notCompatibleWithState(String)

  public var description: String {
    switch self {
    case .noSecurityContext: "protected, but there is no security context to check it with"
    case .integrityCheckFailed: "integrity check failed"
    case .replayed(let count): "replayed: NAS COUNT \(count) was accepted before"
    case .countExhausted: "NAS COUNT exhausted"
    case .protectionMissing: "not integrity protected, though secure exchange of NAS messages is established"
    case .cipheringMissing: "not ciphered, though ciphering is in use"
    case .securityHeaderTypeNotAllowed(let type): "security header type \(type) is not allowed here"
    case .malformed(let what): "malformed: \(what)"
    case .notCompatibleWithState(let what): what
    }
  }

  /// The clause of TS 24.301 that asks for the discard.
  public var clause: String {
    switch self {
    case .noSecurityContext, .integrityCheckFailed, .protectionMissing: "TS 24.301 §4.4.4"
    case .replayed, .countExhausted: "TS 24.301 §4.4.3"
    case .cipheringMissing: "TS 24.301 §4.4.5"
    case .securityHeaderTypeNotAllowed: "TS 24.301 §9.3.1"
    case .malformed, .notCompatibleWithState: "TS 24.301 §7"
    }
  }
}
