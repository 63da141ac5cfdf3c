extension GrammarText {
  /// E-RAB MODIFICATION INDICATION and the types that only this procedure uses.
  static let eRABModificationIndication = #"""
    procedure 50 reject
    message initiating E-RABModificationIndication = E-RAB MODIFICATION INDICATION
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r E-RABToBeModifiedListBearerModInd
      O r E-RABNotToBeModifiedListBearerModInd
      O r CSGMembershipInfo
      O i Tunnel-Information-for-BBF : TunnelInformation
      O i SecondaryRATDataUsageReportList
      O i UserLocationInformation
    message successful E-RABModificationConfirm = E-RAB MODIFICATION CONFIRM
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i E-RABModifyListBearerModConf
      O i E-RABFailedToModifyListBearerModConf : E-RABList
      O i E-RABToBeReleasedListBearerModConf : E-RABList
      O i CriticalityDiagnostics
      O i CSGMembershipStatus
    E-RABToBeModifiedListBearerModInd = items 1..256
      M r E-RABToBeModifiedItemBearerModInd
    E-RABToBeModifiedItemBearerModInd = record
      e-RAB-ID E-RAB-ID
      transportLayerAddress TransportLayerAddress
      dL-GTP-TEID GTP-TEID
    E-RABNotToBeModifiedListBearerModInd = items 1..256
      M r E-RABNotToBeModifiedItemBearerModInd
    E-RABNotToBeModifiedItemBearerModInd = record
      e-RAB-ID E-RAB-ID
      transportLayerAddress TransportLayerAddress
      dL-GTP-TEID GTP-TEID
    E-RABModifyListBearerModConf = items 1..256
      M i E-RABModifyItemBearerModConf
    E-RABModifyItemBearerModConf = record
      e-RAB-ID E-RAB-ID
    """#
}
