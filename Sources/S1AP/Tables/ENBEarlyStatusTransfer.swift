extension GrammarText {
  /// ENB EARLY STATUS TRANSFER.
  static let eNBEarlyStatusTransfer = #"""
    procedure 65 reject
    message initiating ENBEarlyStatusTransfer = ENB EARLY STATUS TRANSFER
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r eNB-EarlyStatusTransfer-TransparentContainer : ENB-EarlyStatusTransfer-TransparentContainer
    """#
}
