/// What the verdicts so far must be, or what the UE's state must be.
public struct AssertStep: Sendable {
  public enum Assertion: Sendable, Equatable {
    /// Nothing misaligned; these slugs decided, for each UE that has attached.
    case aligned([String])
    /// These slugs misaligned: of a UE or a network that is told to be wrong.
    case misaligned([String])
    /// UE and eNB hold the same AS keys, or both none.
    case accessStratumKeysAgree
    /// The EMM state, such as `EMM-REGISTERED`, in any of its substates where it names none.
    case state(String)
  }

  public var ue: String?
  public var assertion: Assertion
  /// Where each slug stands.
  public var place: ProfilePlace
}

extension StepKind {
  private static func slugs(_ words: String) -> Shape {
    .either(
      [.word(AssertionSlugs.all, "an assertion"), .list(of: .word(AssertionSlugs.all, "an assertion"), atLeast: 1, words)], words)
  }

  static let assert = StepKind(
    "assert", "nothing is misaligned, and the assertions named are decided; or the UE's keys or state",
    example:
      "assert: {aligned: [nas-context, nh-genealogy]}",
    arguments: .either(
      [
        .word(["aligned", "as keys agree"], "what is asserted"),
        .map(
          [
            ue, .init("aligned", slugs("assertions that must be decided and aligned")),
            .init("misaligned", slugs("assertions that must be misaligned")),
            .init("state", .word(EMMStateNames.all, "the UE's EMM state, such as EMM-REGISTERED")),
          ], "assert"),
      ], "what is asserted"), needsArguments: true
  ) { value, place throws(ProfileError) in
    guard let value else { throw ProfileError(place, "expected what is asserted") }
    try value.allowOne(of: [["aligned"], ["misaligned"], ["state"]])
    let assertion: AssertStep.Assertion
    if let text = value.text {
      assertion = text == "aligned" ? .aligned([]) : .accessStratumKeysAgree
    } else if let slugs = value["aligned"] {
      assertion = .aligned(slugs.texts)
    } else if let slugs = value["misaligned"] {
      assertion = .misaligned(slugs.texts)
    } else if let state = value["state"]?.text {
      assertion = .state(state)
    } else {
      throw ProfileError(value.place, "expected one of aligned, misaligned, state")
    }
    return .assert(AssertStep(ue: value["ue"]?.text, assertion: assertion, place: value.place))
  }
}
