import NASCrypto
import RadioInterface
import S1AP

/// INITIAL CONTEXT SETUP (TS 36.413 §8.3.1): AS security and E-RABs, then the NAS message inside.
extension ENodeB {
  mutating func setUpContext(_ pdu: S1APPDU, ue: ConnectedUE, using engine: inout CryptoEngine) {
    guard let mme = ue.mmeIdentifier else { return }
    guard let key = pdu.securityKey, let capabilities = pdu.ueSecurityCapabilities,
      let requested = pdu.bearersToSetUp(.eRABToBeSetupListCtxtSUReq), !requested.isEmpty
    else { return missing(pdu, ue: ue) }
    switch ue.context {
    case .awaitingMME, .signalling:
      guard ue.radio == nil else { return unexpected(pdu, ue: ue) }
    case .secured: return unexpected(pdu, ue: ue)
    case .releaseRequested:
      return failSetup(ue, mme: mme, cause: .radioConnectionWithUELost, undelivered: requested.compactMap(\.nas))
    }
    guard !ue.radioUnavailable else {
      return failSetup(ue, mme: mme, cause: .radioConnectionWithUELost, undelivered: requested.compactMap(\.nas))
    }
    guard let algorithms = configuration.algorithms(for: capabilities) else {
      return failSetup(ue, mme: mme, cause: .algorithmsNotSupported, undelivered: requested.compactMap(\.nas))
    }

    // §8.3.1.4: an E-RAB ID that comes twice fails each time; §8.3.1.3: without any bearer the procedure does.
    let failed = requested.map(\.identifier).repeatedIdentifiers
    let admitted = requested.filter { !failed.contains($0.identifier) }
    guard !admitted.isEmpty else {
      return failSetup(ue, mme: mme, cause: .multipleERABInstances, undelivered: requested.compactMap(\.nas))
    }
    var bearers: [AccessStratumContext.Bearer] = []
    var nas: [[UInt8]] = []
    for request in admitted {
      bearers.append(.init(identifier: request.identifier, tunnelEndpoint: takeTunnelEndpoint()))
      if let pdu = request.nas { nas.append(pdu) }
    }
    var context = AccessStratumContext(
      chain: ENodeBKeyChain(keNB: key), algorithms: algorithms, capabilities: capabilities, bearers: bearers, using: &engine)
    let command = context.security.protect(DownlinkRRCMessage.securityModeCommand(algorithms), using: &engine)
    ues[ue.identifier]?.radio = .activatingSecurity(PendingContextSetup(context: context, failedBearers: failed, nas: nas))
    sink.append(.keNB(ue.handle, key, nextHopChainingCount: 0))
    sink.append(.rrc(ue.handle, .radio(command)))
  }

  /// The UE answered AS SECURITY MODE COMMAND.
  mutating func securityActivated(_ pending: PendingContextSetup, ue: ConnectedUE) {
    ues[ue.identifier]?.context = .secured(pending.context)
    guard let mme = ue.mmeIdentifier else { return }
    send(
      .contextSetupResponse(
        mme: mme, eNB: ue.identifier, bearers: pending.context.bearers, address: configuration.userPlaneAddress,
        failed: pending.failedBearers), on: ue.stream)
    for message in pending.nas { deliver(message, to: ue.identifier) }
  }

  mutating func failSetup(_ ue: ConnectedUE, mme: UInt32, cause: Cause, undelivered: [[UInt8]]) {
    discard("INITIAL CONTEXT SETUP REQUEST refused: \(cause)", "TS 36.413 §8.3.1.3", ue: ue.handle)
    send(.contextSetupFailure(mme: mme, eNB: ue.identifier, cause: cause), on: ue.stream)
    for nas in undelivered {
      send(.nonDelivery(of: nas, mme: mme, eNB: ue.identifier, cause: cause), on: ue.stream)
    }
  }

  mutating func takeTunnelEndpoint() -> UInt32 {
    defer { nextTunnelEndpoint = nextTunnelEndpoint == .max ? 1 : nextTunnelEndpoint + 1 }
    return nextTunnelEndpoint
  }
}

extension ENodeBConfiguration {
  /// The first wanted pair that the UE has; EEA0 every UE has. nil when no wanted integrity algorithm is the UE's.
  func algorithms(for capabilities: UESecurityCapabilities) -> AccessStratumAlgorithms? {
    let integrity = integrityPriority.first { $0 == .eia0 ? capabilities.integrity == 0 : capabilities.integrity.has($0.rawValue) }
    let ciphering = cipheringPriority.first { $0 == .eea0 || capabilities.encryption.has($0.rawValue) } ?? .eea0
    return integrity.map { AccessStratumAlgorithms(ciphering: ciphering, integrity: $0) }
  }
}

extension UInt16 {
  /// Bit of algorithm `number` (1 …) in the maps of UE Security Capabilities: the first bit is algorithm 1 (TS 36.413 §9.2.1.40).
  fileprivate func has(_ number: UInt8) -> Bool { self & (0x8000 >> (UInt16(number) - 1)) != 0 }
}
