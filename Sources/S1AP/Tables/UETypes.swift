extension GrammarText {
  /// What the network knows of a UE (TS 36.413 §9.2.1).
  static let uETypes = #"""
    AerialUEsubscriptionInformation = enum allowed not-allowed ...
    CELevel = octets
    CE-mode-B-SupportIndicator = enum supported ...
    Cdma2000PDU = octets
    CNTypeRestrictions = list 1..16 CNTypeRestrictions-Item
    CNTypeRestrictions-Item = record
      pLMN-Identity PLMNidentity
      cNType CNType
    CNType = enum fiveGCForbidden ... epc-Forbiddden
    CoarseUELocation = octets
    CSFallbackIndicator = enum cs-fallback-required ... cs-fallback-high-priority
    AdditionalCSFallbackIndicator = enum no-restriction restriction ...
    ServedDCNs = list 0..32 ServedDCNsItem
    ServedDCNsItem = record
      dCN-ID DCN-ID
      relativeDCNCapacity RelativeMMECapacity
    DLDiscarding = choice
      discardDLCOUNTValuePDCP-SNlength12 COUNTvalue
      discardDLCOUNTValuePDCP-SNlength15 COUNTValueExtended
      discardDLCOUNTValuePDCP-SNlength18 COUNTvaluePDCP-SNlength18
      ...
    Direct-Forwarding-Path-Availability = enum directPathAvailable ...
    EARFCN = int 0..262143 ...
    EN-DCSONConfigurationTransfer = record
      transfertype EN-DCSONTransferType
      sONInformation SONInformation
      x2TNLConfigInfo? X2TNLConfigurationInfo
    EN-DCSONTransferType = choice
      request EN-DCTransferTypeRequest
      reply EN-DCTransferTypeReply
      ...
    EN-DCTransferTypeRequest = record
      sourceeNB EN-DCSONeNBIdentification
      targetengNB EN-DCSONengNBIdentification
      targeteNB? EN-DCSONeNBIdentification
      associatedTAI? TAI
      broadcast5GSTAI? FiveGSTAI
    EN-DCTransferTypeReply = record
      sourceengNB EN-DCSONengNBIdentification
      targeteNB EN-DCSONeNBIdentification
    EndIndication = enum no-further-data further-data-exists ...
    EnhancedCoverageRestricted = enum restricted ...
    CE-ModeBRestricted = enum restricted not-restricted ...
    EventType = enum direct change-of-serve-cell stop-change-of-serve-cell ...
    Ethernet-Type = enum true ...
    EventTrigger = choice
      outOfCoverage enum true ...
      eventL1LoggedMDTConfig EventL1LoggedMDTConfig
      choice-Extensions item
    ExpectedUEBehaviour = record
      expectedActivity? ExpectedUEActivityBehaviour
      expectedHOInterval? ExpectedHOInterval
    ExpectedUEActivityBehaviour = record
      expectedActivityPeriod? ExpectedActivityPeriod
      expectedIdlePeriod? ExpectedIdlePeriod
      sourceofUEActivityBehaviourInformation? SourceOfUEActivityBehaviourInformation
    ExpectedActivityPeriod = int 1..181 ...
    ExpectedIdlePeriod = int 1..181 ...
    SourceOfUEActivityBehaviourInformation = enum subscription-information statistics ...
    ExpectedHOInterval = enum sec15 sec30 sec60 sec90 sec120 sec180 long-time ...
    ForbiddenTAs = list 1..16 ForbiddenTAs-Item
    ForbiddenTAs-Item = record
      pLMN-Identity PLMNidentity
      forbiddenTACs ForbiddenTACs
    ForbiddenLAs = list 1..16 ForbiddenLAs-Item
    ForbiddenLAs-Item = record
      pLMN-Identity PLMNidentity
      forbiddenLACs ForbiddenLACs
    GBR-QosInformation = record
      e-RAB-MaximumBitrateDL BitRate
      e-RAB-MaximumBitrateUL BitRate
      e-RAB-GuaranteedBitrateDL BitRate
      e-RAB-GuaranteedBitrateUL BitRate
      + O i extended-e-RAB-MaximumBitrateDL : ExtendedBitRate
      + O i extended-e-RAB-MaximumBitrateUL : ExtendedBitRate
      + O i extended-e-RAB-GuaranteedBitrateDL : ExtendedBitRate
      + O i extended-e-RAB-GuaranteedBitrateUL : ExtendedBitRate
    HandoverRestrictionList = record
      servingPLMN PLMNidentity
      equivalentPLMNs? EPLMNs
      forbiddenTAs? ForbiddenTAs
      forbiddenLAs? ForbiddenLAs
      forbiddenInterRATs? ForbiddenInterRATs
      + O i NRrestrictioninEPSasSecondaryRAT
      + O i UnlicensedSpectrumRestriction
      + O i CNTypeRestrictions
      + O i NRrestrictionin5GS
      + O i LastNG-RANPLMNIdentity : PLMNidentity
      + O i RAT-Restrictions
    HandoverType = enum intralte ltetoutran ltetogeran utrantolte gerantolte ... eps-to-5gs fivegs-to-eps
    Masked-IMEISV = bits 64
    IntersystemSONConfigurationTransfer = octets
    IAB-Authorized = enum authorized not-authorized ...
    LPPa-PDU = octets
    ListeningSubframePattern = record
      pattern-period enum ms1280 ms2560 ms5120 ms10240 ...
      pattern-offset int 0..10239 ...
    LoggingDuration = enum m10 m20 m40 m60 m90 m120
    M6report-Interval = enum ms1024 ms2048 ms5120 ms10240 ...
    M6delay-threshold = enum ms30 ms40 ms50 ms60 ms70 ms80 ms90 ms100 ms150 ms300 ms500 ms750 ...
    MessageIdentifier = bits 16
    MutingAvailabilityIndication = enum available unavailable ...
    MutingPatternInformation = record
      muting-pattern-period enum ms0 ms1280 ms2560 ms5120 ms10240 ...
      muting-pattern-offset? int 0..10239 ...
    NB-IoT-DefaultPagingDRX = enum v128 v256 v512 v1024 ...
    NB-IoT-RLF-Report-Container = octets
    NRrestrictionin5GS = enum nRrestrictedin5GS ...
    NRV2XServicesAuthorized = record
      vehicleUE? VehicleUE
      pedestrianUE? PedestrianUE
    PagingDRX = enum v32 v64 v128 v256 ...
    PendingDataIndication = enum true ...
    Port-Number = octets 2
    ProSeAuthorized = record
      proSeDirectDiscovery? ProSeDirectDiscovery
      proSeDirectCommunication? ProSeDirectCommunication
      + O i ProSeUEtoNetworkRelaying
    ProSeDirectDiscovery = enum authorized not-authorized ...
    ProSeUEtoNetworkRelaying = enum authorized not-authorized ...
    ProSeDirectCommunication = enum authorized not-authorized ...
    Range = enum m50 m80 m180 m200 m350 m400 m500 m700 m1000 ...
    RequestedTNLInfo = record
      pLMNidentity PLMNidentity
    RequestType = record
      eventType EventType
      reportArea ReportArea
      + O i RequestTypeAdditionalInfo
    RequestTypeAdditionalInfo = enum includePSCell ...
    RIMTransfer = record
      rIMInformation RIMInformation
      rIMRoutingAddress? RIMRoutingAddress
    RIMInformation = octets
    RIMRoutingAddress = choice
      gERAN-Cell-ID GERAN-Cell-ID
      ...
      targetRNC-ID TargetRNC-ID
      eHRPD-Sector-ID octets 16
    RLFReportInformation = record
      uE-RLF-Report-Container UE-RLF-Report-Container
      uE-RLF-Report-Container-for-extended-bands? UE-RLF-Report-Container-for-extended-bands
      + O i NB-IoT-RLF-Report-Container
    RRC-Establishment-Cause = enum emergency highPriorityAccess mt-Access mo-Signalling mo-Data ... delay-TolerantAccess \
      mo-VoiceCall mo-ExceptionData
    SerialNumber = bits 16
    ServiceType = enum qMC-for-streaming-service qMC-for-MTSI-service ...
    SONInformation = choice
      sONInformationRequest SONInformationRequest
      sONInformationReply SONInformationReply
      ...
      sONInformation-Extension SONInformation-Extension
    SONInformation-Extension = item
      M i SON-Information-Report : SONInformationReport
    SONInformationRequest = enum x2TNL-Configuration-Info ... time-Synchronisation-Info activate-Muting deactivate-Muting
    SONInformationReply = record
      x2TNLConfigurationInfo? X2TNLConfigurationInfo
      + O i Time-Synchronisation-Info : TimeSynchronisationInfo
      + O i Muting-Pattern-Information : MutingPatternInformation
    SONInformationReport = choice
      rLFReportInformation RLFReportInformation
      ...
    SONConfigurationTransfer = record
      targeteNB-ID TargeteNB-ID
      sourceeNB-ID SourceeNB-ID
      sONInformation SONInformation
      + C i x2TNLConfigurationInfo : X2TNLConfigurationInfo
      + C i Synchronisation-Information : SynchronisationInformation
      + O i RequestedTNLInfo
    SynchronisationInformation = record
      sourceStratumLevel? StratumLevel
      listeningSubframePattern? ListeningSubframePattern
      aggressoreCGI-List? ECGI-List
    Source-ToTarget-TransparentContainer = octets
    SRVCCOperationPossible = enum possible ...
    ServedGroupIDs = list 1..65535 MME-Group-ID
    SubscriberProfileIDforRFP = int 1..256
    Subscription-Based-UE-DifferentiationInfo = record
      periodicCommunicationIndicator? enum periodically ondemand ...
      periodicTime? int 1..3600 ...
      scheduledCommunicationTime? ScheduledCommunicationTime
      stationaryIndication? enum stationary mobile ...
      trafficProfile? enum single-packet dual-packets multiple-packets ...
      batteryIndication? enum battery-powered battery-powered-not-rechargeable-or-replaceable not-battery-powered ...
    ScheduledCommunicationTime = record
      dayofWeek? bits 7
      timeofDayStart? int 0..86399 ...
      timeofDayEnd? int 0..86399 ...
    SupportedTAs = list 1..256 SupportedTAs-Item
    SupportedTAs-Item = record
      tAC TAC
      broadcastPLMNs BPLMNs
      + O r RAT-Type
    StratumLevel = int 0..3 ...
    SynchronisationStatus = enum synchronous asynchronous ...
    TimeSynchronisationInfo = record
      stratumLevel StratumLevel
      synchronisationStatus SynchronisationStatus
      + O i Muting-Availability-Indication : MutingAvailabilityIndication
    Target-ToSource-TransparentContainer = octets
    TimeSinceSecondaryNodeRelease = octets 4
    TunnelInformation = record
      transportLayerAddress TransportLayerAddress
      uDP-Port-Number? Port-Number
    TimeRefDistribution = enum true ...
    UERadioCapability = octets
    UERadioCapabilityForPaging = octets
    UE-RLF-Report-Container = octets
    UE-RLF-Report-Container-for-extended-bands = octets
    UE-Usage-Type = int 0..255
    UnlicensedSpectrumRestriction = enum unlicensed-restricted ...
    URI-Address = text
    UserLocationInformation = record
      eutran-cgi EUTRAN-CGI
      tai TAI
      + O i PSCellInformation
      + O i LTE-NTN-TAI-Information
    UEUserPlaneCIoTSupportIndicator = enum supported ...
    V2XServicesAuthorized = record
      vehicleUE? VehicleUE
      pedestrianUE? PedestrianUE
    VehicleUE = enum authorized not-authorized ...
    PedestrianUE = enum authorized not-authorized ...
    X2TNLConfigurationInfo = record
      eNBX2TransportLayerAddresses ENBX2TLAs
      + O i eNBX2ExtendedTransportLayerAddresses : ENBX2ExtTLAs
      + O i eNBIndirectX2TransportLayerAddresses : ENBIndirectX2TransportLayerAddresses
    Inter-SystemInformationTransferType = choice
      rIMTransfer RIMTransfer
      ...
    """#
}
