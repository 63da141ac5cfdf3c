import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// What becomes of a security mode control that is disturbed: §5.4.3.5 and §5.4.3.7 (a) to (e) of TS 24.301.
@Suite struct CollisionTests {
  /// Which context the disturbed SMC would take into use.
  enum Basis: CaseIterable { case current, partial }

  /// An SMC that has not been answered, for a registered UE.
  private func commanded(_ basis: Basis) throws -> (NetworkBench, ScriptedUE, Line, command: [UInt8]) {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    if basis == .partial {
      let request = try ue.openLater(order(.authenticate(thenSecurityMode: false), bench), bench)
      _ = try bench.uplink(ue.protect(ue.answer(challenge: request, bench), bench), line)
    }
    let wanted = NASAlgorithms(ciphering: .eea1, integrity: .eia1)
    let command = try #require(order(.securityMode(wanted, of: basis == .current ? .current : .nonCurrent), bench).nas.first)
    #expect(bench.runs(.t3460))
    return (bench, ue, line, command)
  }

  private func expectAborted(_ outputs: [MME.Output], _ ue: ScriptedUE, _ bench: NetworkBench) throws {
    #expect(!bench.runs(.t3460))
    #expect(bench.mme.connections.values.allSatisfy { $0.securityMode == nil })
    let current = try #require(bench.mme.ues[0].security.current)
    #expect(current.kasme == ue.contexts.current?.kasme && current.algorithms == ue.contexts.current?.algorithms, "the context before")
  }

  @Test(arguments: Basis.allCases)
  func `SECURITY MODE REJECT: the context before is in force and protects what follows`(basis: Basis) throws {
    var (bench, ue, line, _) = try commanded(basis)
    var reject = NASMessage(.securityModeReject)
    reject.set(SecurityModeReject.emmCause, .securityModeRejectedUnspecified)
    let outputs = try bench.uplink(ue.protect(reject, bench), line)
    try expectAborted(outputs, ue, bench)
    let information = try ue.openLater(order(.emmInformation, bench), bench)
    #expect(information.type == .emmInformation)
  }

