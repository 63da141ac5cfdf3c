import NASCrypto
import NASMessages
import Observer
import Trace

/// The NAS ledger of one UE: its contexts with what both sides have shown of them, and the message that a KeNB would be made from.
struct NASLedger: Sendable {
  /// The uplink message whose COUNT goes into a KeNB (concurrency-rules.md, "Key-chain facts").
  struct Trigger: Sendable {
    var context: ObservedContext
    var count: UInt32
    var message: String
    var event: Int
  }

  /// An uplink message that verified, for naming a COUNT.
  struct UplinkUse: Sendable {
    var contextID: Int
    var count: UInt32
    var message: String
  }

  /// An SMC that the KASME of the latest challenge does not explain.
  struct UnexplainedCommand: Sendable {
    var context: ObservedContext
    var attribute: NASContextAttribute
    var comparison: Comparison
    /// Whether a search found what it was made with.
    var isExplained: Bool
  }

  static let maximumContexts = 16
  /// Searches for what a message that fails its check was made with.
  static let maximumSearches = 32

  private(set) var contexts: [ContextLedger] = []
  private(set) var currentID: Int?
  private(set) var offeredID: Int?
  private var triggers = KeNBTriggers()
  private var partings = PartingLedger()
  private(set) var uplinkUses: [UplinkUse] = []
  var unexplainedCommand: UnexplainedCommand?
  /// The MME whose leg the UE was last seen on.
  var mme: Int?
  /// Whether an ATTACH COMPLETE of the UE has verified.
  private(set) var hasAttached = false
  /// Whether the UE's last protected message verified under no context: its keys may be others than those known here.
  private(set) var uplinkFails = false
  private var searches = 0
  /// Whether a challenge or a protected message was ever seen, for the words of an unobserved verdict.
  private(set) var wasChallenged = false
  private(set) var label = ""
  private(set) var imsi: String?

  /// Whether a context's algorithms were changed by an SMC whose COMPLETE the network has not shown to have had: a message with the
  /// earlier ones may have crossed with it, or the command been aborted, which TS 24.301 §5.4.3.7 leaves open.
  func mayUseEarlier(_ id: Int, integrity: IntegrityAlgorithm? = nil, ciphering: CipheringAlgorithm? = nil) -> Bool {
    guard let ledger = position(id).map({ contexts[$0] }),
      ciphering == nil ? !ledger.isTakenByNetwork : !ledger.isCipheredByNetwork
    else { return false }
    return ledger.earlierAlgorithms.contains { (integrity ?? $0.integrity) == $0.integrity && (ciphering ?? $0.ciphering) == $0.ciphering }
  }

  func position(_ id: Int?) -> Int? {
    guard let id else { return nil }
    return contexts.lastIndex { $0.context.id == id }
  }

  var current: ContextLedger? { position(currentID).map { contexts[$0] } }

  mutating func with(_ id: Int?, _ body: (inout ContextLedger) -> Void) {
    if let position = position(id) { body(&contexts[position]) }
  }

  // MARK: Failed checks

  /// Counts a search for what explains a message; false when the UE has had its share.
  mutating func takeSearch() -> Bool {
    searches += 1
    return searches <= Self.maximumSearches
  }

  /// Counts a downlink message that does not verify under the context in use.
  /// - Returns: whether what explains it should be searched for.
  mutating func failsCheck(_ event: Int, under id: Int) -> Bool {
    guard id == currentID else { return false }
    with(id) { $0.downlinkFailures += 1 }
    return takeSearch()
  }

  mutating func contradict(_ attribute: NASContextAttribute, _ comparison: Comparison, of id: Int) {
    with(id) { $0.contradict(attribute, comparison) }
  }

  mutating func unexplained(_ comparison: Comparison, of id: Int) {
    with(id) { if $0.unexplained == nil { $0.unexplained = comparison } }
  }

  // MARK: Observations

  mutating func consume(_ observation: Observation, using engine: inout CryptoEngine) {
    if let ue = observation.ue {
      label = ue.label
      imsi = ue.imsi
    }
    if case .nas(let nas) = observation.body {
      partings.consume(nas)
      with(currentID) { ledger in
        ledger.deletion?.follow(nas)
        ledger.selfDeletion?.follow(nas)
      }
    }
    if case .connectionReleased = observation.body {} else { mme = observation.leg.mme }
    switch observation.body {
    case .nas(let nas): consume(nas, observation, using: &engine)
    case .challenge: wasChallenged = true
    case .contextOffered(let context): offer(context, event: observation.event)
    case .offerWithdrawn(let id): if offeredID == id { offeredID = nil }
    case .contextTakenIntoUse(let context, _): take(context, event: observation.event, at: observation.time)
    case .connectionReleased(let isLast):
      if isLast {
        triggers = KeNBTriggers()
        partings.idle(since: observation.time)
        for position in contexts.indices { contexts[position].reports.released() }
      } else {
        triggers.release(observation.connection)
      }
    case .challengeAnswered, .keNB, .undecodable: break
    }
  }

