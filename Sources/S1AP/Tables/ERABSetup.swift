extension GrammarText {
  /// E-RAB SETUP REQUEST and the types that only this procedure uses.
  static let eRABSetup = #"""
    procedure 5 reject
    message initiating E-RABSetupRequest = E-RAB SETUP REQUEST
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O r uEaggregateMaximumBitrate : UEAggregateMaximumBitrate
      M r E-RABToBeSetupListBearerSUReq
    message successful E-RABSetupResponse = E-RAB SETUP RESPONSE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i E-RABSetupListBearerSURes
      O i E-RABFailedToSetupListBearerSURes : E-RABList
      O i CriticalityDiagnostics
      O i UserLocationInformation
    E-RABToBeSetupListBearerSUReq = items 1..256
      M r E-RABToBeSetupItemBearerSUReq
    E-RABToBeSetupItemBearerSUReq = record
      e-RAB-ID E-RAB-ID
      e-RABlevelQoSParameters E-RABLevelQoSParameters
      transportLayerAddress TransportLayerAddress
      gTP-TEID GTP-TEID
      nAS-PDU NAS-PDU
      + O i Correlation-ID
      + O i SIPTO-Correlation-ID : Correlation-ID
      + O r BearerType
      + O i Ethernet-Type
      + O r SecurityIndication
    E-RABSetupListBearerSURes = items 1..256
      M i E-RABSetupItemBearerSURes
    E-RABSetupItemBearerSURes = record
      e-RAB-ID E-RAB-ID
      transportLayerAddress TransportLayerAddress
      gTP-TEID GTP-TEID
    """#
}
