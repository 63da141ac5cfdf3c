extension GrammarText {
  /// LOCATION REPORTING FAILURE INDICATION.
  static let locationReportingFailureIndication = #"""
    procedure 32 ignore
    message initiating LocationReportingFailureIndication = LOCATION REPORTING FAILURE INDICATION
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i Cause
    """#
}
