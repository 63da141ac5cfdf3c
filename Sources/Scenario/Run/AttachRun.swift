import Alignment
import NASCrypto
import Observer
import S1AP
import Trace
import Transport
import UserEquipment

/// UEs attach, take what steps are asked for, and perhaps detach again; every event goes through the log into the folds.
public final class AttachRun {
  /// What the run does, how long each part may take, and what must be decided.
  public struct Options: Sendable {
    /// What each UE does after its attach.
    public var steps: [RunSteps] = []
    /// Leave again after a successful attach.
    public var detaches = false
    /// Switch off instead of waiting for DETACH ACCEPT.
    public var switchesOff = false
    /// How long S1 SETUP may take.
    public var setupLimit: Duration = .seconds(10)
    /// How long one UE's attach, its detach, and each of its steps may take.
    public var procedureLimit: Duration = .seconds(30)
    /// Assertions that fail the run when nothing was seen that decides them.
    public var required: Set<String> = []

    public init() {}
  }

  /// How it went for one UE.
  public struct UEResult: Sendable {
    /// The UE that it is about.
    public var imsi: String
    /// Attached, and not detached by the network since.
    public var attached = false
    /// In words, when the attach failed.
    public var failure: String?
    /// In words, which step failed and how; the UE took none after it.
    public var stepFailure: String?
    public var stepsTaken = 0
    /// Whether the detach that was asked for was acknowledged; nil when none was asked for.
    public var detached: Bool?
    /// The network detached the UE, or its registration was lost, without our asking.
    public var lostRegistration = false
    /// The EMM state at the end.
    public var state = ""

    /// One line for people.
    public var summary: String {
      if let failure { return "attach failed: \(failure)" }
      let end =
        if let detached { detached ? ", detached again" : ", detach not acknowledged" } else {
          lostRegistration ? ", then detached by the network" : ""
        }
      let steps = stepsTaken == 0 ? "" : ", \(stepsTaken) \(stepsTaken == 1 ? "step" : "steps")"
      let failed = stepFailure.map { ", \($0)" } ?? ""
      return attached || lostRegistration ? "attached (EMM-REGISTERED)\(steps)\(failed)\(end); \(state)" : state
    }
  }

  /// Why a run ended before its UEs were done.
  public enum Abort: Error, Sendable {
    /// The environment: no SCTP, refused, peer gone.
    case transport(TransportError)
    /// The MME refused S1 SETUP or did not answer it.
    case s1Setup(String)
    case interrupted
  }

  let driver: any NetworkDriver
  let options: Options
  private let isInterrupted: () -> Bool
  let observe: (TraceEvent) -> Void
  /// Every event so far.
  public internal(set) var log = TraceLog()
  /// One for each UE, in their order.
  public internal(set) var results: [UEResult]
  /// What the UEs bring along from before the run, out of their USIMs.
  public let storedContexts: [StoredContext]
  private var alignment: AlignmentEngine
  private var eNBsReady: Set<Int> = []
  private var setupFailure: String?
  /// What each UE told its user since the last step that was its own.
  var recent: [[UE.Event]]
  /// The detach under way needs no answer.
  private var switchesOff = false

  /// - Parameters:
  ///   - showKeys: verdicts carry keys instead of fingerprints.
  ///   - observe: is given every event as it is logged, for the ladder.
  ///   - isInterrupted: looked at between steps: true ends the run in order.
  public init(
    driver: any NetworkDriver, subscribers: [SubscriberCredentials], options: Options = Options(), showKeys: Bool = false,
    isInterrupted: @escaping () -> Bool = { false }, observe: @escaping (TraceEvent) -> Void = { _ in }
  ) {
    self.driver = driver
    self.options = options
    self.isInterrupted = isInterrupted
    self.observe = observe
    alignment = AlignmentEngine(subscribers: subscribers, required: options.required, showKeys: showKeys)
    recent = Array(repeating: [], count: driver.ueCount)
    results = (0..<driver.ueCount).map { UEResult(imsi: driver.ue($0).configuration.imsi) }
    storedContexts = (0..<driver.ueCount).compactMap { StoredContext(of: driver.ue($0)) }
    for stored in storedContexts { driver.withEngine { alignment.know(stored, using: &$0) } }
  }

