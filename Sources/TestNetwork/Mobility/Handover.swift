import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// An S1 handover within this MME (TS 36.413 §8.4.1, §8.4.2), from HANDOVER REQUIRED to HANDOVER NOTIFY or its failure.
struct Handover: Sendable, Equatable {
  /// The target's association; its eNB-UE-S1AP-ID is known from HANDOVER REQUEST ACKNOWLEDGE.
  let association: Int
  let stream: UInt16
  /// The chain before its step, for the defect that takes it back.
  var chainBefore: AccessStratumChain?
  var eNB: UInt32?
}

/// A leg whose UE has gone, or did not come: UE CONTEXT RELEASE COMMAND was sent on it.
struct DepartedLeg: Hashable, Sendable {
  var association: Int
  var mme: UInt32
}

/// Where the target of a HANDOVER REQUIRED is.
enum HandoverDestination: Sendable, Equatable {
  /// At this MME, on that association.
  case here(Int)
  /// Not at this MME: S10 FORWARD RELOCATION, or the other system.
  case elsewhere(HandoverTargetIdentity)
}

/// Target ID of HANDOVER REQUIRED (TS 36.413 §9.2.1.6).
enum HandoverTargetIdentity: Sendable, Equatable {
  case eNB(GlobalENBID, trackingArea: MMEConfiguration.TrackingArea)
  case otherSystem(OtherSystemIdentity)
}

