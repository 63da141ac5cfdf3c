import Alignment
import Profiles
import Testing

@testable import Scenario

/// What runs on the compliant network showed to be told wrongly: each is here as it was found.
@Suite struct VerdictHonestyTests {
  private func verdicts(_ yaml: String, _ slug: String) throws -> [Verdict] {
    let profile = try #require(try ProfileParser.parse(yaml, file: "p.yaml").first)
    let result = try ProfileLibraryTests.run(profile)
    #expect(result.outcome == .passed)
    #expect(result.verdicts.allSatisfy { $0.verdict != .misaligned })
    return result.verdicts.filter { $0.assertion == slug }
  }

  @Test func `an SMC that T3460 has ended is no reason to wait with a relocation`() throws {
    let found = try verdicts(
      """
      name: SMC of a new KASME given up at T3460, then relocation
      clause: x
      cells: {a: {enb: 0x101, tac: 1, mme: east}, b: {enb: 0x102, tac: 2, mme: west}}
      steps:
        - attach: {cell: a}
        - drop: {downlink: SECURITY MODE COMMAND, all: true, as: silence}
        - reauthenticate
        - expect: {order: [SECURITY MODE COMMAND, SECURITY MODE COMMAND, SECURITY MODE COMMAND, SECURITY MODE COMMAND, SECURITY MODE COMMAND], within: 60s}
        - expect: {no: SECURITY MODE COMMAND, for: 10s}
        - handover: {to: b, kind: s1}
        - wait: {downlink: HANDOVER REQUEST, cell: b, within: 20s}
      """, "relocation-waits")
    #expect(found.map(\.verdict) == [.observed] && found.allSatisfy { $0.note.contains("T3460") && $0.rules.isEmpty })
  }

  @Test func `pairs that another MME sent in an earlier registration make nobody the target of a relocation`() throws {
    let found = try verdicts(
      """
      name: idle move, then an ordinary intra-MME handover during SMC
      clause: x
      cells: {a: {enb: 0x101, tac: 1, mme: east}, b: {enb: 0x102, tac: 1, mme: east}, c: {enb: 0x103, tac: 2, mme: west}, d: {enb: 0x104, tac: 2, mme: west}}
      steps:
        - attach: {cell: a}
        - handover: {to: b, kind: s1}
        - wait: handover complete
        - idle
        - reselect: {to: c}
        - wait: idle
        - service request
        - hold: {uplink: SECURITY MODE COMPLETE, as: answer}
        - reauthenticate
        - wait: {downlink: SECURITY MODE COMMAND}
        - handover: {to: d, kind: s1}
        - wait: handover complete
        - release: answer
        - wait: re-keyed
      """, "nh-genealogy")
    #expect(!found.isEmpty && found.allSatisfy { !$0.kept.contains("target-keeps-old-as-chain") })
  }

  @Test func `a key that its eNB never answered before the UE left it over X2 is not said to be paid`() throws {
    let found = try verdicts(
      """
      name: key unanswered (held on its way to the eNB), X2 then S1
      clause: x
      cells: {a: {enb: 0x101}, b: {enb: 0x102}}
      steps:
        - attach: {cell: a}
        - drop: {downlink: UE CONTEXT MODIFICATION REQUEST, as: lost}
        - reauthenticate
        - wait: {downlink: UE CONTEXT MODIFICATION REQUEST}
        - handover: {to: b, kind: x2}
        - wait: {downlink: PATH SWITCH REQUEST ACKNOWLEDGE}
        - handover: {to: a, kind: s1}
        - wait: {downlink: HANDOVER REQUEST}
      """, "rekey-owed")
    #expect(found.contains { $0.verdict == .unobserved && $0.note.contains("the UE left the eNB") })
  }

  @Test func `a COUNT that the profile takes too far to follow is no fault of ours`() throws {
    let found = try verdicts(
      """
      name: COUNT far ahead
      clause: TS 24.301 §4.4.3.1
      steps:
        - attach
        - send: {message: EMM STATUS, count offset: 5000}
        - send: {message: EMM STATUS}
      """, "self-check")
    #expect(found.allSatisfy { $0.verdict != .misaligned })
  }
}
