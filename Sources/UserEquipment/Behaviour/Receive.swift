import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// Every NAS-PDU from the network comes in here: protection is judged first, then the message is handed to its
  /// procedure (TS 24.301 §4.4.4.2, §4.4.5).
  mutating func receive(_ octets: [UInt8], using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard connection != .idle else {
      return discard(.notCompatibleWithState("there is no NAS signalling connection"), "NAS-PDU", into: &outputs)
    }
    let pdu: NASPDU
    do { pdu = try NASPDU(parsing: octets, direction: .downlink) } catch {
      return discard(.malformed(error.description), "NAS-PDU", into: &outputs)
    }
    switch pdu {
    case .serviceRequest:
      discard(.securityHeaderTypeNotAllowed(SecurityHeaderType.serviceRequest.rawValue), "SERVICE REQUEST", into: &outputs)
    case .plain(let message):
      receivePlain(message, using: &engine, into: &outputs)
    case .protected(let protected):
      switch protected.headerType {
      case .integrityProtectedNewContext:
        securityModeCommanded(protected, using: &engine, into: &outputs)
      case .integrityProtected, .integrityProtectedAndCiphered:
        receiveProtected(protected, using: &engine, into: &outputs)
      default:
        discard(.securityHeaderTypeNotAllowed(protected.headerType.rawValue), "protected NAS message", into: &outputs)
      }
    }
  }

  private mutating func receivePlain(_ message: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard connection != .secured, UE.isAcceptedWithoutIntegrity(message) else {
      return discard(.protectionMissing, message.type.name, into: &outputs)
    }
    dispatch(message, protected: false, using: &engine, into: &outputs)
  }

  private mutating func receiveProtected(
    _ pdu: SecurityProtectedNAS, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    let name = "protected NAS message"
    guard let context = contexts.current else {
      if receiveUnverifiable(pdu, using: &engine, into: &outputs) { return }
      return discard(.noSecurityContext, name, into: &outputs)
    }
    let verified: IntegrityVerified
    do { verified = try context.verify(pdu, using: &engine) } catch {
      if receiveUnverifiable(pdu, using: &engine, into: &outputs) { return }
      return discard(error, name, into: &outputs)
    }
    guard verified.wasCiphered || connection != .secured else {
      return discard(.cipheringMissing, name, into: &outputs)
    }
    let message: NASMessage
    do { message = try NASMessage(decoding: verified.octets, direction: .downlink) } catch {
      return discard(.malformed(error.description), name, into: &outputs)
    }
    guard message.type != .securityModeCommand else {
      // Security header type 3 belongs to it and to nothing else (§9.3.1).
      return discard(.securityHeaderTypeNotAllowed(pdu.headerType.rawValue), message.type.name, into: &outputs)
    }
    contexts.withCurrent { $0.accept(verified) }
    // A verified message under the current context is how the network goes on without SMC (§4.4.2.3).
    connection = .secured
    dispatch(message, protected: true, using: &engine, into: &outputs)
  }

  /// Before the secure exchange, a message that §4.4.4.2 lets pass without integrity passes under a MAC we cannot
  /// verify as well, if it can be read.
  private mutating func receiveUnverifiable(
    _ pdu: SecurityProtectedNAS, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) -> Bool {
    guard connection != .secured, pdu.headerType == .integrityProtected,
      let message = try? NASMessage(decoding: pdu.payload, direction: .downlink),
      UE.isAcceptedWithoutIntegrity(message)
    else { return false }
    dispatch(message, protected: false, using: &engine, into: &outputs)
    return true
  }

  /// The list of §4.4.4.2.
  static func isAcceptedWithoutIntegrity(_ message: NASMessage) -> Bool {
    switch message.type {
    case .identityRequest: (try? message[IdentityRequest.identityType]) == .imsi
    case .authenticationRequest, .authenticationReject, .detachAccept: true
    case .attachReject: (try? message[AttachReject.emmCause]) != .notAuthorizedForThisCSG
    case .serviceReject: (try? message[ServiceReject.emmCause]) != .notAuthorizedForThisCSG
    default: false
    }
  }

  private mutating func dispatch(
    _ message: NASMessage, protected: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    do {
      switch message.type {
      case .attachAccept: try attachAccepted(message, using: &engine, into: &outputs)
      case .attachReject: try attachRejected(message, protected: protected, using: &engine, into: &outputs)
      case .detachAccept: detachAccepted(message, using: &engine, into: &outputs)
      case .detachRequestFromNetwork: try detachRequested(message, using: &engine, into: &outputs)
      case .authenticationRequest: try authenticationRequested(message, using: &engine, into: &outputs)
      case .authenticationReject: authenticationRejected(message, protected: protected, using: &engine, into: &outputs)
      case .identityRequest: try identityRequested(message, protected: protected, using: &engine, into: &outputs)
      case .gutiReallocationCommand: try gutiReallocated(message, using: &engine, into: &outputs)
      case .emmInformation: try informed(message, into: &outputs)
      case .emmStatus: outputs.append(.event(.status("EMM STATUS, cause \(try message[EMMStatus.emmCause])")))
      default:
        if message.type.isESM {
          try receiveSessionManagement(message, using: &engine, into: &outputs)
        } else {
          notCompatible(message, using: &engine, into: &outputs)
        }
      }
    } catch {
      // A message that lacks what it must have (§7.5.1, §7.5.2).
      discard(.malformed(error.description), message.type.name, into: &outputs)
      if protected { sendStatus(.invalidMandatoryInformation, using: &engine, into: &outputs) }
    }
  }
}
