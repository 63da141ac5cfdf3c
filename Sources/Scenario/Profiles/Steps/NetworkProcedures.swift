import Profiles
import TestNetwork
import UserEquipment

extension NetworkStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    let isOrdered = run.driver.order(command, imsi: run.imsi(run.ueIndex(ue)), atOnce: isAtOnce)
    return .ended(isOrdered ? .passed : .notApplicable("the MME takes no orders from here"))
  }
}

extension ReauthenticateStep {
  /// How long a foreign MME may take before it counts as one that this does not move.
  private static let patience = Duration.seconds(5)

  func begin(_ run: ProfileRun, _ branch: Branch) -> StepActivity {
    let index = run.ueIndex(ue)
    let imsi = run.imsi(index)
    switch means ?? run.usualMeans {
    case .testNetwork:
      let isOrdered = run.driver.order(.authenticate(), imsi: imsi, atOnce: false)
      return .ended(isOrdered ? .passed : .notApplicable("the MME takes no orders from here"))
    case .command: return .ended(.notApplicable("no command is given that moves the MME to authenticate"))
    case .protectedTAUWithoutKey:
      guard run.driver.ue(index).isConnected else { return .ended(.failed("the UE is not connected")) }
      run.driver.command(.updateTrackingAreaWithoutKey, ue: index)
    case .plainTAU, .plainAttach:
      return .ended(.notApplicable("not built yet: \((means ?? .plainTAU).rawValue)"))
    case .countNearWrap: return .ended(.notApplicable("not built yet: count-near-wrap"))
    }
    let start = branch.cursor
    return StepActivity(
      limit: Self.patience,
      poll: {
        guard let request = MessageName("AUTHENTICATION REQUEST"),
          run.first(.message(MessagePattern(request)), from: start) != nil
        else { return nil }
        return .passed
      }, late: { .notApplicable("the MME did not authenticate within \(Self.patience.profileText)") })
  }
}

extension ProfileRun {
  /// What moves this network to authenticate where the profile leaves it open.
  var usualMeans: ReauthenticateStep.Means { settings.isLive ? .protectedTAUWithoutKey : .testNetwork }
}
