import Alignment
import Foundation
import NASCrypto
import TestNetwork
import Testing

/// Walks that provoke: none is misaligned on the compliant network, and each defect is found within a thousand.
@Suite struct ProvokingWalkTests {
  private static let isLong = ProcessInfo.processInfo.environment["NASUE_ALL_TESTS"] != nil

  @Test func `random orders with losses and forgeries leave no misaligned verdict on the compliant network`() {
    for seed in 0..<(Self.isLong ? 2_000 as UInt64 : 60) {
      var walk = ProvokingWalk(seed: seed)
      let verdicts = walk.run()
      for verdict in verdicts where verdict.verdict == .misaligned {
        Issue.record("seed \(seed): \(verdict), after \(walk.done.joined(separator: ", "))")
      }
    }
  }

  @Test(arguments: Defect.allCases.filter { !$0.isOfRelocation })
  func `a defect is found within a thousand walks`(defect: Defect) {
    let expected = DefectExpectation[defect]
    for seed in 0..<1_000 as Range<UInt64> {
      var walk = ProvokingWalk(seed: seed, defects: [defect])
      let found = walk.run().contains { "\($0.slug) \($0.verdict.rawValue)" == expected.verdict }
      if found {
        if ProcessInfo.processInfo.environment["NASUE_VERBOSE"] != nil { print("FOUND", defect.rawValue, seed) }
        return
      }
    }
    Issue.record("\(defect.rawValue) is not found")
  }
}
