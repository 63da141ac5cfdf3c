import NASCrypto
import S1AP

/// E-RAB SETUP, MODIFY and RELEASE (TS 36.413 §8.2): the bearers of a UE that has its context, and the NAS messages that come with
/// them. A NAS message of a bearer that failed is not delivered (§8.2.1.2).
extension ENodeB {
  mutating func setUpBearers(_ pdu: S1APPDU, ue: ConnectedUE) {
    guard let requested = pdu.bearersToSetUp(.eRABToBeSetupListBearerSUReq), !requested.isEmpty else { return missing(pdu, ue: ue) }
    guard var context = secured(ue, pdu), let mme = ue.mmeIdentifier else { return }
    var done: [AccessStratumContext.Bearer] = []
    var failed: [ERABItem] = []
    var waiting: [[UInt8]] = []
    let repeated = requested.map(\.identifier).repeatedIdentifiers
    for request in requested {
      // One entry for an id that comes several times.
      if failed.contains(where: { $0.eRABID == request.identifier }) { continue }
      if let cause = refusal(ue) {
        failed.append(ERABItem(eRABID: request.identifier, cause: cause))
      } else if repeated.contains(request.identifier) || context.bearers.contains(where: { $0.identifier == request.identifier }) {
        // §8.2.1.4: the id is in use already, or comes twice.
        failed.append(ERABItem(eRABID: request.identifier, cause: .multipleERABInstances))
      } else {
        let bearer = AccessStratumContext.Bearer(identifier: request.identifier, tunnelEndpoint: takeTunnelEndpoint())
        context.bearers.append(bearer)
        done.append(bearer)
        if let nas = request.nas { waiting.append(nas) }
      }
    }
    ues[ue.identifier]?.context = .secured(context)
    for nas in waiting { deliver(nas, to: ue.identifier) }
    send(
      .bearerSetupResponse(mme: mme, eNB: ue.identifier, bearers: done, address: configuration.userPlaneAddress, failed: failed),
      on: ue.stream)
  }

  mutating func modifyBearers(_ pdu: S1APPDU, ue: ConnectedUE) {
    guard let list = pdu[.eRABToBeModifiedListBearerModReq], !list.elements.isEmpty else { return missing(pdu, ue: ue) }
    guard let context = secured(ue, pdu), let mme = ue.mmeIdentifier else { return }
    var done: [UInt8] = []
    var failed: [ERABItem] = []
    func identifier(_ entry: S1APNode) -> UInt8? { entry.value["e-RAB-ID"]?.unsigned.flatMap { UInt8(exactly: $0) } }
    let repeated = list.elements.compactMap(identifier).repeatedIdentifiers
    for entry in list.elements {
      guard let identifier = identifier(entry), !failed.contains(where: { $0.eRABID == identifier }) else { continue }
      if let cause = refusal(ue) {
        failed.append(ERABItem(eRABID: identifier, cause: cause))
      } else if !context.bearers.contains(where: { $0.identifier == identifier }) {
        failed.append(ERABItem(eRABID: identifier, cause: .unknownERAB))
      } else if repeated.contains(identifier) {
        // §8.2.2.4
        failed.append(ERABItem(eRABID: identifier, cause: .multipleERABInstances))
      } else {
        done.append(identifier)
        if let nas = entry.value["nAS-PDU"]?.octets { deliver(Array(nas), to: ue.identifier) }
      }
    }
    send(.bearerModifyResponse(mme: mme, eNB: ue.identifier, done: done, failed: failed), on: ue.stream)
  }

