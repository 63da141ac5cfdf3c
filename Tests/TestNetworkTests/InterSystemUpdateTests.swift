import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// Tracking area updates of UEs that come in idle mode from UTRAN or GERAN (TS 24.301 §4.4.2.3, §4.4.4.3, §5.5.3.2.4).
@Suite struct InterSystemUpdateTests {
  static let umts = UMTSSecurityContext(
    ck: KeyMaterial([UInt8](repeating: 0xC1, count: 16)), ik: KeyMaterial([UInt8](repeating: 0x1C, count: 16)), keySetIdentifier: 4)
  /// P-TMSI and RAI as a GUTI.
  static let mapped = GUTI(plmn: NetworkBench.plmn, mmeGroupID: 0x8001, mmeCode: 7, mTMSI: 0xC000_0001)
  static let nonce: UInt32 = 0x0102_0304

  private func bench(knowsKeys: Bool = true, _ configure: (inout MMEConfiguration) -> Void = { _ in }) throws -> NetworkBench {
    let bench = NetworkBench(configure)
    _ = try bench.setUp()
    if knowsKeys {
      bench.give(.sourceContext(SourceContext(guti: Self.mapped, security: .umts(Self.umts)), imsi: NetworkBench.imsi))
    }
    return bench
  }

  /// TRACKING AREA UPDATE REQUEST after the change from UTRAN.
  private func request(_ ue: inout ScriptedUE, cksn: UInt8 = 4, nonce: UInt32? = InterSystemUpdateTests.nonce) -> NASMessage {
    var message = ue.updateRequest(guti: Self.mapped, withCapability: true, active: [5])
    message.set(TrackingAreaUpdateRequest.oldGUTIType, .mapped)
    message.set(TrackingAreaUpdateRequest.additionalGUTI, ue.guti.map { .guti($0) })
    message.set(TrackingAreaUpdateRequest.gprsCipheringKeySequenceNumber, CipheringKeySequenceNumber(rawValue: cksn))
    message.set(TrackingAreaUpdateRequest.nonceUE, nonce.map { Nonce($0) })
    ue.lastRequest = message.encoded()
    ue.mapping = (Self.umts, nonce ?? 0)
    return message
  }

  private func command(_ outputs: [MME.Output]) throws -> NASMessage {
    let octets = try #require(outputs.nas.first)
    let pdu = try #require(try? SecurityProtectedNAS(downlink: octets))
    #expect(pdu.headerType == .integrityProtectedNewContext)
    return try NASMessage(decoding: pdu.payload, direction: .downlink)
  }

