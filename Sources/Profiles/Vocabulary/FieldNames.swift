import NASMessages

/// What `with` can name in a message.
enum FieldNames {
  /// In lower case.
  static func names(in message: MessageName) -> [String] {
    let protection = ["count", "eksi", "mac"]
    switch message.kind {
    case .s1ap: return ["cause", "ncc", "eea", "eia", "security key"]
    case .s10: return []
    case .serviceRequest: return protection
    case .nas(let types):
      let header = [
        "protocol discriminator", "security header type", "eps bearer identity", "procedure transaction identity", "message type",
      ]
      let elements = MessageTable.all.filter { types.contains($0.type) }.flatMap { $0.rows.map { $0.label.lowercased() } }
      return protection + elements + header
    }
  }
}
