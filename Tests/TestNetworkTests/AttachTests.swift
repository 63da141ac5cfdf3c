import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

@Suite struct AttachTests {
  @Test func `attach by IMSI ends registered, with both sides' contexts alike`() throws {
    let bench = NetworkBench()
    #expect(try bench.setUp().messages == [.s1SetupResponse])
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    #expect(bench.mme.guti(imsi: NetworkBench.imsi) == ue.guti)
    try ue.expectAligned(bench)
    #expect(bench.timers.isEmpty)
    #expect(line.mme != 0)
  }

  @Test func `every S1AP message of an attach is complete by the grammar`() throws {
    let bench = NetworkBench()
    let setup = try bench.setUp()
    var ue = ScriptedUE()
    ue.lastRequest = ue.attachRequest().encoded()
    let (line, first) = try bench.initial(ue.lastRequest)
    let second = try bench.uplink(ue.answer(challenge: first.plainNAS(), bench).encoded(), line)
    let third = try bench.uplink(ue.complete(second.nas[0], bench), line)
    for (pdu, _, _) in setup.pdus + first.pdus + second.pdus + third.pdus { #expect(pdu.validate().isEmpty, "\(pdu.name)") }
  }

  @Test func `KeNB comes from the COUNT of SECURITY MODE COMPLETE, whatever else the UE sent since`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    ue.lastRequest = ue.attachRequest(wantsInformation: true).encoded()
    let (line, first) = try bench.initial(ue.lastRequest)
    let second = try bench.uplink(ue.answer(challenge: first.plainNAS(), bench).encoded(), line)
    let third = try bench.uplink(ue.complete(second.nas[0], bench), line)
    let information = try ue.open(third.nas[0], bench)
    #expect(information.type == .esmInformationRequest)
    #expect(information.procedureTransactionIdentity == 3)
    var response = NASMessage(.esmInformationResponse, procedureTransactionIdentity: 3)
    response.set(ESMInformationResponse.accessPointName, "ims")
    let fourth = try bench.uplink(ue.protect(response, bench), line)
    let request = try #require(fourth.pdus.first).pdu
    let kasme = try #require(ue.contexts.current).kasme
    #expect(request.keNB == bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: 0))
    #expect(
      try request.required(.ueSecurityCapabilities, as: UESecurityCapabilities.self)
        == UESecurityCapabilities(encryption: 0xE000, integrity: 0xE000))
    let accept = try ue.open(fourth.nas[0], bench)
    let bearer = try accept[AttachAccept.esmMessageContainer].message()
    #expect(bearer.procedureTransactionIdentity == 3)
    #expect(bearer.epsBearerIdentity == 5)
    #expect(try bearer[ActivateDefaultEPSBearerContextRequest.accessPointName].name == "ims")
  }

  @Test func `attach by a known GUTI with a good MAC re-uses the context: no SMC, KeNB from the ATTACH REQUEST`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    let old = ue.guti
    try ue.goIdle(bench, line)
    let count = try #require(ue.contexts.current?.uplinkNASCount)
    let (again, outputs) = try bench.initial(ue.protect(ue.attachRequest(), as: .integrityProtected, bench))
    let request = try #require(outputs.pdus.first).pdu
    let kasme = try #require(ue.contexts.current).kasme
    #expect(request.keNB == bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: count.value))
    try ue.finishAttach(outputs, again, bench)
    #expect(ue.guti != old)
    try ue.expectAligned(bench)
  }

  @Test func `attach by an unknown GUTI is asked for its IMSI`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let foreign = GUTI(plmn: NetworkBench.plmn, mmeGroupID: 9, mmeCode: 9, mTMSI: 42)
    ue.lastRequest = ue.attachRequest(.guti(foreign)).encoded()
    let (line, outputs) = try bench.initial(ue.lastRequest)
    let request = try outputs.plainNAS()
    #expect(request.type == .identityRequest)
    #expect(try request[IdentityRequest.identityType] == .imsi)
    #expect(bench.runs(.t3470))
    var response = NASMessage(.identityResponse)
    response.set(IdentityResponse.mobileIdentity, .imsi(NetworkBench.imsi))
    let challenge = try bench.uplink(response.encoded(), line)
    #expect(!bench.runs(.t3470))
    let command = try bench.uplink(ue.answer(challenge: challenge.plainNAS(), bench).encoded(), line)
    let accepted = try bench.uplink(ue.complete(command.nas[0], bench), line)
    try ue.finishAttach(accepted, line, bench)
    try ue.expectAligned(bench)
  }

  @Test(arguments: [true, false])
  func `a known GUTI without a good MAC is authenticated, and the SMC carries HASHMME`(isProtected: Bool) throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    try ue.goIdle(bench, try ue.attach(bench))
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    let request = ue.attachRequest()
    ue.lastRequest = request.encoded()
    let eKSI = ue.contexts.eKSI
    var octets = ue.lastRequest
    if isProtected {
      octets = try ue.protect(request, as: .integrityProtected, bench)
      octets[2] ^= 0xFF
    }
    let (line, outputs) = try bench.initial(octets)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
    let challenge = try outputs.plainNAS()
    #expect(try challenge[AuthenticationRequest.nasKeySetIdentifier] != eKSI)
    let command = try bench.uplink(ue.answer(challenge: challenge, bench).encoded(), line)
    guard case .protected(let pdu) = try NASPDU(parsing: command.nas[0], direction: .downlink) else { return }
    let hash = try NASMessage(decoding: pdu.payload, direction: .downlink)[SecurityModeCommand.hashMME]
    #expect(hash?.octets == bench.engine.initialMessageHash(of: ue.lastRequest))
    let accepted = try bench.uplink(ue.complete(command.nas[0], bench), line)
    try ue.finishAttach(accepted, line, bench)
    try ue.expectAligned(bench)
  }

  @Test func `what the replayed NAS message container holds takes the place of what arrived`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let original = ue.attachRequest(wantsInformation: true)
    ue.lastRequest = original.encoded()
    // On its way somebody took the flag out.
    let (line, outputs) = try bench.initial(ue.attachRequest(wantsInformation: false).encoded())
    let command = try bench.uplink(ue.answer(challenge: outputs.plainNAS(), bench).encoded(), line)
    guard case .complete(let acceptance) = try ue.evaluate(command.nas[0], bench) else {
      Issue.record("not accepted")
      return
    }
    #expect(acceptance.replaysInitialMessage)
    let next = try bench.uplink(ue.complete(command.nas[0], container: original, bench), line)
    #expect(try ue.open(next.nas[0], bench).type == .esmInformationRequest)
  }

  @Test func `an IMSI that the HSS does not have is rejected with the configured cause`() throws {
    for cause: UInt8 in [2, 8] {
      let bench = NetworkBench { $0.causeForUnknownIMSI = cause }
      _ = try bench.setUp()
      let ue = ScriptedUE("001019999999999")
      let (line, outputs) = try bench.initial(ue.attachRequest().encoded())
      #expect(outputs.messages == [.downlinkNASTransport, .ueContextReleaseCommand])
      let reject = try outputs.plainNAS()
      #expect(reject.type == .attachReject)
      #expect(try reject[AttachReject.emmCause].rawValue == cause)
      _ = try bench.releaseComplete(line)
      #expect(bench.mme.connectionCount == 0)
    }
  }

  @Test func `a subscriber that is not allowed is rejected under security`() throws {
    let bench = NetworkBench { $0.attachRejections = [NetworkBench.imsi: 7] }
    _ = try bench.setUp()
    var ue = ScriptedUE()
    ue.lastRequest = ue.attachRequest().encoded()
    let (line, outputs) = try bench.initial(ue.lastRequest)
    let command = try bench.uplink(ue.answer(challenge: outputs.plainNAS(), bench).encoded(), line)
    let rejected = try bench.uplink(ue.complete(command.nas[0], bench), line)
    let reject = try ue.open(rejected.nas[0], bench)
    #expect(reject.type == .attachReject)
    #expect(try reject[AttachReject.emmCause] == .epsServicesNotAllowed)
    #expect(rejected.messages.last == .ueContextReleaseCommand)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-DEREGISTERED")
  }

  @Test func `ATTACH ACCEPT goes out four more times, each with a COUNT of its own, then the attach is aborted`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    ue.lastRequest = ue.attachRequest().encoded()
    let (line, first) = try bench.initial(ue.lastRequest)
    let second = try bench.uplink(ue.answer(challenge: first.plainNAS(), bench).encoded(), line)
    let third = try bench.uplink(ue.complete(second.nas[0], bench), line)
    var seen = [third.nas[0]]
    #expect(try ue.open(third.nas[0], bench).type == .attachAccept)
    for _ in 0..<4 {
      let again = try bench.expire(.t3450)
      #expect(again.messages == [.downlinkNASTransport])
      #expect(try ue.open(again.nas[0], bench).type == .attachAccept)
      seen.append(again.nas[0])
    }
    #expect(Set(seen.map { $0[5] }).count == 5)
    let aborted = try bench.expire(.t3450)
    #expect(aborted.messages == [.ueContextReleaseCommand])
    #expect(aborted.states == ["EMM-DEREGISTERED"])
    #expect(!bench.runs(.t3450))
  }

  @Test func `the same ATTACH REQUEST again brings the same ATTACH ACCEPT again`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    try ue.goIdle(bench, try ue.attach(bench))
    let request = ue.attachRequest()
    let (line, first) = try bench.initial(ue.protect(request, as: .integrityProtected, bench))
    let accept = try ue.open(first.nas[0], bench)
    let again = try bench.uplink(ue.protect(request, as: .integrityProtected, bench), line)
    #expect(again.messages == [.downlinkNASTransport])
    #expect(try ue.open(again.nas[0], bench) == accept)
  }

  @Test func `an attach from elsewhere releases the older connection only once it is proved`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp(0)
    _ = try bench.setUp(1)
    var ue = ScriptedUE()
    let old = try ue.attach(bench, on: 0)
    // Somebody else with the victim's IMSI: nothing happens to the victim.
    let (_, claimed) = try bench.initial(ue.attachRequest(.imsi(NetworkBench.imsi), eKSI: .noKey).encoded(), on: 1)
    #expect(claimed.pdus.allSatisfy { $0.association == 1 })
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    // The UE itself, under its context.
    let (_, proved) = try bench.initial(ue.protect(ue.attachRequest(), as: .integrityProtected, bench), on: 1)
    let release = try #require(proved.pdus.first { $0.pdu.message == .ueContextReleaseCommand })
    #expect(release.association == 0)
    #expect(release.pdu.releasedMME == old.mme)
    #expect(proved.messages.contains(.initialContextSetupRequest))
  }

  @Test func `the same seed and inputs give the same octets`() throws {
    func run() throws -> [[UInt8]] {
      let bench = NetworkBench()
      _ = try bench.setUp()
      var ue = ScriptedUE()
      _ = try ue.attach(bench)
      return bench.give(.command(.reallocateGUTI, imsi: NetworkBench.imsi)).nas
    }
    let once = try run()
    #expect(once.count == 1)
    #expect(try run() == once)
  }

  @Test func `a world copied between SECURITY MODE COMMAND and COMPLETE goes on twice`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    ue.lastRequest = ue.attachRequest().encoded()
    let (line, first) = try bench.initial(ue.lastRequest)
    let second = try bench.uplink(ue.answer(challenge: first.plainNAS(), bench).encoded(), line)
    let (mme, copy) = (bench.mme, ue)
    try ue.finishAttach(try bench.uplink(ue.complete(second.nas[0], bench), line), line, bench)
    bench.mme = mme
    var other = copy
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi)?.current == nil)
    try other.finishAttach(try bench.uplink(other.complete(second.nas[0], bench), line), line, bench)
    try other.expectAligned(bench)
  }
}
