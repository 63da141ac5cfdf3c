extension GrammarText {
  /// CELL TRAFFIC TRACE and the types that only this procedure uses.
  static let cellTrafficTrace = #"""
    procedure 42 ignore
    message initiating CellTrafficTrace = CELL TRAFFIC TRACE
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i E-UTRAN-Trace-ID
      M i EUTRAN-CGI
      M i TraceCollectionEntityIPAddress : TransportLayerAddress
      O i PrivacyIndicator
    PrivacyIndicator = enum immediate-MDT logged-MDT ...
    """#
}
