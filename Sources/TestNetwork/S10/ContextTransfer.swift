import GTPv2C
import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// An idle UE that comes from another MME: CONTEXT REQUEST to the one that gave its GUTI (TS 23.401 §5.3.3.1).
extension MME {
  /// Asks for the context of the UE whose TRACKING AREA UPDATE REQUEST is here.
  ///
  /// - Parameter nas: as the UE sent it.
  /// - Returns: false where there is nobody to ask; nothing has happened then.
  mutating func requestContext(of identity: EPSMobileIdentity, nas: [UInt8], on id: UInt32) -> Bool {
    guard case .guti(let guti) = identity, let peer = configuration.peer(of: guti), let own = configuration.s10Address,
      let connection = connections[id]
    else { return false }
    var request = GTPv2CMessage(.contextRequest, teid: 0, sequenceNumber: 0)
    request.add(
      ContextRequest.guti,
      GUTIValue(plmn: PLMNOctets(guti.plmn), mmeGroupID: guti.mmeGroupID, mmeCode: guti.mmeCode, mTMSI: guti.mTMSI))
    request.add(ContextRequest.request, CompleteRequestMessage(.trackingAreaUpdateRequest, nas: nas))
    request.add(ContextRequest.sender, FullyQualifiedTEID(.s10MME, teid: s10.takeTEID(), address: own.octets))
    request.add(ContextRequest.ratType, .eUTRAN)
    request.add(ContextRequest.targetPLMN, PLMNOctets(connection.trackingArea.plmn))
    self.request(request, to: peer.address, for: .context(connection: id))
    return true
  }

  /// CONTEXT RESPONSE.
  mutating func contextReceived(_ message: GTPv2CMessage, on id: UInt32, from peer: CoreAddress, using engine: inout CryptoEngine) {
    let cause = (try? message[ContextResponse.cause]) ?? .systemFailure
    guard cause.isAcceptance else { return contextNotReceived(on: id, "CONTEXT RESPONSE: \(cause)", using: &engine) }
    var acknowledge = GTPv2CMessage(
      .contextAcknowledge, teid: (try? message[ContextResponse.sender])?.teid ?? 0, sequenceNumber: message.sequenceNumber)
    guard let imsi = (try? message[ContextResponse.imsi])?.digits, let index = hss.index(of: imsi),
      let connections = try? message.all(ContextResponse.connection), let context = try? message.mmContext,
      let forwarded = forwarded(context, bearers: bearers(of: connections), isConnected: false, using: &engine), !forwarded.bearers.isEmpty,
      case .trackingAreaUpdate(var update) = self.connections[id]?.specific, update.awaitsContext
    else {
      acknowledge.add(ContextAcknowledge.cause, .requestRejected)
      answer(acknowledge, to: peer)
      return contextNotReceived(on: id, "CONTEXT RESPONSE that is of no use", using: &engine)
    }
    acknowledge.add(ContextAcknowledge.cause, .requestAccepted)
    answer(acknowledge, to: peer)
    update.awaitsContext = false
    // The MME before has verified the request: its COUNT is the last one accepted.
    let count = forwarded.security.counts.largestAccepted ?? .zero
    update.initial = InitialRequest(
      message: update.initial.message, protection: .verified(count), networkCapability: update.initial.networkCapability,
      msNetworkCapability: update.initial.msNetworkCapability, additionalCapability: update.initial.additionalCapability,
      mustAuthenticate: configuration.authenticatesKnownUEs)
    bind(id, to: index)
    adopt(forwarded, as: index, "context of \(peer)")
    self.connections[id]?.isSecure = true
    self.connections[id]?.keNBTrigger = count
    self.connections[id]?.specific = .trackingAreaUpdate(update)
    reportProcedure("context fetched from \(peer)", on: id)
    proceed(id, using: &engine)
  }

  /// Nobody vouches for the UE: it has to say who it is, and prove it.
  mutating func contextNotReceived(on id: UInt32, _ why: String, using engine: inout CryptoEngine) {
    guard case .trackingAreaUpdate(var update) = connections[id]?.specific, update.awaitsContext else { return }
    discard(why, "TS 23.401 §5.3.3.1", association: connections[id]?.association)
    guard configuration.adoptsUEsOfOtherMMEs else {
      return rejectUpdate(on: id, cause: .ueIdentityCannotBeDerivedByTheNetwork, using: &engine)
    }
    update.awaitsContext = false
    connections[id]?.specific = .trackingAreaUpdate(update)
    proceed(id, using: &engine)
  }

  // MARK: The MME before

  /// CONTEXT REQUEST: the context goes out if the UE's message verifies under it, and stays until it is acknowledged.
  mutating func contextRequested(_ message: GTPv2CMessage, from peer: CoreAddress, using engine: inout CryptoEngine) {
    let sender = try? message[ContextRequest.sender]
    let teid = sender?.teid ?? 0
    guard let value = try? message[ContextRequest.guti], let request = try? message[ContextRequest.request], sender != nil else {
      return refuse(message, .conditionalElementMissing, "GUTI or the UE's message is missing", from: peer, teid: teid)
    }
    let octets = value.plmn.octets
    let guti = GUTI(
      plmn: PLMN(octets[0], octets[1], octets[2]), mmeGroupID: value.mmeGroupID, mmeCode: value.mmeCode, mTMSI: value.mTMSI)
    guard let index = index(of: .guti(guti)), !isGuest(index), ues[index].state == .registered, var current = ues[index].security.current
    else { return refuse(message, .contextNotFound, "the GUTI is no registered UE's", from: peer, teid: teid) }
    guard case .protected(let pdu)? = try? NASPDU(parsing: request.nas, direction: .uplink),
      let verified = try? current.verify(pdu, using: &engine)
    else { return refuse(message, .userAuthenticationFailed, "the UE's message does not verify", from: peer, teid: teid) }
    current.accept(verified)
    ues[index].security.withCurrent { $0 = current }
    var response = GTPv2CMessage(.contextResponse, teid: teid, sequenceNumber: message.sequenceNumber)
    response.add(ContextResponse.cause, .requestAccepted)
    response.add(ContextResponse.imsi, IMSIDigits(name(of: index)))
    response.add(mmContext(of: index, current, nil))
    for connection in pdnConnections(of: index) { response.add(ContextResponse.connection, connection) }
    if let own = configuration.s10Address {
      response.add(ContextResponse.sender, FullyQualifiedTEID(.s10MME, teid: s10.takeTEID(), address: own.octets))
    }
    response.add(
      ContextResponse.servingGateway,
      FullyQualifiedTEID(.s11SGW, teid: UInt32(truncatingIfNeeded: index + 1), address: configuration.userPlaneAddress))
    sink.append(.procedure(imsi: name(of: index), "context sent to \(peer)"))
    answerAndAwait(response, to: peer, for: .contextResponse(subscriber: index))
  }

  /// CONTEXT ACKNOWLEDGE: the UE is the other's, if that took it.
  mutating func contextAcknowledged(_ message: GTPv2CMessage, _ index: Int) {
    guard let cause = try? message[ContextAcknowledge.cause], cause.isAcceptance else {
      return discard("CONTEXT ACKNOWLEDGE that is none", "TS 29.274 §7.3.7", ue: index)
    }
    if let id = ues[index].connection { release(id, cause: .normalRelease) }
    surrender(index, "context taken over by another MME: contexts deleted")
  }
}
