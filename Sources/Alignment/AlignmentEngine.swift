import DequeModule
public import NASCrypto
import NASMessages
public import Observer
public import Trace

/// Judges one trace, live or captured: consumes events in order, and tells the verdicts so far at any time.
///
/// The ledgers follow wire octets and K alone. An MME's own report is the network side that is compared with them; a UE's
/// own report feeds `self-check` alone. Where no MME reports, the network side is what its protected messages and keys prove; what they
/// do not prove is unobserved.
public struct AlignmentEngine: Sendable {
  /// Findings kept beyond this are only the misaligned ones.
  static let maximumFindings = 100_000

  /// Follows the UEs here, or is a replica of one that does on another thread.
  public internal(set) var observer: Observer
  let required: Set<String>
  let showKeys: Bool
  let release: Int?
  var ledgers = PerUE<NASLedger>()
  var keNBs = PerUE<[KeNBFinding]>()
  var selfChecks = PerUE<SelfCheckLedger>()
  /// What is judged beside the NAS contexts.
  var judged = PerUE<JudgedUE>()
  /// An entity or the radio was heard, so this is a run and no capture.
  private(set) var isLive = false
  private var findings = 0
  /// NAS-PDUs that a tester had made with the UE's keys.
  private var testersMessages: Set<[UInt8]> = []
  /// What our UEs sent last, as far as it is traced at the radio.
  private(set) var ownMessages: [(ue: UELabel, octets: [UInt8])] = []
  private static let maximumOwnMessages = 64
  /// The SECURITY MODE COMPLETE that our UE sent last, whatever became of it: its KeNB follows from that.
  private var ownComplete: [String: (sequenceNumber: UInt8, frame: Int)] = [:]
  /// The event of the challenge that a UE answered last.
  var answered = PerUE<Int>()
  private var observations: [Observation] = []
  /// The verdicts of UEs that were reduced to them.
  var kept = PerUE<[Verdict]>()
  var recency = Recency()
  /// See ``maximumKeylessLedgers``.
  var maximumKeyless = maximumKeylessLedgers
  /// UEs that had not ended and were reduced to their verdicts, since there were too many without keys: see ``maximumKeylessLedgers``.
  public internal(set) var reducedUEs = 0

  /// - Parameters:
  ///   - subscribers: whose K is known; other UEs stay unobserved.
  ///   - kasmes: KASMEs of UEs whose K is not known.
  ///   - required: slugs, with or without attribute, of which there must be a verdict: one that nothing gave is added as unobserved.
  ///   - showKeys: print keys where verdicts otherwise print fingerprints.
  ///   - release: of 3GPP, that the network is of, where that is known: from 14 on HASHMME is due (TS 24.301 §5.4.3.2).
  public init(
    subscribers: [SubscriberCredentials], kasmes: [ToldKASME] = [], required: Set<String> = [], showKeys: Bool = false, release: Int? = nil
  ) {
    observer = Observer(subscribers: subscribers, kasmes: kasmes)
    self.required = required
    self.showKeys = showKeys
    self.release = release
  }

  /// How many UEs have been told apart.
  public var ueCount: Int { observer.ues.count }

  /// Knows a context from before the trace, as of a USIM that was switched off: a message that verifies under it is evidence as one under
  /// a context whose challenge was seen.
  public mutating func know(_ stored: StoredContext, using engine: inout CryptoEngine) { observer.know(stored, using: &engine) }

  /// A tester has had this NAS-PDU made with the UE's keys, and sends it: a COUNT used twice and a wrong key set in it are meant. What the
  /// network does with it is judged as ever.
  public mutating func expectTestersMessage(_ octets: [UInt8]) { testersMessages.insert(octets) }

  /// - Parameter reading: of the event's S1AP-PDU, where it was made before.
  public mutating func consume(_ event: TraceEvent, read reading: S1APReading? = nil, using engine: inout CryptoEngine) {
    switch event.body {
    case .s1ap, .association:
      observer.consume(event, read: reading, using: &engine, into: &observations)
      judgeObservations(using: &engine)
    case .securityContext(let report):
      isLive = true
      judge(report, frame: event.index, at: event.time, using: &engine)
    case .keNB(let entity, let imsi, let key, let chainingCount):
      isLive = true
      if let imsi, chainingCount == 0, let ue = observer.ue(imsi: imsi) {
        judge(reported: key, by: entity, ue, frame: event.index, using: &engine)
      }
    case .nas(let label, let direction, let octets):
      isLive = true
      guard direction == .uplink else { break }
      if octets.count > 5, octets[0] >> 4 == SecurityHeaderType.integrityProtectedAndCipheredNewContext.rawValue {
        ownComplete[label.name] = (octets[5], event.index)
      }
      if ownMessages.count >= Self.maximumOwnMessages { ownMessages.removeFirst() }
      ownMessages.append((label, octets))
    case .gtp(_, _, let octets): judge(gtp: octets, frame: event.index, at: event.time, using: &engine)
    case .discard, .timer, .state: isLive = true
    case .note: break
    }
  }

