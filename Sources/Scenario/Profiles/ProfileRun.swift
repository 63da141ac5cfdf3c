import Alignment
import GTPv2C
import NASCrypto
import NASMessages
import Observer
import Profiles
import S1AP
import Trace
import Transport
import UserEquipment

/// Takes the steps of one profile on one network, and judges what it saw.
///
/// Steps are taken by branches, one of them but within `parallel`; time goes by when none of them can go on.
public final class ProfileRun {
  /// Why a run ended before its profile did.
  public enum Abort: Error, Sendable {
    /// The environment: no SCTP, refused, peer gone.
    case transport(TransportError)
    case interrupted
  }

  let profile: Profile
  let settings: ProfileSettings
  let driver: any NetworkDriver
  private let isInterrupted: () -> Bool
  private let observe: (TraceEvent) -> Void
  private var log = TraceLog()
  private var alignment: AlignmentEngine
  private var observer: Observer
  private var observations: [Observation] = []
  /// Those that a step used, whatever the UEs are told to do.
  var usedDeviations: Set<Deviation> = []
  /// What steps sent that the UEs would not have sent, in words.
  private var sent: Set<String> = []
  /// What steps look at, oldest first.
  private(set) var sightings: [Sighting] = []
  private var connected: [Bool]
  private var eNBsReady: Set<Int> = []
  private var setupFailure: String?
  private var watches: [Watch] = []
  private var branches: [Branch] = []
  private var checks: [ProfileCheck] = []
  private var outcome: ProfileResult.Outcome?
  let isInProcess: Bool
  /// Slugs that an `assert: {misaligned: …}` asked for.
  private var expectedMisaligned: Set<String> = []
  /// UEs that have attached, by number.
  private var attached: Set<Int> = []
  /// Rules of message control that must do something, with their steps.
  private var owed: [(rule: String, step: ProfileStep)] = []
  private let imsis: [String]
  let plmn: PLMN
  private var transit: [MessagesInTransit]

  /// - Parameters:
  ///   - driver: of the network that the profile describes.
  ///   - observe: is given every event as it is logged.
  ///   - isInterrupted: looked at between steps: true ends the run.
  init(
    _ profile: Profile, _ settings: ProfileSettings, network: ProfileNetwork, driver: any NetworkDriver,
    isInterrupted: @escaping () -> Bool, observe: @escaping (TraceEvent) -> Void
  ) {
    self.profile = profile
    self.settings = settings
    self.driver = driver
    self.isInterrupted = isInterrupted
    self.observe = observe
    isInProcess = driver.quietPeriod == .zero
    alignment = AlignmentEngine(subscribers: network.credentials, showKeys: settings.showKeys)
    observer = Observer(subscribers: network.credentials)
    connected = Array(repeating: false, count: driver.ueCount)
    imsis = network.credentials.map(\.imsi)
    plmn = network.plmn
    transit = Array(repeating: MessagesInTransit(), count: driver.ueCount)
    log.names = network.names
  }

  var now: Duration { driver.now }

  // MARK: The run

  func run() throws(Abort) -> ProfileResult {
    defer {
      driver.shutDown()
      drain()
    }
    try connect()
    branches = [Branch(profile.steps)]
    while outcome == nil, !branches.allSatisfy(\.isDone) {
      var progressed = false
      for branch in branches where outcome == nil { if try tick(branch) { progressed = true } }
      branches.removeAll { $0.isDone && $0.parent != nil }
      guard !progressed, outcome == nil else { continue }
      try passTime()
    }
    try settle()
    finish()
    return ProfileResult(
      profile: profile, outcome: outcome ?? .passed, checks: checks, verdicts: verdicts(), log: log, duration: driver.now)
  }

  private func connect() throws(Abort) {
    do throws(TransportError) { try driver.connect() } catch { throw .transport(error) }
    let limit = driver.now + .seconds(10)
    while eNBsReady.count < driver.eNBCount, setupFailure == nil, driver.now < limit {
      guard try advance(until: limit) else { break }
    }
    guard eNBsReady.count < driver.eNBCount || setupFailure != nil else { return }
    outcome = .failed(setupFailure ?? "no answer to S1 SETUP REQUEST")
  }

