import NASCrypto
import S1AP

/// Sorts what an eNB sends. Whatever it is, the answer is an output: never a trap, and never about a UE of another eNB.
extension MME {
  mutating func received(_ octets: [UInt8], on association: Int, stream: UInt16, using engine: inout CryptoEngine) {
    guard let state = associations[association] else {
      return discard("S1AP on an association that is not up", "TS 36.412 §7", association: association)
    }
    let pdu: S1APPDU
    do { pdu = try S1APPDU(decoding: octets) } catch { return undecodable(error, octets, on: association) }
    guard isExecuted(pdu, on: association, stream: stream, using: &engine) else { return }
    defer { payDiagnostics(pdu, on: association, stream: stream) }
    switch pdu.message {
    case .s1SetupRequest: return setup(pdu, on: association)
    case .errorIndication: return errorIndication(pdu, on: association)
    default: break
    }
    guard state.isReady else { return unexpected(pdu, on: association) }
    switch pdu.message {
    case .reset: resetRequested(pdu, on: association)
    case .resetAcknowledge: resetAcknowledged(pdu, on: association)
    case .initialUEMessage: initialUE(pdu, on: association, stream: stream, using: &engine)
    case .uplinkNASTransport:
      guard let id = resolve(pdu, on: association, stream: stream) else { return }
      guard let nas = pdu.octets(.nasPDU) else { return missing(pdu, on: association, id) }
      received(nas: nas, on: id, using: &engine)
    case .nasNonDeliveryIndication:
      if takesLateNonDelivery(pdu, on: association, using: &engine) { return }
      guard let id = resolve(pdu, on: association, stream: stream) else { return }
      nonDelivery(pdu, on: id, using: &engine)
    case .initialContextSetupResponse:
      guard let id = resolve(pdu, on: association, stream: stream) else { return }
      contextSetupSucceeded(pdu, on: id, using: &engine)
    case .initialContextSetupFailure:
      guard let id = resolve(pdu, on: association, stream: stream) else { return }
      contextSetupFailed(pdu, on: id)
    case .ueContextModificationResponse:
      guard let id = resolve(pdu, on: association, stream: stream) else { return }
      keyChangeAnswered(pdu, succeeded: true, on: id, using: &engine)
    case .ueContextModificationFailure:
      guard let id = resolve(pdu, on: association, stream: stream) else { return }
      keyChangeAnswered(pdu, succeeded: false, on: id, using: &engine)
    case .eRABSetupResponse, .eRABModifyResponse, .eRABReleaseResponse:
      guard let id = resolve(pdu, on: association, stream: stream) else { return }
      bearersAnswered(pdu, on: id, using: &engine)
    case .eRABReleaseIndication:
      guard let id = resolve(pdu, on: association, stream: stream) else { return }
      bearersReleasedByENB(pdu, on: id)
    case .handoverRequired:
      guard let id = resolve(pdu, on: association, stream: stream) else { return }
      handoverRequired(pdu, on: id, using: &engine)
    case .handoverRequestAcknowledge: handoverAcknowledged(pdu, on: association)
    case .handoverFailure: handoverRefused(pdu, on: association, using: &engine)
    case .handoverNotify: handoverNotified(pdu, on: association, stream: stream, using: &engine)
    case .handoverCancel:
      guard let id = resolve(pdu, on: association, stream: stream) else { return }
      handoverCancelled(pdu, on: id, using: &engine)
    case .eNBStatusTransfer:
      guard let id = resolve(pdu, on: association, stream: stream) else { return }
      statusTransfer(pdu, on: id)
    case .pathSwitchRequest: pathSwitchRequested(pdu, on: association, stream: stream, using: &engine)
    case .ueContextReleaseRequest:
      // Of the target of a handover, it ends the handover alone.
      if arrivalLost(pdu, on: association) { return }
      if let id = pdu.integer(.mmeUES1APID), connections[id]?.handover?.association == association,
        connections[id]?.handover?.eNB == pdu.integer(.eNBUES1APID)
      {
        return targetLost(id, "the target lost the UE", using: &engine)
      }
      guard let id = resolve(pdu, on: association, stream: stream) else { return }
      release(id, cause: pdu.cause ?? .normalRelease)
    case .ueContextReleaseComplete: releaseComplete(pdu, on: association)
    case .eNBConfigurationUpdate: configurationUpdate(pdu, on: association)
    case .ueCapabilityInfoIndication, .nasDeliveryIndication, .eNBConfigurationTransfer, .cellTrafficTrace, .locationReport,
      .secondaryRATDataUsageReport:
      // Information that this MME has no use for.
      break
    default: uncomprehended(pdu, on: association, stream: stream)
    }
  }

  // MARK: Sending

  mutating func send(_ message: OutgoingMessage, to connection: S1Connection) {
    send(message, on: connection.association, stream: connection.stream)
  }

  mutating func send(_ message: OutgoingMessage, on association: Int, stream: UInt16 = 0) {
    var message = message
    if let owed = owedDiagnostics, owed.association == association, message.report(owed) { owedDiagnostics = nil }
    do {
      sink.append(.s1ap(try message.encoded(), association: association, stream: stream))
    } catch {
      discard("could not encode \(message.title): \(error)", "TS 36.413 §9.3", association: association)
    }
  }
}
