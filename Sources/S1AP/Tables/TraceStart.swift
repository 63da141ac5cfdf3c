extension GrammarText {
  /// TRACE START.
  static let traceStart = #"""
    procedure 27 ignore
    message initiating TraceStart = TRACE START
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i TraceActivation
    """#
}
