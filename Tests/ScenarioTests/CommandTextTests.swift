import NASCrypto
import NASMessages
import NASSecurity
import TestNetwork
import Testing

@testable import Scenario

/// The commands that people write.
@Suite struct CommandTextTests {
  private static let imsi = "001010123456780"

  @Test(arguments: [
    ("authenticate", NetworkCommand.authenticate()), ("authenticate alone", .authenticate(thenSecurityMode: false)),
    ("security-mode", .securityMode()),
    ("security-mode eia1 eea3 current", .securityMode(NASAlgorithms(ciphering: .eea3, integrity: .eia1), of: .current)),
    ("security-mode new refresh-kenb", .securityMode(of: .nonCurrent, refreshingKeNB: true)),
    ("security-mode non-current", .securityMode(of: .nonCurrent)), ("identity", .identify(.imsi)), ("identity tmsi", .identify(.tmsi)),
    ("reallocate-guti", .reallocateGUTI), ("emm-information", .emmInformation),
    ("emm-information A  name", .information(NetworkInformation(fullName: "A name"))),
    ("emm-status 111", .emmStatus(.protocolErrorUnspecified)), ("detach", .detachRequest(.reattachNotRequired)),
    ("detach re-attach", .detachRequest(.reattachRequired)),
    ("detach imsi cause 2", .detachRequest(.imsiDetachByNetwork, cause: .imsiUnknownInHSS)),
    ("page", .page), ("page by-imsi", .pageByIMSI), ("release", .release),
    ("bearer activate", .activateDedicatedBearer()),
    ("bearer activate qci 2 linked 6", .activateDedicatedBearer(linkedTo: 6, qos: EPSQoS(qci: 2))),
    ("bearer modify 7 qci 3", .modifyBearer(7, qos: EPSQoS(qci: 3))), ("bearer deactivate 5", .deactivateBearer(5)),
    ("bearer deactivate 5 cause 38", .deactivateBearer(5, cause: ESMCause(rawValue: 38))),
  ])
  func `each command reads as what it says`(text: String, command: NetworkCommand) throws {
    #expect(try NetworkCommand(parsing: text) == command)
    var words = text.split(separator: " ").map(String.init)
    words.insert(Self.imsi, at: 1)
    let line = words.joined(separator: "\t ")
    #expect(try NetworkOrder(parsing: line) == NetworkOrder(command, imsi: Self.imsi))
    #expect(try NetworkOrder(parsing: " now \(line)\r") == NetworkOrder(command, imsi: Self.imsi, isAtOnce: true))
  }

  @Test(arguments: [
    ("frobnicate 001010123456780", "unknown command 'frobnicate'"), ("now", "no command"), ("", "no command"),
    ("identity", "expected an IMSI"),
    ("identity 12", "6 to 15 digits"), ("identity 00101012345678x", "6 to 15 digits"), ("identity 001010123456780 imeiv", "'imeiv'"),
    ("security-mode 001010123456780 eia1", "both algorithms or none"),
    ("security-mode 001010123456780 eia9 eea1", "both algorithms or none"),
    ("emm-status 001010123456780", "0 to 255"), ("emm-status 001010123456780 256", "0 to 255"),
    ("bearer 001010123456780", "activate, modify"),
    ("bearer 001010123456780 modify 5", "qci N"), ("bearer 001010123456780 modify 16 qci 1", "5 to 15"),
    ("bearer 001010123456780 deactivate", "5 to 15"), ("detach 001010123456780 cause", "0 to 255"), ("page 001010123456780 now", "'now'"),
  ])
  func `what is not understood is told in words`(line: String, words: String) {
    let error = #expect(throws: CommandTextError.self) { try NetworkOrder(parsing: line) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("tau", RunSteps([.update(isActive: false)])), ("release,service-request*40", RunSteps([.release, .serviceRequest], times: 40)),
    ("detach,attach", RunSteps([.detach(switchOff: false), .attach])),
    (
      "network=page by-imsi,await=attach,wait=7",
      RunSteps([.network(.pageByIMSI, text: "page by-imsi"), .await(.attach), .wait(.seconds(7))])
    ),
  ])
  func `steps read as what they say`(text: String, steps: RunSteps) throws { #expect(try RunSteps(parsing: text) == steps) }

  @Test(arguments: [
    "", "tau,", "tau*", "tau*0", "tau*2*3", "tau*x", "await=godot", "wait=-1", "wait=x", "wait", "network=", "network=fly", "Tau",
  ])
  func `steps that are none are told in words`(text: String) {
    let error = #expect(throws: CommandTextError.self) { try RunSteps(parsing: text) }
    #expect(error?.description.isEmpty == false)
  }
}
