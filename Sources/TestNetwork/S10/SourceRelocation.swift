import GTPv2C
import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// A handover that leaves this MME, at the source (TS 23.401 §5.5.1.2.2), and what has to wait for what (TS 33.401 §7.2.10).
extension MME {
  /// HANDOVER REQUIRED whose target another MME serves: FORWARD RELOCATION REQUEST now, or when what may not overlap it has ended.
  mutating func relocate(
    _ id: UInt32, _ index: Int, to target: HandoverTargetIdentity, type: HandoverType, cause: Cause, container: [UInt8],
    using engine: inout CryptoEngine
  ) {
    guard let connection = connections[id] else { return }
    guard type.fits(target), let peer = configuration.peer(serving: target), let identification = TargetIdentification(target) else {
      discard("HANDOVER REQUIRED: nobody known serves the target", "TS 36.413 §8.4.1.3", association: connection.association, ue: index)
      return send(.handoverPreparationFailure(mme: id, eNB: connection.eNB, cause: .unknownTargetID), to: connection)
    }
    connections[id]?.relocation = Relocation(
      peer: peer.address, target: identification, type: type, cause: cause, container: container)
    if connection.securityMode?.isOwed == true { giveUpSecurityMode(on: id) }
    if let connection = connections[id], let why = reasonToWait(connection) {
      return reportProcedure("relocation waits: \(why)", on: id)
    }
    continueRelocation(on: id, using: &engine)
  }

  /// `wait-for-smc-before-relocation`, `wait-for-as-rekey-before-relocation`.
  private func reasonToWait(_ connection: S1Connection) -> String? {
    if connection.securityMode != nil, !configuration.defects.contains(.relocationDuringSMC) {
      return "SECURITY MODE COMMAND is unanswered"
    }
    switch connection.contextSetup {
    case .requested, .changingKey:
      return configuration.defects.contains(.relocationDuringASRekey) ? nil : "the eNB has not answered about a new KeNB"
    case .none, .done: return nil
    }
  }

  /// What a relocation waited for has ended: the contexts are forwarded as they are now.
  mutating func continueRelocation(on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id], !connection.isReleasing, var relocation = connection.relocation, relocation.stage == .waiting,
      reasonToWait(connection) == nil, let index = connection.subject.verified, let current = ues[index].security.current,
      let own = configuration.s10Address
    else { return }
    guard !isGuest(index), connection.chain != nil else {
      return relocationFailed(id, cause: .handoverFailureInTarget, "there is no context to forward", using: &engine)
    }
    guard relocation.type == .intraLTE else { return leave(relocation, on: id, index, own, using: &engine) }
    relocation.chainBefore = connection.chain
    // Stepped, and sent by the target's MME as it is (TS 33.401 §7.2.8.4.3). Defects of the chain work here as within the MME.
    let pair = nextPair(on: id, using: &engine)
    connections[id]?.hasSentPair = true
    relocation.stage = .requested
    relocation.localTEID = s10.takeTEID()
    s10.sources[relocation.localTEID] = id
    connections[id]?.relocation = relocation

