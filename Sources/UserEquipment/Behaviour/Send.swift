import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// Sends over the existing connection (TS 24.301 §4.4.4.1, §4.4.5): protected and ciphered once the exchange is secure;
  /// before that integrity protected if there is a current context, for it was taken into use; else plain.
  mutating func send(_ message: [UInt8], using engine: inout CryptoEngine, into outputs: inout [Output]) {
    transmit(
      message, as: connection == .secured ? .integrityProtectedAndCiphered : .integrityProtected, using: &engine, into: &outputs)
  }

  /// ATTACH REQUEST and TRACKING AREA UPDATE REQUEST are never ciphered, on an existing connection either (§4.4.5).
  mutating func sendUnciphered(_ message: [UInt8], using engine: inout CryptoEngine, into outputs: inout [Output]) {
    transmit(message, as: .integrityProtected, using: &engine, into: &outputs)
  }

  private mutating func transmit(
    _ message: [UInt8], as headerType: SecurityHeaderType, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    // What an earlier step of the same event ended takes no message any more.
    guard connection != .idle else { return }
    guard contexts.current != nil else {
      // Once the exchange is secure nothing goes plain (§4.4.4.1).
      guard connection == .open else { return }
      lastSent = SentMessage(pdu: message, plain: message)
      outputs.append(.uplinkNAS(message))
      return
    }
    guard let pdu = contexts.withCurrent({ try? $0.protect(message, as: headerType, using: &engine) }) else {
      return countExhausted(into: &outputs)
    }
    lastSent = SentMessage(pdu: pdu, plain: message)
    outputs.append(.uplinkNAS(pdu))
  }

  /// An initial NAS message once more, over the connection that it was to open: KeNB comes from its COUNT now.
  mutating func resendInitial(_ message: [UInt8], using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard connection == .open || connection == .secured && contexts.current != nil else { return }
    guard let pdu = protectInitial(message, using: &engine) else { return countExhausted(into: &outputs) }
    outputs.append(.uplinkNAS(pdu))
  }

  /// An initial NAS message: integrity protected with the current context if there is one, and not ciphered, but for what a
  /// CONTROL PLANE SERVICE REQUEST contains (§4.4.2.3, §4.4.5).
  ///
  /// - Returns: nil when the uplink COUNT is exhausted.
  mutating func protectInitial(_ message: [UInt8], using engine: inout CryptoEngine) -> [UInt8]? {
    guard contexts.current != nil else {
      keNBTrigger = nil
      lastSent = SentMessage(pdu: message, plain: message)
      return message
    }
    let headerType: SecurityHeaderType = UE.hasContainer(message) ? .integrityProtectedAndPartiallyCiphered : .integrityProtected
    return contexts.withCurrent { context -> ([UInt8], KeNBTrigger)? in
      guard let count = context.counts.nextToSend, let pdu = try? context.protect(message, as: headerType, using: &engine)
      else { return nil }
      return (pdu, KeNBTrigger(kasme: context.kasme, count: count))
    }.map { pdu, trigger in
      // If no SMC runs on this connection, KeNB comes from this message's COUNT (TS 33.401 §7.2.6.2).
      keNBTrigger = trigger
      lastSent = SentMessage(pdu: pdu, plain: message)
      return pdu
    }
  }

  private static func hasContainer(_ octets: [UInt8]) -> Bool {
    guard octets.count > 1, octets[1] == NASMessageType.controlPlaneServiceRequest.octet,
      let request = try? NASMessage(decoding: octets, direction: .uplink)
    else { return false }
    return ((try? request[ControlPlaneServiceRequest.esmMessageContainer]) ?? nil) != nil
      || ((try? request[ControlPlaneServiceRequest.nasMessageContainer]) ?? nil) != nil
  }

  func initialMessage(_ octets: [UInt8], cause: EstablishmentCause) -> InitialNASMessage {
    let inArea =
      if let last = servingTrackingArea ?? registration.lastVisitedTrackingArea, let areas = registration.trackingAreas {
        areas.contains(last)
      } else { false }
    if let packet = packetIdentity {
      // §5.3.1.1 c: no S-TMSI, but what P-TMSI and RAI are mapped to.
      return InitialNASMessage(
        octets: octets, establishmentCause: cause, temporaryIdentity: nil, registeredMME: packet.mappedGUTI, isRegisteredMMEMapped: true)
    }
    if case .registeredInitiated = machine, let n1 = n1Registration, let guti = guti5G(of: n1) {
      return InitialNASMessage(
        octets: octets, establishmentCause: cause, temporaryIdentity: nil, registeredMME: guti, isRegisteredMMEMappedFrom5GS: true)
    }
    return InitialNASMessage(
      octets: octets, establishmentCause: cause, temporaryIdentity: inArea ? registration.guti : nil, registeredMME: registration.guti)
  }

  /// EMM STATUS with a cause, and the log line (§5.7, §7.4).
  mutating func status(
    _ cause: EMMCause, about message: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    discard(.notCompatibleWithState("answered with EMM STATUS, cause \(cause)"), message.type.name, into: &outputs)
    sendStatus(cause, using: &engine, into: &outputs)
  }

  /// EMM STATUS, under protection only: an unprotected sender learns nothing from us.
  mutating func sendStatus(_ cause: EMMCause, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard connection == .secured else { return }
    var status = NASMessage(.emmStatus)
    status.set(EMMStatus.emmCause, cause)
    send(status.encoded(), using: &engine, into: &outputs)
  }

  /// What §7.2, §7.4 and §7.5 ask for when the octets of a verified message make no message: nothing if not even the type can be
  /// told, else a status message of the protocol: the type comes before the contents.
  mutating func statusAboutUnreadable(
    _ octets: [UInt8], _ error: NASDecodingError, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard connection == .secured else { return }
    let isIgnored = [
      NASDecodingError.Code.messageTooShort, .unknownProtocolDiscriminator, .reservedSecurityHeaderType, .unexpectedSecurityHeaderType,
    ].contains(error.code)
    // A status is not answered with a status.
    guard !isIgnored, let type = NASMessageType.ofDownlink(octets), type != .emmStatus else { return }
    if type.isESM {
      answerUnreadableSessionManagement(octets, type, using: &engine, into: &outputs)
    } else {
      sendStatus(
        type.isImplementedByUE ? .invalidMandatoryInformation : .messageTypeNonExistentOrNotImplemented, using: &engine, into: &outputs)
    }
  }

  /// A message that does not fit the state: EMM STATUS #98, or #97 if the UE does not implement its type from the network (§7.4).
  mutating func notCompatible(_ message: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    discard(.notCompatibleWithState("\(message.type.name) does not fit \(state)"), message.type.name, into: &outputs)
    sendStatus(
      message.type.isImplementedByUE ? .messageTypeNotCompatibleWithTheProtocolState : .messageTypeNonExistentOrNotImplemented,
      using: &engine, into: &outputs)
  }

  func discard(_ reason: DiscardReason, _ message: String, into outputs: inout [Output]) {
    outputs.append(.discarded(reason, message: message))
  }

  func stop(_ timers: EMMTimer..., into outputs: inout [Output]) {
    for timer in timers { outputs.append(.stopTimer(timer)) }
  }
}
