import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// `ue-context-facts.md`, "Authentication, §5.4.2", at the UE: each test is named for what the list says.
@Suite struct AuthenticationFactsTests {
  @Test(
    "Failures: #20 MAC failure, #21 synch failure with AUTS, #26 non-EPS authentication unacceptable; #20 and #26 start T3418, #21 T3420")
  func failures() throws {
    for (cause, timer) in [(EMMCause.macFailure, EMMTimer.t3418), (.synchFailure, .t3420), (.nonEPSAuthenticationUnacceptable, .t3418)] {
      let bench = cause == .macFailure ? Bench(networkKey: "ffeeddccbbaa99887766554433221100") : Bench()
      bench.give(.attach)
      let challenge: NASMessage
      switch cause {
      case .synchFailure:
        bench.deliver(bench.challenge(), .plain)
        challenge = bench.challenge(sqn: 0x21)
      case .nonEPSAuthenticationUnacceptable: challenge = bench.challenge(amf: 0x0000)
      default: challenge = bench.challenge()
      }
      let outputs = bench.deliver(challenge, .plain)
      let failure = try bench.assertSends(outputs, .authenticationFailure, header: .plain)
      #expect(try failure[AuthenticationFailure.emmCause] == cause)
      #expect((try failure[AuthenticationFailure.authenticationFailureParameter] != nil) == (cause == .synchFailure))
      #expect(outputs.contains(timer: timer, after: timer.defaultDuration))
    }
  }

  @Test("T3416 guards the cached RAND / RES: same RAND again → cached RES, USIM not run")
  func cachedRES() throws {
    let bench = Bench()
    bench.give(.attach)
    let challenge = bench.challenge()
    let first = bench.deliver(challenge, .plain)
    #expect(first.contains(timer: .t3416, after: .seconds(30)))
    let usim = bench.ue.usim
    let again = bench.deliver(challenge, .plain)
    #expect(again.uplinks == first.uplinks && bench.ue.usim == usim)
  }

  /// What clears the cached RES, and how a UE comes to it.
  static let clearings: [(String, @Sendable (Bench) throws -> Void)] = [
    ("SMC", { _ = $0.deliver($0.securityModeCommand()) }),
    ("sending a FAILURE", { _ = $0.deliver($0.challenge(eKSI: 2, amf: 0), .ciphered) }),
    ("AUTHENTICATION REJECT", { _ = $0.deliver(NASMessage(.authenticationReject), .ciphered) }),
    ("T3416 expiry", { _ = $0.give(.timerExpired(.t3416)) }),
    ("idle", { _ = $0.give(.radioConnectionReleased) }),
    ("EMM-DEREGISTERED", { _ = $0.deliver(Bench.detachRequest(.reattachNotRequired), .ciphered) }),
    ("EMM-NULL", { _ = $0.give(.detach(switchOff: true)) }),
  ]

  @Test("Cleared by SMC, AUTHENTICATION REJECT, sending a FAILURE, T3416 expiry, idle, EMM-DEREGISTERED, EMM-NULL", arguments: 0..<7)
  func clearing(index: Int) throws {
    let (name, clear) = Self.clearings[index]
    let bench = Bench()
    try bench.attach()
    bench.deliver(bench.challenge(eKSI: 1), .ciphered)
    #expect(bench.ue.authentication.answered != nil)
    try clear(bench)
    #expect(bench.ue.authentication.answered == nil, "\(name)")
  }

  @Test("Cleared by SERVICE ACCEPT / REJECT and TAU ACCEPT / REJECT")
  func clearingByAnswers() throws {
    let service = Bench.serviceReject(.networkFailure)
    let update = Bench.updateReject(.networkFailure)
    for (input, answer) in [
      (UE.Input.requestControlPlaneService(paged: false), NASMessage(.serviceAccept)), (.requestService, service),
      (.updateTrackingArea(isActive: false), Bench.updateAccept()), (.updateTrackingArea(isActive: false), update),
    ] {
      let bench = try ServiceTests.idle()
      bench.give(input)
      bench.deliver(bench.challenge(eKSI: 1), .plain)
      #expect(bench.ue.authentication.answered != nil)
      let outputs = bench.deliver(answer, .ciphered)
      #expect(bench.ue.authentication.answered == nil && outputs.stopped.contains(.t3416), "\(answer.type.name)")
    }
  }

