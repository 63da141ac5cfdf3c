import NASCrypto
import NASMessages
import NASSecurity

@testable import UserEquipment

/// The messages of the walk.
extension ProtectionWalkTests {
  enum Kind: Equatable {
    case attachAccept, attachReject, updateAnswer, serviceAccept, serviceReject, detachAccept, detach, imsiDetach, authentication, identity,
      gutiReallocation, information, status, callNotification, command, notImplemented, esm

    var endsControlPlaneService: Bool {
      switch self {
      case .serviceAccept, .serviceReject, .authentication, .identity, .gutiReallocation, .information, .command: false
      default: true
      }
    }
  }

  struct Row: Sendable {
    var message: NASMessage
    var kind: Kind
    /// The list of §4.4.4.2: processed without integrity protection before the secure exchange.
    var isListed: Bool
    var name: String

    init(_ message: NASMessage, _ kind: Kind, listed: Bool = false, _ note: String = "") {
      self.message = message
      self.kind = kind
      isListed = listed
      name = message.type.name + note
    }
  }

  static func rows(_ bench: Bench) -> [Row] {
    var command = NASMessage(.securityModeCommand)
    command.set(SecurityModeCommand.selectedNASSecurityAlgorithms, NASSecurityAlgorithms(ciphering: 2, integrity: 2))
    command.set(SecurityModeCommand.nasKeySetIdentifier, bench.network.current?.eKSI ?? NASKeySetIdentifier(.native, value: 0))
    command.set(SecurityModeCommand.replayedUESecurityCapabilities, bench.ue.configuration.replayableCapabilities)
    var notification = NASMessage(.csServiceNotification)
    notification.set(CSServiceNotification.pagingIdentity, PagingIdentity(rawValue: 0))
    var status = NASMessage(.esmStatus, procedureTransactionIdentity: 1)
    status.set(ESMStatus.esmCause, .protocolErrorUnspecified)
    var transaction: UInt8 = 1
    if case .registeredInitiated(let attempt) = bench.ue.machine { transaction = attempt.procedureTransactionIdentity }
    var rows = [
      Row(Bench.attachAccept(activation: Bench.activation(transaction: transaction)), .attachAccept),
      Row(Bench.attachReject(.networkFailure), .attachReject, listed: true),
      Row(Bench.attachReject(.notAuthorizedForThisCSG), .attachReject, " #25"), Row(Bench.updateAccept(), .updateAnswer),
      Row(Bench.updateReject(.networkFailure), .updateAnswer, listed: true),
      Row(Bench.updateReject(.notAuthorizedForThisCSG), .updateAnswer, " #25"), Row(NASMessage(.serviceAccept), .serviceAccept),
      Row(Bench.serviceReject(.networkFailure), .serviceReject, listed: true),
      Row(Bench.serviceReject(.notAuthorizedForThisCSG), .serviceReject, " #25"),
      Row(NASMessage(.detachAccept), .detachAccept, listed: true),
      Row(Bench.detachRequest(.reattachRequired), .detach, " (re-attach)"), Row(Bench.detachRequest(.reattachNotRequired), .detach),
      Row(Bench.detachRequest(.reattachNotRequired, cause: .imsiUnknownInHSS), .imsiDetach, " #2"),
      Row(Bench.detachRequest(.imsiDetachByNetwork), .imsiDetach, " (IMSI)"), Row(bench.challenge(eKSI: 2), .authentication, listed: true),
      Row(NASMessage(.authenticationReject), .authentication, listed: true),
      Row(Bench.identityRequest(.imsi), .identity, listed: true, " (IMSI)"),
      Row(Bench.gutiReallocationCommand(Bench.guti), .gutiReallocation),
      Row(Bench.emmInformation("net"), .information), Row(Bench.emmStatus(), .status), Row(notification, .callNotification),
      Row(command, .command), Row(NASMessage(.emm(0x7F)), .notImplemented, " (unknown)"),
      Row(NASMessage(.emm(0x4A)), .notImplemented, " (unknown)"),
      Row(Bench.activation(), .esm), Row(SessionTests.dedicated(), .esm), Row(SessionTests.modification(bearer: 5), .esm),
      Row(SessionTests.deactivation(bearer: 5), .esm), Row(Bench.esmInformationRequest(), .esm), Row(status, .esm),
    ]
    rows += sessionAnswers.map { Row($0, .esm) }
    for type in [IdentityType2.imei, .imeisv, .tmsi] { rows.append(Row(Bench.identityRequest(type), .identity, " (\(type))")) }
    return rows
  }

  /// Answers to transactions of ours, by the identities that ``transactionsUnderWay`` has, and what the network says by itself.
  private static var sessionAnswers: [NASMessage] {
    var connectivity = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: 2)
    connectivity.set(PDNConnectivityReject.esmCause, .requestRejectedUnspecified)
    var disconnection = NASMessage(.pdnDisconnectReject, procedureTransactionIdentity: 5)
    disconnection.set(PDNDisconnectReject.esmCause, .protocolErrorUnspecified)
    var allocation = NASMessage(.bearerResourceAllocationReject, procedureTransactionIdentity: 3)
    allocation.set(BearerResourceAllocationReject.esmCause, .requestRejectedUnspecified)
    var modification = NASMessage(.bearerResourceModificationReject, procedureTransactionIdentity: 4)
    modification.set(BearerResourceModificationReject.esmCause, .requestRejectedUnspecified)
    var notification = NASMessage(.notification, epsBearerIdentity: 5)
    notification.set(ESMNotification.notificationIndicator, NotificationIndicator(rawValue: 1))
    var data = NASMessage(.esmDataTransport, epsBearerIdentity: 5)
    data.set(ESMDataTransport.userDataContainer, UserDataContainer([1]))
    return [connectivity, disconnection, allocation, modification, notification, data]
  }
}
