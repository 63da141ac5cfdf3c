extension GrammarText {
  /// KILL REQUEST and the types that only this procedure uses.
  static let kill = #"""
    procedure 43 reject
    message initiating KillRequest = KILL REQUEST
      M r MessageIdentifier
      M r SerialNumber
      O i WarningAreaList
      O r KillAllWarningMessages
    message successful KillResponse = KILL RESPONSE
      M r MessageIdentifier
      M r SerialNumber
      O i BroadcastCancelledAreaList
      O i CriticalityDiagnostics
    BroadcastCancelledAreaList = choice
      cellID-Cancelled CellID-Cancelled
      tAI-Cancelled TAI-Cancelled
      emergencyAreaID-Cancelled EmergencyAreaID-Cancelled
      ...
    CancelledCellinEAI = list 1..65535 CancelledCellinEAI-Item
    CancelledCellinEAI-Item = record
      eCGI EUTRAN-CGI
      numberOfBroadcasts NumberOfBroadcasts
    CancelledCellinTAI = list 1..65535 CancelledCellinTAI-Item
    CancelledCellinTAI-Item = record
      eCGI EUTRAN-CGI
      numberOfBroadcasts NumberOfBroadcasts
    CellID-Cancelled = list 1..65535 CellID-Cancelled-Item
    CellID-Cancelled-Item = record
      eCGI EUTRAN-CGI
      numberOfBroadcasts NumberOfBroadcasts
    EmergencyAreaID-Cancelled = list 1..65535 EmergencyAreaID-Cancelled-Item
    EmergencyAreaID-Cancelled-Item = record
      emergencyAreaID EmergencyAreaID
      cancelledCellinEAI CancelledCellinEAI
    KillAllWarningMessages = enum true
    NumberOfBroadcasts = int 0..65535
    TAI-Cancelled = list 1..65535 TAI-Cancelled-Item
    TAI-Cancelled-Item = record
      tAI TAI
      cancelledCellinTAI CancelledCellinTAI
    """#
}
