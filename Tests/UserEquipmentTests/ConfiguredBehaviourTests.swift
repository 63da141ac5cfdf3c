import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// What EF_NASCONFIG and the UE's capabilities make of it: AttachWithIMSI, T3245, T3448 (TS 24.301 §5.3.7a, §5.3.19, §5.5.1.2.2).
@Suite struct ConfiguredBehaviourTests {
  static let foreign = EquivalentPLMNTests.area(of: EquivalentPLMNTests.foreign)

  // MARK: AttachWithIMSI

  @Test(arguments: [true, false])
  func `AttachWithIMSI: in a new PLMN an attach by IMSI takes the place of the update`(isConfigured: Bool) throws {
    let bench = Bench { $0.attachesWithIMSIInNewPLMN = isConfigured }
    bench.give(.campedOn(Bench.area))
    try bench.attachAndRelease()
    let outputs = bench.give(.campedOn(Self.foreign))
    let request = try #require(try bench.opened(outputs).first).message
    guard isConfigured else { return #expect(request.type == .trackingAreaUpdateRequest) }
    #expect(request.type == .attachRequest && outputs.events == [.detached(.locally)])
    #expect(try request[AttachRequest.epsMobileIdentity] == .imsi(Bench.imsi))
    #expect(try request[AttachRequest.oldGUTIType] == nil && request[AttachRequest.additionalGUTI] == nil)
  }

  @Test func `AttachWithIMSI: an equivalent PLMN is not new, and an attach at home goes by the GUTI`() throws {
    let bench = Bench { $0.attachesWithIMSIInNewPLMN = true }
    bench.give(.campedOn(Bench.area))
    try bench.attachAndRelease()
    bench.ue.registration.equivalentPLMNs = [EquivalentPLMNTests.foreign, Bench.plmn]
    #expect(try #require(try bench.opened(bench.give(.campedOn(Self.foreign))).first).message.type == .trackingAreaUpdateRequest)
    let home = try Bench.withStoredContext()
    home.ue.configuration.attachesWithIMSIInNewPLMN = true
    let request = try #require(try home.opened(home.give(.attach)).first).message
    #expect(try request[AttachRequest.epsMobileIdentity] == .guti(Bench.guti))
  }

  // MARK: From N1 mode

  @Test func `an attach after N1 mode: without N26 by the own GUTI, with it by the 5G-GUTI, called native (§5.5.1.2.2 a)`() throws {
    let mapped = InterSystemTests.mappedGUTI
    func request(_ n1: N1Registration, hasGUTI: Bool) throws -> (NASMessage, InitialNASMessage) {
      let bench = Bench(registration: Registration(guti: hasGUTI ? Bench.guti : nil))
      bench.give(.leftN1Mode(n1))
      let outputs = bench.give(.attach)
      let initial = try #require(outputs.compactMap { if case .establishConnection(let initial) = $0 { initial } else { nil } }.first)
      return (try #require(try bench.opened(outputs).first).message, initial)
    }
    for (hasN26, hasGUTI, has5G, identity) in [
      (false, true, true, EPSMobileIdentity.guti(Bench.guti)), (false, false, true, .imsi(Bench.imsi)), (true, true, true, .guti(mapped)),
      (true, false, true, .guti(mapped)), (true, true, false, .guti(Bench.guti)), (true, false, false, .imsi(Bench.imsi)),
    ] {
      let n1 = N1Registration(mappedGUTI: has5G ? mapped : nil, hasN26: hasN26, isRegistered: true)
      let (message, initial) = try request(n1, hasGUTI: hasGUTI)
      #expect(try message[AttachRequest.epsMobileIdentity] == identity, "\(n1), \(hasGUTI)")
      let isGUTI = if case .guti = identity { true } else { false }
      #expect(try (message[AttachRequest.oldGUTIType] == .native) == isGUTI && message[AttachRequest.additionalGUTI] == nil)
      let status = try message[AttachRequest.ueStatus]
      #expect(status?.isN1Registered == (!hasN26 ? (hasGUTI ? true : nil) : has5G ? false : nil), "\(n1), \(hasGUTI)")
      #expect(initial.isRegisteredMMEMappedFrom5GS == (hasN26 && has5G))
      if hasN26 && has5G { #expect(initial.registeredMME == mapped && initial.temporaryIdentity == nil) }
    }
  }

  @Test func `once attached the UE knows nothing of N1 mode any more`() throws {
    let bench = Bench()
    bench.give(.leftN1Mode(N1Registration(mappedGUTI: InterSystemTests.mappedGUTI, hasN26: true, isRegistered: false)))
    try bench.attach()
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.give(.radioConnectionReleased)
    let request = try #require(try bench.opened(bench.give(.attach)).first).message
    #expect(try request[AttachRequest.epsMobileIdentity] == .guti(Bench.guti) && request[AttachRequest.ueStatus] == nil)
  }

  // MARK: T3245

  private func rejected(_ cause: UInt8, _ configured: Duration? = .seconds(100), isProtected: Bool = true) throws -> (Bench, [UE.Output]) {
    let bench = Bench { $0.t3245 = configured }
    bench.give(.campedOn(Bench.area))
    bench.give(.attach)
    if isProtected { try bench.secureWhileAttaching() }
    let outputs = bench.deliver(Bench.attachReject(EMMCause(rawValue: cause)), isProtected ? .ciphered : .plain)
    bench.give(.radioConnectionReleased)
    return (bench, outputs)
  }

  @Test(arguments: [3, 6, 7, 8, 11, 14, 35] as [UInt8])
  func `T3245 starts with a forbidden PLMN or an invalid USIM, where it is configured, and undoes both`(cause: UInt8) throws {
    #expect(try !rejected(cause, nil).1.started.contains(.t3245))
    let (bench, outputs) = try rejected(cause)
    #expect(outputs.contains(timer: .t3245, after: .seconds(100)))
    bench.give(.timerExpired(.t3245))
    #expect(bench.ue.usim.isValid && bench.ue.forbidden.plmns.isEmpty && bench.ue.forbidden.plmnsForPacketServices.isEmpty)
    #expect(bench.ue.state == .registeredInitiated)
  }

  @Test func `T3245 takes the place of T3247 for a reject without protection (§5.3.7b)`() throws {
    let (bench, outputs) = try rejected(3, isProtected: false)
    #expect(outputs.started.contains(.t3245) && !outputs.started.contains(.t3247))
    #expect(bench.ue.state == .deregistered(.noIMSI))
  }

  @Test func `T3245 outlives switching off with what is left of it, and what it undoes waits as long (§5.3.7a)`() throws {
    let bench = try rejected(11).0
    bench.give(.detach(switchOff: true))
    #expect(bench.ue.mobileEquipmentState(at: .seconds(40)).t3245 == .seconds(60))

    let soon = try bench.restarted(after: .seconds(30))
    #expect(soon.give(.powerOn).contains(timer: .t3245, after: .seconds(70)))
    #expect(soon.ue.forbidden.plmns == [Bench.plmn] && soon.ue.mobileEquipmentState(at: .seconds(20)).t3245 == .seconds(50))
    // Running already: another reject does not start it anew.
    soon.give(.timerExpired(.t3245))
    #expect(soon.ue.forbidden.plmns.isEmpty && soon.ue.usimFiles.forbiddenPLMNs.isEmpty)
    #expect(soon.ue.mobileEquipmentState(at: .seconds(90)).t3245 == nil)

    // t1 is not greater than t: as upon expiry.
    for time in [100, 101, 1_000_000] {
      let late = try bench.restarted(after: .seconds(time))
      #expect(late.ue.forbidden.plmns == [Bench.plmn] && late.ue.mobileEquipmentState(at: .zero).t3245 == .zero)
      #expect(!late.give(.powerOn).started.contains(.t3245))
      #expect(late.ue.forbidden.plmns.isEmpty && late.ue.mobileEquipmentState(at: .zero).t3245 == nil)
      #expect(late.ue.state == .deregistered(.normalService))
    }
    // The clock cannot tell t: all of t1.
    let unknown = try bench.restarted(after: .seconds(-5))
    #expect(unknown.give(.powerOn).contains(timer: .t3245, after: .seconds(100)))
  }

  @Test func `T3245 that does not run is not remembered; another USIM's is not used`() throws {
    let bench = try rejected(11, nil).0
    bench.give(.detach(switchOff: true))
    #expect(bench.ue.mobileEquipmentState(at: .zero).t3245 == nil)
    let running = try rejected(11).0
    running.give(.detach(switchOff: true))
    #expect(throws: USIMFileError.self) { try running.restarted(imsi: "001010000000009") }
  }

  // MARK: T3448

  /// A UE that supports T3448, its data sent over the control plane and accepted with this value.
  private func accepted(_ value: GPRSTimer?, supports: Bool = true) throws -> (bench: Bench, outputs: [UE.Output]) {
    let bench = Bench(
      capability: UENetworkCapability(eea: 0xF0, eia: 0x70, uea: 0, uia: 0, features: [0, 0, supports ? 0x08 : 0]))
    bench.give(.campedOn(Bench.area))
    try bench.attachAndRelease()
    _ = try bench.opened(bench.give(.sendOverControlPlane(.esm([0x52, 0, 0xEB, 1, 1]))))
    var accept = NASMessage(.serviceAccept)
    accept.set(ServiceAccept.t3448Value, value)
    let outputs = bench.deliver(accept, .ciphered)
    bench.give(.radioConnectionReleased)
    return (bench, outputs)
  }

  private static let data = UE.Input.sendOverControlPlane(.esm([0x52, 0, 0xEB, 1, 1]))

  @Test func `T3448 of SERVICE ACCEPT holds user data over the control plane back, and nothing else`() throws {
    let (bench, outputs) = try accepted(GPRSTimer(seconds: 60))
    #expect(outputs.contains(timer: .t3448, after: .seconds(60)))
    #expect(bench.give(Self.data).events == [.serviceFailed(.backedOff(.t3448))])
    let ue = bench.ue
    #expect(bench.give(.requestService).uplinks.count == 1)
    bench.ue = ue
    bench.give(.timerExpired(.t3448))
    #expect(bench.give(Self.data).uplinks.count == 1)
  }

  @Test func `zero and deactivated count as absent, and so does all of it for a UE without the feature`() throws {
    for value in [GPRSTimer(seconds: 0), nil] {
      #expect(try !accepted(value).outputs.started.contains(.t3448))
    }
    #expect(try !accepted(GPRSTimer(seconds: 60), supports: false).outputs.started.contains(.t3448))
  }

  @Test func `an accept without the value stops T3448, another PLMN does, and the end of the registration`() throws {
    let updated = try accepted(GPRSTimer(seconds: 60)).bench
    updated.give(.updateTrackingArea(isActive: false))
    try updated.synchroniseNetwork()
    #expect(updated.deliver(Bench.updateAccept(), .ciphered).stopped.contains(.t3448))
    #expect(try accepted(GPRSTimer(seconds: 60)).bench.give(.campedOn(Self.foreign)).stopped.contains(.t3448))
    #expect(try accepted(GPRSTimer(seconds: 60)).bench.give(.detach(switchOff: true)).stopped.contains(.t3448))
  }

  @Test func `SERVICE REJECT #22 with T3448: as told if protected, drawn from 15 to 30 minutes if not`() throws {
    for isProtected in [true, false] {
      let bench = try accepted(nil).bench
      _ = bench.give(Self.data)
      try bench.synchroniseNetwork()
      var reject = Bench.serviceReject(.congestion)
      reject.set(ServiceReject.t3448Value, GPRSTimer(seconds: 60))
      let outputs = bench.deliver(reject, isProtected ? .ciphered : .plain)
      let length = outputs.compactMap { if case .startTimer(.t3448, let length) = $0 { length } else { nil } }.first
      let given = try #require(length)
      #expect(isProtected ? given == .seconds(60) : (.seconds(900) ... .seconds(1800)).contains(given))
    }
  }
}
