/// A tracking area update, connected or from idle; its end is waited for.
public struct UpdateStep: Sendable {
  public var ue: String?
  public var isActive: Bool
  public var end: ExpectedEnd
  public var waits: Bool
}

extension StepKind {
  static let update = StepKind(
    "tracking area update", "over the connection that there is, or from idle; waits for the end", example: "tracking area update",
    arguments: .map(
      [
        ue, .init("active", .boolean("with the active flag: bearers for user data are wanted")),
        .init("waits", .boolean("false: goes on as soon as TRACKING AREA UPDATE REQUEST is sent")),
      ] + ExpectedEnd.fields, "tracking area update")
  ) { value, _ throws(ProfileError) in
    .update(
      UpdateStep(
        ue: value?["ue"]?.text, isActive: value?["active"]?.boolean ?? false, end: try ExpectedEnd(value),
        waits: value?["waits"]?.boolean ?? true))
  }
}
