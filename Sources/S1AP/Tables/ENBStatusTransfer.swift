extension GrammarText {
  /// ENB STATUS TRANSFER.
  static let eNBStatusTransfer = #"""
    procedure 24 ignore
    message initiating ENBStatusTransfer = ENB STATUS TRANSFER
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r eNB-StatusTransfer-TransparentContainer : ENB-StatusTransfer-TransparentContainer
    """#
}
