import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// An EPS bearer context procedure of the network that awaits the UE's answer (TS 24.301 §6.4): one at a time per bearer, several
/// bearers side by side.
struct BearerProcedure: Sendable {
  enum Kind: Sendable, Equatable {
    /// ACTIVATE DEFAULT EPS BEARER CONTEXT REQUEST of a further PDN connection, T3485.
    case activateDefault
    /// ACTIVATE DEDICATED EPS BEARER CONTEXT REQUEST, T3485.
    case activateDedicated
    /// MODIFY EPS BEARER CONTEXT REQUEST, T3486; the quality to take over when it is accepted.
    case modify(qci: UInt8?)
    /// DEACTIVATE EPS BEARER CONTEXT REQUEST, T3495.
    case deactivate

    var timer: MMETimer.Kind {
      switch self {
      case .activateDefault, .activateDedicated: .t3485
      case .modify: .t3486
      case .deactivate: .t3495
      }
    }

    var name: String {
      switch self {
      case .activateDefault: "default EPS bearer context activation"
      case .activateDedicated: "dedicated EPS bearer context activation"
      case .modify: "EPS bearer context modification"
      case .deactivate: "EPS bearer context deactivation"
      }
    }
  }

  let kind: Kind
  /// The bearer as it is, or as it will be when it is accepted.
  let bearer: Bearer
  let request: NASMessage
  var transmissions = 1
}

extension S1Connection {
  func bearerProcedure(_ identity: UInt8) -> BearerProcedure? { bearerProcedures.first { $0.bearer.identity == identity } }
}

extension MME {
  /// Starts a procedure; another one of the same bearer gives way to it.
  mutating func start(_ procedure: BearerProcedure, on id: UInt32, using engine: inout CryptoEngine) {
    guard let index = connections[id]?.subject.verified else { return }
    endBearerProcedure(procedure.bearer.identity, on: id)
    connections[id]?.bearerProcedures.append(procedure)
    guard let nas = protect(procedure.request, on: id, using: &engine) else { return }
    start(procedure.kind.timer, on: id, instance: procedure.bearer.identity)
    carry(nas, of: procedure, index, on: id)
  }

  /// A NAS message that changes E-RABs goes with the S1AP message that does the same at the eNB (TS 36.413 §8.2), where the eNB has
  /// the UE's context; the others go by themselves.
  private mutating func carry(_ nas: [UInt8], of procedure: BearerProcedure, _ index: Int, on id: UInt32) {
    guard let connection = connections[id], connection.contextSetup == .done else { return transport(nas, on: id) }
    let bearer = procedure.bearer
    switch procedure.kind {
    case .activateDefault, .activateDedicated:
      let item = ERABToBeSetupItem(
        eRABID: bearer.identity, qos: ERABLevelQoSParameters(qci: bearer.qci), transportLayerAddress: configuration.userPlaneAddress,
        gtpTEID: bearer.tunnelEndpoint, nasPDU: nas)
      send(.bearerSetupRequest(mme: id, eNB: connection.eNB, bearer: item), to: connection)
    case .modify(let qci):
      guard let qci else { return transport(nas, on: id) }
      send(
        .bearerModifyRequest(
          mme: id, eNB: connection.eNB, bearer: bearer.identity, qos: ERABLevelQoSParameters(qci: qci), nas: nas), to: connection)
    case .deactivate:
      let gone = ues[index].bearers.filter { $0.identity == bearer.identity || $0.linkedIdentity == bearer.identity }.map(\.identity)
      send(.bearerReleaseCommand(mme: id, eNB: connection.eNB, bearers: gone, nas: nas), to: connection)
    }
  }

  /// Forgets a procedure and its timer.
  mutating func endBearerProcedure(_ identity: UInt8, on id: UInt32) {
    guard let procedure = connections[id]?.bearerProcedure(identity) else { return }
    stop(procedure.kind.timer, on: id, instance: identity)
    connections[id]?.bearerProcedures.removeAll { $0.bearer.identity == identity }
  }

  /// Dedicated bearers on their way to a PDN connection that ends do not come (§6.4.2.6 b).
  mutating func endActivations(besides linked: UInt8, on id: UInt32) {
    guard let procedures = connections[id]?.bearerProcedures else { return }
    for procedure in procedures
    where procedure.kind.isActivation && procedure.bearer.linkedIdentity == linked && procedure.bearer.identity != linked {
      endBearerProcedure(procedure.bearer.identity, on: id)
      releaseAtENB(procedure.bearer.identity, on: id)
      reportProcedure("\(procedure.kind.name) of bearer \(procedure.bearer.identity) ended: its PDN connection ends", on: id)
    }
  }

  // MARK: Answers

