extension GrammarText {
  /// NAS DELIVERY INDICATION.
  static let nASDeliveryIndication = #"""
    procedure 57 ignore
    message initiating NASDeliveryIndication = NAS DELIVERY INDICATION
      M r MME-UE-S1AP-ID
      M r eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
    """#
}
