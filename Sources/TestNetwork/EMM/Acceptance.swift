import NASCrypto
import NASMessages
import NASSecurity

/// How a NAS message came: what the handlers may trust.
enum Protection: Sendable, Equatable {
  /// No security header.
  case plain
  /// A MAC that does not verify, or that nothing here can verify; the message inside was not ciphered.
  case unverified
  /// The MAC verified under the UE's current context with this COUNT.
  case verified(NASCount)

  var isVerified: Bool {
    if case .verified = self { true } else { false }
  }
}

/// A NAS message that may be acted on, with the protection it came with.
struct ReceivedNAS: Sendable {
  var message: NASMessage
  var protection: Protection
  /// As it came, with its security header; empty for a plain one.
  var octets: [UInt8] = []
}

/// Which NAS messages the MME processes (TS 24.301 §4.4.4.3, §4.4.5). Everything else ends here, as a discard.
extension MME {
  /// - Parameter mTMSI: of INITIAL UE MESSAGE, where the eNB gave an S-TMSI of this MME.
  mutating func received(
    nas octets: [UInt8], on id: UInt32, mTMSI: UInt32? = nil, using engine: inout CryptoEngine
  ) {
    if let held = connections[id]?.relocation?.heldUplink, connections[id]?.isSilent == true,
      !configuration.defects.contains(.downlinkNASAfterRelocation)
    {
      // What it would bring about is the target's, or ours when the handover has failed.
      if held.count < Relocation.maximumHeldUplink { connections[id]?.relocation?.heldUplink.append(octets) }
      return
    }
    judge(nas: octets, on: id, mTMSI: mTMSI, using: &engine)
    renewKeysNearWrap(on: id, using: &engine)
  }

  private mutating func judge(nas octets: [UInt8], on id: UInt32, mTMSI: UInt32?, using engine: inout CryptoEngine) {
    guard let connection = connections[id] else { return }
    guard !connection.isReleasing else {
      return drop(.notCompatibleWithState("uplink NAS on a connection that is being released"), on: id)
    }
    let pdu: NASPDU
    do { pdu = try NASPDU(parsing: octets, direction: .uplink) } catch {
      return unreadable(octets, error, on: id, using: &engine)
    }
    switch pdu {
    case .plain(let message):
      if connection.isSecure, let protection = pretendedProtection(of: connection) {
        return dispatch(ReceivedNAS(message: message, protection: protection), on: id, using: &engine)
      }
      guard !connection.isSecure, message.type.isProcessedUnverified else {
        return drop(.protectionMissing, on: id, message)
      }
      dispatch(ReceivedNAS(message: message, protection: .plain), on: id, using: &engine)
    case .serviceRequest(let request):
      serviceRequest(request, mTMSI: mTMSI, on: id, using: &engine)
    case .protected(let pdu):
      // What CONTROL PLANE SERVICE REQUEST ciphers, it ciphers inside: it can be read as it is.
      if pdu.headerType == .integrityProtectedAndPartiallyCiphered || pdu.isControlPlaneServiceRequest {
        return controlPlaneServiceRequest(pdu, mTMSI: mTMSI, on: id, using: &engine)
      }
      switch pdu.headerType {
      case .integrityProtectedAndCiphered
      where connection.securityMode != nil && configuration.defects.contains(.completeOfAnyHeader):
        receivedUnderNewContext(pdu, on: id, using: &engine)
      case .integrityProtected, .integrityProtectedAndCiphered:
        if connection.isSecure {
          receivedSecured(pdu, on: id, using: &engine)
        } else {
          receivedBeforeSecurity(pdu, on: id, using: &engine)
        }
      case .integrityProtectedAndCipheredNewContext:
        receivedUnderNewContext(pdu, on: id, using: &engine)
      default:
        // Type 3 is the network's.
        drop(.securityHeaderTypeNotAllowed(pdu.headerType.rawValue), on: id)
      }
    }
  }

