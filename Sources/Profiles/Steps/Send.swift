/// A NAS-PDU of the profile's making leaves a connected UE, beside what the UE itself does.
public struct SendStep: Sendable {
  public enum Content: Sendable, Equatable {
    /// Octets as they are.
    case octets([UInt8])
    /// What the UE sent last of that name, once more, octet for octet.
    case replay(MessageName)
    /// What the UE sent last of that name, with a MAC that does not verify.
    case badMAC(MessageName)
  }

  public var ue: String?
  public var content: Content
}

extension StepKind {
  static let send = StepKind(
    "send", "sends a NAS-PDU that the UE would not send: octets, a replay, one with a wrong MAC",
    example:
      "send: {replay: ATTACH COMPLETE}",
    arguments: .map(
      [
        ue, .init("octets", .octets("a NAS-PDU")),
        .init("replay", .message("a message that the UE has sent: sent again octet for octet")),
        .init("bad mac", .message("a message that the UE has sent: sent again with a wrong MAC")),
      ], "send"), needsArguments: true
  ) { value, place throws(ProfileError) in
    try value?.allowOne(of: [["octets"], ["replay"], ["bad mac"]])
    let content: SendStep.Content
    if let octets = value?["octets"]?.octets {
      content = .octets(octets)
    } else if let message = value?["replay"]?.message {
      content = .replay(message)
    } else if let message = value?["bad mac"]?.message {
      content = .badMAC(message)
    } else {
      throw ProfileError(place, "send: expected one of octets, replay, bad mac")
    }
    return .send(SendStep(ue: value?["ue"]?.text, content: content))
  }
}
