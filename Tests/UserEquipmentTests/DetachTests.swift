import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// TS 24.301 §5.5.2.
@Suite struct DetachTests {
  // MARK: By the UE

  @Test func aNormalDetachIsAcknowledged() throws {
    let bench = try Bench.registered(eKSI: 2)
    let context = bench.ue.contexts.current
    let outputs = bench.give(.detach(switchOff: false))
    let request = try bench.assertSends(outputs, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(try request[DetachRequestFromUE.detachType] == .epsDetach)
    #expect(try request[DetachRequestFromUE.nasKeySetIdentifier] == NASKeySetIdentifier(.native, value: 2))
    #expect(try request[DetachRequestFromUE.epsMobileIdentity] == .guti(Bench.guti))
    #expect(outputs.contains(timer: .t3421, after: .seconds(15)))
    #expect(bench.ue.state == .deregisteredInitiated)

    let accepted = bench.deliver(NASMessage(.detachAccept), .ciphered)
    #expect(
      bench.words(accepted) == [
        "stop T3421", "event: detached(UserEquipment.UE.Detachment.byUser(switchOff: false, acknowledged: true))",
        "EMM-DEREGISTERED.NORMAL-SERVICE",
      ])
    #expect(bench.ue.bearers.isEmpty)
    // The native context stays for the next attach (§4.4.2.1 g).
    #expect(bench.ue.contexts.current?.kasme == context?.kasme)
    #expect(bench.ue.registration.guti == Bench.guti)
  }

  @Test func `a detach sent again after an SMC names the key set of the new context`() throws {
    let bench = try Bench.registered(eKSI: 2)
    bench.give(.detach(switchOff: false))
    bench.deliver(bench.challenge(eKSI: 3), .ciphered)
    bench.deliver(bench.securityModeCommand())
    try #require(bench.ue.contexts.current?.eKSI.value == 3 && bench.ue.state == .deregisteredInitiated)
    let request = try bench.assertSends(
      bench.give(.timerExpired(.t3421)), .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(try request[DetachRequestFromUE.nasKeySetIdentifier] == NASKeySetIdentifier(.native, value: 3))
    #expect(try request[DetachRequestFromUE.detachType] == .epsDetach)
  }

  @Test func switchOffIsNotAnsweredAndNothingIsAnsweredAfterIt() throws {
    let bench = try Bench.registered(eKSI: 2)
    let outputs = bench.give(.detach(switchOff: true))
    let request = try bench.assertSends(outputs, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(try request[DetachRequestFromUE.detachType].isSwitchOff)
    #expect(outputs.started.isEmpty)
    #expect(bench.ue.state == .null)
    // §5.5.2.2.4 d, e.
    for message in [Bench.identityRequest(.imsi), NASMessage(.detachAccept), Bench.detachRequest(.reattachRequired)] {
      bench.assertDiscards(message, .ciphered)
    }
    bench.assertDiscards(bench.securityModeCommand())
    #expect(bench.give(.radioConnectionReleased).isEmpty)
  }

  @Test func fromIdleTheRequestOpensAConnection() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    let count = bench.ue.contexts.current?.uplinkNASCount
    let outputs = bench.give(.detach(switchOff: false))
    let opened = try #require(try bench.opened(outputs).first)
    #expect(opened.message.type == .detachRequestFromUE && opened.headerType == .integrityProtected && opened.count == count)
    // The network may answer in plain (§4.4.4.2).
    #expect(bench.deliver(NASMessage(.detachAccept), .plain).events == [.detached(.byUser(switchOff: false, acknowledged: true))])
  }

  @Test func withoutAnAnswerItIsSentFiveTimes() throws {
    let bench = try Bench.registered(eKSI: 2)
    bench.give(.detach(switchOff: false))
    for _ in 1...4 {
      let outputs = bench.give(.timerExpired(.t3421))
      #expect(bench.words(outputs) == ["send DETACH REQUEST/2", "start T3421"])
    }
    let outputs = bench.give(.timerExpired(.t3421))
    #expect(outputs.uplinks.isEmpty && outputs.contains(.releaseConnection))
    #expect(outputs.events == [.detached(.byUser(switchOff: false, acknowledged: false))])
    #expect(bench.ue.state == .deregistered(.normalService))
  }

  @Test func retransmissionsFromIdleStayIntegrityProtected() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    _ = try bench.opened(bench.give(.detach(switchOff: false)))
    #expect(bench.words(bench.give(.timerExpired(.t3421))) == ["send DETACH REQUEST/1", "start T3421"])
  }

