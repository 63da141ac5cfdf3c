extension GrammarText {
  /// UE INFORMATION TRANSFER.
  static let uEInformationTransfer = #"""
    procedure 59 reject
    message initiating UEInformationTransfer = UE INFORMATION TRANSFER
      M r S-TMSI
      O i UE-Level-QoS-Parameters : E-RABLevelQoSParameters
      O i UERadioCapability
      O i Subscription-Based-UE-DifferentiationInfo
      O i PendingDataIndication
      O i Masked-IMEISV
    """#
}