  /// The verdicts on what was seen so far, each with what the UEs were told to do other than TS 24.301 says.
  public func verdicts() -> [Verdict] {
    alignment.verdicts().map {
      var verdict = $0
      verdict.deviations = deviations
      return verdict
    }
  }

  /// The deviations of the run's UEs, by name, in order.
  public var deviations: [String] { Set(results.indices.flatMap { driver.ue($0).configuration.deviations.map(\.rawValue) }).sorted() }

  /// Runs to the end. The verdicts stand whatever happened.
  public func run() throws(Abort) {
    defer {
      for index in results.indices { results[index].state = driver.ue(index).state.description }
      driver.shutDown()
      drain()
    }
    do throws(Abort) {
      try connect()
      for ue in results.indices { try attach(ue) }
      try settle()
      driver.reportContexts(cause: "after the attach")
      drain()
      if !options.steps.isEmpty {
        try takeSteps()
        try settle()
        driver.reportContexts(cause: "after the steps")
        drain()
      }
      if options.detaches {
        for ue in results.indices where results[ue].attached && driver.ue(ue).isRegistered {
          try detach(ue, switchOff: options.switchesOff)
        }
        try settle()
      }
    } catch {
      if case .interrupted = error { leaveInOrder() }
      throw error
    }
  }

  private func connect() throws(Abort) {
    do throws(TransportError) { try driver.connect() } catch { throw .transport(error) }
    try wait(options.setupLimit) { self.eNBsReady.count == self.driver.eNBCount || self.setupFailure != nil }
    if let setupFailure { throw .s1Setup(setupFailure) }
    guard eNBsReady.count == driver.eNBCount else { throw .s1Setup("no answer to S1 SETUP REQUEST") }
  }

  private func attach(_ ue: Int) throws(Abort) {
    driver.command(.powerOn, ue: ue)
    driver.command(.attach, ue: ue)
    try awaitAttach(ue)
  }

  func awaitAttach(_ ue: Int) throws(Abort) {
    try wait(options.procedureLimit) { self.results[ue].attached || self.results[ue].failure != nil }
    if !results[ue].attached && results[ue].failure == nil {
      results[ue].failure = "no result within \(options.procedureLimit)"
    }
  }

  func detach(_ ue: Int, switchOff: Bool) throws(Abort) {
    switchesOff = switchOff
    driver.command(.detach(switchOff: switchOff), ue: ue)
    try wait(options.procedureLimit) {
      (self.results[ue].detached != nil || self.results[ue].lostRegistration) && !self.driver.ue(ue).isConnected
    }
    if results[ue].detached == nil { results[ue].detached = false }
  }

  /// Waits until the peer has said what it still wanted to say, such as EMM INFORMATION.
  func settle() throws(Abort) {
    if driver.quietPeriod == .zero {
      // In process nothing is on its way once a step finds nothing; timers are not waited for.
      while try advance(until: driver.now) {}
      return
    }
    let limit = driver.now + .seconds(3)
    var quietFrom = driver.now
    var seen = log.count
    while driver.now < min(limit, quietFrom + driver.quietPeriod) {
      _ = try advance(until: min(limit, quietFrom + driver.quietPeriod))
      if log.count != seen {
        seen = log.count
        quietFrom = driver.now
      }
    }
  }

  func wait(_ limit: Duration, until done: () -> Bool) throws(Abort) {
    let deadline = driver.now + limit
    while !done(), driver.now < deadline {
      guard try advance(until: deadline) else { return }
    }
  }

  func advance(until deadline: Duration) throws(Abort) -> Bool {
    if isInterrupted() { throw .interrupted }
    let progressed: Bool
    do throws(TransportError) { progressed = try driver.advance(until: deadline) } catch { throw .transport(error) }
    drain()
    if let live = driver as? LiveDriver, let failure = live.failures.values.first { throw .transport(failure) }
    return progressed
  }

