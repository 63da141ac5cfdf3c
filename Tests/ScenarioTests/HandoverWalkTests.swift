import Foundation
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import RadioInterface
import S1AP
import TestNetwork
import Testing
import Trace
import UserEquipment

@testable import Scenario

/// SMC, handover, service request, TAU, re-authentication and release in any order on the compliant network: whenever nothing is on its
/// way, UE and eNB hold the same AS keys.
@Suite struct HandoverWalkTests {
  /// Number of walks; more with `NASUE_ALL_TESTS`.
  private static let walks = ProcessInfo.processInfo.environment["NASUE_ALL_TESTS"] == nil ? 200 as UInt64 : 5_000

  @Test func `AS keys of UE and eNB are the same at every quiescent point`() {
    var engine = CryptoEngine()
    var points = 0
    for seed in 0..<Self.walks {
      var walk = HandoverWalk(seed: seed)
      let (quiescent, why) = walk.run(steps: 40, using: &engine)
      points += quiescent
      guard why == nil else {
        Issue.record("seed \(seed): \(why ?? ""), after \(walk.done.joined(separator: " "))")
        return
      }
    }
    #expect(points > Int(Self.walks) * 10)
  }

  @Test func `the walk finds a network that derives a wrong NH`() {
    var engine = CryptoEngine()
    var found = 0
    for seed in 0..<20 as Range<UInt64> {
      var walk = HandoverWalk(seed: seed, defects: [.oldASChainUntilRekey])
      if walk.run(steps: 40, using: &engine).why != nil { found += 1 }
    }
    // A hybrid NH is one that UE and target cannot both have.
    #expect(found > 0)
  }
}
