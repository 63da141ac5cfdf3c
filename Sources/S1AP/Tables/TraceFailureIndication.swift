extension GrammarText {
  /// TRACE FAILURE INDICATION.
  static let traceFailureIndication = #"""
    procedure 28 ignore
    message initiating TraceFailureIndication = TRACE FAILURE INDICATION
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i E-UTRAN-Trace-ID
      M i Cause
    """#
}
