import Profiles
import S1AP
import UserEquipment

extension IdleStep {
  func begin(_ run: ProfileRun) -> StepActivity { run.goIdle(run.ueIndex(ue)) { nil } }
}

extension ProfileRun {
  /// Lets the eNB ask for the release of a UE that is connected.
  ///
  /// - Parameters:
  ///   - late: what it comes to when what follows does not end; nil: a failure.
  ///   - after: begins what follows when the UE is idle, and looks at it from then on; nil: nothing follows.
  func goIdle(
    _ index: Int, late: ProfileCheck.Outcome? = nil, then after: @escaping () -> (() -> ProfileCheck.Outcome?)?
  ) -> StepActivity {
    if driver.ue(index).isConnected { driver.requestRelease(ue: index, cause: .userInactivity) }
    var following: (() -> ProfileCheck.Outcome?)?
    var hasFollowed = false
    let poll = { () -> ProfileCheck.Outcome? in
      if !hasFollowed {
        guard !self.driver.ue(index).isConnected else { return nil }
        hasFollowed = true
        following = after()
        guard following != nil else { return .passed }
      }
      return following?()
    }
    return StepActivity(
      limit: settings.limit, poll: poll,
      late: {
        if hasFollowed, let late { return late }
        return .failed(hasFollowed ? self.lateness(self.settings.limit) : "the UE was not released")
      })
  }
}

extension ReselectStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    let index = run.ueIndex(ue)
    guard !run.driver.ue(index).isConnected else { return .ended(.failed("the UE is connected: a handover moves it")) }
    run.driver.camp(ue: index, onENB: run.cellIndex(cell))
    return .ended()
  }
}

extension ForgetContextStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    let index = run.ueIndex(ue)
    guard !run.driver.ue(index).isConnected else { return .ended(.failed("the UE is connected, and uses its context")) }
    run.driver.command(.contextsLost, ue: index)
    return .ended()
  }
}
