import GTPv2C
import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// A handover that comes to this MME, at the target (TS 23.401 §5.5.1.2.2): from FORWARD RELOCATION REQUEST to HANDOVER NOTIFY.
extension MME {
  mutating func relocationRequested(_ message: GTPv2CMessage, from peer: CoreAddress, using engine: inout CryptoEngine) {
    let sender: FullyQualifiedTEID
    let context: MMContext
    let imsi: IMSIDigits?
    let target: TargetIdentification?
    let container: FullyQualifiedContainer?
    let connections: [PDNConnection]
    do {
      sender = try message[ForwardRelocationRequest.sender]
      context = try message.mmContext
      imsi = try message[ForwardRelocationRequest.imsi]
      target = try message[ForwardRelocationRequest.target]
      container = try message[ForwardRelocationRequest.eUTRANContainer]
      connections = try message.all(ForwardRelocationRequest.connection)
    } catch {
      return refuse(
        message, error.code == .missing ? .mandatoryElementMissing : .mandatoryElementIncorrect, error.description, from: peer)
    }
    let source = endpoint(sender, from: peer)
    func decline(_ cause: ResultCause, _ why: String) { refuse(message, cause, why, from: peer, teid: source.teid) }
    guard let imsi, let target, let container, container.kind == FullyQualifiedContainer.Kind.eUTRAN.rawValue else {
      return decline(.conditionalElementMissing, "IMSI, target or container is missing")
    }
    guard let index = hss.index(of: imsi.digits) else { return decline(.imsiNotKnown, "IMSI \(imsi.digits) is not known") }
    guard let place = target.eNB,
      let association = associations.filter({ $0.value.isReady && $0.value.identity == place.identity }).keys.min()
    else { return decline(.relocationFailure, "the target eNB is not at this MME") }
    let bearers = bearers(of: connections)
    guard !bearers.isEmpty else { return decline(.conditionalElementMissing, "there is no bearer to set up") }
    let usable =
      context.umts == nil
      ? forwarded(context, bearers: bearers, isConnected: true, using: &engine) : mapped(context, bearers: bearers, using: &engine)
    guard let forwarded = usable, let pair = forwarded.pair else {
      return decline(.mandatoryElementIncorrect, "no security context to go on with")
    }
    guard s10.arrivals.count < S10State.maximumArrivals, self.connections.count < configuration.maximumConnections else {
      return decline(.noResourcesAvailable, "\(s10.arrivals.count) UEs are on their way here")
    }
    // A UE is handed over once at a time: what was before is of the past.
    for earlier in s10.arrivals.values.filter({ $0.subscriber == index }).map(\.identifier).sorted() {
      abandonArrival(earlier, cause: .handoverCancelled, "another relocation of the UE")
    }
    let id = takeIdentifier()
    let teid = s10.takeTEID()
    let arrival = Arrival(
      identifier: id, subscriber: index, association: association, stream: 1, trackingArea: place.area, localTEID: teid, source: source,
      sequenceNumber: message.sequenceNumber, peer: peer, context: forwarded)
    s10.arrivals[id] = arrival
    s10.arrivalOfTEID[teid] = id
    let cause = (try? message[ForwardRelocationRequest.s1APCause]).flatMap { Cause($0) } ?? .unspecifiedRadioNetwork
    send(
      .handoverRequest(
        mme: id, type: forwarded.nasParameters == nil ? .intraLTE : .utranToLTE, cause: cause,
        bitRate: UEAggregateMaximumBitrate(downlink: configuration.maximumBitRateDownlink, uplink: configuration.maximumBitRateUplink),
        bearers: bearers, address: configuration.userPlaneAddress, container: container.content,
        capabilities: UESecurityCapabilities(forwarded.networkCapability), pair: pair, nasParameters: forwarded.nasParameters),
      on: association, stream: arrival.stream)
    startArrivalGuard(id)
    report(arrival, "relocation from \(peer): NCC \(pair.nextHopChainingCount) to the target eNB")
  }

