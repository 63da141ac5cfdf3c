extension GrammarText {
  /// MME EARLY STATUS TRANSFER.
  static let mMEEarlyStatusTransfer = #"""
    procedure 66 ignore
    message initiating MMEEarlyStatusTransfer = MME EARLY STATUS TRANSFER
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r eNB-EarlyStatusTransfer-TransparentContainer : ENB-EarlyStatusTransfer-TransparentContainer
    """#
}
