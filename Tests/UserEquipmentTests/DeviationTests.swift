import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Deviations: the exact UE does one thing, the one told to deviate the other.
@Suite struct DeviationTests {
  static func attached(_ deviations: Set<Deviation>) throws -> Bench {
    let bench = Bench { $0.deviations = deviations }
    try bench.attach()
    return bench
  }

  @Test func everyDeviationIsListedWithItsClause() {
    #expect(UEConfiguration(imsi: Bench.imsi, plmn: Bench.plmn).deviations.isEmpty)
    #expect(Deviation(rawValue: "accept-plain-authentication-request") != nil)
    #expect(Deviation(rawValue: "answer-smc-twice") != nil)
    for deviation in Deviation.allCases {
      #expect((deviation.clause.hasPrefix("TS 24.301 §") || deviation.clause.hasPrefix("TS 33.401 §")) && !deviation.description.isEmpty)
      #expect(deviation.rawValue.allSatisfy { $0.isLowercase || $0 == "-" })
    }
  }

  @Test func plainRequestsOnASecuredConnection() throws {
    // Defect 7.
    let exact = try Self.attached([])
    exact.assertDiscards(exact.challenge(eKSI: 1), .plain, .protectionMissing)
    let lenient = try Self.attached([.acceptPlainAuthenticationRequest])
    try lenient.assertSends(
      lenient.deliver(lenient.challenge(eKSI: 1), .plain), .authenticationResponse, header: .integrityProtectedAndCiphered)
    lenient.assertDiscards(Bench.identityRequest(.imsi), .plain, .protectionMissing)
    let talkative = try Self.attached([.acceptPlainIdentityRequest])
    try talkative.assertSends(
      talkative.deliver(Bench.identityRequest(.imsi), .plain), .identityResponse, header: .integrityProtectedAndCiphered)
    talkative.assertDiscards(Bench.identityRequest(.imei), .plain, .protectionMissing)
  }

  @Test func anUnprotectedReject() throws {
    for deviates in [false, true] {
      let bench = Bench { $0.deviations = deviates ? [.acceptUnprotectedReject] : [] }
      try bench.secureWhileAttaching()
      bench.deliver(Bench.attachReject(.networkFailure), .plain)
      #expect(bench.ue.state == (deviates ? .deregistered(.attemptingToAttach) : .registeredInitiated))
    }
  }

  @Test func uncipheredMessages() throws {
    let exact = try Self.attached([])
    exact.assertDiscards(Bench.emmInformation("net"), .integrity, .cipheringMissing, verified: true)
    let lenient = try Self.attached([.acceptUncipheredMessages])
    #expect(lenient.deliver(Bench.emmInformation("net"), .integrity).events == [.networkNamed(full: "net", short: nil)])
  }

  @Test func capabilitiesThatDiffer() throws {
    let other = UESecurityCapability(replaying: UENetworkCapability(eea: 0x80, eia: 0x40))
    for deviates in [false, true] {
      let bench = Bench { $0.deviations = deviates ? [.acceptReplayedCapabilitiesMismatch] : [] }
      bench.give(.attach)
      bench.deliver(bench.challenge(), .plain)
      let outputs = bench.deliver(bench.securityModeCommand { $0.capabilities = other })
      #expect(bench.ue.hasSecureExchange == deviates && outputs.uplinks.count == 1)
    }
  }

  @Test func securityModeCompleteTwiceOrNotAtAll() throws {
    for (deviation, answers) in [(Deviation.answerSecurityModeCommandTwice, 2), (.silentOnSecurityModeCommand, 0)] {
      let bench = Bench { $0.deviations = [deviation] }
      bench.give(.attach)
      bench.deliver(bench.challenge(), .plain)
      let outputs = bench.deliver(bench.securityModeCommand())
      #expect(outputs.uplinks.count == answers)
      #expect(try bench.opened(outputs).map(\.count?.value) == (0..<UInt32(answers)).map { $0 })
    }
  }

  @Test func theUplinkCountStartsAnew() throws {
    // Defect 21, on demand.
    let bench = try Self.attached([.resetUplinkCountOnEverySecurityModeCommand])
    bench.network.current = bench.network.current.map { context in
      SecurityContext(
        kasme: context.kasme, keySetIdentifier: context.keySetIdentifier, side: .mme, algorithms: context.algorithms,
        counts: NASCountPair(nextToSend: context.counts.nextToSend, largestAccepted: nil), using: &bench.engine)
    }
    #expect(try bench.opened(bench.deliver(bench.securityModeCommand())).first?.count == .zero)
  }

  @Test func noKeyIsNamedInUpdates() throws {
    for deviates in [true, false] {
      let bench = try Self.attached(deviates ? [.nameNoKeyInUpdate] : [])
      let request = try bench.assertSends(
        bench.give(.updateTrackingArea(isActive: false)), .trackingAreaUpdateRequest, header: .integrityProtected)
      #expect((try request[TrackingAreaUpdateRequest.nasKeySetIdentifier] == .noKey) == deviates)
    }
  }

  @Test func pagingUnanswered() throws {
    let bench = try Self.attached([.ignorePaging])
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.paged(ServiceTests.ours)).isEmpty)
  }
}