  private mutating func consume(_ nas: NASObservation, _ observation: Observation, using engine: inout CryptoEngine) {
    switch nas.direction {
    case .uplink: uplink(nas, observation)
    case .downlink: downlink(nas, observation)
    }
  }

  private mutating func add(_ context: ObservedContext, event: Int) {
    if position(context.id) == nil {
      if contexts.count >= Self.maximumContexts,
        let oldest = contexts.firstIndex(where: { $0.context.id != currentID && $0.context.id != offeredID })
      {
        contexts.remove(at: oldest)
      }
      contexts.append(ContextLedger(context, event: event))
    }
    with(context.id) { $0.context = context }
  }

  private mutating func offer(_ context: ObservedContext, event: Int) {
    offeredID = context.id
    unexplainedCommand = nil
    add(context, event: event)
  }

  private mutating func take(_ context: ObservedContext, event: Int, at time: Duration) {
    partings.take()
    add(context, event: event)
    if currentID != context.id { with(currentID) { $0.reports.released() } }
    currentID = context.id
    if offeredID == context.id { offeredID = nil }
    with(context.id) { ledger in
      ledger.isTaken = true
      ledger.takenAt = time
      ledger.deletion = nil
      ledger.selfDeletion = nil
      ledger.crossing = nil
    }
  }

  // MARK: Uplink

  private mutating func uplink(_ nas: NASObservation, _ observation: Observation) {
    if nas.isInitial { triggers.open(observation.connection, with: "\(nas.name) opened the connection, which triggers no KeNB by itself") }
    if case .failed = nas.integrity, nas.serviceRequest == nil { uplinkFails = true }
    guard case .verified(let count) = nas.integrity, let context = nas.context, let algorithms = context.algorithms else {
      if nas.isInitial {
        triggers.open(observation.connection, with: "\(nas.name) opened the connection unprotected, with a bad MAC or with a used COUNT")
      }
      return
    }
    uplinkFails = false
    if nas.type == .attachComplete { hasAttached = true }
    if let algorithms = position(context.id).flatMap({ contexts[$0].takenAlgorithms }), let now = context.algorithms,
      algorithms.ciphering != now.ciphering || algorithms.integrity != now.integrity
    {
      with(context.id) { ledger in
        if ledger.isCipheredByNetwork || ledger.earlierAlgorithms.count > 8 { ledger.earlierAlgorithms = [] }
        ledger.earlierAlgorithms.append(algorithms)
        ledger.isTakenByNetwork = false
        ledger.isCipheredByNetwork = false
      }
    }
    add(context, event: observation.event)
    with(context.id) { $0.takenAlgorithms = context.algorithms }
    let place = (message: nas.name, frame: observation.event)
    func evidence(_ value: AlignedValue) -> Evidence { Evidence(value: value, message: place.message, frame: place.frame) }
    with(context.id) { ledger in
      ledger.ue[.kasme] = evidence(.key(context.kasme))
      ledger.ue[.integrityAlgorithm] = evidence(.integrity(algorithms.integrity))
      ledger.ue[.uplinkCount] = evidence(.nextCount(context.nextUplinkCount))
      if nas.isDeciphered == true { ledger.ue[.cipheringAlgorithm] = evidence(.ciphering(algorithms.ciphering)) }
      if nas.type == .securityModeComplete || ledger.ue[.eKSI] == nil { ledger.ue[.eKSI] = evidence(.eKSI(context.eKSI)) }
      ledger.reception.received(nas, takesContext: !ledger.isTaken, event: observation.event)
      ledger.isTaken = true
      if let named = Self.namedKeySet(nas), named != context.eKSI, named != 7 {
        ledger.contradict(
          .eKSI,
          Comparison(
            expected: .eKSI(named), observed: .eKSI(context.eKSI), message: nas.name, frame: observation.event,
            note: "the UE names another key set than the one its message verifies under"))
      }
      ledger.reports.advance(to: context)
      ledger.selfCheck.advance(to: context)
    }
    if uplinkUses.count >= 64 { uplinkUses.removeFirst() }
    uplinkUses.append(UplinkUse(contextID: context.id, count: count, message: nas.name))
    if nas.type == .securityModeComplete || (nas.isInitial && Self.triggersKeNB(nas)) {
      let trigger = Trigger(context: context, count: count, message: nas.name, event: observation.event)
      triggers.take(trigger, isInitial: nas.isInitial, on: observation.connection)
    }
  }