    var request = GTPv2CMessage(.forwardRelocationRequest, teid: 0, sequenceNumber: 0)
    request.add(ForwardRelocationRequest.imsi, IMSIDigits(name(of: index)))
    request.add(ForwardRelocationRequest.sender, FullyQualifiedTEID(.s10MME, teid: relocation.localTEID, address: own.octets))
    for connection in pdnConnections(of: index) { request.add(ForwardRelocationRequest.connection, connection) }
    request.add(
      ForwardRelocationRequest.servingGateway,
      FullyQualifiedTEID(.s11SGW, teid: UInt32(truncatingIfNeeded: index + 1), address: configuration.userPlaneAddress))
    request.add(mmContext(of: index, current, connections[id]?.chain?.sending(pair)))
    request.add(ForwardRelocationRequest.eUTRANContainer, FullyQualifiedContainer(.eUTRAN, relocation.container))
    request.add(ForwardRelocationRequest.target, relocation.target)
    request.add(ForwardRelocationRequest.s1APCause, FullyQualifiedCause(relocation.cause))
    request.add(ForwardRelocationRequest.servingNetwork, PLMNOctets(connection.trackingArea.plmn))
    self.request(request, to: relocation.peer, for: .relocation(connection: id))
    reportProcedure("relocation: contexts forwarded to \(relocation.peer)", on: id)
    if configuration.defects.contains(.downlinkNASAfterRelocation) { sendInformation(on: id, using: &engine) }
  }

  /// An SMC that the UE has not got, since a handover took it: the handover goes on with the contexts before it.
  private mutating func giveUpSecurityMode(on id: UInt32) {
    guard let control = connections[id]?.securityMode else { return }
    stop(.t3460, on: id, instance: MMETimer.securityMode)
    connections[id]?.securityMode = nil
    reportContexts(of: control.subscriber, "SECURITY MODE COMMAND not delivered: contexts as before")
    reportProcedure("security mode control: lost to a handover that leaves this MME", on: id)
  }

  /// NAS NON DELIVERY INDICATION of an SMC that a relocation waits for.
  ///
  /// - Returns: whether one waits.
  mutating func endsWaitingRelocation(_ id: UInt32, using engine: inout CryptoEngine) -> Bool {
    guard connections[id]?.relocation?.stage == .waiting else { return false }
    giveUpSecurityMode(on: id)
    securityModeEnded(on: id, using: &engine)
    return true
  }

  // MARK: The target's answers

  /// FORWARD RELOCATION RESPONSE.
  mutating func relocationAnswered(_ message: GTPv2CMessage, on id: UInt32, from peer: CoreAddress, using engine: inout CryptoEngine) {
    guard let connection = connections[id], let relocation = connection.relocation, relocation.stage == .requested else {
      return discard("FORWARD RELOCATION RESPONSE for no relocation", "TS 29.274 §7.3.2")
    }
    let cause: ResultCause
    do { cause = try message[ForwardRelocationResponse.cause] } catch {
      return relocationFailed(id, cause: .handoverFailureInTarget, error.description, using: &engine)
    }
    guard cause.isAcceptance, let sender = try? message[ForwardRelocationResponse.sender],
      let container = try? message.container(for: relocation.type)
    else {
      let told = (try? message[ForwardRelocationResponse.s1APCause]).flatMap { Cause($0) }
      return relocationFailed(id, cause: told ?? .handoverFailureInTarget, "refused by the target: \(cause)", using: &engine)
    }
    connections[id]?.relocation?.stage = .commanded
    let remote = endpoint(sender, from: peer)
    connections[id]?.relocation?.remote = remote
    let list = relocation.type == .intraLTE ? ForwardRelocationResponse.bearer : ForwardRelocationResponse.radioBearer
    let setUp = (try? message.all(list)) ?? []
    let admitted = Set(setUp.compactMap { (try? $0[BearerContext.identity])?.identity })
    let index = connection.subject.verified
    let failed = index.map { ues[$0].bearerIdentities.subtracting(admitted).sorted() } ?? []
    send(
      .handoverCommand(
        mme: id, eNB: connection.eNB, type: relocation.type, nasParameters: relocation.nasParameters, container: container.content,
        failed: setUp.isEmpty ? [] : failed.map { ERABItem(eRABID: $0, cause: .unspecifiedRadioNetwork) }), to: connection)
    start(.handover, on: id)
  }

  /// ENB STATUS TRANSFER: to the target's MME.
  mutating func forwardStatus(_ container: S1APNode, on id: UInt32) {
    guard let relocation = connections[id]?.relocation, relocation.stage == .commanded, let remote = relocation.remote else {
      return discard("ENB STATUS TRANSFER without a handover", "TS 36.413 §8.4.6", association: connections[id]?.association)
    }
    var notification = GTPv2CMessage(.forwardAccessContextNotification, teid: remote.teid, sequenceNumber: 0)
    notification.add(
      ForwardAccessContextNotification.container, FullyQualifiedContainer(.eUTRAN, container.encoded()))
    request(notification, to: remote.address, for: .accessContext(connection: id))
  }

  /// FORWARD RELOCATION COMPLETE NOTIFICATION: the UE is there, and its contexts here are of no use any more.
  mutating func relocationCompleted(_ message: GTPv2CMessage, from peer: CoreAddress, using engine: inout CryptoEngine) {
    guard let teid = message.teid, let id = s10.sources[teid], let relocation = connections[id]?.relocation, let remote = relocation.remote,
      remote.address.octets == peer.octets
    else { return refuse(message, .contextNotFound, "no relocation has this TEID", from: peer) }
    var acknowledge = GTPv2CMessage(.forwardRelocationCompleteAcknowledge, teid: remote.teid, sequenceNumber: message.sequenceNumber)
    acknowledge.add(Acknowledgement.cause, .requestAccepted)
    answer(acknowledge, to: peer)
    let index = connections[id]?.subject.verified
    endRelocation(of: id)
    reportProcedure("relocation completed: the UE is at \(relocation.peer)", on: id)
    release(id, cause: .successfulHandover)
    // The native context is of use when the UE comes back from UTRAN or GERAN, and stays (TS 33.401 §9.1.2).
    if let index, relocation.type == .intraLTE { surrender(index, "relocated to \(relocation.peer): contexts deleted") }
  }

  // MARK: Failure and cancellation

  /// The target's MME, or its eNB, does not take the UE: it stays where it is.
  mutating func relocationFailed(_ id: UInt32, cause: Cause, _ why: String, using engine: inout CryptoEngine) {
    guard let connection = connections[id], let relocation = connection.relocation else { return }
    let held = relocation.heldUplink
    endRelocation(of: id)
    reportProcedure("relocation failed: \(why)", on: id)
    if relocation.stage == .requested || relocation.stage == .waiting {
      send(.handoverPreparationFailure(mme: id, eNB: connection.eNB, cause: cause), to: connection)
    }
    afterRelocation(id, held, using: &engine)
  }

  /// HANDOVER CANCEL, or our guard: the target's MME is told if it knows of it.
  ///
  /// - Parameter acknowledges: HANDOVER CANCEL ACKNOWLEDGE is to follow.
  mutating func cancelRelocation(_ id: UInt32, cause: Cause, acknowledges: Bool, using engine: inout CryptoEngine) {
    guard let relocation = connections[id]?.relocation else { return }
    switch relocation.stage {
    case .waiting:
      connections[id]?.relocation?.stage = .cancelling(isAcknowledgementOwed: acknowledges)
      relocationCancelled(id, using: &engine)
    case .requested, .commanded:
      connections[id]?.relocation?.stage = .cancelling(isAcknowledgementOwed: acknowledges)
      stop(.handover, on: id)
      dropRequests(.relocation(connection: id), .accessContext(connection: id))
      sendCancel(relocation, on: id)
    case .cancelling:
      if acknowledges { connections[id]?.relocation?.stage = .cancelling(isAcknowledgementOwed: true) }
    }
  }

  private mutating func sendCancel(_ relocation: Relocation, on id: UInt32) {
    var message = GTPv2CMessage(.relocationCancelRequest, teid: relocation.remote?.teid ?? 0, sequenceNumber: 0)
    // Where the target's TEID is not known, the IMSI says whose relocation it is (TS 29.274 §7.3.16).
    if let index = connections[id]?.subject.verified { message.add(RelocationCancelRequest.imsi, IMSIDigits(name(of: index))) }
    message.add(RelocationCancelRequest.cause, FullyQualifiedCause(relocation.cause))
    request(message, to: relocation.remote?.address ?? relocation.peer, for: .cancel(connection: id))
  }

  /// RELOCATION CANCEL RESPONSE, or none in time.
  mutating func relocationCancelled(_ id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id], let relocation = connection.relocation,
      case .cancelling(let isAcknowledgementOwed) = relocation.stage
    else { return }
    let held = relocation.heldUplink
    endRelocation(of: id)
    reportProcedure("relocation cancelled", on: id)
    if isAcknowledgementOwed { send(.handoverCancelAcknowledge(mme: id, eNB: connection.eNB), to: connection) }
    afterRelocation(id, held, using: &engine)
  }

  /// The connection goes: nobody waits for the target any more.
  mutating func abandonRelocation(of id: UInt32) {
    guard let relocation = connections[id]?.relocation else { return }
    switch relocation.stage {
    case .requested, .commanded:
      dropRequests(.relocation(connection: id), .accessContext(connection: id))
      sendCancel(relocation, on: id)
    case .waiting, .cancelling: break
    }
    endRelocation(of: id)
  }

  private mutating func endRelocation(of id: UInt32) {
    guard let relocation = connections[id]?.relocation else { return }
    stop(.handover, on: id)
    dropRequests(.relocation(connection: id), .accessContext(connection: id))
    s10.sources[relocation.localTEID] = nil
    connections[id]?.relocation = nil
    if configuration.defects.contains(.nhRolledBack), let before = relocation.chainBefore { connections[id]?.chain = before }
  }

  /// The UE has stayed: what was kept back while the source was silent goes on.
  private mutating func afterRelocation(_ id: UInt32, _ held: [[UInt8]], using engine: inout CryptoEngine) {
    for octets in held { received(nas: octets, on: id, using: &engine) }
    afterHandover(id, succeeded: false, using: &engine)
    proceed(id, using: &engine)
    keyChangeEnded(on: id, using: &engine)
  }
}

extension AccessStratumChain {
  /// The chain with the pair that a defect sends in the place of its own.
  fileprivate func sending(_ pair: S1AP.SecurityContext?) -> AccessStratumChain {
    guard let pair else { return self }
    return AccessStratumChain(
      kasme: kasme, keySetIdentifier: keySetIdentifier,
      continuing: .init(key: pair.nextHop, chainingCount: pair.nextHopChainingCount))
  }
}