  /// ACCEPT or REJECT of the UE.
  mutating func bearerAnswer(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    let identity = message.epsBearerIdentity
    guard let index = connections[id]?.subject.verified, let procedure = connections[id]?.bearerProcedure(identity),
      let isAccepted = procedure.kind.judges(message.type)
    else {
      return drop(.notCompatibleWithState("\(message.type.name) for bearer \(identity), which nothing was asked of"), on: id)
    }
    endBearerProcedure(identity, on: id)
    let name = "\(procedure.kind.name) of bearer \(identity)"
    guard isAccepted else {
      let cause = message.refusalCause.map { ": \($0)" } ?? ""
      // The eNB may have set up what the UE refuses.
      if procedure.kind.isActivation { releaseAtENB(identity, on: id) }
      reportProcedure("\(name) rejected by the UE\(cause)", on: id)
      if case .modify = procedure.kind, message.refusalCause == .invalidEPSBearerIdentity {
        // The UE does not have it: here it ends without a message (§6.4.3.4).
        for bearer in ues[index].bearers where bearer.identity == identity || bearer.linkedIdentity == identity {
          releaseAtENB(bearer.identity, on: id)
        }
        ues[index].removeBearer(identity)
      }
      return runQueue(on: id, using: &engine)
    }
    switch procedure.kind {
    case .activateDefault, .activateDedicated: ues[index].bearers.append(procedure.bearer)
    case .modify(let qci):
      if let qci, let place = ues[index].bearers.firstIndex(where: { $0.identity == identity }) { ues[index].bearers[place].qci = qci }
    case .deactivate: ues[index].removeBearer(identity)
    }
    reportProcedure("\(name) completed", on: id)
    runQueue(on: id, using: &engine)
  }

  private mutating func releaseAtENB(_ identity: UInt8, on id: UInt32) {
    guard let connection = connections[id], connection.contextSetup == .done else { return }
    send(.bearerReleaseCommand(mme: id, eNB: connection.eNB, bearers: [identity], nas: nil), to: connection)
  }

  /// T3485, T3486, T3495: sent again four times, the fifth expiry ends it (§6.4.1.6 a, §6.4.3.5 a, §6.4.4.5 a).
  mutating func bearerProcedureExpired(_ timer: MMETimer, on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id], let index = connection.subject.verified,
      let place = connection.bearerProcedures.firstIndex(where: { $0.bearer.identity == timer.instance && $0.kind.timer == timer.kind })
    else { return }
    let procedure = connection.bearerProcedures[place]
    guard procedure.transmissions <= configuration.timers.retransmissions else {
      connections[id]?.bearerProcedures.remove(at: place)
      // A deactivation counts as done without the UE; whatever was to come does not come.
      if procedure.kind == .deactivate { ues[index].removeBearer(procedure.bearer.identity) }
      if procedure.kind.isActivation { releaseAtENB(procedure.bearer.identity, on: id) }
      reportProcedure(
        "\(procedure.kind.name) of bearer \(procedure.bearer.identity): \(procedure.request.type.name) was not answered", on: id)
      return runQueue(on: id, using: &engine)
    }
    connections[id]?.bearerProcedures[place].transmissions += 1
    send(procedure.request, on: id, using: &engine)
    start(timer.kind, on: id, instance: timer.instance)
  }

  // MARK: S1AP answers

  /// E-RAB SETUP, MODIFY and RELEASE RESPONSE: what the eNB could not do is said, what it did is waited for from the UE.
  mutating func bearersAnswered(_ pdu: S1APPDU, on id: UInt32, using engine: inout CryptoEngine) {
    for list in [ProtocolIEID.eRABFailedToSetupListBearerSURes, .eRABFailedToModifyList, .eRABFailedToReleaseList] {
      guard let failed = pdu[list] else { continue }
      for entry in failed.elements {
        guard let item = try? ERABItem(entry.value) else { continue }
        reportProcedure("the eNB failed for E-RAB \(item.eRABID): \(item.cause)", on: id)
        // The NAS message was not delivered either (TS 36.413 §8.2.1.2): its timer sends it again, or ends the procedure.
      }
    }
    runQueue(on: id, using: &engine)
  }
}

extension BearerProcedure.Kind {
  var isActivation: Bool { self == .activateDefault || self == .activateDedicated }

  /// Whether a message accepts or rejects this; nil where it answers something else.
  fileprivate func judges(_ type: NASMessageType) -> Bool? {
    switch (self, type) {
    case (.activateDefault, .activateDefaultEPSBearerContextAccept): true
    case (.activateDefault, .activateDefaultEPSBearerContextReject): false
    case (.activateDedicated, .activateDedicatedEPSBearerContextAccept): true
    case (.activateDedicated, .activateDedicatedEPSBearerContextReject): false
    case (.modify, .modifyEPSBearerContextAccept): true
    case (.modify, .modifyEPSBearerContextReject): false
    case (.deactivate, .deactivateEPSBearerContextAccept): true
    default: nil
    }
  }
}

extension NASMessage {
  /// ESM cause of a reject that answers the network.
  fileprivate var refusalCause: ESMCause? {
    switch type {
    case .activateDefaultEPSBearerContextReject: try? self[ActivateDefaultEPSBearerContextReject.esmCause]
    case .activateDedicatedEPSBearerContextReject: try? self[ActivateDedicatedEPSBearerContextReject.esmCause]
    case .modifyEPSBearerContextReject: try? self[ModifyEPSBearerContextReject.esmCause]
    default: nil
    }
  }
}

extension MME {
  /// E-RAB RELEASE INDICATION (TS 36.413 §8.2.3.3): the eNB could not keep bearers. The UE's RRC ended them too, so nothing is said to
  /// NAS (TS 24.301 §6.4.4.6).
  mutating func bearersReleasedByENB(_ pdu: S1APPDU, on id: UInt32) {
    guard let index = connections[id]?.subject.verified, let released = pdu[.eRABReleasedList] else { return }
    for entry in released.elements {
      guard let item = try? ERABItem(entry.value), ues[index].bearer(item.eRABID)?.isDefault == false else { continue }
      ues[index].removeBearer(item.eRABID)
      reportProcedure("the eNB released E-RAB \(item.eRABID): \(item.cause)", on: id)
    }
  }
}