  private static func triggersKeNB(_ nas: NASObservation) -> Bool {
    if nas.serviceRequest != nil { return true }
    switch nas.type {
    case NASMessageType.attachRequest, NASMessageType.trackingAreaUpdateRequest, NASMessageType.extendedServiceRequest,
      NASMessageType.controlPlaneServiceRequest:
      return true
    default: return false
    }
  }

  /// The key set that an initial message names.
  private static func namedKeySet(_ nas: NASObservation) -> UInt8? {
    if let request = nas.serviceRequest { return request.ksi }
    guard let message = nas.message else { return nil }
    switch message.type {
    case NASMessageType.attachRequest: return (try? message[AttachRequest.nasKeySetIdentifier])?.value
    case NASMessageType.trackingAreaUpdateRequest: return (try? message[TrackingAreaUpdateRequest.nasKeySetIdentifier])?.value
    case NASMessageType.detachRequestFromUE: return (try? message[DetachRequestFromUE.nasKeySetIdentifier])?.value
    default: return nil
    }
  }

  // MARK: Downlink

  private mutating func downlink(_ nas: NASObservation, _ observation: Observation) {
    if nas.header == .integrityProtectedNewContext { triggers.commanded(on: observation.connection) }
    switch nas.integrity {
    case .plain, .unverifiable: return
    case .failed:
      // What explains it is searched for by the engine, which has all keys.
      return
    case .stale(let count):
      guard let context = nas.context, !staysOnEarlier(context, nas, count, observation) else { return }
      repeated(nas, count, context, observation)
    case .verified(let count):
      guard let context = nas.context, let algorithms = context.algorithms, !staysOnEarlier(context, nas, count, observation) else {
        return
      }
      add(context, event: observation.event)
      func evidence(_ value: AlignedValue) -> Evidence { Evidence(value: value, message: nas.name, frame: observation.event) }
      with(context.id) { ledger in
        _ = ledger.recordDownlink(count, nas.octets)
        if nas.type != .securityModeCommand, nas.isDeciphered == true || !nas.header.isCiphered {
          ledger.isTakenByNetwork = true
          ledger.isCipheredByNetwork = ledger.isCipheredByNetwork || nas.isDeciphered == true
          ledger.leftOpen = nil
        }
        ledger.network[.kasme] = evidence(.key(context.kasme))
        ledger.network[.integrityAlgorithm] = evidence(.integrity(algorithms.integrity))
        ledger.network[.downlinkCount] = evidence(.nextCount(context.nextDownlinkCount))
        ledger.reception.sent(nas, count: count, event: observation.event)
        if nas.isDeciphered == true { ledger.network[.cipheringAlgorithm] = evidence(.ciphering(algorithms.ciphering)) }
        if nas.type == .securityModeCommand, let keySet = try? nas.message?[SecurityModeCommand.nasKeySetIdentifier] {
          ledger.network[.eKSI] = evidence(.eKSI(keySet.value))
          if keySet.value != context.eKSI || keySet.typeOfSecurityContext != .native {
            ledger.contradict(
              .eKSI,
              Comparison(
                expected: .eKSI(context.eKSI), observed: .words(keySet.description), message: nas.name, frame: observation.event,
                note: "SECURITY MODE COMMAND names another key set than the challenge whose KASME it verifies under"))
          }
        }
        ledger.reports.advance(to: context)
        ledger.selfCheck.advance(to: context)
      }
    }
  }

  /// A message under a context that the UE has left is evidence on the one that it uses: the network has not left it, unless that
  /// message was under way when SECURITY MODE COMPLETE was, which takes no two seconds.
  private mutating func staysOnEarlier(
    _ context: ObservedContext, _ nas: NASObservation, _ count: UInt32, _ observation: Observation
  ) -> Bool {
    guard context.id != currentID, context.id != offeredID, let position = position(currentID), self.position(context.id) != nil else {
      return false
    }
    var earlier: [UInt8]?
    with(context.id) { earlier = $0.recordDownlink(count, nas.octets) }
    if earlier == nas.octets { return true }
    let ledger = contexts[position]
    let comparison = Comparison(
      expected: .key(ledger.context.kasme), observed: .key(context.kasme), message: nas.name, frame: observation.event,
      note: "sent under the UE's earlier context, eKSI \(context.eKSI)")
    if ledger.isTakenByNetwork || observation.time - ledger.takenAt > .seconds(2) {
      contexts[position].contradict(.kasme, comparison)
    } else if ledger.crossing == nil {
      contexts[position].crossing = comparison
    }
    return true
  }

