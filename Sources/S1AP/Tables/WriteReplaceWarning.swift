extension GrammarText {
  /// WRITE REPLACE WARNING REQUEST and the types that only this procedure uses.
  static let writeReplaceWarning = #"""
    procedure 36 reject
    message initiating WriteReplaceWarningRequest = WRITE REPLACE WARNING REQUEST
      M r MessageIdentifier
      M r SerialNumber
      O i WarningAreaList
      M r RepetitionPeriod
      O r ExtendedRepetitionPeriod
      M r NumberofBroadcastRequest
      O i WarningType
      O i WarningSecurityInfo
      O i DataCodingScheme
      O i WarningMessageContents
      O r ConcurrentWarningMessageIndicator
      O i WarningAreaCoordinates
    message successful WriteReplaceWarningResponse = WRITE REPLACE WARNING RESPONSE
      M r MessageIdentifier
      M r SerialNumber
      O i BroadcastCompletedAreaList
      O i CriticalityDiagnostics
    BroadcastCompletedAreaList = choice
      cellID-Broadcast CellID-Broadcast
      tAI-Broadcast TAI-Broadcast
      emergencyAreaID-Broadcast EmergencyAreaID-Broadcast
      ...
    CellID-Broadcast = list 1..65535 CellID-Broadcast-Item
    CellID-Broadcast-Item = record
      eCGI EUTRAN-CGI
    ConcurrentWarningMessageIndicator = enum true
    DataCodingScheme = bits 8
    EmergencyAreaID-Broadcast = list 1..65535 EmergencyAreaID-Broadcast-Item
    EmergencyAreaID-Broadcast-Item = record
      emergencyAreaID EmergencyAreaID
      completedCellinEAI CompletedCellinEAI
    CompletedCellinEAI = list 1..65535 CompletedCellinEAI-Item
    CompletedCellinEAI-Item = record
      eCGI EUTRAN-CGI
    ExtendedRepetitionPeriod = int 4096..131071
    NumberofBroadcastRequest = int 0..65535
    RepetitionPeriod = int 0..4095
    TAI-Broadcast = list 1..65535 TAI-Broadcast-Item
    TAI-Broadcast-Item = record
      tAI TAI
      completedCellinTAI CompletedCellinTAI
    CompletedCellinTAI = list 1..65535 CompletedCellinTAI-Item
    CompletedCellinTAI-Item = record
      eCGI EUTRAN-CGI
    WarningAreaCoordinates = octets 1..1024
    WarningType = octets 2
    WarningSecurityInfo = octets 50
    WarningMessageContents = octets 1..9600
    """#
}