  @Test func aReleaseBeforeTheAnswerEndsIt() throws {
    let bench = try Bench.registered(eKSI: 2)
    bench.give(.detach(switchOff: false))
    let outputs = bench.give(.radioConnectionReleased)
    #expect(outputs.stopped == [.t3421])
    #expect(outputs.events == [.detached(.byUser(switchOff: false, acknowledged: false))])
    #expect(bench.ue.state == .deregistered(.normalService))
  }

  @Test func anAttachIsAbortedByIt() throws {
    let bench = Bench()
    bench.give(.attach)
    let outputs = bench.give(.detach(switchOff: false))
    #expect(bench.words(outputs) == ["stop T3410", "send DETACH REQUEST/0", "start T3421", "EMM-DEREGISTERED-INITIATED"])
    let request = try NASMessage(decoding: try #require(outputs.uplinks.first), direction: .uplink)
    #expect(try request[DetachRequestFromUE.epsMobileIdentity] == .imsi(Bench.imsi))
    #expect(try request[DetachRequestFromUE.nasKeySetIdentifier] == .noKey)
  }

  @Test func whoIsNotRegisteredOnlyStopsTrying() throws {
    let bench = Bench()
    bench.give(.attach)
    bench.give(.timerExpired(.t3410))
    #expect(bench.ue.state == .deregistered(.attemptingToAttach))
    let outputs = bench.give(.detach(switchOff: false))
    #expect(outputs.uplinks.isEmpty)
    #expect(outputs.stopped.contains(.t3411))
    #expect(bench.ue.state == .deregistered(.normalService))
    #expect(bench.give(.timerExpired(.t3411)).isEmpty)
    bench.give(.detach(switchOff: true))
    #expect(bench.ue.state == .null)
  }

  // MARK: Collisions (§5.5.2.2.4 d, e)

  @Test func challengesCommandsAndIdentityRequestsAreAnsweredMeanwhile() throws {
    let bench = try Bench.registered(eKSI: 2)
    _ = try bench.opened(bench.give(.detach(switchOff: false)))
    #expect(bench.words(bench.deliver(Bench.identityRequest(.imei), .ciphered)) == ["send IDENTITY RESPONSE/2"])
    #expect(
      bench.words(bench.deliver(bench.challenge(eKSI: 3), .ciphered)) == ["start T3416", "contexts", "send AUTHENTICATION RESPONSE/2"])
    #expect(bench.words(bench.deliver(bench.securityModeCommand())) == ["stop T3416", "send SECURITY MODE COMPLETE/4", "contexts"])
    #expect(bench.ue.state == .deregisteredInitiated)
    #expect(bench.deliver(NASMessage(.detachAccept), .ciphered).events == [.detached(.byUser(switchOff: false, acknowledged: true))])
  }

  @Test func afterAFailedChallengeT3421RunsAgain() throws {
    let bench = try Bench.registered(eKSI: 2)
    bench.give(.detach(switchOff: false))
    #expect(bench.deliver(bench.challenge(eKSI: 3, amf: 0), .ciphered).stopped.contains(.t3421))
    #expect(bench.deliver(bench.challenge(eKSI: 3), .ciphered).started == [.t3421, .t3416])
  }

