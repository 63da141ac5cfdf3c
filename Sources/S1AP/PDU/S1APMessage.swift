/// One message: an elementary procedure and an arm of S1AP-PDU. Unknown procedures are kept.
public struct S1APMessage: Hashable, Sendable, CustomStringConvertible {
  /// Which elementary procedure.
  public let procedure: ProcedureCode
  /// Which arm of S1AP-PDU.
  public let kind: PDUKind

  /// Any pair; ``isKnown`` tells whether the tables have it.
  public init(procedure: ProcedureCode, kind: PDUKind) {
    self.procedure = procedure
    self.kind = kind
  }

  private init(_ procedure: UInt8, _ kind: PDUKind) {
    self.init(procedure: ProcedureCode(procedure), kind: kind)
  }

  /// The type name of TS 36.413 §9.3.3, `"InitialContextSetupRequest"`; `"procedure 99 initiatingMessage"` for an unknown one.
  public var name: String { Grammar.shared.message(self)?.name ?? "\(procedure) \(kind.name)" }

  /// The name of TS 36.413 §9.1, `"INITIAL CONTEXT SETUP REQUEST"`.
  public var title: String { Grammar.shared.message(self)?.title ?? name }

  /// The message of that type name, where the tables have it.
  public init?(named name: String) {
    guard let found = Grammar.shared.messages.first(where: { $0.name == name }) else { return nil }
    self = found.message
  }

  /// Every message that the tables describe.
  public static var known: [S1APMessage] { Grammar.shared.messages.map(\.message) }

  /// Whether the tables describe it.
  public var isKnown: Bool { Grammar.shared.message(self) != nil }

  public var description: String { name }
}

