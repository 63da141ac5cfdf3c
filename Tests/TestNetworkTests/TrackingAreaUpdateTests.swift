import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

@Suite struct TrackingAreaUpdateTests {
  /// A registered UE that is idle.
  private func idle(_ configure: (inout MMEConfiguration) -> Void = { _ in }) throws -> (NetworkBench, ScriptedUE) {
    let bench = NetworkBench(configure)
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    try ue.goIdle(bench, line)
    return (bench, ue)
  }

  /// Takes TRACKING AREA UPDATE ACCEPT, and answers it where it brings a GUTI.
  @discardableResult
  private func finish(_ ue: inout ScriptedUE, _ outputs: [MME.Output], _ line: Line, _ bench: NetworkBench) throws -> [MME.Output] {
    let accept = try ue.open(try #require(outputs.nas.first), bench)
    #expect(accept.type == .trackingAreaUpdateAccept)
    guard case .guti(let guti)? = try accept[TrackingAreaUpdateAccept.guti] else { return outputs }
    #expect(bench.runs(.t3450))
    ue.guti = guti
    let done = try bench.uplink(ue.protect(NASMessage(.trackingAreaUpdateComplete), bench), line)
    #expect(!bench.runs(.t3450))
    #expect(bench.mme.guti(imsi: ue.credentials.imsi) == guti)
    return done
  }

  @Test func `a protected update is accepted with a new GUTI and the UE goes back to idle`() throws {
    var (bench, ue) = try idle()
    let old = ue.guti
    let (line, outputs) = try bench.initial(ue.protect(ue.updateRequest(), as: .integrityProtected, bench))
    #expect(outputs.messages == [.downlinkNASTransport])
    let done = try finish(&ue, outputs, line, bench)
    #expect(ue.guti != old)
    #expect(done.messages == [.ueContextReleaseCommand])
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    try ue.expectAligned(bench)
    _ = try bench.releaseComplete(line)
    #expect(bench.mme.connectionCount == 0)
    let (_, served) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(served.messages == [.initialContextSetupRequest])
  }

  @Test func `a periodic update keeps the GUTI and needs no COMPLETE`() throws {
    var (bench, ue) = try idle()
    let (_, outputs) = try bench.initial(
      ue.protect(ue.updateRequest(EPSUpdateType(.periodicUpdating)), as: .integrityProtected, bench))
    #expect(outputs.messages == [.downlinkNASTransport, .ueContextReleaseCommand])
    let accept = try ue.open(outputs.nas[0], bench)
    #expect(accept.type == .trackingAreaUpdateAccept)
    #expect(try accept[TrackingAreaUpdateAccept.guti] == nil)
    #expect(!bench.runs(.t3450))
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
  }

  @Test(arguments: [EPSUpdateType.Kind.combinedTALAUpdating, .combinedTALAUpdatingWithIMSIAttach])
  func `a combined update is accepted for EPS only, with cause 18`(kind: EPSUpdateType.Kind) throws {
    var (bench, ue) = try idle()
    let (_, outputs) = try bench.initial(ue.protect(ue.updateRequest(EPSUpdateType(kind)), as: .integrityProtected, bench))
    let accept = try ue.open(outputs.nas[0], bench)
    #expect(try accept[TrackingAreaUpdateAccept.epsUpdateResult] == .taUpdated)
    #expect(try accept[TrackingAreaUpdateAccept.emmCause] == .csDomainNotAvailable)
  }

  @Test func `the active flag brings INITIAL CONTEXT SETUP with KeNB of the request's COUNT`() throws {
    var (bench, ue) = try idle()
    let count = try #require(ue.contexts.current?.uplinkNASCount)
    let request = ue.updateRequest(EPSUpdateType(.taUpdating, isActive: true))
    let (line, outputs) = try bench.initial(ue.protect(request, as: .integrityProtected, bench))
    #expect(outputs.messages == [.initialContextSetupRequest])
    let kasme = try #require(ue.contexts.current).kasme
    #expect(outputs.pdus[0].pdu.keNB == bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: count.value))
    _ = try bench.contextSetUp(line)
    #expect(try finish(&ue, outputs, line, bench).messages.isEmpty)
    #expect(bench.mme.isConnected(imsi: NetworkBench.imsi))
  }

  @Test func `an active update that had to be authenticated takes KeNB from SECURITY MODE COMPLETE`() throws {
    var (bench, ue) = try idle { $0.authenticatesKnownUEs = true }
    let request = ue.updateRequest(EPSUpdateType(.taUpdating, isActive: true))
    let (line, outputs) = try bench.initial(ue.protect(request, as: .integrityProtected, bench))
    // Secure exchange runs already, so the challenge comes protected.
    let challenge = try ue.open(outputs.nas[0], bench)
    let answer = try ue.answer(challenge: challenge, bench)
    let command = try bench.uplink(ue.protect(answer, bench), line)
    let accepted = try bench.uplink(ue.complete(command.nas[0], bench), line)
    #expect(accepted.messages == [.initialContextSetupRequest])
    let kasme = try #require(ue.contexts.current).kasme
    #expect(accepted.pdus[0].pdu.keNB == bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: 0))
  }

  @Test func `an update while connected leaves the AS context alone`() throws {
    var (bench, ue) = try idle()
    let (line, _) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    _ = try bench.contextSetUp(line)
    let outputs = try bench.uplink(ue.protect(ue.updateRequest(), as: .integrityProtected, bench), line)
    #expect(outputs.messages == [.downlinkNASTransport])
    #expect(try finish(&ue, outputs, line, bench).messages.isEmpty)
    #expect(bench.mme.isConnected(imsi: NetworkBench.imsi))
    try ue.expectAligned(bench)
  }

  /// Plain, and with a MAC of nobody's.
  @Test(arguments: [false, true])
  func `an update that does not verify is authenticated, with HASHMME of what came`(hasBadMAC: Bool) throws {
    var (bench, ue) = try idle()
    let request = ue.updateRequest(withCapability: true)
    ue.lastRequest = request.encoded()
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    let (line, outputs) = try bench.initial(hasBadMAC ? [0x17, 1, 2, 3, 4, 9] + ue.lastRequest : ue.lastRequest)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
    let challenge = try outputs.plainNAS()
    #expect(try challenge[AuthenticationRequest.nasKeySetIdentifier] != ue.contexts.eKSI)
    let command = try bench.uplink(ue.answer(challenge: challenge, bench).encoded(), line)
    guard case .protected(let pdu) = try NASPDU(parsing: command.nas[0], direction: .downlink) else { return }
    let hash = try NASMessage(decoding: pdu.payload, direction: .downlink)[SecurityModeCommand.hashMME]
    #expect(hash?.octets == bench.engine.initialMessageHash(of: ue.lastRequest))
    try finish(&ue, bench.uplink(ue.complete(command.nas[0], bench), line), line, bench)
    try ue.expectAligned(bench)
  }

  @Test func `the request in SECURITY MODE COMPLETE takes the place of one that was altered on the way`() throws {
    var (bench, ue) = try idle()
    let sent = ue.updateRequest(EPSUpdateType(.taUpdating, isActive: true), withCapability: true)
    let altered = ue.updateRequest(withCapability: true)
    ue.lastRequest = sent.encoded()
    let (line, outputs) = try bench.initial(altered.encoded())
    let accepted = try ue.secure(outputs, line, container: sent, bench)
    #expect(accepted.procedures.contains { $0.contains("replayed NAS message container") })
    // The active flag was in the container alone.
    #expect(accepted.messages == [.initialContextSetupRequest])
  }

  @Test func `a GUTI that this MME never gave gets cause 9, plain`() throws {
    var (bench, ue) = try idle()
    ue.guti?.mTMSI ^= 1
    let (_, outputs) = try bench.initial(ue.protect(ue.updateRequest(), as: .integrityProtected, bench))
    let reject = try outputs.plainNAS()
    #expect(try reject[TrackingAreaUpdateReject.emmCause] == .ueIdentityCannotBeDerivedByTheNetwork)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
  }

  @Test(arguments: [false, true])
  func `a UE that is not registered gets cause 10, protected where it can be`(isPlain: Bool) throws {
    var (bench, ue) = try idle()
    let (line, _) = try bench.initial(ue.protect(ue.detachRequest(switchOff: true), as: .integrityProtected, bench))
    _ = try bench.releaseComplete(line)
    let request = ue.updateRequest()
    let (_, outputs) = try bench.initial(isPlain ? request.encoded() : ue.protect(request, as: .integrityProtected, bench))
    let reject = isPlain ? try outputs.plainNAS() : try ue.open(outputs.nas[0], bench)
    #expect(try reject[TrackingAreaUpdateReject.emmCause] == .implicitlyDetached)
  }

  @Test func `a UE of another MME is identified, authenticated and taken over`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    ue.guti = GUTI(plmn: NetworkBench.plmn, mmeGroupID: 99, mmeCode: 7, mTMSI: 0x1234)
    let request = ue.updateRequest(eKSI: .noKey, withCapability: true, active: [6])
    ue.lastRequest = request.encoded()
    let (line, asked) = try bench.initial([0x17, 1, 2, 3, 4, 0] + ue.lastRequest)
    #expect(try asked.plainNAS()[IdentityRequest.identityType] == .imsi)
    var identity = NASMessage(.identityResponse)
    identity.set(IdentityResponse.mobileIdentity, .imsi(NetworkBench.imsi))
    let accepted = try ue.secure(bench.uplink(identity.encoded(), line), line, bench)
    try finish(&ue, accepted, line, bench)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    #expect(ue.guti?.mmeGroupID == 1)
    try ue.expectAligned(bench)
    #expect(bench.mme.ues[0].bearerIdentities == [6])
  }

