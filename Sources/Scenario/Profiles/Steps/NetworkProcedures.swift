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
    case .countNearWrap: return .ended(.notApplicable("a NAS COUNT near its wrap cannot be brought about here yet"))
    }
    return StepActivity(limit: Self.patience, poll: { run.hasAuthenticated(since: branch.cursor) }, late: { Self.unmoved })
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
