import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// The UE context at the eNB: INITIAL CONTEXT SETUP (TS 36.413 §8.3.1).
extension MME {
  /// KeNB from the COUNT of the message that triggered this, not from the newest one (TS 33.401 §7.2.6.2, Annex A.3).
  mutating func setUpContext(on id: UInt32, _ index: Int, nas: [UInt8]?, using engine: inout CryptoEngine) {
    guard let connection = connections[id], !connection.isReleasing else { return }
    guard connection.contextSetup == .none else {
      // The eNB has its context (an attach repeated on one connection): NAS alone is to be delivered.
      if let nas { transport(nas, on: id) }
      return
    }
    guard mayChangeKey(connection) else {
      connections[id]?.waitingContextSetup = WaitingContextSetup(nas: nas)
      return
    }
    guard !ues[index].bearers.isEmpty, let capability = ues[index].networkCapability,
      let keNB = deriveKeNB(for: connection, index, using: &engine)
    else { return }
    let items = ues[index].bearers.enumerated().map { place, bearer in
      ERABToBeSetupItem(
        eRABID: bearer.identity, qos: ERABLevelQoSParameters(qci: bearer.qci),
        transportLayerAddress: configuration.userPlaneAddress, gtpTEID: bearer.tunnelEndpoint, nasPDU: place == 0 ? nas : nil)
    }
    connections[id]?.contextSetup = .requested
    let addressee = connection.displaced.flatMap { connections[$0] } ?? connection
    send(
      .contextSetupRequest(
        mme: addressee.identifier, eNB: addressee.eNB,
        bitRate: UEAggregateMaximumBitrate(downlink: configuration.maximumBitRateDownlink, uplink: configuration.maximumBitRateUplink),
        bearers: items, capabilities: told(capability), keNB: keNB), to: addressee)
    start(.s1Guard, on: id)
  }

  mutating func contextSetupSucceeded(_ pdu: S1APPDU, on id: UInt32, using engine: inout CryptoEngine) {
    guard !crossesRelease(pdu, on: id) else { return }
    guard let connection = connections[id], connection.contextSetup == .requested else { return unexpected(pdu, connection: id) }
    stop(.s1Guard, on: id)
    connections[id]?.contextSetup = .done
    takePendingChain(on: id)
    if case .serviceRequest = connection.specific {
      connections[id]?.specific = nil
      reportProcedure("service request completed", on: id)
    }
    keyChangeEnded(on: id, using: &engine)
  }

  mutating func contextSetupFailed(_ pdu: S1APPDU, on id: UInt32) {
    guard !crossesRelease(pdu, on: id) else { return }
    guard connections[id]?.contextSetup == .requested else { return unexpected(pdu, connection: id) }
    stop(.s1Guard, on: id)
    connections[id]?.contextSetup = .none
    let cause = pdu.cause ?? .unspecifiedRadioNetwork
    reportProcedure("INITIAL CONTEXT SETUP failed: \(cause)", on: id)
    release(id, cause: cause)
  }

  /// An answer that was on its way when UE CONTEXT RELEASE COMMAND went out: it means nothing any more, and what is still owed is UE
  /// CONTEXT RELEASE COMPLETE, whose guard timer goes on.
  mutating func crossesRelease(_ pdu: S1APPDU, on id: UInt32) -> Bool {
    guard let connection = connections[id], connection.isReleasing else { return false }
    discard(
      "\(pdu.message.title) crossed UE CONTEXT RELEASE COMMAND", "TS 36.413 §8.3.3.2", association: connection.association,
      ue: connection.subject.index)
    return true
  }

  /// Our guard timer: the eNB owes an answer and is silent.
  mutating func s1AnswerMissing(_ connection: S1Connection, using engine: inout CryptoEngine) {
    let id = connection.identifier
    if connection.isReleasing { return remove(id) }
    switch connection.contextSetup {
    case .requested, .changingKey:
      reportProcedure("the eNB did not answer about the UE context", on: id)
      release(id, cause: .unspecifiedRadioNetwork)
    case .none, .done: settleAfterRelocation(id, using: &engine)
    }
  }
}

extension UESecurityCapabilities {
  /// S1AP's maps begin with algorithm 1: NAS's octets without the bit of algorithm 0 (TS 36.413 §9.2.1.40).
  init(_ capability: UENetworkCapability) {
    self.init(encryption: UInt16(capability.eea & 0x7F) << 9, integrity: UInt16(capability.eia & 0x7F) << 9)
  }
}
