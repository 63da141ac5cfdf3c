extension GrammarText {
  /// ERROR INDICATION.
  static let errorIndication = #"""
    procedure 15 ignore
    message initiating ErrorIndication = ERROR INDICATION
      O i MME-UE-S1AP-ID
      O i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i Cause
      O i CriticalityDiagnostics
      O i S-TMSI
    """#
}
