extension GrammarText {
  /// MME CONFIGURATION UPDATE.
  static let mMEConfigurationUpdate = #"""
    procedure 30 reject
    message initiating MMEConfigurationUpdate = MME CONFIGURATION UPDATE
      O i MMEname
      O r ServedGUMMEIs
      O r RelativeMMECapacity
      O i ServedDCNs
    message successful MMEConfigurationUpdateAcknowledge = MME CONFIGURATION UPDATE ACKNOWLEDGE
      O i CriticalityDiagnostics
    message unsuccessful MMEConfigurationUpdateFailure = MME CONFIGURATION UPDATE FAILURE
      M i Cause
      O i TimeToWait
      O i CriticalityDiagnostics
    """#
}
