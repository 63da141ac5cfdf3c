import Alignment
import Foundation
import NASCrypto
import Testing
import Trace

@testable import Scenario

/// Right entities are never found misaligned, whatever they do.
///
/// `NASUE_WALK_SEEDS` says which walks ("100-199"); they are 400 by default, and 3,000 with `NASUE_ALL_TESTS`.
@Suite("Verdicts on the test network")
struct AlignmentOfWorldsTests {
  static let seeds: Range<UInt64> = {
    let environment = ProcessInfo.processInfo.environment
    if let ends = environment["NASUE_WALK_SEEDS"]?.split(separator: "-").compactMap({ UInt64($0) }), ends.count == 2, ends[0] <= ends[1] {
      return ends[0]..<ends[1] + 1
    }
    return 0..<(environment["NASUE_ALL_TESTS"] == nil ? 400 : 3_000)
  }()

  @Test("a hundred procedures in random order leave no misaligned verdict", arguments: seeds)
  func randomWalk(seed: UInt64) {
    var engine = CryptoEngine()
    var walk = RandomWalk(seed: seed)
    let verdicts = walk.run(using: &engine)
    #expect(verdicts.filter { $0.verdict == .misaligned } == [], "\(walk.done)")
    #expect(verdicts.contains { $0.verdict == .aligned })
  }
}
