/// The network pages an idle UE; its answer is waited for.
public struct PagingStep: Sendable {
  public var ue: String?
}

extension StepKind {
  static let paging = StepKind(
    "paging", "the UE goes idle, is paged, and answers; against a foreign MME it waits for a PAGING of its own", example: "paging",
    arguments: .map([ue], "paging")
  ) { value, _ in .paging(PagingStep(ue: value?["ue"]?.text)) }
}