  /// Lets a branch take a step, or look whether the one under way has ended.
  ///
  /// - Returns: whether it went on.
  private func tick(_ branch: Branch) throws(Abort) -> Bool {
    guard !branch.isDone else { return false }
    if branch.active == nil {
      guard let step = branch.next() else {
        branch.isDone = true
        return true
      }
      // In process what is on its way arrives first, as it does at the speed of light: an order would overtake it.
      // A real peer is given time to finish before it is judged.
      if isInProcess || step.isJudging, branches.count == 1 || branch.parent == nil { try settle() }
      guard outcome == nil else { return true }
      if !step.isLooking { branch.cursor = sightings.count }
      let activity = step.begin(self, branch)
      drain()
      let deadline = activity.limit.map { driver.now + $0 }
      branch.active = Branch.Active(step: step, activity: activity, deadline: deadline)
      return true
    }
    guard let active = branch.active else { return true }
    if let ended = active.activity.poll() {
      end(branch, active.step, ended)
      return true
    }
    if let deadline = active.deadline, driver.now >= deadline {
      end(branch, active.step, active.activity.late())
      return true
    }
    return false
  }

  private func end(_ branch: Branch, _ step: ProfileStep, _ ended: ProfileCheck.Outcome) {
    branch.active = nil
    if case .repeated = step.action, ended == .passed { return }
    checks.append(ProfileCheck(text: step.text, place: step.place, outcome: ended, time: driver.now, isCheck: step.isCheck))
    switch ended {
    case .passed: break
    case .failed(let why): fail("\(step.place): \(step.text): \(why)")
    case .notApplicable(let why): outcome = outcome ?? .notApplicable(why)
    }
  }

  private func fail(_ why: String) { outcome = outcome ?? .failed(why) }

  /// Nothing can go on: the next thing happens, or a limit is reached.
  private func passTime() throws(Abort) {
    let deadlines = branches.compactMap { $0.active?.deadline }
    let next = branches.compactMap { $0.active?.activity.patience() }.min().map { driver.now + $0 }
    let limit = deadlines.min() ?? driver.now + settings.limit
    let deadline = next.map { min($0, limit) } ?? limit
    if try !advance(until: deadline), deadlines.isEmpty, next == nil {
      fail("nothing is left to happen: branches wait for one another")
    }
  }

  /// Waits until the peer has said what it still wanted to say.
  func settle() throws(Abort) {
    if isInProcess {
      while outcome == nil, try advance(until: driver.now) {}
      return
    }
    let limit = driver.now + .seconds(3)
    var quietFrom = driver.now
    var seen = log.count
    while outcome == nil, driver.now < min(limit, quietFrom + driver.quietPeriod) {
      _ = try advance(until: min(limit, quietFrom + driver.quietPeriod))
      if log.count != seen {
        seen = log.count
        quietFrom = driver.now
      }
    }
  }

  private func advance(until deadline: Duration) throws(Abort) -> Bool {
    if isInterrupted() { throw .interrupted }
    let progressed: Bool
    do throws(TransportError) { progressed = try driver.advance(until: deadline) } catch { throw .transport(error) }
    drain()
    if let live = driver as? LiveDriver, let failure = live.failures.values.first { throw .transport(failure) }
    return progressed
  }

  // MARK: What happens

  private func drain() {
    for timed in driver.takeEffects() {
      switch timed.effect {
      case .trace(let body): take(body, at: timed.time)
      case .ue(let index, let event):
        if event == .attached { attached.insert(index) }
        see(.event(ue: index, event), at: timed.time)
      case .s1SetupComplete(let eNB, _): eNBsReady.insert(eNB)
      case .s1SetupFailed(let eNB, let cause, let willRetry):
        if !willRetry { setupFailure = "cell \(profile.cells[eNB].name): S1 SETUP failed: \(cause)" }
      }
    }
    for ue in connected.indices where driver.ue(ue).isConnected != connected[ue] {
      connected[ue].toggle()
      see(.connection(ue: ue, isConnected: connected[ue]), at: driver.now)
    }
  }