  @Test("A failure stops T3410 / T3417 / T3421 / T3430, restarted on success")
  func procedureTimers() throws {
    let ways: [(EMMTimer, () throws -> Bench)] = [
      (
        .t3410,
        {
          let bench = try Bench.withStoredContext(); bench.give(.attach); return bench
        }
      ),
      (
        .t3417,
        {
          let bench = try ServiceTests.idle(); bench.give(.requestService); return bench
        }
      ),
      (
        .t3421,
        {
          let bench = try ServiceTests.idle(); bench.give(.detach(switchOff: false)); return bench
        }
      ),
      (
        .t3430,
        {
          let bench = try ServiceTests.idle(); bench.give(.updateTrackingArea(isActive: false)); return bench
        }
      ),
    ]
    for (timer, way) in ways {
      let bench = try way()
      #expect(bench.deliver(bench.challenge(eKSI: 1, amf: 0), .plain).stopped.contains(timer), "\(timer)")
      #expect(bench.deliver(bench.challenge(eKSI: 1), .plain).started.contains(timer), "\(timer)")
    }
  }

  @Test("A network deemed false is left (RRC release)")
  func falseNetwork() throws {
    let bench = Bench()
    bench.give(.attach)
    for _ in 0..<2 { bench.deliver(bench.challenge(amf: 0), .plain) }
    let outputs = bench.deliver(bench.challenge(amf: 0), .plain)
    #expect(outputs.contains(.releaseConnection) && !bench.ue.isConnected)
    #expect(bench.ue.state == .deregistered(.attemptingToAttach))
  }

  @Test("In an emergency the network is not deemed false: T3418 expires and the UE goes on (items c, d, e)")
  func emergency() throws {
    let bench = Bench { $0.attachesForEmergency = true }
    bench.give(.attach)
    bench.deliver(bench.challenge(amf: 0), .plain)
    let outputs = bench.give(.timerExpired(.t3418))
    #expect(outputs.started == [.t3410] && bench.ue.isConnected && bench.ue.state == .registeredInitiated)
    // An SMC says that the network passed.
    let other = Bench { $0.attachesForEmergency = true }
    other.give(.attach)
    other.deliver(other.challenge(amf: 0), .plain)
    other.network.pending = nil
    other.network.current = SecurityContext.nullForEmergency(
      localKASME: KeyMaterial([UInt8](repeating: 8, count: 32)), side: .mme, using: &other.engine)
    let command = other.deliver(other.securityModeCommand { $0.algorithms = .null })
    #expect(command.stopped.contains(.t3418) && command.started == [.t3410])
    #expect(other.ue.authentication.consecutiveFailures == 0)
  }

  // MARK: AUTHENTICATION REJECT

  @Test("A protected AUTHENTICATION REJECT deletes GUTI, TAI list and KSI and invalidates the USIM")
  func protectedReject() throws {
    let bench = Bench()
    try bench.attach()
    bench.deliver(NASMessage(.authenticationReject), .ciphered)
    #expect(bench.ue.registration.guti == nil && bench.ue.registration.trackingAreas == nil && bench.ue.contexts == SecurityContexts())
    #expect(!bench.ue.usim.isValid && bench.ue.registration.updateStatus == .roamingNotAllowed)
    bench.give(.timerExpired(.t3247))
    #expect(!bench.ue.usim.isValid)
  }

