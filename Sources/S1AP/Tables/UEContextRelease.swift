extension GrammarText {
  /// UE CONTEXT RELEASE COMMAND and the types that only this procedure uses.
  static let uEContextRelease = #"""
    procedure 23 reject
    message initiating UEContextReleaseCommand = UE CONTEXT RELEASE COMMAND
      M r UE-S1AP-IDs
      M i Cause
    message successful UEContextReleaseComplete = UE CONTEXT RELEASE COMPLETE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i CriticalityDiagnostics
      O i UserLocationInformation
      O i InformationOnRecommendedCellsAndENBsForPaging
      O i CellIdentifierAndCELevelForCECapableUEs
      O i SecondaryRATDataUsageReportList
      O i TimeSinceSecondaryNodeRelease
    UE-S1AP-IDs = choice
      uE-S1AP-ID-pair UE-S1AP-ID-pair
      mME-UE-S1AP-ID MME-UE-S1AP-ID
      ...
    UE-S1AP-ID-pair = record
      mME-UE-S1AP-ID MME-UE-S1AP-ID
      eNB-UE-S1AP-ID ENB-UE-S1AP-ID
    """#
}
