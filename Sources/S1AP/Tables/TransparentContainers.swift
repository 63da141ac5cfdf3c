extension GrammarText {
  /// What source and target eNB tell each other through the MME (TS 36.413 §9.2.1.7, §9.2.1.8).
  static let transparentContainers = #"""
    Cell-Size = enum verysmall small medium large ...
    CellType = record
      cell-Size Cell-Size
    ContextatSource = record
      sourceNG-RAN-node-ID Global-RAN-NODE-ID
      rAN-UE-NGAP-ID RAN-UE-NGAP-ID
    DAPSRequestInfo = record
      dAPSIndicator enum dAPS-HO-required ...
    DAPSResponseInfoList = items 1..256
      M i DAPSResponseInfoItem
    DAPSResponseInfoItem = record
      e-RAB-ID E-RAB-ID
      dAPSResponseInfo DAPSResponseInfo
    DAPSResponseInfo = record
      dapsresponseindicator enum dAPS-HO-accepted dAPS-HO-not-accepted ...
    DL-Forwarding = enum dL-Forwarding-proposed ...
    EmergencyIndicator = enum true ...
    E-RABInformationList = items 1..256
      M i E-RABInformationListItem
    E-RABInformationListItem = record
      e-RAB-ID E-RAB-ID
      dL-Forwarding? DL-Forwarding
      + O i DAPSRequestInfo
      + O i SourceTransportLayerAddress : TransportLayerAddress
      + O i SecurityIndication
      + O i SourceNodeTransportLayerAddress : TransportLayerAddress
    E-RABSecurityResultList = items 1..256
      M i E-RABSecurityResultItem
    E-RABSecurityResultItem = record
      e-RAB-ID E-RAB-ID
      securityResult SecurityResult
    IntegrityProtectionResult = enum performed not-performed ...
    IntersystemMeasurementConfiguration = record
      rSRP? int 0..127
      rSRQ? int 0..127
      sINR? int 0..127
      interSystemMeasurementParameters InterSystemMeasurementParameters
    InterSystemMeasurementParameters = record
      measurementDuration int 1..100
      interSystemMeasurementList? InterSystemMeasurementList
    InterSystemMeasurementList = list 1..64 InterSystemMeasurementItem
    InterSystemMeasurementItem = sequence
      freqBandIndicatorNR int 1..1024
      sSBfrequencies int 0..3279165
      subcarrierSpacingSSB enum kHz15 kHz30 kHz60 kHz120 kHz240 ... kHz480 kHz960
      maxRSIndexCellQual? int 1..16
      sMTC? octets
      threshRS-Index-r15? octets
      sSBToMeasure? octets
      sSRSSIMeasurement? octets
      quantityConfigNR-R15? octets
      excludedCellsToAddModList? octets
      iE-Extensions? extensions
    IMSvoiceEPSfallbackfrom5G = enum true ...
    LastVisitedCell-Item = choice
      e-UTRAN-Cell LastVisitedEUTRANCellInformation
      uTRAN-Cell LastVisitedUTRANCellInformation
      gERAN-Cell LastVisitedGERANCellInformation
      ...
      nG-RAN-Cell LastVisitedNGRANCellInformation
    LastVisitedEUTRANCellInformation = record
      global-Cell-ID EUTRAN-CGI
      cellType CellType
      time-UE-StayedInCell Time-UE-StayedInCell
      + O i Time-UE-StayedInCell-EnhancedGranularity
      + O i HO-Cause : Cause
      + O i lastVisitedPSCellList : LastVisitedPSCellList
    LastVisitedPSCellList = list 1..8 LastVisitedPSCellInformation
    LastVisitedPSCellInformation = record
      pSCellID? PSCellInformation
      timeStay int 0..40950
    LastVisitedNGRANCellInformation = octets
    LastVisitedUTRANCellInformation = octets
    LastVisitedGERANCellInformation = choice
      undefined null
      ...
    MobilityInformation = bits 32
    RACSIndication = enum true ...
    RAN-UE-NGAP-ID = int 0..4294967295
    RRC-Container = octets
    SecurityResult = record
      integrityProtectionResult IntegrityProtectionResult
    SourceNodeID = choice
      sourceNgRanNode-ID SourceNgRanNode-ID
      sourceNodeID-Extension SourceNodeID-Extension
    SourceNodeID-Extension = item
    SourceeNB-ToTargeteNB-TransparentContainer = record
      rRC-Container RRC-Container
      e-RABInformationList? E-RABInformationList
      targetCell-ID EUTRAN-CGI
      subscriberProfileIDforRFP? SubscriberProfileIDforRFP
      uE-HistoryInformation UE-HistoryInformation
      + O i MobilityInformation
      + O i uE-HistoryInformationFromTheUE : UE-HistoryInformationFromTheUE
      + O i IMSvoiceEPSfallbackfrom5G
      + O i AdditionalRRMPriorityIndex
      + O i ContextatSource
      + O i IntersystemMeasurementConfiguration
      + O i SourceNodeID
      + O i EmergencyIndicator
      + O i UEContextReferenceatSourceeNB : ENB-UE-S1AP-ID
      + O i SourceSNID : Global-RAN-NODE-ID
      + O i Direct-Forwarding-Path-Availability
      + O i TimeBasedHandoverInformation
    SourceNgRanNode-ID = record
      global-RAN-NODE-ID Global-RAN-NODE-ID
      selected-TAI FiveGSTAI
    TargeteNB-ToSourceeNB-TransparentContainer = record
      rRC-Container RRC-Container
      + O i DAPSResponseInfoList
      + O i RACSIndication
      + O i E-RABSecurityResultList
      + O i Direct-Forwarding-Path-Availability
    TimeBasedHandoverInformation = record
      hOWindowStart HandoverWindowStart
      hOWindowDuration HandoverWindowDuration
    HandoverWindowStart = int 0..1048575
    HandoverWindowDuration = int 1..6000
    Time-UE-StayedInCell = int 0..4095
    Time-UE-StayedInCell-EnhancedGranularity = int 0..40950
    UE-HistoryInformation = list 1..16 LastVisitedCell-Item
    UE-HistoryInformationFromTheUE = octets
    """#
}
