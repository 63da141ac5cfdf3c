/// The eNB asks for the release of a UE, and that is waited for.
public struct IdleStep: Sendable {
  public var ue: String?
}

/// An idle UE camps on another cell. A tracking area update follows by itself where the area is not in its list.
public struct ReselectStep: Sendable {
  public var ue: String?
  public var cell: String
}

/// A UE loses its security contexts, as with a USIM that marks them invalid.
public struct ForgetContextStep: Sendable {
  public var ue: String?
}

extension StepKind {
  static let idle = StepKind(
    "idle", "the eNB asks for the UE's release, as after inactivity; waits until it is idle", example: "idle",
    arguments: .map([ue], "idle")
  ) { value, _ in .idle(IdleStep(ue: value?["ue"]?.text)) }

  static let reselect = StepKind(
    "reselect", "the idle UE camps on another cell", example: "reselect: {to: b}",
    arguments: .map([ue, .init("to", .reference(.cell, "the cell"), required: true)], "reselect"), needsArguments: true
  ) { value, _ in .reselect(ReselectStep(ue: value?["ue"]?.text, cell: value?["to"]?.text ?? "")) }

  static let forgetContext = StepKind(
    "forget context", "the UE deletes its EPS security contexts and keeps its GUTI", example: "forget context",
    arguments: .map([ue], "forget context")
  ) { value, _ in .forgetContext(ForgetContextStep(ue: value?["ue"]?.text)) }
}
