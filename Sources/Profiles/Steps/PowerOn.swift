/// A UE is switched on and finds a cell.
public struct PowerOnStep: Sendable {
  public var ue: String?
  public var cell: String?
}

extension StepKind {
  static let powerOn = StepKind(
    "power on", "switches the UE on in a cell; attach does so by itself", example: "power on: {cell: a}",
    arguments: .map([ue, .init("cell", .reference(.cell, "where it camps"))], "power on")
  ) { value, _ in .powerOn(PowerOnStep(ue: value?["ue"]?.text, cell: value?["cell"]?.text)) }
}
