extension GrammarText {
  /// SECONDARY RAT DATA USAGE REPORT and the types that only this procedure uses.
  static let secondaryRATDataUsageReport = #"""
    procedure 62 ignore
    message initiating SecondaryRATDataUsageReport = SECONDARY RAT DATA USAGE REPORT
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i SecondaryRATDataUsageReportList
      O i HandoverFlag
      O i UserLocationInformation
      O i TimeSinceSecondaryNodeRelease
    HandoverFlag = enum handoverPreparation ...
    """#
}
