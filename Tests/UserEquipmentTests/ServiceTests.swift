import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Service request: TS 24.301 §5.6.1, and the paging that asks for one, §5.6.2.2.
@Suite struct ServiceTests {
  static func idle() throws -> Bench {
    let bench = Bench()
    try bench.attachAndRelease()
    return bench
  }

  @Test func userDataBringASuccessfulServiceRequest() throws {
    let bench = try Self.idle()
    let count = try #require(bench.ue.contexts.current?.uplinkNASCount)
    let outputs = bench.give(.requestService)
    #expect(bench.words(outputs) == ["start T3417", "establish with SERVICE REQUEST", "stop T3412", "EMM-SERVICE-REQUEST-INITIATED"])
    guard case .establishConnection(let initial)? = outputs.first(where: \.isUplink) else { return }
    #expect(initial.establishmentCause == .mobileOriginatedData && initial.temporaryIdentity == Bench.guti)
    #expect(initial.octets.count == 4)
    // KSI's value, not the whole eKSI (§4.4.2.3).
    #expect(initial.octets[1] >> 5 == 0 && UInt32(initial.octets[1] & 0x1F) == count.value & 0x1F)
    #expect(!bench.ue.hasSecureExchange)
    let up = bench.give(.accessStratumSecured)
    #expect(bench.words(up) == ["KeNB from COUNT \(count)", "stop T3417", "event: serviceEstablished", "EMM-REGISTERED"])
    // Protection goes on from here (§4.4.2.3).
    #expect(bench.ue.hasSecureExchange)
    bench.assertDiscards(Bench.identityRequest(.imsi), .plain, .protectionMissing)
  }

  @Test func protectedSignallingDoesNotEndTheProcedure() throws {
    // For SERVICE REQUEST only the bearers, not a message, are success (§5.6.1.4.1).
    let bench = try Self.idle()
    bench.give(.requestService)
    bench.deliver(Bench.emmInformation("net"), .ciphered)
    #expect(bench.ue.state == .serviceRequestInitiated)
    #expect(bench.give(.accessStratumSecured).events == [.serviceEstablished])
  }

  @Test func fortyRequestsAcrossTheWrapOfFiveBits() throws {
    let bench = try Self.idle()
    for round in 0..<40 {
      let outputs = bench.give(.requestService)
      #expect(bench.words(outputs).contains("establish with SERVICE REQUEST"), "\(round)")
      let keNB = bench.give(.accessStratumSecured).keNBs
      #expect(keNB.count == 1)
      bench.give(.radioConnectionReleased)
    }
  }

