import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Rejections of ESM with causes other than #26, by procedure, PLMN and access point (TS 24.301 §6.3.6, §6.5.1.4.3, §6.5.3.4.3, §6.5.4.4.3),
/// what they do to bearers, and the collisions of §6.5.2.5, §6.5.3.5, §6.5.4.5.
@Suite struct SessionRejectionTests {
  static let equivalent = PLMN("26201")!
  static let foreign = PLMN("20801")!

  /// Registered, with a second PDN connection at "ims" on bearer 6 and a dedicated bearer 7 beside it.
  private func connected() throws -> Bench {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.attach()
    bench.ue.registration.equivalentPLMNs = [Self.equivalent, Bench.plmn]
    _ = try bench.opened(bench.give(.requestSession(.connect("ims"))))
    let transaction = try #require(bench.ue.sessions.transactions.first)
    _ = try bench.opened(bench.deliver(Bench.activation(transaction: transaction.identity, bearer: 6), .ciphered))
    _ = try bench.opened(bench.deliver(SessionTests.dedicated(bearer: 7, linked: 6), .ciphered))
    try #require(bench.ue.activeBearerIdentities == [5, 6, 7])
    return bench
  }

  private static func request(_ procedure: SessionProcedure, linked: UInt8 = 6) -> SessionRequest {
    switch procedure {
    case .connectivity: .connect("ims")
    case .allocation: .allocate(linked: linked, SessionTests.flows, EPSQoS(qci: 1))
    case .modification: .modify(bearer: linked, SessionTests.flows, nil)
    }
  }

