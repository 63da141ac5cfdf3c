extension GrammarText {
  /// DOWNLINK NON UE ASSOCIATED LPPA TRANSPORT.
  static let downlinkNonUEAssociatedLPPaTransport = #"""
    procedure 46 ignore
    message initiating DownlinkNonUEAssociatedLPPaTransport = DOWNLINK NON UE ASSOCIATED LPPA TRANSPORT
      M r Routing-ID
      M r LPPa-PDU
    """#
}
