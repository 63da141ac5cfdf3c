/// What the radio does with downlink NAS messages, whether a cell can be reached, and the loss of a UE's radio link.
public struct RadioStep: Sendable {
  public enum DownlinkNAS: String, Sendable, CaseIterable { case delivered, held, undeliverable }

  public var ue: String?
  public var downlinkNAS: DownlinkNAS?
  public var unreachable: String?
  public var reachable: String?
  public var barred: String?
  public var admits: String?
  /// The UE's radio link fails.
  public var losesLink = false
}

extension StepKind {
  static let radio = StepKind(
    "radio", "downlink NAS waits in the eNB or cannot be delivered; a cell cannot be reached, or bars access; a UE's radio link fails",
    example: "radio: {downlink nas: held}",
    arguments: .map(
      [
        ue,
        .init("downlink nas", .word(RadioStep.DownlinkNAS.allCases.map(\.rawValue), "what becomes of downlink NAS messages at the eNB")),
        .init("unreachable", .reference(.cell, "a cell that UEs cannot get into: a handover to it fails")),
        .init("reachable", .reference(.cell, "a cell that they can get into again")),
        .init("barred", .reference(.cell, "a cell that bars what idle UEs begin; answers to a paging and emergencies are let in")),
        .init("admits", .reference(.cell, "a cell that bars nothing any more")),
        .init(
          "link", .word(["lost"], "what becomes of the UE's radio link; it re-establishes the connection in its cell, or is idle after 3s")),
      ], "radio"), needsArguments: true
  ) { value, place throws(ProfileError) in
    let does = ["downlink nas", "unreachable", "reachable", "barred", "admits", "link"]
    guard let value, does.contains(where: { value[$0] != nil }) else {
      throw ProfileError(place, "radio: expected one of \(does.joined(separator: ", "))")
    }
    try value.demand("ue", beside: ["downlink nas", "link"])
    if value["unreachable"]?.text == value["reachable"]?.text { try value.allowOne(of: [["unreachable"], ["reachable"]]) }
    if value["barred"]?.text == value["admits"]?.text { try value.allowOne(of: [["barred"], ["admits"]]) }
    return .radio(
      RadioStep(
        ue: value["ue"]?.text, downlinkNAS: value["downlink nas"]?.text.flatMap { RadioStep.DownlinkNAS(rawValue: $0) },
        unreachable: value["unreachable"]?.text, reachable: value["reachable"]?.text,
        barred: value["barred"]?.text, admits: value["admits"]?.text, losesLink: value["link"] != nil))
  }
}
