import DequeModule
import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// The NAS ledger of one UE: its contexts with what both sides have shown of them, and the message that a KeNB would be made from.
struct NASLedger: Sendable {
  /// The uplink message whose COUNT goes into a KeNB (concurrency-rules.md, "Key-chain facts").
  struct Trigger: Sendable {
    var context: ObservedContext
    var count: UInt32
    var message: String
    var event: Int
    var isSecurityModeComplete = false
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

  var contexts: [ContextLedger] = []
  var currentID: Int?
  var offeredID: Int?
  var triggers = KeNBTriggers()
  private var partings = PartingLedger()
  var uplinkUses: Deque<UplinkUse> = []
  @Rare var unexplainedCommand: UnexplainedCommand?
  /// A context whose KASME does not follow from K and what crossed S1.
  var unprovable = UnprovableContext()
  /// The MME whose leg the UE was last seen on.
  var mme: Int?
  /// Whether an ATTACH COMPLETE of the UE has verified.
  var hasAttached = false
  /// Whether the UE's last protected message verified under no context: its keys may be others than those known here.
  var uplinkFails = false
  /// A request of the UE came between a SECURITY MODE COMMAND and its answer, or had no answer when the command went out and is younger than
  /// the challenge: the network may have aborted the SMC for it.
  var hasCollided = false
  var hasOpenRequest = false
  private var searches = 0
  /// Its KASMEs are told, and K is not.
  var isTold = false
  /// Something that the UE or the network sent follows from none of them.
  var lacksKASME: Bool { unexplainedSince != nil }
  private(set) var unexplainedSince: Int?
  /// Whether a challenge or a protected message was ever seen, for the words of an unobserved verdict.
  var wasChallenged = false
  /// The uplink message at hand is one that a tester had made with the UE's keys: what is wrong in it is meant, and no fault of our UE.
  var isTesters = false
  /// A message that a tester had made verifies under nothing: by its COUNT it may have taken the UE's own to where neither the network nor whoever
  /// looks on can follow.
  var hasLostCount = false
  var label = ""
  var imsi: String?

  mutating func noteUnexplained(at event: Int) { if unexplainedSince == nil { unexplainedSince = event } }

  func position(_ id: Int?) -> Int? {
    guard let id else { return nil }
    return contexts.lastIndex { $0.context.id == id }
  }

  /// Whether the network has shown that it uses the UE's current context, and with the UE's integrity algorithm.
  var isCurrentInForce: Bool {
    position(currentID).map { contexts[$0].isTakenByNetwork && !contexts[$0].algorithms.isIntegrityOpen } ?? false
  }

  func algorithms(of id: Int) -> AlgorithmsInForce? { position(id).map { contexts[$0].algorithms } }

  /// Ciphering algorithms that the network may be on instead of the UE's.
  func otherCipherings(of id: Int) -> [CipheringAlgorithm] { position(id).map { contexts[$0].algorithms.otherCipherings } ?? [] }

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

  /// What the assertions on the wire are told of the ledger at an observation.
  struct Standing {
    /// The context that the UE used before it.
    var currentID: Int?
    /// A request of the UE was open before it, or had met an SMC.
    var hasCollided: Bool
    /// After it: see ``NASLedger/isCurrentInForce``.
    var isInForce: Bool
    var unprovable: UnprovableContext.Kind?
  }

  /// Takes an observation. In one access: the ledger of a UE is large, and one of another UE is asked for every time.
  mutating func standing(at observation: Observation, using engine: inout CryptoEngine) -> Standing {
    let before = (currentID: currentID, hasCollided: hasCollided || hasOpenRequest)
    consume(observation, using: &engine)
    var isInForce = false
    if let position = position(currentID) {
      isInForce = contexts[position].isTakenByNetwork && !contexts[position].algorithms.isIntegrityOpen
    }
    return Standing(currentID: before.currentID, hasCollided: before.hasCollided, isInForce: isInForce, unprovable: unprovable.kind)
  }