  @Test func gutiReallocationStatusAndInformationAreIgnoredMeanwhile() throws {
    let bench = try Bench.registered(eKSI: 2)
    bench.give(.detach(switchOff: false))
    var guti = Bench.guti
    guti.mTMSI = 99
    for message in [Bench.gutiReallocationCommand(guti), Bench.emmStatus(), Bench.emmInformation("net")] {
      bench.assertDiscards(message, .ciphered, verified: true)
    }
  }

  @Test func bothSidesDetachingEndsDetached() throws {
    let bench = try Bench.registered(eKSI: 2)
    _ = try bench.opened(bench.give(.detach(switchOff: false)))
    let outputs = bench.deliver(Bench.detachRequest(.reattachRequired), .ciphered)
    #expect(outputs.stopped.contains(.t3421))
    #expect(bench.words(outputs).contains("send DETACH ACCEPT/2"))
    // No attach follows: the user left.
    #expect(bench.ue.state == .deregistered(.normalService))
    #expect(bench.give(.radioConnectionReleased).isEmpty)
  }

  @Test func anIMSIDetachOfTheNetworkDoesNotEndOurs() throws {
    let bench = try Bench.registered(eKSI: 2)
    _ = try bench.opened(bench.give(.detach(switchOff: false)))
    let outputs = bench.deliver(Bench.detachRequest(.imsiDetachByNetwork), .ciphered)
    #expect(bench.words(outputs) == ["send DETACH ACCEPT/2"])
    #expect(bench.ue.state == .deregisteredInitiated)
  }

  // MARK: By the network

  @Test func reattachRequiredIsFollowedByAnAttachOnceTheConnectionIsGone() throws {
    let bench = try Bench.registered(eKSI: 2)
    // The cause is ignored (§5.5.2.3.2).
    let outputs = bench.deliver(Bench.detachRequest(.reattachRequired, cause: .illegalUE), .ciphered)
    #expect(bench.words(outputs).first == "send DETACH ACCEPT/2")
    #expect(outputs.events == [.detached(.byNetwork(reattachRequired: true, cause: .illegalUE))])
    #expect(bench.ue.state == .deregistered(.attachNeeded))
    #expect(bench.ue.usim.isValid && bench.ue.bearers.isEmpty && bench.ue.contexts.current != nil)
    let attach = bench.give(.radioConnectionReleased)
    #expect(bench.words(attach) == ["start T3410", "establish with ATTACH REQUEST/1", "EMM-REGISTERED-INITIATED"])
  }

  @Test func reattachNotRequiredWithoutACauseForgetsAndWaitsForT3402() throws {
    // §5.5.2.3.4 b.
    let bench = try Bench.registered(eKSI: 2)
    let outputs = bench.deliver(Bench.detachRequest(.reattachNotRequired), .ciphered)
    #expect(bench.words(outputs).first == "send DETACH ACCEPT/2")
    #expect(outputs.contains(timer: .t3402, after: .seconds(720)))
    #expect(bench.ue.state == .deregistered(.attemptingToAttach))
    #expect(bench.ue.contexts == SecurityContexts() && bench.ue.registration.guti == nil)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .deregistered(.attemptingToAttach))
    #expect(bench.give(.timerExpired(.t3402)).contains { $0.isUplink })
  }

  @Test(
    arguments: [
      (3, .noIMSI, false), (6, .noIMSI, false), (8, .noIMSI, false), (7, .limitedService, false), (11, .plmnSearch, true),
      (12, .limitedService, true), (13, .plmnSearch, true), (14, .plmnSearch, true), (15, .limitedService, true),
    ] as [(UInt8, EMMState.Deregistered, Bool)])
  func causesHaveTheirEffects(cause: UInt8, substate: EMMState.Deregistered, usimStays: Bool) throws {
    let bench = try Bench.registered(eKSI: 2)
    bench.deliver(Bench.detachRequest(.reattachNotRequired, cause: EMMCause(rawValue: cause)), .ciphered)
    #expect(bench.ue.state == .deregistered(substate))
    #expect(bench.ue.usim.isValid == usimStays)
    #expect(bench.ue.contexts == SecurityContexts() && bench.ue.registration.guti == nil && bench.ue.bearers.isEmpty)
  }

