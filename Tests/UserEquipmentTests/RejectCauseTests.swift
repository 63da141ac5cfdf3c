import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// ATTACH, TRACKING AREA UPDATE and SERVICE REJECT × EMM cause × protection against the text: TS 24.301 §5.5.1.2.5, §5.5.1.2.6,
/// §5.5.3.2.5, §5.5.3.2.6, §5.6.1.5, §5.6.1.6, §5.3.7b, §5.3.1.2.1.
@Suite struct RejectCauseTests {
  enum Procedure: CaseIterable { case attach, update, service }

  /// What the text prescribes.
  struct Prescription {
    var state: EMMState
    /// nil: as it was.
    var status: EPSUpdateStatus?
    /// GUTI, TAI list, last visited TAI and eKSI go.
    var deletes = false
    var invalidatesUSIM = false
    var forbidsPLMN = false
    var forbidsArea = false
    /// The area leaves the list of ours, which stays otherwise.
    var losesArea = false
    /// Timers that start.
    var starts: Set<EMMTimer> = []
    /// An attach follows the release of the connection.
    var attaches = false

    init(_ state: EMMState, _ status: EPSUpdateStatus? = nil, starts: Set<EMMTimer> = [], _ change: (inout Prescription) -> Void = { _ in })
    {
      self.state = state
      self.status = status
      self.starts = starts
      change(&self)
    }

    static func illegal(_ substate: EMMState.Deregistered) -> Prescription {
      Prescription(.deregistered(substate), .roamingNotAllowed) {
        $0.deletes = true
        $0.invalidatesUSIM = true
      }
    }

    static func plmn() -> Prescription {
      Prescription(.deregistered(.plmnSearch), .roamingNotAllowed, starts: [.t3440]) {
        $0.deletes = true
        $0.forbidsPLMN = true
      }
    }

    static func area() -> Prescription {
      Prescription(.deregistered(.limitedService), .roamingNotAllowed, starts: [.t3440]) {
        $0.deletes = true
        $0.forbidsArea = true
      }
    }

    static func areaInRegistered(_ substate: EMMState.Registered) -> Prescription {
      Prescription(.registeredSubstate(substate), .roamingNotAllowed, starts: [.t3440]) {
        $0.forbidsArea = true
        $0.losesArea = true
      }
    }

    static func attachFollows(_ status: EPSUpdateStatus? = nil, deletes: Bool) -> Prescription {
      Prescription(.deregistered(.normalService), status, starts: [.t3440]) {
        $0.deletes = deletes
        $0.attaches = true
      }
    }
  }

  /// The text, cause by cause; `default` is the abnormal case of the procedure.
  static func protected(_ procedure: Procedure, _ cause: UInt8, hasT3346: Bool) -> Prescription {
    switch (procedure, cause) {
    case (_, 3), (_, 6), (_, 8): return .illegal(.noIMSI)
    case (_, 7): return .illegal(.limitedService)
    case (.update, 9), (.service, 9): return .attachFollows(.notUpdated, deletes: true)
    case (.update, 10), (.service, 10), (.update, 40), (.service, 40): return .attachFollows(deletes: false)
    case (_, 11), (_, 35), (.attach, 14), (.update, 14): return .plmn()
    case (_, 12), (.attach, 13), (.attach, 15): return .area()
    case (.update, 13), (.service, 13): return .areaInRegistered(.plmnSearch)
    case (.update, 15), (.service, 15): return .areaInRegistered(.limitedService)
    case (.attach, 22) where hasT3346: return Prescription(.deregistered(.attemptingToAttach), .notUpdated, starts: [.t3346])
    case (.update, 22) where hasT3346: return Prescription(.registeredSubstate(.attemptingToUpdate), .notUpdated, starts: [.t3346])
    case (.service, 22) where hasT3346: return Prescription(.registered, starts: [.t3346])
    case (_, 42): return Prescription(.deregistered(.plmnSearch), .notUpdated) { $0.deletes = true }
    case (.service, 18): return Prescription(.registered)
    case (.service, 39): return Prescription(.registered, starts: [.t3442])
    case (.attach, 95), (.attach, 96), (.attach, 97), (.attach, 99), (.attach, 111):
      return Prescription(.deregistered(.attemptingToAttach), .notUpdated, starts: [.t3402]) { $0.deletes = true }
    case (.update, 95), (.update, 96), (.update, 97), (.update, 99), (.update, 111):
      return Prescription(.registeredSubstate(.attemptingToUpdate), .notUpdated, starts: [.t3402])
    // §5.3.1.2.1 a names them without asking whether they are abnormal.
    case (.attach, 25), (.attach, 31): return Prescription(.deregistered(.attemptingToAttach), starts: [.t3411, .t3440])
    case (.attach, _): return Prescription(.deregistered(.attemptingToAttach), starts: [.t3411])
    case (.update, 25), (.update, 31): return Prescription(.registered, starts: [.t3411, .t3440])
    case (.update, _): return Prescription(.registered, starts: [.t3411])
    case (.service, _): return Prescription(.registered)
    }
  }

