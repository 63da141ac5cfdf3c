extension GrammarText {
  /// UE CAPABILITY INFO INDICATION and the types that only this procedure uses.
  static let uECapabilityInfoIndication = #"""
    procedure 22 ignore
    message initiating UECapabilityInfoIndication = UE CAPABILITY INFO INDICATION
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i UERadioCapability
      O i UERadioCapabilityForPaging
      O i UE-Application-Layer-Measurement-Capability
      O i LTE-M-Indication
      O i UERadioCapability-NR-Format : UERadioCapability
      O i UERadioCapabilityForPaging-NR-Format : UERadioCapabilityForPaging
    LTE-M-Indication = enum lte-m ...
    """#
}
