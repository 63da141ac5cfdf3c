extension GrammarText {
  /// PRIVATE MESSAGE.
  static let privateMessage = #"""
    procedure 39 ignore
    message initiating PrivateMessage = PRIVATE MESSAGE
    """#
}
