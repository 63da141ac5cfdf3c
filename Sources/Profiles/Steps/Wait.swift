/// Waits until something happens.
public struct WaitStep: Sendable {
  public var occasion: Occasion
  public var limit: Duration?
}

extension StepKind {
  static let wait = StepKind(
    "wait", "waits for a message or an event; what has happened since the last step that did something counts",
    example:
      "wait: {downlink: SECURITY MODE COMMAND}",
    arguments: Occasion.shape("what is waited for", and: [within]), needsArguments: true
  ) { value, place throws(ProfileError) in
    guard let value else { throw ProfileError(place, "expected what is waited for") }
    return .wait(WaitStep(occasion: try Occasion(value), limit: value["within"]?.duration))
  }
}
