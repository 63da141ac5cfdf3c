import NASCrypto
import Observer
import Trace

extension AlignmentEngine {
  /// The verdicts that the events so far give: per UE in the order they were met, its contexts from the first on, then its keys, then
  /// `self-check`, then what is required of a UE that attached and was not met; at the end what no verdict at all is about.
  public func verdicts() -> [Verdict] {
    var result: [Verdict] = []
    for index in ledgers.ues {
      guard let ledger = ledgers[index] else { continue }
      // What is required of this UE is looked for among its own verdicts: there may be many UEs.
      let first = result.count
      let ue = observer.ues.indices.contains(index) ? observer.ues[index].label : ledger.label
      result += nasContext(ledger, ue: ue)
      result += (keNBs[index] ?? []).map { $0.verdict(ue: ue, showKeys: showKeys) }
      // Without a key of the UE nothing is claimed but what is plain.
      let isKeyed = observer.ues.indices.contains(index) && observer.hasKey(ofUE: index)
      for var verdict in judged.read(index, { isKeyed ? $0.verdicts : $0.plainVerdicts }) ?? [] {
        verdict.ue = ue
        result.append(verdict)
      }
      if ledger.lacksKASME { for position in first..<result.count { result[position] = undecided(result[position]) } }
      if let found = selfCheck(index, ledger, ue: ue, isBlaming: result[first...].contains { $0.verdict == .misaligned }) {
        let (check, isSettled) = found
        if check.verdict == .misaligned, isSettled {
          for position in first..<result.count { result[position] = withheld(result[position], for: check) }
        }
        result.append(check)
      }
      guard ledger.hasAttached else { continue }
      for slug in required.sorted() where !result[first...].contains(where: { $0.slug == slug || $0.assertion == slug }) {
        result.append(
          Verdict(
            slug: slug, verdict: .unobserved, ue: ue, clause: "",
            note: "required of a UE that has attached, and nothing was seen that decides it"))
      }
    }
    for slug in required.sorted() where !result.contains(where: { $0.slug == slug || $0.assertion == slug }) {
      result.append(
        Verdict(slug: slug, verdict: .unobserved, clause: "", note: "required, and nothing was seen that decides it"))
    }
    return result
  }

  /// What somebody would be blamed for where a KASME is missing among those that are told.
  private func undecided(_ verdict: Verdict) -> Verdict {
    guard verdict.verdict == .misaligned || verdict.verdict == .warning else { return verdict }
    var result = verdict
    result.verdict = .unobserved
    result.rules = []
    result.note += (result.note.isEmpty ? "" : "; ") + "not decided, since a KASME of this UE is not among those that are told"
    return result
  }

  // MARK: nas-context

  private func nasContext(_ ledger: NASLedger, ue: String) -> [Verdict] {
    var result: [Verdict] = []
    for context in ledger.contexts where !isLeftBehind(context, ledger) {
      for attribute in NASContextAttribute.allCases {
        result.append(nasContext(attribute, context, ue: ue, uplinkFails: ledger.uplinkFails))
      }
    }
    if let command = ledger.unexplainedCommand {
      for attribute in NASContextAttribute.allCases {
        var verdict = Verdict(
          slug: attribute.slug, verdict: .unobserved, ue: ue, clause: attribute.clause, message: command.comparison.message,
          frame: command.comparison.frame, derivation: derivation(command.context),
          note: "no message under this context verifies")
        if attribute == command.attribute, command.isExplained || !ledger.uplinkFails { fill(&verdict, .misaligned, command.comparison) }
        result.append(verdict)
      }
    } else if let kind = ledger.unprovable.kind {
      for attribute in NASContextAttribute.allCases { result.append(unprovable(attribute, kind, ledger.unprovable, ue: ue)) }
    } else if ledger.contexts.isEmpty {
      // A connection without any NAS security in it, of a UE that nobody knows, is not worth six lines.
      guard ledger.imsi != nil || ledger.wasChallenged else { return [] }
      let why =
        ledger.imsi.map { observer.hasKey(ofSubscriber: $0) } == true
        ? ledger.imsi.map { observer.hasK(ofSubscriber: $0) } == true
          ? "no security context came into being" : "no message verifies under a KASME that is told of this subscriber"
        : "K of this subscriber is not known"
      for attribute in NASContextAttribute.allCases {
        result.append(Verdict(slug: attribute.slug, verdict: .unobserved, ue: ue, clause: attribute.clause, note: why))
      }
    }
    return result
  }