  /// Secure exchange is established: only what verifies is taken, and only ciphered where it must be.
  private mutating func receivedSecured(_ pdu: SecurityProtectedNAS, on id: UInt32, using engine: inout CryptoEngine) {
    guard let index = connections[id]?.subject.verified else { return drop(.noSecurityContext, on: id) }
    let verified: IntegrityVerified
    do { verified = try verify(pdu, ofUE: index, using: &engine) } catch { return drop(error, on: id) }
    let message: NASMessage
    do { message = try NASMessage(decoding: verified.octets, direction: .uplink) } catch {
      // Genuine, so its COUNT is used up; unreadable, so nothing else follows (§7).
      ues[index].security.withCurrent { $0.accept(verified) }
      return undecodable(verified.octets, error, on: id, using: &engine)
    }
    // Its MAC is right, so its COUNT is used up, whatever else is wrong with it (§4.4.3.3).
    ues[index].security.withCurrent { $0.accept(verified) }
    guard verified.wasCiphered || message.type.isNeverCiphered else { return drop(.cipheringMissing, on: id, message) }
    guard message.type != .securityModeComplete else {
      return drop(.securityHeaderTypeNotAllowed(pdu.headerType.rawValue), on: id, message)
    }
    dispatch(ReceivedNAS(message: message, protection: .verified(verified.count)), on: id, using: &engine)
  }

  /// Secure exchange is not established on this connection: the message names the context that might verify it.
  private mutating func receivedBeforeSecurity(_ pdu: SecurityProtectedNAS, on id: UInt32, using engine: inout CryptoEngine) {
    // Initial messages are not ciphered, so they can be read before they are verified. A reading proves nothing.
    let reading = pdu.headerType == .integrityProtected ? try? NASMessage(decoding: pdu.payload, direction: .uplink) : nil
    if let reading,
      let (index, count) = takesOverFromN1(reading, pdu, using: &engine) ?? takesOverByHandover(reading, pdu, using: &engine)
    {
      bind(id, to: index)
      return dispatch(ReceivedNAS(message: reading, protection: .verified(count)), on: id, using: &engine)
    }
    if let index = reading.flatMap({ subject(of: $0) }) ?? connections[id]?.subject.verified,
      let current = ues[index].security.current, reading.map({ $0.names(current.eKSI) }) ?? true,
      let verified = try? verify(pdu, ofUE: index, using: &engine),
      let message = try? NASMessage(decoding: verified.octets, direction: .uplink), message.type != .securityModeComplete
    {
      ues[index].security.withCurrent { $0.accept(verified) }
      if message.type.isInitial { bind(id, to: index) }
      return dispatch(ReceivedNAS(message: message, protection: .verified(verified.count)), on: id, using: &engine)
    }
    guard let reading, reading.type.isProcessedUnverified || reading.type == .extendedServiceRequest else {
      return drop(.integrityCheckFailed, on: id, reading)
    }
    dispatch(ReceivedNAS(message: reading, protection: .unverified, octets: pdu.octets), on: id, using: &engine)
  }

  /// Which UE an initial message says it is from.
  private func subject(of message: NASMessage) -> Int? {
    switch message.type {
    case .attachRequest: (try? message[AttachRequest.epsMobileIdentity]).flatMap { index(of: $0) }
    case .detachRequestFromUE: (try? message[DetachRequestFromUE.epsMobileIdentity]).flatMap { index(of: $0) }
    case .trackingAreaUpdateRequest:
      // From another system: the old GUTI is that one's, the additional one ours (§5.5.3.2.4).
      (try? message[TrackingAreaUpdateRequest.oldGUTI]).flatMap { index(of: $0) }
        ?? (try? message[TrackingAreaUpdateRequest.additionalGUTI]).flatMap { index(of: $0) }
    case .extendedServiceRequest:
      if case .tmsi(let mTMSI)? = try? message[ExtendedServiceRequest.mTMSI] { ueOfTMSI[mTMSI] } else { nil }
    default: nil
    }
  }

  /// The UE of an EPS mobile identity: by IMSI, or by a GUTI of this MME that the UE confirmed or was just given.
  func index(of identity: EPSMobileIdentity) -> Int? {
    switch identity {
    case .imsi(let digits): return hss.index(of: digits)
    case .guti(let guti):
      guard let index = ueOfTMSI[guti.mTMSI], ues[index].guti == guti || ues[index].proposedGUTI == guti else { return nil }
      return index
    case .imei: return nil
    }
  }

  mutating func drop(_ reason: DiscardReason, on id: UInt32, _ message: NASMessage? = nil) {
    let connection = connections[id]
    let name = message.map { "\($0.type.name): " } ?? ""
    discard(name + reason.description, reason.mmeClause, association: connection?.association, ue: connection?.subject.index)
    releaseIfIdle(id)
  }

