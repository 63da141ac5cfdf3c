import Foundation
import Testing

/// What octet strings of S1AP hold, in the tree and in JSON.
@Suite struct DecodeNestedTests {
  /// REROUTE NAS REQUEST around ``DecodeCommandTests/initialUEMessage``, written by hand.
  static let reroute =
    "0034005700000300080002000700e1004443000c403f000005000800020002001a00171607417108091010103254760802f0f000050201d011d10043"
    + "00060000f1100007006440080000f1100019b010008640013000df00020001"
  /// HANDOVER COMMAND to UTRAN with NAS security parameters from E-UTRAN.
  static let toUTRAN = "200000220000050000000200010008000200020001000110008700020105007b000403010203"
  /// HANDOVER REQUEST from UTRAN of which NAS security parameters to E-UTRAN are too short, and nearly all else missing.
  static let fromUTRAN = "00010015000003000000020001000100013000880003020506"

  @Test func theMessageInRerouteNASRequestIsAPartOfTheTree() throws {
    let outcome = try DecodeExecutable.run(["decode", "--verify", Self.reroute])
    #expect(outcome.status == 0)
    #expect(
      outcome.lines.contains("    INITIAL UE MESSAGE  (S1AP InitialUEMessage, 67 octets, initiatingMessage, initialUEMessage, ignore)"))
    #expect(outcome.lines.contains("        ATTACH REQUEST (NAS, 22 octets)"))
    #expect(outcome.lines.contains("  MME-Group-ID: 0001  (1, reject)") && outcome.lines.last == "  encodes to the same octets")
  }

  @Test func theMessageInRerouteNASRequestIsAMemberInJSON() throws {
    let object = try #require(try DecodeExecutable.run(["decode", "--format", "json", "--nas", Self.reroute]).objects().first)
    let nested = try #require((object["nested"] as? [[String: Any]])?.first)
    #expect(nested["type"] as? String == "S1AP-PDU" && nested["path"] as? String == "REROUTE NAS REQUEST / S1-Message")
    #expect(nested["offset"] as? Int == 18 && nested["faults"] == nil)
    let alone = try #require(
      try DecodeExecutable.run(["decode", "--format", "json", DecodeCommandTests.initialUEMessage]).objects()[0]["value"] as? NSDictionary)
    #expect(nested["value"] as? NSDictionary == alone)
    let nas = try #require((object["nas"] as? [[String: Any]])?.first)
    #expect(nas["path"] as? String == "REROUTE NAS REQUEST / S1-Message / INITIAL UE MESSAGE / NAS-PDU" && nas["offset"] as? Int == 36)
    #expect((nas["value"] as? [String: Any])?["type"] as? String == "ATTACH REQUEST")
    // Only where it is asked for, since what `value` has is the PDU in JER.
    #expect(try DecodeExecutable.run(["decode", "--format", "json", Self.reroute]).objects()[0]["nested"] == nil)
  }

  @Test func securityParametersOfInterRATHandoversAreRead() throws {
    #expect(
      try DecodeExecutable.run(["decode", Self.toUTRAN]).lines.contains(
        "    NAS security parameters from E-UTRA: downlink NAS COUNT (short) 5"))
    let object = try DecodeExecutable.run(["decode", "--format", "json", "--nas", Self.toUTRAN]).objects()[0]
    let nested = try #require((object["nested"] as? [[String: Any]])?.first)
    #expect(nested["value"] as? String == "downlink NAS COUNT (short) 5" && (object["nas"] as? [Any])?.isEmpty == true)
    let path = "HANDOVER REQUEST / NASSecurityParameterstoE-UTRAN"
    let words = "\(path) at octet 23: value too short, expected 6 octets, found 2"
    #expect(try DecodeExecutable.run(["decode", Self.fromUTRAN]).lines.contains("    not decoded as NAS: \(words)"))
    let broken = try DecodeExecutable.run(["decode", "--format", "json", "--nas", Self.fromUTRAN]).objects()[0]
    #expect((broken["nested"] as? [[String: Any]])?.first?["error"] as? String == words)
  }
}
