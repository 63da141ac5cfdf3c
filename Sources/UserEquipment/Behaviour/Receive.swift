import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// Every NAS-PDU from the network comes in here: protection is judged first, then the message is handed to its
  /// procedure (TS 24.301 §4.4.4.2, §4.4.5).
  mutating func receive(_ octets: [UInt8], using engine: inout CryptoEngine, into outputs: inout [Output]) {
    let name = "NAS-PDU"
    guard connection != .idle else {
      return discard(.notCompatibleWithState("there is no NAS signalling connection"), name, into: &outputs)
    }
    // §5.5.2.2.4 d, e: after a DETACH REQUEST with switch off nothing is answered any more.
    if case .null = machine { return discard(.notCompatibleWithState("the UE is switched off"), name, into: &outputs) }
    let pdu: NASPDU
    do { pdu = try NASPDU(parsing: octets, direction: .downlink) } catch {
      return discard(.malformed(error.description), name, into: &outputs)
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
    guard UE.isAcceptedWithoutIntegrity(message), connection != .secured || isToleratedPlain(message.type) else {
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
      if case .replayed = error { return discard(error, name, into: &outputs) }
      if receiveUnverifiable(pdu, using: &engine, into: &outputs) { return }
      return discard(error, name, into: &outputs)
    }
    // The MAC alone moves the COUNT (§4.4.3.3), whatever becomes of the message.
    contexts.withCurrent { $0.accept(verified) }
    guard verified.wasCiphered || connection != .secured || configuration.deviations.contains(.acceptUncipheredMessages) else {
      return discard(.cipheringMissing, name, into: &outputs)
    }
    let message: NASMessage
    do { message = try NASMessage(decoding: verified.octets, direction: .downlink) } catch {
      discard(.malformed(error.description), name, into: &outputs)
      return statusAboutUnreadable(verified.octets, error, using: &engine, into: &outputs)
    }
    guard message.type != .securityModeCommand else {
      // Security header type 3 belongs to it and to nothing else (§9.3.1).
      return discard(.securityHeaderTypeNotAllowed(pdu.headerType.rawValue), message.type.name, into: &outputs)
    }
    if verified.wasCiphered {
      // Protected and ciphered under the current context: so the network goes on without SMC (§4.4.2.3).
      connection = .secured
    } else if !UE.isAcceptedWithoutIntegrity(message), !configuration.deviations.contains(.acceptUncipheredMessages) {
      // Integrity alone does not establish the secure exchange, and what needs it would be ciphered (§4.4.4.2, §4.4.5).
      return discard(.cipheringMissing, message.type.name, into: &outputs)
    }
    if verified.wasCiphered { controlPlaneServiceAnswered(by: message.type, into: &outputs) }
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

  /// A deviation lets this plain message pass after the secure exchange began.
  private func isToleratedPlain(_ type: NASMessageType) -> Bool {
    switch type {
    case .authenticationRequest: configuration.deviations.contains(.acceptPlainAuthenticationRequest)
    case .identityRequest: configuration.deviations.contains(.acceptPlainIdentityRequest)
    case .attachReject, .trackingAreaUpdateReject, .serviceReject: configuration.deviations.contains(.acceptUnprotectedReject)
    default: false
    }
  }

  /// The list of §4.4.4.2.
  static func isAcceptedWithoutIntegrity(_ message: NASMessage) -> Bool {
    switch message.type {
    case .identityRequest: (try? message[IdentityRequest.identityType].requested) == .imsi
    case .authenticationRequest, .authenticationReject, .detachAccept: true
    case .attachReject: (try? message[AttachReject.emmCause]) != .notAuthorizedForThisCSG
    case .trackingAreaUpdateReject: (try? message[TrackingAreaUpdateReject.emmCause]) != .notAuthorizedForThisCSG
    case .serviceReject: (try? message[ServiceReject.emmCause]) != .notAuthorizedForThisCSG
    default: false
    }
  }

  private mutating func dispatch(
    _ message: NASMessage, protected: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    if case .deregisteredInitiated = machine, UE.isIgnoredDuringDetach(message.type) {
      return discard(.notCompatibleWithState("ignored while a detach is running (§5.5.2.2.4 e)"), message.type.name, into: &outputs)
    }
    do {
      switch message.type {
      case .attachAccept: try attachAccepted(message, using: &engine, into: &outputs)
      case .attachReject: try attachRejected(message, protected: protected, using: &engine, into: &outputs)
      case .trackingAreaUpdateAccept: try updateAccepted(message, using: &engine, into: &outputs)
      case .trackingAreaUpdateReject: try updateRejected(message, protected: protected, using: &engine, into: &outputs)
      case .serviceAccept: serviceAccepted(message, using: &engine, into: &outputs)
      case .serviceReject: try serviceRejected(message, protected: protected, using: &engine, into: &outputs)
      case .detachAccept: detachAccepted(message, using: &engine, into: &outputs)
      case .detachRequestFromNetwork: try detachRequested(message, using: &engine, into: &outputs)
      case .authenticationRequest: try authenticationRequested(message, using: &engine, into: &outputs)
      case .authenticationReject: authenticationRejected(message, protected: protected, using: &engine, into: &outputs)
      case .identityRequest: try identityRequested(message, using: &engine, into: &outputs)
      case .gutiReallocationCommand: try gutiReallocated(message, using: &engine, into: &outputs)
      case .csServiceNotification: callAnnounced(message, using: &engine, into: &outputs)
      case .emmInformation: informed(message, into: &outputs)
      case .emmStatus: outputs.append(.event(.status("EMM STATUS, cause \(try message[EMMStatus.emmCause])")))
      default:
        if message.type.isESM {
          try receiveSessionManagement(message, using: &engine, into: &outputs)
        } else {
          notCompatible(message, using: &engine, into: &outputs)
        }
      }
    } catch {
      // A mandatory element whose value cannot be read (§7.5.1).
      discard(.malformed(error.description), message.type.name, into: &outputs)
      statusAboutUnreadable(message.encoded(), error, using: &engine, into: &outputs)
    }
  }

  /// §5.5.2.2.4 e: these are ignored during a detach of ours, while challenges and identity requests are answered.
  private static func isIgnoredDuringDetach(_ type: NASMessageType) -> Bool {
    type == .gutiReallocationCommand || type == .emmStatus || type == .emmInformation
  }
}

extension IdentityType2 {
  /// The type without the spare bit 4.
  var requested: IdentityType2 { IdentityType2(rawValue: rawValue & 0x07) }
}