  /// A context from before the trace, of which the network has shown nothing before it made another: it did not have that one any more,
  /// or wanted a new one, as it may (TS 24.301 §5.5.1.2.3).
  private func isLeftBehind(_ context: ContextLedger, _ ledger: NASLedger) -> Bool {
    guard context.context.isFromBefore, let current = ledger.currentID, current != context.context.id else { return false }
    return NASContextAttribute.allCases.allSatisfy { context.network[$0] == nil && context.contradictions[$0] == nil }
  }

  private func unprovable(
    _ attribute: NASContextAttribute, _ kind: UnprovableContext.Kind, _ context: UnprovableContext, ue: String
  ) -> Verdict {
    var verdict = Verdict(
      slug: attribute.slug, verdict: kind.outcome, ue: ue, clause: attribute.clause, message: context.message, frame: context.frame,
      note: kind.reason)
    guard attribute != .kasme, attribute != .uplinkCount, attribute != .downlinkCount, kind.outcome == .notApplicable else {
      return verdict
    }
    if let mismatch = context.mismatches[attribute] {
      fill(&verdict, .misaligned, mismatch)
    } else if let agreement = context.agreements[attribute] {
      fill(&verdict, .aligned, agreement)
    } else {
      verdict.verdict = .unobserved
      verdict.note = "no MAC shows which side uses it, and no report says so"
    }
    return verdict
  }

  private func nasContext(_ attribute: NASContextAttribute, _ ledger: ContextLedger, ue: String, uplinkFails: Bool) -> Verdict {
    var verdict = comparison(attribute, ledger, ue: ue, uplinkFails: uplinkFails)
    guard let deletion = ledger.deletion, attribute == .eKSI || attribute == .kasme, verdict.verdict != .misaligned else { return verdict }
    let values = deletion.comparison(attribute, ledger.context)
    switch deletion.standing {
    case .without: fill(&verdict, .misaligned, values)
    case .perhaps: fill(&verdict, .unobserved, values)
    // What both had until then stays compared.
    case .entitled: verdict.note += (verdict.note.isEmpty ? "" : "; ") + values.note
    }
    return verdict
  }

  private func comparison(_ attribute: NASContextAttribute, _ ledger: ContextLedger, ue: String, uplinkFails: Bool) -> Verdict {
    var verdict = Verdict(
      slug: attribute.slug, verdict: .unobserved, ue: ue, clause: attribute.clause, frame: ledger.firstEvent,
      derivation: derivation(ledger.context, counts: attribute == .uplinkCount || attribute == .downlinkCount))
    if let comparison = ledger.contradictions[attribute] {
      fill(&verdict, .misaligned, comparison)
      return verdict
    }
    if attribute == .kasme, let comparison = ledger.unexplained {
      fill(&verdict, uplinkFails ? .unobserved : .misaligned, comparison)
      verdict.note += uplinkFails ? "; nor does what the UE sends verify, so a challenge may be missing here" : failures(ledger)
      return verdict
    }
    if attribute == .kasme, ledger.isOpen, let comparison = ledger.collision {
      fill(&verdict, .observed, comparison)
      verdict.note += "; a request of the UE collided with the SMC, and TS 24.301 §5.4.3.7 leaves open what is in force then"
      return verdict
    }
    if attribute == .kasme, !ledger.isTakenByNetwork, let comparison = ledger.crossing {
      fill(&verdict, .unobserved, comparison)
      verdict.note += "; it may have crossed with SECURITY MODE COMPLETE, and nothing later tells"
      return verdict
    }
    if ledger.reports.misaligned[attribute] == nil, let values = leftOpen(attribute, ledger) {
      fill(&verdict, .observed, values)
      return verdict
    }
    if ledger.reports.count > 0 {
      if let comparison = ledger.reports.misaligned[attribute] ?? ledger.reports.waiting[attribute] {
        fill(&verdict, .misaligned, comparison)
        return verdict
      }
      guard ledger.isTaken else {
        verdict.note = "the UE has not taken this context into use"
        return verdict
      }
      if let comparison = ledger.reports.stale[attribute] {
        fill(&verdict, .unobserved, comparison)
        return verdict
      }
      if let comparison = ledger.reports.aligned[attribute] {
        fill(&verdict, .aligned, comparison)
        if attribute == .downlinkCount { limit(&verdict, to: ledger) }
        return verdict
      }
    }
    return provenOnTheWire(attribute, ledger, verdict)
  }