  mutating func consume(_ observation: Observation, using engine: inout CryptoEngine) {
    if let ue = observation.ue {
      if label != ue.label { label = ue.label }
      if imsi != ue.imsi { imsi = ue.imsi }
    }
    if case .nas(let nas) = observation.body {
      partings.consume(nas)
      with(currentID) { ledger in
        ledger.deletion?.follow(nas)
        ledger.selfDeletion?.follow(nas)
      }
    }
    switch observation.body {
    case .connectionReleased, .connectionLeft: break
    // The end of a leg that the UE has left says nothing of where it is, nor does an eNB that asks for it.
    case .procedure(let procedure) where procedure.message == .ueContextReleaseCommand || procedure.message == .ueContextReleaseRequest:
      triggers.learn(observation)
    default:
      mme = observation.leg.mme
      triggers.learn(observation)
    }
    switch observation.body {
    case .nas(let nas): consume(nas, observation, using: &engine)
    case .procedure(let procedure):
      guard let taken = procedure.takenCount else { break }
      with(taken.context.id) { ledger in
        guard let count = taken.count else {
          ledger.mayHaveTakenCount = true
          return
        }
        ledger.context = taken.context
        _ = ledger.downlinkMessages.record(count, taken.parameters, OctetsDigest(taken.parameters))
        ledger.reports.advance(to: taken.context)
        ledger.selfCheck.advance(to: taken.context)
      }
      // The UE may have taken the context already whose COMPLETE is under way: then it has estimated the COUNT from that one's.
      if offeredID != taken.context.id { with(offeredID) { $0.mayHaveTakenCount = true } }
    case .challenge(let context):
      wasChallenged = true
      isTold = isTold || context.isTold
      (hasCollided, hasOpenRequest) = (false, false)
    case .contextOffered(let context): offer(context, event: observation.event)
    case .offerWithdrawn(let id): if offeredID == id { offeredID = nil }
    case .contextTakenIntoUse(let context, _): take(context, event: observation.event, at: observation.time)
    case .connectionReleased(let isLast):
      if isLast {
        triggers.removeAll()
        partings.idle(since: observation.time)
      } else {
        triggers.release(observation.connection)
      }
      released(observation.connection, isLast: isLast)
    case .connectionLeft: released(observation.connection, isLast: false)
    case .challengeAnswered, .keNB, .undecodable: break
    }
  }

  /// What the UE sent last on a connection that is gone may never have reached the network, whatever other connection it has.
  private mutating func released(_ connection: KeNBTriggers.Connection, isLast: Bool) {
    for position in contexts.indices where isLast || contexts[position].uplinkConnection == connection {
      contexts[position].hasLostConnection = true
      contexts[position].reports.released()
    }
  }

  private mutating func consume(_ nas: NASObservation, _ observation: Observation, using engine: inout CryptoEngine) {
    switch nas.direction {
    case .uplink: uplink(nas, observation)
    case .downlink: downlink(nas, observation, using: &engine)
    }
  }

  mutating func add(_ context: ObservedContext, event: Int) {
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
    unprovable.end()
    offeredID = context.id
    unexplainedCommand = nil
    add(context, event: event)
  }

  private mutating func take(_ context: ObservedContext, event: Int, at time: Duration) {
    unprovable.end()
    partings.take()
    add(context, event: event)
    if currentID != context.id { with(currentID) { $0.reports.released() } }
    currentID = context.id
    if offeredID == context.id { offeredID = nil }
    let hasCollided = hasCollided
    with(context.id) { ledger in
      ledger.isTaken = true
      ledger.takenAt = time
      ledger.deletion = nil
      ledger.selfDeletion = nil
      ledger.crossing = nil
      ledger.collision = nil
      ledger.hasCollided = hasCollided
    }
  }

  // MARK: Reports

