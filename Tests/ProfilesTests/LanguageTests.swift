import Foundation
import Testing
import Yams

@testable import Profiles

@Suite struct LanguageTests {
  private func parse(_ text: String, load: @escaping ProfileParser.Loader = { _, _ in nil }) throws -> [Profile] {
    try ProfileParser.parse(text, file: "p.yaml", load: load)
  }

  @Test func `every combination of parameters is a run of its own`() throws {
    let profiles = try parse(
      """
      name: algorithms
      parameters: {eia: [1, 2], eea: [0, 1, 2]}
      ue: {eia: ["${eia}"], eea: [0, "${eea}"]}
      steps: [attach]
      """)
    #expect(profiles.count == 6)
    #expect(profiles.map { $0.ues[0].eia?.first } == [1, 1, 1, 2, 2, 2])
    #expect(profiles.map { $0.ues[0].eea?.last } == [0, 1, 2, 0, 1, 2])
    #expect(profiles[4].title == "algorithms [eia 2, eea 1]")
  }

  @Test func `a parameter may be a list of steps' arguments, or part of a text`() throws {
    let profiles = try parse(
      """
      name: orders
      parameters: {kind: [s1, x2], what: [imei, imsi]}
      cells: {a: {}, b: {}}
      steps: [{handover: {to: b, kind: "${kind}"}}, {network: "identity ${what}"}]
      """)
    let kinds = profiles.map { profile -> HandoverStep.Kind? in
      if case .handover(let step) = profile.steps[0].action { step.kind } else { nil }
    }
    #expect(kinds == [.s1, .s1, .x2, .x2])
    #expect(profiles[1].steps[1].text == "network: identity imsi")
  }

  @Test func `an included file's steps stand in the place of the include, and errors name that file`() throws {
    let parts = [
      "parts/again.yaml": "- detach\n- attach\n", "parts/loop.yaml": "- include: loop.yaml\n", "parts/bad.yaml": "- attach\n- atach\n",
    ]
    let load: ProfileParser.Loader = { name, from in
      let folder = from.lastIndex(of: "/").map { String(from[...$0]) } ?? ""
      return parts[folder + name].map { (folder + name, $0) }
    }
    let profile = try #require(try parse("name: x\nsteps: [attach, {include: parts/again.yaml}]\n", load: load).first)
    #expect(profile.steps.map(\.text) == ["attach", "detach", "attach"])
    #expect(profile.steps[1].place == ProfilePlace(file: "parts/again.yaml", line: 1, column: 3))
    #expect(
      throws: ProfileError(ProfilePlace(file: "parts/bad.yaml", line: 2, column: 3), "'atach': expected a step; did you mean 'attach'?")
    ) {
      try parse("name: x\nsteps: [{include: parts/bad.yaml}]\n", load: load)
    }
    #expect(throws: ProfileError.self) { try parse("name: x\nsteps: [{include: parts/loop.yaml}]\n", load: load) }
  }

  @Test func `names of messages are those of both specifications, each once`() {
    let titles = MessageName.all.map(\.title)
    #expect(Set(titles).count == titles.count)
    #expect(MessageName("security mode command")?.title == "SECURITY MODE COMMAND")
    #expect(MessageName("PATH SWITCH REQUEST ACKNOWLEDGE") != nil)
    #expect(MessageName("SERVICE REQUEST")?.kind == .serviceRequest)
  }

  @Test func `messages between MMEs can be waited for and not held`() throws {
    #expect(try parse("name: x\nsteps: [{wait: FORWARD RELOCATION REQUEST}]\n").count == 1)
    #expect(throws: ProfileError.self) { try parse("name: x\nsteps: [{hold: {message: FORWARD RELOCATION REQUEST}}]\n") }
  }

  @Test(arguments: [("500ms", 500), ("2s", 2_000), ("1.5s", 1_500), ("3min", 180_000)]) func `durations have units`(
    text: String, milliseconds: Int
  ) {
    #expect(Duration(profileText: text) == .milliseconds(milliseconds))
  }

  @Test(arguments: ["5", "s", "-1s", "1h", "nan s", "infs", "100000min", ""]) func `what is no duration is none`(text: String) {
    #expect(Duration(profileText: text) == nil)
  }

  @Test func `the manual has every step and every event, as the tables have them`() throws {
    let path = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let manual = try String(contentsOfFile: "/\(path)/Profiles/README.md", encoding: .utf8)
    for row in (ProfileManual.steps + ProfileManual.events).split(separator: "\n") { #expect(manual.contains(row), "\(row)") }
  }

  @Test func `the example of each kind of step is a step of that kind`() throws {
    for kind in StepKind.all where !["include", "barrier"].contains(kind.name) {
      let text = """
        name: x
        cells: {a: {}, b: {}}
        steps:
          - hold: {uplink: SECURITY MODE COMPLETE, as: answer}
          - \(kind.example)
        """
      let steps = try parse(text)[0].steps
      #expect(steps.last?.text.hasPrefix(kind.name) == true, "\(kind.name)")
    }
  }
}
