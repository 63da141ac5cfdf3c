extension GrammarText {
  /// E-RABs, their QoS and transport addresses (TS 36.413 §9.2.1, §9.2.2).
  static let bearerTypes = #"""
    AdditionalRRMPriorityIndex = bits 32
    AllocationAndRetentionPriority = record
      priorityLevel PriorityLevel
      pre-emptionCapability Pre-emptionCapability
      pre-emptionVulnerability Pre-emptionVulnerability
    Bearers-SubjectToStatusTransferList = items 1..256
      M i Bearers-SubjectToStatusTransfer-Item
    Bearers-SubjectToStatusTransfer-Item = record
      e-RAB-ID E-RAB-ID
      uL-COUNTvalue COUNTvalue
      dL-COUNTvalue COUNTvalue
      receiveStatusofULPDCPSDUs? ReceiveStatusofULPDCPSDUs
      + O i ULCOUNTValueExtended : COUNTValueExtended
      + O i DLCOUNTValueExtended : COUNTValueExtended
      + O i ReceiveStatusOfULPDCPSDUsExtended
      + O i ULCOUNTValuePDCP-SNlength18 : COUNTvaluePDCP-SNlength18
      + O i DLCOUNTValuePDCP-SNlength18 : COUNTvaluePDCP-SNlength18
      + O i ReceiveStatusOfULPDCPSDUsPDCP-SNlength18
    Bearers-SubjectToEarlyStatusTransferList = items 1..256
      M i Bearers-SubjectToEarlyStatusTransfer-Item
    Bearers-SubjectToEarlyStatusTransfer-Item = record
      e-RAB-ID E-RAB-ID
      dLCOUNT-PDCP-SNlength DLCOUNT-PDCP-SNlength
    Bearers-SubjectToDLDiscardingList = items 1..256
      M i Bearers-SubjectToDLDiscarding-Item
    Bearers-SubjectToDLDiscarding-Item = record
      e-RAB-ID E-RAB-ID
      dL-Discarding DLDiscarding
    BearerType = enum non-IP ...
    BitRate = int 0..10000000000
    E-RAB-ID = int 0..15 ...
    E-RABList = items 1..256
      M i E-RABItem
    E-RABItem = record
      e-RAB-ID E-RAB-ID
      cause Cause
    E-RABLevelQoSParameters = record
      qCI QCI
      allocationRetentionPriority AllocationAndRetentionPriority
      gbrQosInformation? GBR-QosInformation
      + O i DownlinkPacketLossRate : Packet-LossRate
      + O i UplinkPacketLossRate : Packet-LossRate
    E-RABUsageReportList = items 1..2
      M i E-RABUsageReportItem
    E-RABUsageReportItem = record
      startTimestamp octets 4
      endTimestamp octets 4
      usageCountUL int 0..18446744073709551615
      usageCountDL int 0..18446744073709551615
    ExtendedBitRate = int 10000000001..4000000000000 ...
    FiveQI = int 0..255 ...
    GTP-TEID = octets 4
    NRUESidelinkAggregateMaximumBitrate = record
      uEaggregateMaximumBitRate BitRate
    Packet-LossRate = int 0..1000
    PC5QoSParameters = record
      pc5QoSFlowList PC5QoSFlowList
      pc5LinkAggregatedBitRates? BitRate
    PC5QoSFlowList = list 1..2048 PC5QoSFlowItem
    PC5QoSFlowItem = record
      pQI FiveQI
      pc5FlowBitRates? PC5FlowBitRates
      range? Range
    PC5FlowBitRates = record
      guaranteedFlowBitRate BitRate
      maximumFlowBitRate BitRate
    Pre-emptionCapability = enum shall-not-trigger-pre-emption may-trigger-pre-emption
    Pre-emptionVulnerability = enum not-pre-emptable pre-emptable
    PriorityLevel = int 0..15
    QCI = int 0..255
    TransportLayerAddress = bits 1..160 ...
    UEAggregateMaximumBitrate = record
      uEaggregateMaximumBitRateDL BitRate
      uEaggregateMaximumBitRateUL BitRate
      + O i extended-uEaggregateMaximumBitRateDL : ExtendedBitRate
      + O i extended-uEaggregateMaximumBitRateUL : ExtendedBitRate
    UESidelinkAggregateMaximumBitrate = record
      uESidelinkAggregateMaximumBitRate BitRate
    ENBX2GTPTLAs = list 1..16 TransportLayerAddress
    ENBIndirectX2TransportLayerAddresses = list 1..2 TransportLayerAddress
    E-RABSubjecttoDataForwardingList = items 1..256
      M i E-RABDataForwardingItem
    E-RABDataForwardingItem = record
      e-RAB-ID E-RAB-ID
      dL-transportLayerAddress? TransportLayerAddress
      dL-gTP-TEID? GTP-TEID
      uL-TransportLayerAddress? TransportLayerAddress
      uL-GTP-TEID? GTP-TEID
    """#
}