  @Test func authenticationAndSecurityModeRunInsideIt() throws {
    let bench = try Self.idle()
    bench.give(.requestService)
    bench.deliver(bench.challenge(eKSI: 1), .plain)
    let outputs = bench.deliver(bench.securityModeCommand())
    try bench.assertSends(outputs, .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
    #expect(bench.ue.state == .serviceRequestInitiated)
    let up = bench.give(.accessStratumSecured)
    // KeNB from SECURITY MODE COMPLETE's COUNT, 0 (TS 33.401 §7.2.6.2).
    #expect(bench.words(up).first == "KeNB from COUNT 0")
    #expect(bench.ue.state == .registered)
  }

  @Test func anAuthenticationFailureStopsT3417AndSuccessStartsIt() throws {
    // §5.4.2.7.
    let bench = try Self.idle()
    bench.give(.requestService)
    let failed = bench.deliver(bench.challenge(eKSI: 1, sqn: 0x41), .plain)
    #expect(failed.stopped.contains(.t3417) && failed.started == [.t3420])
    let succeeded = bench.deliver(bench.challenge(eKSI: 1, sqn: 0x9000), .plain)
    #expect(succeeded.started.contains(.t3417))
  }

  @Test func withoutAnswerFiveTimesThenT3325() throws {
    // §5.6.1.6 c.
    let bench = try Self.idle()
    for attempt in 1...5 {
      bench.give(.requestService)
      let outputs = bench.give(.timerExpired(.t3417))
      #expect(outputs.events == [.serviceFailed(.noAnswer(timer: .t3417, attempts: attempt))])
      #expect(outputs.contains(.releaseConnection) && outputs.started.contains(.t3325) == (attempt == 5))
      #expect(bench.ue.state == .registered && !bench.ue.isConnected)
    }
    #expect(bench.give(.requestService).events == [.serviceFailed(.backedOff(.t3325))])
    // A paging is answered all the same.
    #expect(bench.words(bench.give(.paged(Self.ours))).contains("establish with SERVICE REQUEST"))
    bench.give(.accessStratumSecured)
    bench.give(.radioConnectionReleased)
    // Success reset the counter.
    #expect(bench.words(bench.give(.requestService)).contains("establish with SERVICE REQUEST"))
  }

  @Test func whatWaitedForT3325Follows() throws {
    let bench = try Self.idle()
    for _ in 1...5 {
      bench.give(.requestService)
      bench.give(.timerExpired(.t3417))
    }
    bench.give(.requestService)
    #expect(bench.words(bench.give(.timerExpired(.t3325))).contains("establish with SERVICE REQUEST"))
  }

  @Test func aLostConnectionEndsIt() throws {
    let bench = try Self.idle()
    bench.give(.requestService)
    let outputs = bench.give(.radioConnectionReleased)
    #expect(outputs.events == [.serviceFailed(.connectionLost)] && outputs.stopped.contains(.t3417))
    #expect(bench.ue.state == .registered)
    // Never sent: the COUNT is used for the next (§4.4.3.1).
    let before = bench.ue.contexts
    bench.give(.requestService)
    bench.give(.radioConnectionFailed)
    #expect(bench.ue.contexts == before)
  }

  @Test func notInOtherStates() throws {
    let bench = Bench()
    #expect(bench.give(.requestService).isEmpty)
    bench.give(.attach)
    #expect(bench.give(.requestService).isEmpty)
    try bench.attach()
    // The user plane is there.
    #expect(bench.give(.requestService).isEmpty)
  }

  @Test func withAnExhaustedContextAnUpdateGoesInItsPlace() throws {
    // §4.4.3.5 deletes the eKSI; what is left to send is an unprotected update.
    let bench = try Self.idle()
    bench.ue.contexts = SecurityContexts(current: bench.ue.contexts.current?.with(next: nil))
    #expect(bench.words(bench.give(.requestService)).contains("establish with TRACKING AREA UPDATE REQUEST/0"))
    #expect(bench.ue.contexts.current == nil)
  }

  // MARK: SERVICE REJECT

  @Test func anUnprotectedRedirectionIsDiscarded() throws {
    // §5.6.1.5: #25 or #31 without integrity protection.
    let bench = try Self.idle()
    bench.give(.requestService)
    bench.assertDiscards(Bench.serviceReject(.notAuthorizedForThisCSG), .plain, .protectionMissing)
    bench.assertDiscards(Bench.serviceReject(.redirectionTo5GCNRequired), .plain, .protectionMissing)
  }

  @Test func aNewAttachFollowsTheRelease() throws {
    for cause in [EMMCause.ueIdentityCannotBeDerivedByTheNetwork, .implicitlyDetached, .noEPSBearerContextActivated] {
      for input in [UE.Input.radioConnectionReleased, .timerExpired(.t3440)] {
        let bench = try Self.idle()
        bench.give(.requestService)
        bench.deliver(Bench.serviceReject(cause), .plain)
        let outputs = bench.give(input)
        // #9 took the context away, the others left the native one.
        let header = cause == .ueIdentityCannotBeDerivedByTheNetwork ? 0 : 1
        #expect(bench.words(outputs).contains("establish with ATTACH REQUEST/\(header)"), "\(cause), \(input)")
        #expect(bench.ue.bearers.isEmpty)
      }
    }
  }

  @Test func implicitlyDetachedDeletesAPartialContextOnly() throws {
    let bench = try Self.idle()
    bench.give(.requestService)
    bench.deliver(bench.challenge(eKSI: 3), .plain)
    let current = bench.ue.contexts.current
    bench.deliver(Bench.serviceReject(.implicitlyDetached), .plain)
    #expect(bench.ue.contexts == SecurityContexts(current: current))
  }

  @Test func congestionHoldsBackAllButPaging() throws {
    let bench = try Self.idle()
    bench.give(.requestService)
    let outputs = bench.deliver(Bench.serviceReject(.congestion, t3346: GPRSTimer(seconds: 120)), .ciphered)
    #expect(outputs.contains(timer: .t3346, after: .seconds(120)))
    #expect(bench.ue.state == .registered)
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.requestService).events == [.serviceFailed(.backedOff(.t3346))])
    #expect(bench.words(bench.give(.timerExpired(.t3346))).contains("establish with SERVICE REQUEST"))
    bench.deliver(Bench.serviceReject(.congestion, t3346: GPRSTimer(seconds: 120)), .ciphered)
    bench.give(.radioConnectionReleased)
    let paged = bench.give(.paged(Self.ours))
    #expect(paged.stopped.contains(.t3346) && bench.words(paged).contains("establish with SERVICE REQUEST"))
  }

  @Test func unprotectedCongestionLastsAsLongAsChanceWants() throws {
    let bench = try Self.idle()
    bench.give(.requestService)
    let outputs = bench.deliver(Bench.serviceReject(.congestion, t3346: GPRSTimer(seconds: 2)), .plain)
    let length = outputs.compactMap { if case .startTimer(.t3346, let after) = $0 { after } else { nil } }.first
    #expect(length.map { (.seconds(900) ... .seconds(1800)).contains($0) } == true)
  }

  @Test func t3442RunsUntilAnUpdate() throws {
    let bench = try Self.idle()
    bench.give(.requestService)
    let reject = Bench.serviceReject(.csServiceTemporarilyNotAvailable, t3442: GPRSTimer(seconds: 60))
    #expect(bench.deliver(reject, .ciphered).contains(timer: .t3442, after: .seconds(60)))
    #expect(bench.give(.updateTrackingArea(isActive: false)).stopped.contains(.t3442))
  }

  @Test func aRejectThatNobodyWaitsForChangesNothing() throws {
    let bench = Bench()
    try bench.attach()
    try bench.assertSends(
      bench.deliver(Bench.serviceReject(.implicitlyDetached), .ciphered), .emmStatus, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.state == .registered)
  }

  // MARK: Collisions

  @Test func aDetachOfTheNetworkEndsIt() throws {
    // §5.6.1.6 h.
    for (type, cause, state) in [
      (DetachType.reattachRequired, nil, EMMState.deregistered(.attachNeeded)),
      (.reattachNotRequired, EMMCause.illegalUE, .deregistered(.noIMSI)),
    ] {
      let bench = try Self.idle()
      bench.give(.requestService)
      let outputs = bench.deliver(Bench.detachRequest(type, cause: cause), .ciphered)
      #expect(outputs.stopped.contains(.t3417))
      #expect(bench.ue.state == state)
    }
    let bench = try Self.idle()
    bench.give(.requestService)
    bench.deliver(Bench.detachRequest(.imsiDetachByNetwork), .ciphered)
    #expect(bench.ue.state == .serviceRequestInitiated)
  }

  @Test func switchOffAndDetachEndIt() throws {
    for switchOff in [true, false] {
      let bench = try Self.idle()
      bench.give(.requestService)
      let outputs = bench.give(.detach(switchOff: switchOff))
      #expect(outputs.stopped.contains(.t3417))
      #expect(bench.words(outputs).contains("send DETACH REQUEST/1"))
      #expect(bench.ue.state == (switchOff ? .null : .deregisteredInitiated))
    }
  }

  @Test func gutiReallocationRunsInsideIt() throws {
    let bench = try Self.idle()
    bench.give(.requestService)
    let guti = GUTI(plmn: Bench.plmn, mmeGroupID: 1, mmeCode: 2, mTMSI: 3)
    bench.deliver(Bench.gutiReallocationCommand(guti), .ciphered)
    #expect(bench.ue.registration.guti == guti && bench.ue.state == .serviceRequestInitiated)
  }

  // MARK: Paging

  static let ours = PagedIdentity.sTMSI(mmeCode: Bench.guti.mmeCode, mTMSI: Bench.guti.mTMSI)

  @Test func aPagingByTemporaryIdentityIsAnswered() throws {
    let bench = try Self.idle()
    let outputs = bench.give(.paged(Self.ours))
    guard case .establishConnection(let initial)? = outputs.first(where: \.isUplink) else {
      Issue.record("no answer: \(bench.words(outputs))")
      return
    }
    #expect(initial.establishmentCause == .mobileTerminatedAccess && initial.octets.count == 4)
    // During the procedure a paging is ignored.
    #expect(bench.give(.paged(Self.ours)).isEmpty)
    // Unanswered, it does not count (§5.6.1.6 c).
    for _ in 1...6 {
      #expect(!bench.give(.timerExpired(.t3417)).started.contains(.t3325))
      bench.give(.paged(Self.ours))
    }
  }

  @Test func aPagingForOthersOrInOtherStatesIsIgnored() throws {
    let idle = try Self.idle()
    #expect(idle.give(.paged(.sTMSI(mmeCode: 1, mTMSI: 5))).isEmpty)
    #expect(idle.give(.paged(.imsi("262011234567890"))).isEmpty)
    let connected = Bench()
    try connected.attach()
    #expect(connected.give(.paged(Self.ours)).isEmpty)
    let fresh = Bench(registration: Registration(guti: Bench.guti))
    #expect(fresh.give(.paged(Self.ours)).isEmpty)
    #expect(fresh.give(.paged(.imsi(Bench.imsi))).isEmpty)
  }

  @Test func aPagingByIMSIMeansToStartAnew() throws {
    // §5.6.2.2.2, from EMM-IDLE and during procedures.
    let steps: [(String, (Bench) -> Void)] = [
      ("idle", { _ in }), ("service", { $0.give(.requestService) }),
      ("update", { $0.give(.updateTrackingArea(isActive: false)) }),
    ]
    for (name, step) in steps {
      let bench = try Self.idle()
      step(bench)
      let outputs = bench.give(.paged(.imsi(Bench.imsi)))
      #expect(bench.words(outputs).contains("establish with ATTACH REQUEST/0"), "\(name)")
      #expect(bench.ue.contexts == SecurityContexts() && bench.ue.registration.guti == nil && bench.ue.bearers.isEmpty)
      #expect(bench.ue.registration.updateStatus == .notUpdated)
    }
  }
}

extension SecurityContext {
  /// The same with another COUNT to send with.
  func with(next: NASCount?) -> SecurityContext {
    var engine = CryptoEngine()
    return SecurityContext(
      kasme: kasme, type: type, keySetIdentifier: keySetIdentifier, side: side, algorithms: algorithms,
      counts: NASCountPair(nextToSend: next, largestAccepted: counts.largestAccepted), using: &engine)
  }
}