  @Test(arguments: Basis.allCases)
  func `SECURITY MODE REJECT of an SMC inside an update aborts the update, and leaves the context`(basis: Basis) throws {
    let bench = NetworkBench { $0.authenticatesKnownUEs = basis == .partial }
    _ = try bench.setUp()
    var ue = ScriptedUE()
    try ue.goIdle(bench, ue.attach(bench))
    guard basis == .partial else { return }
    let (line, outputs) = try bench.initial(ue.protect(ue.updateRequest(), as: .integrityProtected, bench))
    let challenge = try ue.openLater(outputs, bench)
    _ = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), line)
    var reject = NASMessage(.securityModeReject)
    reject.set(SecurityModeReject.emmCause, .ueSecurityCapabilitiesMismatch)
    let aborted = try bench.uplink(ue.protect(reject, bench), line)
    #expect(aborted.messages == [.ueContextReleaseCommand])
    try expectAborted(aborted, ue, bench)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
  }

  enum Failure: CaseIterable { case associationLost, releaseRequest, resetByENB, unknownConnection }

  @Test(arguments: Basis.allCases, Failure.allCases)
  func `(a) lower layer failure before the answer aborts the SMC; the UE comes back under the context before`(
    basis: Basis, failure: Failure
  ) throws {
    var (bench, ue, line, _) = try commanded(basis)
    let outputs: [MME.Output]
    switch failure {
    case .associationLost:
      outputs = bench.give(.associationDown(0))
      _ = try bench.setUp()
    case .releaseRequest:
      outputs = try bench.eNB(.ueContextReleaseRequest) {
        $0.ids(line)
        $0.add(.cause, Cause.radioConnectionWithUELost)
      }
      _ = try bench.releaseComplete(line)
    case .resetByENB:
      outputs = try bench.eNB(.reset) {
        $0.add(.cause, Cause.unspecifiedRadioNetwork)
        $0.add(.resetType, .choice("s1-Interface", .enumerated("reset-all")))
      }
    case .unknownConnection:
      outputs = try bench.eNB(.errorIndication) {
        $0.ids(line)
        $0.add(.cause, Cause.unknownPairUES1APID)
      }
    }
    try expectAborted(outputs, ue, bench)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    let (_, served) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(served.messages.contains(.initialContextSetupRequest))
  }

  @Test(arguments: Basis.allCases)
  func `(b) T3460: four retransmissions, then the SMC is aborted and the context before stays in force`(basis: Basis) throws {
    let (bench, start, line, command) = try commanded(basis)
    var ue = start
    for round in 1...4 { #expect(try bench.expire(.t3460).nas[0][5] == command[5] + UInt8(round)) }
    let outputs = try bench.expire(.t3460)
    #expect(outputs.nas.isEmpty)
    try expectAborted(outputs, ue, bench)
    #expect(try bench.uplink(ue.protect(ue.detachRequest(), bench), line).states == ["EMM-DEREGISTERED"])
  }

  @Test(arguments: Basis.allCases)
  func `(c) collision with ATTACH: the SMC is aborted and the attach served under the context before`(basis: Basis) throws {
    var (bench, ue, line, _) = try commanded(basis)
    let outputs = try bench.uplink(ue.protect(ue.attachRequest(), as: .integrityProtected, bench), line)
    try expectAborted(outputs, ue, bench)
    let accept = try ue.open(try #require(outputs.nas.first), bench)
    #expect(accept.type == .attachAccept)
    if case .guti(let guti)? = try accept[AttachAccept.guti] { ue.guti = guti }
    #expect(try bench.uplink(ue.protect(ScriptedUE.attachComplete(), bench), line).states == ["EMM-REGISTERED"])
  }

  @Test(arguments: Basis.allCases)
  func `(c) collision with TAU: the SMC is aborted and the update served`(basis: Basis) throws {
    var (bench, ue, line, _) = try commanded(basis)
    let outputs = try bench.uplink(ue.protect(ue.updateRequest(), as: .integrityProtected, bench), line)
    try expectAborted(outputs, ue, bench)
    #expect(try ue.open(try #require(outputs.nas.first), bench).type == .trackingAreaUpdateAccept)
  }

  @Test(arguments: Basis.allCases)
  func `(c) collision with SERVICE REQUEST on a new connection: the SMC is aborted and the request served`(basis: Basis) throws {
    var (bench, ue, line, _) = try commanded(basis)
    let (_, outputs) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    try expectAborted(outputs, ue, bench)
    #expect(outputs.messages == [.ueContextReleaseCommand, .initialContextSetupRequest])
    #expect(bench.mme.connections[line.mme]?.isReleasing == true)
  }

  @Test(arguments: Basis.allCases)
  func `(c) collision with EXTENDED SERVICE REQUEST: the SMC is aborted and the request answered`(basis: Basis) throws {
    var (bench, ue, line, _) = try commanded(basis)
    let request = try #require(ue.everyUplinkMessage().first { $0.type == .extendedServiceRequest })
    let outputs = try bench.uplink(ue.protect(request, bench), line)
    try expectAborted(outputs, ue, bench)
    #expect(outputs.procedures.contains { $0.hasPrefix("service request completed") })
  }

  @Test(arguments: Basis.allCases)
  func `(c) collision with DETACH that is no switch-off: the SMC is aborted and the UE detached`(basis: Basis) throws {
    var (bench, ue, line, _) = try commanded(basis)
    let before = ue.contexts.current
    let outputs = try bench.uplink(ue.protect(ue.detachRequest(), bench), line)
    #expect(!bench.runs(.t3460))
    #expect(try ue.open(try #require(outputs.nas.first), bench).type == .detachAccept)
    #expect(outputs.states == ["EMM-DEREGISTERED"])
    #expect(bench.mme.ues[0].security.current?.kasme == before?.kasme)
    #expect(bench.mme.ues[0].security.partialNative == nil)
  }

  @Test(arguments: Basis.allCases)
  func `(d) collision with any other EMM procedure: both go on`(basis: Basis) throws {
    var (bench, ue, line, command) = try commanded(basis)
    // The MME's own GUTI reallocation and identification, begun beside the SMC, and ended before it.
    let reallocation = bench.give(.startNow(.reallocateGUTI, imsi: NetworkBench.imsi))
    let identification = bench.give(.startNow(.identify(.imsi), imsi: NetworkBench.imsi))
    var reader = ue
    #expect(try reader.openLater(reallocation, bench).type == .gutiReallocationCommand)
    #expect(try reader.openLater(identification, bench).type == .identityRequest)
    var response = NASMessage(.identityResponse)
    response.set(IdentityResponse.mobileIdentity, .imsi(NetworkBench.imsi))
    #expect(try bench.uplink(ue.protect(NASMessage(.gutiReallocationComplete), bench), line).procedures == ["GUTI reallocation completed"])
    #expect(try bench.uplink(ue.protect(response, bench), line).procedures.count == 1)
    #expect(bench.runs(.t3460))
    let done = try bench.uplink(ue.complete(command, bench), line)
    #expect(done.procedures.contains("security mode control completed"))
    #expect(bench.timers.isEmpty || basis == .partial)
  }

  @Test(arguments: Basis.allCases)
  func `(d) collision with switch-off DETACH: the UE is detached, and the SMC ends with the connection`(basis: Basis) throws {
    var (bench, ue, line, _) = try commanded(basis)
    let kasme = ue.contexts.current?.kasme
    let outputs = try bench.uplink(ue.protect(ue.detachRequest(switchOff: true), bench), line)
    #expect(outputs.states == ["EMM-DEREGISTERED"])
    #expect(outputs.nas.isEmpty)
    #expect(!bench.runs(.t3460))
    #expect(bench.mme.ues[0].security.current?.kasme == kasme)
  }

  @Test(arguments: ["s1-intra-system-handover-triggered", "x2-handover-triggered"])
  func `(e) not delivered since a handover is on: sent again after it, with the next COUNT, and answered`(cause: String) throws {
    var (bench, ue, line, command) = try commanded(.current)
    _ = try bench.eNB(.nasNonDeliveryIndication) {
      $0.ids(line)
      $0.add(.nasPDU, .octets(command))
      $0.add(.cause, Cause(.radioNetwork, cause))
    }
    var outputs: [MME.Output] = []
    swap(&bench.mme.sink, &outputs)
    bench.mme.sendOwedSecurityModeCommand(afterHandoverOf: line.mme, using: &bench.engine)
    swap(&bench.mme.sink, &outputs)
    #expect(outputs.nas.first?[5] == command[5] + 1)
    _ = try bench.uplink(ue.complete(try #require(outputs.nas.first), bench), line)
    try ue.expectAligned(bench)
  }

  @Test func `an attach that comes with another attach's SMC unanswered begins anew, with a challenge of its own`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let (line, outputs) = try bench.initial(ue.attachRequest().encoded())
    let first = try bench.uplink(ue.answer(challenge: outputs.plainNAS(), bench).encoded(), line)
    let eKSI = try outputs.plainNAS()[AuthenticationRequest.nasKeySetIdentifier]
    #expect(first.messages == [.downlinkNASTransport])
    let again = ue.attachRequest(wantsInformation: true)
    ue.lastRequest = again.encoded()
    let challenge = try bench.uplink(ue.lastRequest, line)
    #expect(try challenge.plainNAS()[AuthenticationRequest.nasKeySetIdentifier] != eKSI)
    #expect(bench.mme.ues[0].security.current == nil)
  }

  /// Found by the model test: the connection stayed, and was nobody's.
  @Test func `an attach that an EXTENDED SERVICE REQUEST ends before ATTACH COMPLETE: cause 10, and the connection is released`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    let accepted = try bench.uplink(ue.protect(ue.attachRequest(), as: .integrityProtected, bench), line)
    #expect(try ue.open(try #require(accepted.nas.first), bench).type == .attachAccept)
    let request = try #require(ue.everyUplinkMessage().first { $0.type == .extendedServiceRequest })
    let outputs = try bench.uplink(ue.protect(request, bench), line)
    #expect(try ue.open(try #require(outputs.nas.first), bench)[ServiceReject.emmCause] == .implicitlyDetached)
    #expect(outputs.messages.last == .ueContextReleaseCommand)
  }
}
