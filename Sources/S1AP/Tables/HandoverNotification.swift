extension GrammarText {
  /// HANDOVER NOTIFY and the types that only this procedure uses.
  static let handoverNotification = #"""
    procedure 2 ignore
    message initiating HandoverNotify = HANDOVER NOTIFY
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i EUTRAN-CGI
      M i TAI
      O i Tunnel-Information-for-BBF : TunnelInformation
      O i LHN-ID
      O i PSCellInformation
      O i NotifySourceeNB
      O i LTE-NTN-TAI-Information
    NotifySourceeNB = enum notifySource ...
    """#
}
