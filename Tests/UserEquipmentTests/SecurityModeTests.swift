import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// TS 24.301 §5.4.3 at the UE; what is judged is tested in NASSecurityTests.
@Suite struct SecurityModeTests {
  @Test func aPlainCommandIsDropped() throws {
    let bench = Bench.authenticated()
    var command = ScriptedNetwork.Command(capabilities: bench.ue.configuration.replayableCapabilities)
    command.algorithms = NASAlgorithms(ciphering: .eea0, integrity: .eia0)
    bench.assertDiscards(
      bench.network.message(command, eKSI: NASKeySetIdentifier(.native, value: 0)), .plain, .protectionMissing)
  }

  @Test(arguments: [1, 2, 4] as [UInt8])
  func aCommandUnderAnotherHeaderTypeIsDropped(type: UInt8) throws {
    let bench = Bench.authenticated()
    bench.assertDiscards(bench.securityModeCommand { $0.headerType = SecurityHeaderType(rawValue: type) })
    let registered = Bench()
    try registered.attach()
    registered.assertDiscards(registered.securityModeCommand { $0.headerType = SecurityHeaderType(rawValue: type) }, verified: true)
  }

  @Test func aRejectWithoutAContextIsPlainAndTheAttachTellsWhy() throws {
    let bench = Bench.authenticated()
    let before = bench.ue.contexts
    let reject = try bench.assertSends(
      bench.deliver(bench.securityModeCommand { $0.spoilsMAC = true }), .securityModeReject, header: .plain)
    #expect(try reject[SecurityModeReject.emmCause] == .securityModeRejectedUnspecified)
    #expect(bench.ue.contexts == before)
    #expect(!bench.ue.hasSecureExchange)
    let outputs = bench.give(.radioConnectionReleased)
    guard case .attachFailed(.securityModeRejected(.securityModeRejectedUnspecified, _))? = outputs.events.first else {
      Issue.record("\(outputs.events)")
      return
    }
  }

  @Test func alteredCapabilitiesAreRejectedWith23() throws {
    let bench = Bench.authenticated()
    let reject = try bench.assertSends(
      bench.deliver(bench.securityModeCommand { $0.capabilities = UESecurityCapability(octets: [0xF0, 0x40]) }), .securityModeReject,
      header: .plain)
    #expect(try reject[SecurityModeReject.emmCause] == .ueSecurityCapabilitiesMismatch)
  }

  @Test func aRejectOnASecuredConnectionGoesUnderThePreviousContext() throws {
    let bench = Bench()
    try bench.attach()
    bench.deliver(bench.challenge(eKSI: 1), .ciphered)
    let previous = bench.network.current
    let contexts = bench.ue.contexts
    let outputs = bench.deliver(bench.securityModeCommand { $0.spoilsMAC = true })
    bench.network.current = previous
    let opened = try bench.opened(outputs)
    // AUTHENTICATION RESPONSE went before it and was not opened.
    #expect(opened.map(\.message.type) == [.securityModeReject])
    #expect(opened.first?.headerType == .integrityProtectedAndCiphered)
    #expect(bench.ue.contexts.nonCurrent == contexts.nonCurrent)
    #expect(bench.ue.contexts.current?.kasme == contexts.current?.kasme)
    #expect(bench.ue.contexts.current?.downlinkNASCount == contexts.current?.downlinkNASCount)
    // And life goes on under it.
    try bench.assertSends(
      bench.deliver(Bench.identityRequest(.imsi), .ciphered), .identityResponse, header: .integrityProtectedAndCiphered)
  }

