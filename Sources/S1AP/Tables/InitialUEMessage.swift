extension GrammarText {
  /// INITIAL UE MESSAGE and the types that only this procedure uses.
  static let initialUEMessage = #"""
    procedure 12 ignore
    message initiating InitialUEMessage = INITIAL UE MESSAGE
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r NAS-PDU
      M r TAI
      M i EUTRAN-CGI
      M i RRC-Establishment-Cause
      O r S-TMSI
      O r CSG-Id
      O r GUMMEI-ID : GUMMEI
      O r CellAccessMode
      O i GW-TransportLayerAddress : TransportLayerAddress
      O r RelayNode-Indicator
      O i GUMMEIType
      O i Tunnel-Information-for-BBF : TunnelInformation
      O i SIPTO-L-GW-TransportLayerAddress : TransportLayerAddress
      O i LHN-ID
      O i MME-Group-ID
      O i UE-Usage-Type
      O i CE-mode-B-SupportIndicator
      O i DCN-ID
      O i Coverage-Level
      O i UE-Application-Layer-Measurement-Capability
      O i EDT-Session
      O r IAB-Node-Indication
      O i LTE-NTN-TAI-Information
      O i CoarseUELocationRequested
    CoarseUELocationRequested = enum true ...
    Coverage-Level = enum extendedcoverage ...
    EDT-Session = enum true ...
    IAB-Node-Indication = enum true ...
    RelayNode-Indicator = enum true ...
    """#
}
