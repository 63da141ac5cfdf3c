extension GrammarText {
  /// UE RADIO CAPABILITY ID MAPPING REQUEST.
  static let uERadioCapabilityIDMapping = #"""
    procedure 63 reject
    message initiating UERadioCapabilityIDMappingRequest = UE RADIO CAPABILITY ID MAPPING REQUEST
      M r UERadioCapabilityID
    message successful UERadioCapabilityIDMappingResponse = UE RADIO CAPABILITY ID MAPPING RESPONSE
      M r UERadioCapabilityID
      M i UERadioCapability
      O i CriticalityDiagnostics
    """#
}
