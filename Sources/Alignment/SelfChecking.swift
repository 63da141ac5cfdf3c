import NASCrypto
import NASMessages
import Observer
import Trace

/// `self-check`: whether this program agrees with itself. Our UE's and our eNBs' own words against the wire and K; and, before a peer is blamed,
/// what the ledgers hold against the same derived anew. Where they differ nobody else is judged by them.
extension AlignmentEngine {
  /// - Parameter isBlaming: something is misaligned of the UE, so that the ledgers are to be looked at too.
  /// - Returns: the verdict, and whether it is settled: what our UE is ahead by may be under way still.
  func selfCheck(_ index: Int, _ ledger: NASLedger, ue: String, isBlaming: Bool) -> (verdict: Verdict, isSettled: Bool)? {
    var verdict = Verdict(slug: Assertion.selfCheck.slug, verdict: .unobserved, ue: ue, clause: "TS 24.301 §4.4.2.1")
    let keys = selfChecks[index]
    var reports = 0
    for context in ledger.contexts {
      reports += context.selfCheck.count
      if let deletion = context.selfDeletion, deletion.standing == .without {
        verdict.derivation = derivation(context.context)
        fill(&verdict, .misaligned, deletion.comparison(.kasme, context.context))
        verdict.note = "our UE says that it has no context, and nothing on the wire made it delete this one"
        return (verdict, true)
      }
      for attribute in NASContextAttribute.allCases {
        // What it has sent and is not on the wire puts it ahead.
        let isAhead = attribute == .uplinkCount && ledger.imsi.map(isSending) == true
        guard let comparison = context.selfCheck.misaligned[attribute] ?? (isAhead ? nil : context.selfCheck.waiting[attribute]) else {
          continue
        }
        verdict.derivation = derivation(context.context)
        fill(&verdict, .misaligned, comparison)
        verdict.note = "our UE's own \(attribute.name) is not the one that the wire and K give"
        return (verdict, context.selfCheck.misaligned[attribute] != nil)
      }
      if isLive, let comparison = context.faultOfUE {
        verdict.derivation = derivation(context.context)
        fill(&verdict, .misaligned, comparison)
        return (verdict, true)
      }
    }
    if let mismatch = keys?.mismatch ?? judged.read(index, { $0.genealogy.fault }) ?? nil {
      fill(&verdict, .misaligned, mismatch)
      return (verdict, true)
    }
    if isBlaming, let fault = faultOfLedger(index, ledger) {
      fill(&verdict, .misaligned, fault)
      return (verdict, true)
    }
    let compared = reports + (keys?.compared ?? 0)
    guard compared > 0 else { return nil }
    let check = Verdict(slug: verdict.slug, verdict: .aligned, ue: ue, clause: verdict.clause) {
      [context = ledger.contexts.last?.context, showKeys] in
      VerdictWords(
        observed: "\(compared) reports agree with the wire and K",
        derivation: context?.derivation(counts: false, showKeys: showKeys) ?? "")
    }
    return (check, true)
  }

  /// What the ledgers hold of a UE's contexts against the same derived anew from the challenge, and against the messages remembered.
  private func faultOfLedger(_ index: Int, _ ledger: NASLedger) -> Comparison? {
    var engine = CryptoEngine()
    func fault(_ expected: AlignedValue, _ observed: AlignedValue, _ context: ObservedContext, _ note: String) -> Comparison {
      Comparison(expected: expected, observed: observed, message: "ledger", frame: context.challengeEvent, note: note)
    }
    for context in observer.ues[index].contexts where !context.isFromBefore {
      if let again = context.kasme(forServingNetwork: context.servingNetwork, using: &engine), again != context.kasme {
        return fault(.key(again), .key(context.kasme), context, "the ledger's KASME is not the one that K and the challenge give")
      }
      if let algorithms = context.algorithms,
        engine.deriveNASIntegrityKey(kasme: context.kasme, algorithms.integrity) != algorithms.integrityKey
          || engine.deriveNASEncryptionKey(kasme: context.kasme, algorithms.ciphering) != algorithms.encryptionKey
      {
        return fault(.words("those of KASME"), .words("others"), context, "the ledger's NAS keys do not follow from its KASME")
      }
      guard let kept = ledger.contexts.last(where: { $0.context.id == context.id }) else { continue }
      if let last = kept.uplinkMessages.largest, context.nextUplinkCount > last + 1 {
        return fault(
          .nextCount(last + 1), .nextCount(context.nextUplinkCount), context, "the ledger's uplink COUNT is ahead of every message seen")
      }
      if let last = kept.downlinkMessages.largest, let count = context.largestDownlinkCount, count > last {
        return fault(.count(last), .count(count), context, "the ledger's downlink COUNT is ahead of every message seen")
      }
    }
    return nil
  }

