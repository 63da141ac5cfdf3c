extension GrammarText {
  /// PRIVATE MESSAGE.
  static let privateMessage = #"""
    procedure 39 ignore
    message initiating PrivateMessage = PRIVATE MESSAGE
      = PrivateMessage-Contents
    PrivateMessage-Contents = sequence
      privateIEs list 1..65535 PrivateIE-Field
      ...
    PrivateIE-Field = sequence
      id PrivateIE-ID
      criticality enum reject ignore notify
      value octets
    PrivateIE-ID = choice
      local int 0..65535
      global octets
    """#
}
