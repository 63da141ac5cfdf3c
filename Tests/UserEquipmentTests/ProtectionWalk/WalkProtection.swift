import NASCrypto
import NASMessages
import NASSecurity

@testable import UserEquipment

/// The protections of the walk, and what the text says of each.
extension ProtectionWalkTests {
  enum Protection: CaseIterable {
    case plain, integrity, ciphered, newContext, newContextCiphered
    case badIntegrity, badCiphered, badNewContext, badNewContextCiphered
    case replayedIntegrity, replayedCiphered
    case partiallyCiphered, reserved, serviceRequest

    /// - Returns: nil where there is no such PDU, since nothing was accepted yet.
    func pdu(_ row: Row, _ bench: Bench) -> [UInt8]? {
      func make(_ type: UInt8, bad: Bool = false, count: NASCount? = nil) -> [UInt8] {
        bench.network.pdu(
          row.message, ScriptedNetwork.Protection(headerType: SecurityHeaderType(rawValue: type), count: count, spoilsMAC: bad),
          using: &bench.engine)
      }
      switch self {
      case .plain: return make(0)
      case .integrity: return make(1)
      case .ciphered: return make(2)
      case .newContext: return make(3)
      case .newContextCiphered: return make(4)
      case .badIntegrity: return make(1, bad: true)
      case .badCiphered: return make(2, bad: true)
      case .badNewContext: return make(3, bad: true)
      case .badNewContextCiphered: return make(4, bad: true)
      case .replayedIntegrity: return bench.current?.downlinkNASCount.map { make(1, count: $0) }
      case .replayedCiphered: return bench.current?.downlinkNASCount.map { make(2, count: $0) }
      case .partiallyCiphered: return [0x57] + make(1).dropFirst()
      case .reserved: return [0x97] + make(1).dropFirst()
      case .serviceRequest: return [0xC7] + make(1).dropFirst().prefix(3)
      }
    }
  }

  enum Outcome: Equatable {
    /// Dropped, and nothing changes.
    case dropped
    /// Dropped; the MAC was right, so the COUNT is used (§4.4.3.3).
    case droppedAfterVerification
    /// Handed to its procedure.
    case handed
  }

  /// §4.4.4.2, §4.4.5, §5.4.3.5, §9.3.1.
  static func outcome(_ row: Row, _ protection: Protection, _ facts: Facts) -> Outcome {
    // §5.5.2.2.4 d, e: after a switch-off nothing is answered; without a connection nothing is received.
    guard facts.isConnected, facts.state != .null else { return .dropped }
    let hasContext = facts.hasContext
    let passesUnprotected = row.isListed && !facts.isSecured
    switch protection {
    case .plain, .badIntegrity: return passesUnprotected ? .handed : .dropped
    case .integrity:
      // Once ciphering runs, what is not ciphered is dropped; before that the list counts.
      if passesUnprotected { return .handed }
      return hasContext ? .droppedAfterVerification : .dropped
    case .ciphered:
      guard hasContext else { return .dropped }
      return row.kind == .command ? .droppedAfterVerification : .handed
    case .newContext, .badNewContext: return row.kind == .command ? .handed : .dropped
    // A COUNT that was accepted is none; but before the secure exchange the listed need no MAC, and one that is right under an
    // old COUNT is a replay all the same (§4.4.3.2).
    case .replayedIntegrity, .replayedCiphered: return .dropped
    case .badCiphered, .newContextCiphered, .badNewContextCiphered, .partiallyCiphered, .reserved, .serviceRequest: return .dropped
    }
  }

  /// Whether a message that came as far is acted on in this state, and not ignored or answered with a STATUS.
  static func isActedOn(_ row: Row, _ state: EMMState, isCombined: Bool) -> Bool? {
    enum Group { case deregistered, attaching, registered, updating, serving, detaching }
    let group: Group =
      switch state {
      case .null, .deregistered: .deregistered
      case .registeredInitiated: .attaching
      case .registered, .registeredSubstate: .registered
      case .trackingAreaUpdatingInitiated: .updating
      case .serviceRequestInitiated: .serving
      case .deregisteredInitiated: .detaching
      }
    switch row.kind {
    case .attachReject: return group == .attaching
    // §5.5.1.2.7 c: the one that was answered before is answered again.
    case .attachAccept: return group == .attaching || group == .registered ? nil : false
    case .updateAnswer: return group == .updating
    // §5.6.1.4.2: in EMM-REGISTERED a protocol error, T3449 not running.
    case .serviceAccept: return group == .serving
    case .serviceReject: return group == .serving
    case .detachAccept: return group == .detaching || state == .registeredSubstate(.imsiDetachInitiated)
    case .detach: return group != .deregistered
    // §5.5.1.2.6 g, §5.5.3.2.6 f.
    case .imsiDetach: return group == .registered || group == .serving || group == .detaching
    case .authentication, .command: return group != .deregistered
    // §5.4.4.3: at any time in EMM-CONNECTED.
    case .identity: return true
    // §5.5.3.2.6 g, §5.5.2.2.4 e; an attach gives its GUTI in ATTACH ACCEPT.
    case .gutiReallocation: return group == .registered || group == .serving
    case .information, .status: return group != .detaching
    // §5.5.2.2.4 i.
    case .callNotification: return isCombined && group == .registered && state != .registeredSubstate(.imsiDetachInitiated)
    case .notImplemented: return false
    // What ESM does goes by its own state.
    case .esm: return nil
    }
  }

  static func isAboutProtection(_ reason: DiscardReason) -> Bool {
    switch reason {
    case .noSecurityContext, .integrityCheckFailed, .replayed, .countExhausted, .protectionMissing, .cipheringMissing,
      .securityHeaderTypeNotAllowed, .malformed:
      true
    case .notCompatibleWithState: false
    }
  }
}