  /// What a peer would be blamed for by ledgers that do not agree with our own UE, or with themselves.
  func withheld(_ verdict: Verdict, for selfCheck: Verdict) -> Verdict {
    guard verdict.verdict == .misaligned else { return verdict }
    var result = verdict
    result.verdict = .unobserved
    result.rules = []
    result.note += (result.note.isEmpty ? "" : "; ") + "withheld, since self-check of this UE is misaligned"
    if let frame = selfCheck.frame { result.note += " at frame \(frame)" }
    return result
  }

  // MARK: What our own UE sends

  /// A message that our UE sent, by the trace of the radio, verifies under no context, or under a COUNT that the ledger has as used: either its
  /// keys are wrong or ours here.
  mutating func checkOwn(_ nas: NASObservation, _ observation: Observation, _ ue: ObservedUEReference) {
    guard ownMessages.contains(where: { $0.ue.name == ue.imsi && $0.octets == nas.octets }),
      ledgers.read(ue.index, { $0.unprovable.kind }) ?? nil == nil, ledgers.read(ue.index, { $0.hasLostCount }) != true
    else { return }
    switch nas.integrity {
    case .failed(let count):
      guard let context = observer.ues[ue.index].current, let algorithms = context.algorithms, algorithms.integrity != .eia0 else { return }
      selfChecks[ue.index, default: SelfCheckLedger()].fails(nas.name, context: context, count: count, frame: observation.event)
    case .stale(let count):
      // Its octets again are a replay on the wire, and not its doing.
      guard let context = nas.context, ledgers.read(ue.index, { $0.hasSeen(nas.digest, count, under: context.id) }) == false else { return }
      selfChecks[ue.index, default: SelfCheckLedger()].record(
        Comparison(
          expected: .words("\(context.nextUplinkCount) or more"), observed: .count(count), message: nas.name, frame: observation.event,
          note: "our UE sent a new message under a COUNT that the ledger has as used"))
    case .plain, .verified, .unverifiable: return
    }
  }

  /// AUTHENTICATION RESPONSE of our UE to a challenge that is not authentic under the K known here: the two have not the same K.
  mutating func checkAnswer(to id: Int, _ observation: Observation, _ ue: ObservedUEReference) {
    guard isLive, let context = observer.ues[ue.index].context(id), !context.isNetworkAuthenticated else { return }
    selfChecks[ue.index, default: SelfCheckLedger()].record(
      Comparison(
        expected: .words("AUTHENTICATION FAILURE"), observed: .words("AUTHENTICATION RESPONSE"), message: "AUTHENTICATION RESPONSE",
        frame: observation.event, note: "our UE took a challenge for authentic that is not so under the K that is known here"))
  }

  /// A report of our UE on a context that no challenge in the trace gives, under the eKSI of one that it answered.
  mutating func checkReport(_ report: SecurityContextReport, _ ue: ObservedUE, frame: Int) {
    guard isLive, !report.isMapped, let kasme = report.kasme, (ledgers.read(ue.index) { $0.unprovable.kind } ?? nil) == nil,
      report.integrityAlgorithm != .eia0, ue.currentContext == nil, ue.offer == nil,
      !ue.contexts.contains(where: { $0.kasme == kasme || $0.isFromBefore }),
      let context = ue.contexts.last(where: { $0.eKSI == report.eKSI && $0.challengeEvent == answered[ue.index] })
    else { return }
    selfChecks[ue.index, default: SelfCheckLedger()].record(
      Comparison(
        expected: .key(context.kasme), observed: .key(kasme), message: "report: \(report.cause)", frame: frame,
        note: "our UE's KASME is not the one that K and the challenge which it answered give"))
  }
}
