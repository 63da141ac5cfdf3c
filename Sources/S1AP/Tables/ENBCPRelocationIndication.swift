extension GrammarText {
  /// ENB CP RELOCATION INDICATION and the types that only this procedure uses.
  static let eNBCPRelocationIndication = #"""
    procedure 60 reject
    message initiating ENBCPRelocationIndication = ENB CP RELOCATION INDICATION
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r S-TMSI
      M i EUTRAN-CGI
      M i TAI
      M r UL-CP-SecurityInformation
      O i LTE-NTN-TAI-Information
    UL-CP-SecurityInformation = record
      ul-NAS-MAC UL-NAS-MAC
      ul-NAS-Count UL-NAS-Count
    UL-NAS-MAC = bits 16
    UL-NAS-Count = bits 5
    """#
}
