extension GrammarText {
  /// UE CONTEXT MODIFICATION REQUEST and the types that only this procedure uses.
  static let uEContextModification = #"""
    procedure 21 reject
    message initiating UEContextModificationRequest = UE CONTEXT MODIFICATION REQUEST
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O r SecurityKey
      O i SubscriberProfileIDforRFP
      O i uEaggregateMaximumBitrate : UEAggregateMaximumBitrate
      O r CSFallbackIndicator
      O r UESecurityCapabilities
      O i CSGMembershipStatus
      O i RegisteredLAI : LAI
      C i AdditionalCSFallbackIndicator
      O i ProSeAuthorized
      O i SRVCCOperationPossible
      O i SRVCCOperationNotPossible
      O i V2XServicesAuthorized
      O i UESidelinkAggregateMaximumBitrate
      O i NRUESecurityCapabilities
      O i AerialUEsubscriptionInformation
      O i AdditionalRRMPriorityIndex
      O i IAB-Authorized
      O i NRV2XServicesAuthorized
      O i NRUESidelinkAggregateMaximumBitrate
      O i PC5QoSParameters
      O r UERadioCapabilityID
      O i TimeRefDistribution
    message successful UEContextModificationResponse = UE CONTEXT MODIFICATION RESPONSE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i CriticalityDiagnostics
    message unsuccessful UEContextModificationFailure = UE CONTEXT MODIFICATION FAILURE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i Cause
      O i CriticalityDiagnostics
    SRVCCOperationNotPossible = enum notPossible ...
    """#
}
