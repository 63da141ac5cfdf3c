extension GrammarText {
  /// PWS RESTART INDICATION and the types that only this procedure uses.
  static let pWSRestartIndication = #"""
    procedure 49 ignore
    message initiating PWSRestartIndication = PWS RESTART INDICATION
      M r ECGIListForRestart
      M r Global-ENB-ID
      M r TAIListForRestart
      O r EmergencyAreaIDListForRestart
    EmergencyAreaIDListForRestart = list 1..256 EmergencyAreaID
    ECGIListForRestart = list 1..256 EUTRAN-CGI
    TAIListForRestart = list 1..2048 TAI
    """#
}