  /// What an observer on another thread says of some events: this engine then judges all that it judges so.
  /// - Parameter batch: the same observations afterwards, and no changes.
  public mutating func consume(_ batch: inout ObservedBatch, using engine: inout CryptoEngine) {
    var changes: [(before: Int, change: ObservedBatch.Change)] = []
    swap(&changes, &batch.changes)
    var next = 0
    var last = -1
    batch.observations.withUnsafeMutableBufferPointer { observations in
      for position in 0...observations.count {
        while next < changes.count, changes[next].before <= position {
          var change = ObservedBatch.Change.ended(-1)
          swap(&change, &changes[next].change)
          apply(change, using: &engine)
          next += 1
        }
        guard position < observations.count, let place = observations.baseAddress.map({ $0 + position }) else { break }
        if place.pointee.event != last { makeRoom() }
        last = place.pointee.event
        // Moved out and back: a copy would touch the counts of all that it refers to, and the thread that made it does, too.
        let observation = place.move()
        judge(observation, using: &engine)
        place.initialize(to: observation)
      }
    }
    changes.removeAll(keepingCapacity: true)
    swap(&changes, &batch.changes)
  }

  private mutating func apply(_ change: consuming ObservedBatch.Change, using engine: inout CryptoEngine) {
    switch consume change {
    case .ue(let ue): observer.replicate(ue)
    case .step(let step): observer.replicate(step)
    case .plmns(let plmns): observer.replicate(plmnsSeen: plmns)
    case .event(let event): consume(event, using: &engine)
    case .ended(let index): reduce(index)
    }
  }

  private mutating func judgeObservations(using engine: inout CryptoEngine) {
    if !observations.isEmpty { makeRoom() }
    // Taken out one after the other, from the end, so that none is copied.
    var (first, last) = (0, observations.count - 1)
    while first < last {
      observations.swapAt(first, last)
      (first, last) = (first + 1, last - 1)
    }
    while let observation = observations.popLast() { judge(observation, using: &engine) }
    for index in observer.ended { reduce(index) }
  }

  /// The KeNB that our eNB or our UE says it uses.
  private mutating func judge(
    reported key: KeyMaterial, by entity: TraceEntity, _ ue: ObservedUE, frame: Int, using engine: inout CryptoEngine
  ) {
    // A key that is on the wire too shows that the ledger is wrong.
    if let ledger = selfChecks[ue.index], ledger.contradicts(key, by: entity), !ledger.isOnWire(key), case .ue = entity, let imsi = ue.imsi
    {
      if let complete = ownComplete[imsi], follows(key, from: complete.sequenceNumber, of: ue, using: &engine) {
        if let last = keNBs[ue.index]?.indices.last { keNBs[ue.index]?[last].isOvertaken(byCompleteOf: complete.frame) }
        return
      }
      if isSending(imsi), isAhead(key, of: ue, using: &engine) { return }
    }
    if let ledger = selfChecks[ue.index], ledger.contradicts(key, by: entity), wasSentToSomebody(key) { return }
    selfChecks[ue.index, default: SelfCheckLedger()].report(key, by: entity, frame: frame)
  }

  /// Whether a key went to the eNB of a UE of which nothing tells who it is: of one that is under a mapped context the new GUTI cannot be read,
  /// so that what it does next is not known to be its own. Our eNB and our UE know whose it is.
  private func wasSentToSomebody(_ key: KeyMaterial) -> Bool {
    selfChecks.ues.contains { observer.ues[$0].imsi == nil && selfChecks[$0]?.isOnWire(key) == true }
  }