  /// HANDOVER REQUEST ACKNOWLEDGE for a UE on its way here.
  ///
  /// - Returns: false where the message is about no such UE.
  mutating func arrivalAcknowledged(_ pdu: S1APPDU, mme id: UInt32, eNB: UInt32, on association: Int) -> Bool {
    guard let arrival = s10.arrivals[id], arrival.association == association, arrival.eNB == nil else { return false }
    guard let container = pdu.octets(.targetToSourceTransparentContainer), let own = configuration.s10Address else {
      missing(pdu, on: association, nil)
      return true
    }
    s10.arrivals[id]?.eNB = eNB
    connectionOfENB[ENBIdentifier(association: association, identifier: eNB)] = id
    var response = GTPv2CMessage(.forwardRelocationResponse, teid: arrival.source.teid, sequenceNumber: arrival.sequenceNumber)
    response.add(ForwardRelocationResponse.cause, .requestAccepted)
    let interface: FullyQualifiedTEID.Interface = arrival.context.nasParameters == nil ? .s10MME : .s3MME
    response.add(ForwardRelocationResponse.sender, FullyQualifiedTEID(interface, teid: arrival.localTEID, address: own.octets))
    let failed = Set(pdu.failedBearersAtHandover.map(\.eRABID))
    for bearer in arrival.context.bearers where !failed.contains(bearer.identity) {
      response.add(ForwardRelocationResponse.bearer, BearerContext(identity: bearer.identity))
    }
    s10.arrivals[id]?.context.bearers.removeAll { failed.contains($0.identity) || failed.contains($0.linkedIdentity) }
    response.add(ForwardRelocationResponse.eUTRANContainer, FullyQualifiedContainer(.eUTRAN, container))
    answer(response, to: arrival.peer)
    startArrivalGuard(id)
    return true
  }

  /// HANDOVER FAILURE.
  mutating func arrivalRefused(_ pdu: S1APPDU, mme id: UInt32, on association: Int) -> Bool {
    guard let arrival = s10.arrivals[id], arrival.association == association, arrival.eNB == nil else { return false }
    failArrival(id, cause: pdu.cause ?? .unspecifiedRadioNetwork, "refused by the target eNB")
    return true
  }

  /// FORWARD ACCESS CONTEXT NOTIFICATION: the status of the radio bearers, to the target eNB.
  mutating func accessContextForwarded(_ message: GTPv2CMessage, from peer: CoreAddress) {
    guard let id = message.teid.flatMap({ s10.arrivalOfTEID[$0] }), let source = s10.arrivals[id]?.source ?? connections[id]?.arrivedFrom,
      source.address.octets == peer.octets
    else { return refuse(message, .contextNotFound, "no relocation has this TEID", from: peer) }
    var acknowledge = GTPv2CMessage(.forwardAccessContextAcknowledge, teid: source.teid, sequenceNumber: message.sequenceNumber)
    acknowledge.add(Acknowledgement.cause, .requestAccepted)
    answer(acknowledge, to: peer)
    guard let container = try? message[ForwardAccessContextNotification.container],
      let node = try? S1APNode(decoding: container.content, as: "ENB-StatusTransfer-TransparentContainer")
    else { return discard("FORWARD ACCESS CONTEXT NOTIFICATION without a container that can be read", "TS 29.274 §7.3.10") }
    if let arrival = s10.arrivals[id], let eNB = arrival.eNB {
      send(.mmeStatusTransfer(mme: id, eNB: eNB, container: node), on: arrival.association, stream: arrival.stream)
    } else if let connection = connections[id], !connection.isReleasing {
      // HANDOVER NOTIFY was faster.
      send(.mmeStatusTransfer(mme: id, eNB: connection.eNB, container: node), to: connection)
    }
  }

  /// HANDOVER NOTIFY: the UE is here, with the contexts that were forwarded.
  mutating func arrivalNotified(
    _ pdu: S1APPDU, mme id: UInt32, eNB: UInt32, on association: Int, stream: UInt16, using engine: inout CryptoEngine
  ) -> Bool {
    guard let arrival = s10.arrivals[id], arrival.association == association, arrival.eNB == eNB else { return false }
    forgetArrival(id)
    s10.arrivalOfTEID[arrival.localTEID] = id
    let index = arrival.subscriber
    var connection = S1Connection(
      identifier: id, eNB: eNB, association: association, stream: stream, trackingArea: pdu.trackingArea ?? arrival.trackingArea)
    connection.contextSetup = .done
    connection.isSecure = true
    connection.chain = arrival.context.chain
    connection.hasSentPair = arrival.context.nasParameters == nil
    connection.arrivalTEID = arrival.localTEID
    connection.arrivedFrom = arrival.source
    // The COUNT of the last SECURITY MODE COMPLETE is not told: the KeNB that is owed needs another.
    connection.owesKeyChange = arrival.context.owesKeyChange && !configuration.defects.contains(.noASRekey)
    connections[id] = connection
    connectionOfENB[ENBIdentifier(association: association, identifier: eNB)] = id
    bind(id, to: index)
    adopt(arrival.context, as: index, "relocated from \(arrival.source.address)")
    let notification = GTPv2CMessage(.forwardRelocationCompleteNotification, teid: arrival.source.teid, sequenceNumber: 0)
    request(notification, to: arrival.source.address, for: .completion)
    reportProcedure("relocation completed", on: id)
    // A tracking area update is to be expected; what is owed follows it, or comes without one.
    start(.s1Guard, on: id)
    return true
  }

