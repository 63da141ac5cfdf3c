extension GrammarText {
  /// E-RAB MODIFY REQUEST and the types that only this procedure uses.
  static let eRABModify = #"""
    procedure 6 reject
    message initiating E-RABModifyRequest = E-RAB MODIFY REQUEST
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O r uEaggregateMaximumBitrate : UEAggregateMaximumBitrate
      M r E-RABToBeModifiedListBearerModReq
      O i SecondaryRATDataUsageRequest
    message successful E-RABModifyResponse = E-RAB MODIFY RESPONSE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i E-RABModifyListBearerModRes
      O i E-RABFailedToModifyList : E-RABList
      O i CriticalityDiagnostics
      O i SecondaryRATDataUsageReportList
      O i UserLocationInformation
    SecondaryRATDataUsageRequest = enum requested ...
    TransportInformation = sequence
      transportLayerAddress TransportLayerAddress
      uL-GTP-TEID GTP-TEID
      ...
    E-RABToBeModifiedListBearerModReq = items 1..256
      M r E-RABToBeModifiedItemBearerModReq
    E-RABToBeModifiedItemBearerModReq = record
      e-RAB-ID E-RAB-ID
      e-RABLevelQoSParameters E-RABLevelQoSParameters
      nAS-PDU NAS-PDU
      + O r TransportInformation
    E-RABModifyListBearerModRes = items 1..256
      M i E-RABModifyItemBearerModRes
    E-RABModifyItemBearerModRes = record
      e-RAB-ID E-RAB-ID
    """#
}
