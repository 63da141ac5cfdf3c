/// A step of a profile.
public struct ProfileStep: Sendable {
  public var place: ProfilePlace
  /// For people, on one line.
  public var text: String
  public var action: Action

  /// What a step does; one file in `Steps` each.
  public enum Action: Sendable {
    case powerOn(PowerOnStep)
    case attach(AttachStep)
    case detach(DetachStep)
    case idle(IdleStep)
    case reselect(ReselectStep)
    case forgetContext(ForgetContextStep)
    case serviceRequest(ServiceRequestStep)
    case update(UpdateStep)
    case paging(PagingStep)
    case handover(HandoverStep)
    case cancelHandover(CancelHandoverStep)
    case interSystemHandover(InterSystemHandoverStep)
    case returnHandover(ReturnHandoverStep)
    case radio(RadioStep)
    case control(ControlStep)
    case release(ReleaseStep)
    case reauthenticate(ReauthenticateStep)
    case network(NetworkStep)
    case send(SendStep)
    case wait(WaitStep)
    case expect(ExpectStep)
    case assert(AssertStep)
    case parallel(ParallelStep)
    case barrier(BarrierStep)
    case repeated(RepeatStep)
  }

  /// Whether it can fail a profile by what it looks at, rather than do something.
  public var isCheck: Bool {
    switch action {
    case .expect, .assert: true
    default: false
    }
  }
}
