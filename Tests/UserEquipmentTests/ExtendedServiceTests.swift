import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// EXTENDED SERVICE REQUEST and CONTROL PLANE SERVICE REQUEST: TS 24.301 §5.6.1.
@Suite struct ExtendedServiceTests {
  static func bench(idle: Bool = true) throws -> Bench {
    let bench = Bench()
    try bench.attach()
    bench.ue.registration.nonEPS = Registration.NonEPS(tmsi: 1)
    if idle { bench.give(.radioConnectionReleased) }
    return bench
  }

  @Test func csFallbackFromIdle() throws {
    for (call, type, timer) in [
      (CSFallback.originating, UInt8(0), EMMTimer.t3417ext), (.terminating(accepted: true), 1, .t3417extMT), (.emergency, 2, .t3417ext),
    ] {
      let bench = try Self.bench()
      let outputs = bench.give(.requestCSFallback(call))
      #expect(outputs.started == [timer])
      let request = try bench.assertSends(outputs, .extendedServiceRequest, header: .integrityProtected)
      #expect(try request[ExtendedServiceRequest.serviceType].rawValue == type)
      #expect(try request[ExtendedServiceRequest.mTMSI] == .tmsi(Bench.guti.mTMSI))
      #expect(try request[ExtendedServiceRequest.csfbResponse] == nil)
      // The bearers are not the end of it, the change of system is.
      bench.give(.accessStratumSecured)
      #expect(bench.ue.state == .serviceRequestInitiated && bench.ue.hasSecureExchange)
      #expect(bench.give(.leftForOtherSystem).stopped.contains(timer))
      #expect(bench.ue.state == .registeredSubstate(.noCellAvailable) && !bench.ue.isConnected)
    }
  }

  @Test func csFallbackInConnectedModeIsCipheredAndAnswersTheCall() throws {
    let bench = try Self.bench(idle: false)
    let request = try bench.assertSends(
      bench.give(.requestCSFallback(.terminating(accepted: true))), .extendedServiceRequest, header: .integrityProtectedAndCiphered)
    #expect(try request[ExtendedServiceRequest.csfbResponse] == .accepted)
    let refusing = try Self.bench(idle: false)
    let refusal = try refusing.assertSends(
      refusing.give(.requestCSFallback(.terminating(accepted: false))), .extendedServiceRequest, header: .integrityProtectedAndCiphered)
    #expect(try refusal[ExtendedServiceRequest.csfbResponse] == .rejected)
    #expect(refusing.ue.state == .registered)
  }

  @Test func csFallbackUnanswered() throws {
    let bench = try Self.bench()
    bench.give(.requestCSFallback(.originating))
    let outputs = bench.give(.timerExpired(.t3417ext))
    #expect(outputs.events == [.serviceFailed(.noAnswer(timer: .t3417ext, attempts: 1))])
    #expect(bench.ue.state == .trackingAreaUpdatingInitiated && bench.ue.registration.updateStatus == .notUpdated)
  }

