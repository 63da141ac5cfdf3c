extension GrammarText {
  /// E-RAB RELEASE INDICATION.
  static let eRABReleaseIndication = #"""
    procedure 8 ignore
    message initiating E-RABReleaseIndication = E-RAB RELEASE INDICATION
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i E-RABReleasedList : E-RABList
      O i UserLocationInformation
      O i SecondaryRATDataUsageReportList
    """#
}
