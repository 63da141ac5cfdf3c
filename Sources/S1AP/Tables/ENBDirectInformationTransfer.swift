extension GrammarText {
  /// ENB DIRECT INFORMATION TRANSFER.
  static let eNBDirectInformationTransfer = #"""
    procedure 37 ignore
    message initiating ENBDirectInformationTransfer = ENB DIRECT INFORMATION TRANSFER
      M r Inter-SystemInformationTransferTypeEDT : Inter-SystemInformationTransferType
    """#
}
