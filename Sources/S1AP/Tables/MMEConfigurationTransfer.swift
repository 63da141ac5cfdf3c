extension GrammarText {
  /// MME CONFIGURATION TRANSFER.
  static let mMEConfigurationTransfer = #"""
    procedure 41 ignore
    message initiating MMEConfigurationTransfer = MME CONFIGURATION TRANSFER
      O i SONConfigurationTransferMCT : SONConfigurationTransfer
      O i EN-DCSONConfigurationTransfer-MCT : EN-DCSONConfigurationTransfer
      O i IntersystemSONConfigurationTransferMCT : IntersystemSONConfigurationTransfer
    """#
}
