import Alignment
import Foundation
import NASCrypto
import TestNetwork
import Testing

/// Verdicts on random orders of SMC, S1 and X2 handover, service request, TAU, re-authentication, release.
///
/// `NASUE_VERDICT_WALKS` says which walks ("100-199"); they are 300 by default, and 10,000 with `NASUE_ALL_TESTS`.
@Suite struct VerdictWalkTests {
  static let seeds: Range<UInt64> = {
    let environment = ProcessInfo.processInfo.environment
    if let ends = environment["NASUE_VERDICT_WALKS"]?.split(separator: "-").compactMap({ UInt64($0) }), ends.count == 2, ends[0] <= ends[1]
    {
      return ends[0]..<ends[1] + 1
    }
    return 0..<(environment["NASUE_ALL_TESTS"] == nil ? 300 : 10_000)
  }()

  @Test(arguments: [0, 1] as [UInt64])
  func `random orders on the compliant network leave no misaligned verdict`(half: UInt64) {
    var engine = CryptoEngine()
    var aligned: Set<String> = []
    for seed in Self.seeds where seed % 2 == half {
      var walk = HandoverWalk(seed: seed, isJudged: true)
      _ = walk.run(steps: 40, using: &engine)
      for verdict in walk.verdicts {
        if verdict.verdict == .misaligned { Issue.record("seed \(seed): \(verdict), after \(walk.done.joined(separator: " "))") }
        if verdict.verdict == .aligned { aligned.insert(verdict.assertion) }
      }
    }
    #expect(aligned.isSuperset(of: ["nas-context", "kenb-explained", "nh-genealogy", "nh-never-reused", "rekey-smc-order"]))
  }
}
