import Foundation
import Testing

/// What is wrong with a PDU of which the octets can be told apart, or with what is inside of one: with the path from the outermost message
/// down, and the octet counted from its start.
@Suite struct DecodeFaultTests {
  /// INITIAL CONTEXT SETUP REQUEST with two E-RABs, the second with a transport layer address of 20 bits (made with pycrate).
  static let shortAddress =
    "0009006e000006000000020001000800020002004200060803e82003e800180024010034000e050009040f807f000001000000010034000d0600090409807f0000"
    + "00000001006b00051c000e0000004900200000000000000000000000000000000000000000000000000000000000000000"
  /// INITIAL CONTEXT SETUP REQUEST whose E-RAB has an ATTACH ACCEPT with a TAI list of a type that does not exist (made with pycrate).
  static let brokenNAS =
    "0009006e000006000000020001000800020002004200060803e82003e800180024000034001f450009040f807f000001000000011007420149066000f1100001"
    + "00035200c2006b00051c000e0000004900200000000000000000000000000000000000000000000000000000000000000000"
  static let words = "INITIAL CONTEXT SETUP REQUEST / E-RABToBeSetupItem[1] / transportLayerAddress: 20 bits, expected 32, 128 or 160"

  @Test func aFieldOutsideItsLogicalRangeIsToldWithPathAndOctet() throws {
    let tree = try DecodeExecutable.run(["decode", Self.shortAddress])
    #expect(tree.status == 0 && tree.lines.last == "  fault: \(Self.words) (octet 62), criticality reject")
    let json = try DecodeExecutable.run(["decode", "--format", "json", "--verify", Self.shortAddress]).objects()[0]
    #expect(json["ok"] as? Bool == true && json["faults"] as? [String] == ["\(Self.words) (octet 62), criticality reject"])
  }

  @Test func whatAMessageLacksIsTold() throws {
    // DOWNLINK NAS TRANSPORT with MME UE S1AP ID alone.
    let octets = "000b4009000001000000020001"
    let outcome = try DecodeExecutable.run(["decode", octets])
    #expect(
      outcome.lines.suffix(2) == [
        "  fault: DOWNLINK NAS TRANSPORT / eNB-UE-S1AP-ID: missing (octet 5), criticality reject",
        "  fault: DOWNLINK NAS TRANSPORT / NAS-PDU: missing (octet 5), criticality reject",
      ])
    #expect((try DecodeExecutable.run(["decode", "--format", "json", octets]).objects()[0]["faults"] as? [String])?.count == 2)
    #expect(try DecodeExecutable.run(["decode", "--format", "json", DecodeCommandTests.initialUEMessage]).objects()[0]["faults"] == nil)
  }

  @Test func anErrorInANASMessageInsideCountsFromTheOutermostPDU() throws {
    let outcome = try DecodeExecutable.run(["decode", Self.brokenNAS])
    let path = "INITIAL CONTEXT SETUP REQUEST / E-RABToBeSetupItem[0] / nAS-PDU / ATTACH ACCEPT / TAI list / partial list[0]"
    #expect(outcome.output.contains("TAI list: \(path) at octet 58: value not allowed, expected 2, found 3  (6000f1100001, syntactically"))
    let json = try DecodeExecutable.run(["decode", "--format", "json", "--nas", Self.brokenNAS]).objects()[0]
    let nas = try #require((json["nas"] as? [[String: Any]])?.first)
    #expect(nas["path"] as? String == "INITIAL CONTEXT SETUP REQUEST / E-RABToBeSetupItem[0] / nAS-PDU" && nas["offset"] as? Int == 53)
    #expect((nas["value"] as? [String: Any])?["type"] as? String == "ATTACH ACCEPT")
    #expect(try DecodeExecutable.run(["decode", "--format", "json", Self.brokenNAS]).objects()[0]["nas"] == nil)
  }

  @Test func aMandatoryElementThatCannotBeReadIsAnErrorOfTheMessage() throws {
    let octets = "07420149066000f110000100035200c2"
    #expect(try DecodeExecutable.run(["decode", octets]).status == 1)
    let outcome = try DecodeExecutable.run(["decode", "--format", "json", octets])
    let object = try outcome.objects()[0]
    let words = "ATTACH ACCEPT / TAI list / partial list[0] at octet 5: value not allowed, expected 2, found 3"
    #expect(outcome.status == 1 && object["ok"] as? Bool == false && object["error"] as? String == words && object["offset"] as? Int == 5)
    let elements = try #require((object["value"] as? [String: Any])?["elements"] as? [[String: Any]])
    let list = try #require(elements.first { $0["name"] as? String == "TAI list" })
    #expect(list["value"] == nil && list["error"] as? String == words && list["standing"] as? String == "syntactically incorrect")
  }

  @Test func anOptionalElementThatCannotBeReadIsNone() throws {
    // ATTACH REJECT with a T3346 value that is too short.
    let outcome = try DecodeExecutable.run(["decode", "--format", "json", "0744165f00"])
    #expect(outcome.status == 0)
    let elements = try #require((try outcome.objects()[0]["value"] as? [String: Any])?["elements"] as? [[String: Any]])
    #expect(elements.last?["standing"] as? String == "syntactically incorrect" && elements.last?["value"] == nil)
  }

  @Test func whatIsWrongInsideAnUncipheredEnvelopeIsTold() throws {
    let octets = "17aabbccdd00074100"
    let words = "ATTACH REQUEST / EPS mobile identity at octet 9: mandatory element missing"
    let tree = try DecodeExecutable.run(["decode", octets])
    #expect(tree.status == 1 && tree.lines.last == "  not decoded as NAS: \(words)")
    let json = try DecodeExecutable.run(["decode", "--format", "json", octets])
    let object = try json.objects()[0]
    #expect(json.status == 1 && object["ok"] as? Bool == false && object["error"] as? String == words)
    // What is ciphered is no error.
    #expect(try DecodeExecutable.run(["decode", DecodeCommandTests.securityModeComplete]).status == 0)
  }

  @Test func anArgumentWithoutOctetsIsNoPDU() throws {
    let outcome = try DecodeExecutable.run(["decode", DecodeCommandTests.securityModeCommand, ""])
    #expect(outcome.status == 2 && outcome.errors.contains("argument 2: no octets"))
  }
}
