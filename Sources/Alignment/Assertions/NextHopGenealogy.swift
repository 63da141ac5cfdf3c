import NASCrypto
import Observer
import S1AP
import Trace

/// `nh-genealogy`: HANDOVER REQUEST and PATH SWITCH REQUEST ACKNOWLEDGE carry NH = KDF(KASME of the AS chain, NH before), NCC one more
/// (TS 33.401 §7.2.8.4). A miss is searched for and named. `nh-never-reused`: no pair goes out twice.
///
/// The one assertion that moves the AS ledger, since it finds where the MME's chain stands.
struct NextHopGenealogy: Sendable {
  static let maximumSearches = 32

  /// A pair that was the one due: almost all are.
  private struct Step: Sendable {
    var event: Int
    var message: String
    var root: AccessStratumChain.Root
    /// What is due, and the NH before it.
    var index: UInt32
    var nextHop: KeyMaterial
    var before: KeyMaterial
    var showKeys: Bool
    /// Rules whose case was there.
    var kept: [ConcurrencyRule]

    var verdict: Verdict {
      Verdict(
        slug: Assertion.nhGenealogy.slug, verdict: .aligned, kept: kept.map(\.slug), clause: "TS 33.401 §7.2.8.4", message: message,
        frame: event
      ) { [self] in
        let pair = NextHopGenealogy.text(nextHop, UInt8(index % 8), showKeys)
        return VerdictWords(
          expected: pair, observed: pair,
          derivation: AccessStratumChain.derivation(from: root, index - 1, before, to: index, nextHop, showKeys: showKeys))
      }
    }
  }

  private enum Finding: Sendable {
    case step(Step)
    indirect case verdict(Verdict)
  }

  private var findings: [Finding] = []
  private(set) var reuse = Findings(.nhNeverReused)
  private var searches = 0
  /// Where in the findings pairs of a key stand that its eNB has not confirmed.
  private var unconfirmed: [Int] = []
  /// That the AS ledger itself does not agree with what it follows from.
  @Rare private(set) var fault: Comparison?

  /// - Parameters:
  ///   - newest: what NAS runs on, or an outstanding SMC would take into use.
  ///   - isFromOtherMME: HANDOVER REQUEST of another MME than was asked for the handover.
  ///   - mayBeLate: HANDOVER REQUEST of a handover that was given up, or whose source connection has gone, since it was asked for: it may be of a
  ///     chain that was left meanwhile, and then it takes no step of the one in force.
  mutating func judge(
    _ pair: ProcedureObservation.NextHop, _ observation: Observation, message: String, isFromOtherMME: Bool, mayBeLate: Bool,
    ledger: inout AccessStratumLedger,
    contexts: [ObservedContext], newest: Newest, showKeys: Bool, using engine: inout CryptoEngine
  ) {
    // The MME that goes on with a chain of which another one sent the pair before, or that was asked.
    let before = ledger.sent.last.flatMap { last in (ledger.chain?.event).flatMap { last.event > $0 ? last : nil } }
    let isFromTarget = isFromOtherMME || before.map { $0.connection.leg.mme != observation.leg.mme } ?? false
    defer {
      judgeReuse(pair, observation, message, ledger)
      ledger.record(
        .init(
          event: observation.event, message: message, connection: observation.connection, chainingCount: pair.chainingCount, key: pair.key))
    }
    if let chain = ledger.chain {
      var due = chain
      due.step(using: &engine)
      if due.chainingCount == pair.chainingCount, due.nextHop == pair.key {
        // One key is kept, not two that are alike.
        due.nextHop = pair.key
        add(
          .step(
            Step(
              event: observation.event, message: message, root: chain.root, index: due.index, nextHop: due.nextHop, before: chain.nextHop,
              showKeys: showKeys, kept: kept(newest, chain, isFromTarget: isFromTarget))))
        return ledger.move(to: due)
      }
    }
    if mayBeLate, let chain = ledger.chain {
      return add(
        .verdict(
          Verdict(
            slug: Assertion.nhGenealogy.slug, verdict: .unobserved, clause: "TS 33.401 §7.2.8.4", message: message,
            frame: observation.event,
            observed: Self.text(pair.key, pair.chainingCount, showKeys),
            note: "the pair may be of a handover asked for before the chain of frame \(chain.event) began, and given up since")))
    }
    judgeOther(
      pair, observation, message: message, isFromTarget: isFromTarget, ledger: &ledger, contexts: contexts, showKeys: showKeys,
      using: &engine)
  }

