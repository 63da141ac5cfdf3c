extension GrammarText {
  /// RETRIEVE UE INFORMATION.
  static let retrieveUEInformation = #"""
    procedure 58 reject
    message initiating RetrieveUEInformation = RETRIEVE UE INFORMATION
      M r S-TMSI
    """#
}