  /// The same, before the secure exchange and without integrity protection, in the home network: nil where it is discarded.
  static func unprotected(_ procedure: Procedure, _ cause: UInt8, hasT3346: Bool) -> Prescription? {
    var prescription = protected(procedure, cause, hasT3346: hasT3346)
    switch (procedure, cause) {
    case (_, 25), (.service, 31): return nil
    case (_, 3), (_, 6), (_, 7), (_, 8), (_, 11), (_, 14), (_, 35):
      let t3440 = prescription.starts.intersection([.t3440])
      prescription = Prescription(.deregistered(.limitedService), .roamingNotAllowed, starts: t3440.union([.t3247])) {
        $0.deletes = true
        $0.forbidsArea = true
      }
    case (_, 12), (_, 13), (_, 15), (.attach, 31), (.update, 31): prescription.starts.insert(.t3247)
    default: break
    }
    return prescription
  }

  static let causes: [UInt8] = [
    2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 31, 35, 39, 40, 42, 95, 96, 97, 98, 99, 100,
    101, 111, 200,
  ]

  /// A UE whose procedure waits for its answer, with a current context and a connection whose exchange is not secure yet.
  func waiting(_ procedure: Procedure) throws -> Bench {
    let bench = procedure == .attach ? try Bench.withStoredContext() : try ServiceTests.idle()
    bench.give(.campedOn(Bench.area))
    switch procedure {
    case .attach: bench.give(.attach)
    case .update: bench.give(.updateTrackingArea(isActive: false))
    case .service: bench.give(.requestService)
    }
    try #require(bench.ue.registration.trackingAreas != nil && bench.current != nil && bench.ue.isConnected)
    return bench
  }

  func reject(_ procedure: Procedure, _ cause: UInt8, hasT3346: Bool) -> NASMessage {
    let timer = hasT3346 ? GPRSTimer(seconds: 120) : nil
    let cause = EMMCause(rawValue: cause)
    switch procedure {
    case .attach:
      var reject = Bench.attachReject(cause)
      reject.set(AttachReject.t3346Value, timer)
      return reject
    case .update: return Bench.updateReject(cause, t3346: timer)
    case .service:
      return Bench.serviceReject(cause, t3346: timer, t3442: cause == .csServiceTemporarilyNotAvailable ? GPRSTimer(seconds: 60) : nil)
    }
  }

