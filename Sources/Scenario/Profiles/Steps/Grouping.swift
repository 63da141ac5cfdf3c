import Profiles

extension ParallelStep {
  func begin(_ run: ProfileRun, _ branch: Branch) -> StepActivity {
    let inner = branches.map { Branch($0, parent: branch) }
    run.add(inner)
    return StepActivity(limit: nil, poll: { inner.allSatisfy(\.isDone) ? .passed : nil }, late: { .passed })
  }
}

extension BarrierStep {
  func begin(_ run: ProfileRun, _ branch: Branch) -> StepActivity {
    branch.arrivals[name, default: 0] += 1
    return .until(run.settings.limit, else: "the other branches did not come to it") {
      run.isOpen(barrier: name, for: branch) ? .passed : nil
    }
  }
}

extension RepeatStep {
  func begin(_ branch: Branch) -> StepActivity {
    branch.push(steps, times: times)
    return .ended()
  }
}
