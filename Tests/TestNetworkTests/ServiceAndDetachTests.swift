import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

@Suite struct ServiceAndDetachTests {
  @Test func `SERVICE REQUEST brings INITIAL CONTEXT SETUP with KeNB of its own COUNT`() throws {
    var (bench, ue, line) = try registered()
    try ue.goIdle(bench, line)
    for _ in 0..<40 {
      // Forty of them take the COUNT over the wrap of its five bits.
      let count = try #require(ue.contexts.current?.uplinkNASCount)
      let (again, outputs) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
      #expect(outputs.messages == [.initialContextSetupRequest])
      let kasme = try #require(ue.contexts.current).kasme
      #expect(outputs.pdus.first?.pdu.keNB == bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: count.value))
      #expect(try bench.contextSetUp(again).procedures == ["service request completed"])
      line = again
      try ue.goIdle(bench, line)
    }
    try ue.expectAligned(bench)
  }

  @Test func `a bad SERVICE REQUEST gets cause 9 and changes nothing; the genuine one after it is served`() throws {
    let (bench, start, line) = try registered()
    var ue = start
    try ue.goIdle(bench, line)
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    var forged = try ScriptedUE(NetworkBench.imsi).forgedServiceRequest(of: ue)
    forged[3] ^= 1
    let (other, outputs) = try bench.initial(forged, sTMSI: ue.sTMSI)
    let reject = try outputs.plainNAS()
    #expect(reject.type == .serviceReject)
    #expect(try reject[ServiceReject.emmCause] == .ueIdentityCannotBeDerivedByTheNetwork)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    _ = try bench.releaseComplete(other)
    let (_, served) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(served.messages == [.initialContextSetupRequest])
  }

  @Test func `SERVICE REQUEST of an unknown S-TMSI gets cause 9`() throws {
    let (bench, start, line) = try registered()
    var ue = start
    try ue.goIdle(bench, line)
    let (_, outputs) = try bench.initial(ue.serviceRequest(bench), sTMSI: STMSI(mmeCode: 1, mTMSI: 1))
    #expect(try outputs.plainNAS()[ServiceReject.emmCause] == .ueIdentityCannotBeDerivedByTheNetwork)
  }

  @Test func `SERVICE REQUEST of a deregistered UE gets cause 10 under its context`() throws {
    let (bench, start, line) = try registered()
    var ue = start
    _ = try bench.uplink(ue.protect(ue.detachRequest(switchOff: true), bench), line)
    _ = try bench.releaseComplete(line)
    let (_, outputs) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(try ue.open(outputs.nas[0], bench)[ServiceReject.emmCause] == .implicitlyDetached)
  }

  @Test func `a replayed SERVICE REQUEST is not served twice`() throws {
    let (bench, start, line) = try registered()
    var ue = start
    try ue.goIdle(bench, line)
    let request = try ue.serviceRequest(bench)
    let (again, _) = try bench.initial(request, sTMSI: ue.sTMSI)
    _ = try bench.contextSetUp(again)
    try ue.goIdle(bench, again)
    let (_, outputs) = try bench.initial(request, sTMSI: ue.sTMSI)
    #expect(try outputs.plainNAS().type == .serviceReject)
  }

