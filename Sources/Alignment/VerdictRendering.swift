import NASCrypto
import Observer
import Trace

extension AlignmentEngine {
  /// The verdicts that the events so far give: per UE in the order they were met, its contexts from the first on, then its keys, then
  /// `self-check`, then what is required of a UE that attached and was not met; at the end what no verdict at all is about.
  public func verdicts() -> [Verdict] {
    var result: [Verdict] = []
    tell { result.append($0) }
    return result
  }

  /// The same, one after the other: of a trace of many UEs they take more room than all else.
  public func tell(_ body: (Verdict) -> Void) {
    var unmet = required
    var verdicts = CollectedVerdicts()
    for index in uesWithVerdicts {
      verdicts.removeAll()
      collect(ofUE: index, into: &verdicts)
      meet(&unmet, by: verdicts.all)
      for verdict in verdicts.all { body(verdict) }
    }
    for slug in unmet.sorted() { body(missing(slug)) }
  }

  /// The verdicts of some UEs, as ``tell(_:)`` tells them, but for what is required and no verdict is about.
  public func verdicts(ofUEs indices: ArraySlice<Int>) -> [Verdict] {
    var result = CollectedVerdicts()
    for index in indices { collect(ofUE: index, into: &result) }
    return result.all
  }

  /// The same without the aligned ones, of which there are so many.
  public func verdictsBesideAligned(ofUEs indices: ArraySlice<Int>) -> (verdicts: [Verdict], aligned: Int) {
    var result = CollectedVerdicts(countingAligned: true)
    for index in indices { collect(ofUE: index, into: &result) }
    return (result.all, result.counted)
  }

  private func meet(_ unmet: inout Set<String>, by verdicts: [Verdict]) {
    guard !unmet.isEmpty else { return }
    for verdict in verdicts { unmet = unmet.filter { verdict.slug != $0 && verdict.assertion != $0 } }
  }

  /// Whether KASMEs are told of a UE, and none of them explains anything that is protected.
  /// - Returns: the event of the first message that they leave unexplained.
  public func unexplainedByTold(ofUE index: Int) -> Int? {
    ledgers.read(index) { $0.contexts.isEmpty ? $0.unexplainedSince : nil } ?? nil
  }

  private func missing(_ slug: String) -> Verdict {
    Verdict(slug: slug, verdict: .unobserved, clause: "", note: "required, and nothing was seen that decides it")
  }

  private func collect(ofUE index: Int, into result: inout CollectedVerdicts) {
    kept.read(index) { result.append($0) }
    collectOpen(ofUE: index, into: &result)
  }

  /// The verdicts of a UE since it was reduced to those before.
  func collectOpen(ofUE index: Int, into result: inout CollectedVerdicts) {
    ledgers.read(index) { collect($0, ofUE: index, into: &result) }
  }

