extension GrammarText {
  /// HANDOVER REQUIRED and the types that only this procedure uses.
  static let handoverPreparation = #"""
    procedure 0 reject
    message initiating HandoverRequired = HANDOVER REQUIRED
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r HandoverType
      M i Cause
      M r TargetID
      O i Direct-Forwarding-Path-Availability
      O r SRVCCHOIndication
      M r Source-ToTarget-TransparentContainer
      O r Source-ToTarget-TransparentContainer-Secondary : Source-ToTarget-TransparentContainer
      C r MSClassmark2
      C i MSClassmark3
      O r CSG-Id
      O r CellAccessMode
      O i PS-ServiceNotAvailable
    message successful HandoverCommand = HANDOVER COMMAND
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r HandoverType
      C r NASSecurityParametersfromE-UTRAN
      O i E-RABSubjecttoDataForwardingList
      O i E-RABtoReleaseListHOCmd : E-RABList
      M r Target-ToSource-TransparentContainer
      O r Target-ToSource-TransparentContainer-Secondary : Target-ToSource-TransparentContainer
      O i CriticalityDiagnostics
    message unsuccessful HandoverPreparationFailure = HANDOVER PREPARATION FAILURE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i Cause
      O i CriticalityDiagnostics
    CGI = record
      pLMNidentity PLMNidentity
      lAC LAC
      cI CI
      rAC? RAC
    MSClassmark2 = octets
    MSClassmark3 = octets
    NASSecurityParametersfromE-UTRAN = octets
    PS-ServiceNotAvailable = enum ps-service-not-available ...
    SRVCCHOIndication = enum pSandCS cSonly ...
    TargetID = choice
      targeteNB-ID TargeteNB-ID
      targetRNC-ID TargetRNC-ID
      cGI CGI
      ...
      targetgNgRanNode-ID TargetNgRanNode-ID
    TargetNgRanNode-ID = record
      global-RAN-NODE-ID Global-RAN-NODE-ID
      selected-TAI FiveGSTAI
    """#
}
