import Foundation
import Testing

@Suite("nasue rules")
struct RulesCommandTests {
  @Test("every rule is printed with who and clause, one of them on demand")
  func text() throws {
    let all = try DecodeExecutable.run(["rules"])
    #expect(all.status == 0)
    for slug in ["no-as-rekey-during-smc", "old-as-chain-until-rekey", "ue-keeps-as-keys-until-told"] { #expect(all.output.contains(slug)) }
    #expect(all.lines.filter { $0.contains("(") && $0.contains("TS 33.401 §7.2.10)") }.count == 11)
    let one = try DecodeExecutable.run(["rules", "silent-source-after-relocation"])
    #expect(one.lines.first == "silent-source-after-relocation  (source MME, TS 33.401 §7.2.10)")
    #expect(one.lines.last == "  seen by silent-source")
  }

  @Test("as JSON lines, each complete")
  func json() throws {
    let objects = try DecodeExecutable.run(["rules", "--format", "json"]).objects()
    #expect(objects.count == 11)
    for object in objects {
      #expect(Set(object.keys) == ["rule", "who", "clause", "text", "assertions"])
      #expect((object["text"] as? String)?.isEmpty == false)
    }
  }

  @Test("a mistyped rule is refused with the nearest names")
  func mistyped() throws {
    let outcome = try DecodeExecutable.run(["rules", "old-chain-until-rekey"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("old-as-chain-until-rekey"))
  }
}