  /// A PDU that cannot be read. A plain ATTACH or TRACKING AREA UPDATE REQUEST that opens a connection is at least refused
  /// (§5.5.1.2.7 b, §5.5.3.2.7 b).
  private mutating func unreadable(_ octets: [UInt8], _ error: NASDecodingError, on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id], !connection.isSecure, connection.subject == .unknown, connection.specific == nil,
      octets.count > 1, octets[0] == ProtocolDiscriminator.epsMobilityManagement.rawValue
    else { return drop(.malformed(error.description), on: id) }
    switch NASMessageType.emm(octets[1]) {
    case .attachRequest:
      discard("ATTACH REQUEST: \(error)", "TS 24.301 §5.5.1.2.7 b", association: connection.association)
      rejectAttach(on: id, cause: .invalidMandatoryInformation, using: &engine)
    case .trackingAreaUpdateRequest:
      discard("TRACKING AREA UPDATE REQUEST: \(error)", "TS 24.301 §5.5.3.2.7 b", association: connection.association)
      rejectUpdate(on: id, cause: .invalidMandatoryInformation, using: &engine)
    default: drop(.malformed(error.description), on: id)
    }
  }

  /// §7: a genuine message that cannot be read. What §7 answers is answered, the rest ignored.
  private mutating func undecodable(
    _ octets: some Collection<UInt8>, _ error: NASDecodingError, on id: UInt32, using engine: inout CryptoEngine
  ) {
    drop(.malformed(error.description), on: id)
    switch error.code {
    case .missingMandatory, .mandatoryTooShort, .comprehensionRequired, .truncated, .valueTooShort, .invalidValue:
      guard !answerUnreadableSession(octets, on: id, using: &engine) else { return }
      sendStatus(.invalidMandatoryInformation, on: id, using: &engine)
    default: break
    }
  }
}

extension NASMessageType {
  /// §4.4.4.3: processed though no MAC verified, before secure exchange is established. The service requests, also
  /// listed there, do not come as plain messages.
  fileprivate var isProcessedUnverified: Bool {
    switch self {
    case .attachRequest, .identityResponse, .authenticationResponse, .authenticationFailure, .securityModeReject, .detachRequestFromUE,
      .detachAccept, .trackingAreaUpdateRequest:
      true
    default: false
    }
  }

  /// §4.4.5: sent unciphered even while ciphering is in use.
  fileprivate var isNeverCiphered: Bool { self == .attachRequest || self == .trackingAreaUpdateRequest }

  /// Opens a NAS signalling connection.
  fileprivate var isInitial: Bool {
    switch self {
    case .attachRequest, .detachRequestFromUE, .trackingAreaUpdateRequest, .extendedServiceRequest: true
    default: false
    }
  }
}

extension NASMessage {
  /// Whether the message states this eKSI, or states none: the MME checks the eKSI and the MAC (§4.4.2.3).
  fileprivate func names(_ eKSI: NASKeySetIdentifier) -> Bool {
    switch type {
    case .attachRequest: (try? self[AttachRequest.nasKeySetIdentifier]) == eKSI
    case .detachRequestFromUE: (try? self[DetachRequestFromUE.nasKeySetIdentifier]) == eKSI
    case .trackingAreaUpdateRequest: (try? self[TrackingAreaUpdateRequest.nasKeySetIdentifier]) == eKSI
    case .extendedServiceRequest: (try? self[ExtendedServiceRequest.nasKeySetIdentifier]) == eKSI
    default: true
    }
  }
}

extension SecurityProtectedNAS {
  /// Header type 1 and the type octet of a message that is not ciphered as a whole.
  fileprivate var isControlPlaneServiceRequest: Bool {
    headerType == .integrityProtected && payload.count > 1 && payload[6] == ProtocolDiscriminator.epsMobilityManagement.rawValue
      && payload[7] == NASMessageType.controlPlaneServiceRequest.octet
  }
}

extension DiscardReason {
  /// The clause as it stands for the MME.
  var mmeClause: String {
    switch self {
    case .protectionMissing, .integrityCheckFailed, .noSecurityContext: "TS 24.301 §4.4.4.3"
    default: clause
    }
  }
}
