extension GrammarText {
  /// MME DIRECT INFORMATION TRANSFER.
  static let mMEDirectInformationTransfer = #"""
    procedure 38 ignore
    message initiating MMEDirectInformationTransfer = MME DIRECT INFORMATION TRANSFER
      M r Inter-SystemInformationTransferTypeMDT : Inter-SystemInformationTransferType
    """#
}
