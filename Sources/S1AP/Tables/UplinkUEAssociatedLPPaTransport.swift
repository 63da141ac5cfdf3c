extension GrammarText {
  /// UPLINK UE ASSOCIATED LPPA TRANSPORT.
  static let uplinkUEAssociatedLPPaTransport = #"""
    procedure 45 ignore
    message initiating UplinkUEAssociatedLPPaTransport = UPLINK UE ASSOCIATED LPPA TRANSPORT
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r Routing-ID
      M r LPPa-PDU
    """#
}
