/// The identity of a protocol IE or extension (`id-…` of TS 36.413 §9.3.7). Unknown numbers are kept.
public struct ProtocolIEID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public init(_ rawValue: UInt16) { self.rawValue = rawValue }

  /// The identity of that name (`"NAS-PDU"`, without `id-`), where TS 36.413 has one.
  public init?(named name: String) {
    guard let number = IENames.shared.numbers[name] else { return nil }
    self.rawValue = number
  }

  /// The name of TS 36.413 §9.3.7 without `id-`, nil for a number it does not have.
  public var name: String? {
    rawValue < IENames.shared.names.count && !IENames.shared.names[Int(rawValue)].isEmpty ? IENames.shared.names[Int(rawValue)] : nil
  }

  public var description: String { name ?? "IE \(rawValue)" }
}

/// The identities that code outside the tables names; every other one is reached through ``ProtocolIEID/init(named:)``.
extension ProtocolIEID {
  public static let mmeUES1APID = ProtocolIEID(0)
  public static let handoverType = ProtocolIEID(1)
  public static let cause = ProtocolIEID(2)
  public static let sourceID = ProtocolIEID(3)
  public static let targetID = ProtocolIEID(4)
  public static let eNBUES1APID = ProtocolIEID(8)
  public static let eRABSubjectToDataForwardingList = ProtocolIEID(12)
  public static let eRABDataForwardingItem = ProtocolIEID(14)
  public static let eRABReleaseItemBearerRelComp = ProtocolIEID(15)
  public static let eRABToBeSetupListBearerSUReq = ProtocolIEID(16)
  public static let eRABToBeSetupItemBearerSUReq = ProtocolIEID(17)
  public static let eRABAdmittedList = ProtocolIEID(18)
  public static let eRABFailedToSetupListHOReqAck = ProtocolIEID(19)
  public static let eRABAdmittedItem = ProtocolIEID(20)
  public static let eRABToBeSwitchedDLList = ProtocolIEID(22)
  public static let eRABToBeSwitchedDLItem = ProtocolIEID(23)
  public static let eRABToBeSetupListCtxtSUReq = ProtocolIEID(24)
  public static let traceActivation = ProtocolIEID(25)
  public static let nasPDU = ProtocolIEID(26)
  public static let eRABToBeSetupItemHOReq = ProtocolIEID(27)
  public static let eRABSetupListBearerSURes = ProtocolIEID(28)
  public static let eRABToBeReleasedList = ProtocolIEID(33)
  public static let eRABItem = ProtocolIEID(35)
  public static let eRABSetupItemBearerSURes = ProtocolIEID(39)
  public static let securityContext = ProtocolIEID(40)
  public static let handoverRestrictionList = ProtocolIEID(41)
  public static let uePagingID = ProtocolIEID(43)
  public static let pagingDRX = ProtocolIEID(44)
  public static let taiList = ProtocolIEID(46)
  public static let taiItem = ProtocolIEID(47)
  public static let eRABFailedToSetupListCtxtSURes = ProtocolIEID(48)
  public static let eRABSetupItemCtxtSURes = ProtocolIEID(50)
  public static let eRABSetupListCtxtSURes = ProtocolIEID(51)
  public static let eRABToBeSetupItemCtxtSUReq = ProtocolIEID(52)
  public static let eRABToBeSetupListHOReq = ProtocolIEID(53)
  public static let criticalityDiagnostics = ProtocolIEID(58)
  public static let globalENBID = ProtocolIEID(59)
  public static let eNBName = ProtocolIEID(60)
  public static let mmeName = ProtocolIEID(61)
  public static let supportedTAs = ProtocolIEID(64)
  public static let timeToWait = ProtocolIEID(65)
  public static let ueAggregateMaximumBitrate = ProtocolIEID(66)
  public static let tai = ProtocolIEID(67)
  public static let eRABReleaseListBearerRelComp = ProtocolIEID(69)
  public static let securityKey = ProtocolIEID(73)
  public static let ueRadioCapability = ProtocolIEID(74)
  public static let gummei = ProtocolIEID(75)
  public static let directForwardingPathAvailability = ProtocolIEID(79)
  public static let ueIdentityIndexValue = ProtocolIEID(80)
  public static let relativeMMECapacity = ProtocolIEID(87)
  public static let sourceMMEUES1APID = ProtocolIEID(88)
  public static let eNBStatusTransferTransparentContainer = ProtocolIEID(90)
  public static let ueAssociatedLogicalS1ConnectionItem = ProtocolIEID(91)
  public static let resetType = ProtocolIEID(92)
  public static let ueAssociatedLogicalS1ConnectionListResAck = ProtocolIEID(93)
  public static let sTMSI = ProtocolIEID(96)
  public static let ueS1APIDs = ProtocolIEID(99)
  public static let eutranCGI = ProtocolIEID(100)
  public static let overloadResponse = ProtocolIEID(101)
  public static let sourceToTargetTransparentContainer = ProtocolIEID(104)
  public static let servedGUMMEIs = ProtocolIEID(105)
  public static let subscriberProfileIDforRFP = ProtocolIEID(106)
  public static let ueSecurityCapabilities = ProtocolIEID(107)
  public static let csFallbackIndicator = ProtocolIEID(108)
  public static let cnDomain = ProtocolIEID(109)
  public static let targetToSourceTransparentContainer = ProtocolIEID(123)
  public static let srvccOperationPossible = ProtocolIEID(124)
  public static let nasDownlinkCount = ProtocolIEID(126)
  public static let csgID = ProtocolIEID(127)
  public static let csgIDList = ProtocolIEID(128)
  public static let rrcEstablishmentCause = ProtocolIEID(134)
  public static let nasSecurityParametersFromEUTRAN = ProtocolIEID(135)
  public static let nasSecurityParametersToEUTRAN = ProtocolIEID(136)
  public static let defaultPagingDRX = ProtocolIEID(137)
  public static let csgMembershipStatus = ProtocolIEID(146)
  public static let pagingPriority = ProtocolIEID(151)
  public static let gummeiList = ProtocolIEID(154)
  public static let gwTransportLayerAddress = ProtocolIEID(155)
  public static let sourceMMEGUMMEI = ProtocolIEID(157)
  public static let mmeUES1APID2 = ProtocolIEID(158)
  public static let registeredLAI = ProtocolIEID(159)
  public static let relayNodeIndicator = ProtocolIEID(160)
  public static let gwContextReleaseIndication = ProtocolIEID(164)
  public static let gummeiType = ProtocolIEID(170)
  public static let lhnID = ProtocolIEID(186)
  public static let userLocationInformation = ProtocolIEID(189)
  public static let maskedIMEISV = ProtocolIEID(192)
  public static let ueRadioCapabilityForPaging = ProtocolIEID(198)
  public static let informationOnRecommendedCellsAndENBsForPaging = ProtocolIEID(213)
  public static let additionalGUTI = ProtocolIEID(224)
  public static let servedDCNs = ProtocolIEID(247)
  public static let nrUESecurityCapabilities = ProtocolIEID(269)
}
