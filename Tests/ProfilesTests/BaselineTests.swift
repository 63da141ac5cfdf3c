import Testing

@testable import Profiles

/// A baseline of known failures knows what it names and no more, and does not outlive what it names.
@Suite struct BaselineTests {
  private func profiles(
    _ file: String, _ text: String = "name: x ${eia}\nparameters: {eia: [2, 3]}\nsteps: [attach, {assert: aligned}]\n"
  ) throws
    -> [Profile]
  { try ProfileParser.parse(text, file: file) }

  private func baseline(_ entry: String) throws -> ProfileBaseline {
    try ProfileBaseline(parsing: "known:\n  - \(entry)\n", file: "b.yaml")
  }

  private func knows(_ entry: String, _ steps: [String], _ misaligned: [String]) throws -> [Bool] {
    let baseline = try baseline(entry)
    return try profiles("basics/x.yaml").map { baseline.entry(for: $0, .init(steps: steps, misaligned: misaligned)) != nil }
  }

  @Test func `an entry names a profile by the end of its path, and a run by its parameters`() throws {
    #expect(try knows("{profile: basics/x.yaml, reason: r}", ["attach"], []) == [true, true])
    #expect(try knows("{profile: x.yaml, reason: r}", ["attach"], []) == [true, true])
    #expect(try knows("{profile: s/x.yaml, reason: r}", ["attach"], []) == [false, false])
    #expect(try knows("{profile: x.yaml, parameters: eia 3, reason: r}", ["attach"], []) == [false, true])
    #expect(throws: ProfileError(ProfilePlace(file: "b.yaml", line: 2, column: 5), "the key 'reason' is missing: why it fails")) {
      try baseline("{profile: x}")
    }
  }

  @Test func `an entry that names a step knows no other`() throws {
    let entry = "{profile: x.yaml, step: \"assert: al\", reason: r}"
    #expect(try knows(entry, ["assert: aligned"], ["kenb-explained"]) == [true, true])
    #expect(try knows(entry, ["attach"], []) == [false, false])
    #expect(try knows(entry, ["assert: aligned", "attach"], []) == [false, false])
    #expect(try knows(entry, [], ["kenb-explained"]) == [false, false])
    #expect(try knows("{profile: x.yaml, step: [attach, assert], reason: r}", ["assert: aligned", "attach"], []) == [true, true])
  }

  @Test func `an entry that names assertions knows no others`() throws {
    let entry = "{profile: x.yaml, misaligned: [nas-context, kenb-explained], reason: r}"
    #expect(try knows(entry, ["assert: aligned"], ["nas-context/kasme"]) == [true, true])
    #expect(try knows(entry, ["assert: aligned"], []) == [true, true])
    #expect(try knows(entry, ["assert: aligned"], ["kenb-explained", "nh-genealogy"]) == [false, false])
    #expect(throws: ProfileError.self) { try baseline("{profile: x.yaml, misaligned: kenb-explaned, reason: r}") }
  }

  @Test(arguments: [
    ("{profile: a/y.yaml, reason: r}", "2:15: 'a/y.yaml': expected the end of a profile's path: a/x.yaml; did you mean 'a/x.yaml'?"),
    (
      "{profile: x.yaml, parameters: eia 4, reason: r}",
      "2:35: 'eia 4': expected the parameters of a run of x.yaml: eia 2, eia 3; did you mean 'eia 2'?"
    ),
    (
      "{profile: x.yaml, step: atach, reason: r}",
      "2:29: 'atach': expected how a step of x.yaml begins: attach, assert: aligned; did you mean 'attach'?"
    ),
  ]) func `an entry for what does not exist is told`(entry: String, message: String) throws {
    let baseline = try baseline(entry)
    let runs = try profiles("lib/a/x.yaml")
    do throws(ProfileError) {
      try baseline.check(against: runs) { _ in false }
      Issue.record("it was taken")
    } catch { #expect(error.description == "b.yaml:" + message) }
  }

  @Test func `a profile that is there and is not run is no fault`() throws {
    var asked: [String] = []
    try baseline("{profile: b/y.yaml, reason: r}").check(against: try profiles("lib/a/x.yaml")) {
      asked.append($0)
      return $0 == "lib/b/y.yaml"
    }
    #expect(asked.contains("lib/b/y.yaml"))
    try baseline("{profile: x.yaml, parameters: eia 3, step: attach, reason: r}").check(against: try profiles("lib/a/x.yaml")) { _ in false
    }
  }
}