  private func take(_ body: TraceEvent.Body, at time: Duration) {
    if case .nas(let label, let direction, let octets) = body, let ue = imsis.firstIndex(of: label.name) {
      transit[ue].atRadio(octets, direction)
    }
    let event = log.append(time: time, body: body)
    driver.withEngine {
      alignment.consume(event, using: &$0)
      observer.consume(event, using: &$0, into: &observations)
    }
    observe(event)
    defer { observations.removeAll(keepingCapacity: true) }
    if case .gtp(let from, let to, let octets) = body, let type = GTPv2CMessage.outline(of: octets)?.type {
      see(.s10(type, from: from, to: to), at: time)
    }
    guard case .s1ap(let leg, let direction, _, let octets) = body, let pdu = try? S1APPDU(decoding: octets) else { return }
    var message = SeenMessage(leg: leg, direction: direction, pdu: pdu, ue: nil, nas: [])
    for observation in observations {
      if let imsi = observation.ue?.imsi { message.ue = imsis.firstIndex(of: imsi) }
      if case .nas(let nas) = observation.body { message.nas.append(nas) }
    }
    if let ue = message.ue { for nas in message.nas { transit[ue].onWire(nas.octets, direction) } }
    see(.message(message), at: time)
  }

  func see(_ body: Sighting.Body, at time: Duration) {
    let sighting = Sighting(frame: max(0, log.count - 1), time: time, body: body)
    sightings.append(sighting)
    for index in watches.indices where watches[index].isArmed {
      if fits(sighting, watches[index].occasion) {
        watches[index].isArmed = false
        let when = "frame \(sighting.frame), \(sighting.time.profileText) into the run"
        fail("\(watches[index].step.place): \(watches[index].step.text): it came (\(when))")
        checks.append(
          ProfileCheck(
            text: watches[index].step.text, place: watches[index].step.place, outcome: .failed("it came (\(when))"), time: time,
            isCheck: true))
      } else if let until = watches[index].until, fits(sighting, until) {
        watches[index].isArmed = false
      }
    }
  }

  /// Says in the log what the profile does.
  func note(_ text: String) { observe(log.append(time: driver.now, body: .note(text))) }

  // MARK: For steps

  func ueIndex(_ name: String?) -> Int { name.flatMap { name in profile.ues.firstIndex { $0.name == name } } ?? 0 }
  func cellIndex(_ name: String) -> Int { profile.cells.firstIndex { $0.name == name } ?? 0 }
  func imsi(_ ue: Int) -> String { imsis[ue] }

  /// - Returns: its number.
  func watch(_ watch: Watch) -> Int {
    watches.append(watch)
    return watches.count - 1
  }

  /// A message that no procedure of a UE sent: every verdict of the run says so.
  func mark(_ deviation: String) { sent.insert(deviation) }

  /// What is wrong in this NAS-PDU is no fault of the UE.
  func expectTestersMessage(_ octets: [UInt8]) { alignment.expectTestersMessage(octets) }

  func disarm(_ number: Int) { watches[number].isArmed = false }

  /// Whether what was seen is what is meant, predicates too.
  func fits(_ sighting: Sighting, _ occasion: Occasion) -> Bool { failures(of: occasion, in: sighting)?.isEmpty == true }

  /// - Returns: nil where it is something else; else the reasons why the predicates fail.
  func failures(of occasion: Occasion, in sighting: Sighting) -> [String]? {
    switch (occasion, sighting.body) {
    case (.message(let pattern), .message(let message)):
      message.fit(pattern, ue: pattern.ue.map { ueIndex($0) }, eNB: pattern.cell.map { cellIndex($0) })
    case (.message(let pattern), .s10(let type, _, _)): pattern.message.kind == .s10(type) ? [] : nil
    case (.released(let name), .released(let released)): name == released ? [] : nil
    case (.event(let event, let ue), _): event.isSeen(in: sighting, ue: ue.map { ueIndex($0) }) ? [] : nil
    default: nil
    }
  }

