import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// The connection's end in every state, the timers of the attach, and the end of the COUNT.
@Suite struct ConnectionTests {
  @Test func releaseInRegisteredIsIdle() throws {
    let bench = Bench()
    try bench.attach()
    let before = bench.ue
    #expect(bench.words(bench.give(.radioConnectionReleased)) == ["start T3412"])
    #expect(bench.ue.state == .registered && !bench.ue.isConnected && !bench.ue.hasSecureExchange)
    #expect(bench.ue.contexts == before.contexts && bench.ue.bearers == before.bearers && bench.ue.registration == before.registration)
    #expect(bench.give(.accessStratumSecured).isEmpty)
    #expect(bench.give(.radioConnectionReleased).isEmpty)
  }

  @Test func releaseWhileAttachingCountsAsAFailedAttempt() throws {
    // §5.5.1.2.6 b, at every step of the attach.
    let steps: [(String, (Bench) throws -> Void)] = [
      ("sent", { _ in }),
      ("authenticated", { $0.deliver($0.challenge(), .plain) }),
      ("secured", { try $0.secureWhileAttaching() }),
    ]
    for (name, step) in steps {
      let bench = Bench()
      bench.give(.attach)
      try step(bench)
      let contexts = bench.ue.contexts
      let outputs = bench.give(.radioConnectionReleased)
      #expect(outputs.events == [.attachFailed(.connectionLost)], "\(name)")
      #expect(outputs.stopped.contains(.t3410) && outputs.started == [.t3411], "\(name)")
      #expect(bench.ue.state == .deregistered(.attemptingToAttach), "\(name)")
      #expect(bench.ue.contexts == contexts, "\(name)")
    }
  }

  @Test func releaseInDeregisteredAndNullChangesNothing() throws {
    let bench = Bench()
    #expect(bench.give(.radioConnectionReleased).isEmpty)
    try bench.attach()
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    #expect(bench.give(.radioConnectionReleased).isEmpty)
    #expect(bench.ue.state == .deregistered(.normalService))
  }

  @Test func fiveSilentAttemptsThenT3402() throws {
    let bench = Bench()
    bench.give(.attach)
    for attempt in 1...4 {
      let expired = bench.give(.timerExpired(.t3410))
      #expect(expired.events == [.attachFailed(.noAnswer(timer: .t3410, attempts: attempt))])
      #expect(expired.contains(.releaseConnection))
      #expect(expired.contains(timer: .t3411, after: .seconds(10)))
      #expect(bench.ue.state == .deregistered(.attemptingToAttach))
      #expect(bench.words(bench.give(.timerExpired(.t3411))).contains("establish with ATTACH REQUEST/0"))
    }
    let last = bench.give(.timerExpired(.t3410))
    #expect(last.contains(timer: .t3402, after: .seconds(720)))
    #expect(!last.started.contains(.t3411))
    // T3402 resets the counter (§5.5.1.1).
    bench.give(.timerExpired(.t3402))
    #expect(bench.ue.state == .registeredInitiated)
    #expect(bench.give(.timerExpired(.t3410)).started == [.t3411])
  }

  @Test func theFifthFailureForgetsGUTIAndContext() throws {
    // §5.5.1.2.6 d.
    let bench = Bench()
    try bench.attach()
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.give(.radioConnectionReleased)
    bench.give(.attach)
    for _ in 1...4 {
      bench.give(.timerExpired(.t3410))
      #expect(bench.ue.registration.guti != nil && bench.ue.contexts.current != nil)
      bench.give(.timerExpired(.t3411))
    }
    bench.give(.timerExpired(.t3410))
    #expect(bench.ue.registration.guti == nil && bench.ue.contexts == SecurityContexts())
    #expect(bench.words(bench.give(.timerExpired(.t3402))).contains("establish with ATTACH REQUEST/0"))
  }

  @Test func aUserDoesNotWaitForT3411() throws {
    let bench = Bench()
    bench.give(.attach)
    bench.give(.timerExpired(.t3410))
    let outputs = bench.give(.attach)
    #expect(outputs.stopped == [.t3411, .t3402])
    #expect(bench.ue.state == .registeredInitiated)
    #expect(bench.give(.timerExpired(.t3411)).isEmpty)
  }

