import NASCrypto
public import NASMessages

/// A NAS-PDU of the profile's making leaves a UE, or an S1AP-PDU an eNB, beside what they themselves do.
public struct SendStep: Sendable {
  public enum Content: Sendable, Equatable {
    /// Octets as they are.
    case octets([UInt8])
    /// What the UE sent last of that name, once more, octet for octet.
    case replay(MessageName)
    /// What the UE sent last of that name, with a MAC that does not verify.
    case badMAC(MessageName)
    /// A message of that name, made and protected.
    case message(SentMessage)
    /// An S1AP-PDU as it is.
    case s1apOctets([UInt8])
    /// An S1AP message of that name.
    case s1ap(SentS1APMessage)
  }

  public var ue: String?
  public var content: Content
  /// Over an RRC connection of its own, as a stranger's, rather than the UE's.
  public var isOverNewConnection = false
  /// Whose eNB sends it; nil: the one that serves the UE. Of S1AP.
  public var cell: String?
}

/// A message by name: its fields, and how it is protected.
public struct SentMessage: Sendable, Equatable {
  public enum Count: Sendable, Equatable {
    case next
    case exactly(Int)
    case offset(Int)
  }

  public var name: MessageName
  /// nil: SERVICE REQUEST.
  public var type: NASMessageType?
  public var fields: [SentField] = []
  /// nil: as the UE would.
  public var protection: MessagePattern.Protection?
  /// What the header says, whatever the protection is.
  public var headerType: UInt8?
  public var count = Count.next
  /// In the place of the COUNT's low bits.
  public var sequenceNumber: UInt8?
  public var eKSI: UInt8?
  public var hasWrongMAC = false
}

extension StepKind {
  private static let connections = ["its connection", "new connection"]
  private static let ofMessages = ["with", "protection", "header type", "count", "count offset", "sequence number", "eksi", "mac"]

  static let send = StepKind(
    "send",
    "sends a NAS message that the UE would not send: one by name, with its fields and its protection; octets; a replay. Or an S1AP message of its eNB",
    example:
      "send: {message: DETACH REQUEST, with: {detach type: 9}, mac: wrong}",
    arguments: .map(
      [
        ue, .init("message", .message("a NAS or S1AP message; what is not said in it is as the UE, or its eNB, would send it")),
        .init(
          "with", .pairs("fields or IEs of the message and what stands in them: a number, 0x and octets, absent; imsi, imei, guti; a word")),
        .init(
          "protection",
          .word(MessagePattern.Protection.allCases.map(\.rawValue), "how it is protected; as the UE would where it is left out")),
        .init("header type", .integer(0...15, "the security header type that it shows, whatever the protection")),
        .init("count", .integer(0...0xFFFFFF, "the NAS COUNT that it is protected with; the next one where it is left out")),
        .init("count offset", .integer(-0xFFFFFF...0xFFFFFF, "how far the COUNT is from the next one")),
        .init("sequence number", .integer(0...255, "the sequence number that it shows, whatever the COUNT")),
        .init("eksi", .integer(0...15, "the NAS key set identifier in it")),
        .init("mac", .word(["wrong"], "wrong: a MAC that does not verify")),
        .init("octets", .octets("a NAS-PDU")),
        .init("s1ap", .octets("an S1AP-PDU")),
        .init("cell", .reference(.cell, "whose eNB sends an S1AP message; the one that serves the UE where it is left out")),
        .init("replay", .message("a message that the UE, or its eNB, has sent: sent again octet for octet")),
        .init("bad mac", .message("a message that the UE has sent: sent again with a wrong MAC")),
        .init("over", .word(connections, "new connection: as from a stranger in the UE's cell, on which nobody answers")),
      ], "send"), needsArguments: true
  ) { value, place throws(ProfileError) in
    try value?.allowOne(of: [["octets"], ["s1ap"], ["replay"], ["bad mac"], ["message"] + ofMessages])
    for key in ofMessages { try value?.demand(key, beside: ["message"]) }
    try value?.demand("cell", beside: ["message", "s1ap", "replay"])
    let content: SendStep.Content
    if let octets = value?["octets"]?.octets {
      content = .octets(octets)
    } else if let octets = value?["s1ap"]?.octets {
      content = .s1apOctets(octets)
    } else if let message = value?["replay"]?.message {
      if case .s10 = message.kind {
        throw ProfileError(value?["replay"]?.place ?? place, "\(message): expected a NAS or S1AP message")
      }
      content = .replay(message)
    } else if let message = value?["bad mac"]?.message {
      content = .badMAC(message)
    } else if let value, let name = value["message"]?.message {
      content = try named(name, value)
    } else {
      throw ProfileError(place, "send: expected one of message, octets, s1ap, replay, bad mac")
    }
    if content.isS1AP {
      try value?.refuse(["over"], "an S1AP message goes over the association of its eNB")
    } else {
      try value?.refuse(["cell"], "a NAS message goes over the UE's connection; expected cell beside an S1AP message")
    }
    return .send(
      SendStep(
        ue: value?["ue"]?.text, content: content, isOverNewConnection: value?["over"]?.text == connections[1],
        cell: value?["cell"]?.text))
  }

