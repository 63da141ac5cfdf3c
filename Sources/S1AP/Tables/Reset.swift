extension GrammarText {
  /// RESET and the types that only this procedure uses.
  static let reset = #"""
    procedure 14 reject
    message initiating Reset = RESET
      M i Cause
      M r ResetType
    message successful ResetAcknowledge = RESET ACKNOWLEDGE
      O i UE-associatedLogicalS1-ConnectionListResAck
      O i CriticalityDiagnostics
    UE-associatedLogicalS1-ConnectionItem = record
      mME-UE-S1AP-ID? MME-UE-S1AP-ID
      eNB-UE-S1AP-ID? ENB-UE-S1AP-ID
    ResetType = choice
      s1-Interface ResetAll
      partOfS1-Interface UE-associatedLogicalS1-ConnectionListRes
      ...
    ResetAll = enum reset-all ...
    UE-associatedLogicalS1-ConnectionListRes = items 1..256
      M r UE-associatedLogicalS1-ConnectionItem
    UE-associatedLogicalS1-ConnectionListResAck = items 1..256
      M i UE-associatedLogicalS1-ConnectionItem
    """#
}