  mutating func releaseBearers(_ pdu: S1APPDU, ue: ConnectedUE) {
    guard let list = pdu[.eRABToBeReleasedList], !list.elements.isEmpty else { return missing(pdu, ue: ue) }
    guard var context = secured(ue, pdu), let mme = ue.mmeIdentifier else { return }
    var done: [UInt8] = []
    var failed: [ERABItem] = []
    for entry in list.elements {
      guard let item = try? ERABItem(entry.value) else { continue }
      if context.bearers.contains(where: { $0.identifier == item.eRABID }) {
        context.bearers.removeAll { $0.identifier == item.eRABID }
        done.append(item.eRABID)
      } else if !done.contains(item.eRABID), !failed.contains(where: { $0.eRABID == item.eRABID }) {
        // §8.2.3.4: what comes twice is released once, and the repetition ignored.
        failed.append(ERABItem(eRABID: item.eRABID, cause: .unknownERAB))
      }
    }
    ues[ue.identifier]?.context = .secured(context)
    send(.bearerReleaseResponse(mme: mme, eNB: ue.identifier, done: done, failed: failed), on: ue.stream)
    // §8.2.3.2: the NAS message goes to the UE whatever became of the bearers.
    if let nas = pdu.octets(.nasPDU) { deliver(nas, to: ue.identifier) }
  }

  /// Bearers are those of a UE that has its context; for others the message does not fit (§10.4).
  private mutating func secured(_ ue: ConnectedUE, _ pdu: S1APPDU) -> AccessStratumContext? {
    guard case .secured(let context) = ue.context else {
      unexpected(pdu, ue: ue)
      return nil
    }
    return context
  }

  private func refusal(_ ue: ConnectedUE) -> Cause? { ue.radioUnavailable ? .radioConnectionWithUELost : nil }
}

extension OutgoingMessage {
  fileprivate static func bearerSetupResponse(
    mme: UInt32, eNB: UInt32, bearers: [AccessStratumContext.Bearer], address: [UInt8], failed: [ERABItem]
  ) -> OutgoingMessage {
    var message = OutgoingMessage(.eRABSetupResponse, mme: mme, eNB: eNB)
    let items = bearers.map { ERABSetupItem(eRABID: $0.identifier, transportLayerAddress: address, gtpTEID: $0.tunnelEndpoint) }
    if !items.isEmpty { message.builder.add(.eRABSetupListBearerSURes, items) }
    if !failed.isEmpty { message.builder.add(.eRABFailedToSetupListBearerSURes, failed) }
    return message
  }

  fileprivate static func bearerModifyResponse(mme: UInt32, eNB: UInt32, done: [UInt8], failed: [ERABItem]) -> OutgoingMessage {
    var message = OutgoingMessage(.eRABModifyResponse, mme: mme, eNB: eNB)
    message.addIdentities(done, .eRABModifyListBearerModRes)
    if !failed.isEmpty { message.builder.add(.eRABFailedToModifyList, failed) }
    return message
  }

  fileprivate static func bearerReleaseResponse(mme: UInt32, eNB: UInt32, done: [UInt8], failed: [ERABItem]) -> OutgoingMessage {
    var message = OutgoingMessage(.eRABReleaseResponse, mme: mme, eNB: eNB)
    message.addIdentities(done, .eRABReleaseListBearerRelComp)
    if !failed.isEmpty { message.builder.add(.eRABFailedToReleaseList, failed) }
    return message
  }

  private mutating func addIdentities(_ identities: [UInt8], _ id: ProtocolIEID) {
    guard !identities.isEmpty else { return }
    builder.add(id) {
      $0.list(identities) { writer, identity in
        writer.sequence { $0.component("e-RAB-ID") { $0.number(UInt64(identity)) } }
      }
    }
  }
}

/// IEs of the E-RAB procedures (TS 36.413 §9.3.7).
extension ProtocolIEID {
  static let eRABFailedToSetupListBearerSURes = ProtocolIEID(29)
  static let eRABToBeModifiedListBearerModReq = ProtocolIEID(30)
  static let eRABModifyListBearerModRes = ProtocolIEID(31)
  static let eRABFailedToModifyList = ProtocolIEID(32)
  static let eRABFailedToReleaseList = ProtocolIEID(34)
}

extension Cause {
  fileprivate static let unknownERAB = Cause(.radioNetwork, "unknown-E-RAB-ID") ?? .unspecifiedRadioNetwork
}