  @Test func expiriesThatNobodyWaitsForDoNothing() throws {
    let bench = Bench()
    for step in 0..<3 {
      if step == 1 { try bench.attach() }
      if step == 2 { bench.give(.radioConnectionReleased) }
      let before = bench.ue
      for timer in EMMTimer.allCases where step < 2 || timer != .t3412 { #expect(bench.give(.timerExpired(timer)).isEmpty, "\(timer)") }
      #expect(bench.ue == before)
    }
  }

  @Test func theAccessStratumIsKeyedByTheTriggerAlone() throws {
    // TS 33.401 §7.2.6.2: the COUNT of SECURITY MODE COMPLETE, however many messages follow.
    let bench = Bench()
    try bench.secureWhileAttaching()
    for _ in 0..<5 { bench.deliver(Bench.identityRequest(.imei), .ciphered) }
    #expect(bench.words(bench.give(.accessStratumSecured)) == ["KeNB from COUNT 0"])
    // Nothing is derived without a message that triggered it.
    let plain = Bench()
    plain.give(.attach)
    #expect(plain.give(.accessStratumSecured).isEmpty)
  }

  // MARK: COUNT exhaustion (§4.4.3.5)

  /// Registered, with an uplink COUNT that is used up after `left` messages.
  func nearTheEnd(_ left: UInt32) throws -> Bench {
    let bench = Bench()
    try bench.attach()
    let context = try #require(bench.ue.contexts.current)
    bench.ue.contexts = SecurityContexts(
      current: SecurityContext(
        kasme: context.kasme, keySetIdentifier: context.keySetIdentifier, side: .userEquipment, algorithms: context.algorithms,
        counts: NASCountPair(nextToSend: NASCount(0x100_0000 - left), largestAccepted: context.downlinkNASCount), using: &bench.engine))
    return bench
  }

  @Test func insteadOfAMessageThatWouldWrapTheConnectionIsReleased() throws {
    let bench = try nearTheEnd(1)
    #expect(bench.deliver(Bench.identityRequest(.imsi), .ciphered).uplinks.count == 1)
    #expect(bench.ue.contexts.current?.uplinkNASCount == nil)
    let outputs = bench.deliver(Bench.identityRequest(.imsi), .ciphered)
    #expect(outputs.uplinks.isEmpty && outputs.contains(.releaseConnection))
    #expect(bench.ue.contexts.current == nil)
    #expect(bench.ue.state == .registered && !bench.ue.isConnected)
    // What it sends next is without a key.
    let opened = try #require(try bench.opened(bench.give(.detach(switchOff: false))).first)
    #expect(opened.headerType == .plain)
    #expect(try opened.message[DetachRequestFromUE.nasKeySetIdentifier] == .noKey)
  }

  @Test func anAttachAfterTheEndIsPlain() throws {
    let bench = try nearTheEnd(1)
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.give(.radioConnectionReleased)
    let outputs = bench.give(.attach)
    #expect(bench.words(outputs) == ["contexts", "start T3410", "establish with ATTACH REQUEST/0", "EMM-REGISTERED-INITIATED"])
  }

  @Test func aNewKASMEBeforeTheEndSavesTheConnection() throws {
    let bench = try nearTheEnd(1)
    bench.deliver(bench.challenge(eKSI: 1), .ciphered)
    bench.deliver(bench.securityModeCommand())
    #expect(bench.ue.contexts.current?.uplinkNASCount == NASCount(1))
    #expect(bench.ue.isConnected)
  }
}

/// ATTACH REJECT (§5.5.1.2.5, §5.5.1.2.6 d, §5.3.7b).
@Suite struct AttachRejectTests {
  @Test func abroadAPLMNThatIsNotAllowedIsLeft() throws {
    let bench = Bench(imsi: "262011234567890")
    bench.give(.attach)
    let outputs = bench.deliver(Bench.attachReject(.plmnNotAllowed), .plain)
    #expect(outputs.started == [.t3247, .t3440])
    #expect(bench.ue.state == .deregistered(.plmnSearch))
  }

  @Test func aRunningT3247IsNotStartedAnew() throws {
    let bench = Bench()
    bench.give(.attach)
    #expect(bench.deliver(Bench.attachReject(.illegalUE), .plain).started == [.t3247])
    bench.give(.radioConnectionReleased)
    bench.give(.attach)
    #expect(bench.deliver(Bench.attachReject(.illegalUE), .plain).started.isEmpty)
  }

  @Test func theESMCauseIsTold() throws {
    let bench = Bench()
    bench.give(.attach)
    let outputs = bench.deliver(Bench.attachReject(.esmFailure, esm: .missingOrUnknownAPN), .plain)
    #expect(outputs.events == [.attachFailed(.rejected(.esmFailure, esm: .missingOrUnknownAPN))])
  }

  @Test func anUnreadableESMMessageDoesNotSaveFromTheReject() throws {
    // §7.5.2: no diagnosis of the container in EMM.
    let bench = Bench()
    bench.give(.attach)
    var reject = Bench.attachReject(.esmFailure)
    reject.set(AttachReject.esmMessageContainer, ESMMessageContainer([0x02, 0x01, 0xD1]))
    #expect(bench.deliver(reject, .plain).events == [.attachFailed(.rejected(.esmFailure, esm: nil))])
  }

  @Test func aSecurityModeThatWorkedAfterAllIsNoReasonAnyMore() throws {
    let bench = Bench()
    bench.give(.attach)
    bench.deliver(bench.challenge(), .plain)
    let pending = bench.network.pending
    bench.deliver(bench.securityModeCommand { $0.spoilsMAC = true })
    bench.network.pending = pending
    bench.deliver(bench.securityModeCommand())
    #expect(bench.deliver(Bench.attachReject(.networkFailure), .ciphered).events == [.attachFailed(.rejected(.networkFailure, esm: nil))])
  }

  @Test func aRejectOutsideAnAttachDoesNothing() throws {
    let bench = Bench()
    try bench.attach()
    bench.assertDiscards(Bench.attachReject(.illegalUE), .plain, .protectionMissing)
    try bench.assertSends(
      bench.deliver(Bench.attachReject(.illegalUE), .ciphered), .emmStatus, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.state == .registered)
  }
}
