extension GrammarText {
  /// OVERLOAD START and the types that only this procedure uses.
  static let overloadStart = #"""
    procedure 34 ignore
    message initiating OverloadStart = OVERLOAD START
      M r OverloadResponse
      O i GUMMEIList
      O i TrafficLoadReductionIndication
    OverloadAction = enum reject-non-emergency-mo-dt reject-rrc-cr-signalling \
      permit-emergency-sessions-and-mobile-terminated-services-only ... \
      permit-high-priority-sessions-and-mobile-terminated-services-only reject-delay-tolerant-access \
      permit-high-priority-sessions-and-exception-reporting-and-mobile-terminated-services-only \
      not-accept-mo-data-or-delay-tolerant-access-from-CP-CIoT
    OverloadResponse = choice
      overloadAction OverloadAction
      ...
    TrafficLoadReductionIndication = int 1..99
    """#
}
