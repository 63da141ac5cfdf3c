extension GrammarText {
  /// LOCATION REPORTING CONTROL.
  static let locationReportingControl = #"""
    procedure 31 ignore
    message initiating LocationReportingControl = LOCATION REPORTING CONTROL
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i RequestType
    """#
}
