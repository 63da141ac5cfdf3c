import NASCrypto
import NASMessages
import Observer
import Trace

/// The assertions that need octets of S1AP and NAS and K alone, of any MME.
extension AlignmentEngine {
  /// Takes an observation after the NAS ledger has.
  mutating func judgeWire(
    _ observation: Observation, ue index: Int, _ standing: NASLedger.Standing, using engine: inout CryptoEngine
  ) {
    judged[index, default: JudgedUE()].consume(
      observation, standing, of: observer, ue: index, isLive: isLive, release: release, showKeys: showKeys, using: &engine)
  }

  /// A key for the eNB starts a chain, once its finding is made.
  mutating func startChain(_ finding: KeNBFinding, _ observation: Observation, ue index: Int, using engine: inout CryptoEngine) {
    var chain: AccessStratumChain?
    var why = "what the key before follows from is not known"
    if let expected = finding.expected {
      chain = AccessStratumChain(expected.trigger, keNB: finding.key, event: finding.frame, using: &engine)
      if case .other = finding.outcome {
        chain?.doubt = "the key of frame \(finding.frame) is not the right one, so neither is what follows from it"
      }
    } else if case .withoutTrigger(_, let words) = finding.outcome {
      why = "the key of frame \(finding.frame): " + words
    } else if case .unprovable(let kind) = finding.outcome {
      why = kind.reason
    }
    judged[index, default: JudgedUE()].accessStratum.key(chain, why: why, on: observation.connection)
  }
}
