import Alignment
import NASCrypto
import RadioAccess
import S1AP
import TestNetwork
import Testing
import Trace

@testable import Scenario

/// What the verdicts say of handovers on the compliant network, and on one with a defect of the AS key chain.
@Suite struct DefectVerdictTests {
  /// Two S1 and two X2 handovers, a re-authentication, two more.
  private func misaligned(_ defects: Set<Defect>) -> Set<String> {
    let network = MobileWorld(keepsEvents: true) { $0.defects = defects }
    network.handover(to: 1, .s1)
    network.handover(to: 2, .s1)
    network.handover(to: 0, .x2)
    network.handover(to: 1, .x2)
    network.network(.authenticate())
    network.handover(to: 2, .s1)
    network.handover(to: 0, .x2)
    var alignment = AlignmentEngine(subscribers: [Worlds.credentials()])
    var log = TraceLog()
    for (time, body) in network.events { alignment.consume(log.append(time: time, body: body), using: &network.engine) }
    return Set(alignment.verdicts().filter { $0.verdict == .misaligned }.map(\.slug))
  }

  @Test func `the compliant network is not misaligned`() {
    #expect(misaligned([]) == [])
  }

  @Test(arguments: [Defect.nhZero, .nhStale, .nhSkip, .nhFirstPair, .nhTruncated, .nccStuck, .keNBAsNH])
  func `a defect of the chain is found as nh-genealogy`(defect: Defect) {
    #expect(misaligned([defect]).contains("nh-genealogy"), "\(defect.rawValue)")
  }
}
