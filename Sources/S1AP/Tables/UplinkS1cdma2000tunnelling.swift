extension GrammarText {
  /// UPLINK S1 CDMA2000 TUNNELLING and the types that only this procedure uses.
  static let uplinkS1cdma2000tunnelling = #"""
    procedure 20 ignore
    message initiating UplinkS1cdma2000tunnelling = UPLINK S1 CDMA2000 TUNNELLING
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r cdma2000RATType : Cdma2000RATType
      M r cdma2000SectorID : Cdma2000SectorID
      O i cdma2000HORequiredIndication : Cdma2000HORequiredIndication
      O r cdma2000OneXSRVCCInfo : Cdma2000OneXSRVCCInfo
      O r cdma2000OneXRAND : Cdma2000OneXRAND
      M r cdma2000PDU : Cdma2000PDU
      O i EUTRANRoundTripDelayEstimationInfo
    Cdma2000SectorID = octets
    Cdma2000HORequiredIndication = enum true ...
    Cdma2000OneXSRVCCInfo = record
      cdma2000OneXMEID Cdma2000OneXMEID
      cdma2000OneXMSI Cdma2000OneXMSI
      cdma2000OneXPilot Cdma2000OneXPilot
    Cdma2000OneXMEID = octets
    Cdma2000OneXMSI = octets
    Cdma2000OneXPilot = octets
    Cdma2000OneXRAND = octets
    EUTRANRoundTripDelayEstimationInfo = int 0..2047
    """#
}
