/// The serving eNB starts a handover; its end is not waited for.
public struct HandoverStep: Sendable {
  public enum Kind: String, Sendable, CaseIterable { case s1, x2 }

  public var ue: String?
  public var cell: String
  public var kind: Kind
}

/// The serving eNB calls a handover off.
public struct CancelHandoverStep: Sendable {
  public var ue: String?
}

extension StepKind {
  static let handover = StepKind(
    "handover", "the serving eNB starts a handover; `wait: handover complete` waits for its end", example: "handover: {to: b, kind: s1}",
    arguments: .map(
      [
        ue, .init("to", .reference(.cell, "the target cell"), required: true),
        .init("kind", .word(HandoverStep.Kind.allCases.map(\.rawValue), "s1 (through the MME) or x2 (between the eNBs)")),
      ], "handover"), needsArguments: true
  ) { value, _ in
    .handover(
      HandoverStep(
        ue: value?["ue"]?.text, cell: value?["to"]?.text ?? "",
        kind: value?["kind"]?.text.flatMap { HandoverStep.Kind(rawValue: $0) } ?? .s1))
  }

  static let cancelHandover = StepKind(
    "cancel handover", "the source eNB calls the handover off", example: "cancel handover", arguments: .map([ue], "cancel handover")
  ) { value, _ in .cancelHandover(CancelHandoverStep(ue: value?["ue"]?.text)) }
}
