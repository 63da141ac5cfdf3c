extension GrammarText {
  /// DOWNLINK S1 CDMA2000 TUNNELLING and the types that only this procedure uses.
  static let downlinkS1cdma2000tunnelling = #"""
    procedure 19 ignore
    message initiating DownlinkS1cdma2000tunnelling = DOWNLINK S1 CDMA2000 TUNNELLING
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i E-RABSubjecttoDataForwardingList
      O i cdma2000HOStatus : Cdma2000HOStatus
      M r cdma2000RATType : Cdma2000RATType
      M r cdma2000PDU : Cdma2000PDU
    Cdma2000HOStatus = enum hOSuccess hOFailure ...
    """#
}
