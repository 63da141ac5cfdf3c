import NASCrypto
import NASMessages
import NASSecurity

/// EPS bearer context procedures that the network starts (TS 24.301 §6.4.2 - §6.4.4), on command or as the answer to a request.
extension MME {
  /// - Parameter transaction: PTI of the UE's request that this answers, 0 where there was none.
  mutating func activateDedicatedBearer(
    of index: Int, linkedTo linked: UInt8?, qos: EPSQoS, tft: TrafficFlowTemplate?, transaction: UInt8 = 0, on id: UInt32,
    using engine: inout CryptoEngine
  ) {
    guard let linked = linked ?? ues[index].bearer?.identity, ues[index].bearer(linked)?.isDefault == true else {
      return reportProcedure("no default EPS bearer to link a dedicated one to", on: id)
    }
    guard let identity = freeIdentity(of: index, on: id) else {
      return reportProcedure("dedicated EPS bearer context not activated: all eleven identities are taken", on: id)
    }
    let bearer = Bearer(
      identity: identity, kind: .dedicated(linked: linked), qci: qos.qci, tunnelEndpoint: tunnelEndpoint(for: index, identity))
    var request = NASMessage(
      .activateDedicatedEPSBearerContextRequest, procedureTransactionIdentity: transaction, epsBearerIdentity: identity)
    request.set(ActivateDedicatedEPSBearerContextRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: linked))
    request.set(ActivateDedicatedEPSBearerContextRequest.epsQoS, qos)
    request.set(ActivateDedicatedEPSBearerContextRequest.tft, tft ?? .towardsPort(5060 + UInt16(identity), precedence: identity))
    start(BearerProcedure(kind: .activateDedicated, bearer: bearer, request: request), on: id, using: &engine)
  }

  mutating func modifyBearer(
    _ identity: UInt8, of index: Int, qos: EPSQoS?, tft: TrafficFlowTemplate?, transaction: UInt8 = 0, on id: UInt32,
    using engine: inout CryptoEngine
  ) {
    guard let bearer = ues[index].bearer(identity) else {
      return reportProcedure("EPS bearer context not modified: there is no bearer \(identity)", on: id)
    }
    var request = NASMessage(
      .modifyEPSBearerContextRequest, procedureTransactionIdentity: transaction, epsBearerIdentity: identity)
    request.set(ModifyEPSBearerContextRequest.newEPSQoS, qos)
    request.set(ModifyEPSBearerContextRequest.tft, tft)
    start(BearerProcedure(kind: .modify(qci: qos?.qci), bearer: bearer, request: request), on: id, using: &engine)
  }

  /// Of a default bearer: the whole PDN connection. The last one can go only with the UE itself (§6.4.4.2).
  mutating func deactivateBearer(
    _ identity: UInt8, of index: Int, cause: ESMCause, transaction: UInt8 = 0, on id: UInt32, using engine: inout CryptoEngine
  ) {
    guard let bearer = ues[index].bearer(identity) else {
      return reportProcedure("EPS bearer context not deactivated: there is no bearer \(identity)", on: id)
    }
    var request = NASMessage(
      .deactivateEPSBearerContextRequest, procedureTransactionIdentity: transaction, epsBearerIdentity: identity)
    request.set(DeactivateEPSBearerContextRequest.esmCause, cause)
    if bearer.isDefault { endActivations(besides: identity, on: id) }
    start(BearerProcedure(kind: .deactivate, bearer: bearer, request: request), on: id, using: &engine)
  }

  /// An identity that neither a bearer nor an activation on its way has.
  func freeIdentity(of index: Int, on id: UInt32) -> UInt8? {
    let pending = connections[id]?.bearerProcedures.map(\.bearer.identity) ?? []
    return ues[index].freeBearerIdentity(besides: Set(pending))
  }
}

extension TrafficFlowTemplate {
  /// Both directions of UDP towards one remote port.
  ///
  /// - Parameter precedence: no two filters of a PDN connection may have the same (§6.4.2.4 d 2).
  static func towardsPort(_ port: UInt16, precedence: UInt8) -> TrafficFlowTemplate {
    TrafficFlowTemplate(
      .createNew,
      packetFilters: [
        PacketFilter(
          identifier: 0, direction: .bidirectional, precedence: precedence, components: [.protocolIdentifier(17), .remotePort(port)])
      ])
  }
}
