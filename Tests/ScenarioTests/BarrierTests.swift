import Profiles
import Testing

@testable import Scenario

/// `barrier` in the branches of a `parallel`.
@Suite struct BarrierTests {
  @Test func `who comes to a barrier again waits for the others to come again`() throws {
    let yaml = """
      name: x
      ues: {alice: {}, bob: {}}
      steps:
        - parallel:
            -
              - attach: {ue: alice}
              - barrier: both
              - barrier: both
            -
              - attach: {ue: bob}
              - barrier: both
              - tracking area update: {ue: bob}
              - barrier: both
      """
    let result = try ProfileLibraryTests.run(try #require(try ProfileParser.parse(yaml, file: "p.yaml").first))
    #expect(result.outcome == .passed)
    let order = result.checks.map { $0.text.prefix { $0 != ":" } }
    #expect(order == ["attach", "attach", "barrier", "barrier", "tracking area update", "barrier", "barrier", "parallel"])
  }
}
