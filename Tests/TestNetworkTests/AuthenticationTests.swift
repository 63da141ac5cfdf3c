import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

@Suite struct AuthenticationTests {
  /// Starts an attach by IMSI and returns the challenge.
  private func challenge(_ bench: NetworkBench, _ ue: inout ScriptedUE) throws -> (Line, NASMessage) {
    _ = try bench.setUp()
    ue.lastRequest = ue.attachRequest().encoded()
    let (line, outputs) = try bench.initial(ue.lastRequest)
    return (line, try outputs.plainNAS())
  }

  @Test func `a synch failure takes the USIM's SQN over and challenges again with another eKSI`() throws {
    let bench = NetworkBench()
    var ue = ScriptedUE()
    let isFresh = ue.sequenceNumbers.accept(0x1000 << 5 | 1)
    #expect(isFresh)
    let (line, first) = try challenge(bench, &ue)
    let failure = try ue.answer(challenge: first, bench)
    #expect(failure.type == .authenticationFailure)
    let second = try bench.uplink(failure.encoded(), line).plainNAS()
    #expect(second.type == .authenticationRequest)
    #expect(try second[AuthenticationRequest.nasKeySetIdentifier] != first[AuthenticationRequest.nasKeySetIdentifier])
    let response = try ue.answer(challenge: second, bench)
    #expect(response.type == .authenticationResponse)
    let command = try bench.uplink(response.encoded(), line)
    try ue.finishAttach(try bench.uplink(ue.complete(command.nas[0], bench), line), line, bench)
    try ue.expectAligned(bench)
  }

  @Test func `AUTS that is not genuine, and a second synch failure, are rejected`() throws {
    let bench = NetworkBench()
    var ue = ScriptedUE()
    let (line, _) = try challenge(bench, &ue)
    let forged = ScriptedUE.failure(.synchFailure, auts: [UInt8](repeating: 1, count: 14))
    let outputs = try bench.uplink(forged.encoded(), line)
    #expect(try outputs.plainNAS().type == .authenticationReject)
    #expect(outputs.messages.last == .ueContextReleaseCommand)
  }

  @Test(arguments: [EMMCause.macFailure, .nonEPSAuthenticationUnacceptable])
  func `a UE known by IMSI that refuses the challenge is rejected`(cause: EMMCause) throws {
    let bench = NetworkBench()
    var ue = ScriptedUE()
    let (line, _) = try challenge(bench, &ue)
    let outputs = try bench.uplink(ScriptedUE.failure(cause).encoded(), line)
    #expect(try outputs.plainNAS().type == .authenticationReject)
  }

  @Test func `a wrong RES is rejected, and the UE's record is untouched`() throws {
    let bench = NetworkBench()
    var ue = ScriptedUE()
    let (line, _) = try challenge(bench, &ue)
    let outputs = try bench.uplink(ScriptedUE.wrongResponse().encoded(), line)
    #expect(try outputs.plainNAS().type == .authenticationReject)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == SecurityContexts())
    #expect(!bench.runs(.t3460))
  }

  @Test func `where only a GUTI was given, the IMSI is asked for before the reject`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    try ue.goIdle(bench, try ue.attach(bench))
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    let guti = try #require(ue.guti)
    // Another subscriber uses its GUTI by mistake: once its IMSI is known, it is served under its own.
    var other = ScriptedUE("001010123456781")
    let request = other.attachRequest(.guti(guti))
    other.lastRequest = request.encoded()
    let (line, first) = try bench.initial(other.lastRequest)
    #expect(try first.plainNAS().type == .authenticationRequest)
    let asked = try bench.uplink(ScriptedUE.wrongResponse().encoded(), line)
    #expect(try asked.plainNAS().type == .identityRequest)
    var identity = NASMessage(.identityResponse)
    identity.set(IdentityResponse.mobileIdentity, .imsi(other.credentials.imsi))
    let second = try bench.uplink(identity.encoded(), line)
    let command = try bench.uplink(other.answer(challenge: second.plainNAS(), bench).encoded(), line)
    try other.finishAttach(try bench.uplink(other.complete(command.nas[0], bench), line), line, bench)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
  }

  @Test func `AUTHENTICATION REQUEST goes out four more times, then the attach is aborted`() throws {
    let bench = NetworkBench()
    var ue = ScriptedUE()
    let (_, first) = try challenge(bench, &ue)
    for _ in 0..<4 { #expect(try bench.expire(.t3460).plainNAS() == first) }
    #expect(try bench.expire(.t3460).messages == [.ueContextReleaseCommand])
    #expect(!bench.runs(.t3460))
  }

  @Test func `eKSI values of seventeen attaches never repeat the UE's and are 0 to 6`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    var values: [UInt8] = []
    for _ in 0..<17 {
      let stated = ue.contexts.eKSI
      let request = ue.attachRequest()
      ue.lastRequest = request.encoded()
      let (line, outputs) = try bench.initial(ue.lastRequest)
      let value = try outputs.plainNAS()[AuthenticationRequest.nasKeySetIdentifier].value
      #expect(value != stated.value && value < 7)
      values.append(value)
      let command = try bench.uplink(ue.answer(challenge: outputs.plainNAS(), bench).encoded(), line)
      try ue.finishAttach(try bench.uplink(ue.complete(command.nas[0], bench), line), line, bench)
      try ue.goIdle(bench, line)
    }
    #expect(Set(values).count == 7)
  }

  @Test func `re-authentication on command runs under the current context, then an SMC takes the new KASME and the eNB a new KeNB`() throws
  {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    let old = try #require(ue.contexts.current).kasme
    let request = try ue.open(bench.give(.command(.authenticate(), imsi: NetworkBench.imsi)).nas[0], bench)
    let answer = try ue.answer(challenge: request, bench)
    let command = try bench.uplink(ue.protect(answer, bench), line)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi)?.current?.kasme == old)
    let done = try bench.uplink(ue.complete(command.nas[0], bench), line)
    let new = try #require(ue.contexts.current).kasme
    #expect(new != old)
    try ue.expectAligned(bench)
    #expect(done.messages == [.ueContextModificationRequest])
    #expect(done.pdus[0].pdu.keNB == bench.engine.deriveKeNB(kasme: new, uplinkNASCount: 0))
    let changed = try bench.eNB(.ueContextModificationResponse) { $0.ids(line) }
    #expect(changed.procedures == ["KeNB changed"])
    #expect(bench.timers.isEmpty)
  }

  @Test func `a registered UE that fails re-authentication loses its contexts with the protected reject`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    _ = try ue.open(bench.give(.command(.authenticate(), imsi: NetworkBench.imsi)).nas[0], bench)
    let outputs = try bench.uplink(ue.protect(ScriptedUE.wrongResponse(), bench), line)
    #expect(try ue.open(outputs.nas[0], bench).type == .authenticationReject)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == SecurityContexts())
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-DEREGISTERED")
  }

  @Test func `re-authentication that is never answered leaves the current context in force`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    bench.give(.command(.authenticate(), imsi: NetworkBench.imsi))
    for _ in 0..<5 { try bench.expire(.t3460) }
    _ = try bench.releaseComplete(line)
    let (_, outputs) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(outputs.messages == [.initialContextSetupRequest])
  }
}
