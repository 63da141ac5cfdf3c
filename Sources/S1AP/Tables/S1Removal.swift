extension GrammarText {
  /// S1 REMOVAL REQUEST.
  static let s1Removal = #"""
    procedure 67 reject
    message initiating S1RemovalRequest = S1 REMOVAL REQUEST
      M r Global-ENB-ID
    message successful S1RemovalResponse = S1 REMOVAL RESPONSE
      O i MMEname
      O i CriticalityDiagnostics
    message unsuccessful S1RemovalFailure = S1 REMOVAL FAILURE
      M i Cause
      O i CriticalityDiagnostics
    """#
}