  @Test func `another MME's UE gets cause 9 where none is taken over, and cause 10 where its capabilities are unknown`() throws {
    for adopts in [false, true] {
      let bench = NetworkBench { $0.adoptsUEsOfOtherMMEs = adopts }
      _ = try bench.setUp()
      var ue = ScriptedUE()
      ue.guti = GUTI(plmn: NetworkBench.plmn, mmeGroupID: 99, mmeCode: 7, mTMSI: 0x1234)
      let (line, outputs) = try bench.initial(ue.updateRequest(eKSI: .noKey).encoded())
      guard adopts else {
        #expect(try outputs.plainNAS()[TrackingAreaUpdateReject.emmCause] == .ueIdentityCannotBeDerivedByTheNetwork)
        continue
      }
      var identity = NASMessage(.identityResponse)
      identity.set(IdentityResponse.mobileIdentity, .imsi(NetworkBench.imsi))
      let challenge = try bench.uplink(identity.encoded(), line).plainNAS()
      let reject = try bench.uplink(ue.answer(challenge: challenge, bench).encoded(), line).plainNAS()
      #expect(try reject[TrackingAreaUpdateReject.emmCause] == .implicitlyDetached)
    }
  }

  @Test(arguments: [(UInt8(15), "EMM-REGISTERED"), (22, "EMM-REGISTERED"), (11, "EMM-DEREGISTERED"), (40, "EMM-DEREGISTERED")])
  func `an update is rejected with the cause that was configured`(cause: UInt8, state: String) throws {
    var (bench, ue) = try idle { $0.updateRejections[NetworkBench.imsi] = cause }
    let (_, outputs) = try bench.initial(ue.protect(ue.updateRequest(), as: .integrityProtected, bench))
    let reject = try ue.open(outputs.nas[0], bench)
    #expect(try reject[TrackingAreaUpdateReject.emmCause].rawValue == cause)
    #expect(try (reject[TrackingAreaUpdateReject.t3346Value] != nil) == (cause == 22))
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == state)
  }

  @Test func `TRACKING AREA UPDATE ACCEPT is repeated four times, then the UE goes idle and both GUTIs are its`() throws {
    var (bench, ue) = try idle()
    let old = try #require(ue.guti)
    let (line, outputs) = try bench.initial(ue.protect(ue.updateRequest(), as: .integrityProtected, bench))
    let accept = try ue.open(outputs.nas[0], bench)
    for _ in 0..<4 { #expect(try ue.open(bench.expire(.t3450).nas[0], bench) == accept) }
    #expect(try bench.expire(.t3450).messages == [.ueContextReleaseCommand])
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    guard case .guti(let new)? = try accept[TrackingAreaUpdateAccept.guti] else { return }
    #expect(bench.mme.index(of: .guti(old)) == 0 && bench.mme.index(of: .guti(new)) == 0)
    _ = try bench.releaseComplete(line)
  }

  @Test func `the same request again gets the same ACCEPT, another one starts anew`() throws {
    var (bench, ue) = try idle()
    let request = ue.updateRequest()
    let (line, outputs) = try bench.initial(ue.protect(request, as: .integrityProtected, bench))
    let accept = try ue.open(outputs.nas[0], bench)
    let again = try bench.uplink(ue.protect(request, as: .integrityProtected, bench), line)
    #expect(try ue.open(again.nas[0], bench) == accept)
    let other = try bench.uplink(
      ue.protect(ue.updateRequest(EPSUpdateType(.combinedTALAUpdating)), as: .integrityProtected, bench), line)
    #expect(other.procedures.contains { $0.contains("aborted") })
    try finish(&ue, other, line, bench)
  }

  @Test func `an update that collides with an SMC ends it and is served under the context in force`() throws {
    var (bench, ue) = try idle()
    let (line, _) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    _ = try bench.contextSetUp(line)
    let request = try ue.open(bench.give(.command(.authenticate(), imsi: NetworkBench.imsi)).nas[0], bench)
    _ = try bench.uplink(ue.protect(ue.answer(challenge: request, bench), bench), line)
    #expect(bench.runs(.t3460))
    let outputs = try bench.uplink(ue.protect(ue.updateRequest(), as: .integrityProtected, bench), line)
    #expect(!bench.runs(.t3460))
    try finish(&ue, outputs, line, bench)
    try ue.expectAligned(bench)
  }

  @Test func `§5.5.1.2.7 g: an update in place of ATTACH COMPLETE gets cause 10, and the GUTI of the attach is the UE's`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    ue.lastRequest = ue.attachRequest(.imsi(NetworkBench.imsi), eKSI: .noKey).encoded()
    let (line, outputs) = try bench.initial(ue.lastRequest)
    let accepted = try ue.secure(outputs, line, bench)
    let accept = try ue.open(accepted.nas[0], bench)
    if case .guti(let guti)? = try accept[AttachAccept.guti] { ue.guti = guti }
    _ = try bench.contextSetUp(line)
    let refused = try bench.uplink(ue.protect(ue.updateRequest(), as: .integrityProtected, bench), line)
    #expect(try ue.open(try #require(refused.nas.first), bench)[TrackingAreaUpdateReject.emmCause] == .implicitlyDetached)
    #expect(!bench.runs(.t3450))
    #expect(bench.mme.guti(imsi: NetworkBench.imsi) == ue.guti)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-DEREGISTERED")
  }

  @Test func `bearers that the UE does not have end at the MME, and without a bearer the cause is 40`() throws {
    var (bench, ue) = try idle()
    let (_, outputs) = try bench.initial(ue.protect(ue.updateRequest(active: [5]), as: .integrityProtected, bench))
    #expect(try ue.open(outputs.nas[0], bench)[TrackingAreaUpdateAccept.epsBearerContextStatus]?.active == [5])
    let (_, none) = try bench.initial(ue.protect(ue.updateRequest(active: []), as: .integrityProtected, bench))
    let reject = try ue.open(try #require(none.nas.last), bench)
    #expect(try reject[TrackingAreaUpdateReject.emmCause] == .noEPSBearerContextActivated)
  }

  @Test func `an unreadable plain update is rejected with cause 96`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    let (_, outputs) = try bench.initial([0x07, 0x48, 0x70])
    #expect(try outputs.plainNAS()[TrackingAreaUpdateReject.emmCause] == .invalidMandatoryInformation)
  }

  @Test func `a replayed update is not served again`() throws {
    var (bench, ue) = try idle()
    let octets = try ue.protect(ue.updateRequest(EPSUpdateType(.periodicUpdating)), as: .integrityProtected, bench)
    let (line, _) = try bench.initial(octets)
    _ = try bench.releaseComplete(line)
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    let (_, outputs) = try bench.initial(octets)
    #expect(try outputs.plainNAS().type == .authenticationRequest)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
  }
}
