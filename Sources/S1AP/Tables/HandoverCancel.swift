extension GrammarText {
  /// HANDOVER CANCEL.
  static let handoverCancel = #"""
    procedure 4 reject
    message initiating HandoverCancel = HANDOVER CANCEL
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i Cause
    message successful HandoverCancelAcknowledge = HANDOVER CANCEL ACKNOWLEDGE
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i CriticalityDiagnostics
    """#
}
