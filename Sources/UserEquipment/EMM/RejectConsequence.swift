import NASCrypto
import NASMessages
import NASSecurity

/// What SERVICE REJECT and TRACKING AREA UPDATE REJECT do (TS 24.301 §5.6.1.5, §5.5.3.2.5).
struct RejectConsequence: Equatable {
  enum Next: Equatable {
    case deregistered(EMMState.Deregistered)
    /// EMM-DEREGISTERED, and an attach as soon as the connection is gone.
    case reattach
    case registered(EMMState.Registered)
    /// T3346 with this length, then once more.
    case backOff(Duration)
    /// The abnormal case of the procedure.
    case abnormal
  }

  var next: Next
  var updateStatus: EPSUpdateStatus?
  /// GUTI, TAI list, last visited TAI and eKSI are deleted.
  var deletesIdentityAndContexts = false
  var invalidatesUSIM = false
  /// T3440 starts (§5.3.1.2.1 a, d, e).
  var awaitsRelease = false
  /// The attempt counter jumps to its maximum (§5.5.3.2.6 d, §5.5.3.2.5 #42).
  var countsAsLastAttempt = false

  init(_ next: Next, _ status: EPSUpdateStatus? = nil, deletes: Bool = false, awaitsRelease: Bool = false) {
    self.next = next
    updateStatus = status
    deletesIdentityAndContexts = deletes
    self.awaitsRelease = awaitsRelease
  }

  /// What both rejects have in common.
  ///
  /// - Parameter backOff: the T3346 value, if it is neither zero nor deactivated.
  private init?(shared cause: EMMCause, backOff: Duration?) {
    switch cause.rawValue {
    case 3, 6, 8:
      self.init(.deregistered(.noIMSI), .roamingNotAllowed, deletes: true)
      invalidatesUSIM = true
    case 7:
      self.init(.deregistered(.limitedService), .roamingNotAllowed, deletes: true)
      invalidatesUSIM = true
    case 9: self.init(.reattach, .notUpdated, deletes: true, awaitsRelease: true)
    case 10, 40: self.init(.reattach, awaitsRelease: true)
    case 11, 35: self.init(.deregistered(.plmnSearch), .roamingNotAllowed, deletes: true, awaitsRelease: true)
    case 12: self.init(.deregistered(.limitedService), .roamingNotAllowed, deletes: true, awaitsRelease: true)
    case 13: self.init(.registered(.plmnSearch), .roamingNotAllowed, awaitsRelease: true)
    case 15: self.init(.registered(.limitedService), .roamingNotAllowed, awaitsRelease: true)
    case 22:
      guard let backOff else { return nil }
      self.init(.backOff(backOff))
    case 42: self.init(.deregistered(.plmnSearch), .notUpdated, deletes: true)
    default: return nil
    }
  }

  /// SERVICE REJECT. #14 is none of its causes, #25 comes from CSG cells and #31 to CIoT UEs only: abnormal here.
  init(service cause: EMMCause, backOff: Duration?) {
    if let shared = RejectConsequence(shared: cause, backOff: backOff) {
      self = shared
    } else {
      switch cause.rawValue {
      case 18, 39: self.init(.registered(.normalService))
      default: self.init(.abnormal)
      }
    }
  }

  /// TRACKING AREA UPDATE REJECT.
  init(update cause: EMMCause, backOff: Duration?) {
    if let shared = RejectConsequence(shared: cause, backOff: backOff) {
      self = shared
      if cause == .congestion { updateStatus = .notUpdated }
    } else {
      switch cause.rawValue {
      case 14: self.init(.deregistered(.plmnSearch), .roamingNotAllowed, deletes: true, awaitsRelease: true)
      case 95, 96, 97, 99, 111:
        self.init(.abnormal)
        countsAsLastAttempt = true
      default: self.init(.abnormal)
      }
    }
  }
}

extension UE {
  /// What a reject does, corrected by §5.3.7b where it came unprotected.
  mutating func consequence(
    of cause: EMMCause, _ exact: RejectConsequence, protected: Bool, into outputs: inout [Output]
  ) -> RejectConsequence {
    guard !protected else {
      if exact.next != .abnormal { forbid(cause, into: &outputs) }
      return exact
    }
    let effect = unprotectedReject(cause, into: &outputs)
    guard effect != RejectEffect(attach: cause) else { return exact }
    var corrected = RejectConsequence(.deregistered(effect.substate), .roamingNotAllowed, deletes: effect.deletesIdentityAndContexts)
    corrected.awaitsRelease = exact.awaitsRelease
    return corrected
  }

  /// Applies everything but `.backOff` and `.abnormal`, which belong to the procedure.
  ///
  /// - Parameter registered: what EMM-REGISTERED goes on with, where it is not left.
  mutating func apply(
    _ consequence: RejectConsequence, cause: EMMCause, registered: Registered, into outputs: inout [Output]
  ) {
    if let status = consequence.updateStatus { registration.updateStatus = status }
    switch consequence.next {
    case .deregistered(let substate):
      leaveRegistered(into: &outputs)
      machine = .deregistered(substate, attempts: 0)
    case .reattach:
      leaveRegistered(into: &outputs)
      machine = .deregistered(.normalService, attempts: 0)
      backOff.attachesAfterRelease = true
    case .registered(let substate):
      var registered = registered
      registered.substate = substate
      machine = .registered(registered)
      if substate != .normalService, let area = servingTrackingArea ?? registration.lastVisitedTrackingArea {
        // #13, #15: the area is ours no longer.
        registration.trackingAreas.remove(area)
      }
    case .backOff, .abnormal:
      machine = .registered(registered)
    }
    if consequence.deletesIdentityAndContexts {
      var effect = RejectEffect(deletesIdentityAndContexts: true, substate: .normalService)
      effect.invalidatesUSIM = consequence.invalidatesUSIM
      apply(effect, into: &outputs)
    }
    if consequence.awaitsRelease { awaitRelease(into: &outputs) }
    if machine.registered == nil { outputs.append(.event(.detached(.locally))) }
  }
}

extension TAIList {
  /// Without `area`; nil where nothing is left.
  func removing(_ area: TrackingAreaIdentity) -> TAIList? {
    let left = areas.filter { $0 != area }
    return left.isEmpty ? nil : TAIList(areas: left)
  }
}

extension TAIList? {
  mutating func remove(_ area: TrackingAreaIdentity) {
    if let list = self, list.contains(area) { self = list.removing(area) }
  }
}
