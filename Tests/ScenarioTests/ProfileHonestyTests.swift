import Profiles
import Testing
import UserEquipment

@testable import Scenario

/// A profile does not pass on what did not happen.
@Suite struct ProfileHonestyTests {
  private func outcome(_ steps: String) throws -> ProfileResult.Outcome {
    let profile = try #require(try ProfileParser.parse("name: x\nsteps:\n" + steps, file: "p.yaml").first)
    return try ProfileLibraryTests.run(profile).outcome
  }

  private static let idleRule = "it did nothing: no such message came, or none that it could change; 'optional: true' where that may be"

  @Test func `a rule whose message never came fails its profile, unless it is optional`() throws {
    #expect(try outcome("  - drop: {downlink: PAGING}\n  - attach\n") == .failed("p.yaml:3:5: drop: downlink PAGING: \(Self.idleRule)"))
    #expect(try outcome("  - drop: {downlink: PAGING, optional: true}\n  - attach\n") == .passed)
    #expect(try outcome("  - duplicate: {uplink: SECURITY MODE COMPLETE, times: 5}\n  - attach\n") == .passed)
  }

  @Test func `an alteration that changes nothing fails its profile`() throws {
    #expect(
      try outcome("  - alter: {uplink: ATTACH REQUEST, nas octet: 60000}\n  - attach\n")
        == .failed("p.yaml:3:5: alter: uplink ATTACH REQUEST, nas octet 60000: \(Self.idleRule)"))
  }

  @Test func `a handover beside another, across MMEs over X2, or cancelled where there is none, fails with the reason`() throws {
    let cells = "  - attach: {cell: a}\n  - hold: {uplink: HANDOVER REQUEST ACKNOWLEDGE, as: it}\n"
    func outcome(_ steps: String) throws -> ProfileResult.Outcome {
      let yaml = "cells: {a: {enb: 0x101, mme: east}, b: {enb: 0x102, mme: west}, c: {enb: 0x103, mme: east}}\nsteps:\n" + cells + steps
      let profile = try #require(try ProfileParser.parse("name: x\n" + yaml, file: "p.yaml").first)
      return try ProfileLibraryTests.run(profile).outcome
    }
    let twice = "  - handover: {to: b}\n  - wait: {downlink: HANDOVER REQUEST}\n  - handover: {to: c}\n"
    #expect(try outcome(twice) == .failed("p.yaml:8:5: handover: to c: another handover of the UE is under way"))
    guard case .failed(let acrossX2) = try outcome("  - handover: {to: b, kind: x2}\n") else {
      Issue.record("passed")
      return
    }
    #expect(acrossX2.contains("an X2 handover keeps the MME"))
    #expect(try outcome("  - cancel handover\n") == .failed("p.yaml:6:5: cancel handover: no handover of the UE is under way"))
  }

  @Test func `a UE that is handed to and fro beside another finds its eNB ready each time`() throws {
    let profile = try #require(
      try ProfileParser.parse(
        """
        name: x
        ues: {y: {}, z: {}}
        cells: {a: {}, b: {}}
        steps:
          - attach: {ue: y, cell: a}
          - attach: {ue: z, cell: b}
          - parallel:
              - - repeat: {times: 3, steps: [{service request: {ue: y}}, {tracking area update: {ue: y}}]}
              - - repeat: {times: 2, steps: [{handover: {ue: z, to: a}}, {wait: {event: handover complete, ue: z}}, {handover: {ue: z, to: b, kind: x2}}, {wait: {event: handover complete, ue: z}}]}
        """, file: "p.yaml"
      ).first)
    #expect(try ProfileLibraryTests.run(profile).outcome == .passed)
  }

  @Test func `message control honours protection`() throws {
    #expect(try outcome("  - delay: {uplink: ATTACH REQUEST, by: 1s, protection: plain}\n  - attach\n") == .passed)
    #expect(try outcome("  - delay: {uplink: ATTACH REQUEST, by: 1s, protection: ciphered}\n  - attach\n") != .passed)
  }

  @Test func `a message that came protected otherwise is told as such`() throws {
    #expect(
      try outcome("  - attach\n  - expect: {downlink: ATTACH ACCEPT, protection: plain, within: 1s}\n")
        == .failed(
          "p.yaml:4:5: expect: downlink ATTACH ACCEPT, protection plain, within 1s: it came, but integrity protected and ciphered, expected plain"
        ))
  }

  @Test(arguments: [
    (
      "ues: {a: {usim: {imsi: 001010000000001, k: 00112233445566778899aabbccddeeff, algorithm: xor}}, b: {usim: {imsi: 001010000000001, k: 00112233445566778899aabbccddeeff, algorithm: xor}}}",
      "2:113: IMSI 001010000000001: expected UEs of different subscribers"
    ),
    ("ue: {usim: {imsi: 001010000000001, k: 00}}", "2:39: "),
  ]) func `what is wrong with a subscriber is told where it stands`(line: String, message: String) throws {
    let profile = try #require(try ProfileParser.parse("name: x\n\(line)\nsteps: [attach]\n", file: "p.yaml").first)
    do throws(ProfileRunError) {
      let settings = ProfileSettings(subscribers: [], plmn: Worlds.plmn)
      _ = try ProfileRunner(settings).run(profile)
      Issue.record("it was run")
    } catch {
      let told = if case .profile(let error) = error { error.description } else { "\(error)" }
      #expect(told.hasPrefix("p.yaml:" + message))
    }
  }

  @Test func `an until that never comes fails its profile`() throws {
    #expect(
      try outcome("  - attach\n  - expect: {no: PAGING, until: idle, within: 3s}\n")
        == .failed("p.yaml:4:5: expect: no PAGING, until idle, within 3s: idle did not come within 3s"))
    #expect(
      try outcome("  - attach\n  - expect: {no: PAGING, until: idle, for: 1s}\n")
        == .failed("p.yaml:4:5: expect: no PAGING, until idle, for 1s: idle never came"))
    #expect(try outcome("  - attach\n  - expect: {no: PAGING, until: idle, for: 1s}\n  - idle\n") == .passed)
    #expect(try outcome("  - attach\n  - expect: {no: PAGING, until: never, for: 1s}\n") == .passed)
  }

  @Test func `a state without a substate stands for all of them`() throws {
    #expect(try outcome("  - attach\n  - detach\n  - assert: {state: EMM-DEREGISTERED}\n") == .passed)
    #expect(try outcome("  - attach\n  - assert: {state: EMM-DEREGISTERED}\n") != .passed)
    #expect(EMMStateNames.names("EMM-REGISTERED.NORMAL-SERVICE", .registered))
    #expect(!EMMStateNames.names("EMM-REGISTERED", .registeredInitiated))
  }
}
