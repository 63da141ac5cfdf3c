import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// The assertions that need octets of S1AP and NAS and K alone, of any MME.
extension AlignmentEngine {
  /// Takes an observation after the NAS ledger has.
  /// - Parameters:
  ///   - currentID: the context that the UE used before it.
  ///   - hasCollided: a request of the UE was open before it, or had met an SMC.
  mutating func judgeWire(
    _ observation: Observation, ue index: Int, currentID: Int?, hasCollided: Bool, using engine: inout CryptoEngine
  ) {
    var ue = judged.removeValue(forKey: index) ?? JudgedUE()
    defer { judged[index] = ue }
    let known = observer.ues[index]
    let circumstances = Circumstances(
      running: ue.running, current: known.context(currentID), isInForce: ledgers[index]?.isCurrentInForce ?? false,
      hasCollided: hasCollided, unprovable: ledgers[index]?.unprovable.kind,
      isLive: isLive, release: release)
    ue.observe(observation, circumstances, using: &engine)
    if case .procedure(let procedure) = observation.body, let pair = procedure.nextHop {
      ue.genealogy.judge(
        pair, observation, message: procedure.message.title, ledger: &ue.accessStratum, contexts: known.contexts, showKeys: showKeys,
        using: &engine)
    }
    if case .procedure(let procedure) = observation.body, procedure.message == .pathSwitchRequestFailure {
      ue.genealogy.refused(observation, ue.accessStratum, ue.running)
    }
    ue.accessStratum.consume(observation)
    ue.running.consume(observation, currentID: currentID)
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
