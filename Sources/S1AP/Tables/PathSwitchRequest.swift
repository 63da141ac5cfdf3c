extension GrammarText {
  /// PATH SWITCH REQUEST and the types that only this procedure uses.
  static let pathSwitchRequest = #"""
    procedure 3 reject
    message initiating PathSwitchRequest = PATH SWITCH REQUEST
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r E-RABToBeSwitchedDLList
      M r SourceMME-UE-S1AP-ID : MME-UE-S1AP-ID
      M i EUTRAN-CGI
      M i TAI
      M i UESecurityCapabilities
      O i CSG-Id
      O i CellAccessMode
      O i SourceMME-GUMMEI : GUMMEI
      O i CSGMembershipStatus
      O i Tunnel-Information-for-BBF : TunnelInformation
      O i LHN-ID
      O i RRC-Resume-Cause : RRC-Establishment-Cause
      O i NRUESecurityCapabilities
      O i PSCellInformation
      O i LTE-NTN-TAI-Information
    message successful PathSwitchRequestAcknowledge = PATH SWITCH REQUEST ACKNOWLEDGE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i uEaggregateMaximumBitrate : UEAggregateMaximumBitrate
      O i E-RABToBeSwitchedULList
      O i E-RABToBeReleasedList : E-RABList
      M r SecurityContext
      O i CriticalityDiagnostics
      O i MME-UE-S1AP-ID-2 : MME-UE-S1AP-ID
      O i CSGMembershipStatus
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
      O i HandoverRestrictionList
      O i AdditionalRRMPriorityIndex
      O i NRV2XServicesAuthorized
      O i NRUESidelinkAggregateMaximumBitrate
      O i PC5QoSParameters
      O r UERadioCapabilityID
      O i UESecurityCapabilities
      O i E-RABToBeUpdatedList
      O i TimeRefDistribution
    message unsuccessful PathSwitchRequestFailure = PATH SWITCH REQUEST FAILURE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i Cause
      O i CriticalityDiagnostics
    E-RABToBeSwitchedDLList = items 1..256
      M r E-RABToBeSwitchedDLItem
    E-RABToBeSwitchedDLItem = record
      e-RAB-ID E-RAB-ID
      transportLayerAddress TransportLayerAddress
      gTP-TEID GTP-TEID
      + O i SecurityIndication
    E-RABToBeSwitchedULList = items 1..256
      M i E-RABToBeSwitchedULItem
    E-RABToBeSwitchedULItem = record
      e-RAB-ID E-RAB-ID
      transportLayerAddress TransportLayerAddress
      gTP-TEID GTP-TEID
    E-RABToBeUpdatedList = items 1..256
      M i E-RABToBeUpdatedItem
    E-RABToBeUpdatedItem = record
      e-RAB-ID E-RAB-ID
      securityIndication? SecurityIndication
    """#
}