  /// What a relocation left to do, when no update of the UE's is to be waited for: a KeNB of the KASME that NAS is on, a GUTI of ours.
  mutating func settleAfterRelocation(_ id: UInt32, using engine: inout CryptoEngine) {
    payOwedKeyChange(on: id, using: &engine)
    guard let connection = connections[id], connection.isSecure, let index = connection.subject.verified, ues[index].state == .registered,
      ues[index].guti == nil, ues[index].proposedGUTI == nil, !ues[index].queue.contains(.reallocateGUTI)
    else { return }
    ues[index].queue.append(.reallocateGUTI)
    runQueue(on: id, using: &engine)
  }

  // MARK: The UE does not come

  /// RELOCATION CANCEL REQUEST.
  mutating func relocationCancelRequested(_ message: GTPv2CMessage, from peer: CoreAddress) {
    let byTEID = message.teid.flatMap { s10.arrivalOfTEID[$0] }
    let imsi = (try? message[RelocationCancelRequest.imsi])?.digits
    let byIMSI = imsi.flatMap { hss.index(of: $0) }.flatMap { index in s10.arrivals.values.first { $0.subscriber == index }?.identifier }
    guard let id = byTEID ?? byIMSI, let arrival = s10.arrivals[id], arrival.source.address.octets == peer.octets || arrival.peer == peer
    else { return refuse(message, .contextNotFound, "there is no relocation to cancel", from: peer) }
    var response = GTPv2CMessage(.relocationCancelResponse, teid: arrival.source.teid, sequenceNumber: message.sequenceNumber)
    response.add(Acknowledgement.cause, .requestAccepted)
    abandonArrival(id, cause: .handoverCancelled, "cancelled by the source")
    answer(response, to: peer)
  }

  /// Before the answer to FORWARD RELOCATION REQUEST: it is one of refusal.
  mutating func failArrival(_ id: UInt32, cause: Cause, _ why: String) {
    guard let arrival = s10.arrivals[id] else { return }
    if arrival.eNB == nil {
      var response = GTPv2CMessage(.forwardRelocationResponse, teid: arrival.source.teid, sequenceNumber: arrival.sequenceNumber)
      response.add(ForwardRelocationResponse.cause, .relocationFailure)
      response.add(ForwardRelocationResponse.s1APCause, FullyQualifiedCause(cause))
      answer(response, to: arrival.peer)
    }
    forgetArrival(id)
    report(arrival, "relocation failed: \(why)")
  }

  /// The target eNB's resources are released.
  mutating func abandonArrival(_ id: UInt32, cause: Cause, _ why: String) {
    guard let arrival = s10.arrivals[id] else { return }
    failArrival(id, cause: cause, why)
    guard associations[arrival.association] != nil else { return }
    departures.insert(DepartedLeg(association: arrival.association, mme: id))
    send(.releaseCommand(mme: id, eNB: arrival.eNB, cause: cause), on: arrival.association, stream: arrival.stream)
  }

  /// UE CONTEXT RELEASE REQUEST of the target eNB.
  mutating func arrivalLost(_ pdu: S1APPDU, on association: Int) -> Bool {
    guard let id = pdu.integer(.mmeUES1APID), let arrival = s10.arrivals[id], arrival.association == association,
      arrival.eNB == pdu.integer(.eNBUES1APID)
    else { return false }
    abandonArrival(id, cause: pdu.cause ?? .normalRelease, "the target eNB lost the UE")
    return true
  }

  mutating func loseArrivals(on association: Int) {
    for id in s10.arrivals.values.filter({ $0.association == association }).map(\.identifier).sorted() {
      failArrival(id, cause: .unspecifiedRadioNetwork, "the target eNB's association is lost")
    }
  }

  private mutating func forgetArrival(_ id: UInt32) {
    guard let arrival = s10.arrivals.removeValue(forKey: id) else { return }
    sink.append(.stopTimer(MMETimer(.handover, owner: id)))
    s10.arrivalOfTEID[arrival.localTEID] = nil
    if let eNB = arrival.eNB {
      let key = ENBIdentifier(association: arrival.association, identifier: eNB)
      if connectionOfENB[key] == id { connectionOfENB[key] = nil }
    }
  }

  private mutating func startArrivalGuard(_ id: UInt32) {
    sink.append(.startTimer(MMETimer(.handover, owner: id), after: configuration.timers.handover))
  }

  private mutating func report(_ arrival: Arrival, _ words: String) {
    sink.append(.procedure(imsi: name(of: arrival.subscriber), words))
  }
}