  @Test func aRejectBeforeTheSecureExchangeIsIntegrityProtectedUnderTheOldContext() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    let previous = bench.network.current
    _ = bench.give(.detach(switchOff: false))
    bench.deliver(bench.challenge(eKSI: 1), .plain)
    let outputs = bench.deliver(bench.securityModeCommand { $0.spoilsMAC = true })
    bench.network.current = previous
    #expect(bench.words(outputs) == ["stop T3416", "send SECURITY MODE REJECT/1"])
  }

  @Test func aCommandThatComesTwiceIsAnsweredTwiceWithCOUNTsThatGoOn() throws {
    // T3460: the second one has the next downlink COUNT. The uplink COUNT is not reset again.
    let bench = Bench.authenticated()
    bench.deliver(bench.securityModeCommand())
    let again = bench.securityModeCommand()
    let outputs = bench.deliver(again)
    let opened = try #require(try bench.opened(outputs).first)
    #expect(opened.message.type == .securityModeComplete && opened.count == NASCount(1))
    #expect(bench.ue.contexts.current?.downlinkNASCount == NASCount(1))
    #expect(bench.ue.contexts.current?.uplinkNASCount == NASCount(2))
    // KeNB from the latest SECURITY MODE COMPLETE (TS 33.401 §7.2.9.2).
    #expect(bench.words(bench.give(.accessStratumSecured)) == ["KeNB from COUNT 1"])
    bench.assertDiscards(again, .replayed(NASCount(1)))
  }

  @Test func aFirstCommandThatWasLostIsAcceptedInItsRetransmission() throws {
    let bench = Bench.authenticated()
    let pending = bench.network.pending
    _ = bench.securityModeCommand()
    bench.network.pending = pending
    let outputs = bench.deliver(bench.securityModeCommand { $0.count = NASCount(1) })
    #expect(bench.words(outputs) == ["stop T3416", "send SECURITY MODE COMPLETE/4", "contexts"])
    #expect(bench.ue.contexts.current?.downlinkNASCount == NASCount(1))
    #expect(bench.ue.contexts.current?.uplinkNASCount == NASCount(1))
  }

  @Test func newAlgorithmsForTheContextInUse() throws {
    // Defect 21: COUNTs are not reset.
    let bench = Bench()
    try bench.attach()
    let uplink = try #require(bench.ue.contexts.current?.uplinkNASCount)
    let outputs = bench.deliver(bench.securityModeCommand { $0.algorithms = NASAlgorithms(ciphering: .eea1, integrity: .eia3) })
    let opened = try #require(try bench.opened(outputs).first)
    #expect(opened.message.type == .securityModeComplete && opened.count == uplink)
    #expect(bench.ue.contexts.current?.algorithms == NASAlgorithms(ciphering: .eea1, integrity: .eia3))
    try bench.assertSends(
      bench.deliver(Bench.identityRequest(.imei), .ciphered), .identityResponse, header: .integrityProtectedAndCiphered)
  }

  @Test func newAlgorithmsLeaveAPartialContextWhereItIs() throws {
    let bench = Bench()
    try bench.attach()
    bench.deliver(bench.challenge(eKSI: 1), .ciphered)
    let partial = try #require(bench.network.pending)
    bench.network.pending = nil
    bench.deliver(bench.securityModeCommand { $0.algorithms = NASAlgorithms(ciphering: .eea1, integrity: .eia3) })
    #expect(bench.ue.contexts.partialNative == partial)
    #expect(bench.ue.contexts.current?.keySetIdentifier == 0)
  }

  @Test func imeisvAndTheAlteredRequestGoIntoTheAnswer() throws {
    let bench = Bench()
    let request = try #require(bench.give(.attach).uplinks.first)
    bench.deliver(bench.challenge(), .plain)
    let complete = try bench.assertSends(
      bench.deliver(
        bench.securityModeCommand {
          $0.requestsIMEISV = true
          $0.hash = [1, 2, 3, 4, 5, 6, 7, 8]
        }), .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
    #expect(try complete[SecurityModeComplete.imeisv] == .imeisv(bench.ue.configuration.imeisv))
    #expect(try Array(#require(try complete[SecurityModeComplete.replayedNASMessageContainer]).octets) == request)

    let second = Bench.authenticated()
    let plainRequest = try #require({ if case .registeredInitiated(let attempt) = second.ue.machine { attempt.request } else { nil } }())
    let right = second.engine.initialMessageHash(of: plainRequest)
    let answer = try second.assertSends(
      second.deliver(second.securityModeCommand { $0.hash = right }), .securityModeComplete,
      header: .integrityProtectedAndCipheredNewContext)
    #expect(try answer[SecurityModeComplete.imeisv] == nil)
    #expect(try answer[SecurityModeComplete.replayedNASMessageContainer] == nil)
  }

  @Test func outsideAnyProcedureACommandIsDropped() throws {
    let bench = Bench()
    try bench.attach()
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.assertDiscards(bench.securityModeCommand())
  }

  @Test func twoWorldsGoOnFromBetweenCommandAndComplete() throws {
    let bench = Bench.authenticated()
    let before = bench.ue
    let command = bench.securityModeCommand()
    let first = bench.deliver(command).uplinks
    let after = bench.ue
    bench.ue = before
    let second = bench.deliver(command).uplinks
    #expect(first == second && bench.ue == after && before != after)
  }
}