  /// Ctrl-C: the UEs that are connected are released before the associations end.
  private func leaveInOrder() {
    for ue in results.indices where driver.ue(ue).isConnected {
      driver.requestRelease(ue: ue, cause: .userInactivity)
    }
    let limit = driver.now + .seconds(1)
    var connected = results.indices[...]
    while driver.now < limit {
      connected = connected.drop { !driver.ue($0).isConnected }
      guard !connected.isEmpty else { break }
      guard (try? driver.advance(until: limit)) == true else { break }
      drain()
    }
  }

  private func drain() {
    for timed in driver.takeEffects() {
      switch timed.effect {
      case .trace(let body):
        let event = log.append(time: timed.time, body: body)
        driver.withEngine { alignment.consume(event, using: &$0) }
        observe(event)
      case .ue(let index, let event): take(event, of: index, at: timed.time)
      case .s1SetupComplete(let eNB, _): eNBsReady.insert(eNB)
      case .s1SetupFailed(let eNB, let cause, let willRetry):
        if !willRetry { setupFailure = "eNB \(eNB): S1 SETUP failed: \(cause)" }
      }
    }
  }

  private func take(_ event: UE.Event, of index: Int, at time: Duration) {
    if !options.steps.isEmpty { recent[index].append(event) }
    switch event {
    case .attached:
      results[index].attached = true
      results[index].detached = nil
      results[index].lostRegistration = false
    case .attachFailed(let failure): results[index].failure = results[index].failure ?? failure.description
    case .detached(.byUser(_, let acknowledged)): results[index].detached = acknowledged || switchesOff
    case .detached:
      // A re-attach may follow; what counts is the state at the end.
      results[index].lostRegistration = true
      results[index].attached = false
    case .networkNamed, .status, .serviceEstablished, .serviceFailed, .trackingAreaUpdated, .trackingAreaUpdateFailed, .bearerActivated,
      .bearerModified, .bearerDeactivated, .sessionFailed, .nonEPSServicesEnded, .callAnnounced,
      .leftWithNASToken, .nasMACCalculated, .dataReceived, .activeCellBarred:
      break
    }
    guard let words = event.words else { return }
    observe(log.append(time: time, body: .note("UE \(results[index].imsi): \(words)")))
  }
}

extension UE.Event {
  /// For the log; nil where the messages say it already.
  fileprivate var words: String? {
    switch self {
    case .attached: nil
    case .attachFailed(let failure): "attach failed: \(failure)"
    case .detached(.byUser): nil
    case .detached(.byNetwork(let reattach, let cause)):
      "detached by the network, re-attach \(reattach ? "" : "not ")required" + (cause.map { ", EMM cause \($0)" } ?? "")
    case .detached(.connectionLost): "detached: connection lost"
    case .detached(.locally): "detached locally"
    case .serviceEstablished, .trackingAreaUpdated: nil
    case .serviceFailed(let failure): "service request failed: \(failure)"
    case .bearerActivated, .bearerModified: nil
    case .bearerDeactivated(let identity, let cause): "EPS bearer \(identity) deactivated, ESM cause \(cause)"
    case .sessionFailed(_, let cause): "session request failed" + (cause.map { ", ESM cause \($0)" } ?? "")
    case .trackingAreaUpdateFailed(let failure): "tracking area update failed: \(failure)"
    case .networkNamed(let full, let short): "network name: \(full ?? short ?? "none")"
    case .status(let text): text
    case .nonEPSServicesEnded: "detached for non-EPS services"
    case .callAnnounced: "a call is announced"
    case .activeCellBarred: "the active cell counts as barred"
    case .leftWithNASToken, .nasMACCalculated: nil
    case .dataReceived(let identity, _): "data of EPS bearer \(identity) came over the control plane"
    }
  }
}
