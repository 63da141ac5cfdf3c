import S1AP

/// The messages that the eNB sends, IE by IE (TS 36.413 §9.1).
struct OutgoingMessage: Sendable {
  var builder: S1APBuilder

  init(_ builder: S1APBuilder) { self.builder = builder }

  private init(_ message: S1APMessage) { builder = S1APBuilder(message) }

  /// A message that does not begin with both ids.
  init(of message: S1APMessage) { self.init(message) }

  /// A UE-associated message begins with both ids.
  init(_ message: S1APMessage, mme: UInt32, eNB: UInt32) {
    builder = S1APBuilder(message)
    builder.add(.mmeUES1APID, .integer(UInt64(mme)))
    builder.add(.eNBUES1APID, .integer(UInt64(eNB)))
  }

  var title: String { builder.message.title }

  func encoded() throws(S1APError) -> [UInt8] { try builder.encoded() }

  // MARK: Interface management

  static func setupRequest(_ configuration: ENodeBConfiguration) -> OutgoingMessage {
    var message = OutgoingMessage(.s1SetupRequest)
    message.builder.add(.globalENBID, GlobalENBID(plmn: configuration.plmn, eNBID: .macro(configuration.enbID)))
    message.builder.add(.eNBName, .text(configuration.name))
    let area = SupportedTA(tac: configuration.trackingAreaCode, plmns: [configuration.plmn])
    message.builder.add(.supportedTAs, [area])
    message.builder.add(.defaultPagingDRX, .enumerated("v128"))
    return message
  }

  /// RESET of the whole interface (`items` nil) or of some connections.
  static func reset(items: [UEAssociatedLogicalS1Connection]?, cause: Cause) -> OutgoingMessage {
    var message = OutgoingMessage(.reset)
    message.builder.add(.cause, cause)
    if let items {
      message.builder.add(.resetType) { $0.choice("partOfS1-Interface") { $0.list(items) } }
    } else {
      message.builder.add(.resetType, .choice("s1-Interface", .enumerated("reset-all")))
    }
    return message
  }

  static func resetAcknowledge(items: [UEAssociatedLogicalS1Connection]?) -> OutgoingMessage {
    var message = OutgoingMessage(.resetAcknowledge)
    if let items, !items.isEmpty {
      message.builder.add(.ueAssociatedLogicalS1ConnectionListResAck, items)
    }
    return message
  }

  static var configurationUpdateAcknowledge: OutgoingMessage { OutgoingMessage(.mmeConfigurationUpdateAcknowledge) }

  /// ERROR INDICATION about a connection whose ids are wrong (§10.6).
  static func errorIndication(mme: UInt32?, eNB: UInt32?, cause: Cause) -> OutgoingMessage {
    var message = OutgoingMessage(.errorIndication)
    if let mme { message.builder.add(.mmeUES1APID, .integer(UInt64(mme))) }
    if let eNB { message.builder.add(.eNBUES1APID, .integer(UInt64(eNB))) }
    message.builder.add(.cause, cause)
    return message
  }

  /// Takes the diagnostics if this is the response that owes them.
  mutating func report(_ owed: OwedDiagnostics) -> Bool {
    guard builder.message.procedure == owed.procedure, builder.message.kind != .initiatingMessage else { return false }
    builder.report(owed.diagnostics)
    return true
  }

  // MARK: NAS transport

  static func initialUE(
    identifier: UInt32, nas: [UInt8], cell configuration: ENodeBConfiguration, establishmentCause: RRCEstablishmentCause, sTMSI: STMSI?,
    registeredMME: RegisteredMME?
  ) -> OutgoingMessage {
    var message = OutgoingMessage(.initialUEMessage)
    message.builder.add(.eNBUES1APID, .integer(UInt64(identifier)))
    message.builder.add(.nasPDU, .octets(nas))
    message.addLocation(configuration)
    message.builder.add(.rrcEstablishmentCause, .position(establishmentCause.rawValue))
    message.builder.add(.sTMSI, sTMSI)
    if let registeredMME {
      message.builder.add(.gummei, registeredMME.gummei)
      message.builder.add(.gummeiType, .position(registeredMME.origin.rawValue))
    }
    return message
  }

  static func uplinkNAS(_ nas: [UInt8], mme: UInt32, eNB: UInt32, cell configuration: ENodeBConfiguration) -> OutgoingMessage {
    var message = OutgoingMessage(.uplinkNASTransport, mme: mme, eNB: eNB)
    message.builder.add(.nasPDU, .octets(nas))
    message.addLocation(configuration)
    return message
  }

  static func nonDelivery(of nas: [UInt8], mme: UInt32, eNB: UInt32, cause: Cause) -> OutgoingMessage {
    var message = OutgoingMessage(.nasNonDeliveryIndication, mme: mme, eNB: eNB)
    message.builder.add(.nasPDU, .octets(nas))
    message.builder.add(.cause, cause)
    return message
  }

  mutating func addLocation(_ configuration: ENodeBConfiguration) {
    builder.add(.tai, TAI(plmn: configuration.plmn, tac: configuration.trackingAreaCode))
    builder.add(
      .eutranCGI, EUTRANCGI(plmn: configuration.plmn, cell: configuration.enbID << 8 | UInt32(configuration.cell.identifier)))
  }

