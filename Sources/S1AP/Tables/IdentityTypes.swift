extension GrammarText {
  /// Identities and areas (TS 36.413 §9.2.1, §9.2.3).
  static let identityTypes = #"""
    BPLMNs = list 1..6 PLMNidentity
    CellAccessMode = enum hybrid ...
    CellIdentifierAndCELevelForCECapableUEs = record
      global-Cell-ID EUTRAN-CGI
      cELevel CELevel
    CellIdentity = bits 28
    Cdma2000RATType = enum hRPD onexRTT ...
    CI = octets 2
    ConnectedengNBList = list 1..256 ConnectedengNBItem
    ConnectedengNBItem = record
      en-gNB-ID En-gNB-ID
      supportedTAs SupportedTAs
    Correlation-ID = octets 4
    CSG-Id = bits 27
    CSG-IdList = list 1..256 CSG-IdList-Item
    CSG-IdList-Item = record
      cSG-Id CSG-Id
    CSGMembershipStatus = enum member not-member
    DCN-ID = int 0..65535
    ECGIList = list 1..65535 EUTRAN-CGI
    EmergencyAreaIDList = list 1..65535 EmergencyAreaID
    EmergencyAreaID = octets 3
    ECGI-List = list 1..256 EUTRAN-CGI
    ENB-EarlyStatusTransfer-TransparentContainer = record
      bearers-SubjectToEarlyStatusTransferList Bearers-SubjectToEarlyStatusTransferList
      + O i Bearers-SubjectToDLDiscardingList
    ENB-ID = choice
      macroENB-ID bits 20
      homeENB-ID bits 28
      ...
      short-macroENB-ID bits 18
      long-macroENB-ID bits 21
    En-gNB-ID = bits 22..32 ...
    GERAN-Cell-ID = record
      lAI LAI
      rAC RAC
      cI CI
    Global-ENB-ID = record
      pLMNidentity PLMNidentity
      eNB-ID ENB-ID
    Global-en-gNB-ID = record
      pLMNidentity PLMNidentity
      en-gNB-ID En-gNB-ID
    GUMMEIList = list 1..256 GUMMEI
    ENB-StatusTransfer-TransparentContainer = record
      bearers-SubjectToStatusTransferList Bearers-SubjectToStatusTransferList
    ENB-UE-S1AP-ID = int 0..16777215
    ENBname = text 1..150 ...
    ENBX2TLAs = list 1..2 TransportLayerAddress
    EN-DCSONeNBIdentification = record
      globaleNBID Global-ENB-ID
      selectedTAI TAI
    EN-DCSONengNBIdentification = record
      globalengNBID Global-en-gNB-ID
      selectedTAI TAI
    EPLMNs = list 1..15 PLMNidentity
    EUTRAN-CGI = record
      pLMNidentity PLMNidentity
      cell-ID CellIdentity
    ExtendedRNC-ID = int 4096..65535
    FiveGSTAC = octets 3
    FiveGSTAI = record
      pLMNidentity PLMNidentity
      fiveGSTAC FiveGSTAC
    ForbiddenInterRATs = enum all geran utran cdma2000 ... geranandutran cdma2000andutran
    ForbiddenTACs = list 1..4096 TAC
    ForbiddenLACs = list 1..4096 LAC
    GUMMEI = record
      pLMN-Identity PLMNidentity
      mME-Group-ID MME-Group-ID
      mME-Code MME-Code
    GUMMEIType = enum native mapped ... mappedFrom5G
    InformationOnRecommendedCellsAndENBsForPaging = record
      recommendedCellsForPaging RecommendedCellsForPaging
      recommendENBsForPaging RecommendedENBsForPaging
    LAC = octets 2
    LAI = record
      pLMNidentity PLMNidentity
      lAC LAC
    LHN-ID = octets 32..256
    LTE-NTN-TAI-Information = record
      servingPLMN PLMNidentity
      tACList-In-LTE-NTN TACList-In-LTE-NTN
      uE-Location-Derived-TAC? TAC
    MMEname = text 1..150 ...
    MMEPagingTarget = choice
      global-ENB-ID Global-ENB-ID
      tAI TAI
      ...
    MME-Group-ID = octets 2
    MME-Code = octets 1
    MME-UE-S1AP-ID = int 0..4294967295
    M-TMSI = octets 4
    NRCellIdentity = bits 36
    NR-CGI = record
      pLMNIdentity PLMNidentity
      nRCellIdentity NRCellIdentity
    NRrestrictioninEPSasSecondaryRAT = enum nRrestrictedinEPSasSecondaryRAT ...
    PLMNidentity = TBCD-STRING
    PSCellInformation = record
      nCGI NR-CGI
    RecommendedCellsForPaging = record
      recommendedCellList RecommendedCellList
    RecommendedCellList = items 1..16
      M i RecommendedCellItem
    RecommendedCellItem = record
      eUTRAN-CGI EUTRAN-CGI
      timeStayedInCell? int 0..4095
    RecommendedENBsForPaging = record
      recommendedENBList RecommendedENBList
    RecommendedENBList = items 1..16
      M i RecommendedENBItem
    RecommendedENBItem = record
      mMEPagingTarget MMEPagingTarget
    RelativeMMECapacity = int 0..255
    RAC = octets 1
    RAT-Restrictions = list 1..16 RAT-RestrictionsItem
    RAT-RestrictionsItem = record
      pLMNidentity PLMNidentity
      rAT-RestrictionInformation bits 8 ...
    RAT-Type = enum nbiot ... nbiot-leo nbiot-meo nbiot-geo nbiot-othersat eutran-leo eutran-meo eutran-geo eutran-othersat
    RNC-ID = int 0..4095
    Routing-ID = int 0..255
    SecondaryRATType = enum nR ... unlicensed
    SecondaryRATDataUsageReportList = items 1..256
      M i SecondaryRATDataUsageReportItem
    SecondaryRATDataUsageReportItem = record
      e-RAB-ID E-RAB-ID
      secondaryRATType SecondaryRATType
      e-RABUsageReportList E-RABUsageReportList
    SourceeNB-ID = sequence
      global-ENB-ID Global-ENB-ID
      selected-TAI TAI
      iE-Extensions? extensions
    ServedGUMMEIs = list 1..8 ServedGUMMEIsItem
    ServedGUMMEIsItem = record
      servedPLMNs ServedPLMNs
      servedGroupIDs ServedGroupIDs
      servedMMECs ServedMMECs
      + O i GUMMEIType
    ServedMMECs = list 1..256 MME-Code
    ServedPLMNs = list 1..32 PLMNidentity
    S-TMSI = record
      mMEC MME-Code
      m-TMSI M-TMSI
    TAC = octets 2
    TACList-In-LTE-NTN = list 1..12 TAC
    TAIListforWarning = list 1..65535 TAI
    TAI = record
      pLMNidentity PLMNidentity
      tAC TAC
    TBCD-STRING = octets 3
    TargeteNB-ID = record
      global-ENB-ID Global-ENB-ID
      selected-TAI TAI
    TargetRNC-ID = record
      lAI LAI
      rAC? RAC
      rNC-ID RNC-ID
      extendedRNC-ID? ExtendedRNC-ID
    Global-RAN-NODE-ID = choice
      gNB GNB
      ng-eNB NG-eNB
      ...
    GNB = record
      global-gNB-ID Global-GNB-ID
    Global-GNB-ID = record
      pLMN-Identity PLMNidentity
      gNB-ID GNB-Identity
    GNB-Identity = choice
      gNB-ID GNB-ID
      ...
    NG-eNB = record
      global-ng-eNB-ID Global-ENB-ID
    GNB-ID = bits 22..32
    UERadioCapabilityID = octets
    WarningAreaList = choice
      cellIDList ECGIList
      trackingAreaListforWarning TAIListforWarning
      emergencyAreaIDList EmergencyAreaIDList
      ...
    ENBX2ExtTLAs = list 1..16 ENBX2ExtTLA
    ENBX2ExtTLA = record
      iPsecTLA? TransportLayerAddress
      gTPTLAa? ENBX2GTPTLAs
    CSGMembershipInfo = record
      cSGMembershipStatus CSGMembershipStatus
      cSG-Id CSG-Id
      cellAccessMode? CellAccessMode
      pLMNidentity? PLMNidentity
    """#
}
