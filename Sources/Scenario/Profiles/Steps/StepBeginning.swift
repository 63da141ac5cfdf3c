import Profiles

extension ProfileStep {
  /// Whether it only looks, or prepares message control: then what has happened since the last other step still counts.
  var isLooking: Bool {
    switch action {
    case .wait, .expect, .assert, .control, .barrier, .repeated: true
    case .powerOn, .attach, .detach, .idle, .reselect, .forgetContext, .serviceRequest, .update, .paging, .handover, .cancelHandover,
      .interSystemHandover,
      .returnHandover,
      .radio, .release, .reauthenticate, .network, .send, .parallel:
      false
    }
  }

  /// Whether it looks at verdicts or states as they are now.
  var isJudging: Bool { if case .assert = action { true } else { false } }

  /// Does what there is to do at once; what is returned tells when that has ended.
  func begin(_ run: ProfileRun, _ branch: Branch) -> StepActivity {
    switch action {
    case .powerOn(let step): step.begin(run)
    case .attach(let step): step.begin(run, branch)
    case .detach(let step): step.begin(run, branch)
    case .idle(let step): step.begin(run)
    case .reselect(let step): step.begin(run)
    case .forgetContext(let step): step.begin(run)
    case .serviceRequest(let step): step.begin(run, branch)
    case .update(let step): step.begin(run, branch)
    case .paging(let step): step.begin(run, branch)
    case .handover(let step): step.begin(run)
    case .cancelHandover(let step): step.begin(run)
    case .interSystemHandover(let step): step.begin(run)
    case .returnHandover(let step): step.begin(run)
    case .radio(let step): step.begin(run)
    case .control(let step): step.begin(run, of: self)
    case .release(let step): step.begin(run)
    case .reauthenticate(let step): step.begin(run, branch)
    case .network(let step): step.begin(run)
    case .send(let step): step.begin(run)
    case .wait(let step): step.begin(run, branch)
    case .expect(let step): step.begin(run, branch, of: self)
    case .assert(let step): step.begin(run)
    case .parallel(let step): step.begin(run, branch)
    case .barrier(let step): step.begin(run, branch)
    case .repeated(let step): step.begin(branch)
    }
  }
}

extension ProfileRun {
  func lateness(_ limit: Duration) -> String { "nothing came of it within \(limit.profileText)" }
}
