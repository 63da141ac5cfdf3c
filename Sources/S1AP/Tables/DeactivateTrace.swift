extension GrammarText {
  /// DEACTIVATE TRACE.
  static let deactivateTrace = #"""
    procedure 26 ignore
    message initiating DeactivateTrace = DEACTIVATE TRACE
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i E-UTRAN-Trace-ID
    """#
}
