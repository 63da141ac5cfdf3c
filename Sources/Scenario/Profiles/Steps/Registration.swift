import NASMessages
import Profiles
import UserEquipment

extension PowerOnStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    let index = run.ueIndex(ue)
    if let cell { run.driver.camp(ue: index, onENB: run.cellIndex(cell)) }
    run.driver.command(.powerOn, ue: index)
    return .ended()
  }
}

extension AttachStep {
  func begin(_ run: ProfileRun, _ branch: Branch) -> StepActivity {
    let index = run.ueIndex(ue)
    guard !run.driver.ue(index).isRegistered else { return .ended(.failed("the UE is registered already")) }
    let start = run.sightings.count
    if let cell { run.driver.camp(ue: index, onENB: run.cellIndex(cell)) }
    run.driver.command(.powerOn, ue: index)
    run.driver.command(.attach, ue: index)
    let limit = limit ?? run.settings.limit
    return .until(limit, else: run.lateness(limit)) {
      for case .event(index, let event) in run.sightings[start...].map(\.body) {
        switch (event, end) {
        case (.attached, .success): return .passed
        case (.attached, .failure): return .failed("it was accepted, and was to fail")
        case (.attachFailed(let failure), .success): return .failed(failure.description)
        case (.attachFailed(let failure), .failure(let cause)): return failure.matches(cause)
        default: continue
        }
      }
      return nil
    }
  }
}

extension UE.Failure {
  /// Whether it is the failure that was expected.
  func matches(_ cause: Int?) -> ProfileCheck.Outcome {
    guard let cause else { return .passed }
    if case .rejected(let found, _) = self, Int(found.rawValue) == cause { return .passed }
    return .failed("expected EMM cause #\(cause): \(self)")
  }
}

extension UE.ServiceFailure {
  func matches(_ cause: Int?) -> ProfileCheck.Outcome {
    guard let cause else { return .passed }
    if case .rejected(let found) = self, Int(found.rawValue) == cause { return .passed }
    return .failed("expected EMM cause #\(cause): \(self)")
  }
}

extension DetachStep {
  func begin(_ run: ProfileRun, _ branch: Branch) -> StepActivity {
    let index = run.ueIndex(ue)
    guard run.driver.ue(index).isRegistered else { return .ended(.failed("the UE is not registered")) }
    let start = run.sightings.count
    run.driver.command(.detach(switchOff: switchesOff), ue: index)
    return .until(run.settings.limit, else: run.lateness(run.settings.limit)) {
      guard !run.driver.ue(index).isConnected else { return nil }
      for case .event(index, .detached(let detachment)) in run.sightings[start...].map(\.body) {
        if case .byUser(_, let acknowledged) = detachment, !acknowledged, !switchesOff { return .failed("the detach was not acknowledged") }
        return .passed
      }
      return nil
    }
  }
}