  @Test("An unprotected one starts T3247 (30-60 min), counter permitting")
  func unprotectedReject() throws {
    let bench = try Bench.withStoredContext()
    bench.give(.attach)
    let outputs = bench.deliver(NASMessage(.authenticationReject), .plain)
    let length = try #require(outputs.compactMap { if case .startTimer(.t3247, let length) = $0 { length } else { nil } }.first)
    #expect((.seconds(1800)...(.seconds(3600))).contains(length))
    #expect(bench.ue.usim.isValid && bench.ue.state == .deregistered(.limitedService))
    // The counter is used up: it is believed.
    let believed = try Bench.withStoredContext()
    believed.ue.unprotectedRejects.usimInvalidations = UnprotectedRejects.maximumUSIMInvalidations
    believed.give(.attach)
    believed.deliver(NASMessage(.authenticationReject), .plain)
    #expect(!believed.ue.usim.isValid)
  }

  @Test("Plain rejects #3, #6, #7, #8, #11-15, #31, #35 start T3247 (§5.3.7b)", arguments: RejectCauseTests.causes)
  func plainRejects(cause: UInt8) throws {
    let bench = Bench()
    bench.give(.attach)
    let outputs = bench.deliver(Bench.attachReject(EMMCause(rawValue: cause)), .plain)
    #expect(outputs.started.contains(.t3247) == [3, 6, 7, 8, 11, 12, 13, 14, 15, 31, 35].contains(cause))
  }

  @Test("#9 makes the UE delete its eKSI though the MME keeps its context; SERVICE REJECT #10 / #40 delete only mapped and partial")
  func serviceRejects() throws {
    for cause in [9, 10, 40] as [UInt8] {
      let bench = try ServiceTests.idle()
      let native = try #require(bench.current)
      bench.give(.requestService)
      bench.deliver(bench.challenge(eKSI: 1), .plain)
      bench.deliver(Bench.serviceReject(EMMCause(rawValue: cause)), .plain)
      #expect(bench.current?.kasme == (cause == 9 ? nil : native.kasme) && bench.ue.contexts.nonCurrent == nil, "\(cause)")
    }
  }

  @Test("During a non-switch-off detach the UE still answers AUTHENTICATION REQUEST, SMC and IDENTITY REQUEST")
  func duringDetach() throws {
    let bench = Bench()
    try bench.attach()
    _ = try bench.opened(bench.give(.detach(switchOff: false)))
    try bench.assertSends(
      bench.deliver(bench.challenge(eKSI: 1), .ciphered), .authenticationResponse, header: .integrityProtectedAndCiphered)
    try bench.assertSends(
      bench.deliver(Bench.identityRequest(.imei), .ciphered), .identityResponse, header: .integrityProtectedAndCiphered)
    try bench.assertSends(
      bench.deliver(bench.securityModeCommand()), .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
    #expect(bench.ue.state == .deregisteredInitiated)
  }

  @Test("KASME uses the selected PLMN until the first handover, then the broadcast one (shared cell: the GUTI's)")
  func plmnOfKASME() throws {
    let broadcast = PLMN(0x62, 0xF2, 0x10)
    for shared in [false, true] {
      let bench = Bench { $0.campsOnSharedCells = shared }
      try bench.attach()
      func kasme(_ plmn: PLMN) throws -> KeyMaterial {
        let vector = try #require(bench.network.lastVector)
        return bench.engine.deriveKASME(ck: vector.ck, ik: vector.ik, servingNetwork: plmn.wireOctets, sqnXorAK: vector.sqnXorAK)
      }
      bench.give(.accessStratumSecured)
      bench.give(.campedOn(Bench.area))
      bench.deliver(bench.challenge(eKSI: 1), .ciphered)
      #expect(bench.ue.contexts.partialNative?.kasme == (try kasme(Bench.plmn)))
      // A handover to a cell of another PLMN.
      bench.give(.campedOn(TrackingAreaIdentity(plmn: broadcast, tac: 1)))
      try bench.synchroniseNetwork()
      bench.deliver(bench.challenge(eKSI: 2), .ciphered)
      #expect(bench.ue.contexts.partialNative?.kasme == (try kasme(shared ? Bench.plmn : broadcast)))
      // A new connection begins anew.
      bench.give(.radioConnectionReleased)
      #expect(!bench.ue.isHandedOver)
    }
  }
}
