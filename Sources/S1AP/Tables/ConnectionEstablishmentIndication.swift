extension GrammarText {
  /// CONNECTION ESTABLISHMENT INDICATION and the types that only this procedure uses.
  static let connectionEstablishmentIndication = #"""
    procedure 54 reject
    message initiating ConnectionEstablishmentIndication = CONNECTION ESTABLISHMENT INDICATION
      M i MME-UE-S1AP-ID
      M i eNB-UE-S1AP-ID : ENB-UE-S1AP-ID
      O i UERadioCapability
      O i EnhancedCoverageRestricted
      O i DL-CP-SecurityInformation
      O i CE-ModeBRestricted
      O i EndIndication
      O i Subscription-Based-UE-DifferentiationInfo
      O i UE-Level-QoS-Parameters : E-RABLevelQoSParameters
      O r UERadioCapabilityID
      O i Masked-IMEISV
      O i CoarseUELocation
    DL-CP-SecurityInformation = record
      dl-NAS-MAC DL-NAS-MAC
    DL-NAS-MAC = bits 16
    """#
}
