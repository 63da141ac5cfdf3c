extension GrammarText {
  /// UE CONTEXT SUSPEND REQUEST.
  static let uEContextSuspend = #"""
    procedure 55 reject
    message initiating UEContextSuspendRequest = UE CONTEXT SUSPEND REQUEST
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i InformationOnRecommendedCellsAndENBsForPaging
      O i CellIdentifierAndCELevelForCECapableUEs
      O i SecondaryRATDataUsageReportList
      O i UserLocationInformation
      O i TimeSinceSecondaryNodeRelease
    message successful UEContextSuspendResponse = UE CONTEXT SUSPEND RESPONSE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i CriticalityDiagnostics
      O r SecurityContext
    """#
}
