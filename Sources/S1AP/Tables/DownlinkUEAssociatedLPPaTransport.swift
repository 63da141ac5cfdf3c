extension GrammarText {
  /// DOWNLINK UE ASSOCIATED LPPA TRANSPORT.
  static let downlinkUEAssociatedLPPaTransport = #"""
    procedure 44 ignore
    message initiating DownlinkUEAssociatedLPPaTransport = DOWNLINK UE ASSOCIATED LPPA TRANSPORT
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r Routing-ID
      M r LPPa-PDU
    """#
}
