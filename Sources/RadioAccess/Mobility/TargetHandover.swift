import NASCrypto
import RadioInterface
import S1AP

/// The target of a handover: resources (TS 36.413 §8.4.2), the UE's arrival, HANDOVER NOTIFY (§8.4.3) or PATH SWITCH REQUEST (§8.4.4).
extension ENodeB {
  /// HANDOVER REQUEST: KeNB* comes from the pair of the MME and this cell (TS 33.401 §7.2.8.4.3).
  mutating func handoverRequested(_ pdu: S1APPDU, stream: UInt16, using engine: inout CryptoEngine) {
    guard let mme = pdu.integer(.mmeUES1APID) else { return missing(pdu, ue: nil) }
    func refuse(_ cause: Cause, _ why: String) {
      discard("HANDOVER REQUEST refused: \(why)", "TS 36.413 §8.4.2.3")
      send(.handoverFailure(mme: mme, cause: cause), on: stream)
    }
    guard let container = pdu.octets(.sourceToTargetTransparentContainer), let pair = pdu.nextHop,
      let capabilities = pdu.ueSecurityCapabilities, let requested = pdu.bearersToSetUpAtHandover, !requested.isEmpty
    else {
      return refuse(.abstractSyntaxErrorReject, "a mandatory IE is missing")
    }
    guard let request = TransparentContainer.readSource(container) else {
      return refuse(.handoverFailureInTarget, "the source's container cannot be read")
    }
    guard request.target.plmn == configuration.plmn,
      request.target.cell == configuration.enbID << 8 | UInt32(configuration.cell.identifier)
    else { return refuse(.cellNotAvailable, "\(request.target) is no cell here") }
    guard ues.count < configuration.maximumUEs else { return refuse(.handoverTargetNotAllowed, "\(ues.count) UEs are connected already") }
    guard let algorithms = configuration.algorithms(for: capabilities) else {
      return refuse(.algorithmsNotSupported, "no integrity algorithm in common")
    }
    // §8.4.2.4: of an E-RAB ID that comes more than once none is admitted.
    let repeated = requested.repeatedIdentifiers
    let admitted = requested.filter { !repeated.contains($0) }
    guard !admitted.isEmpty else { return refuse(.multipleERABInstances, "every E-RAB ID comes more than once") }
    let nasParameters = pdu.octets(.nasSecurityParametersToEUTRAN)
    let chain =
      nasParameters == nil
      ? ENodeBKeyChain(from: pair, cell: configuration.cell.radio, using: &engine) : ENodeBKeyChain(fromOtherSystem: pair)
    let context = AccessStratumContext(
      chain: chain, algorithms: algorithms, capabilities: capabilities,
      bearers: admitted.map { .init(identifier: $0, tunnelEndpoint: takeTunnelEndpoint()) }, using: &engine)
    let ue = announce(context, .s1, mme: mme, source: nil)
    let control = control(for: ue, context)
    guard let answer = TransparentContainer.targetToSource(control, nasParameters: nasParameters ?? []) else {
      releaseLocally(ue.identifier, cause: .unspecifiedRadioNetwork)
      return refuse(.unspecifiedRadioNetwork, "no container")
    }
    send(
      .handoverRequestAcknowledge(
        mme: mme, eNB: ue.identifier, bearers: context.bearers, failed: repeated, address: configuration.userPlaneAddress,
        container: answer),
      on: ue.stream)
  }

  /// A UE that is to come.
  mutating func announce(
    _ context: AccessStratumContext, _ kind: HandoverKind, mme: UInt32?, source: X2Source?
  ) -> ConnectedUE {
    let identifier = takeIdentifier()
    var ue = ConnectedUE(
      handle: -Int(identifier), identifier: identifier, stream: 1 + UInt16(identifier % UInt32(configuration.ueStreams)))
    ue.mmeIdentifier = mme
    ue.context = .signalling
    ue.mobility = .arriving(kind, context, source: source)
    ues[identifier] = ue
    if let mme { identifierOfMME[mme] = identifier }
    sink.append(.startTimer(.arrival(identifier), after: configuration.timers.arrival))
    return ue
  }

  func control(for ue: ConnectedUE, _ context: AccessStratumContext) -> MobilityControl {
    MobilityControl(
      target: configuration.cell.radio, temporaryIdentity: ue.temporaryIdentity, nextHopChainingCount: context.chain.chainingCount,
      algorithms: context.algorithms)
  }

