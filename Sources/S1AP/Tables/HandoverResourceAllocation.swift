extension GrammarText {
  /// HANDOVER REQUEST and the types that only this procedure uses.
  static let handoverResourceAllocation = #"""
    procedure 1 reject
    message initiating HandoverRequest = HANDOVER REQUEST
      M r MME-UE-S1AP-ID
      M r HandoverType
      M i Cause
      M r uEaggregateMaximumBitrate : UEAggregateMaximumBitrate
      M r E-RABToBeSetupListHOReq
      M r Source-ToTarget-TransparentContainer
      M r UESecurityCapabilities
      O i HandoverRestrictionList
      O i TraceActivation
      O i RequestType
      O i SRVCCOperationPossible
      M r SecurityContext
      C r NASSecurityParameterstoE-UTRAN
      O r CSG-Id
      O i CSGMembershipStatus
      O i GUMMEI-ID : GUMMEI
      O i MME-UE-S1AP-ID-2 : MME-UE-S1AP-ID
      O i ManagementBasedMDTAllowed
      O i ManagementBasedMDTPLMNList : MDTPLMNList
      O i Masked-IMEISV
      O i ExpectedUEBehaviour
      O i ProSeAuthorized
      O i UEUserPlaneCIoTSupportIndicator
      O i V2XServicesAuthorized
      O i UESidelinkAggregateMaximumBitrate
      O i EnhancedCoverageRestricted
      O i NRUESecurityCapabilities
      O i CE-ModeBRestricted
      O i AerialUEsubscriptionInformation
      O i PendingDataIndication
      O i Subscription-Based-UE-DifferentiationInfo
      O i AdditionalRRMPriorityIndex
      O r IAB-Authorized
      O i NRV2XServicesAuthorized
      O i NRUESidelinkAggregateMaximumBitrate
      O i PC5QoSParameters
      O r UERadioCapabilityID
      O i TimeRefDistribution
    message successful HandoverRequestAcknowledge = HANDOVER REQUEST ACKNOWLEDGE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i E-RABAdmittedList
      O i E-RABFailedToSetupListHOReqAck : E-RABFailedtoSetupListHOReqAck
      M r Target-ToSource-TransparentContainer
      O i CSG-Id
      O i CriticalityDiagnostics
      O i CellAccessMode
      O i CE-mode-B-SupportIndicator
    message unsuccessful HandoverFailure = HANDOVER FAILURE
      M i MME-UE-S1AP-ID
      M i Cause
      O i CriticalityDiagnostics
    Data-Forwarding-Not-Possible = enum data-Forwarding-not-Possible ...
    NASSecurityParameterstoE-UTRAN = octets
    E-RABToBeSetupListHOReq = items 1..256
      M r E-RABToBeSetupItemHOReq
    E-RABToBeSetupItemHOReq = record
      e-RAB-ID E-RAB-ID
      transportLayerAddress TransportLayerAddress
      gTP-TEID GTP-TEID
      e-RABlevelQosParameters E-RABLevelQoSParameters
      + O i Data-Forwarding-Not-Possible
      + O r BearerType
      + O i Ethernet-Type
      + O r SecurityIndication
    E-RABAdmittedList = items 1..256
      M i E-RABAdmittedItem
    E-RABAdmittedItem = record
      e-RAB-ID E-RAB-ID
      transportLayerAddress TransportLayerAddress
      gTP-TEID GTP-TEID
      dL-transportLayerAddress? TransportLayerAddress
      dL-gTP-TEID? GTP-TEID
      uL-TransportLayerAddress? TransportLayerAddress
      uL-GTP-TEID? GTP-TEID
    E-RABFailedtoSetupListHOReqAck = items 1..256
      M i E-RABFailedtoSetupItemHOReqAck : E-RABFailedToSetupItemHOReqAck
    E-RABFailedToSetupItemHOReqAck = record
      e-RAB-ID E-RAB-ID
      cause Cause
    """#
}
