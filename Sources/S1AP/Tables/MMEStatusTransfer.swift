extension GrammarText {
  /// MME STATUS TRANSFER.
  static let mMEStatusTransfer = #"""
    procedure 25 ignore
    message initiating MMEStatusTransfer = MME STATUS TRANSFER
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M r eNB-StatusTransfer-TransparentContainer : ENB-StatusTransfer-TransparentContainer
    """#
}