  func check(
    _ procedure: Procedure, _ cause: UInt8, hasT3346: Bool, protection: ScriptedNetwork.Protection, _ expected: Prescription
  ) throws {
    let bench = try waiting(procedure)
    let before = bench.ue
    let outputs = bench.deliver(reject(procedure, cause, hasT3346: hasT3346), protection)
    let what: Comment = "\(procedure) #\(cause)\(hasT3346 ? " with T3346" : "")"
    #expect(bench.ue.state == expected.state, what)
    #expect(bench.ue.registration.updateStatus == expected.status ?? before.registration.updateStatus, what)
    let registration = bench.ue.registration
    #expect((registration.guti == nil) == expected.deletes, what)
    #expect((registration.trackingAreas == nil) == (expected.deletes || expected.losesArea), what)
    #expect((registration.lastVisitedTrackingArea == nil) == expected.deletes, what)
    #expect((bench.ue.contexts == SecurityContexts()) == expected.deletes, what)
    #expect(bench.ue.usim.isValid != expected.invalidatesUSIM, what)
    #expect(bench.ue.forbidden.contains(TrackingAreaIdentity(plmn: Bench.plmn, tac: 999)) == expected.forbidsPLMN, what)
    #expect(bench.ue.forbidden.trackingAreas == (expected.forbidsArea ? [Bench.area] : []), what)
    #expect(Set(outputs.started).subtracting([.t3412, .forbiddenAreas]) == expected.starts, what)
    #expect(outputs.started.contains(.forbiddenAreas) == expected.forbidsArea, what)
    // Nobody's timer goes on: that of the procedure is stopped.
    #expect(outputs.stopped.contains(procedure == .attach ? .t3410 : procedure == .update ? .t3430 : .t3417), what)
    guard bench.ue.isConnected else { return }
    let released = bench.give(.radioConnectionReleased)
    #expect((bench.ue.state == .registeredInitiated) == expected.attaches, what)
    if expected.attaches {
      try bench.assertSends(released, .attachRequest, header: expected.deletes ? .plain : .integrityProtected)
    }
  }

  @Test("Each cause, integrity protected and ciphered", arguments: Procedure.allCases, causes)
  func protectedCauses(procedure: Procedure, cause: UInt8) throws {
    for hasT3346 in cause == 22 ? [true, false] : [false] {
      try check(procedure, cause, hasT3346: hasT3346, protection: .ciphered, Self.protected(procedure, cause, hasT3346: hasT3346))
    }
  }

  @Test("Each cause without integrity protection, before the secure exchange (§5.3.7b)", arguments: Procedure.allCases, causes)
  func unprotectedCauses(procedure: Procedure, cause: UInt8) throws {
    for hasT3346 in cause == 22 ? [true, false] : [false] {
      guard let expected = Self.unprotected(procedure, cause, hasT3346: hasT3346) else {
        try waiting(procedure).assertDiscards(reject(procedure, cause, hasT3346: hasT3346), .plain, .protectionMissing)
        continue
      }
      try check(procedure, cause, hasT3346: hasT3346, protection: .plain, expected)
    }
  }

  @Test("After the secure exchange a reject without integrity protection is discarded, whatever its cause", arguments: Procedure.allCases)
  func afterTheExchange(procedure: Procedure) throws {
    for cause in Self.causes {
      let bench = try waiting(procedure)
      bench.deliver(Bench.identityRequest(.imei), .ciphered)
      bench.assertDiscards(reject(procedure, cause, hasT3346: false), .plain, .protectionMissing)
    }
  }

  @Test("#10 and #40 delete mapped and partial contexts only", arguments: [10, 40] as [UInt8])
  func mappedAndPartial(cause: UInt8) throws {
    for procedure in [Procedure.update, .service] {
      let bench = Bench()
      let native = try bench.attachAndHandOver()
      bench.give(.radioConnectionReleased)
      bench.give(procedure == .update ? .updateTrackingArea(isActive: false) : .requestService)
      bench.deliver(reject(procedure, cause, hasT3346: false), .ciphered)
      #expect(bench.ue.contexts == SecurityContexts(current: native) && bench.ue.registration.guti == Bench.guti)
    }
  }

  @Test("#42 sets the attach attempt counter to 5 (§5.5.1.2.5)")
  func severeNetworkFailure() throws {
    let bench = try waiting(.attach)
    bench.deliver(Bench.attachReject(.severeNetworkFailure), .ciphered)
    guard case .deregistered(.plmnSearch, attempts: UE.maximumAttachAttempts) = bench.ue.machine else {
      Issue.record("\(bench.ue.machine)")
      return
    }
  }

