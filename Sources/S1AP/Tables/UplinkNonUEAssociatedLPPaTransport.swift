extension GrammarText {
  /// UPLINK NON UE ASSOCIATED LPPA TRANSPORT.
  static let uplinkNonUEAssociatedLPPaTransport = #"""
    procedure 47 ignore
    message initiating UplinkNonUEAssociatedLPPaTransport = UPLINK NON UE ASSOCIATED LPPA TRANSPORT
      M r Routing-ID
      M r LPPa-PDU
    """#
}
