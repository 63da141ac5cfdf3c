/// A UE attaches, and that is waited for.
public struct AttachStep: Sendable {
  public var ue: String?
  public var cell: String?
  public var end: ExpectedEnd
  public var limit: Duration?
}

extension StepKind {
  static let attach = StepKind(
    "attach", "switches the UE on where it is off, attaches, and waits for the end", example: "attach: {cell: a}",
    arguments: .map([ue, .init("cell", .reference(.cell, "where it camps")), within] + ExpectedEnd.fields, "attach")
  ) { value, _ throws(ProfileError) in
    .attach(
      AttachStep(ue: value?["ue"]?.text, cell: value?["cell"]?.text, end: try ExpectedEnd(value), limit: value?["within"]?.duration))
  }
}