  /// The place of the first sighting from `start` on that is what is meant.
  func first(_ occasion: Occasion, from start: Int) -> Int? {
    guard start < sightings.count else { return nil }
    return sightings[start...].firstIndex { fits($0, occasion) }
  }

  func verdicts() -> [Verdict] {
    let deviations = usedDeviations.union(profile.ues.flatMap(\.deviations)).map(\.rawValue).sorted() + sent.sorted()
    return alignment.verdicts().map {
      var verdict = $0
      verdict.deviations = deviations
      // What a UE says of itself cannot be checked against a wire that its messages have not reached.
      if verdict.slug == "self-check", verdict.verdict == .misaligned, hasMessagesInTransit(verdict.ue) {
        verdict.verdict = .unobserved
        verdict.note = "messages of this UE are held, lost or altered: " + verdict.note
      }
      return verdict
    }
  }

  /// Whether all that a UE has sent is on the wire.
  func isQuiet(_ ue: Int) -> Bool { transit[ue].isEmpty }

  private func hasMessagesInTransit(_ imsi: String) -> Bool { imsis.firstIndex(of: imsi).map { !transit[$0].isEmpty } ?? false }

  /// Lets the network side say what it holds, where it can be asked.
  func reportContexts() {
    drain()
    // A UE some of whose messages are held or lost says what the wire cannot show yet: its word would be a false alarm.
    driver.reportContexts(cause: "asked by the profile", ofUEs: Set(transit.indices.filter { transit[$0].isEmpty }))
    drain()
  }

  func expect(misaligned slugs: [String]) { expectedMisaligned.formUnion(slugs) }

  var attachedUEs: Set<Int> { attached }

  func add(_ branches: [Branch]) { self.branches += branches }

  /// Whether other branches have come to a barrier or cannot come to it any more.
  func isOpen(barrier name: String, for branch: Branch) -> Bool {
    let siblings = branches.filter { $0.parent === branch.parent && !$0.isDone }
    // Who comes again waits for the others to come again, as far as they will.
    let arrivals = branch.arrivals[name] ?? 0
    return siblings.allSatisfy { ($0.arrivals[name] ?? 0) >= arrivals || !$0.willMeet(barrier: name) }
  }

  /// At the end nothing may be misaligned that no step asked for.
  private func finish() {
    guard outcome == nil else { return }
    reportContexts()
    if let wrong = verdicts().first(where: {
      $0.verdict == .misaligned && !expectedMisaligned.contains($0.slug) && !expectedMisaligned.contains($0.assertion)
    }) {
      fail(wrong.failureWords)
    }
    for (rule, step) in owed where !driver.control.effective.contains(rule) {
      fault(step, "it did nothing: no such message came, or none that it could change; 'optional: true' where that may be")
    }
    for watch in watches where watch.isArmed {
      guard let until = watch.until, until != .event(.never, ue: nil) else { continue }
      fault(watch.step, "\(until) never came")
    }
  }

  /// A step that had ended well turns out to have failed.
  private func fault(_ step: ProfileStep, _ why: String) {
    checks.append(ProfileCheck(text: step.text, place: step.place, outcome: .failed(why), time: driver.now, isCheck: true))
    fail("\(step.place): \(step.text): \(why)")
  }

  /// A rule of message control that is to do something before the profile ends.
  func mustAct(_ rule: String, _ step: ProfileStep) {
    // In a repeat it is one step.
    if !owed.contains(where: { $0.rule == rule && $0.step.place == step.place }) { owed.append((rule, step)) }
  }
}

extension Verdict {
  /// `misaligned nh-genealogy of UE …: expected …, observed … (derivation)`.
  var failureWords: String {
    let why = derivation.isEmpty ? "" : " (\(derivation))"
    let rules = rules.isEmpty ? "" : ", breaks \(rules.joined(separator: ", "))"
    return "misaligned \(slug) of UE \(ue): expected \(expected), observed \(observed)\(why)\(rules)"
  }
}