  static func reject(
    _ procedure: SessionProcedure, _ cause: UInt8, _ value: GPRSTimer3?, _ indicator: UInt8?, transaction: UInt8
  ) -> NASMessage {
    let cause = ESMCause(rawValue: cause)
    let reattempt = indicator.map { ReattemptIndicator(rawValue: $0) }
    var message: NASMessage
    switch procedure {
    case .connectivity:
      message = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: transaction)
      message.set(PDNConnectivityReject.esmCause, cause)
      message.set(PDNConnectivityReject.backOffTimerValue, value)
      message.set(PDNConnectivityReject.reattemptIndicator, reattempt)
    case .allocation:
      message = NASMessage(.bearerResourceAllocationReject, procedureTransactionIdentity: transaction)
      message.set(BearerResourceAllocationReject.esmCause, cause)
      message.set(BearerResourceAllocationReject.backOffTimerValue, value)
      message.set(BearerResourceAllocationReject.reattemptIndicator, reattempt)
    case .modification:
      message = NASMessage(.bearerResourceModificationReject, procedureTransactionIdentity: transaction)
      message.set(BearerResourceModificationReject.esmCause, cause)
      message.set(BearerResourceModificationReject.backOffTimerValue, value)
      message.set(BearerResourceModificationReject.reattemptIndicator, reattempt)
    }
    return message
  }

  /// `connected`, the procedure asked for and refused.
  private func refused(
    _ procedure: SessionProcedure, _ cause: UInt8, _ value: GPRSTimer3? = nil, indicator: UInt8? = nil
  ) throws -> (bench: Bench, outputs: [UE.Output]) {
    let bench = try connected()
    _ = try bench.opened(bench.give(.requestSession(Self.request(procedure))))
    let transaction = try #require(bench.ue.sessions.transactions.first)
    return (bench, bench.deliver(Self.reject(procedure, cause, value, indicator, transaction: transaction.identity), .ciphered))
  }

  private func started(_ outputs: [UE.Output]) -> [ESMTimer: Duration] {
    var all: [ESMTimer: Duration] = [:]
    for case .startSessionTimer(let timer, let length) in outputs { all[timer] = length }
    return all
  }

  @Test(arguments: SessionProcedure.allCases)
  func `a value with another cause holds this procedure back, at this access point and in this PLMN, and nothing else`(
    procedure: SessionProcedure
  ) throws {
    let (bench, outputs) = try refused(procedure, 30, GPRSTimer3(seconds: 600))
    let timer = ESMTimer(backOff: procedure, Bench.plmn, "ims")
    #expect(started(outputs) == [timer: .seconds(600)])
    for other in SessionProcedure.allCases {
      #expect(bench.ue.isBackedOff(Self.request(other)) == (other == procedure), "\(other)")
    }
    #expect(!bench.ue.isBackedOff(.connect("mms")) && !bench.ue.isBackedOff(.allocate(linked: 5, SessionTests.flows, EPSQoS(qci: 1))))
    // A request of the network does not stop it, as it stops T3396.
    _ = bench.deliver(SessionTests.modification(bearer: 6), .ciphered)
    #expect(bench.ue.isBackedOff(Self.request(procedure)))
    // Another PLMN, and back.
    bench.ue.servingTrackingArea = TrackingAreaIdentity(plmn: Self.equivalent, tac: 1)
    #expect(!bench.ue.isBackedOff(Self.request(procedure)))
    bench.ue.servingTrackingArea = Bench.area
    #expect(bench.ue.isBackedOff(Self.request(procedure)))
    bench.give(.sessionTimerExpired(timer))
    #expect(!bench.ue.isBackedOff(Self.request(procedure)))
  }

  @Test(arguments: SessionProcedure.allCases)
  func `zero: at once again; deactivated: until switching off; the indicator: in the equivalent PLMNs too`(
    procedure: SessionProcedure
  )
    throws
  {
    #expect(try !refused(procedure, 30, GPRSTimer3(seconds: 0)).bench.ue.isBackedOff(Self.request(procedure)))
    let (never, outputs) = try refused(procedure, 30, .deactivated, indicator: 2)
    #expect(started(outputs).isEmpty && never.ue.isBackedOff(Self.request(procedure)))
    for (plmn, isHeld) in [(Self.equivalent, true), (Self.foreign, false)] {
      never.ue.servingTrackingArea = TrackingAreaIdentity(plmn: plmn, tac: 1)
      #expect(never.ue.isBackedOff(Self.request(procedure)) == isHeld)
    }
    never.give(.detach(switchOff: true))
    #expect(never.ue.sessionBackOffs.isEmpty)
    let both = try refused(procedure, 30, GPRSTimer3(seconds: 600), indicator: 3).outputs
    #expect(
      Set(started(both).keys) == [ESMTimer(backOff: procedure, Bench.plmn, "ims"), ESMTimer(backOff: procedure, Self.equivalent, "ims")])
  }

  @Test(
    arguments: [
      (.connectivity, 8, true), (.connectivity, 27, true), (.connectivity, 32, true), (.connectivity, 33, true), (.connectivity, 30, false),
      (.allocation, 32, true), (.allocation, 33, true), (.allocation, 8, false), (.allocation, 30, false), (.modification, 32, true),
      (.modification, 33, true), (.modification, 27, false),
    ] as [(SessionProcedure, UInt8, Bool)])
  func `without a value 12 minutes with some causes, whatever the indicator says`(
    procedure: SessionProcedure, cause: UInt8, isHeld: Bool
  )
    throws
  {
    let outputs = try refused(procedure, cause, indicator: 2).outputs
    #expect(started(outputs) == (isHeld ? [ESMTimer(backOff: procedure, Bench.plmn, "ims"): .seconds(720)] : [:]))
  }

  @Test(arguments: [50, 51, 54, 57, 58, 61] as [UInt8])
  func `with these causes the value is ignored`(cause: UInt8) throws {
    let (bench, outputs) = try refused(.connectivity, cause, GPRSTimer3(seconds: 600), indicator: 2)
    #expect(started(outputs).isEmpty && !bench.ue.isBackedOff(.connect("ims")))
    // "Initial request" again, as ever (§6.5.1.4.3, #54).
    let next = try #require(try bench.opened(bench.give(.requestSession(.connect("ims")))).last)
    #expect(try next.message[PDNConnectivityRequest.requestType] == .initialRequest)
  }

  @Test func `#66 without a value: not in this PLMN until switching off, with the indicator not in its equivalents; with a value as long`()
    throws
  {
    for (indicator, inEquivalent) in [(nil, false), (0, false), (2, true)] as [(UInt8?, Bool)] {
      let (bench, outputs) = try refused(.connectivity, 66, indicator: indicator)
      #expect(started(outputs).isEmpty && bench.ue.isBackedOff(.connect("ims")))
      bench.ue.servingTrackingArea = TrackingAreaIdentity(plmn: Self.equivalent, tac: 1)
      #expect(bench.ue.isBackedOff(.connect("ims")) == inEquivalent)
    }
    let outputs = try refused(.connectivity, 66, GPRSTimer3(seconds: 60)).outputs
    #expect(started(outputs) == [ESMTimer(backOff: .connectivity, Bench.plmn, "ims"): .seconds(60)])
    #expect(try !refused(.connectivity, 66, GPRSTimer3(seconds: 0)).bench.ue.isBackedOff(.connect("ims")))
  }

  @Test func `#65: as many bearers as there are is the PLMN's maximum, until one goes or the network makes one (§6.5.0, §6.4.2.5 d)`()
    throws
  {
    let (bench, outputs) = try refused(.connectivity, 65, GPRSTimer3(seconds: 600))
    #expect(started(outputs).isEmpty)
    #expect(bench.ue.isBackedOff(.connect("mms")) && bench.ue.isBackedOff(Self.request(.allocation)))
    #expect(!bench.ue.isBackedOff(Self.request(.modification)) && !bench.ue.isBackedOff(.disconnect(linked: 6)))
    bench.ue.servingTrackingArea = TrackingAreaIdentity(plmn: Self.foreign, tac: 1)
    #expect(!bench.ue.isBackedOff(.connect("mms")))
    bench.ue.servingTrackingArea = Bench.area
    var goes = bench.ue
    goes.dedicatedBearers = []
    #expect(!goes.isBackedOff(.connect("mms")))
    _ = try bench.opened(bench.deliver(SessionTests.dedicated(bearer: 8, linked: 5), .ciphered))
    #expect(bench.ue.activeBearerIdentities.contains(8) && !bench.ue.isBackedOff(.connect("mms")))
  }

  // MARK: Inside ATTACH REJECT

  private func attachRefused(_ cause: UInt8, _ value: GPRSTimer3?, isProtected: Bool) throws -> (bench: Bench, outputs: [UE.Output]) {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    bench.give(.attach)
    if isProtected {
      bench.deliver(bench.challenge(), .plain)
      bench.deliver(bench.securityModeCommand())
    }
    var reject = Bench.attachReject(.esmFailure)
    reject.set(AttachReject.esmMessageContainer, ESMMessageContainer(Self.reject(.connectivity, cause, value, nil, transaction: 1)))
    return (bench, bench.deliver(reject, isProtected ? .ciphered : .plain))
  }

  @Test func `inside an ATTACH REJECT a value counts as told if protected, else drawn; without one nothing is held back but by #66`() throws
  {
    let timer = ESMTimer(backOff: .connectivity, Bench.plmn, nil)
    #expect(try started(attachRefused(33, GPRSTimer3(seconds: 60), isProtected: true).outputs) == [timer: .seconds(60)])
    let drawn = try started(attachRefused(33, GPRSTimer3(seconds: 60), isProtected: false).outputs)[timer]
    #expect(try (.seconds(900)...(.seconds(1800))).contains(#require(drawn)))
    #expect(try !attachRefused(33, nil, isProtected: true).bench.ue.isBackedOff(nil))
    #expect(try !attachRefused(33, nil, isProtected: false).bench.ue.isBackedOff(nil))
    let barred = try attachRefused(66, nil, isProtected: true)
    #expect(started(barred.outputs).isEmpty && barred.bench.ue.isBackedOff(nil))
    #expect(try started(attachRefused(66, nil, isProtected: false).outputs)[timer] != nil)
    // It is the PLMN's: elsewhere the attach goes.
    barred.bench.give(.radioConnectionReleased)
    #expect(barred.bench.give(.timerExpired(.t3411)).uplinks.isEmpty)
    let elsewhere = barred.bench.give(.campedOn(TrackingAreaIdentity(plmn: Self.foreign, tac: 1)))
    #expect(elsewhere.uplinks.count == 1)
  }

  @Test func `after #50 an attach with the same PDN type does not begin by itself, but at the user's wish`() throws {
    let (bench, _) = try attachRefused(50, nil, isProtected: true)
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.timerExpired(.t3411)).uplinks.isEmpty)
    #expect(bench.give(.attach).uplinks.count == 1)
  }

  // MARK: What rejections do to bearers

  @Test func `with the last PDN connection the registration ends, and an attach follows (§6.4.4.6)`() throws {
    let bench = try Bench.registered()
    _ = try bench.opened(bench.give(.requestSession(Self.request(.allocation, linked: 5))))
    let transaction = try #require(bench.ue.sessions.transactions.first).identity
    let outputs = bench.deliver(Self.reject(.allocation, 43, nil, nil, transaction: transaction), .ciphered)
    #expect(outputs.events.contains(.detached(.locally)) && bench.ue.state == .registeredInitiated)
  }

  @Test func `a PDN DISCONNECT REJECT ends the connection all the same, but for #49 (§6.5.2.4)`() throws {
    for (cause, left) in [(43, [5]), (35, [5]), (96, [5]), (49, [5, 6, 7])] as [(UInt8, Set<UInt8>)] {
      let bench = try connected()
      _ = try bench.opened(bench.give(.requestSession(.disconnect(linked: 6))))
      let transaction = try #require(bench.ue.sessions.transactions.first)
      var reject = NASMessage(.pdnDisconnectReject, procedureTransactionIdentity: transaction.identity)
      reject.set(PDNDisconnectReject.esmCause, ESMCause(rawValue: cause))
      bench.deliver(reject, .ciphered)
      #expect(bench.ue.activeBearerIdentities == left, "#\(cause)")
    }
  }

  @Test func `#43 to a bearer resource request ends the bearer that it was about (§6.5.3.5 b, §6.5.4.4.1)`() throws {
    #expect(try refused(.allocation, 43).bench.ue.activeBearerIdentities == [5])
    #expect(try refused(.allocation, 30).bench.ue.activeBearerIdentities == [5, 6, 7])
    #expect(try refused(.modification, 43).bench.ue.activeBearerIdentities == [5])
    #expect(try refused(.modification, 31).bench.ue.activeBearerIdentities == [5, 6, 7])
  }

  private func releasing() throws -> (Bench, SessionTransaction) {
    let bench = try connected()
    let filters = try #require(bench.ue.dedicatedBearers.first).trafficFlowTemplate.packetFilters.map(\.identifier)
    let all = TrafficFlowTemplate(.deletePacketFilters, deletedFilters: filters)
    _ = try bench.opened(bench.give(.requestSession(.modify(bearer: 7, all, nil))))
    return (bench, try #require(bench.ue.sessions.transactions.first))
  }

  @Test func `a release of all of a bearer's flows that is refused with #31, or never answered, ends the bearer (§6.5.4.5 a, d)`() throws {
    let (bench, transaction) = try releasing()
    bench.deliver(Self.reject(.modification, 31, nil, nil, transaction: transaction.identity), .ciphered)
    #expect(bench.ue.activeBearerIdentities == [5, 6])
    let (kept, other) = try releasing()
    kept.deliver(Self.reject(.modification, 30, nil, nil, transaction: other.identity), .ciphered)
    #expect(kept.ue.activeBearerIdentities == [5, 6, 7])
    let (silent, unanswered) = try releasing()
    for _ in 0..<4 { silent.give(.sessionTimerExpired(unanswered.timer)) }
    #expect(silent.ue.activeBearerIdentities == [5, 6, 7])
    silent.give(.sessionTimerExpired(unanswered.timer))
    #expect(silent.ue.activeBearerIdentities == [5, 6])
  }

  // MARK: Collisions

  @Test func `what the network wants of a connection that is being disconnected is ignored (§6.5.2.5 b, c)`() throws {
    let bench = try connected()
    _ = try bench.opened(bench.give(.requestSession(.disconnect(linked: 6))))
    #expect(bench.deliver(SessionTests.dedicated(bearer: 8, linked: 6), .ciphered).uplinks.isEmpty)
    #expect(bench.deliver(SessionTests.modification(bearer: 7), .ciphered).uplinks.isEmpty)
    #expect(bench.ue.activeBearerIdentities == [5, 6, 7])
    // Of another connection it is done.
    #expect(bench.deliver(SessionTests.dedicated(bearer: 8, linked: 5), .ciphered).uplinks.count == 1)
  }

  @Test func `a deactivation of the bearer that a request is about aborts the request (§6.5.3.5 c, §6.5.4.5 c)`() throws {
    for (request, bearer) in [(Self.request(.allocation), 6), (Self.request(.modification), 6)] as [(SessionRequest, UInt8)] {
      let bench = try connected()
      _ = try bench.opened(bench.give(.requestSession(request)))
      let timer = try #require(bench.ue.sessions.transactions.first).timer
      let outputs = bench.deliver(SessionTests.deactivation(bearer: bearer), .ciphered)
      #expect(outputs.contains(.stopSessionTimer(timer)) && outputs.events.contains(.sessionFailed(request, nil)))
      #expect(bench.ue.sessions.transactions.isEmpty && bench.ue.activeBearerIdentities == [5])
    }
  }
}
