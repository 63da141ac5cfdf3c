/// The serving eNB starts a handover to another system; its end is not waited for.
public struct InterSystemHandoverStep: Sendable {
  public enum System: String, Sendable, CaseIterable { case utran, geran }

  public var ue: String?
  public var system: System
}

/// The SGSN hands the UE back to a cell of E-UTRAN; its end is not waited for.
public struct ReturnHandoverStep: Sendable {
  public var ue: String?
  public var cell: String
}

extension StepKind {
  static let returnHandover = StepKind(
    "return handover", "the SGSN hands a UE that came to UTRAN or GERAN over to a cell", example: "return handover: {to: a}",
    arguments: .map([ue, .init("to", .reference(.cell, "the target cell"), required: true)], "return handover"), needsArguments: true
  ) { value, _ in .returnHandover(ReturnHandoverStep(ue: value?["ue"]?.text, cell: value?["to"]?.text ?? "")) }

  static let interSystemHandover = StepKind(
    "inter-system handover", "the serving eNB starts a handover to UTRAN or GERAN, where a stub of an SGSN takes the UE",
    example: "inter-system handover: {to: utran}",
    arguments: .map(
      [
        ue, .init("to", .word(InterSystemHandoverStep.System.allCases.map(\.rawValue), "the system"), required: true),
      ], "inter-system handover"), needsArguments: true
  ) { value, _ in
    .interSystemHandover(
      InterSystemHandoverStep(
        ue: value?["ue"]?.text, system: value?["to"]?.text.flatMap { InterSystemHandoverStep.System(rawValue: $0) } ?? .utran))
  }
}
