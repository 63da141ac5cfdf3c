import NASCrypto
import S1AP

/// Sorts what the MME sends. Whatever it is, the answer is an output: never a trap.
extension ENodeB {
  mutating func received(_ octets: [UInt8], stream: UInt16, using engine: inout CryptoEngine) {
    let pdu: S1APPDU
    do {
      pdu = try S1APPDU(decoding: octets)
    } catch {
      return undecodable(error, octets)
    }
    guard !refusesIdentifier(ofFirst: pdu), isExecuted(pdu) else { return }
    defer { payDiagnostics(pdu) }
    switch pdu.message {
    case .s1SetupResponse: setupResponse(pdu)
    case .s1SetupFailure: setupFailure(pdu)
    case .errorIndication: errorIndication(pdu)
    case .reset: resetRequested(pdu)
    case .resetAcknowledge: resetAcknowledged(pdu)
    case .paging: paging(pdu)
    case .downlinkNASTransport: addressed(pdu) { $0.downlinkNAS(pdu, ue: $1) }
    case .initialContextSetupRequest:
      if let ue = resolve(pdu) { setUpContext(pdu, ue: ue, using: &engine) }
    case .ueContextModificationRequest:
      if let ue = resolve(pdu) { modifyContext(pdu, ue: ue, using: &engine) }
    case .handoverCommand:
      if let ue = resolve(pdu) { handoverCommanded(pdu, ue: ue, using: &engine) }
    case .handoverPreparationFailure: addressed(pdu) { $0.preparationFailed(pdu, ue: $1) }
    case .handoverCancelAcknowledge: addressed(pdu) { $0.cancelAcknowledged(pdu, ue: $1) }
    case .handoverRequest: handoverRequested(pdu, stream: stream, using: &engine)
    case .mmeStatusTransfer:
      // PDCP counts of a user plane that is not carried: nothing to set, and nothing to answer.
      _ = resolve(pdu)
    case .pathSwitchRequestAcknowledge: addressed(pdu) { $0.pathSwitched(pdu, ue: $1) }
    case .pathSwitchRequestFailure: addressed(pdu) { $0.pathSwitchRefused(pdu, ue: $1) }
    case .eRABSetupRequest: addressed(pdu) { $0.setUpBearers(pdu, ue: $1) }
    case .eRABModifyRequest: addressed(pdu) { $0.modifyBearers(pdu, ue: $1) }
    case .eRABReleaseCommand: addressed(pdu) { $0.releaseBearers(pdu, ue: $1) }
    case .ueContextReleaseCommand: releaseCommand(pdu)
    case .mmeConfigurationUpdate: send(.configurationUpdateAcknowledge, on: 0)
    case .overloadStart, .overloadStop:
      // The emulated eNB opens connections only when a scenario says so: nothing to shed.
      break
    default: uncomprehended(pdu)
    }
  }

  /// Runs `body` with the UE that the ids of a UE-associated message name, if they name one (TS 36.413 §10.6).
  private mutating func addressed(_ pdu: S1APPDU, _ body: (inout ENodeB, ConnectedUE) -> Void) {
    guard let ue = resolve(pdu) else { return }
    body(&self, ue)
  }

  /// DOWNLINK NAS TRANSPORT (TS 36.413 §8.6.2.1).
  private mutating func downlinkNAS(_ pdu: S1APPDU, ue: ConnectedUE) {
    guard let nas = pdu.octets(.nasPDU) else { return missing(pdu, ue: ue) }
    deliver(nas, to: ue.identifier)
  }

  /// PAGING (TS 36.413 §8.5): whoever camps here gets it, the driver knows who does.
  private mutating func paging(_ pdu: S1APPDU) {
    guard let identity = pdu.pagingIdentity else { return missing(pdu, ue: nil) }
    sink.append(.paging(identity))
  }

  mutating func send(_ message: OutgoingMessage, on stream: UInt16) {
    var message = message
    if let owed = owedDiagnostics, message.report(owed) { owedDiagnostics = nil }
    do {
      sink.append(.s1ap(try message.encoded(), stream: stream))
    } catch {
      discard("could not encode \(message.title): \(error)", "TS 36.413 §9.3")
    }
  }
}
