extension GrammarText {
  /// UE RADIO CAPABILITY MATCH REQUEST and the types that only this procedure uses.
  static let uERadioCapabilityMatch = #"""
    procedure 48 reject
    message initiating UERadioCapabilityMatchRequest = UE RADIO CAPABILITY MATCH REQUEST
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i UERadioCapability
      O r UERadioCapabilityID
    message successful UERadioCapabilityMatchResponse = UE RADIO CAPABILITY MATCH RESPONSE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r VoiceSupportMatchIndicator
      O i CriticalityDiagnostics
    VoiceSupportMatchIndicator = enum supported not-supported ...
    """#
}