  @Test func t3442BarsOriginatingCallsOnly() throws {
    let bench = try Self.bench()
    bench.give(.requestCSFallback(.originating))
    let reject = Bench.serviceReject(.csServiceTemporarilyNotAvailable, t3442: GPRSTimer(seconds: 60))
    #expect(bench.deliver(reject, .ciphered).stopped.contains(.t3417ext))
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.requestCSFallback(.originating)).events == [.serviceFailed(.backedOff(.t3442))])
    #expect(bench.give(.requestCSFallback(.emergency)).uplinks.count == 1)
  }

  @Test func controlPlaneServiceEndsWithAProtectedMessage() throws {
    let answers: [(String, (Bench) -> [UE.Output])] = [
      ("SERVICE ACCEPT", { $0.deliver(NASMessage(.serviceAccept), .ciphered) }),
      ("ESM", { $0.deliver(Bench.esmInformationRequest(), .ciphered) }),
      ("SMC", { $0.deliver($0.securityModeCommand()) }),
      ("user plane", { $0.give(.accessStratumSecured) }),
    ]
    for (name, answer) in answers {
      let bench = try Self.bench()
      try bench.assertSends(
        bench.give(.requestControlPlaneService(paged: false)), .controlPlaneServiceRequest, header: .integrityProtected)
      #expect(answer(bench).events.contains(.serviceEstablished), "\(name)")
      #expect(bench.ue.state == .registered, "\(name)")
    }
    let bench = try Self.bench()
    bench.give(.requestControlPlaneService(paged: true))
    bench.deliver(Bench.identityRequest(.imei), .ciphered)
    #expect(bench.ue.state == .serviceRequestInitiated)
    bench.assertDiscards(NASMessage(.serviceAccept), .plain, .protectionMissing)
  }

  @Test func serviceAcceptSaysWhichBearersThereAre() throws {
    let bench = try Self.bench()
    bench.give(.requestControlPlaneService(paged: false))
    var accept = NASMessage(.serviceAccept)
    accept.set(ServiceAccept.epsBearerContextStatus, EPSBearerContextStatus(active: [6]))
    bench.deliver(accept, .ciphered)
    #expect(bench.ue.bearers.isEmpty)
  }

  @Test("A SERVICE ACCEPT may follow an SMC or the user plane while T3449 runs, and is a protocol error otherwise (§5.6.1.4.2)")
  func serviceAcceptAfterSuccess() throws {
    for way in [true, false] {
      let bench = try Self.bench()
      _ = try bench.opened(bench.give(.requestControlPlaneService(paged: false)))
      let outputs = way ? bench.deliver(bench.securityModeCommand()) : bench.give(.accessStratumSecured)
      #expect(outputs.contains(timer: .t3449, after: .seconds(5)))
      if way { _ = try bench.opened(outputs) }
      var accept = NASMessage(.serviceAccept)
      accept.set(ServiceAccept.epsBearerContextStatus, EPSBearerContextStatus(active: [6]))
      #expect(bench.deliver(accept, .ciphered).stopped == [.t3449] && bench.ue.bearers.isEmpty)
      // Once.
      try bench.assertSends(bench.deliver(accept, .ciphered), .emmStatus, header: .integrityProtectedAndCiphered)
    }
    let ordinary = try Self.bench()
    ordinary.give(.requestService)
    ordinary.give(.accessStratumSecured)
    try ordinary.synchroniseNetwork()
    try ordinary.assertSends(ordinary.deliver(NASMessage(.serviceAccept), .ciphered), .emmStatus, header: .integrityProtectedAndCiphered)
  }

  @Test("The release of the connection is success for user data in the request, and an abnormal case otherwise (§5.6.1.4.2)")
  func releaseAsSuccess() throws {
    let data = try Self.bench()
    data.give(.sendOverControlPlane(.esm([0x52, 0, 0xEB, 1, 1])))
    #expect(data.give(.radioConnectionReleased).events == [.serviceEstablished])
    let signalling = try Self.bench()
    signalling.give(.requestControlPlaneService(paged: false))
    #expect(signalling.give(.radioConnectionReleased).events == [.serviceFailed(.connectionLost)])
  }

  @Test(
    "T3417ext, T3417ext-mt: EU2, and an update; who was in EMM-CONNECTED stays there (§5.6.1.6 d, §5.2.3.2 k)",
    arguments: [true, false])
  func csFallbackUnansweredInConnectedMode(isIdle: Bool) throws {
    for (call, timer) in [(CSFallback.originating, EMMTimer.t3417ext), (.terminating(accepted: true), .t3417extMT)] {
      let bench = try Self.bench(idle: isIdle)
      _ = try bench.opened(bench.give(.requestCSFallback(call)))
      let outputs = bench.give(.timerExpired(timer))
      // The update of §5.2.3.2 k opens another connection, or goes over the one that there is.
      #expect(outputs.contains(.releaseConnection) == isIdle)
      #expect(outputs.contains { if case .establishConnection = $0 { true } else { false } } == isIdle && outputs.uplinks.count == 1)
      #expect(bench.ue.state == .trackingAreaUpdatingInitiated && bench.ue.registration.updateStatus == .notUpdated)
    }
  }

  @Test("SERVICE REJECT with another cause: only a request that was not for CS fallback lets its connection go (§5.6.1.6 e)")
  func otherCauses() throws {
    for isIdle in [true, false] {
      let bench = try Self.bench(idle: isIdle)
      _ = try bench.opened(bench.give(.requestCSFallback(.originating)))
      #expect(!bench.deliver(Bench.serviceReject(.networkFailure), .ciphered).contains(.releaseConnection))
      #expect(bench.ue.state == .trackingAreaUpdatingInitiated && bench.ue.isConnected)
    }
    let bench = try Self.bench()
    _ = try bench.opened(bench.give(.requestControlPlaneService(paged: false)))
    #expect(bench.deliver(Bench.serviceReject(.networkFailure), .plain).contains(.releaseConnection))
  }
}
