extension GrammarText {
  /// MME CP RELOCATION INDICATION.
  static let mMECPRelocationIndication = #"""
    procedure 61 reject
    message initiating MMECPRelocationIndication = MME CP RELOCATION INDICATION
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
    """#
}
