extension GrammarText {
  /// ENB CONFIGURATION TRANSFER.
  static let eNBConfigurationTransfer = #"""
    procedure 40 ignore
    message initiating ENBConfigurationTransfer = ENB CONFIGURATION TRANSFER
      O i SONConfigurationTransferECT : SONConfigurationTransfer
      O i EN-DCSONConfigurationTransfer-ECT : EN-DCSONConfigurationTransfer
      O i IntersystemSONConfigurationTransferECT : IntersystemSONConfigurationTransfer
    """#
}
