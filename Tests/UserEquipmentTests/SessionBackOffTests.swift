import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// T3396: TS 24.301 §6.3.5, §6.5.1.4.2, §6.5.3.4.2, §6.5.4.4.2, §6.4.4.2.
@Suite struct SessionBackOffTests {
  /// Registered; `connect` asked for "ims" and was refused with #26.
  func refused(_ value: GPRSTimer3?, cause: ESMCause = .insufficientResources) throws -> (bench: Bench, outputs: [UE.Output]) {
    let bench = Bench()
    try bench.attach()
    _ = try bench.opened(bench.give(.requestSession(.connect("ims"))))
    let transaction = try #require(bench.ue.sessions.transactions.first)
    var reject = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: transaction.identity)
    reject.set(PDNConnectivityReject.esmCause, cause)
    reject.set(PDNConnectivityReject.backOffTimerValue, value)
    return (bench, bench.deliver(reject, .ciphered))
  }

  static let timer = ESMTimer(t3396: "ims")

  @Test("A value: T3396 runs for the access point, and requests for it wait until it expires")
  func value() throws {
    let (bench, outputs) = try refused(GPRSTimer3(seconds: 600))
    #expect(outputs.contains(.startSessionTimer(Self.timer, after: .seconds(600))))
    #expect(bench.give(.requestSession(.connect("ims"))).events == [.sessionFailed(.connect("ims"), nil)])
    // Another access point, or none, is another matter.
    #expect(bench.give(.requestSession(.connect("mms"))).uplinks.count == 1)
    #expect(bench.give(.requestSession(.connect(nil))).uplinks.count == 1)
    #expect(bench.give(.sessionTimerExpired(Self.timer)).isEmpty)
    #expect(bench.give(.requestSession(.connect("ims"))).uplinks.count == 1)
  }

  @Test("Zero: at once again; deactivated: never, until the network asks for the access point; other causes")
  func otherValues() throws {
    let zero = try refused(GPRSTimer3(seconds: 0))
    #expect(!zero.bench.ue.isBackedOff("ims"))
    let never = try refused(.deactivated)
    #expect(never.bench.ue.isBackedOff("ims"))
    #expect(!never.outputs.contains { if case .startSessionTimer = $0 { true } else { false } })
    never.bench.give(.sessionTimerExpired(Self.timer))
    #expect(never.bench.ue.isBackedOff("ims"))
    never.bench.give(.detach(switchOff: true))
    #expect(!never.bench.ue.isBackedOff("ims"))
    // Of another cause the PLMN's back-off timer, 12 minutes where none is told with #27 (§6.5.1.4.3); switching off ends it.
    let unknown = try refused(GPRSTimer3(seconds: 600), cause: .missingOrUnknownAPN)
    let ofPLMN = ESMTimer(backOff: .connectivity, Bench.plmn, "ims")
    #expect(unknown.outputs.contains(.startSessionTimer(ofPLMN, after: .seconds(600))) && unknown.bench.ue.isBackedOff("ims"))
    unknown.bench.give(.detach(switchOff: true))
    #expect(!unknown.bench.ue.isBackedOff("ims"))
    #expect(try refused(nil, cause: .missingOrUnknownAPN).outputs.contains(.startSessionTimer(ofPLMN, after: .seconds(720))))
    #expect(try !refused(GPRSTimer3(seconds: 600), cause: ESMCause(rawValue: 50)).bench.ue.isBackedOff("ims"))
    #expect(try !refused(nil).bench.ue.isBackedOff("ims"))
  }

  @Test("It goes on in EMM-DEREGISTERED")
  func deregistered() throws {
    let (bench, _) = try refused(GPRSTimer3(seconds: 600))
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    #expect(bench.ue.isBackedOff("ims"))
  }

  @Test("Paging by IMSI stops every T3396 (§5.6.2.2.2)")
  func pagingByIMSI() throws {
    let (bench, _) = try refused(GPRSTimer3(seconds: 600))
    bench.give(.radioConnectionReleased)
    bench.ue.sessionBackOffs += [
      SessionBackOff(accessPointName: "never", isDeactivated: true),
      SessionBackOff(scope: .procedure(.connectivity, Bench.plmn), accessPointName: "here", isDeactivated: false),
    ]
    #expect(bench.give(.paged(.imsi(Bench.imsi))).contains(.stopSessionTimer(Self.timer)))
    #expect(!bench.ue.isBackedOff("ims") && bench.ue.isBackedOff("never") && bench.ue.isBackedOff("here"))
  }

  /// Registered, with a second PDN connection at "ims" on bearer 6.
  func connected() throws -> Bench {
    let bench = Bench()
    try bench.attach()
    _ = try bench.opened(bench.give(.requestSession(.connect("ims"))))
    let transaction = try #require(bench.ue.sessions.transactions.first)
    _ = try bench.opened(bench.deliver(Bench.activation(transaction: transaction.identity, bearer: 6), .ciphered))
    try #require(bench.ue.requestedName(of: 6) == .some("ims"))
    return bench
  }

  @Test("DEACTIVATE with #26 and a value starts it; with #39 it stops, and the connection is asked for again")
  func deactivation() throws {
    let bench = try connected()
    var request = NASMessage(.deactivateEPSBearerContextRequest, epsBearerIdentity: 6)
    request.set(DeactivateEPSBearerContextRequest.esmCause, .insufficientResources)
    request.set(DeactivateEPSBearerContextRequest.t3396Value, GPRSTimer3(seconds: 600))
    #expect(bench.deliver(request, .ciphered).contains(.startSessionTimer(Self.timer, after: .seconds(600))))
    #expect(bench.ue.isBackedOff("ims"))

    let again = try connected()
    again.ue.sessionBackOffs = [SessionBackOff(accessPointName: "ims", isDeactivated: false)]
    var reactivate = NASMessage(.deactivateEPSBearerContextRequest, epsBearerIdentity: 6)
    reactivate.set(DeactivateEPSBearerContextRequest.esmCause, .reactivationRequested)
    let outputs = again.deliver(reactivate, .ciphered)
    #expect(outputs.contains(.stopSessionTimer(Self.timer)))
    let sent = try again.opened(outputs)
    #expect(sent.map(\.message.type) == [.deactivateEPSBearerContextAccept, .pdnConnectivityRequest])
    #expect(try sent.last?.message[PDNConnectivityRequest.accessPointName] == "ims")
  }

  @Test("Requests of the network for the access point stop it; giving resources back and ending the connection are allowed")
  func allowed() throws {
    let bench = try connected()
    bench.ue.sessionBackOffs = [SessionBackOff(accessPointName: "ims", isDeactivated: true)]
    let add = SessionTests.flows
    #expect(bench.ue.isBackedOff(.allocate(linked: 6, add, EPSQoS(qci: 1))))
    #expect(bench.ue.isBackedOff(.modify(bearer: 6, add, nil)))
    #expect(!bench.ue.isBackedOff(.modify(bearer: 6, TrafficFlowTemplate(.deletePacketFilters, deletedFilters: [0]), nil)))
    #expect(!bench.ue.isBackedOff(.disconnect(linked: 6)))
    #expect(!bench.ue.isBackedOff(.allocate(linked: 5, add, EPSQoS(qci: 1))))
    bench.deliver(SessionTests.modification(bearer: 6), .ciphered)
    #expect(bench.ue.sessionBackOffs.isEmpty)
  }

  @Test("An ATTACH REJECT with #26 in it: the attach waits for T3396, with the network's value if protected")
  func attach() throws {
    for isProtected in [true, false] {
      let bench = Bench()
      bench.give(.attach)
      if isProtected {
        bench.deliver(bench.challenge(), .plain)
        bench.deliver(bench.securityModeCommand())
      }
      var inner = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: 1)
      inner.set(PDNConnectivityReject.esmCause, .insufficientResources)
      inner.set(PDNConnectivityReject.backOffTimerValue, GPRSTimer3(seconds: 600))
      var reject = Bench.attachReject(.esmFailure)
      reject.set(AttachReject.esmMessageContainer, ESMMessageContainer(inner))
      let outputs = bench.deliver(reject, isProtected ? .ciphered : .plain)
      let length = outputs.compactMap { if case .startSessionTimer(ESMTimer(t3396: nil), let length) = $0 { length } else { nil } }.first
      if isProtected {
        #expect(length == .seconds(600))
      } else {
        #expect(try (.seconds(900)...(.seconds(1800))).contains(#require(length)))
      }
      bench.give(.radioConnectionReleased)
      #expect(bench.give(.timerExpired(.t3411)).events == [.attachFailed(.backedOff)])
      try bench.assertSends(
        bench.give(.sessionTimerExpired(ESMTimer(t3396: nil))), .attachRequest, header: isProtected ? .integrityProtected : .plain)
    }
  }
}
