extension GrammarText {
  /// LOCATION REPORT.
  static let locationReport = #"""
    procedure 33 ignore
    message initiating LocationReport = LOCATION REPORT
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i EUTRAN-CGI
      M i TAI
      M i RequestType
      O i PSCellInformation
      O i LTE-NTN-TAI-Information
    """#
}