  @Test("#22: T3346 has the network's value if protected, else one from 15 to 30 min", arguments: Procedure.allCases)
  func congestion(procedure: Procedure) throws {
    let bench = try waiting(procedure)
    #expect(bench.deliver(reject(procedure, 22, hasT3346: true), .ciphered).contains(timer: .t3346, after: .seconds(120)))
    let other = try waiting(procedure)
    for output in other.deliver(reject(procedure, 22, hasT3346: true), .plain) {
      if case .startTimer(.t3346, let length) = output { #expect((.seconds(900)...(.seconds(1800))).contains(length)) }
    }
  }

  @Test("T3247: what was not proven is forgotten when it expires, and the UE tries again (§5.3.7b)")
  func t3247() throws {
    let bench = try waiting(.attach)
    bench.deliver(Bench.attachReject(.illegalUE), .plain)
    #expect(bench.ue.forbidden.trackingAreas == [Bench.area] && bench.ue.state == .deregistered(.limitedService))
    let outputs = bench.give(.timerExpired(.t3247))
    #expect(bench.ue.forbidden.trackingAreas.isEmpty)
    try bench.assertSends(outputs, .attachRequest, header: .plain)

    // Proven ones stay.
    let proven = try waiting(.update)
    proven.deliver(Bench.updateReject(.roamingNotAllowedInThisTrackingArea), .ciphered)
    proven.give(.timerExpired(.t3247))
    #expect(proven.ue.forbidden.trackingAreas == [Bench.area])

    // In EMM-REGISTERED the update is tried again.
    let registered = try waiting(.update)
    registered.deliver(Bench.updateReject(.roamingNotAllowedInThisTrackingArea), .plain)
    #expect(registered.ue.state == .registeredSubstate(.plmnSearch))
    registered.give(.radioConnectionReleased)
    try registered.assertSends(
      registered.give(.timerExpired(.t3247)), .trackingAreaUpdateRequest, header: .integrityProtected)
  }

  @Test("A USIM that a proven reject made invalid stays so: T3247 of an earlier forgery does not revive it")
  func provenInvalidity() throws {
    let bench = try waiting(.attach)
    bench.deliver(Bench.attachReject(.plmnNotAllowed), .plain)
    #expect(bench.ue.unprotectedRejects.timerRuns)
    bench.give(.radioConnectionReleased)
    bench.give(.campedOn(Bench.otherArea))
    #expect(bench.ue.state == .registeredInitiated)
    bench.deliver(bench.challenge(), .plain)
    bench.deliver(bench.securityModeCommand())
    bench.deliver(Bench.attachReject(.illegalUE), .ciphered)
    #expect(!bench.ue.usim.isValid)
    bench.give(.timerExpired(.t3247))
    #expect(!bench.ue.usim.isValid && bench.ue.state == .deregistered(.noIMSI))
  }

  @Test("DETACH REQUEST of the network, re-attach not required, has the effect of its cause (§5.5.2.3.2, §5.5.2.3.4)", arguments: causes)
  func networkDetach(cause: UInt8) throws {
    let bench = Bench()
    try bench.attach()
    bench.give(.campedOn(Bench.area))
    let outputs = bench.deliver(Bench.detachRequest(.reattachNotRequired, cause: EMMCause(rawValue: cause)), .ciphered)
    if cause == 2 {
      #expect(bench.ue.state == .registered)
      return
    }
    let expected: (EMMState.Deregistered, EPSUpdateStatus) =
      switch cause {
      case 3, 6, 8: (.noIMSI, .roamingNotAllowed)
      case 7, 12, 15, 25: (.limitedService, .roamingNotAllowed)
      case 11, 13, 14: (.plmnSearch, .roamingNotAllowed)
      default: (.attemptingToAttach, .notUpdated)
      }
    #expect(bench.ue.state == .deregistered(expected.0) && bench.ue.registration.updateStatus == expected.1)
    #expect((bench.ue.registration.guti == nil) == (cause != 25))
    #expect((bench.ue.contexts == SecurityContexts()) == (cause != 25))
    #expect(bench.ue.usim.isValid == ![3, 6, 7, 8].contains(cause))
    #expect(bench.ue.forbidden.contains(TrackingAreaIdentity(plmn: Bench.plmn, tac: 999)) == [11, 14].contains(cause))
    #expect(bench.ue.forbidden.trackingAreas.isEmpty == ![12, 13, 15].contains(cause))
    #expect(outputs.started.contains(.t3402) == (expected.0 == .attemptingToAttach))
  }
}
