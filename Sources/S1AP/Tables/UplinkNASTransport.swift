extension GrammarText {
  /// UPLINK NAS TRANSPORT.
  static let uplinkNASTransport = #"""
    procedure 13 ignore
    message initiating UplinkNASTransport = UPLINK NAS TRANSPORT
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r NAS-PDU
      M i EUTRAN-CGI
      M i TAI
      O i GW-TransportLayerAddress : TransportLayerAddress
      O i SIPTO-L-GW-TransportLayerAddress : TransportLayerAddress
      O i LHN-ID
      O i PSCellInformation
      O i LTE-NTN-TAI-Information
    """#
}
