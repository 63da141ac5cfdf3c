import Testing

@testable import Profiles

/// Profiles that are broken in one way each, and exactly what is said of them: file, line, column, what was expected, the nearest valid word.
@Suite struct BrokenProfilesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var yaml: String
    /// Behind the file's name.
    var message: String
    var testDescription: String { name }
  }

  @Test(arguments: cases) func `a broken profile is told as it should be`(broken: Case) {
    #expect(throws: ProfileError.self) { try ProfileParser.parse(broken.yaml, file: "p.yaml") }
    do { _ = try ProfileParser.parse(broken.yaml, file: "p.yaml") } catch {
      #expect(error.description == "p.yaml:" + broken.message)
    }
  }

  static let cases: [Case] = [
    Case(
      name: "allow-what",
      yaml: """
        name: x
        allow: {unobserved: [nh-geneology]}
        steps: [attach]
        """,
      message: "2:22: 'nh-geneology': expected an assertion; did you mean 'nh-genealogy'?"),
    Case(
      name: "alter-what",
      yaml: """
        name: x
        steps:
          - alter: {uplink: ATTACH REQUEST}
        """,
      message: "3:5: alter: expected what to change: nas octet, octet, nas, or eea and eia"),
    Case(
      name: "assert-nothing",
      yaml: """
        name: x
        steps:
          - assert: {ue: ue}
        """,
      message: "3:13: expected one of aligned, misaligned, state"),
    Case(
      name: "assert-what",
      yaml: """
        name: x
        steps:
          - assert: algined
        """,
      message: "3:13: 'algined': expected what is asserted: aligned, as keys agree; did you mean 'aligned'?"),
    Case(
      name: "bad-algorithm",
      yaml: """
        name: x
        ue: {eea: [2, 9]}
        steps: [attach]
        """,
      message: "2:15: '9': expected a number of an algorithm, 0 to 7"),
    Case(
      name: "bad-boolean",
      yaml: """
        name: x
        steps:
          - detach: {switch off: yes}
        """,
      message: "3:26: 'yes': expected true or false (switch off: no DETACH ACCEPT is waited for)"),
    Case(
      name: "bad-command-argument",
      yaml: """
        name: x
        steps:
          - network: {command: security-mode eia2}
        """,
      message: "3:24: security-mode: expected both algorithms or none, such as eia1 eea1"),
    Case(
      name: "bad-command",
      yaml: """
        name: x
        steps:
          - network: authentikate
        """,
      message:
        "3:14: 'authentikate': expected a command: authenticate, bearer, detach, emm-information, emm-status, identity, page, reallocate-guti, release, security-mode; did you mean 'authenticate'?"
    ),
    Case(
      name: "bad-defect",
      yaml: """
        name: x
        test network: {defects: [nh-zeros]}
        steps: [attach]
        """,
      message: "2:26: 'nh-zeros': expected a defect (`nasue mme --list-defects`); did you mean 'nh-zero'?"),
    Case(
      name: "bad-deviation",
      yaml: """
        name: x
        ue: {deviations: [silent-on-smcs]}
        steps: [attach]
        """,
      message:
        "2:19: 'silent-on-smcs': expected a deviation (`nasue explain deviations`); did you mean 'silent-on-smc'?"
    ),
    Case(
      name: "bad-duration",
      yaml: """
        name: x
        steps:
          - wait: {event: idle, within: 2 seconds}
        """,
      message: "3:33: '2 seconds': expected how long it may take, such as 500ms, 2s or 3min"),
    Case(
      name: "bad-enb",
      yaml: """
        name: x
        cells: {a: {enb: 0x100000}}
        steps: [attach]
        """,
      message: "2:18: '0x100000': expected a macro eNB ID, 0 to 1048575"),
    Case(
      name: "bad-kind",
      yaml: """
        name: x
        cells: {a: {tac: 1}, b: {tac: 2}}
        steps:
          - handover: {to: b, kind: s2}
        """,
      message: "4:29: 's2': expected s1 (through the MME) or x2 (between the eNBs): s1, x2; did you mean 's1'?"),
    Case(
      name: "bad-octets",
      yaml: """
        name: x
        steps:
          - send: {octets: 074x}
        """,
      message: "3:20: '074x': expected a NAS-PDU, in hexadecimal digits, two an octet"),
    Case(
      name: "bad-parameter",
      yaml: """
        name: x
        parameters: {eia: [1, 2]}
        ue: {eia: ["${eai}"]}
        steps: [attach]
        """,
      message: "3:12: 'eai': expected the name of a parameter: eia; did you mean 'eia'?"),
    Case(
      name: "bad-slug",
      yaml: """
        name: x
        steps:
          - assert: {aligned: [nas-contxt]}
        """,
      message: "3:24: 'nas-contxt': expected an assertion; did you mean 'nas-context'?"),
    Case(
      name: "bad-tac",
      yaml: """
        name: x
        cells: {a: {tac: ten}}
        steps: [attach]
        """,
      message: "2:18: 'ten': expected a tracking area code, 0 to 65535"),
    Case(
      name: "bad-times",
      yaml: """
        name: x
        steps:
          - repeat: {times: 0, steps: [attach]}
        """,
      message: "3:21: '0': expected how often, 1 to 100000"),
    Case(
      name: "bad-via",
      yaml: """
        name: x
        steps:
          - reauthenticate: {via: protected-tau-ksi-7}
        """,
      message:
        "3:27: 'protected-tau-ksi-7': expected what moves the MME to it: test-network, command, protected-tau-ksi7, plain-tau, plain-attach, count-near-wrap; did you mean 'protected-tau-ksi7'?"
    ),
    Case(
      name: "bare-hold",
      yaml: """
        name: x
        steps:
          - hold
        """,
      message: "3:5: hold needs arguments, such as hold: {uplink: SECURITY MODE COMPLETE, as: answer}"),
    Case(
      name: "bad-word-of-mac",
      yaml: """
        name: x
        steps:
          - attach
          - expect: {no: {downlink: TRACKING AREA UPDATE ACCEPT, with: {mac: verifed}}, until: never, for: 1s}
        """,
      message: "4:65: 'verifed': expected what mac can be: none, verified, stale, failed, unverifiable; did you mean 'verified'?"),
    Case(
      name: "bad-word-of-cause",
      yaml: """
        name: x
        steps:
          - wait: {downlink: UE CONTEXT RELEASE COMMAND, with: {cause: succesful-handover}}
        """,
      message: "3:57: 'succesful-handover': expected what cause can be; did you mean 'successful-handover'?"),
    Case(
      name: "bad-word-of-key",
      yaml: """
        name: x
        steps:
          - wait: {downlink: UE CONTEXT MODIFICATION REQUEST, with: {security key: presnt}}
        """,
      message: "3:62: 'presnt': expected what security key can be: present, absent; did you mean 'present'?"),
    Case(
      name: "bad-number",
      yaml: """
        name: x
        steps:
          - wait: {downlink: HANDOVER REQUEST, with: {ncc: two}}
        """,
      message: "3:47: 'two': expected what ncc can be: a number, present, absent"),
    Case(
      name: "both-ues",
      yaml: """
        name: x
        ue: {}
        ues: {a: {}}
        steps: [attach]
        """,
      message: "2:1: ue: expected either ue or ues"),
    Case(
      name: "empty-steps",
      yaml: """
        name: x
        steps: []
        """,
      message: "2:8: expected at least one step"),
    Case(
      name: "empty",
      yaml: "",
      message: "1:1: expected a profile, found an empty file"),
    Case(
      name: "handover-no-target",
      yaml: """
        name: x
        cells: {a: {tac: 1}, b: {tac: 2}}
        steps:
          - handover: {kind: s1}
        """,
      message: "4:15: the key 'to' is missing: the target cell"),
    Case(
      name: "handover-nowhere",
      yaml: """
        name: x
        cells: {a: {tac: 1}, b: {tac: 2}}
        steps:
          - handover
        """,
      message: "4:5: handover needs arguments, such as handover: {to: b, kind: s1}"),
    Case(
      name: "include-missing",
      yaml: """
        name: x
        steps:
          - include: nowhere.yaml
        """,
      message: "3:14: 'nowhere.yaml' cannot be read: expected a file of steps"),
    Case(
      name: "list",
      yaml: """
        - attach
        """,
      message: "1:1: profile: expected a mapping, found a list"),
    Case(
      name: "no-arguments",
      yaml: """
        name: x
        steps:
          - cancel handover: now
        """,
      message: "3:22: cancel handover: expected a mapping, found a single value"),
    Case(
      name: "no-name",
      yaml: """
        steps: [attach]
        """,
      message: "1:1: the key 'name' is missing: the profile's name"),
    Case(
      name: "no-steps",
      yaml: """
        name: x
        """,
      message: "1:1: the key 'steps' is missing: what happens"),
    Case(
      name: "no-without-end",
      yaml: """
        name: x
        steps:
          - expect: {no: PAGING}
        """,
      message: "3:13: no: expected until or for beside it"),
    Case(
      name: "not-yaml",
      yaml: """
        name: [x
        steps: 1
        """,
      message: "2:6: not YAML: did not find expected ',' or ']'"),
    Case(
      name: "one-branch",
      yaml: """
        name: x
        steps:
          - parallel: [[attach]]
        """,
      message: "3:15: lists of steps: expected at least 2"),
    Case(
      name: "open-parameter",
      yaml: """
        name: x
        parameters: {eia: [1, 2]}
        ue: {eia: ["${eia"]}
        steps: [attach]
        """,
      message: "3:12: '${eia': expected } behind ${"),
    Case(
      name: "parameter-no-list",
      yaml: """
        name: x
        parameters: {eia: 1}
        steps: [attach]
        """,
      message: "2:19: expected a list of values, at least one"),
    Case(
      name: "release-misspelt",
      yaml: """
        name: x
        steps:
          - hold: {uplink: SECURITY MODE COMPLETE, as: answer}
          - release: anwser
        """,
      message: "4:14: 'anwser': expected what to release, the name of a rule of message control: answer; did you mean 'answer'?"),
    Case(
      name: "release-unknown",
      yaml: """
        name: x
        steps:
          - attach
          - release: answer
        """,
      message: "4:14: 'answer': expected what to release, the name of a rule of message control, of which none is defined before it"),
    Case(
      name: "step-list",
      yaml: """
        name: x
        steps:
          - [attach]
        """,
      message: "3:5: expected a step, found a list"),
    Case(
      name: "steps-map",
      yaml: """
        name: x
        steps: {attach: {}}
        """,
      message: "2:8: what happens: expected a list, found a mapping"),
    Case(
      name: "tab",
      yaml: "name: x\nsteps:\n\t- attach\n",
      message: "3:1: not YAML: found character that cannot start any token"),
    Case(
      name: "too-many",
      yaml: """
        name: x
        parameters: {a: [1,2,3,4,5,6,7,8,9,10], b: [1,2,3,4,5,6,7,8,9,10], c: [1,2,3,4,5,6,7,8,9,10], d: [1, 2]}
        steps: [attach]
        """,
      message: "2:95: more than 1000 combinations of parameters"),
    Case(
      name: "twice",
      yaml: """
        name: x
        name: y
        steps: [attach]
        """,
      message: "2:1: not YAML: the key 'name' stands there twice"),
    Case(
      name: "two-steps",
      yaml: """
        name: x
        steps:
          - {attach: {}, detach: {}}
        """,
      message: "3:5: expected one step, such as attach: {cell: a}; its arguments go in a mapping of their own"),
    Case(
      name: "unknown-cell",
      yaml: """
        name: x
        cells: {a: {tac: 1}, b: {tac: 2}}
        steps:
          - attach: {cell: c}
        """,
      message: "4:20: 'c': expected where it camps, the name of a cell: a, b"),
    Case(
      name: "unknown-key",
      yaml: """
        name: x
        steps:
          - attach: {cel: a}
        """,
      message: "3:14: 'cel': expected a key of attach: ue, cell, within, fails, cause; did you mean 'cell'?"),
    Case(
      name: "unknown-message",
      yaml: """
        name: x
        steps:
          - wait: {downlink: SECURITY MODE COMAND}
        """,
      message: "3:22: 'SECURITY MODE COMAND': expected a message from the MME; did you mean 'SECURITY MODE COMMAND'?"),
    Case(
      name: "unknown-step-far",
      yaml: """
        name: x
        steps:
          - fly to the moon
        """,
      message: "3:5: 'fly to the moon': expected a step"),
    Case(
      name: "unknown-step",
      yaml: """
        name: x
        steps:
          - atach
        """,
      message: "3:5: 'atach': expected a step; did you mean 'attach'?"),
    Case(
      name: "unknown-top",
      yaml: """
        name: x
        stpes: [attach]
        """,
      message: "2:1: 'stpes': expected a key of profile; did you mean 'steps'?"),
    Case(
      name: "unknown-ue",
      yaml: """
        name: x
        ues: {alice: {}, bob: {subscriber: "001010000000001"}}
        steps:
          - attach: {ue: bop}
        """,
      message: "4:18: 'bop': expected whose step it is, the name of a UE: alice, bob; did you mean 'bob'?"),
    Case(
      name: "until-without-no",
      yaml: """
        name: x
        steps:
          - expect: {downlink: PAGING, until: idle}
        """,
      message: "3:32: until: expected no beside it"),
    Case(
      name: "wait-nothing",
      yaml: """
        name: x
        steps:
          - wait: {within: 2s}
        """,
      message: "3:11: expected one of uplink, downlink, message"),
    Case(
      name: "wait-two",
      yaml: """
        name: x
        steps:
          - wait: {uplink: ATTACH REQUEST, downlink: ATTACH ACCEPT}
        """,
      message: "3:11: expected one of uplink, downlink, message, found 2"),
    Case(
      name: "wait-unknown",
      yaml: """
        name: x
        steps:
          - wait: handover completed
        """,
      message: "3:11: 'handover completed': expected an event or a message; did you mean 'handover complete'?"),
  ]
}
