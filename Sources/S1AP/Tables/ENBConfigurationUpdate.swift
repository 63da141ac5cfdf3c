extension GrammarText {
  /// ENB CONFIGURATION UPDATE.
  static let eNBConfigurationUpdate = #"""
    procedure 29 reject
    message initiating ENBConfigurationUpdate = ENB CONFIGURATION UPDATE
      O i eNBname : ENBname
      O r SupportedTAs
      O r CSG-IdList
      O i DefaultPagingDRX : PagingDRX
      O i NB-IoT-DefaultPagingDRX
      O i ConnectedengNBToAddList : ConnectedengNBList
      O i ConnectedengNBToRemoveList : ConnectedengNBList
    message successful ENBConfigurationUpdateAcknowledge = ENB CONFIGURATION UPDATE ACKNOWLEDGE
      O i CriticalityDiagnostics
    message unsuccessful ENBConfigurationUpdateFailure = ENB CONFIGURATION UPDATE FAILURE
      M i Cause
      O i TimeToWait
      O i CriticalityDiagnostics
    """#
}
