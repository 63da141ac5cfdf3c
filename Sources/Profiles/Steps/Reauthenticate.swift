/// The MME is moved to authenticate the UE anew; what comes of it is not waited for.
public struct ReauthenticateStep: Sendable {
  /// What moves an MME to it.
  public enum Means: String, Sendable, CaseIterable {
    /// The test network is ordered to.
    case testNetwork = "test-network"
    /// The tester's own command (`nasue run --reauthenticate COMMAND`).
    case command
    /// A protected TRACKING AREA UPDATE REQUEST that says "no key is available".
    case protectedTAUWithoutKey = "protected-tau-ksi7"
    /// A plain TRACKING AREA UPDATE REQUEST from idle, of a UE that has lost its contexts.
    case plainTAU = "plain-tau"
    /// A plain ATTACH REQUEST from idle, of a UE that has lost its contexts.
    case plainAttach = "plain-attach"
    /// A NAS COUNT near its wrap (TS 24.301 §4.4.3.5).
    case countNearWrap = "count-near-wrap"
  }

  public var ue: String?
  /// nil: what works with the network at hand.
  public var means: Means?
}

extension StepKind {
  static let reauthenticate = StepKind(
    "reauthenticate", "moves the MME to a new authentication; goes on at once", example: "reauthenticate: {via: test-network}",
    arguments: .map(
      [
        ue,
        .init(
          "via",
          .word(
            ReauthenticateStep.Means.allCases.map(\.rawValue), "what moves the MME to it; what works with this network where left out")),
      ], "reauthenticate")
  ) { value, _ in
    .reauthenticate(
      ReauthenticateStep(
        ue: value?["ue"]?.text, means: value?["via"]?.text.flatMap { ReauthenticateStep.Means(rawValue: $0) }))
  }
}
