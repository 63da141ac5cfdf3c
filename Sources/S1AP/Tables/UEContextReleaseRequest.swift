extension GrammarText {
  /// UE CONTEXT RELEASE REQUEST and the types that only this procedure uses.
  static let uEContextReleaseRequest = #"""
    procedure 18 ignore
    message initiating UEContextReleaseRequest = UE CONTEXT RELEASE REQUEST
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i Cause
      O r GWContextReleaseIndication
      O i SecondaryRATDataUsageReportList
    GWContextReleaseIndication = enum true ...
    """#
}