  /// Whether our UE made KeNB from the SECURITY MODE COMPLETE that it sent last, though that is lost, held or late at the network.
  private func follows(_ key: KeyMaterial, from sequenceNumber: UInt8, of ue: ObservedUE, using engine: inout CryptoEngine) -> Bool {
    for context in [ue.offer, ue.current].compactMap({ $0 }) + ue.contexts {
      let turn = context.nextUplinkCount & ~0xFF
      for count in [turn, turn &+ 256, turn &- 256].map({ $0 | UInt32(sequenceNumber) })
      where count <= 0xFF_FFFF && engine.deriveKeNB(kasme: context.kasme, uplinkNASCount: count) == key { return true }
    }
    return false
  }

  /// Whether our UE made KeNB from a message that it has sent and that is not on the wire, lost on the radio or held.
  private func isAhead(_ key: KeyMaterial, of ue: ObservedUE, using engine: inout CryptoEngine) -> Bool {
    for context in [ue.offer, ue.current].compactMap({ $0 }) {
      let next = context.nextUplinkCount
      for count in next..<next + 4 where engine.deriveKeNB(kasme: context.kasme, uplinkNASCount: count) == key { return true }
    }
    return false
  }

  /// Whether our UE has sent a message that is not on the wire, or not yet.
  func isSending(_ imsi: String) -> Bool { ownMessages.contains { $0.ue.name == imsi } }

  /// A message of our UE is on the wire, so those before it are too, or are lost.
  private mutating func sent(_ octets: [UInt8], by imsi: String) {
    guard let position = ownMessages.lastIndex(where: { $0.ue.name == imsi && $0.octets == octets }) else { return }
    for earlier in stride(from: position, through: 0, by: -1) where earlier == position || ownMessages[earlier].ue.name == imsi {
      ownMessages.remove(at: earlier)
    }
  }

  // MARK: Wire

  private mutating func judge(_ observation: Observation, using engine: inout CryptoEngine) {
    guard let ue = observation.ue else { return }
    recency.heard(of: ue.index, at: observation.event)
    if !testersMessages.isEmpty, case .nas(let nas) = observation.body {
      ledgers[ue.index, default: NASLedger()].isTesters = testersMessages.contains(nas.octets)
    }
    let standing = ledgers[ue.index, default: NASLedger()].standing(at: observation, using: &engine)
    if case .keNB = observation.body {
    } else {
      judgeWire(observation, ue: ue.index, standing, using: &engine)
    }
    switch observation.body {
    case .nas(let nas):
      guard nas.direction == .downlink else {
        checkOwn(nas, observation, ue)
        if let imsi = ue.imsi { sent(nas.octets, by: imsi) }
        return
      }
      if case .failed = nas.integrity {
        if nas.header == .integrityProtectedNewContext {
          explain(nas, observation, ue: ue.index, using: &engine)
        } else {
          explainDownlink(nas, observation, ue: ue.index, using: &engine)
        }
      } else if nas.header.isCiphered, nas.isDeciphered != true {
        explainCiphering(nas, observation, ue: ue.index, using: &engine)
      }
    case .keNB(let keNB):
      // The chain before it is in force until it is confirmed, so it is judged first.
      judgeWire(observation, ue: ue.index, standing, using: &engine)
      judge(keNB, observation, ue: ue.index, using: &engine)
    case .procedure: break
    case .challengeAnswered(let id, let isCorrect):
      answered[ue.index] = observer.context(id, ofUE: ue.index)?.challengeEvent
      if !isCorrect { checkAnswer(to: id, observation, ue) }
    case .challenge, .contextOffered, .offerWithdrawn, .contextTakenIntoUse, .connectionReleased, .connectionLeft, .undecodable: break
    }
  }

