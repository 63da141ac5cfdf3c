/// A UE detaches, and that is waited for.
public struct DetachStep: Sendable {
  public var ue: String?
  public var switchesOff: Bool
}

extension StepKind {
  static let detach = StepKind(
    "detach", "detaches, or switches off, and waits for the end", example: "detach",
    arguments: .map([ue, .init("switch off", .boolean("switch off: no DETACH ACCEPT is waited for"))], "detach")
  ) { value, _ in .detach(DetachStep(ue: value?["ue"]?.text, switchesOff: value?["switch off"]?.boolean ?? false)) }
}
