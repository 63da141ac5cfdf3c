extension GrammarText {
  /// UE CONTEXT RESUME REQUEST and the types that only this procedure uses.
  static let uEContextResume = #"""
    procedure 56 reject
    message initiating UEContextResumeRequest = UE CONTEXT RESUME REQUEST
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O r E-RABFailedToResumeListResumeReq
      O i RRC-Resume-Cause : RRC-Establishment-Cause
    message successful UEContextResumeResponse = UE CONTEXT RESUME RESPONSE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O r E-RABFailedToResumeListResumeRes
      O i CriticalityDiagnostics
      O r SecurityContext
      O i PendingDataIndication
    message unsuccessful UEContextResumeFailure = UE CONTEXT RESUME FAILURE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i Cause
      O i CriticalityDiagnostics
    E-RABFailedToResumeListResumeReq = items 1..256
      M r E-RABFailedToResumeItemResumeReq
    E-RABFailedToResumeItemResumeReq = record
      e-RAB-ID E-RAB-ID
      cause Cause
    E-RABFailedToResumeListResumeRes = items 1..256
      M r E-RABFailedToResumeItemResumeRes
    E-RABFailedToResumeItemResumeRes = record
      e-RAB-ID E-RAB-ID
      cause Cause
    """#
}