  private func collect(_ ledger: NASLedger, ofUE index: Int, into result: inout CollectedVerdicts) {
    // What is before them is of other UEs.
    let start = result.count
    let isObserved = observer.ues.indices.contains(index)
    let ue = isObserved ? observer.ues[index].label : ledger.label
    nasContext(ledger, ue: ue, into: &result)
    keNBs.read(index) { findings in
      for finding in findings { finding.collect(into: &result, ue: ue, showKeys: showKeys) }
    }
    let first = result.count
    // Without a key of the UE nothing is claimed but what is plain.
    let isKeyed = isObserved && observer.hasKey(ofUE: index)
    judged.read(index) { isKeyed ? $0.collect(into: &result) : $0.collectPlain(into: &result) }
    for position in first..<result.count { result[position].ue = ue }
    if ledger.lacksKASME { for position in start..<result.count { result[position] = undecided(result[position]) } }
    var isBlaming = false
    for position in start..<result.count where result[position].verdict == .misaligned { isBlaming = true }
    if let found = selfCheck(index, ledger, ue: ue, isBlaming: isBlaming) {
      let (check, isSettled) = found
      if check.verdict == .misaligned, isSettled {
        for position in start..<result.count { result[position] = withheld(result[position], for: check) }
      }
      result.append(check)
    }
    guard ledger.hasAttached, !required.isEmpty else { return }
    // What is required of this UE is looked for among its own verdicts: there may be many UEs.
    for slug in required.sorted() where !result.all[start...].contains(where: { $0.slug == slug || $0.assertion == slug }) {
      result.append(
        Verdict(
          slug: slug, verdict: .unobserved, ue: ue, clause: "",
          note: "required of a UE that has attached, and nothing was seen that decides it"))
    }
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

  private func nasContext(_ ledger: NASLedger, ue: String, into result: inout CollectedVerdicts) {
    for context in ledger.contexts where !isLeftBehind(context, ledger) {
      for attribute in NASContextAttribute.allCases {
        var verdict = ContextVerdict(attribute, frame: context.firstEvent)
        nasContext(context, uplinkFails: ledger.uplinkFails, &verdict)
        result.append(verdict.outcome, verdict.verdict(ue: ue, showKeys: showKeys))
      }
    }
    if let command = ledger.unexplainedCommand {
      for attribute in NASContextAttribute.allCases {
        var verdict = ContextVerdict(attribute, frame: command.comparison.frame)
        verdict.message = command.comparison.message
        verdict.context = command.context
        verdict.note = "no message under this context verifies"
        if attribute == command.attribute, command.isExplained || !ledger.uplinkFails { verdict.fill(.misaligned, command.comparison) }
        result.append(verdict.outcome, verdict.verdict(ue: ue, showKeys: showKeys))
      }
    } else if let kind = ledger.unprovable.kind {
      for attribute in NASContextAttribute.allCases {
        result.append(unprovable(attribute, kind, ledger.unprovable).verdict(ue: ue, showKeys: showKeys))
      }
    } else if ledger.contexts.isEmpty {
      // A connection without any NAS security in it, of a UE that nobody knows, is not worth six lines.
      guard ledger.imsi != nil || ledger.wasChallenged else { return }
      let why =
        ledger.imsi.map { observer.hasKey(ofSubscriber: $0) } == true
        ? ledger.imsi.map { observer.hasK(ofSubscriber: $0) } == true
          ? "no security context came into being" : "no message verifies under a KASME that is told of this subscriber"
        : "K of this subscriber is not known"
      for attribute in NASContextAttribute.allCases {
        result.append(Verdict(slug: attribute.slug, verdict: .unobserved, ue: ue, clause: attribute.clause, note: why))
      }
    }
  }

  /// A context from before the trace, of which the network has shown nothing before it made another: it did not have that one any more,
  /// or wanted a new one, as it may (TS 24.301 §5.5.1.2.3).
  private func isLeftBehind(_ context: ContextLedger, _ ledger: NASLedger) -> Bool {
    guard context.context.isFromBefore, let current = ledger.currentID, current != context.context.id else { return false }
    return NASContextAttribute.allCases.allSatisfy { context.network[$0] == nil && context.contradictions[$0] == nil }
  }

  private func unprovable(
    _ attribute: NASContextAttribute, _ kind: UnprovableContext.Kind, _ context: UnprovableContext
  ) -> ContextVerdict {
    var verdict = ContextVerdict(attribute, frame: context.frame)
    verdict.outcome = kind.outcome
    verdict.message = context.message
    verdict.note = kind.reason
    guard attribute != .kasme, attribute != .uplinkCount, attribute != .downlinkCount, kind.outcome == .notApplicable else {
      return verdict
    }
    if let mismatch = context.mismatches[attribute] {
      verdict.fill(.misaligned, mismatch)
    } else if let agreement = context.agreements[attribute] {
      verdict.fill(.aligned, agreement)
    } else {
      verdict.outcome = .unobserved
      verdict.note = "no MAC shows which side uses it, and no report says so"
    }
    return verdict
  }

  private func nasContext(_ ledger: ContextLedger, uplinkFails: Bool, _ verdict: inout ContextVerdict) {
    let attribute = verdict.attribute
    comparison(ledger, uplinkFails: uplinkFails, &verdict)
    guard attribute == .eKSI || attribute == .kasme, let deletion = ledger.deletion, verdict.outcome != .misaligned else { return }
    let values = deletion.comparison(attribute, ledger.context)
    switch deletion.standing {
    case .without: verdict.fill(.misaligned, values)
    case .perhaps: verdict.fill(.unobserved, values)
    // What both had until then stays compared.
    case .entitled: verdict.note += (verdict.note.isEmpty ? "" : "; ") + values.note
    }
  }

  private func comparison(_ ledger: ContextLedger, uplinkFails: Bool, _ verdict: inout ContextVerdict) {
    let attribute = verdict.attribute
    verdict.context = ledger.context
    verdict.showsCounts = attribute == .uplinkCount || attribute == .downlinkCount
    if let comparison = ledger.contradictions[attribute] {
      verdict.fill(.misaligned, comparison)
      return
    }
    if attribute == .kasme, let comparison = ledger.unexplained {
      verdict.fill(uplinkFails ? .unobserved : .misaligned, comparison)
      verdict.note += uplinkFails ? "; nor does what the UE sends verify, so a challenge may be missing here" : failures(ledger)
      return
    }
    if attribute == .kasme, ledger.isOpen, let comparison = ledger.collision {
      verdict.fill(.observed, comparison)
      verdict.note += "; a request of the UE collided with the SMC, and TS 24.301 §5.4.3.7 leaves open what is in force then"
      return
    }
    if attribute == .kasme, !ledger.isTakenByNetwork, let comparison = ledger.crossing {
      verdict.fill(.unobserved, comparison)
      verdict.note += "; it may have crossed with SECURITY MODE COMPLETE, and nothing later tells"
      return
    }
    if ledger.reports.misaligned[attribute] == nil, let values = leftOpen(attribute, ledger) {
      verdict.fill(.observed, values)
      return
    }
    if ledger.reports.count > 0 {
      if let comparison = ledger.reports.misaligned[attribute] ?? ledger.reports.waiting[attribute] {
        verdict.fill(.misaligned, comparison)
        return
      }
      guard ledger.isTaken else {
        verdict.note = "the UE has not taken this context into use"
        return
      }
      if let comparison = ledger.reports.stale[attribute] {
        verdict.fill(.unobserved, comparison)
        return
      }
      if let comparison = ledger.reports.aligned[attribute] {
        verdict.fill(.aligned, comparison)
        if attribute == .downlinkCount { limit(&verdict, to: ledger) }
        return
      }
    }
    provenOnTheWire(ledger, &verdict)
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
  private func limit(_ verdict: inout ContextVerdict, to ledger: ContextLedger) {
    guard let proof = ledger.reception.proof else {
      verdict.outcome = .unobserved
      verdict.note = "nothing that the UE sent answers a message under this context, so what it has received is not proven"
      return
    }
    guard proof.sent.count + 1 < ledger.context.nextDownlinkCount else { return }
    verdict.note =
      "the UE has proven COUNT \(proof.sent.count), that of \(proof.sent.name), by \(proof.message); later ones are in flight or not answered"
  }

  /// The network side of a foreign MME.
  private func provenOnTheWire(_ ledger: ContextLedger, _ verdict: inout ContextVerdict) {
    let attribute = verdict.attribute
    if attribute == .downlinkCount, let proof = ledger.reception.proof {
      // Both used this COUNT for one message: the network sent it under it, and the UE accepted it under no other.
      verdict.outcome = .aligned
      verdict.expected = .count(proof.sent.count)
      verdict.observed = .count(proof.sent.count)
      verdict.message = proof.sent.name
      verdict.frame = proof.sent.event
      limit(&verdict, to: ledger)
      return
    }
    let ue = ledger.ue[attribute]
    let network = ledger.network[attribute]
    verdict.expected = ue?.value
    verdict.observed = network?.value
    guard ledger.isTaken, let ue else {
      verdict.note = "the UE has not shown its value under this context"
      return
    }
    guard let network else {
      verdict.message = ue.message
      verdict.frame = ue.frame
      verdict.note = "nothing that the network sent proves its value"
      return
    }
    verdict.message = network.message
    verdict.frame = network.frame
    // The network shows the COUNT that it accepted when it makes a KeNB from it; the comparison is of that message's COUNT.
    if attribute == .uplinkCount {
      verdict.expected = verdict.observed
      verdict.outcome = .aligned
      verdict.note = "proven by KeNB for the message that triggered it; what came later is not proven"
      return
    }
    verdict.outcome = ue.value == network.value ? .aligned : .misaligned
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

  func derivation(_ context: ObservedContext, counts: Bool = false) -> String { context.derivation(counts: counts, showKeys: showKeys) }
}

/// A verdict of `nas-context` while it is decided: values, of which the words are made when they are asked for.
struct ContextVerdict {
  var attribute: NASContextAttribute
  var outcome = Verdict.Outcome.unobserved
  var message = ""
  var frame: Int?
  var expected: AlignedValue?
  var observed: AlignedValue?
  /// What the expected value is derived from.
  var context: ObservedContext?
  var showsCounts = false
  var note = ""

  init(_ attribute: NASContextAttribute, frame: Int?) {
    self.attribute = attribute
    self.frame = frame
  }

  mutating func fill(_ outcome: Verdict.Outcome, _ comparison: Comparison) {
    self.outcome = outcome
    expected = comparison.expected
    observed = comparison.observed
    message = comparison.message
    frame = comparison.frame
    note = comparison.note
  }

  func verdict(ue: String, showKeys: Bool) -> Verdict {
    Verdict(slug: attribute.slug, verdict: outcome, ue: ue, clause: attribute.clause, message: message, frame: frame) {
      [expected, observed, context, showsCounts, note] in
      VerdictWords(
        expected: expected?.text(showKeys: showKeys) ?? "", observed: observed?.text(showKeys: showKeys) ?? "",
        derivation: context?.derivation(counts: showsCounts, showKeys: showKeys) ?? "", note: note)
    }
  }
}

extension ObservedContext {
  func derivation(counts: Bool, showKeys: Bool) -> String {
    "PLMN \(servingNetworkName), KASME \(showKeys ? kasme.hex() : kasme.fingerprint), eKSI \(eKSI)"
      + (counts ? ", COUNT next uplink \(nextUplinkCount), largest downlink \(largestDownlinkCount.map(String.init) ?? "none")" : "")
  }
}
