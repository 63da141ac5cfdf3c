import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// A SECURITY MODE COMMAND that waits until the eNB has answered about a new KeNB (TS 33.401 §7.2.10).
struct WaitingSecurityMode: Sendable {
  var algorithms: NASAlgorithms?
  var choice: SecurityModeBasis
  var refreshingKeNB: Bool
  var askingRadioCapabilityID: Bool
  var purpose: SecurityModeControl.Purpose
}

/// An INITIAL CONTEXT SETUP that waits until SECURITY MODE COMMAND is answered (TS 33.401 §7.2.10).
struct WaitingContextSetup: Sendable {
  var nas: [UInt8]?
}

/// KeNB on its way to the eNB: UE CONTEXT MODIFICATION with a new key (TS 36.413 §8.3.4), and what may not run beside it (TS 33.401
/// §7.2.10).
extension MME {
  /// `no-as-rekey-during-smc`.
  func mayChangeKey(_ connection: S1Connection) -> Bool {
    connection.securityMode == nil || configuration.defects.contains(.asRekeyDuringSMC)
  }

  /// `no-smc-during-as-rekey`.
  func maySendSecurityMode(_ connection: S1Connection) -> Bool {
    switch connection.contextSetup {
    case .none, .done: true
    case .requested, .changingKey: configuration.defects.contains(.smcDuringASRekey)
    }
  }

  /// An SMC asks for a new KeNB: it goes out now if AS security is active, as soon as the eNB has answered about another key or a
  /// handover is over if one of them runs, and with the next INITIAL CONTEXT SETUP anyway if there is no AS context.
  mutating func oweKeyChange(on id: UInt32, using engine: inout CryptoEngine) {
    guard !configuration.defects.contains(.noASRekey), let setup = connections[id]?.contextSetup, setup != .none else { return }
    connections[id]?.owesKeyChange = true
    payOwedKeyChange(on: id, using: &engine)
  }

  mutating func payOwedKeyChange(on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id], connection.owesKeyChange, connection.contextSetup == .done, connection.handover == nil,
      connection.relocation == nil, mayChangeKey(connection)
    else { return }
    // Another MME had the SECURITY MODE COMPLETE whose COUNT would be it, or an SMC was aborted that the UE may have answered: one of our
    // own gives a COUNT that both sides know.
    guard connection.keNBTrigger != nil else {
      guard connection.isFree else { return }
      return startSecurityMode(on: id, of: .current, refreshingKeNB: true, for: .command, using: &engine)
    }
    connections[id]?.owesKeyChange = false
    changeAccessStratumKey(on: id, using: &engine)
  }

  /// An SMC took a new KASME into use while AS security is active: the eNB gets a KeNB of it (TS 33.401 §7.2.9.2).
  private mutating func changeAccessStratumKey(on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id], !connection.isReleasing, let index = connection.subject.verified,
      let keNB = deriveKeNB(for: connection, index, using: &engine)
    else { return }
    connections[id]?.contextSetup = .changingKey
    send(.contextModificationRequest(mme: id, eNB: connection.eNB, keNB: keNB), to: connection)
    if configuration.defects.contains(.asChainAtKeyRequest) { takePendingChain(on: id) }
    start(.s1Guard, on: id)
  }

  /// KeNB from the COUNT of the message that triggered it, and the chain that it begins at the eNB's answer.
  mutating func deriveKeNB(for connection: S1Connection, _ index: Int, using engine: inout CryptoEngine) -> KeyMaterial? {
    guard let current = ues[index].security.current, var count = connection.keNBTrigger else { return nil }
    var kasme = current.kasme
    var keySetIdentifier = current.keySetIdentifier
    if configuration.defects.contains(.keNBNewestCount) { count = current.counts.largestAccepted ?? count }
    if configuration.defects.contains(.keNBCountZero) { count = .zero }
    if configuration.defects.contains(.keNBOldKASME), let chain = connection.chain {
      kasme = chain.kasme
      keySetIdentifier = chain.keySetIdentifier
    }
    let keNB = engine.deriveKeNB(kasme: kasme, uplinkNASCount: count.value)
    connections[connection.identifier]?.pendingChain = AccessStratumChain(
      kasme: kasme, keySetIdentifier: keySetIdentifier, keNB: keNB, using: &engine)
    sink.append(.keNB(imsi: name(of: index), keNB, uplinkCount: count))
    return keNB
  }

  /// The eNB uses the KeNB that was sent: the chain begins anew with it.
  mutating func takePendingChain(on id: UInt32) {
    guard let pending = connections[id]?.pendingChain else { return }
    connections[id]?.chain = pending
    connections[id]?.pendingChain = nil
    connections[id]?.hasSentPair = false
  }

  mutating func keyChangeAnswered(_ pdu: S1APPDU, succeeded: Bool, on id: UInt32, using engine: inout CryptoEngine) {
    guard !crossesRelease(pdu, on: id) else { return }
    guard connections[id]?.contextSetup == .changingKey else { return unexpected(pdu, connection: id) }
    stop(.s1Guard, on: id)
    connections[id]?.contextSetup = .done
    if succeeded {
      takePendingChain(on: id)
      reportProcedure("KeNB changed", on: id)
      return keyChangeEnded(on: id, using: &engine)
    }
    connections[id]?.pendingChain = nil
    let cause = pdu.cause ?? .unspecifiedRadioNetwork
    reportProcedure("UE CONTEXT MODIFICATION failed: \(cause)", on: id)
    guard cause == .interactionWithOtherProcedure else {
      // AS stays on the old KASME; a release heals that, the next service request brings a KeNB of the new one.
      return release(id, cause: cause)
    }
    // The eNB is busy with a handover, perhaps one that the MME hears of later: the change is owed until that is over.
    connections[id]?.owesKeyChange = !configuration.defects.contains(.refusedKeyForgotten)
    if connections[id]?.handover == nil, connections[id]?.owesKeyChange == true { start(.s1Guard, on: id) }
    continueRelocation(on: id, using: &engine)
    resumeSecurityMode(on: id, using: &engine)
    runQueue(on: id, using: &engine)
  }

  /// The eNB answered about a KeNB: what waited for that goes on.
  mutating func keyChangeEnded(on id: UInt32, using engine: inout CryptoEngine) {
    continueRelocation(on: id, using: &engine)
    resumeSecurityMode(on: id, using: &engine)
    payOwedKeyChange(on: id, using: &engine)
    runQueue(on: id, using: &engine)
  }

  private mutating func resumeSecurityMode(on id: UInt32, using engine: inout CryptoEngine) {
    guard let waiting = connections[id]?.waitingSecurityMode, connections[id]?.isSilent == false else { return }
    connections[id]?.waitingSecurityMode = nil
    startSecurityMode(
      on: id, algorithms: waiting.algorithms, of: waiting.choice, refreshingKeNB: waiting.refreshingKeNB,
      askingRadioCapabilityID: waiting.askingRadioCapabilityID, for: waiting.purpose, using: &engine)
  }

  /// An SMC has ended, one way or another: a KeNB that waited for it goes out.
  mutating func securityModeEnded(on id: UInt32, using engine: inout CryptoEngine) {
    if let waiting = connections[id]?.waitingContextSetup, let index = connections[id]?.subject.verified {
      connections[id]?.waitingContextSetup = nil
      setUpContext(on: id, index, nas: waiting.nas, using: &engine)
    }
    continueRelocation(on: id, using: &engine)
    payOwedKeyChange(on: id, using: &engine)
  }
}