  /// Where the two sides differ because SECURITY MODE COMPLETE crossed with the end of its procedure.
  private func leftOpen(_ attribute: NASContextAttribute, _ ledger: ContextLedger) -> Comparison? {
    let why = "the network has not shown that it had SECURITY MODE COMPLETE; TS 24.301 §5.4.3.7 leaves open what is in force then"
    if var seen = ledger.algorithms.seen[attribute] {
      seen.note = why
      return seen
    }
    guard let open = ledger.algorithms.open, open.attributes.contains(attribute), let algorithms = ledger.algorithms.taken else {
      return nil
    }
    let report = open.report
    let pair: (AlignedValue, AlignedValue)
    switch attribute {
    case .eKSI, .kasme: return nil
    case .cipheringAlgorithm:
      pair = (.ciphering(algorithms.ciphering), report.cipheringAlgorithm.map(AlignedValue.ciphering) ?? .words("none"))
    case .integrityAlgorithm:
      pair = (.integrity(algorithms.integrity), report.integrityAlgorithm.map(AlignedValue.integrity) ?? .words("none"))
    case .uplinkCount: pair = (.nextCount(ledger.context.nextUplinkCount), .nextCount(report.uplinkNASCount.next))
    case .downlinkCount: pair = (.nextCount(ledger.context.nextDownlinkCount), .nextCount(report.downlinkNASCount.next))
    }
    return Comparison(
      expected: pair.0, observed: pair.1, message: "report: \(report.cause)", frame: open.frame, note: why)
  }

  /// What the UE has proven of the downlink COUNT: it counts what it received, and that only its answers show.
  private func limit(_ verdict: inout Verdict, to ledger: ContextLedger) {
    guard let proof = ledger.reception.proof else {
      verdict.verdict = .unobserved
      verdict.note = "nothing that the UE sent answers a message under this context, so what it has received is not proven"
      return
    }
    guard proof.sent.count + 1 < ledger.context.nextDownlinkCount else { return }
    verdict.note =
      "the UE has proven COUNT \(proof.sent.count), that of \(proof.sent.name), by \(proof.message); later ones are in flight or not answered"
  }

  /// The network side of a foreign MME.
  private func provenOnTheWire(_ attribute: NASContextAttribute, _ ledger: ContextLedger, _ start: Verdict) -> Verdict {
    var verdict = start
    if attribute == .downlinkCount, let proof = ledger.reception.proof {
      // Both used this COUNT for one message: the network sent it under it, and the UE accepted it under no other.
      verdict.verdict = .aligned
      verdict.expected = String(proof.sent.count)
      verdict.observed = String(proof.sent.count)
      verdict.message = proof.sent.name
      verdict.frame = proof.sent.event
      limit(&verdict, to: ledger)
      return verdict
    }
    let ue = ledger.ue[attribute]
    let network = ledger.network[attribute]
    verdict.expected = ue?.value.text(showKeys: showKeys) ?? ""
    verdict.observed = network?.value.text(showKeys: showKeys) ?? ""
    guard ledger.isTaken, let ue else {
      verdict.note = "the UE has not shown its value under this context"
      return verdict
    }
    guard let network else {
      verdict.message = ue.message
      verdict.frame = ue.frame
      verdict.note = "nothing that the network sent proves its value"
      return verdict
    }
    verdict.message = network.message
    verdict.frame = network.frame
    // The network shows the COUNT that it accepted when it makes a KeNB from it; the comparison is of that message's COUNT.
    if attribute == .uplinkCount {
      verdict.expected = verdict.observed
      verdict.verdict = .aligned
      verdict.note = "proven by KeNB for the message that triggered it; what came later is not proven"
      return verdict
    }
    verdict.verdict = ue.value == network.value ? .aligned : .misaligned
    return verdict
  }

  private func failures(_ ledger: ContextLedger) -> String {
    ledger.downlinkFailures > 1 ? "; \(ledger.downlinkFailures) downlink messages do not verify" : ""
  }

  func fill(_ verdict: inout Verdict, _ outcome: Verdict.Outcome, _ comparison: Comparison) {
    verdict.verdict = outcome
    verdict.expected = comparison.expected.text(showKeys: showKeys)
    verdict.observed = comparison.observed.text(showKeys: showKeys)
    verdict.message = comparison.message
    verdict.frame = comparison.frame
    verdict.note = comparison.note
  }

  func derivation(_ context: ObservedContext, counts: Bool = false) -> String {
    let key = showKeys ? context.kasme.hex() : context.kasme.fingerprint
    return "PLMN \(context.servingNetworkName), KASME \(key), eKSI \(context.eKSI)"
      + (counts
        ? ", COUNT next uplink \(context.nextUplinkCount), largest downlink \(context.largestDownlinkCount.map(String.init) ?? "none")"
        : "")
  }
}
