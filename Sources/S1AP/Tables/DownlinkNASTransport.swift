extension GrammarText {
  /// DOWNLINK NAS TRANSPORT and the types that only this procedure uses.
  static let downlinkNASTransport = #"""
    procedure 11 ignore
    message initiating DownlinkNASTransport = DOWNLINK NAS TRANSPORT
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r NAS-PDU
      O i HandoverRestrictionList
      O i SubscriberProfileIDforRFP
      O i SRVCCOperationPossible
      O i UERadioCapability
      O i DLNASPDUDeliveryAckRequest
      O i EnhancedCoverageRestricted
      O i NRUESecurityCapabilities
      O i CE-ModeBRestricted
      O i UECapabilityInfoRequest
      O i EndIndication
      O i PendingDataIndication
      O i Subscription-Based-UE-DifferentiationInfo
      O i AdditionalRRMPriorityIndex
      O r UERadioCapabilityID
      O i Masked-IMEISV
      O i CoarseUELocation
    DLNASPDUDeliveryAckRequest = enum requested ...
    UECapabilityInfoRequest = enum requested ...
    """#
}