  // MARK: Context management

  static func contextSetupResponse(
    mme: UInt32, eNB: UInt32, bearers: [AccessStratumContext.Bearer], address: [UInt8], failed: [UInt8]
  ) -> OutgoingMessage {
    var message = OutgoingMessage(.initialContextSetupResponse, mme: mme, eNB: eNB)
    let items = bearers.map {
      ERABSetupItem(eRABID: $0.identifier, transportLayerAddress: address, gtpTEID: $0.tunnelEndpoint)
    }
    message.builder.add(.eRABSetupListCtxtSURes, items)
    if !failed.isEmpty {
      message.builder.add(.eRABFailedToSetupListCtxtSURes, failed.map { ERABItem(eRABID: $0, cause: .multipleERABInstances) })
    }
    return message
  }

  static func contextSetupFailure(mme: UInt32, eNB: UInt32, cause: Cause) -> OutgoingMessage {
    outcome(.initialContextSetupFailure, mme: mme, eNB: eNB, cause: cause)
  }

  static func modificationResponse(mme: UInt32, eNB: UInt32) -> OutgoingMessage {
    OutgoingMessage(.ueContextModificationResponse, mme: mme, eNB: eNB)
  }

  static func modificationFailure(mme: UInt32, eNB: UInt32, cause: Cause) -> OutgoingMessage {
    outcome(.ueContextModificationFailure, mme: mme, eNB: eNB, cause: cause)
  }

  static func releaseRequest(mme: UInt32, eNB: UInt32, cause: Cause) -> OutgoingMessage {
    outcome(.ueContextReleaseRequest, mme: mme, eNB: eNB, cause: cause)
  }

  static func releaseComplete(mme: UInt32, eNB: UInt32) -> OutgoingMessage {
    OutgoingMessage(.ueContextReleaseComplete, mme: mme, eNB: eNB)
  }

  private static func outcome(_ kind: S1APMessage, mme: UInt32, eNB: UInt32, cause: Cause) -> OutgoingMessage {
    var message = OutgoingMessage(kind, mme: mme, eNB: eNB)
    message.builder.add(.cause, cause)
    return message
  }
}

/// Causes that this room uses and S1AP has no constant for (TS 36.413 §9.2.1.3; positions in the ASN.1 lists).
extension Cause {
  static let algorithmsNotSupported =
    Cause(.radioNetwork, "encryption-and-or-integrity-protection-algorithms-not-supported") ?? .unspecifiedRadioNetwork
  static let interactionWithOtherProcedure = Cause(.radioNetwork, "interaction-with-other-procedure") ?? .unspecifiedRadioNetwork
  static let failureInRadioInterfaceProcedure =
    Cause(.radioNetwork, "failure-in-radio-interface-procedure") ?? .unspecifiedRadioNetwork
  static let handoverDesirable = Cause(.radioNetwork, "handover-desirable-for-radio-reason") ?? .unspecifiedRadioNetwork
  static let handoverCancelled = Cause(.radioNetwork, "handover-cancelled") ?? .unspecifiedRadioNetwork
  static let s1InterSystemHandoverTriggered = Cause(.radioNetwork, "s1-inter-system-handover-triggered") ?? .unspecifiedRadioNetwork
  static let s1HandoverTriggered = Cause(.radioNetwork, "s1-intra-system-handover-triggered") ?? .unspecifiedRadioNetwork
  static let x2HandoverTriggered = Cause(.radioNetwork, "x2-handover-triggered") ?? .unspecifiedRadioNetwork
  static let preparationExpiry = Cause(.radioNetwork, "tS1relocprep-expiry") ?? .unspecifiedRadioNetwork
  static let s1OverallExpiry = Cause(.radioNetwork, "tS1relocoverall-expiry") ?? .unspecifiedRadioNetwork
  static let x2OverallExpiry = Cause(.radioNetwork, "tx2relocoverall-expiry") ?? .unspecifiedRadioNetwork
  static let handoverTargetNotAllowed = Cause(.radioNetwork, "ho-target-not-allowed") ?? .unspecifiedRadioNetwork
  static let cellNotAvailable = Cause(.radioNetwork, "cell-not-available") ?? .unspecifiedRadioNetwork
  static let handoverFailureInTarget =
    Cause(.radioNetwork, "ho-failure-in-target-EPC-eNB-or-target-system") ?? .unspecifiedRadioNetwork
  static let multipleERABInstances = Cause(.radioNetwork, "multiple-E-RAB-ID-instances") ?? .unspecifiedRadioNetwork
  static let transportUnavailable = Cause(.transport, 0)
  static let unspecifiedMiscellaneous = Cause(.misc, "unspecified") ?? .unspecifiedRadioNetwork

  /// Whether it says that an id of the connection is not known or not consistent (TS 36.413 §10.6).
  var namesUnknownIdentifier: Bool {
    self == .unknownMMEUES1APID || self == .unknownENBUES1APID || self == .unknownPairUES1APID
  }
}