  /// A message by its name: of NAS, or else of S1AP.
  private static func named(_ name: MessageName, _ value: ProfileValue) throws(ProfileError) -> SendStep.Content {
    guard case .s1ap(let message) = name.kind, SentField.table(of: name) == nil else { return .message(try SentMessage(name, value)) }
    guard MessageDirections.allow(name, .uplink) else {
      throw ProfileError(value["message"]?.place ?? value.place, "\(name): expected a message that a UE or an eNB sends")
    }
    try value.refuse(ofMessages.filter { $0 != "with" }, "S1AP has no protection of its own; expected with or cell")
    return .s1ap(try SentS1APMessage(name, message, value["with"]))
  }
}

extension SendStep.Content {
  /// Whether it is an eNB's own, and no NAS-PDU.
  public var isS1AP: Bool {
    switch self {
    case .s1apOctets, .s1ap: true
    case .replay(let name): if case .s1ap = name.kind { true } else { false }
    case .octets, .badMAC, .message: false
    }
  }
}

extension SentMessage {
  /// - Throws: where something beside it does not go with the message, or with the protection.
  fileprivate init(_ name: MessageName, _ value: ProfileValue) throws(ProfileError) {
    self.name = name
    try value.allowOne(of: [["count"], ["count offset"]])
    protection = value["protection"]?.text.flatMap { MessagePattern.Protection(rawValue: $0) }
    headerType = value["header type"]?.integer.map { UInt8(truncatingIfNeeded: $0) }
    if let number = value["count"]?.integer { count = .exactly(number) }
    if let number = value["count offset"]?.integer { count = .offset(number) }
    sequenceNumber = value["sequence number"]?.integer.map { UInt8(truncatingIfNeeded: $0) }
    eKSI = value["eksi"]?.integer.map { UInt8(truncatingIfNeeded: $0) }
    hasWrongMAC = value["mac"] != nil
    if protection == .plain {
      try value.refuse(["header type", "count", "count offset", "sequence number", "mac"], "a plain message has none")
    }
    guard name.kind != .serviceRequest else {
      try value.refuse(["with", "protection"], "SERVICE REQUEST has a form of its own; expected eksi, count, sequence number or mac")
      for (key, limit) in [("sequence number", 31), ("eksi", 7)] {
        guard let number = value[key]?.integer, number > limit else { continue }
        throw ProfileError(value[key]?.place ?? value.place, "\(key): \(name) has 0 to \(limit) there")
      }
      return
    }
    guard let table = SentField.table(of: name) else {
      throw ProfileError(
        value["message"]?.place ?? value.place, "\(name): expected a NAS or S1AP message; what passes between MMEs is out of reach")
    }
    type = table.type
    for entry in value["with"]?.entries ?? [] { fields.append(try SentField(entry.key, at: entry.place, entry.value, in: table)) }
    guard let key = value["eksi"] else { return }
    guard let row = table.rows.first(where: { $0.label == "NAS key set identifier" }) else {
      throw ProfileError(key.place, "eksi: \(name) names no key set")
    }
    fields.append(SentField(.element(row.label), .octets([eKSI ?? 0])))
  }

  /// What is not as the UE would send it, in words: for the verdicts.
  public var deviations: String {
    var words: [String] = []
    if let protection { words.append(protection.rawValue) }
    if let headerType { words.append("header type \(headerType)") }
    switch count {
    case .next: break
    case .exactly(let number): words.append("COUNT \(number)")
    case .offset(let number): words.append("COUNT \(number < 0 ? "" : "+")\(number)")
    }
    if let sequenceNumber { words.append("sequence number \(sequenceNumber)") }
    if let eKSI { words.append("eKSI \(eKSI)") }
    if hasWrongMAC { words.append("wrong MAC") }
    return words.joined(separator: ", ")
  }
}
