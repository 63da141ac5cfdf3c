/// A rule of message control: what happens to messages between our eNBs and the MME.
public struct ControlStep: Sendable {
  public enum Effect: Sendable, Equatable {
    /// Until released, or until a message passes that this is.
    case hold(releasedBy: MessagePattern?)
    case delay(Duration)
    case drop
    case duplicate
    case reorder(behind: Int)
    case alter(Alteration)
  }

  public enum Alteration: Sendable, Equatable {
    /// An octet of the NAS-PDU inside is changed, counted from 0.
    case nasOctet(Int, xor: UInt8)
    /// An octet of the S1AP-PDU.
    case octet(Int, xor: UInt8)
    /// Another NAS-PDU.
    case nas([UInt8])
    /// UE Security Capabilities of S1AP: the 16-bit maps of EEA and EIA.
    case capabilities(eea: UInt16, eia: UInt16)
  }

  /// Given, or made of its place.
  public var name: String
  public var pattern: MessagePattern
  public var effect: Effect
  /// How many messages it is for; nil: all.
  public var times: Int?
  /// No such message need come. Else one must, and be changed where the rule changes something.
  public var isOptional = false
}

/// What a rule holds goes on.
public struct ReleaseStep: Sendable {
  public var name: String
}

extension StepKind {
  private static let controlFields: [Shape.Field] =
    MessagePattern.fields.filter { $0.name != "with" } + [
      .init("as", .definition(.control, "a name for the rule, by which it is released")),
      .init("times", .either([.integer(1...1_000_000, "how many messages it is for")], "how many messages it is for; 1 where left out")),
      .init("all", .boolean("for all such messages")),
      .init("optional", .boolean("whether the profile may pass though no such message came")),
    ]

  private static func control(
    _ value: ProfileValue?, _ place: ProfilePlace, _ effect: ControlStep.Effect
  ) throws(ProfileError) -> ProfileStep.Action {
    guard let value else { throw ProfileError(place, "expected a message") }
    let pattern = try MessagePattern(value)
    if case .s10 = pattern.message.kind {
      throw ProfileError(value.place, "\(pattern.message): expected a NAS or S1AP message; what passes between MMEs is out of reach")
    }
    if value["all"]?.boolean == true { try value.allowOne(of: [["times"], ["all"]]) }
    let times = value["all"]?.boolean == true ? nil : value["times"]?.integer ?? 1
    return .control(
      ControlStep(
        name: value["as"]?.text ?? "\(place)", pattern: pattern, effect: effect, times: times,
        isOptional: value["optional"]?.boolean ?? false))
  }

  static let hold = StepKind(
    "hold", "the next such message stays where it is, until `release` or until a message passes",
    example:
      "hold: {uplink: SECURITY MODE COMPLETE, as: answer}",
    arguments: .map(
      controlFields + [.init("released by", .map(MessagePattern.fields.filter { $0.name != "with" }, "a message"))], "hold"),
    needsArguments: true
  ) { value, place throws(ProfileError) in
    var releasedBy: MessagePattern?
    if let pattern = value?["released by"] { releasedBy = try MessagePattern(pattern) }
    return try control(value, place, .hold(releasedBy: releasedBy))
  }

  static let delay = StepKind(
    "delay", "the next such message comes later", example: "delay: {downlink: HANDOVER REQUEST, by: 2s}",
    arguments: .map(controlFields + [.init("by", .duration("how much later"), required: true)], "delay"), needsArguments: true
  ) { value, place throws(ProfileError) in try control(value, place, .delay(value?["by"]?.duration ?? .zero)) }

  static let drop = StepKind(
    "drop", "the next such message is lost", example: "drop: {downlink: SECURITY MODE COMMAND, times: 2}",
    arguments: .map(controlFields, "drop"), needsArguments: true
  ) { value, place throws(ProfileError) in try control(value, place, .drop) }

  static let duplicate = StepKind(
    "duplicate", "the next such message goes twice", example: "duplicate: {uplink: SECURITY MODE COMPLETE}",
    arguments: .map(controlFields, "duplicate"), needsArguments: true
  ) { value, place throws(ProfileError) in try control(value, place, .duplicate) }

  static let reorder = StepKind(
    "reorder", "the next such message goes behind later ones of its S1 connection",
    example:
      "reorder: {uplink: UPLINK NAS TRANSPORT, behind: 1}",
    arguments: .map(controlFields + [.init("behind", .integer(1...1_000, "how many later ones go first"))], "reorder"),
    needsArguments: true
  ) { value, place throws(ProfileError) in try control(value, place, .reorder(behind: value?["behind"]?.integer ?? 1)) }

  static let alter = StepKind(
    "alter", "the next such message is changed on its way", example: "alter: {uplink: ATTACH REQUEST, nas octet: 8, xor: 0x01}",
    arguments: .map(
      controlFields + [
        .init("nas octet", .integer(0...65_535, "an octet of the NAS-PDU, counted from 0")),
        .init("octet", .integer(0...65_535, "an octet of the S1AP-PDU, counted from 0")),
        .init("xor", .integer(1...255, "the bits to change; all where it is left out")),
        .init("nas", .octets("another NAS-PDU")),
        .init("eea", .integer(0...65_535, "the EEA map of UE Security Capabilities (S1AP), 16 bits")),
        .init("eia", .integer(0...65_535, "the EIA map of UE Security Capabilities (S1AP), 16 bits")),
      ], "alter"), needsArguments: true
  ) { value, place throws(ProfileError) in
    try value?.allowOne(of: [["nas octet"], ["octet"], ["nas"], ["eea", "eia"]])
    try value?.demand("xor", beside: ["nas octet", "octet"])
    let mask = UInt8(truncatingIfNeeded: value?["xor"]?.integer ?? 0xFF)
    let alteration: ControlStep.Alteration
    if let octet = value?["nas octet"]?.integer {
      alteration = .nasOctet(octet, xor: mask)
    } else if let octet = value?["octet"]?.integer {
      alteration = .octet(octet, xor: mask)
    } else if let octets = value?["nas"]?.octets {
      alteration = .nas(octets)
    } else if let eea = value?["eea"]?.integer, let eia = value?["eia"]?.integer {
      alteration = .capabilities(eea: UInt16(truncatingIfNeeded: eea), eia: UInt16(truncatingIfNeeded: eia))
    } else {
      throw ProfileError(place, "alter: expected what to change: nas octet, octet, nas, or eea and eia")
    }
    return try control(value, place, .alter(alteration))
  }

  static let release = StepKind(
    "release", "what a rule holds goes on", example: "release: answer",
    arguments: .reference(.control, "what to release"), needsArguments: true
  ) { value, _ in .release(ReleaseStep(name: value?.text ?? "")) }
}
