import Alignment
import Testing

@testable import Reporting

@Suite("What a core conforms to")
struct ConformanceTableTests {
  private func verdict(_ slug: String, _ outcome: Verdict.Outcome, breaking: [String] = [], keeping: [String] = []) -> Verdict {
    var verdict = Verdict(slug: slug, verdict: outcome, rules: breaking, clause: "TS 33.401 §7.2.10")
    verdict.kept = keeping
    return verdict
  }

  @Test("a rule is broken, kept where its case arose, or not put to the test: an assertion that holds is not enough")
  func words() {
    let plain = ConformanceTable([verdict("nh-genealogy", .aligned), verdict("rekey-smc-order", .aligned)])
    #expect(ConcurrencyRule.allCases.allSatisfy { plain.word(for: $0) == "not put to the test" })
    let table = ConformanceTable([
      verdict("nh-genealogy", .aligned, keeping: ["old-as-chain-until-rekey"]),
      verdict("nh-genealogy", .misaligned, breaking: ["target-keeps-old-as-chain"]),
      verdict("relocation-waits", .aligned, keeping: ["wait-for-smc-before-relocation"]),
      verdict("relocation-waits", .misaligned, breaking: ["wait-for-smc-before-relocation"]),
    ])
    #expect(table.word(for: .oldASChainUntilRekey) == "kept")
    #expect(table.word(for: .targetKeepsOldASChain) == "broken 1")
    #expect(table.word(for: .waitForSMCBeforeRelocation) == "broken 1")
    #expect(table.word(for: .silentSourceAfterRelocation) == "not put to the test")
    #expect(table.text(style: TerminalStyle()).contains("silent-source-after-relocation"))
  }
}
