import NASCrypto
import NASMessages
import Observer

/// Downlink messages whose protection is not the one that both sides should have: what they disprove.
///
/// On S1 the sender of a downlink NAS-PDU is the MME, so one that does not verify under the context that the UE has in use is evidence
/// on the MME's context, and not a forgery on the radio, which an onlooker on S1 does not see. A search over what else it can have been
/// made with names the attribute that differs: the KASME if another of the UE's or another PLMN's explains the MAC, the integrity
/// algorithm, or the downlink COUNT. Where nothing explains it, KASME is misaligned: all that the NAS keys follow from, and not known
/// here, unless the UE's own messages fail their check too; then it is our knowledge that lacks, and nothing is said.
extension AlignmentEngine {
  mutating func explain(_ nas: NASObservation, _ observation: Observation, ue index: Int, using engine: inout CryptoEngine) {
    let contexts = observer.ues[index].contexts
    let named = try? nas.message?[SecurityModeCommand.nasKeySetIdentifier].value
    guard let context = contexts.last(where: { $0.eKSI == named }) ?? contexts.last else { return }
    let selected = (try? nas.message?[SecurityModeCommand.selectedNASSecurityAlgorithms])?.integrity
    // A null algorithm proves nothing either way; nor does the K known here, if the UE took a challenge that is not authentic under it.
    guard context.isFromBefore || context.isNetworkAuthenticated, selected != IntegrityAlgorithm.eia0.rawValue,
      ledgers[index]?.unprovable.kind == nil, ledgers[index]?.takeSearch() == true
    else {
      return
    }
    func comparison(_ expected: AlignedValue, _ observed: AlignedValue, _ note: String) -> Comparison {
      Comparison(expected: expected, observed: observed, message: nas.name, frame: observation.event, note: note)
    }
    let attribute: NASContextAttribute
    let found: Comparison
    var isExplained = true
    switch observer.explain(securityModeCommand: nas.octets, context: context, using: &engine) {
    case .servingNetwork(let plmn, let kasme):
      attribute = .kasme
      found = comparison(.key(context.kasme), .key(kasme), "the network derived KASME for PLMN \(plmnName(plmn))")
    case .integrityAlgorithm(let algorithm):
      attribute = .integrityAlgorithm
      let expected = selected.flatMap(IntegrityAlgorithm.init(rawValue:)).map(AlignedValue.integrity) ?? .words("the one selected")
      found = comparison(expected, .integrity(algorithm), "the MAC was made with another algorithm than the command selects")
    case .count(let count):
      attribute = .downlinkCount
      found = comparison(.count(context.nextDownlinkCount), .count(count), "the command was protected with another COUNT")
    case nil:
      isExplained = false
      attribute = .kasme
      found = comparison(
        .key(context.kasme), .words("another"),
        "the MAC verifies under the KASME of the challenge with no COUNT tried, and no other derivation tried explains it")
    }
    ledgers[index]?.unexplainedCommand = .init(context: context, attribute: attribute, comparison: found, isExplained: isExplained)
  }

  mutating func explainDownlink(_ nas: NASObservation, _ observation: Observation, ue index: Int, using engine: inout CryptoEngine) {
    let ue = observer.ues[index]
    guard let context = ue.current, let algorithms = context.algorithms, algorithms.integrity != .eia0 else { return }
    guard ledgers[index]?.unprovable.kind == nil, ledgers[index]?.failsCheck(observation.event, under: context.id) == true else { return }
    func comparison(_ expected: AlignedValue, _ observed: AlignedValue, _ note: String) -> Comparison {
      Comparison(expected: expected, observed: observed, message: nas.name, frame: observation.event, note: note)
    }
    switch observer.explain(downlink: nas.octets, ofUE: index, context: context, using: &engine) {
    case .count(let count):
      let found = comparison(.words("\(context.nextDownlinkCount) or more"), .count(count), "the message was protected with another COUNT")
      ledgers[index]?.contradict(.downlinkCount, found, of: context.id)
    case .integrityAlgorithm(let algorithm):
      let found = comparison(.integrity(algorithms.integrity), .integrity(algorithm), "the MAC was made with another algorithm")
      if ledgers[index]?.algorithms(of: context.id)?.mayUse(integrity: algorithm) == true {
        return ledgers[index]?.with(context.id) { $0.algorithms.see(found, .integrityAlgorithm) } ?? ()
      }
      ledgers[index]?.contradict(.integrityAlgorithm, found, of: context.id)
    case .otherContext(let other):
      let found = comparison(
        .key(context.kasme), .key(other.kasme), "the MAC was made with the KASME of another challenge, eKSI \(other.eKSI)")
      ledgers[index]?.contradict(.kasme, found, of: context.id)
    case .servingNetwork(let plmn, let kasme):
      let found = comparison(.key(context.kasme), .key(kasme), "the network derived KASME for PLMN \(plmnName(plmn))")
      ledgers[index]?.contradict(.kasme, found, of: context.id)
    case nil:
      let found = comparison(.key(context.kasme), .words("another"), "no key that is held, algorithm or COUNT tried explains its MAC")
      ledgers[index]?.unexplained(found, of: context.id)
    }
  }

  /// A downlink message whose MAC verifies, and which cannot be read when it is deciphered with the algorithm of its context.
  mutating func explainCiphering(_ nas: NASObservation, _ observation: Observation, ue index: Int, using engine: inout CryptoEngine) {
    // A malformed message is no evidence on ciphering.
    if nas.isDeciphered == nil, nas.error != nil { return }
    guard case .verified(let count) = nas.integrity, let context = nas.context, let algorithms = context.algorithms,
      ledgers[index]?.takeSearch() == true
    else { return }
    let readable = Observer.cipherings(ofDownlink: nas.octets, context: context, count: count, using: &engine)
    let inForce = ledgers[index]?.algorithms(of: context.id)
    let open = readable.first { inForce?.mayUse(ciphering: $0) == true }
    let found = open ?? readable.first
    guard found != nil || nas.isDeciphered == false else { return }
    let comparison = Comparison(
      expected: .ciphering(algorithms.ciphering),
      observed: found.map(AlignedValue.ciphering) ?? .words("not readable when deciphered with it"),
      message: nas.name, frame: observation.event,
      note: found == nil ? "no ciphering algorithm makes it readable" : "the message was ciphered with another algorithm")
    if open != nil {
      ledgers[index]?.with(context.id) { $0.algorithms.see(comparison, .cipheringAlgorithm) }
    } else {
      ledgers[index]?.contradict(.cipheringAlgorithm, comparison, of: context.id)
    }
  }
}
