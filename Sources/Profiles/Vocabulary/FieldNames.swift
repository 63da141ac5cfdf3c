import NASMessages
import S1AP

/// What `with` can name in a message.
enum FieldNames {
  /// What a field can hold, where that is a closed list.
  struct Words {
    var words: [String]
    /// A number does too.
    var orNumber = false
    /// A part of one of these does too.
    var wholes: [String] = []

    func allow(_ value: String) -> Bool {
      let value = value.lowercased()
      if ["present", "absent"].contains(value) || words.contains(value) { return true }
      if orNumber, !value.isEmpty, value.allSatisfy(\.isNumber) { return true }
      return wholes.contains { $0.lowercased().contains(value) }
    }
  }

  /// - Parameter field: in lower case, as ``names(in:)`` has it.
  /// - Returns: nil where any text may be meant, as in elements of NAS messages.
  static func words(of field: String, in message: MessageName) -> Words? {
    switch (message.kind, field) {
    case (.nas, "mac"), (.serviceRequest, "mac"): Words(words: ["none", "verified", "stale", "failed", "unverifiable"])
    case (.nas, "count"), (.serviceRequest, "count"), (.nas, "eksi"), (.serviceRequest, "eksi"), (.s1ap, "ncc"):
      Words(words: ["a number", "present", "absent"], orNumber: true)
    case (.s1ap, "security key"): Words(words: ["present", "absent"])
    case (.s1ap, "cause"): Words(words: Cause.all.compactMap(\.name), orNumber: true, wholes: Cause.all.map(\.description))
    default: nil
    }
  }

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
