extension GrammarText {
  /// INITIAL CONTEXT SETUP REQUEST and the types that only this procedure uses.
  static let initialContextSetup = #"""
    procedure 9 reject
    message initiating InitialContextSetupRequest = INITIAL CONTEXT SETUP REQUEST
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r uEaggregateMaximumBitrate : UEAggregateMaximumBitrate
      M r E-RABToBeSetupListCtxtSUReq
      M r UESecurityCapabilities
      M r SecurityKey
      O i TraceActivation
      O i HandoverRestrictionList
      O i UERadioCapability
      O i SubscriberProfileIDforRFP
      O r CSFallbackIndicator
      O i SRVCCOperationPossible
      O i CSGMembershipStatus
      O i RegisteredLAI : LAI
      O i GUMMEI-ID : GUMMEI
      O i MME-UE-S1AP-ID-2 : MME-UE-S1AP-ID
      O i ManagementBasedMDTAllowed
      O i ManagementBasedMDTPLMNList : MDTPLMNList
      C i AdditionalCSFallbackIndicator
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
      O i IAB-Authorized
      O i NRV2XServicesAuthorized
      O i NRUESidelinkAggregateMaximumBitrate
      O i PC5QoSParameters
      O r UERadioCapabilityID
      O i CoarseUELocation
      O i TimeRefDistribution
    message successful InitialContextSetupResponse = INITIAL CONTEXT SETUP RESPONSE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i E-RABSetupListCtxtSURes
      O i E-RABFailedToSetupListCtxtSURes : E-RABList
      O i CriticalityDiagnostics
    message unsuccessful InitialContextSetupFailure = INITIAL CONTEXT SETUP FAILURE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i Cause
      O i CriticalityDiagnostics
    E-RABToBeSetupListCtxtSUReq = items 1..256
      M r E-RABToBeSetupItemCtxtSUReq
    E-RABToBeSetupItemCtxtSUReq = record
      e-RAB-ID E-RAB-ID
      e-RABlevelQoSParameters E-RABLevelQoSParameters
      transportLayerAddress TransportLayerAddress
      gTP-TEID GTP-TEID
      nAS-PDU? NAS-PDU
      + O i Correlation-ID
      + O i SIPTO-Correlation-ID : Correlation-ID
      + O r BearerType
      + O i Ethernet-Type
      + O r SecurityIndication
    E-RABSetupListCtxtSURes = items 1..256
      M i E-RABSetupItemCtxtSURes
    E-RABSetupItemCtxtSURes = record
      e-RAB-ID E-RAB-ID
      transportLayerAddress TransportLayerAddress
      gTP-TEID GTP-TEID
    """#
}