  private func finish(_ ue: inout ScriptedUE, _ outputs: [MME.Output], _ line: Line, _ bench: NetworkBench) throws {
    let accept = try ue.open(try #require(outputs.nas.first), bench)
    guard case .guti(let guti)? = try accept[TrackingAreaUpdateAccept.guti] else {
      Issue.record("no GUTI")
      return
    }
    ue.guti = guti
    _ = try bench.uplink(ue.protect(NASMessage(.trackingAreaUpdateComplete), bench), line)
    #expect(bench.mme.guti(imsi: NetworkBench.imsi) == guti)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
  }

  @Test func `plain TAU with NONCE_UE, CKSN, P-TMSI and RAI: an SMC takes a new mapped context into use, with both nonces and HASHMME`()
    throws
  {
    let bench = try bench()
    var ue = ScriptedUE()
    let (line, outputs) = try bench.initial(request(&ue).encoded())
    let command = try command(outputs)
    #expect(try command[SecurityModeCommand.nasKeySetIdentifier] == NASKeySetIdentifier(.mapped, value: 4))
    #expect(try command[SecurityModeCommand.replayedNonceUE]?.value == Self.nonce)
    let nonceMME = try #require(try command[SecurityModeCommand.nonceMME]).value
    #expect(try command[SecurityModeCommand.hashMME]?.octets == bench.engine.initialMessageHash(of: ue.lastRequest))
    #expect(outputs.nas[0][5] == 0, "the downlink COUNT of a new mapped context is reset")
    // Nothing of the UE's record has changed for what nobody proved.
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == SecurityContexts())
    #expect(!bench.mme.isConnected(imsi: NetworkBench.imsi))
    let accepted = try bench.uplink(ue.complete(outputs.nas[0], bench), line)
    #expect(
      ue.contexts.current?.kasme
        == bench.engine.deriveMappedKASME(ck: Self.umts.ck, ik: Self.umts.ik, nonceUE: Self.nonce, nonceMME: nonceMME))
    try finish(&ue, accepted, line, bench)
    try ue.expectAligned(bench)
    #expect(bench.mme.ueOfSourceGUTI.isEmpty)
  }

  @Test func `a retransmitted SMC of a mapped context has the same nonces and the next COUNT`() throws {
    let bench = try bench()
    var ue = ScriptedUE()
    let (line, outputs) = try bench.initial(request(&ue).encoded())
    let again = try bench.expire(.t3460)
    #expect(try command(again).encoded() == command(outputs).encoded())
    #expect(again.nas[0][5] == 1)
    try finish(&ue, bench.uplink(ue.complete(again.nas[0], bench), line), line, bench)
    try ue.expectAligned(bench)
  }

  @Test func `a TAU protected by the current EPS context that the MME has is accepted under that, without an SMC`() throws {
    let bench = try bench()
    var ue = ScriptedUE()
    try ue.goIdle(bench, try ue.attach(bench))
    let kasme = try #require(ue.contexts.current).kasme
    let (line, outputs) = try bench.initial(ue.protect(request(&ue), as: .integrityProtected, bench))
    try finish(&ue, outputs, line, bench)
    #expect(ue.contexts.current?.kasme == kasme)
    try ue.expectAligned(bench)
  }

  @Test
  func `a TAU whose EPS context the MME cannot use makes a mapped one; the native one steps aside, wakes by SMC, and the mapped goes`()
    throws
  {
    let bench = try bench()
    var ue = ScriptedUE()
    try ue.goIdle(bench, try ue.attach(bench))
    let native = try #require(ue.contexts.current)
    var octets = try ue.protect(request(&ue), as: .integrityProtected, bench)
    octets[1] ^= 1
    let (line, outputs) = try bench.initial(octets)
    let accepted = try bench.uplink(ue.complete(outputs.nas[0], bench), line)
    #expect(ue.contexts.current?.type == .mapped)
    try finish(&ue, accepted, line, bench)
    try ue.expectAligned(bench)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi)?.nonCurrent != nil)
    // The one that was registered under the additional GUTI is this UE: its older connection is gone, its context beside.
    _ = try bench.releaseComplete(line)
    let (again, _) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    _ = try bench.contextSetUp(again)
    let waking = bench.give(.command(.securityMode(of: .nonCurrent), imsi: NetworkBench.imsi))
    #expect(try command(waking)[SecurityModeCommand.nasKeySetIdentifier] == native.eKSI)
    _ = try bench.uplink(ue.complete(waking.nas[0], bench), again)
    #expect(ue.contexts.current?.kasme == native.kasme)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi)?.nonCurrent == nil)
    try ue.expectAligned(bench)
  }

  @Test func `EMM-REGISTERED is left while the current context is mapped: the native one beside is current again, on both sides`() throws {
    let bench = try bench()
    var ue = ScriptedUE()
    try ue.goIdle(bench, try ue.attach(bench))
    let native = try #require(ue.contexts.current).kasme
    var octets = try ue.protect(request(&ue), as: .integrityProtected, bench)
    octets[1] ^= 1
    let (line, outputs) = try bench.initial(octets)
    try finish(&ue, bench.uplink(ue.complete(outputs.nas[0], bench), line), line, bench)
    _ = try bench.releaseComplete(line)
    let (leaving, detached) = try bench.initial(ue.protect(ue.detachRequest(), as: .integrityProtected, bench))
    #expect(try ue.open(detached.nas[0], bench).type == .detachAccept)
    #expect(detached.states == ["EMM-DEREGISTERED"])
    ue.contexts.deregistered()
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi)?.current?.kasme == native)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi)?.nonCurrent == nil)
    _ = try bench.releaseComplete(leaving)
    let (again, attaching) = try bench.initial(ue.protect(ue.attachRequest(), as: .integrityProtected, bench))
    try ue.finishAttach(attaching, again, bench)
    try ue.expectAligned(bench)
  }

  enum Lack: CaseIterable { case nonce, keySetIdentifier, keys, policy }

  @Test(arguments: Lack.allCases)
  func `plain TAU that lacks what a mapped context is made of: authentication, then an SMC with HASHMME`(lack: Lack) throws {
    let bench = try bench(knowsKeys: lack != .keys) { $0.mapsSecurityContexts = lack != .policy }
    var ue = ScriptedUE()
    let message = request(&ue, cksn: lack == .keySetIdentifier ? 5 : 4, nonce: lack == .nonce ? nil : Self.nonce)
    var (line, outputs) = try bench.initial(message.encoded())
    if lack == .keys {
      // Nobody knows the identity: it is asked for.
      #expect(try outputs.plainNAS().type == .identityRequest)
      var identity = NASMessage(.identityResponse)
      identity.set(IdentityResponse.mobileIdentity, .imsi(NetworkBench.imsi))
      outputs = try bench.uplink(identity.encoded(), line)
    }
    let response = try ue.answer(challenge: outputs.plainNAS(), bench)
    let secured = try bench.uplink(response.encoded(), line)
    #expect(try command(secured)[SecurityModeCommand.nonceMME] == nil)
    #expect(try command(secured)[SecurityModeCommand.hashMME]?.octets == bench.engine.initialMessageHash(of: ue.lastRequest))
    try finish(&ue, bench.uplink(ue.complete(secured.nas[0], bench), line), line, bench)
    #expect(ue.contexts.current?.type == .native)
    try ue.expectAligned(bench)
  }

  @Test func `a forged TAU with the nonce of nobody leaves the UE registered, connected and with its contexts`() throws {
    let bench = try bench()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    var forger = ScriptedUE()
    let (_, outputs) = try bench.initial(request(&forger, nonce: 9).encoded())
    #expect(outputs.messages == [.downlinkNASTransport])
    for _ in 0..<4 { try bench.expire(.t3460) }
    #expect(try bench.expire(.t3460).messages == [.ueContextReleaseCommand])
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
    #expect(bench.mme.isConnected(imsi: NetworkBench.imsi))
    #expect(try bench.uplink(ue.protect(ue.detachRequest(), bench), line).states == ["EMM-DEREGISTERED"])
  }

  @Test func `where HASHMME differs, the replayed request is served, and the UE is still the one from UTRAN`() throws {
    let bench = try bench()
    var ue = ScriptedUE()
    let genuine = request(&ue)
    var altered = genuine
    altered.set(TrackingAreaUpdateRequest.epsBearerContextStatus, EPSBearerContextStatus(active: [5, 6, 7]))
    let (line, outputs) = try bench.initial(altered.encoded())
    guard case .complete(let acceptance) = try ue.evaluate(outputs.nas[0], bench) else {
      Issue.record("not accepted")
      return
    }
    #expect(acceptance.replaysInitialMessage)
    try finish(&ue, bench.uplink(ue.complete(outputs.nas[0], container: genuine, bench), line), line, bench)
    #expect(bench.mme.ues[0].bearerIdentities == [5])
  }

  @Test func `a UE without an integrity algorithm in common is rejected with cause 23`() throws {
    let bench = try bench()
    var ue = ScriptedUE()
    ue.capability = UENetworkCapability(eea: 0xF0, eia: 0x80)
    let (_, outputs) = try bench.initial(request(&ue).encoded())
    #expect(try outputs.plainNAS()[TrackingAreaUpdateReject.emmCause] == .ueSecurityCapabilitiesMismatch)
  }

  @Test func `what a source system says is kept once per subscriber, and of subscribers alone`() throws {
    let bench = try bench()
    let other = GUTI(plmn: NetworkBench.plmn, mmeGroupID: 0x8001, mmeCode: 7, mTMSI: 2)
    bench.give(.sourceContext(SourceContext(guti: other, security: .umts(Self.umts)), imsi: NetworkBench.imsi))
    #expect(Array(bench.mme.ueOfSourceGUTI.keys) == [other])
    bench.give(.sourceContext(nil, imsi: NetworkBench.imsi))
    #expect(bench.mme.ueOfSourceGUTI.isEmpty && bench.mme.ues[0].source == nil)
    #expect(bench.give(.sourceContext(SourceContext(guti: other, security: .umts(Self.umts)), imsi: "999")).discards.count == 1)
  }
}