  /// RRC CONNECTION RECONFIGURATION COMPLETE in this cell. Where it does not verify nothing is told to the MME: the UE has other keys.
  mutating func arrived(
    _ handle: UEHandle, temporaryIdentity: UInt16, _ message: ProtectedRRC<UplinkRRCMessage>, using engine: inout CryptoEngine
  ) {
    if case .rekeying = identifierOfHandle[handle].flatMap({ ues[$0]?.radio }) {
      // A handover within the cell.
      return received(message, from: handle, using: &engine)
    }
    guard
      let ue = ues.values.first(where: { $0.isAwaited && $0.temporaryIdentity == temporaryIdentity }),
      case .arriving(let kind, var context, let source) = ue.mobility
    else {
      discard("random access of a UE that nobody announced", "TS 36.331 §5.3.5.4", ue: handle)
      sink.append(.rrc(handle, .radio(ProtectedRRC(.reestablishmentReject))))
      return sink.append(.rrc(handle, .release(.radioConnectionWithUELost)))
    }
    let id = ue.identifier
    ues[id]?.handle = handle
    identifierOfHandle[handle] = id
    guard context.security.verify(message, using: &engine) else {
      discard("the MAC-I of RRC CONNECTION RECONFIGURATION COMPLETE does not verify", "TS 36.323 §5.7", ue: handle)
      // The eNB goes on with its keys, and the UE finds that they are not its own.
      let next = context.security.protect(DownlinkRRCMessage.reconfiguration, using: &engine)
      ues[id]?.mobility = .arriving(kind, context, source: source)
      return sink.append(.rrc(handle, .radio(next)))
    }
    sink.append(.stopTimer(.arrival(id)))
    ues[id]?.context = .secured(context)
    sink.append(
      .chainedKey(handle, context.chain.keNB, nextHopChainingCount: context.chain.chainingCount, why: "\(kind.rawValue) handover"))
    sink.append(.handover(handle, .arrived(kind)))
    switch (kind, source) {
    case (.s1, _):
      ues[id]?.mobility = nil
      if let mme = ue.mmeIdentifier { send(.handoverNotify(mme: mme, eNB: id, cell: configuration), on: ue.stream) }
      deliverHeldNAS(to: id)
    case (.x2, let source?):
      ues[id]?.mobility = .switchingPath(source)
      guard let mme = ue.mmeIdentifier else { return }
      // The MME may give another id in its answer (§8.4.4.2).
      identifierOfMME[mme] = nil
      ues[id]?.mmeIdentifier = nil
      send(
        .pathSwitchRequest(
          sourceMME: mme, eNB: id, bearers: context.bearers, capabilities: context.capabilities, cell: configuration), on: ue.stream)
    case (.x2, nil): break
    }
  }

  mutating func pathSwitched(_ pdu: S1APPDU, ue: ConnectedUE) {
    guard case .switchingPath(let source) = ue.mobility, var context = ue.secured else { return unexpected(pdu, ue: ue) }
    guard let pair = pdu.nextHop else { return missing(pdu, ue: ue) }
    let id = ue.identifier
    context.chain.fresh = pair
    // What the MME stores counts more than what the source said (TS 33.401 §7.2.4.2.2).
    if let capabilities = pdu.ueSecurityCapabilities { context.capabilities = capabilities }
    ues[id]?.context = .secured(context)
    ues[id]?.mobility = nil
    sink.append(.x2(.ueContextRelease(old: source.identifier), to: source.enbID))
    sink.append(.handover(ue.handle, .pathSwitched))
    let waiting = ue.waitingUplink
    ues[id]?.waitingUplink = []
    if let mme = ue.mmeIdentifier {
      for nas in waiting { send(.uplinkNAS(nas, mme: mme, eNB: id, cell: configuration), on: ue.stream) }
    }
    deliverHeldNAS(to: id)
  }

  /// §8.4.4.3: the UE has come for nothing; what it has here is worth nothing to the core network.
  mutating func pathSwitchRefused(_ pdu: S1APPDU, ue: ConnectedUE) {
    guard case .switchingPath = ue.mobility else { return unexpected(pdu, ue: ue) }
    sink.append(.handover(ue.handle, .failed(pdu.cause)))
    releaseLocally(ue.identifier, cause: pdu.cause ?? .unspecifiedRadioNetwork)
  }

  /// The UE never came.
  mutating func arrivalExpired(_ id: UInt32) {
    guard let ue = ues[id], case .arriving(let kind, _, _) = ue.mobility else { return }
    discard("the UE in handover did not arrive", "TS 36.413 §8.4.2", ue: ue.handle)
    if kind == .s1, let mme = ue.mmeIdentifier {
      ues[id]?.mobility = nil
      ues[id]?.context = .releaseRequested
      send(.releaseRequest(mme: mme, eNB: id, cause: .radioConnectionWithUELost), on: ue.stream)
    } else {
      releaseLocally(id, cause: .radioConnectionWithUELost)
    }
  }
}

extension ConnectedUE {
  /// Announced, and not here (or here with other keys).
  var isAwaited: Bool {
    if case .arriving = mobility { true } else { false }
  }
}
