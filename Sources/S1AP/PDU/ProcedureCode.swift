/// The code of an elementary procedure (TS 36.413 §9.3.7). Unknown numbers are kept.
public struct ProcedureCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public init(_ rawValue: UInt8) { self.rawValue = rawValue }

  /// `"InitialContextSetup"`, nil for a number that TS 36.413 does not have.
  public var name: String? {
    Int(rawValue) < Self.names.count ? Self.names[Int(rawValue)] : nil
  }

  public var description: String { name ?? "procedure \(rawValue)" }

  private static let names: [String] = [
    "HandoverPreparation",
    "HandoverResourceAllocation",
    "HandoverNotification",
    "PathSwitchRequest",
    "HandoverCancel",
    "E-RABSetup",
    "E-RABModify",
    "E-RABRelease",
    "E-RABReleaseIndication",
    "InitialContextSetup",
    "Paging",
    "downlinkNASTransport",
    "initialUEMessage",
    "uplinkNASTransport",
    "Reset",
    "ErrorIndication",
    "NASNonDeliveryIndication",
    "S1Setup",
    "UEContextReleaseRequest",
    "DownlinkS1cdma2000tunnelling",
    "UplinkS1cdma2000tunnelling",
    "UEContextModification",
    "UECapabilityInfoIndication",
    "UEContextRelease",
    "eNBStatusTransfer",
    "MMEStatusTransfer",
    "DeactivateTrace",
    "TraceStart",
    "TraceFailureIndication",
    "ENBConfigurationUpdate",
    "MMEConfigurationUpdate",
    "LocationReportingControl",
    "LocationReportingFailureIndication",
    "LocationReport",
    "OverloadStart",
    "OverloadStop",
    "WriteReplaceWarning",
    "eNBDirectInformationTransfer",
    "MMEDirectInformationTransfer",
    "PrivateMessage",
    "eNBConfigurationTransfer",
    "MMEConfigurationTransfer",
    "CellTrafficTrace",
    "Kill",
    "downlinkUEAssociatedLPPaTransport",
    "uplinkUEAssociatedLPPaTransport",
    "downlinkNonUEAssociatedLPPaTransport",
    "uplinkNonUEAssociatedLPPaTransport",
    "UERadioCapabilityMatch",
    "PWSRestartIndication",
    "E-RABModificationIndication",
    "PWSFailureIndication",
    "RerouteNASRequest",
    "UEContextModificationIndication",
    "ConnectionEstablishmentIndication",
    "UEContextSuspend",
    "UEContextResume",
    "NASDeliveryIndication",
    "RetrieveUEInformation",
    "UEInformationTransfer",
    "eNBCPRelocationIndication",
    "MMECPRelocationIndication",
    "SecondaryRATDataUsageReport",
    "UERadioCapabilityIDMapping",
    "HandoverSuccess",
    "eNBEarlyStatusTransfer",
    "MMEEarlyStatusTransfer",
  ]
}
