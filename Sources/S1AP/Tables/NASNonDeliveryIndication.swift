extension GrammarText {
  /// NAS NON DELIVERY INDICATION.
  static let nASNonDeliveryIndication = #"""
    procedure 16 ignore
    message initiating NASNonDeliveryIndication = NAS NON DELIVERY INDICATION
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      M i NAS-PDU
      M i Cause
    """#
}
