extension GrammarText {
  /// S1 SETUP REQUEST and the types that only this procedure uses.
  static let s1Setup = #"""
    procedure 17 reject
    message initiating S1SetupRequest = S1 SETUP REQUEST
      M r Global-ENB-ID
      O i eNBname : ENBname
      M r SupportedTAs
      M i DefaultPagingDRX : PagingDRX
      O r CSG-IdList
      O i UE-RetentionInformation
      O i NB-IoT-DefaultPagingDRX
      O i ConnectedengNBList
    message successful S1SetupResponse = S1 SETUP RESPONSE
      O i MMEname
      M r ServedGUMMEIs
      M i RelativeMMECapacity
      O i MMERelaySupportIndicator
      O i CriticalityDiagnostics
      O i UE-RetentionInformation
      O i ServedDCNs
      O i IAB-Supported
    message unsuccessful S1SetupFailure = S1 SETUP FAILURE
      M i Cause
      O i TimeToWait
      O i CriticalityDiagnostics
    IAB-Supported = enum true ...
    MMERelaySupportIndicator = enum true ...
    UE-RetentionInformation = enum ues-retained ...
    """#
}
