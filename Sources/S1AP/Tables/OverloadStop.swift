extension GrammarText {
  /// OVERLOAD STOP.
  static let overloadStop = #"""
    procedure 35 reject
    message initiating OverloadStop = OVERLOAD STOP
      O i GUMMEIList
    """#
}