  /// What NAS runs on, or is about to.
  enum Newest {
    case context(ObservedContext?)
    /// An SMC that takes a new KASME into use is outstanding.
    case commanded
  }

  /// The rules that a pair of the old chain keeps: they have a case only where NAS is on another KASME, or about to be.
  private func kept(
    _ newest: Newest, _ chain: AccessStratumChain, isFromTarget: Bool
  ) -> [ConcurrencyRule] {
    switch newest {
    case .context(nil): return []
    case .context(let context?): if context.kasme == chain.kasme { return [] }
    case .commanded: break
    }
    return isFromTarget ? [.oldASChainUntilRekey, .targetKeepsOldASChain] : [.oldASChainUntilRekey]
  }

  private mutating func add(_ finding: Finding) {
    if findings.count < AlignmentEngine.maximumFindings { findings.append(finding) }
  }

  /// A pair that is not plainly the one due.
  private mutating func judgeOther(
    _ pair: ProcedureObservation.NextHop, _ observation: Observation, message: String, isFromTarget: Bool,
    ledger: inout AccessStratumLedger,
    contexts: [ObservedContext], showKeys: Bool, using engine: inout CryptoEngine
  ) {
    var verdict = Verdict(
      slug: Assertion.nhGenealogy.slug, verdict: .unobserved, clause: "TS 33.401 §7.2.8.4", message: message, frame: observation.event,
      observed: Self.text(pair.key, pair.chainingCount, showKeys))
    defer { add(.verdict(verdict)) }
    guard let chain = ledger.chain else {
      verdict.note = ledger.absence
      return
    }
    var due = chain
    due.step(using: &engine)
    verdict.expected = Self.text(due.nextHop, due.chainingCount, showKeys)
    verdict.derivation = chain.derivation(to: due, showKeys: showKeys)
    // Attempts of which no pair was seen may have taken a step each.
    for later in ledger.due(using: &engine).dropFirst() {
      guard later.nextHop == pair.key, later.chainingCount == pair.chainingCount else { continue }
      verdict.verdict = .aligned
      verdict.note = "NH\(subscripted(later.index)): steps were made for handovers asked for before, of which no pair was seen"
      verdict.expected = Self.text(later.nextHop, later.chainingCount, showKeys)
      return ledger.move(to: later)
    }
    // A key that the eNB has not confirmed: which chain is in force is decided by what reached the MME first.
    if var next = ledger.pending {
      next.step(using: &engine)
      if next.nextHop == pair.key, next.chainingCount == pair.chainingCount {
        verdict.verdict = .observed
        verdict.note = "the pair follows from the key of frame \(next.event), which the eNB has not confirmed on the wire yet"
        if findings.count < AlignmentEngine.maximumFindings { unconfirmed.append(findings.count) }
        return ledger.movePending(to: next)
      }
    }
    if let doubt = chain.doubt {
      verdict.note = doubt
      return ledger.move(to: due)
    }
    verdict.verdict = .misaligned
    if fault == nil, let note = chain.fault(contexts, using: &engine) {
      fault = Comparison(
        expected: .words("what follows from KASME and KeNB"), observed: .words("another"), message: message, frame: observation.event,
        note: note)
    }
    var leavesChain = false
    let right = chain.links(to: due.index, using: &engine)
    var sent: [KeyLink] = []
    defer { verdict.chains = KeyChains(expected: right, sent: sent, showKeys: showKeys) }
    if due.nextHop == pair.key {
      verdict.note = "NH is right, NCC \(pair.chainingCount) is sent for \(due.chainingCount)"
      sent = right.dropLast() + right.suffix(1).map { KeyLink(name: $0.name, key: $0.key, origin: "NCC \(pair.chainingCount)") }
    } else if searches < Self.maximumSearches {
      searches += 1
      let search = NextHopSearch(key: pair.key, chain: chain, contexts: contexts.reversed(), sent: ledger.sent)
      if let found = search.find(using: &engine) {
        verdict.note = "what was sent is \(found.name), NCC \(pair.chainingCount)"
        leavesChain = found.leavesChain
        verdict.isCertain = found.isOverOwnNextHop
        sent = found.links
        if let kasme = found.kasme, let base = found.base {
          verdict.derivation +=
            "; sent: KASME \(keyText(kasme, showKeys: showKeys)) over \(found.baseName) \(keyText(base, showKeys: showKeys))"
            + " -> NH \(keyText(pair.key, showKeys: showKeys)): they part after \(found.baseName)"
        }
        if let index = found.index, index > due.index {
          while due.index < index { due.step(using: &engine) }
        }
      } else {
        verdict.note = "no derivation that was tried gives what was sent, NCC \(pair.chainingCount)"
      }
    }
    if leavesChain {
      verdict.rules = [ConcurrencyRule.oldASChainUntilRekey.slug] + (isFromTarget ? [ConcurrencyRule.targetKeepsOldASChain.slug] : [])
    }
    ledger.move(to: due)
  }

