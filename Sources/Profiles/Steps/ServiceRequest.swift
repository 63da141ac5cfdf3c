/// A UE goes idle if it is not, sends SERVICE REQUEST, and the bearers are waited for.
public struct ServiceRequestStep: Sendable {
  public var ue: String?
  public var end: ExpectedEnd
  public var waits: Bool
}

extension StepKind {
  static let serviceRequest = StepKind(
    "service request", "from idle (a connected UE is released first); waits for the bearers", example: "service request",
    arguments: .map(
      [ue, .init("waits", .boolean("false: goes on as soon as SERVICE REQUEST is sent"))] + ExpectedEnd.fields, "service request")
  ) { value, _ throws(ProfileError) in
    .serviceRequest(
      ServiceRequestStep(ue: value?["ue"]?.text, end: try ExpectedEnd(value), waits: value?["waits"]?.boolean ?? true))
  }
}
