extension GrammarText {
  /// E-RAB RELEASE COMMAND and the types that only this procedure uses.
  static let eRABRelease = #"""
    procedure 7 reject
    message initiating E-RABReleaseCommand = E-RAB RELEASE COMMAND
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O r uEaggregateMaximumBitrate : UEAggregateMaximumBitrate
      M i E-RABToBeReleasedList : E-RABList
      O i NAS-PDU
    message successful E-RABReleaseResponse = E-RAB RELEASE RESPONSE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i E-RABReleaseListBearerRelComp
      O i E-RABFailedToReleaseList : E-RABList
      O i CriticalityDiagnostics
      O i UserLocationInformation
      O i SecondaryRATDataUsageReportList
    E-RABReleaseListBearerRelComp = items 1..256
      M i E-RABReleaseItemBearerRelComp
    E-RABReleaseItemBearerRelComp = record
      e-RAB-ID E-RAB-ID
    """#
}