  /// The eNB has taken the key into use: the pairs sent of it were right. Or it has refused it: no node has the key that they follow from.
  mutating func answered(_ observation: Observation, isRefused: Bool) {
    defer { unconfirmed = [] }
    guard isRefused else { return }
    for place in unconfirmed where findings.indices.contains(place) {
      guard case .verdict(var verdict) = findings[place] else { continue }
      verdict.verdict = .misaligned
      verdict.rules = [ConcurrencyRule.oldASChainUntilRekey.slug]
      verdict.note +=
        "; it refused that key in frame \(observation.event), so that neither it nor the UE has the chain: new KASME over new KeNB"
      findings[place] = .verdict(verdict)
    }
  }

  /// PATH SWITCH REQUEST FAILURE while an SMC runs: the UE has moved already, and the old chain has a pair for it.
  mutating func refused(_ observation: Observation, _ ledger: AccessStratumLedger, _ running: RunningProcedures) {
    guard let command = running.securityMode, ledger.chain != nil else { return }
    add(
      .verdict(
        Verdict(
          slug: Assertion.nhGenealogy.slug, verdict: .warning, rules: [ConcurrencyRule.oldASChainUntilRekey.slug],
          clause: ConcurrencyRule.oldASChainUntilRekey.clause, message: "PATH SWITCH REQUEST FAILURE", frame: observation.event,
          expected: "PATH SWITCH REQUEST ACKNOWLEDGE with the next pair of the chain in force", observed: "PATH SWITCH REQUEST FAILURE",
          note: "SECURITY MODE COMMAND of frame \(command.event) is outstanding, which is no reason to refuse: it strands the UE")))
  }

  private mutating func judgeReuse(
    _ pair: ProcedureObservation.NextHop, _ observation: Observation, _ message: String, _ ledger: AccessStratumLedger
  ) {
    if let earlier = ledger.sent(pair.key) {
      reuse.find(
        .misaligned, observation, message,
        .init(
          expected: "an NH that no eNB has", observed: "key \(pair.key.fingerprint), NCC \(pair.chainingCount)",
          note: "the NH was sent in \(earlier.message), frame \(earlier.event), NCC \(earlier.chainingCount)"))
    } else {
      reuse.hold(observation, message, .pair(pair.key, chainingCount: pair.chainingCount))
    }
  }

  private static func text(_ key: KeyMaterial, _ chainingCount: UInt8, _ showKeys: Bool) -> String {
    "NH \(keyText(key, showKeys: showKeys)), NCC \(chainingCount)"
  }

  /// Where no key of the UE is known: that pairs were there.
  func collectKeyless(into result: inout CollectedVerdicts) {
    guard let first = findings.first else { return }
    let (frame, message) =
      switch first {
      case .step(let step): (Int?(step.event), step.message)
      case .verdict(let verdict): (verdict.frame, verdict.message)
      }
    result.append(
      Verdict(
        slug: Assertion.nhGenealogy.slug, verdict: .unobserved, clause: Assertion.nhGenealogy.clause, message: message, frame: frame,
        note: "no key is known of this UE, or not whose it is"))
  }

  func collect(into result: inout CollectedVerdicts) {
    for finding in findings {
      switch finding {
      case .step(let step): result.append(.aligned, step.verdict)
      case .verdict(let verdict): result.append(verdict)
      }
    }
    reuse.collect(into: &result)
  }
}
