import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// T3440 (TS 24.301 §5.3.1.2.1), case by case, and what a detach from non-EPS services does to a service request (§5.6.1.6 h).
@Suite struct ReleaseTimerTests {
  /// Data over the control plane under way in a UE that supports T3448.
  private func sending() throws -> Bench {
    let bench = Bench(capability: UENetworkCapability(eea: 0xF0, eia: 0x70, uea: 0, uia: 0, features: [0, 0, 0x08]))
    try bench.attachAndRelease()
    _ = try bench.opened(bench.give(.sendOverControlPlane(.esm([0x52, 0, 0xEB, 1, 1]))))
    return bench
  }

  @Test(arguments: [11, 12, 13, 14, 15, 25, 3, 7, nil] as [UInt8?])
  func `a: DETACH REQUEST "re-attach not required" with a cause of the list, and with no other`(cause: UInt8?) throws {
    let bench = Bench()
    try bench.attach()
    let request = Bench.detachRequest(.reattachNotRequired, cause: cause.map { EMMCause(rawValue: $0) })
    let waits = cause.map { (11...15).contains($0) || $0 == 25 } ?? false
    #expect(bench.deliver(request, .ciphered).contains(timer: .t3440, after: .seconds(10)) == waits)
    if waits { #expect(bench.give(.timerExpired(.t3440)).contains(.releaseConnection)) }
  }

  @Test func `a: "re-attach required" makes the cause of no account (§5.5.2.3.2)`() throws {
    let bench = Bench()
    try bench.attach()
    #expect(!bench.deliver(Bench.detachRequest(.reattachRequired, cause: .plmnNotAllowed), .ciphered).started.contains(.t3440))
  }

  @Test(arguments: [true, false])
  func `b: an update from idle, unless the bearers are up`(bearersAreUp: Bool) throws {
    let bench = Bench()
    try bench.attachAndRelease()
    _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
    if bearersAreUp { bench.give(.accessStratumSecured) }
    #expect(bench.deliver(Bench.updateAccept(), .ciphered).started.contains(.t3440) == !bearersAreUp)
  }

  @Test(arguments: [true, false])
  func `c: DETACH ACCEPT to an IMSI detach, unless the bearers are up`(bearersAreUp: Bool) throws {
    let bench = try EPSOnlyResultTests.combined()
    _ = try bench.opened(bench.give(.detachFromNonEPSServices))
    if bearersAreUp { bench.give(.accessStratumSecured) }
    #expect(bench.deliver(NASMessage(.detachAccept), .plain).started.contains(.t3440) == !bearersAreUp)
    guard !bearersAreUp else { return }
    #expect(bench.give(.timerExpired(.t3440)).contains(.releaseConnection) && bench.ue.state == .registered)
  }

  @Test(arguments: [EMMCause.ueIdentityCannotBeDerivedByTheNetwork, .implicitlyDetached, .noEPSBearerContextActivated])
  func `d: TRACKING AREA UPDATE REJECT with a call pending, neither T3440 nor an attach`(cause: EMMCause) throws {
    for call in [nil, CSFallback.originating, .emergency, .terminating(accepted: true)] {
      let bench = try EPSOnlyResultTests.combined()
      _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
      guard case .trackingAreaUpdatingInitiated(var attempt) = bench.ue.machine else { continue }
      attempt.registered.pendingCall = call
      bench.ue.machine = .trackingAreaUpdatingInitiated(attempt)
      let outputs = bench.deliver(Bench.updateReject(cause), .ciphered)
      let waits = call == nil || call?.isTerminating == true && cause != .noEPSBearerContextActivated
      #expect(outputs.started.contains(.t3440) == waits)
      #expect(outputs.events.contains(.serviceFailed(.rejected(cause))) == (call != nil))
      bench.give(.radioConnectionReleased)
      #expect(bench.ue.state == (call == nil ? .registeredInitiated : .deregistered(.normalService)))
    }
  }

  @Test func `h: SERVICE ACCEPT with T3448; signalling stops it, user data wait`() throws {
    let bench = try sending()
    var accept = NASMessage(.serviceAccept)
    accept.set(ServiceAccept.t3448Value, GPRSTimer(seconds: 60))
    #expect(bench.deliver(accept, .ciphered).started == [.t3448, .t3440])
    #expect(bench.give(.sendOverControlPlane(.esm([0x52, 0, 0xEB, 1, 1]))).uplinks.isEmpty)
    let ue = bench.ue
    for input in [UE.Input.updateTrackingArea(isActive: false), .requestSession(.connect("ims")), .sendOverControlPlane(.nas([9, 1]))] {
      bench.ue = ue
      let outputs = bench.give(input)
      #expect(outputs.stopped.contains(.t3440) && outputs.uplinks.count == 1, "\(input)")
    }
    bench.ue = ue
    #expect(bench.give(.timerExpired(.t3440)).contains(.releaseConnection))
  }

  @Test func `h: SERVICE REJECT, ATTACH ACCEPT and TRACKING AREA UPDATE ACCEPT with T3448`() throws {
    let rejected = try sending()
    var reject = Bench.serviceReject(.congestion, t3346: GPRSTimer(seconds: 60))
    reject.set(ServiceReject.t3448Value, GPRSTimer(seconds: 60))
    #expect(rejected.deliver(reject, .ciphered).started.contains(.t3440))

    let attaching = Bench(capability: UENetworkCapability(eea: 0xF0, eia: 0x70, uea: 0, uia: 0, features: [0, 0, 0x08]))
    try attaching.secureWhileAttaching()
    var accept = Bench.attachAccept()
    accept.set(AttachAccept.t3448Value, GPRSTimer(seconds: 60))
    #expect(attaching.deliver(accept, .ciphered).started.contains(.t3440))
    attaching.give(.radioConnectionReleased)
    attaching.give(.updateTrackingArea(isActive: true))
    try attaching.synchroniseNetwork()
    var updated = Bench.updateAccept()
    updated.set(TrackingAreaUpdateAccept.t3448Value, GPRSTimer(seconds: 60))
    #expect(attaching.deliver(updated, .ciphered).started.contains(.t3440))
  }

  // MARK: Detach from non-EPS services during a service request

  @Test(arguments: [DetachType.imsiDetachByNetwork, .reattachNotRequired])
  func `CS fallback is aborted; the re-attach for non-EPS services follows an IMSI detach alone`(type: DetachType) throws {
    let bench = try EPSOnlyResultTests.combined()
    _ = try bench.opened(bench.give(.requestCSFallback(.originating)))
    let isIMSIDetach = type == .imsiDetachByNetwork
    let outputs = bench.deliver(Bench.detachRequest(type, cause: isIMSIDetach ? nil : .imsiUnknownInHSS), .ciphered)
    #expect(outputs.stopped.contains(.t3417ext) && outputs.events.contains(.serviceFailed(.nonEPSDetached)))
    let sent = try bench.opened(outputs).map(\.message.type)
    #expect(sent == (isIMSIDetach ? [.detachAccept, .trackingAreaUpdateRequest] : [.detachAccept]))
    #expect(bench.ue.state == (isIMSIDetach ? .trackingAreaUpdatingInitiated : .registered))
  }

  @Test(arguments: [UE.Input.requestService, .requestCSFallback(.emergency)])
  func `another request goes on, and the re-attach for non-EPS services follows it`(input: UE.Input) throws {
    let bench = try EPSOnlyResultTests.combined()
    bench.give(input)
    try bench.synchroniseNetwork()
    let outputs = bench.deliver(Bench.detachRequest(.imsiDetachByNetwork), .ciphered)
    try bench.assertSends(outputs, .detachAccept, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.state == .serviceRequestInitiated)
    guard input == .requestService else { return }
    let update = try bench.assertSends(
      bench.give(.accessStratumSecured), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try update[TrackingAreaUpdateRequest.epsUpdateType].kind == .combinedTALAUpdatingWithIMSIAttach)
  }
}
