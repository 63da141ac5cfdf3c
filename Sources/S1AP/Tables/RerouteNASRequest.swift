extension GrammarText {
  /// REROUTE NAS REQUEST and the types that only this procedure uses.
  static let rerouteNASRequest = #"""
    procedure 52 reject
    message initiating RerouteNASRequest = REROUTE NAS REQUEST
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i MME-UE-S1AP-ID
      M r S1-Message : octets
      M r MME-Group-ID
      O i Additional-GUTI
      O i UE-Usage-Type
    Additional-GUTI = record
      gUMMEI GUMMEI
      m-TMSI M-TMSI
    """#
}