  /// Compares an entity's report with the context it is on: the one with its KASME, else the one that is (about to be) in use.
  /// - Parameters:
  ///   - offer: what SECURITY MODE COMMAND offers the UE.
  ///   - inUse: what the UE uses.
  mutating func compare(
    _ report: SecurityContextReport, role: ReportComparison.Role, offer: ObservedContext?, inUse: ObservedContext?, frame: Int
  ) {
    var named: Int?
    for position in contexts.indices.reversed() where contexts[position].context.kasme == report.kasme {
      named = contexts[position].context.id
      break
    }
    if named == nil {
      if unprovable.compare(report, role: role, frame: frame) { return }
      if report.isMapped {
        // Taken by a handover from another system, or not at all: what the UE sends next tells.
        guard role == .network, let current, let kasme = report.kasme else { return }
        let comparison = Comparison(
          expected: .key(current.context.kasme), observed: .key(kasme), message: "report: \(report.cause)", frame: frame,
          note: "a mapped context, and the UE uses a native one")
        return with(currentID) { $0.reports.wait(comparison) }
      }
    }
    guard let target = named ?? offeredID ?? currentID else { return }
    if target == offeredID || target == currentID {
      // An SMC that changes the current context: until COMPLETE either set of algorithms may be the one reported. The COUNTs are one pair.
      let offer = offer?.id == target ? offer : nil
      let inUse = inUse?.id == target ? inUse : nil
      let (isIdle, isOffer, hasLostCount) = (partings.isIdle, target == offeredID, hasLostCount)
      with(target) { ledger in
        var context =
          (offer?.algorithms?.matches(report) == true ? nil : inUse?.algorithms?.matches(report) == true ? inUse : nil)
          ?? offer ?? inUse ?? ledger.context
        switch (offer?.largestDownlinkCount, inUse?.largestDownlinkCount) {
        case (let one?, let other?): context.largestDownlinkCount = max(one, other)
        case (let one, let other): if let largest = one ?? other { context.largestDownlinkCount = largest }
        }
        let proven = ledger.reception.next
        var open: Set<NASContextAttribute> = []
        if role == .network, !isOffer, report.kasme == context.kasme {
          open = ledger.algorithms.open(report, context: context, frame: frame)
        }
        if role == .network, let unfit = ledger.unfit, unfit.contains(report.uplinkNASCount.next),
          context.nextUplinkCount == unfit.upperBound
        {
          open.insert(.uplinkCount)
        }
        if role == .ue, ledger.mayHaveTakenCount { open.insert(.downlinkCount) }
        if role == .ue, hasLostCount { open.insert(.uplinkCount) }
        let isGone = isIdle || ledger.hasLostConnection
        ledger.update(role) { $0.compare(report, with: context, except: open, proven: proven, isGone: isGone, frame: frame) }
        guard report.kasme == context.kasme else { return }
        switch role {
        case .network: ledger.deletion = nil
        case .ue: ledger.selfDeletion = nil
        }
      }
    } else if let position = position(currentID ?? offeredID), let kasme = report.kasme {
      let isOpen = role == .network && contexts[position].isOpen
      // An older context: the message that changed it may be under way still.
      let comparison = Comparison(
        expected: .key(contexts[position].context.kasme), observed: .key(kasme), message: "report: \(report.cause)", frame: frame,
        note: "an earlier context of this UE")
      if isOpen {
        contexts[position].collision = comparison
      } else {
        contexts[position].update(role) { $0.wait(comparison) }
      }
    }
  }

  /// An entity says that it has no context (any more), while the UE uses one.
  mutating func deleted(
    _ report: SecurityContextReport, role: ReportComparison.Role, frame: Int, at time: Duration, using engine: inout CryptoEngine
  ) {
    guard let current, current.isTaken, unprovable.kind == nil else { return }
    var standing = partings.standing(of: role, in: current.context, at: time)
    if standing == .without, role == .ue, let name = current.misread(using: &engine) {
      standing = .entitled("a message that reads as \(name) when it is deciphered with the algorithm that the UE had taken")
    }
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
      ledger.algorithms.show(by: trigger, isComplete: trigger.isSecurityModeComplete)
      ledger.network[.uplinkCount] = Evidence(value: .count(trigger.count), message: message, frame: frame)
    }
  }
}