  @Test(arguments: [true, false])
  func `detach by the UE, with DETACH ACCEPT unless it switches off; the context serves the next attach`(switchOff: Bool) throws {
    let (bench, start, line) = try registered()
    var ue = start
    let outputs = try bench.uplink(ue.protect(ue.detachRequest(switchOff: switchOff), bench), line)
    #expect(outputs.messages == (switchOff ? [.ueContextReleaseCommand] : [.downlinkNASTransport, .ueContextReleaseCommand]))
    if !switchOff { #expect(try ue.open(outputs.nas[0], bench).type == .detachAccept) }
    #expect(outputs.states == ["EMM-DEREGISTERED"])
    _ = try bench.releaseComplete(line)
    #expect(bench.mme.connectionCount == 0)
    let (again, attaching) = try bench.initial(ue.protect(ue.attachRequest(), as: .integrityProtected, bench))
    try ue.finishAttach(attaching, again, bench)
  }

  @Test func `DETACH REQUEST of an idle UE under its context is served`() throws {
    let (bench, start, line) = try registered()
    var ue = start
    try ue.goIdle(bench, line)
    let (_, outputs) = try bench.initial(ue.protect(ue.detachRequest(), as: .integrityProtected, bench))
    #expect(try ue.open(outputs.nas[0], bench).type == .detachAccept)
    #expect(outputs.states == ["EMM-DEREGISTERED"])
  }

  @Test func `a plain switch-off DETACH REQUEST does nothing to the UE it names`() throws {
    let (bench, ue, _) = try registered()
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    let (_, outputs) = try bench.initial(ue.detachRequest(switchOff: true).encoded())
    #expect(outputs.discards.count == 1)
    #expect(outputs.messages == [.ueContextReleaseCommand])
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    #expect(bench.mme.isConnected(imsi: NetworkBench.imsi))
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
  }

  @Test func `a plain DETACH REQUEST that is no switch-off is authenticated first`() throws {
    let (bench, start, line) = try registered()
    var ue = start
    try ue.goIdle(bench, line)
    let (other, outputs) = try bench.initial(ue.detachRequest().encoded())
    let response = try ue.answer(challenge: outputs.plainNAS(), bench)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    let done = try bench.uplink(response.encoded(), other)
    #expect(try done.plainNAS().type == .detachAccept)
    #expect(done.states == ["EMM-DEREGISTERED"])
  }

  @Test func `detach by the network is repeated four times, then the UE counts as detached`() throws {
    var (bench, ue, _) = try registered()
    let first = bench.give(.command(.detach(reattachRequired: true), imsi: NetworkBench.imsi))
    let request = try ue.open(first.nas[0], bench)
    #expect(request.type == .detachRequestFromNetwork)
    #expect(try request[DetachRequestFromNetwork.detachType] == .reattachRequired)
    for _ in 0..<4 { #expect(try ue.open(bench.expire(.t3422).nas[0], bench) == request) }
    let last = try bench.expire(.t3422)
    #expect(last.messages == [.ueContextReleaseCommand])
    #expect(last.states == ["EMM-DEREGISTERED"])
  }

  @Test func `DETACH ACCEPT ends a detach by the network`() throws {
    var (bench, ue, line) = try registered()
    _ = try ue.open(bench.give(.command(.detach(reattachRequired: false), imsi: NetworkBench.imsi)).nas[0], bench)
    let outputs = try bench.uplink(ue.protect(NASMessage(.detachAccept), bench), line)
    #expect(outputs.messages == [.ueContextReleaseCommand])
    #expect(outputs.states == ["EMM-DEREGISTERED"])
    #expect(!bench.runs(.t3422))
  }

  @Test func `GUTI reallocation keeps both GUTIs until COMPLETE`() throws {
    var (bench, ue, line) = try registered()
    let old = try #require(ue.guti)
    let command = try ue.open(bench.give(.command(.reallocateGUTI, imsi: NetworkBench.imsi)).nas[0], bench)
    guard case .guti(let new) = try command[GUTIReallocationCommand.guti] else { return }
    #expect(new != old)
    #expect(bench.mme.guti(imsi: NetworkBench.imsi) == old)
    #expect(bench.mme.index(of: .guti(new)) == bench.mme.index(of: .guti(old)))
    #expect(try ue.open(bench.expire(.t3450).nas[0], bench) == command)
    _ = try bench.uplink(ue.protect(NASMessage(.gutiReallocationComplete), bench), line)
    #expect(bench.mme.guti(imsi: NetworkBench.imsi) == new)
    #expect(bench.mme.index(of: .guti(old)) == nil)
  }

  @Test func `commands wait for one another`() throws {
    var (bench, ue, line) = try registered()
    let first = bench.give(.command(.identify(.imeisv), imsi: NetworkBench.imsi))
    #expect(try ue.open(first.nas[0], bench).type == .identityRequest)
    #expect(bench.give(.command(.emmInformation, imsi: NetworkBench.imsi)).nas.isEmpty)
    #expect(bench.give(.command(.emmStatus(.networkFailure), imsi: NetworkBench.imsi)).nas.isEmpty)
    var response = NASMessage(.identityResponse)
    response.set(IdentityResponse.mobileIdentity, .imeisv("1234567890123456"))
    let outputs = try bench.uplink(ue.protect(response, bench), line)
    #expect(try outputs.nas.map { try ue.open($0, bench).type } == [.emmInformation, .emmStatus])
  }

  @Test func `an idle UE is paged for a command, which runs after its service request`() throws {
    var (bench, ue, line) = try registered()
    try ue.goIdle(bench, line)
    let paged = bench.give(.command(.reallocateGUTI, imsi: NetworkBench.imsi))
    #expect(paged.messages == [.paging])
    #expect(paged.pdus[0].pdu.validate().isEmpty)
    #expect(try bench.expire(.t3413).messages == [.paging])
    let (again, _) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(!bench.runs(.t3413))
    let outputs = try bench.contextSetUp(again)
    #expect(try ue.open(outputs.nas[0], bench).type == .gutiReallocationCommand)
  }
}

extension ScriptedUE {
  /// Four octets that look like the next SERVICE REQUEST of `other`, with a MAC of nobody's.
  func forgedServiceRequest(of other: ScriptedUE) throws -> [UInt8] {
    let count = try #require(other.contexts.current?.uplinkNASCount)
    return [0xC7, try #require(other.contexts.current).keySetIdentifier << 5 | UInt8(count.value & 0x1F), 0, 0]
  }
}
