import Testing

@testable import Profiles

/// The profile that the language was made for parses as short as it is.
@Suite struct FlagshipTests {
  static let text = """
    name: SMC outstanding when the eNB asks for an inter-MME handover
    clause: TS 33.401 §7.2.10
    ue: {subscriber: default, eia: [2], eea: [2, 0]}
    cells: {a: {enb: 0x101, tac: 1, mme: east}, b: {enb: 0x102, tac: 2, mme: west}}
    steps:
      - attach: {cell: a}
      - hold: {uplink: SECURITY MODE COMPLETE, as: answer}
      - reauthenticate
      - wait: {downlink: SECURITY MODE COMMAND}
      - handover: {to: b, kind: s1}
      - expect: {no: HANDOVER REQUEST, until: {released: answer}, for: 1s}
      - release: answer
      - wait: handover complete
      - assert: aligned
    """

  @Test func `the flagship profile parses to what it says`() throws {
    let profile = try #require(try ProfileParser.parse(Self.text, file: "flagship.yaml").first)
    #expect(profile.cells.map(\.mme) == ["east", "west"])
    #expect(profile.cells.map(\.trackingAreaCode) == [1, 2])
    #expect(profile.ues.first?.eea == [2, 0])
    #expect(profile.steps.count == 9)
    #expect(profile.steps[5].place.line == 11)
    #expect(profile.steps[5].text == "expect: no HANDOVER REQUEST, until (released answer), for 1s")
    guard case .expect(let step) = profile.steps[5].action, case .absent(let what, let until?, let span?) = step.expectation else {
      Issue.record("\(profile.steps[5].action)")
      return
    }
    #expect("\(what)" == "HANDOVER REQUEST")
    #expect(until == .released("answer"))
    #expect(span == .seconds(1))
  }
}