extension MME {
  /// HANDOVER REQUIRED. The pair is stepped and sent whatever SMC runs: it is of the chain that AS is on (TS 33.401 §7.2.10).
  mutating func handoverRequired(_ pdu: S1APPDU, on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id] else { return }
    guard let target = pdu.handoverTarget, let container = pdu.octets(.sourceToTargetTransparentContainer), let type = pdu.handoverType
    else {
      discard("HANDOVER REQUIRED lacks a mandatory IE", "TS 36.413 §10.3.5", association: connection.association)
      return send(.handoverPreparationFailure(mme: id, eNB: connection.eNB, cause: .abstractSyntaxErrorReject), to: connection)
    }
    let destination = destination(of: target)
    guard !connection.isReleasing, connection.handover == nil, connection.relocation == nil, let index = connection.subject.verified,
      connection.mayLeave(for: destination)
    else {
      discard(
        "HANDOVER REQUIRED does not fit the state", "TS 36.413 §10.4", association: connection.association, ue: connection.subject.index)
      return send(
        .handoverPreparationFailure(mme: id, eNB: connection.eNB, cause: .messageNotCompatibleWithReceiverState), to: connection)
    }
    let cause = pdu.cause ?? .unspecifiedRadioNetwork
    switch destination {
    case .here(let association):
      prepare(id, index, on: association, type: type, cause: cause, container: container, using: &engine)
    case .elsewhere(let target): relocate(id, index, to: target, type: type, cause: cause, container: container, using: &engine)
    }
  }

  /// An eNB with a ready association here, else another node's.
  private func destination(of target: HandoverTargetIdentity) -> HandoverDestination {
    guard case .eNB(let identity, _) = target,
      let found = associations.filter({ $0.value.isReady && $0.value.identity == identity }).keys.min()
    else { return .elsewhere(target) }
    return .here(found)
  }

  private mutating func prepare(
    _ id: UInt32, _ index: Int, on association: Int, type: HandoverType, cause: Cause, container: [UInt8],
    using engine: inout CryptoEngine
  ) {
    guard let connection = connections[id], let capability = ues[index].networkCapability, let pair = nextPair(on: id, using: &engine)
    else {
      return
    }
    connections[id]?.hasSentPair = true
    connections[id]?.handover = Handover(association: association, stream: connection.stream, chainBefore: connection.chain)
    send(
      .handoverRequest(
        mme: id, type: type, cause: cause,
        bitRate: UEAggregateMaximumBitrate(downlink: configuration.maximumBitRateDownlink, uplink: configuration.maximumBitRateUplink),
        bearers: ues[index].bearers, address: configuration.userPlaneAddress, container: container,
        capabilities: told(capability), pair: pair), on: association, stream: connection.stream)
    start(.handover, on: id)
    reportProcedure("S1 handover: NCC \(pair.nextHopChainingCount) to the target", on: id)
  }

  /// HANDOVER REQUEST ACKNOWLEDGE, from the target.
  mutating func handoverAcknowledged(_ pdu: S1APPDU, on association: Int) {
    guard let id = pdu.integer(.mmeUES1APID), let eNB = pdu.integer(.eNBUES1APID) else { return missing(pdu, on: association, nil) }
    if arrivalAcknowledged(pdu, mme: id, eNB: eNB, on: association) { return }
    guard let connection = connections[id], let handover = connection.handover, handover.association == association, handover.eNB == nil
    else {
      // The answer to a preparation that was cancelled meanwhile: its release is on the way.
      if departures.contains(DepartedLeg(association: association, mme: id)) {
        return discard("HANDOVER REQUEST ACKNOWLEDGE of a cancelled handover", "TS 36.413 §8.4.5", association: association)
      }
      return unknownPair(pdu, mme: id, eNB: eNB, on: association)
    }
    guard let container = pdu.octets(.targetToSourceTransparentContainer) else { return missing(pdu, on: association, nil) }
    connections[id]?.handover?.eNB = eNB
    connectionOfENB[ENBIdentifier(association: association, identifier: eNB)] = id
    send(
      .handoverCommand(mme: id, eNB: connection.eNB, container: container, failed: pdu.failedBearersAtHandover), to: connection)
    start(.handover, on: id)
  }

  /// HANDOVER FAILURE, from the target: the source keeps the UE.
  mutating func handoverRefused(_ pdu: S1APPDU, on association: Int, using engine: inout CryptoEngine) {
    guard let id = pdu.integer(.mmeUES1APID) else { return missing(pdu, on: association, nil) }
    if arrivalRefused(pdu, mme: id, on: association) { return }
    guard let connection = connections[id], let handover = connection.handover, handover.association == association, handover.eNB == nil
    else {
      return discard("HANDOVER FAILURE for no handover", "TS 36.413 §10.6", association: association)
    }
    let cause = pdu.cause ?? .unspecifiedRadioNetwork
    endHandover(of: id, "refused by the target: \(cause)")
    send(.handoverPreparationFailure(mme: id, eNB: connection.eNB, cause: cause), to: connection)
    afterHandover(id, succeeded: false, using: &engine)
  }

  /// ENB STATUS TRANSFER: handed on as it is (TS 36.413 §8.4.6, §8.4.7).
  mutating func statusTransfer(_ pdu: S1APPDU, on id: UInt32) {
    if connections[id]?.relocation != nil, let container = pdu[.eNBStatusTransferTransparentContainer] {
      return forwardStatus(container, on: id)
    }
    guard let handover = connections[id]?.handover, let eNB = handover.eNB, let container = pdu[.eNBStatusTransferTransparentContainer]
    else {
      return discard("ENB STATUS TRANSFER without a handover", "TS 36.413 §8.4.6", association: connections[id]?.association)
    }
    send(.mmeStatusTransfer(mme: id, eNB: eNB, container: container), on: handover.association, stream: handover.stream)
  }

  /// HANDOVER NOTIFY: the UE is at the target.
  mutating func handoverNotified(_ pdu: S1APPDU, on association: Int, stream: UInt16, using engine: inout CryptoEngine) {
    guard let id = pdu.integer(.mmeUES1APID), let eNB = pdu.integer(.eNBUES1APID) else { return missing(pdu, on: association, nil) }
    if arrivalNotified(pdu, mme: id, eNB: eNB, on: association, stream: stream, using: &engine) { return }
    guard let connection = connections[id], let handover = connection.handover, handover.association == association, handover.eNB == eNB
    else {
      return unknownPair(pdu, mme: id, eNB: eNB, on: association)
    }
    stop(.handover, on: id)
    connections[id]?.handover = nil
    depart(connection, cause: .successfulHandover)
    move(id, to: association, eNB: eNB, stream: stream, trackingArea: pdu.trackingArea)
    reportProcedure("S1 handover completed", on: id)
    afterHandover(id, succeeded: true, using: &engine)
  }

  // MARK: Failure and cancellation

  /// HANDOVER CANCEL: acknowledged whatever there is to cancel (TS 36.413 §8.4.5).
  mutating func handoverCancelled(_ pdu: S1APPDU, on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id] else { return }
    if connection.relocation != nil {
      return cancelRelocation(id, cause: pdu.cause ?? .handoverCancelled, acknowledges: true, using: &engine)
    }
    let hasHandover = connection.handover != nil
    if hasHandover { abandonTarget(of: id, cause: pdu.cause ?? .handoverCancelled, "cancelled by the source") }
    send(.handoverCancelAcknowledge(mme: id, eNB: connection.eNB), to: connection)
    if hasHandover { afterHandover(id, succeeded: false, using: &engine) }
  }

  /// Our guard: the target did not answer, or the UE did not come.
  mutating func handoverExpired(_ connection: S1Connection, using engine: inout CryptoEngine) {
    let id = connection.identifier
    if connection.relocation != nil {
      return cancelRelocation(id, cause: .unspecifiedRadioNetwork, acknowledges: false, using: &engine)
    }
    guard let handover = connection.handover else { return }
    abandonTarget(of: id, cause: .unspecifiedRadioNetwork, "not completed in time")
    if handover.eNB == nil {
      send(.handoverPreparationFailure(mme: id, eNB: connection.eNB, cause: .handoverFailureInTarget), to: connection)
    }
    afterHandover(id, succeeded: false, using: &engine)
  }

  /// The target let the UE go, or its association went: before HANDOVER COMMAND the source is told.
  mutating func targetLost(_ id: UInt32, _ why: String, using engine: inout CryptoEngine) {
    guard let connection = connections[id], let handover = connection.handover else { return }
    abandonTarget(of: id, cause: .unspecifiedRadioNetwork, why)
    if handover.eNB == nil {
      send(.handoverPreparationFailure(mme: id, eNB: connection.eNB, cause: .handoverFailureInTarget), to: connection)
    }
    afterHandover(id, succeeded: false, using: &engine)
  }

  /// The target's resources are released, as far as it is known to have any.
  mutating func abandonTarget(of id: UInt32, cause: Cause, _ why: String) {
    guard let handover = connections[id]?.handover else { return }
    endHandover(of: id, why)
    guard associations[handover.association] != nil else { return }
    departures.insert(DepartedLeg(association: handover.association, mme: id))
    send(.releaseCommand(mme: id, eNB: handover.eNB, cause: cause), on: handover.association, stream: handover.stream)
  }

  private mutating func endHandover(of id: UInt32, _ why: String) {
    guard let handover = connections[id]?.handover else { return }
    stop(.handover, on: id)
    connections[id]?.handover = nil
    if configuration.defects.contains(.nhRolledBack) { connections[id]?.chain = handover.chainBefore }
    if let eNB = handover.eNB { connectionOfENB[ENBIdentifier(association: handover.association, identifier: eNB)] = nil }
    reportProcedure("S1 handover failed: \(why)", on: id)
  }

  // MARK: The legs

  /// The old leg of a connection that moves: its eNB lets the UE go.
  private mutating func depart(_ connection: S1Connection, cause: Cause) {
    departures.insert(DepartedLeg(association: connection.association, mme: connection.identifier))
    send(.releaseCommand(mme: connection.identifier, eNB: connection.eNB, cause: cause), to: connection)
  }

  /// The connection goes on at another eNB, with everything that runs over it.
  mutating func move(
    _ id: UInt32, to association: Int, eNB: UInt32, stream: UInt16, trackingArea: MMEConfiguration.TrackingArea?
  ) {
    guard let connection = connections[id] else { return }
    let old = ENBIdentifier(association: connection.association, identifier: connection.eNB)
    if connectionOfENB[old] == id { connectionOfENB[old] = nil }
    connections[id]?.association = association
    connections[id]?.eNB = eNB
    connections[id]?.stream = stream
    if let trackingArea { connections[id]?.trackingArea = trackingArea }
    connectionOfENB[ENBIdentifier(association: association, identifier: eNB)] = id
  }

  /// What waited for the handover: a key change that the source refused or that is owed, an SMC and other messages that were lost.
  mutating func afterHandover(_ id: UInt32, succeeded: Bool, using engine: inout CryptoEngine) {
    guard let connection = connections[id], !connection.isReleasing else { return }
    if succeeded, connection.contextSetup == .changingKey {
      // The UE left the eNB that was asked: whatever it answers, the key is not in use where the UE is.
      stop(.s1Guard, on: id)
      connections[id]?.contextSetup = .done
      connections[id]?.pendingChain = nil
      connections[id]?.owesKeyChange = true
    }
    sendOwedSecurityModeCommand(afterHandoverOf: id, succeeded: succeeded, using: &engine)
    repeatLost(on: id, afterSuccess: succeeded, using: &engine)
    payOwedKeyChange(on: id, using: &engine)
    runQueue(on: id, using: &engine)
  }
}

extension S1Connection {
  /// AS security is active at the eNB.
  var isContextAtENB: Bool { contextSetup == .done || contextSetup == .changingKey }

  /// Whether AS is so far that the UE can be handed over. A KeNB that the eNB has not answered about is waited for where the UE leaves
  /// this MME (TS 33.401 §7.2.10).
  fileprivate func mayLeave(for destination: HandoverDestination) -> Bool {
    switch destination {
    case .here: isContextAtENB && chain != nil
    case .elsewhere: contextSetup != .none
    }
  }
}
