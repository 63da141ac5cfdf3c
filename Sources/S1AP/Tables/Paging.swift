extension GrammarText {
  /// PAGING and the types that only this procedure uses.
  static let paging = #"""
    procedure 10 ignore
    message initiating Paging = PAGING
      M i UEIdentityIndexValue
      M i UEPagingID
      O i pagingDRX : PagingDRX
      M i CNDomain
      M i TAIList
      O i CSG-IdList
      O i PagingPriority
      O i UERadioCapabilityForPaging
      O i AssistanceDataForPaging
      O i Paging-eDRXInformation
      O i extended-UEIdentityIndexValue : Extended-UEIdentityIndexValue
      O i NB-IoT-Paging-eDRXInformation
      O i NB-IoT-UEIdentityIndexValue
      O i EnhancedCoverageRestricted
      O i CE-ModeBRestricted
      O i DataSize
      O i WUS-Assistance-Information
      O i NB-IoT-PagingDRX
      O i PagingCause
    AssistanceDataForCECapableUEs = record
      cellIdentifierAndCELevelForCECapableUEs CellIdentifierAndCELevelForCECapableUEs
    AssistanceDataForPaging = record
      assistanceDataForRecommendedCells? AssistanceDataForRecommendedCells
      assistanceDataForCECapableUEs? AssistanceDataForCECapableUEs
      pagingAttemptInformation? PagingAttemptInformation
    AssistanceDataForRecommendedCells = record
      recommendedCellsForPaging RecommendedCellsForPaging
    CNDomain = enum ps cs
    DataSize = int 1..4095 ...
    Extended-UEIdentityIndexValue = bits 14
    IMSI = octets 3..8
    IntendedNumberOfPagingAttempts = int 1..16 ...
    NB-IoT-PagingDRX = enum v32 v64 v128 v256 v512 v1024 ...
    NB-IoT-Paging-eDRXInformation = record
      nB-IoT-paging-eDRX-Cycle NB-IoT-Paging-eDRX-Cycle
      nB-IoT-pagingTimeWindow? NB-IoT-PagingTimeWindow
    NB-IoT-Paging-eDRX-Cycle = enum hf2 hf4 hf6 hf8 hf10 hf12 hf14 hf16 hf32 hf64 hf128 hf256 hf512 hf1024 ...
    NB-IoT-PagingTimeWindow = enum s1 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 s12 s13 s14 s15 s16 ...
    NB-IoT-UEIdentityIndexValue = bits 12
    NextPagingAreaScope = enum same changed ...
    PagingAttemptInformation = record
      pagingAttemptCount PagingAttemptCount
      intendedNumberOfPagingAttempts IntendedNumberOfPagingAttempts
      nextPagingAreaScope? NextPagingAreaScope
    PagingAttemptCount = int 1..16 ...
    Paging-eDRXInformation = record
      paging-eDRX-Cycle Paging-eDRX-Cycle
      pagingTimeWindow? PagingTimeWindow
    Paging-eDRX-Cycle = enum hfhalf hf1 hf2 hf4 hf6 hf8 hf10 hf12 hf14 hf16 hf32 hf64 hf128 hf256 ...
    PagingTimeWindow = enum s1 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 s12 s13 s14 s15 s16 ...
    PagingPriority = enum priolevel1 priolevel2 priolevel3 priolevel4 priolevel5 priolevel6 priolevel7 priolevel8 ...
    PagingProbabilityInformation = enum p00 p05 p10 p15 p20 p25 p30 p35 p40 p45 p50 p55 p60 p65 p70 p75 p80 p85 p90 p95 p100 ...
    PagingCause = enum voice ...
    UEIdentityIndexValue = bits 10
    UEPagingID = choice
      s-TMSI S-TMSI
      iMSI IMSI
      ...
    WUS-Assistance-Information = record
      pagingProbabilityInformation PagingProbabilityInformation
    TAIList = items 1..256
      M i TAIItem
    TAIItem = record
      tAI TAI
    """#
}