  /// A COUNT that the UE has passed: another message under a used COUNT is the network's fault; the same octets again are a replay or a
  /// retransmission that took no COUNT of its own, and cannot be told apart here.
  private mutating func repeated(_ nas: NASObservation, _ count: UInt32, _ context: ObservedContext, _ observation: Observation) {
    with(context.id) { ledger in
      let earlier = ledger.recordDownlink(count, nas.octets)
      guard earlier != nas.octets else { return }
      ledger.contradict(
        .downlinkCount,
        Comparison(
          expected: .words("\(context.nextDownlinkCount) or more"), observed: .count(count), message: nas.name, frame: observation.event,
          note: earlier == nil ? "the COUNT went back" : "another message had this COUNT"))
    }
  }

  // MARK: Reports

  /// Compares an entity's report with the context it is on: the one with its KASME, else the one that is (about to be) in use.
  mutating func compare(_ report: SecurityContextReport, role: ReportComparison.Role, known: [ObservedContext], frame: Int) {
    let named = contexts.last { $0.context.kasme == report.kasme }?.context.id
    guard let target = named ?? offeredID ?? currentID else { return }
    if target == offeredID || target == currentID {
      if role == .network, target != offeredID, staysOpen(report, target, frame: frame) { return }
      // An SMC that changes the current context: until COMPLETE either set of algorithms may be the one reported.
      let states = known.filter { $0.id == target }
      let isIdle = partings.isIdle
      with(target) { ledger in
        let context = states.first { $0.algorithms?.matches(report) == true } ?? states.first ?? ledger.context
        let proven = ledger.reception.next
        if role == .network { ledger.leftOpen = nil }
        ledger.update(role) { $0.compare(report, with: context, proven: proven, isIdle: isIdle, frame: frame) }
        guard report.kasme == context.kasme else { return }
        switch role {
        case .network: ledger.deletion = nil
        case .ue: ledger.selfDeletion = nil
        }
      }
    } else if let position = position(currentID ?? offeredID), let kasme = report.kasme {
      // An older context: the message that changed it may be under way still.
      let comparison = Comparison(
        expected: .key(contexts[position].context.kasme), observed: .key(kasme), message: "report: \(report.cause)", frame: frame,
        note: "an earlier context of this UE")
      contexts[position].update(role) { $0.wait(comparison) }
    }
  }

  /// The MME says that it is on the algorithms from before the last SMC, and has not shown since that it had SECURITY MODE COMPLETE: the
  /// command may have been aborted while that was under way (a release, a procedure of the UE, T3460), and TS 24.301 §5.4.3.7 does not
  /// say which algorithms are then in force.
  private mutating func staysOpen(_ report: SecurityContextReport, _ id: Int, frame: Int) -> Bool {
    guard let position = position(id), report.kasme == contexts[position].context.kasme, !contexts[position].isTakenByNetwork,
      contexts[position].earlierAlgorithms.contains(where: { $0.matches(report) }),
      contexts[position].takenAlgorithms?.matches(report) == false
    else { return false }
    contexts[position].leftOpen = report
    contexts[position].leftOpenFrame = frame
    return true
  }

  /// An entity says that it has no context (any more), while the UE uses one.
  mutating func deleted(_ report: SecurityContextReport, role: ReportComparison.Role, frame: Int, at time: Duration) {
    guard let current, current.isTaken else { return }
    let standing = partings.standing(of: role, in: current.context, at: time)
    let deletion = Deletion(message: "report: \(report.cause)", frame: frame, standing: standing)
    with(currentID) { ledger in
      switch role {
      case .network: ledger.deletion = ledger.deletion ?? deletion
      case .ue: ledger.selfDeletion = ledger.selfDeletion ?? deletion
      }
    }
  }

  // MARK: KeNB

  /// The message that a key for the eNB on this connection follows from, or why there is none.
  func trigger(on connection: KeNBTriggers.Connection) -> Result<Trigger, KeNBTriggers.Absence> { triggers.trigger(on: connection) }

  /// A KeNB made from the trigger's COUNT shows the network's KASME and the uplink COUNT that it accepted.
  mutating func keNBExplained(by trigger: Trigger, message: String, frame: Int) {
    with(trigger.context.id) { ledger in
      ledger.network[.kasme] = Evidence(value: .key(trigger.context.kasme), message: message, frame: frame)
      ledger.isTakenByNetwork = true
      ledger.leftOpen = nil
      ledger.network[.uplinkCount] = Evidence(value: .count(trigger.count), message: message, frame: frame)
    }
  }
}
