extension GrammarText {
  /// HANDOVER SUCCESS.
  static let handoverSuccess = #"""
    procedure 64 ignore
    message initiating HandoverSuccess = HANDOVER SUCCESS
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
    """#
}
