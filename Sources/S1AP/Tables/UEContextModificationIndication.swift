extension GrammarText {
  /// UE CONTEXT MODIFICATION INDICATION.
  static let uEContextModificationIndication = #"""
    procedure 53 reject
    message initiating UEContextModificationIndication = UE CONTEXT MODIFICATION INDICATION
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O r CSGMembershipInfo
    message successful UEContextModificationConfirm = UE CONTEXT MODIFICATION CONFIRM
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i CSGMembershipStatus
      O i CriticalityDiagnostics
    """#
}
