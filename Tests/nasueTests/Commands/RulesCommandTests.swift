import Foundation
import Testing

@Suite("nasue rules")
struct RulesCommandTests {
  @Test("every rule is printed with who and clause, one of them on demand")
  func text() throws {
    let all = try DecodeExecutable.run(["rules"])
    #expect(all.status == 0)
    for slug in ["no-as-rekey-during-smc", "old-as-chain-until-rekey", "ue-keeps-as-keys-until-told"] { #expect(all.output.contains(slug)) }
    #expect(all.lines.filter { $0.contains("(") && $0.contains("TS 33.401 §7.2.10)") && !$0.contains("(assertion") }.count == 11)
    #expect(all.lines.filter { $0.contains("(assertion, TS ") }.count == 21)
    let one = try DecodeExecutable.run(["rules", "silent-source-after-relocation"])
    #expect(one.lines.first == "silent-source-after-relocation  (source MME, TS 33.401 §7.2.10)")
    #expect(one.lines.last == "  seen by silent-source")
  }

  @Test("as JSON lines, each complete")
  func json() throws {
    let objects = try DecodeExecutable.run(["rules", "--format", "json"]).objects()
    #expect(objects.count == 32)
    for object in objects.prefix(11) {
      #expect(Set(object.keys) == ["rule", "who", "clause", "text", "assertions"])
      #expect((object["text"] as? String)?.isEmpty == false)
    }
  }

  @Test("an assertion is explained: clause, evidence, the defects that it finds; with an attribute too")
  func assertions() throws {
    let one = try DecodeExecutable.run(["rules", "nh-genealogy"])
    #expect(one.status == 0)
    #expect(one.lines.first == "nh-genealogy  (assertion, TS 33.401 §7.2.8.4)")
    #expect(one.output.contains("evidence: Security Context of HANDOVER REQUEST"))
    #expect(one.output.contains("finds: old-as-chain-until-rekey, nh-zero"))
    #expect(try DecodeExecutable.run(["rules", "nas-context/kasme"]).lines.first == "nas-context  (assertion, TS 24.301 §4.4.2.1)")
    let objects = try DecodeExecutable.run(["rules", "silent-source", "--format", "json"]).objects()
    #expect(objects.count == 1 && objects[0]["assertion"] as? String == "silent-source")
    #expect(objects[0]["defects"] as? [String] == ["downlink-nas-after-relocation"])
    #expect(objects[0]["rules"] as? [String] == ["silent-source-after-relocation"])
  }

  @Test("a mistyped rule is refused with the nearest names")
  func mistyped() throws {
    let outcome = try DecodeExecutable.run(["rules", "old-chain-until-rekey"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("old-as-chain-until-rekey"))
    let assertion = try DecodeExecutable.run(["rules", "nh-geneology"])
    #expect(assertion.status == 2 && assertion.errors.contains("nh-genealogy"))
    #expect(try DecodeExecutable.run(["rules", "nas-context/colour"]).status == 2)
  }
}
