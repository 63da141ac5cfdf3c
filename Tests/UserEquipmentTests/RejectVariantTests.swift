import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// ATTACH, TRACKING AREA UPDATE and SERVICE REJECT × EMM cause where the procedure is for an emergency, for a call that is to fall back, or of
/// a combined registration: where the clauses differ from those of `RejectCauseTests`, and that they do not elsewhere (TS 24.301 §5.5.1.2.5A,
/// §5.5.1.2.6, §5.5.1.3.5, §5.5.3.2.5, §5.5.3.3.5, §5.6.1.5, §5.6.1.6 e, §5.3.1.2.1).
@Suite struct RejectVariantTests {
  typealias Prescription = RejectCauseTests.Prescription
  typealias Procedure = RejectCauseTests.Procedure

  private static let plain = RejectCauseTests()
  private static let calls: [CSFallback] = [.originating, .emergency, .terminating(accepted: true)]

  private func check(
    _ bench: Bench, _ procedure: Procedure, _ cause: UInt8, hasT3346: Bool, _ expected: Prescription, _ note: String
  ) throws -> [UE.Output] {
    let status = bench.ue.registration.updateStatus
    try bench.synchroniseNetwork()
    let outputs = bench.deliver(Self.plain.reject(procedure, cause, hasT3346: hasT3346), .ciphered)
    let what: Comment = "\(note): \(procedure) #\(cause)\(hasT3346 ? " with T3346" : "")"
    #expect(bench.ue.state == expected.state, what)
    #expect(bench.ue.registration.updateStatus == expected.status ?? status, what)
    if expected.deletes {
      let isGone = bench.ue.registration.guti == nil && bench.ue.contexts == SecurityContexts() && bench.ue.registration.nonEPS == nil
      #expect(isGone, what)
    }
    #expect(bench.ue.usim.isValid != expected.invalidatesUSIM, what)
    #expect(bench.ue.forbidden.contains(TrackingAreaIdentity(plmn: Bench.plmn, tac: 999)) == expected.forbidsPLMN, what)
    #expect(bench.ue.forbidden.trackingAreas == (expected.forbidsArea ? [Bench.area] : []), what)
    #expect(Set(outputs.started).subtracting([.t3412, .forbiddenAreas]) == expected.starts, what)
    guard bench.ue.isConnected else { return outputs }
    bench.give(.radioConnectionReleased)
    #expect((bench.ue.state == .registeredInitiated) == expected.attaches, what)
    return outputs
  }

  private func both(_ cause: UInt8) -> [Bool] { cause == 22 ? [true, false] : [false] }

  // MARK: Emergency attach

  @Test(arguments: RejectCauseTests.causes)
  func `an emergency attach: no attempt counts, nothing is tried again by itself, and #5 means NO-IMSI (§5.5.1.2.5A)`(cause: UInt8) throws {
    for hasT3346 in both(cause) {
      var expected = RejectCauseTests.protected(.attach, cause, hasT3346: hasT3346)
      if expected.state == .deregistered(.attemptingToAttach), !hasT3346 {
        // Neither the substate nor its timers, and what the counter's maximum deletes stays.
        expected.state = .deregistered(cause == 5 ? .noIMSI : .normalService)
        expected.status = nil
        expected.deletes = false
        expected.starts.subtract([.t3411, .t3402])
      }
      let bench = Bench { $0.attachesForEmergency = true }
      bench.give(.campedOn(Bench.area))
      try bench.secureWhileAttaching()
      let outputs = try check(bench, .attach, cause, hasT3346: hasT3346, expected, "emergency attach")
      #expect(outputs.events.contains(.attachFailed(.rejected(EMMCause(rawValue: cause), esm: nil))))
    }
  }

  // MARK: Calls

  @Test(arguments: RejectCauseTests.causes)
  func `an update with a call pending: after #9, #10 and #40 the call goes to GERAN or UTRAN, and no attach follows`(cause: UInt8) throws {
    for call in Self.calls {
      for hasT3346 in both(cause) {
        var expected = RejectCauseTests.protected(.update, cause, hasT3346: hasT3346)
        // Where the UE stays registered with EU1, an emergency call is tried over the connection that there is.
        if call == .emergency, expected.state == .registered { continue }
        if expected.attaches {
          expected.attaches = false
          // §5.3.1.2.1 d: a call that the network paged for waits for the release after #9 and #10.
          if !call.isTerminating || cause == 40 { expected.starts.remove(.t3440) }
        }
        let bench = try Self.plain.waiting(.update)
        guard case .trackingAreaUpdatingInitiated(var attempt) = bench.ue.machine else { return }
        attempt.registered.pendingCall = call
        bench.ue.machine = .trackingAreaUpdatingInitiated(attempt)
        let outputs = try check(bench, .update, cause, hasT3346: hasT3346, expected, "\(call)")
        if case .deregistered = expected.state {
          #expect(outputs.events.contains(.serviceFailed(.rejected(EMMCause(rawValue: cause)))), "\(call) #\(cause)")
        }
      }
    }
  }

  @Test(arguments: RejectCauseTests.causes)
  func `a service request for a call: no attach follows, and what the clauses do not name leads to an update`(cause: UInt8) throws {
    for call in [CSFallback.originating, .emergency] {
      for hasT3346 in both(cause) {
        var expected = RejectCauseTests.protected(.service, cause, hasT3346: hasT3346)
        switch cause {
        case 9, 10, 40:
          expected.attaches = false
          expected.starts.remove(.t3440)
        // §5.3.1.2.1 g: from idle, the bearers being down.
        case 39: expected.starts.insert(.t3440)
        case 18: break
        // §5.6.1.6 e.
        default:
          if expected.state == .registered, !hasT3346 {
            // §5.2.3.2 k.
            expected.state = .trackingAreaUpdatingInitiated
            expected.status = .notUpdated
            expected.starts.insert(.t3430)
          }
        }
        let bench = try NonEPSServicesTests().combined(idle: true)
        bench.give(.campedOn(Bench.area))
        bench.give(.requestCSFallback(call))
        let outputs = try check(bench, .service, cause, hasT3346: hasT3346, expected, "\(call)")
        #expect(outputs.events.contains(.serviceFailed(.rejected(EMMCause(rawValue: cause)))))
        if cause == 18 { #expect(bench.ue.circumstances.isCSFallbackBarred) }
      }
    }
  }

  // MARK: Combined registration

  @Test(arguments: Procedure.allCases, RejectCauseTests.causes)
  func `a combined registration: as for EPS services alone, and non-EPS services go with the GUTI (§5.5.1.3.5, §5.5.3.3.5)`(
    procedure: Procedure, cause: UInt8
  ) throws {
    for hasT3346 in both(cause) {
      let expected = RejectCauseTests.protected(procedure, cause, hasT3346: hasT3346)
      let bench: Bench
      switch procedure {
      case .attach:
        bench = Bench { $0.registersForNonEPSServices = true }
        bench.give(.campedOn(Bench.area))
        try bench.secureWhileAttaching()
      case .update:
        bench = try NonEPSServicesTests().combined(idle: true)
        bench.give(.campedOn(Bench.area))
        bench.give(.updateTrackingArea(isActive: false))
        guard case .trackingAreaUpdatingInitiated(let attempt) = bench.ue.machine else { return }
        #expect(attempt.type.kind == .combinedTALAUpdating)
      case .service:
        bench = try NonEPSServicesTests().combined(idle: true)
        bench.give(.campedOn(Bench.area))
        bench.give(.requestService)
      }
      _ = try check(bench, procedure, cause, hasT3346: hasT3346, expected, "combined")
    }
  }
}
