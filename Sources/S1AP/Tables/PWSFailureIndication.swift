extension GrammarText {
  /// PWS FAILURE INDICATION and the types that only this procedure uses.
  static let pWSFailureIndication = #"""
    procedure 51 ignore
    message initiating PWSFailureIndication = PWS FAILURE INDICATION
      M r PWSfailedECGIList
      M r Global-ENB-ID
    PWSfailedECGIList = list 1..256 EUTRAN-CGI
    """#
}