  @Test func imsiUnknownInHSSAndIMSIDetachLeaveEPSServices() throws {
    for request in [
      Bench.detachRequest(.reattachNotRequired, cause: .imsiUnknownInHSS), Bench.detachRequest(.imsiDetachByNetwork),
    ] {
      let bench = try Bench.registered(eKSI: 2)
      let outputs = bench.deliver(request, .ciphered)
      #expect(bench.words(outputs) == ["send DETACH ACCEPT/2"])
      #expect(bench.ue.state == .registered && !bench.ue.bearers.isEmpty)
    }
  }

  @Test func duringAnAttach() throws {
    // §5.5.1.2.6 g.
    var bench = Bench()
    try bench.secureWhileAttaching()
    bench.assertDiscards(Bench.detachRequest(.imsiDetachByNetwork), .ciphered, verified: true)
    bench.assertDiscards(Bench.detachRequest(.reattachNotRequired, cause: .imsiUnknownInHSS), .ciphered, verified: true)
    let again = bench.deliver(Bench.detachRequest(.reattachRequired), .ciphered)
    #expect(again.stopped.first == .t3410)
    #expect(again.contains(.releaseConnection))
    #expect(bench.ue.state == .registeredInitiated)
    #expect(bench.words(again).contains("establish with ATTACH REQUEST/1"))

    bench = Bench()
    try bench.secureWhileAttaching()
    let outputs = bench.deliver(Bench.detachRequest(.reattachNotRequired, cause: .plmnNotAllowed), .ciphered)
    #expect(outputs.stopped.contains(.t3410))
    #expect(bench.ue.state == .deregistered(.plmnSearch))
  }

  @Test func `what Annex C does not keep is gone after a power cycle: TAI list, T3402 of the network, T3325 and T3442`() throws {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.attach()
    bench.ue.registration.t3402 = .seconds(5)
    (bench.ue.backOff.t3325Runs, bench.ue.backOff.t3442Runs) = (true, true)
    let outputs = bench.give(.detach(switchOff: true))
    #expect(outputs.stopped.contains(.t3325) && outputs.stopped.contains(.t3442))
    bench.give(.radioConnectionReleased)
    bench.give(.powerOn)
    #expect(bench.ue.registration.trackingAreas == nil && bench.ue.registration.t3402 == .seconds(720))
    #expect(!bench.ue.backOff.t3325Runs && !bench.ue.backOff.t3442Runs)
    // Without a list no S-TMSI goes to the lower layers, but the MME's identity (§5.3.1.1 b).
    guard case .establishConnection(let initial)? = bench.give(.attach).first(where: \.isUplink) else { return #expect(Bool(false)) }
    #expect(initial.temporaryIdentity == nil && initial.registeredMME == Bench.guti)
  }

  @Test func `T3411 of a registration for non-EPS services does not shorten T3402 after a DETACH REQUEST without a cause (§5.5.2.3.4 b)`()
    throws
  {
    let bench = Bench { $0.registersForNonEPSServices = true }
    bench.give(.campedOn(Bench.area))
    try bench.secureWhileAttaching()
    var accept = Bench.attachAccept()
    accept.set(AttachAccept.emmCause, .mscTemporarilyNotReachable)
    #expect(bench.deliver(accept, .ciphered).started.contains(.t3411))
    let outputs = bench.deliver(Bench.detachRequest(.reattachNotRequired), .ciphered)
    #expect(outputs.stopped.contains(.t3411) && outputs.started == [.t3402])
    #expect(
      outputs.firstIndex(of: .stopTimer(.t3402)).map { $0 < outputs.firstIndex(of: .startTimer(.t3402, after: .seconds(720))) ?? 0 } == true
    )
  }
}