extension S1APMessage {
  public static let handoverRequired = S1APMessage(0, .initiatingMessage)
  public static let handoverCommand = S1APMessage(0, .successfulOutcome)
  public static let handoverPreparationFailure = S1APMessage(0, .unsuccessfulOutcome)
  public static let handoverRequest = S1APMessage(1, .initiatingMessage)
  public static let handoverRequestAcknowledge = S1APMessage(1, .successfulOutcome)
  public static let handoverFailure = S1APMessage(1, .unsuccessfulOutcome)
  public static let handoverNotify = S1APMessage(2, .initiatingMessage)
  public static let pathSwitchRequest = S1APMessage(3, .initiatingMessage)
  public static let pathSwitchRequestAcknowledge = S1APMessage(3, .successfulOutcome)
  public static let pathSwitchRequestFailure = S1APMessage(3, .unsuccessfulOutcome)
  public static let handoverCancel = S1APMessage(4, .initiatingMessage)
  public static let handoverCancelAcknowledge = S1APMessage(4, .successfulOutcome)
  public static let eRABSetupRequest = S1APMessage(5, .initiatingMessage)
  public static let eRABSetupResponse = S1APMessage(5, .successfulOutcome)
  public static let eRABModifyRequest = S1APMessage(6, .initiatingMessage)
  public static let eRABModifyResponse = S1APMessage(6, .successfulOutcome)
  public static let eRABReleaseCommand = S1APMessage(7, .initiatingMessage)
  public static let eRABReleaseResponse = S1APMessage(7, .successfulOutcome)
  public static let eRABReleaseIndication = S1APMessage(8, .initiatingMessage)
  public static let initialContextSetupRequest = S1APMessage(9, .initiatingMessage)
  public static let initialContextSetupResponse = S1APMessage(9, .successfulOutcome)
  public static let initialContextSetupFailure = S1APMessage(9, .unsuccessfulOutcome)
  public static let paging = S1APMessage(10, .initiatingMessage)
  public static let downlinkNASTransport = S1APMessage(11, .initiatingMessage)
  public static let initialUEMessage = S1APMessage(12, .initiatingMessage)
  public static let uplinkNASTransport = S1APMessage(13, .initiatingMessage)
  public static let reset = S1APMessage(14, .initiatingMessage)
  public static let resetAcknowledge = S1APMessage(14, .successfulOutcome)
  public static let errorIndication = S1APMessage(15, .initiatingMessage)
  public static let nasNonDeliveryIndication = S1APMessage(16, .initiatingMessage)
  public static let s1SetupRequest = S1APMessage(17, .initiatingMessage)
  public static let s1SetupResponse = S1APMessage(17, .successfulOutcome)
  public static let s1SetupFailure = S1APMessage(17, .unsuccessfulOutcome)
  public static let ueContextReleaseRequest = S1APMessage(18, .initiatingMessage)
  public static let downlinkS1cdma2000tunnelling = S1APMessage(19, .initiatingMessage)
  public static let uplinkS1cdma2000tunnelling = S1APMessage(20, .initiatingMessage)
  public static let ueContextModificationRequest = S1APMessage(21, .initiatingMessage)
  public static let ueContextModificationResponse = S1APMessage(21, .successfulOutcome)
  public static let ueContextModificationFailure = S1APMessage(21, .unsuccessfulOutcome)
  public static let ueCapabilityInfoIndication = S1APMessage(22, .initiatingMessage)
  public static let ueContextReleaseCommand = S1APMessage(23, .initiatingMessage)
  public static let ueContextReleaseComplete = S1APMessage(23, .successfulOutcome)
  public static let eNBStatusTransfer = S1APMessage(24, .initiatingMessage)
  public static let mmeStatusTransfer = S1APMessage(25, .initiatingMessage)
  public static let deactivateTrace = S1APMessage(26, .initiatingMessage)
  public static let traceStart = S1APMessage(27, .initiatingMessage)
  public static let traceFailureIndication = S1APMessage(28, .initiatingMessage)
  public static let eNBConfigurationUpdate = S1APMessage(29, .initiatingMessage)
  public static let eNBConfigurationUpdateAcknowledge = S1APMessage(29, .successfulOutcome)
  public static let eNBConfigurationUpdateFailure = S1APMessage(29, .unsuccessfulOutcome)
  public static let mmeConfigurationUpdate = S1APMessage(30, .initiatingMessage)
  public static let mmeConfigurationUpdateAcknowledge = S1APMessage(30, .successfulOutcome)
  public static let mmeConfigurationUpdateFailure = S1APMessage(30, .unsuccessfulOutcome)
  public static let locationReportingControl = S1APMessage(31, .initiatingMessage)
  public static let locationReportingFailureIndication = S1APMessage(32, .initiatingMessage)
  public static let locationReport = S1APMessage(33, .initiatingMessage)
  public static let overloadStart = S1APMessage(34, .initiatingMessage)
  public static let overloadStop = S1APMessage(35, .initiatingMessage)
  public static let writeReplaceWarningRequest = S1APMessage(36, .initiatingMessage)
  public static let writeReplaceWarningResponse = S1APMessage(36, .successfulOutcome)
  public static let eNBDirectInformationTransfer = S1APMessage(37, .initiatingMessage)
  public static let mmeDirectInformationTransfer = S1APMessage(38, .initiatingMessage)
  public static let privateMessage = S1APMessage(39, .initiatingMessage)
  public static let eNBConfigurationTransfer = S1APMessage(40, .initiatingMessage)
  public static let mmeConfigurationTransfer = S1APMessage(41, .initiatingMessage)
  public static let cellTrafficTrace = S1APMessage(42, .initiatingMessage)
  public static let killRequest = S1APMessage(43, .initiatingMessage)
  public static let killResponse = S1APMessage(43, .successfulOutcome)
  public static let downlinkUEAssociatedLPPaTransport = S1APMessage(44, .initiatingMessage)
  public static let uplinkUEAssociatedLPPaTransport = S1APMessage(45, .initiatingMessage)
  public static let downlinkNonUEAssociatedLPPaTransport = S1APMessage(46, .initiatingMessage)
  public static let uplinkNonUEAssociatedLPPaTransport = S1APMessage(47, .initiatingMessage)
  public static let ueRadioCapabilityMatchRequest = S1APMessage(48, .initiatingMessage)
  public static let ueRadioCapabilityMatchResponse = S1APMessage(48, .successfulOutcome)
  public static let pwsRestartIndication = S1APMessage(49, .initiatingMessage)
  public static let eRABModificationIndication = S1APMessage(50, .initiatingMessage)
  public static let eRABModificationConfirm = S1APMessage(50, .successfulOutcome)
  public static let pwsFailureIndication = S1APMessage(51, .initiatingMessage)
  public static let rerouteNASRequest = S1APMessage(52, .initiatingMessage)
  public static let ueContextModificationIndication = S1APMessage(53, .initiatingMessage)
  public static let ueContextModificationConfirm = S1APMessage(53, .successfulOutcome)
  public static let connectionEstablishmentIndication = S1APMessage(54, .initiatingMessage)
  public static let ueContextSuspendRequest = S1APMessage(55, .initiatingMessage)
  public static let ueContextSuspendResponse = S1APMessage(55, .successfulOutcome)
  public static let ueContextResumeRequest = S1APMessage(56, .initiatingMessage)
  public static let ueContextResumeResponse = S1APMessage(56, .successfulOutcome)
  public static let ueContextResumeFailure = S1APMessage(56, .unsuccessfulOutcome)
  public static let nasDeliveryIndication = S1APMessage(57, .initiatingMessage)
  public static let retrieveUEInformation = S1APMessage(58, .initiatingMessage)
  public static let ueInformationTransfer = S1APMessage(59, .initiatingMessage)
  public static let eNBCPRelocationIndication = S1APMessage(60, .initiatingMessage)
  public static let mmeCPRelocationIndication = S1APMessage(61, .initiatingMessage)
  public static let secondaryRATDataUsageReport = S1APMessage(62, .initiatingMessage)
  public static let ueRadioCapabilityIDMappingRequest = S1APMessage(63, .initiatingMessage)
  public static let ueRadioCapabilityIDMappingResponse = S1APMessage(63, .successfulOutcome)
  public static let handoverSuccess = S1APMessage(64, .initiatingMessage)
  public static let eNBEarlyStatusTransfer = S1APMessage(65, .initiatingMessage)
  public static let mmeEarlyStatusTransfer = S1APMessage(66, .initiatingMessage)
}