  private mutating func judge(_ keNB: KeNBObservation, _ observation: Observation, ue index: Int, using engine: inout CryptoEngine) {
    guard let known = ledgers.read(index, { $0.trigger(on: observation.connection) }) else { return }
    var finding = KeNBFinding(
      message: keNB.carrier.rawValue, frame: observation.event, key: keNB.key, expected: nil, outcome: .noContext)
    // What our UE may have: it takes the latest COMPLETE that it sent, which may be another than the network had.
    var right: [KeyMaterial] = []
    switch known {
    case .success(let trigger):
      let expected = engine.deriveKeNB(kasme: trigger.context.kasme, uplinkNASCount: trigger.count)
      finding.expected = (expected, trigger)
      let earlier = (ledgers.read(index, { $0.triggers.earlier }) ?? []).map { earlier in
        (key: engine.deriveKeNB(kasme: earlier.context.kasme, uplinkNASCount: earlier.count), trigger: earlier)
      }
      right = [expected] + earlier.map(\.key)
      if expected == keNB.key {
        // One key is kept, not two that are alike.
        finding.expected = (keNB.key, trigger)
        finding.outcome = .explained
        ledgers[index, default: NASLedger()].keNBExplained(by: trigger, message: finding.message, frame: finding.frame)
      } else if let found = earlier.last(where: { $0.key == keNB.key }) {
        finding.expected = found
        finding.outcome = .earlierTrigger(latest: trigger)
        ledgers[index, default: NASLedger()].keNBExplained(by: found.trigger, message: finding.message, frame: finding.frame)
      } else if let other = ledgers.read(index, { $0.triggers.triggers(except: observation.connection) })?.first(where: {
        engine.deriveKeNB(kasme: $0.1.context.kasme, uplinkNASCount: $0.1.count) == keNB.key
      }) {
        finding.sent = other.1.links(to: keNB.key)
        finding.outcome = .other(
          "the key of \(other.1.message), frame \(other.1.event), which came on another S1 connection (\(other.0.leg))")
      } else {
        let found = search(keNB.key, trigger, ue: index).find(using: &engine)
        finding.outcome = .other(found?.name)
        finding.sent = found?.links ?? []
      }
    case .failure(let absence):
      if let kind = ledgers.read(index, { $0.unprovable.kind }) ?? nil {
        finding.outcome = .unprovable(kind)
        break
      }
      guard !observer.ues[index].contexts.isEmpty else { break }
      finding.outcome = .withoutTrigger(search(keNB.key, nil, ue: index).find(using: &engine)?.name, why: absence.reason)
    }
    startChain(finding, observation, ue: index, using: &engine)
    selfChecks[index, default: SelfCheckLedger()].keyOnWire(keNB.key, expected: right)
    ledgers[index, default: NASLedger()].triggers.settled(on: observation.connection)
    if case .explained = finding.outcome, findings >= Self.maximumFindings { return }
    findings += 1
    keNBs[index, default: []].append(finding)
  }

  private func search(_ key: KeyMaterial, _ trigger: NASLedger.Trigger?, ue index: Int) -> KeNBSearch {
    let ue = observer.ues[index]
    var contexts = ue.contexts.reversed().map { context in ue.offer.flatMap { $0.id == context.id ? $0 : nil } ?? context }
    if let trigger {
      contexts.removeAll { $0.id == trigger.context.id }
      var first = trigger.context
      first.nextUplinkCount = max(first.nextUplinkCount, ue.context(first.id)?.nextUplinkCount ?? 0)
      contexts.insert(first, at: 0)
    }
    let others = observer.ues.reversed().lazy.filter { $0.index != index }.compactMap { other in other.current.map { (other.label, $0) } }
    return KeNBSearch(
      key: key, trigger: trigger, contexts: contexts, currentID: ue.currentContext, uses: ledgers.read(index) { $0.uplinkUses } ?? Deque(),
      earlierKeys: (keNBs[index] ?? []).suffix(8).map(\.key), plmns: observer.plmnsSeen.sorted { $0.lexicographicallyPrecedes($1) },
      others: Array(others.prefix(64)))
  }

  // MARK: Reports

  private mutating func judge(
    _ report: SecurityContextReport, frame: Int, at time: Duration, using engine: inout CryptoEngine
  ) {
    guard report.kind == .current || report.kind == .deleted, let index = observer.index(imsi: report.imsi) else { return }
    let role: ReportComparison.Role
    switch report.owner {
    case .ue:
      role = .ue
      if report.kind == .current { checkReport(report, observer.ues[index], frame: frame) }
    case .mme(let number):
      // Another MME may keep what it knew of the UE (TS 33.401 §7.2.4 has no deadline for it).
      let last = ledgers.read(index) { $0.mme } ?? nil
      guard last == nil || last == number else { return }
      role = .network
    case .eNB: return
    }
    if report.kind == .deleted {
      ledgers.change(index) { $0.deleted(report, role: role, frame: frame, at: time, using: &engine) }
      return
    }
    let (offer, current) = (observer.ues[index].offer, observer.context(observer.ues[index].currentContext, ofUE: index))
    ledgers.change(index) { $0.compare(report, role: role, offer: offer, inUse: current, frame: frame) }
  }
}
