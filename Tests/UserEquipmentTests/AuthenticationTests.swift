import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// TS 24.301 §5.4.2.
@Suite struct AuthenticationTests {
  func attaching(networkKey: String = "00112233445566778899aabbccddeeff") -> Bench {
    let bench = Bench(networkKey: networkKey)
    bench.give(.attach)
    return bench
  }

  @Test func theResponseIsRESAndTheKASMEIsBoundToThePLMN() throws {
    let bench = attaching()
    let response = try bench.assertSends(bench.deliver(bench.challenge(eKSI: 5), .plain), .authenticationResponse, header: .plain)
    #expect(try response[AuthenticationResponse.authenticationResponseParameter].octets == bench.network.lastVector?.xres)
    #expect(bench.ue.contexts == SecurityContexts(partial: bench.network.pending))
  }

  @Test func aMACFailureIsAnsweredAndStopsTheAttachTimer() throws {
    let bench = attaching(networkKey: "ffffffffffffffffffffffffffffffff")
    let outputs = bench.deliver(bench.challenge(), .plain)
    #expect(bench.words(outputs) == ["send AUTHENTICATION FAILURE/0", "stop T3410", "stop T3420", "start T3418"])
    #expect(outputs.contains(timer: .t3418, after: .seconds(20)))
    let failure = try NASMessage(decoding: try #require(outputs.uplinks.first))
    #expect(try failure[AuthenticationFailure.emmCause] == .macFailure)
    #expect(try failure[AuthenticationFailure.authenticationFailureParameter] == nil)
    #expect(bench.ue.contexts == SecurityContexts())
    #expect(bench.ue.state == .registeredInitiated)
  }

  @Test func theThirdFailureInARowMakesTheNetworkNotGenuine() throws {
    let bench = attaching(networkKey: "ffffffffffffffffffffffffffffffff")
    bench.deliver(bench.challenge(), .plain)
    bench.deliver(bench.challenge(), .plain)
    let outputs = bench.deliver(bench.challenge(), .plain)
    #expect(outputs.contains(.releaseConnection))
    #expect(outputs.events.contains(.attachFailed(.networkNotGenuine(lastFailure: .macFailure))))
    #expect(bench.ue.state == .deregistered(.attemptingToAttach))
    #expect(!bench.ue.isConnected)
    #expect(outputs.started == [.t3411])
    // The next attempt starts with a clean sheet.
    bench.give(.timerExpired(.t3411))
    #expect(bench.ue.authentication == AuthenticationProgress())
  }

  @Test func failuresAreConsecutiveOnlyOnOneConnection() throws {
    let bench = attaching(networkKey: "ffffffffffffffffffffffffffffffff")
    bench.deliver(bench.challenge(), .plain)
    bench.deliver(bench.challenge(), .plain)
    // §5.4.2.7: EMM-IDLE stops T3418, and with it the count ends.
    let released = bench.give(.radioConnectionReleased)
    #expect(released.stopped.contains(.t3418))
    bench.give(.timerExpired(.t3411))
    let outputs = bench.deliver(bench.challenge(), .plain)
    #expect(!outputs.contains(.releaseConnection))
    #expect(bench.ue.state == .registeredInitiated)
  }

  @Test(arguments: [EMMTimer.t3418, .t3420])
  func withoutAnotherChallengeInTimeTheNetworkIsNotGenuine(timer: EMMTimer) throws {
    let bench = attaching()
    if timer == .t3418 {
      bench.deliver(bench.challenge(amf: 0), .plain)
    } else {
      bench.deliver(bench.challenge(sqn: 0x10_0000), .plain)
      bench.deliver(bench.challenge(sqn: 0x20), .plain)
    }
    let outputs = bench.give(.timerExpired(timer))
    #expect(outputs.contains(.releaseConnection))
    #expect(bench.ue.state == .deregistered(.attemptingToAttach))
  }

  @Test func aStaleExpiryOfT3418DoesNothing() throws {
    let bench = attaching()
    bench.deliver(bench.challenge(), .plain)
    #expect(bench.give(.timerExpired(.t3418)).isEmpty)
    #expect(bench.give(.timerExpired(.t3420)).isEmpty)
  }

  @Test func theSeparationBitIsRequired() throws {
    let bench = attaching()
    let outputs = bench.deliver(bench.challenge(amf: 0x7FFF), .plain)
    #expect(bench.words(outputs) == ["send AUTHENTICATION FAILURE/0", "stop T3410", "stop T3420", "start T3418"])
    let failure = try NASMessage(decoding: try #require(outputs.uplinks.first))
    #expect(try failure[AuthenticationFailure.emmCause] == .nonEPSAuthenticationUnacceptable)
    #expect(bench.ue.contexts.nonCurrent == nil)
  }

  @Test func aSynchFailureResynchronisesTheHomeNetwork() throws {
    let bench = attaching()
    let ahead: UInt64 = 0x4000_0020
    bench.deliver(bench.challenge(sqn: ahead), .plain)
    bench.deliver(bench.securityModeCommand())
    // The network falls back behind what the USIM has seen.
    let outputs = bench.deliver(bench.challenge(eKSI: 1, sqn: 0x40), .ciphered)
    #expect(bench.words(outputs).filter { !$0.hasPrefix("send") } == ["stop T3410", "stop T3418", "start T3420"])
    #expect(outputs.contains(timer: .t3420, after: .seconds(15)))
    let sent = bench.ue
    // Opened once by words(); read the AUTS from the plain failure of a second, unsecured bench instead.
    let plain = attaching()
    plain.deliver(plain.challenge(sqn: ahead), .plain)
    let failure = try plain.assertSends(plain.deliver(plain.challenge(sqn: 0x40), .plain), .authenticationFailure, header: .plain)
    #expect(try failure[AuthenticationFailure.emmCause] == .synchFailure)
    let auts = try #require(try failure[AuthenticationFailure.authenticationFailureParameter])
    let rand = try #require(plain.network.lastVector?.rand)
    let sqnMS = plain.engine.resynchronise(plain.network.credentials, rand: rand, auts: auts.octets)
    #expect(sqnMS == ahead)
    plain.network.home.resynchronise(to: try #require(sqnMS))
    let again = plain.deliver(plain.challenge(), .plain)
    #expect(
      plain.words(again) == [
        "stop T3418", "stop T3420", "start T3410", "start T3416", "contexts", "send AUTHENTICATION RESPONSE/0",
      ])
    #expect(sent.contexts.current != nil)
  }

  @Test func afterAFailureASuccessStartsTheStoppedTimerAgain() throws {
    let bench = attaching()
    bench.deliver(bench.challenge(amf: 0), .plain)
    let outputs = bench.deliver(bench.challenge(), .plain)
    #expect(outputs.started == [.t3410, .t3416])
    // And the failures before it count no more.
    bench.deliver(bench.challenge(amf: 0), .plain)
    bench.deliver(bench.challenge(amf: 0), .plain)
    #expect(bench.ue.state == .registeredInitiated)
  }

  @Test func theSameRANDIsAnsweredWithoutTheUSIM() throws {
    let bench = attaching()
    let request = bench.challenge()
    bench.deliver(request, .plain)
    let before = bench.ue
    // To the USIM it would be a used SQN.
    let response = try bench.assertSends(bench.deliver(request, .plain), .authenticationResponse, header: .plain)
    #expect(try response[AuthenticationResponse.authenticationResponseParameter].octets == bench.network.lastVector?.xres)
    #expect(bench.ue == before)
  }

  @Test func afterT3416TheSameRANDGoesToTheUSIM() throws {
    let bench = attaching()
    let request = bench.challenge()
    bench.deliver(request, .plain)
    bench.give(.timerExpired(.t3416))
    let failure = try bench.assertSends(bench.deliver(request, .plain), .authenticationFailure, header: .plain)
    #expect(try failure[AuthenticationFailure.emmCause] == .synchFailure)
  }

  @Test func theCachedRESGoesWithSMCFailureRejectAndIdle() throws {
    // §5.4.2.3, §5.4.2.6.
    let ways: [(String, (Bench) -> Void)] = [
      ("SMC", { $0.deliver($0.securityModeCommand()) }),
      ("SMC rejected", { bench in bench.deliver(bench.securityModeCommand { $0.spoilsMAC = true }) }),
      ("failure", { $0.deliver($0.challenge(amf: 0), .plain) }),
      ("AUTHENTICATION REJECT", { $0.deliver(NASMessage(.authenticationReject), .plain) }),
      ("ATTACH REJECT", { $0.deliver(Bench.attachReject(.networkFailure), .plain) }),
      ("idle", { $0.give(.radioConnectionReleased) }),
      ("T3410", { $0.give(.timerExpired(.t3410)) }),
    ]
    for (name, way) in ways {
      let bench = attaching()
      bench.deliver(bench.challenge(), .plain)
      #expect(bench.ue.authentication.answered != nil)
      way(bench)
      #expect(bench.ue.authentication.answered == nil, "\(name)")
    }
  }

  @Test func aKeySetIdentifierOf7IsNoneForTheNetwork() throws {
    let bench = attaching()
    bench.assertDiscards(bench.challenge(eKSI: 7), .plain)
  }

  @Test func reauthenticationLeavesTheCurrentContextInForce() throws {
    // §4.4.2.4, and defect 6 of the corpus.
    let bench = Bench()
    try bench.attach()
    let current = try #require(bench.ue.contexts.current)
    let outputs = bench.deliver(bench.challenge(eKSI: 1), .ciphered)
    #expect(bench.words(outputs) == ["start T3416", "contexts", "send AUTHENTICATION RESPONSE/2"])
    #expect(bench.ue.contexts.current?.kasme == current.kasme)
    // Other messages go on under it.
    try bench.assertSends(
      bench.deliver(Bench.identityRequest(.imei), .ciphered), .identityResponse, header: .integrityProtectedAndCiphered)
    bench.give(.accessStratumSecured)
    // The AS keeps its keys until it is told (by a new ICS).
    let smc = bench.deliver(bench.securityModeCommand())
    #expect(smc.keNBs.isEmpty)
    #expect(bench.words(smc) == ["stop T3416", "send SECURITY MODE COMPLETE/4", "contexts"])
    #expect(bench.ue.contexts.current?.keySetIdentifier == 1)
    let rekeyed = bench.give(.accessStratumSecured)
    let kasme = try #require(bench.ue.contexts.current?.kasme)
    #expect(kasme != current.kasme)
    #expect(rekeyed.keNBs == [bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: 0)])
  }

  @Test func anEKSIThatRepeatsTheCurrentOneNamesTheNewContext() throws {
    // The network must not do it (§5.4.2.2); what it then takes into use is what the AKA gave.
    let bench = Bench()
    try bench.attach(eKSI: 0)
    bench.deliver(bench.challenge(eKSI: 0), .ciphered)
    let partial = bench.ue.contexts.partialNative
    bench.deliver(bench.securityModeCommand())
    #expect(bench.ue.contexts.current?.kasme == partial?.kasme)
    #expect(bench.ue.contexts.nonCurrent == nil)
  }

  // MARK: AUTHENTICATION REJECT

  @Test func anUnprotectedRejectStartsT3247AndSparesTheUSIM() throws {
    // §5.4.2.5 b, §5.3.7b 1 a: GUTI, areas and eKSI go, the USIM stays.
    let bench = Bench(registration: Registration(guti: Bench.guti))
    bench.give(.attach)
    bench.deliver(bench.challenge(), .plain)
    let outputs = bench.deliver(NASMessage(.authenticationReject), .plain)
    #expect(outputs.events == [.attachFailed(.authenticationRejected(protected: false, failure: nil))])
    #expect(bench.ue.state == .deregistered(.limitedService))
    #expect(bench.ue.usim.isValid)
    #expect(bench.ue.contexts == SecurityContexts())
    #expect(bench.ue.registration.guti == nil)
    let length = outputs.compactMap { if case .startTimer(.t3247, let after) = $0 { after } else { nil } }.first
    #expect(length.map { (.seconds(1800)...(.seconds(3600))).contains($0) } == true)
    // When it expires, the attach is tried again.
    #expect(bench.give(.timerExpired(.t3247)).contains { $0.isUplink })
    #expect(bench.ue.state == .registeredInitiated)
  }

  @Test func unprotectedRejectsAreBelievedInTheEnd() throws {
    let bench = Bench()
    for _ in 0..<UnprotectedRejects.maximumUSIMInvalidations {
      bench.give(.attach)
      bench.deliver(NASMessage(.authenticationReject), .plain)
      #expect(bench.ue.usim.isValid)
      bench.give(.radioConnectionReleased)
    }
    bench.give(.attach)
    bench.deliver(NASMessage(.authenticationReject), .plain)
    #expect(!bench.ue.usim.isValid)
    #expect(bench.ue.state == .deregistered(.noIMSI))
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.attach).events == [.attachFailed(.usimInvalid)])
    // Until it is switched off and on.
    bench.give(.detach(switchOff: true))
    bench.give(.powerOn)
    bench.give(.attach)
    #expect(bench.ue.state == .registeredInitiated)
  }

  @Test func aProtectedRejectInvalidatesTheUSIM() throws {
    let bench = Bench()
    try bench.attach()
    let outputs = bench.deliver(NASMessage(.authenticationReject), .ciphered)
    #expect(outputs.events == [.detached(.byNetwork(reattachRequired: false, cause: nil))])
    #expect(bench.ue.state == .deregistered(.noIMSI))
    #expect(!bench.ue.usim.isValid)
    #expect(bench.ue.contexts == SecurityContexts())
    #expect(
      bench.ue.registration
        == {
          var r = bench.ue.registration; r.forget(); return r
        }())
    #expect(bench.ue.bearers.isEmpty)
  }

  @Test func aRejectDuringADetachEndsIt() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    bench.give(.detach(switchOff: false))
    #expect(bench.ue.state == .deregisteredInitiated)
    let outputs = bench.deliver(NASMessage(.authenticationReject), .plain)
    #expect(outputs.stopped.contains(.t3421))
    #expect(bench.ue.state == .deregistered(.limitedService))
    #expect(bench.ue.contexts == SecurityContexts())
    #expect(bench.ue.bearers.isEmpty)
  }
}
