import NASMessages
import Testing

@testable import Profiles

/// What a profile says and nothing would look at, or nothing could code: it is refused where it stands.
@Suite struct ContradictionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var yaml: String
    /// Behind `p.yaml:`.
    var message: String
    var testDescription: String { yaml }

    /// - Parameter step: the only one; it begins in column 5 of line 2.
    init(step: String, _ message: String) {
      yaml = "steps:\n  - \(step)\nname: x\n"
      self.message = message
    }

    init(_ head: String, _ message: String) {
      yaml = head + "\nname: x\nsteps: [attach]\n"
      self.message = message
    }
  }

  @Test(arguments: pairs) func `keys that contradict each other are told by both names`(broken: Case) { expect(broken) }
  @Test(arguments: values) func `a value that no message can carry is told where it stands`(broken: Case) { expect(broken) }
  @Test(arguments: patterns) func `a message that can never be seen so is told`(broken: Case) { expect(broken) }

  private func expect(_ broken: Case) {
    #expect(throws: ProfileError.self) { try ProfileParser.parse(broken.yaml, file: "p.yaml") }
    do { _ = try ProfileParser.parse(broken.yaml, file: "p.yaml") } catch {
      #expect(error.description == "p.yaml:" + broken.message)
    }
  }

  static let pairs: [Case] = [
    Case(
      step: "assert: {aligned: [nas-context], state: EMM-REGISTERED}",
      "2:38: 'aligned' and 'state' stand beside each other: expected one of them"),
    Case(
      step: "expect: {no: PAGING, for: 1s, order: [ATTACH ACCEPT, PAGING]}",
      "2:35: 'no' and 'order' stand beside each other: expected one of them"),
    Case(step: "expect: {no: PAGING, for: 1s, within: 3s}", "2:35: 'no' and 'within' stand beside each other: expected one of them"),
    Case(
      step: "expect: {event: attached, downlink: PAGING}", "2:31: 'event' and 'downlink' stand beside each other: expected one of them"),
    Case(
      step: "expect: {event: attached, with: {count: 99}}", "2:31: 'event' and 'with' stand beside each other: expected one of them"),
    Case(step: "attach: {fails: false, cause: 11}", "2:28: 'fails' and 'cause' stand beside each other: expected one of them"),
    Case(step: "service request: {waits: false, fails: true}", "2:37: 'waits' and 'fails' stand beside each other: expected one of them"),
    Case(
      step: "alter: {uplink: ATTACH REQUEST, nas octet: 1, octet: 2}",
      "2:51: 'nas octet' and 'octet' stand beside each other: expected one of them"),
    Case(
      step: "drop: {uplink: ATTACH REQUEST, times: 2, all: true}", "2:46: 'times' and 'all' stand beside each other: expected one of them"),
    Case(
      step: "send: {octets: 0741, replay: ATTACH REQUEST}", "2:26: 'octets' and 'replay' stand beside each other: expected one of them"),
    Case(step: "sleep: 5s", "2:5: 'sleep': steps are events and expectations, never sleeps: wait for what is to happen"),
    Case(
      step: "network: security-mode eia9",
      "2:14: security-mode: 'eia9' is not an argument of it: expected [eiaN eeaN] [new|current|non-current] [refresh-kenb] [radio-capability-id]"
    ),
    Case(step: "send: {octets: 0741, mac: wrong}", "2:26: 'octets' and 'mac' stand beside each other: expected one of them"),
    Case(step: "send: {mac: wrong}", "2:12: mac: expected message beside it"),
    Case(
      step: "send: {message: EMM STATUS, count: 5, count offset: 1}",
      "2:43: 'count' and 'count offset' stand beside each other: expected one of them"),
    Case(step: "send: {message: EMM STATUS, protection: plain, mac: wrong}", "2:52: mac: a plain message has none"),
    Case(
      step: "send: {message: SERVICE REQUEST, protection: plain}",
      "2:38: protection: SERVICE REQUEST has a form of its own; expected eksi, count, sequence number or mac"),
    Case(step: "send: {message: SERVICE REQUEST, eksi: 8}", "2:44: eksi: SERVICE REQUEST has 0 to 7 there"),
    Case(step: "send: {message: EMM STATUS, eksi: 3}", "2:39: eksi: EMM STATUS names no key set"),
    Case(step: "send: {message: PAGING}", "2:21: PAGING: expected a message that a UE or an eNB sends"),
    Case(
      step: "send: {message: FORWARD RELOCATION REQUEST}",
      "2:21: FORWARD RELOCATION REQUEST: expected a NAS or S1AP message; what passes between MMEs is out of reach"),
    Case(step: "send: {replay: FORWARD RELOCATION REQUEST}", "2:20: FORWARD RELOCATION REQUEST: expected a NAS or S1AP message"),
    Case(
      step: "send: {message: HANDOVER NOTIFY, mac: wrong}", "2:38: mac: S1AP has no protection of its own; expected with or cell"),
    Case(
      step: "send: {message: HANDOVER NOTIFY, over: new connection}",
      "2:38: over: an S1AP message goes over the association of its eNB"),
    Case(
      step: "send: {message: EMM STATUS, cell: a}",
      "2:33: cell: a NAS message goes over the UE's connection; expected cell beside an S1AP message"),
    Case(
      step: "send: {message: HANDOVER NOTIFY, with: {mme ue s1ap idd: 3}}",
      "2:45: 'mme ue s1ap idd': expected an IE of HANDOVER NOTIFY: MME-UE-S1AP-ID, eNB-UE-S1AP-ID, EUTRAN-CGI, TAI, Tunnel-Information-for-BBF, LHN-ID, PSCellInformation, NotifySourceeNB, LTE-NTN-TAI-Information; did you mean 'MME-UE-S1AP-ID'?"
    ),
    Case(
      step: "send: {message: HANDOVER NOTIFY, with: {tai: 3}}", "2:50: '3': expected TAI, 0x and its octets in PER, or absent"),
    Case(
      step: "send: {message: HANDOVER NOTIFY, with: {eNB UE S1AP ID: own}}",
      "2:61: 'own': expected eNB-UE-S1AP-ID, a number, 0x and its octets in PER, or absent"),
    Case(
      step: "send: {message: EMM STATUS, with: {emm cuase: 11}}",
      "2:40: 'emm cuase': expected a field of EMM STATUS: emm cause, protocol discriminator, security header type, message type; did you mean 'emm cause'?"
    ),
    Case(
      step: "send: {message: EMM STATUS, with: {emm cause: 256}}",
      "2:51: '256': expected EMM cause, 0 to 255, 0x and its octets, or absent"),
    Case(
      step: "send: {message: DETACH REQUEST, with: {detach type: 16}}", "2:57: '16': expected Detach type, 0 to 15, or absent"),
    Case(
      step: "send: {message: DETACH REQUEST, with: {eps mobile identity: imsi 12}}",
      "2:65: 'imsi 12': expected imsi, or imsi and 6 to 16 digits"),
    Case(
      step: "send: {message: EMM STATUS, with: {count: 5}}",
      "2:40: count: expected it beside message, not in with; it is how the message is protected"),
    Case(step: "radio: {}", "2:5: radio: expected one of downlink nas, unreachable, reachable, barred, admits, link"),
    Case(step: "alter: {uplink: ATTACH REQUEST, nas: 0741, xor: 1}", "2:48: xor: expected nas octet or octet beside it"),
    Case(step: "barrier: alone", "2:5: barrier: expected it in a branch of parallel, where others can come to it"),
    Case(
      step: "parallel: [[attach, barrier: one], [barrier: ome]]",
      "2:25: 'one': expected a barrier that another branch comes to: ome; did you mean 'ome'?"),
  ]

  static let values: [Case] = [
    Case("test network: {plmn: 0010}", "1:22: '0010': expected a PLMN, MCC and MNC, 5 or 6 digits"),
    Case("parameters: {eia: [1, 2]}", "1:14: the parameter 'eia' stands nowhere: expected ${eia} in a value"),
    Case("ue: {eia: [1], eea: [0], eia: [2]}", "1:26: not YAML: the key 'eia' stands there twice"),
    Case("mmes: {mme: {group: 1,\n  code: 2,\n  group: 3}}", "1:14: not YAML: the key 'group' stands there twice"),
    Case("ue:\n  eia: [1]\n  eea: [0]\n  eia: [2]", "4:3: not YAML: the key 'eia' stands there twice"),
    Case("ue: {imeisv: 12}", "1:14: '12': expected an IMEISV, 16 digits"),
    Case("ue: {imeisv: 35349006987331x0}", "1:14: '35349006987331x0': expected an IMEISV, 16 digits"),
    Case(
      "ue: {apn: a..b}",
      "1:11: 'a..b': expected an access point name, labels of 1 to 63 octets between dots, 99 octets in all"),
    Case("ue: {ms network capability: e5}", "1:29: 1 octets: expected MS network capability, 2 to 8 octets"),
    Case(
      "cells: {a: {enb: 0x102}, b: {}}",
      "1:26: the cells 'a' and 'b' have one eNB ID, 0x102: expected one of its own for each"),
    Case("mmes: {wset: {}}\ncells: {a: {mme: west}}", "1:8: 'wset': expected an MME that a cell names: west; did you mean 'west'?"),
  ]

  static let patterns: [Case] = [
    Case(step: "expect: {no: {uplink: ATTACH ACCEPT}, for: 1s}", "2:18: ATTACH ACCEPT never goes uplink"),
    Case(
      step: "expect: {no: {downlink: ATTACH REJECT, with: {emm cuase: 11}}, for: 1s}",
      "2:51: 'emm cuase': expected a field of ATTACH REJECT: count, eksi, mac, emm cause, esm message container, t3346 value, t3402 value, extended emm cause, protocol discriminator, security header type, eps bearer identity, procedure transaction identity, message type; did you mean 'emm cause'?"
    ),
    Case(
      step: "expect: {downlink: PAGING, protection: plain}",
      "2:32: protection: PAGING is not protected so; expected it beside a NAS message"),
  ]

  @Test func `every message of the table of directions has a name`() {
    for title in MessageDirections.uplink.union(MessageDirections.downlink) { #expect(MessageName(title) != nil, "\(title)") }
    #expect(MessageDirections.uplink.isDisjoint(with: MessageDirections.downlink))
  }

  @Test func `aliases that make much of little are refused`() {
    let levels = (1...9).map { "l\($0): &l\($0) [\(Array(repeating: "*l\($0 - 1)", count: 9).joined(separator: ", "))]" }
    let text = "l0: &l0 [a]\n" + levels.joined(separator: "\n")
    #expect(
      throws: ProfileError(
        ProfilePlace(file: "p.yaml", line: 1, column: 1), "more than 200000 values, aliases taken for what they stand for")
    ) {
      try ProfileParser.parse(text, file: "p.yaml")
    }
  }

  @Test func `a parameter is replaced in an included file`() throws {
    let text = "name: x\nparameters: {c: [11, 12]}\nsteps:\n  - include: part.yaml\n"
    let profiles = try ProfileParser.parse(text, file: "p.yaml") { name, _ in (name, "- attach: {cause: \"${c}\"}\n") }
    #expect(profiles.map(\.steps[0].text) == ["attach: cause 11", "attach: cause 12"])
  }

  @Test func `a state is told by its name, and a misspelt one refused`() {
    #expect(throws: Never.self) { try ProfileParser.parse("name: x\nsteps: [assert: {state: EMM-DEREGISTERED.NO-IMSI}]", file: "p.yaml") }
    #expect(throws: ProfileError.self) { try ProfileParser.parse("name: x\nsteps: [assert: {state: EMM-REGISTRED}]", file: "p.yaml") }
  }
}
