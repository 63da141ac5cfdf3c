import Profiles
import TestNetwork
import UserEquipment

extension ServiceRequestStep {
  func begin(_ run: ProfileRun, _ branch: Branch) -> StepActivity {
    let index = run.ueIndex(ue)
    guard run.driver.ue(index).isRegistered else { return .ended(.failed("the UE is not registered")) }
    return run.goIdle(index) {
      let start = run.sightings.count
      run.driver.command(.requestService, ue: index)
      guard waits else { return nil }
      return {
        for case .event(index, let event) in run.sightings[start...].map(\.body) {
          switch (event, end) {
          case (.serviceEstablished, .success): return .passed
          case (.serviceEstablished, .failure): return .failed("it was served, and was to fail")
          case (.serviceFailed(let failure), .success): return .failed(failure.description)
          case (.serviceFailed(let failure), .failure(let cause)): return failure.matches(cause)
          default: continue
          }
        }
        return nil
      }
    }
  }
}

extension UpdateStep {
  func begin(_ run: ProfileRun, _ branch: Branch) -> StepActivity {
    let index = run.ueIndex(ue)
    guard run.driver.ue(index).isRegistered else { return .ended(.failed("the UE is not registered")) }
    let start = run.sightings.count
    run.driver.command(.updateTrackingArea(isActive: isActive), ue: index)
    guard waits else { return .ended() }
    return .until(run.settings.limit, else: run.lateness(run.settings.limit)) {
      for case .event(index, let event) in run.sightings[start...].map(\.body) {
        switch (event, end) {
        case (.trackingAreaUpdated, .success): return .passed
        case (.trackingAreaUpdated, .failure): return .failed("it was accepted, and was to fail")
        case (.trackingAreaUpdateFailed(let failure), .success): return .failed(failure.description)
        case (.trackingAreaUpdateFailed(let failure), .failure(let cause)): return failure.matches(cause)
        default: continue
        }
      }
      return nil
    }
  }
}

extension PagingStep {
  func begin(_ run: ProfileRun, _ branch: Branch) -> StepActivity {
    let index = run.ueIndex(ue)
    guard run.driver.ue(index).isRegistered else { return .ended(.failed("the UE is not registered")) }
    return run.goIdle(index) {
      let start = run.sightings.count
      let isOrdered = run.order(.page, text: "page", ue: index, atOnce: false)
      return {
        guard isOrdered else { return .notApplicable("the MME cannot be told to page") }
        for case .event(index, .serviceEstablished) in run.sightings[start...].map(\.body) { return .passed }
        return nil
      }
    }
  }
}
