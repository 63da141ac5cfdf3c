import Alignment
import Foundation
import NASCrypto
import Profiles
import RadioAccess
import TestNetwork
import Testing
import Trace

@testable import Scenario

/// All defects × all overlap scenarios.
@Suite struct DefectMatrixTests {
  @Test(arguments: OverlapScenario.all.indices)
  func `the compliant network is misaligned in no scenario`(scenario: Int) {
    let found = OverlapScenario.all[scenario].verdicts([]).filter { $0.verdict == .misaligned || $0.verdict == .warning }
    #expect(found == [], "\(OverlapScenario.all[scenario].name)")
  }

  /// Of a network with one defect: the assertion that it breaks, in one scenario at least, and nothing else but what is declared with it.
  @Test(arguments: Defect.allCases)
  func `a defect misaligns its assertion and no other`(defect: Defect) {
    var found: [String: [String]] = [:]
    for scenario in OverlapScenario.all {
      for verdict in Set(scenario.verdicts([defect]).filter { $0.verdict == .misaligned || $0.verdict == .warning }.map(Self.key)) {
        found[verdict, default: []].append(scenario.name)
      }
    }
    let expected = DefectExpectation[defect]
    #expect(found[expected.verdict] != nil, "\(defect) is not found: \(found)")
    for (verdict, scenarios) in found where verdict != expected.verdict {
      #expect(expected.companions[verdict] != nil, "\(defect): \(verdict) in \(scenarios)")
    }
    for verdict in expected.companions.keys { #expect(found[verdict] != nil, "\(defect): \(verdict) is declared and does not come") }
  }

  @Test func `each class of the corpus is a switch, or it is said why not; each switch is of a class`() {
    #expect(DefectClass.all.map(\.number) == Array(1...42))
    for entry in DefectClass.all { #expect(entry.defects.isEmpty != entry.without.isEmpty, "\(entry.number)") }
    let ofRules: Set<Defect> = [
      .noASRekey, .refusedKeyForgotten, .asChainAtKeyRequest, .acceptNotCiphered, .relocationDuringSMC, .relocationDuringASRekey,
      .forwardNewContextOnly, .targetStartsNewChain,
      .downlinkNASAfterRelocation,
    ]
    #expect(Set(DefectClass.all.flatMap(\.defects)).union(ofRules) == Set(Defect.allCases))
  }

  @Test func `every slug of a verdict is in the catalogue, every assertion of the catalogue gives verdicts, and profiles know them`() {
    var slugs: Set<String> = []
    for scenario in OverlapScenario.all { slugs.formUnion(scenario.verdicts([]).map(\.slug)) }
    // Of a UE without keys.
    let network = MobileWorld(keepsEvents: true)
    network.handover(to: 1, .s1)
    var (engine, log) = (AlignmentEngine(subscribers: []), TraceLog())
    for event in network.events { engine.consume(log.append(time: event.time, body: event.body), using: &network.engine) }
    slugs.formUnion(engine.verdicts().map(\.slug))
    #expect(slugs.filter { Assertion(of: $0) == nil } == [])
    #expect(Assertion.allCases.filter { assertion in !slugs.contains { Assertion(of: $0) == assertion } } == [])
    #expect(AssertionSlugs.all.filter { Assertion(of: $0) == nil } == [])
    #expect(Set(AssertionSlugs.assertions) == Set(Assertion.allCases.filter { $0 != .nccOrder }.map(\.slug)))
    for defect in Defect.allCases { #expect(DefectExpectation[defect].slug == defect.assertion) }
  }

  private static func key(_ verdict: Verdict) -> String { "\(verdict.slug) \(verdict.verdict.rawValue)" }

  @Test func `the matrix in README is that of the table`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../README.md").standardizedFileURL
    let text = try String(contentsOf: file, encoding: .utf8)
    let begin = "<!-- matrix: Tests/ScenarioTests/Matrix -->\n"
    let end = "<!-- end of matrix -->\n"
    let from = try #require(text.range(of: begin))
    let to = try #require(text.range(of: end))
    let written = String(text[from.upperBound..<to.lowerBound])
    if ProcessInfo.processInfo.environment["NASUE_WRITE_MATRIX"] != nil {
      let new = text.replacingCharacters(in: from.upperBound..<to.lowerBound, with: DefectMatrix.markdown)
      return try new.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(written == DefectMatrix.markdown, "NASUE_WRITE_MATRIX=1 swift test --filter DefectMatrixTests writes it")
  }
}

/// The matrix as README prints it.
enum DefectMatrix {
  /// Assertions by slug; attributes of `nas-context` make one column.
  static let columns = [
    "nh-genealogy", "nh-never-reused", "kenb-explained", "rekey-owed", "rekey-smc-order", "smc-owed-after-non-delivery",
    "count-per-transmission", "count-estimation", "forgery-inert", "eksi-consistent", "protection-by-state", "capabilities-replayed",
    "hashmme",
    "null-algorithms", "context-in-force", "relocation-waits", "forward-both-contexts", "silent-source", "nas-context",
  ]

  static var markdown: String {
    var text = "| defect | clause | " + columns.enumerated().map { String($0.offset + 1) }.joined(separator: " | ") + " |\n"
    text += "|---|---|" + columns.map { _ in ":-:|" }.joined() + "\n"
    for defect in Defect.allCases {
      let expected = DefectExpectation[defect]
      func cell(_ column: String) -> String {
        func isOf(_ slug: String) -> Bool { slug == column || slug.hasPrefix(column + "/") }
        if isOf(expected.slug) { return expected.isWarning ? "w" : "**M**" }
        let with = expected.companions.keys.filter { isOf(String($0.prefix { $0 != " " })) }
        if with.contains(where: { $0.hasSuffix("misaligned") }) { return "m" }
        return with.isEmpty ? "" : "w"
      }
      text += "| `\(defect.rawValue)` | \(defect.clause) | " + columns.map(cell).joined(separator: " | ") + " |\n"
    }
    let names = columns.enumerated().map { "\($0.offset + 1) `\($0.element)`" }.joined(separator: ", ")
    text += "\n\(names).\n\nClasses of the corpus (defects.md) that no switch makes, and why:\n\n"
    for entry in DefectClass.all where entry.defects.isEmpty { text += "- \(entry.number), \(entry.words): \(entry.without).\n" }
    return text
  }
}
