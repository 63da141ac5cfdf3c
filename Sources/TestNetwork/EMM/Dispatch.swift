import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// Hands accepted NAS messages to their procedures.
extension MME {
  mutating func dispatch(_ received: ReceivedNAS, on id: UInt32, using engine: inout CryptoEngine) {
    let message = received.message
    switch message.type {
    case .attachRequest: attachRequest(received, on: id, using: &engine)
    case .attachComplete: attachComplete(message, on: id, using: &engine)
    case .detachRequestFromUE: detachRequest(received, on: id, using: &engine)
    case .detachAccept: detachAccept(on: id, using: &engine)
    case .identityResponse: identityResponse(message, on: id, using: &engine)
    case .authenticationResponse: authenticationResponse(message, on: id, using: &engine)
    case .authenticationFailure: authenticationFailure(message, on: id, using: &engine)
    case .securityModeReject: securityModeReject(message, on: id, using: &engine)
    case .gutiReallocationComplete: gutiReallocationComplete(on: id, using: &engine)
    case .esmInformationResponse: esmInformationResponse(message, on: id, using: &engine)
    case .pdnConnectivityRequest: pdnConnectivityRequest(message, on: id, using: &engine)
    case .trackingAreaUpdateRequest: trackingAreaUpdateRequest(received, on: id, using: &engine)
    case .trackingAreaUpdateComplete: trackingAreaUpdateComplete(on: id, using: &engine)
    case .extendedServiceRequest: extendedServiceRequest(received, on: id, using: &engine)
    case .emmStatus:
      let cause = (try? message[EMMStatus.emmCause])?.description ?? "no cause"
      drop(.notCompatibleWithState("EMM STATUS received: \(cause)"), on: id)
    case .pdnDisconnectRequest: pdnDisconnectRequest(message, on: id, using: &engine)
    case .bearerResourceAllocationRequest: bearerResourceAllocationRequest(message, on: id, using: &engine)
    case .bearerResourceModificationRequest: bearerResourceModificationRequest(message, on: id, using: &engine)
    case .activateDefaultEPSBearerContextAccept, .activateDefaultEPSBearerContextReject, .activateDedicatedEPSBearerContextAccept,
      .activateDedicatedEPSBearerContextReject, .modifyEPSBearerContextAccept, .modifyEPSBearerContextReject,
      .deactivateEPSBearerContextAccept:
      bearerAnswer(message, on: id, using: &engine)
    case .esmStatus: esmStatus(message, on: id, using: &engine)
    case .esmDataTransport: esmDataTransport(message, on: id, using: &engine)
    default:
      // §7.4: a message type that this MME does not have.
      drop(.notCompatibleWithState("\(message.type.name) is no message that this MME takes"), on: id)
      guard received.protection.isVerified else { return }
      if message.type.isESM {
        sendSessionStatus(.messageTypeNonExistentOrNotImplemented, about: message, on: id, using: &engine)
      } else {
        sendStatus(.messageTypeNonExistentOrNotImplemented, on: id, using: &engine)
      }
    }
  }

  /// Ends the running attach or update with the reject that belongs to it.
  mutating func reject(cause: EMMCause, on id: UInt32, using engine: inout CryptoEngine) {
    switch connections[id]?.specific {
    case .attach: rejectAttach(on: id, cause: cause, using: &engine)
    case .trackingAreaUpdate: rejectUpdate(on: id, cause: cause, using: &engine)
    case .serviceRequest, .detachByUE, .networkDetach, nil: release(id, cause: .normalRelease)
    }
  }

  mutating func sendStatus(_ cause: EMMCause, on id: UInt32, using engine: inout CryptoEngine) {
    var status = NASMessage(.emmStatus)
    status.set(EMMStatus.emmCause, cause)
    send(status, on: id, using: &engine)
  }

  /// Makes a connection the UE's own after that was proved. The UE has one, so an older one goes; never the other way
  /// round: what is not proved releases nobody.
  mutating func bind(_ id: UInt32, to index: Int) {
    // Whoever had it before is not connected any more: a guest that turned out to have a subscription, say.
    if let before = connections[id]?.subject.verified, before != index { leave(id) }
    connections[id]?.subject = .verified(index)
    guard ues[index].connection != id else { return }
    let older = ues[index].connection
    ues[index].connection = id
    if let older, configuration.defects.contains(.keNBOnOldLeg), connections[older]?.isReleasing == false {
      connections[id]?.displaced = older
    } else if let older {
      discard("S1 connection \(older) replaced by \(id): the UE has come back", "TS 24.301 §5.5.1.2.7", ue: index)
      release(older, cause: .normalRelease)
    }
    stopPaging(of: index)
  }

  mutating func setState(_ state: EMMState, of index: Int) {
    guard ues[index].state != state else { return }
    ues[index].state = state
    sink.append(.state(imsi: name(of: index), state.name))
  }

  mutating func reportContexts(of index: Int, _ why: String) {
    sink.append(.securityContexts(imsi: name(of: index), ues[index].security, why: why))
  }

  mutating func reportProcedure(_ words: String, on id: UInt32) {
    let imsi = connections[id]?.subject.index.map { name(of: $0) }
    sink.append(.procedure(imsi: imsi, words))
  }
}
