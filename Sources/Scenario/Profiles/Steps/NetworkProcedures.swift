import NASMessages
import NASSecurity
import Profiles
import TestNetwork
import UserEquipment

extension NetworkStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    let isOrdered = run.order(command, text: text, ue: run.ueIndex(ue), atOnce: isAtOnce)
    return .ended(isOrdered ? .passed : .notApplicable("the MME takes no orders from here"))
  }
}

extension ReauthenticateStep {
  /// How long a foreign MME may take before it counts as one that this does not move.
  private static let patience = Duration.seconds(5)
  private static let unmoved = ProfileCheck.Outcome.notApplicable("the MME did not authenticate")

  func begin(_ run: ProfileRun, _ branch: Branch) -> StepActivity {
    let index = run.ueIndex(ue)
    let imsi = run.imsi(index)
    switch means ?? run.usualMeans(ue: index) {
    case .testNetwork:
      let isOrdered = run.order(.authenticate(), text: "authenticate", ue: index, atOnce: false)
      return .ended(isOrdered ? .passed : .notApplicable("the MME takes no orders from here"))
    case .command:
      guard let move = run.settings.reauthenticate else {
        return .ended(.notApplicable("no command is given that moves the MME to authenticate"))
      }
      guard move(imsi) else { return .ended(.failed("the command that moves the MME to authenticate failed")) }
    case .protectedTAUWithoutKey:
      guard run.driver.ue(index).isConnected else { return .ended(.failed("the UE is not connected")) }
      run.usedDeviations.insert(.nameNoKeyInUpdate)
      run.driver.command(.updateTrackingAreaWithoutKey, ue: index)
    case .plainTAU:
      return run.goIdle(index, late: Self.unmoved) {
        run.driver.command(.contextsLost, ue: index)
        run.driver.command(.updateTrackingArea(isActive: false), ue: index)
        return { run.hasAuthenticated(since: branch.cursor) }
      }
    case .plainAttach:
      run.driver.command(.detach(switchOff: true), ue: index)
      return run.goIdle(index, late: Self.unmoved) {
        run.driver.command(.contextsLost, ue: index)
        run.driver.command(.powerOn, ue: index)
        run.driver.command(.attach, ue: index)
        return { run.hasAuthenticated(since: branch.cursor) }
      }
    case .countNearWrap:
      guard run.driver.ue(index).isConnected else { return .ended(.failed("the UE is not connected")) }
      return moveToWrap(run, branch, index)
    }
    return StepActivity(limit: Self.patience, poll: { run.hasAuthenticated(since: branch.cursor) }, late: { Self.unmoved })
  }
}

extension ReauthenticateStep {
  /// Messages that are under way at once.
  private static let batch = 64
  /// How long 2^24 / 256 messages may take.
  private static let longest = Duration.seconds(600)

  /// EMM STATUS after EMM STATUS, each of a COUNT that is 256 further as if the messages between had been lost: the most that a receiver follows
  /// (TS 24.301 §4.4.3.1). Near the wrap the MME is to authenticate (§4.4.3.5).
  private func moveToWrap(_ run: ProfileRun, _ branch: Branch, _ index: Int) -> StepActivity {
    // Of so many messages each is looked at once.
    var looked = branch.cursor
    var end: Duration?
    return StepActivity(
      limit: Self.longest,
      poll: {
        if let done = run.hasAuthenticated(since: looked) { return done }
        looked = run.sightings.count
        guard run.isQuiet(index), !run.driver.hasBacklog(ue: index) else { return nil }
        let ue = run.driver.ue(index)
        guard ue.isConnected, let next = ue.contexts.current?.uplinkNASCount else { return .failed("the UE was released") }
        // The rest would bring the wrap itself about.
        let left = Int((NASCount.maximum.value - next.value) / 256)
        guard left > 1 else {
          // What is under way may be the challenge.
          let limit = end ?? run.now + Self.patience
          end = limit
          return run.now < limit ? nil : .notApplicable("the MME did not authenticate before the wrap of the COUNT")
        }
        for _ in 0..<min(Self.batch, left - 1) {
          run.driver.command(.sendStatus(.protocolErrorUnspecified, afterLosing: 255), ue: index)
        }
        return nil
      }, late: { Self.unmoved },
      // Nobody answers EMM STATUS. A real peer may take its time: no more is queued for it than the association takes.
      patience: {
        guard end == nil, !run.isInProcess else { return nil }
        return run.driver.hasBacklog(ue: index) ? .milliseconds(10) : .zero
      })
  }
}

extension ProfileRun {
  /// What moves the network that serves a UE to authenticate where the profile leaves it open.
  func usualMeans(ue: Int) -> ReauthenticateStep.Means {
    if (driver as? LiveDriver)?.takesOrders(ue: ue) == true { return .testNetwork }
    if settings.reauthenticate != nil { return .command }
    return settings.isLive && settings.order == nil ? .protectedTAUWithoutKey : .testNetwork
  }

  /// Whether AUTHENTICATION REQUEST has come.
  func hasAuthenticated(since start: Int) -> ProfileCheck.Outcome? {
    guard let request = MessageName("AUTHENTICATION REQUEST"), first(.message(MessagePattern(request)), from: start) != nil else {
      return nil
    }
    return .passed
  }
}
