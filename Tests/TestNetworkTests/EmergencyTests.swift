import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

@Suite struct EmergencyTests {
  private func bench(_ policy: MMEConfiguration.EmergencyPolicy) throws -> NetworkBench {
    let bench = NetworkBench {
      $0.emergency = policy
      $0.maximumEmergencyGuests = 2
    }
    _ = try bench.setUp()
    return bench
  }

  private func request(_ ue: ScriptedUE, _ identity: EPSMobileIdentity) -> NASMessage {
    var message = ue.attachRequest(identity, eKSI: .noKey)
    message.set(AttachRequest.epsAttachType, .epsEmergencyAttach)
    return message
  }

  /// From SECURITY MODE COMMAND with null algorithms to EMM-REGISTERED.
  private func finish(_ ue: inout ScriptedUE, _ outputs: [MME.Output], _ line: Line, _ bench: NetworkBench) throws {
    guard case .protected(let pdu) = try NASPDU(parsing: outputs.nas[0], direction: .downlink) else {
      Issue.record("SECURITY MODE COMMAND is not protected")
      return
    }
    let command = try NASMessage(decoding: pdu.payload, direction: .downlink)
    #expect(command.type == .securityModeCommand && pdu.mac == 0)
    #expect(try command[SecurityModeCommand.selectedNASSecurityAlgorithms] == NASSecurityAlgorithms(ciphering: 0, integrity: 0))
    #expect(try command[SecurityModeCommand.nasKeySetIdentifier] == NASKeySetIdentifier(.native, value: 0))
    var context = NASSecurity.SecurityContext.nullForEmergency(
      localKASME: KeyMaterial([UInt8](repeating: 9, count: 32)), side: .userEquipment, using: &bench.engine)
    _ = try context.unprotect(pdu, using: &bench.engine)
    ue.contexts = SecurityContexts(current: context)
    let complete = try ue.protect(NASMessage(.securityModeComplete), as: .integrityProtectedAndCipheredNewContext, bench)
    try ue.finishAttach(bench.uplink(complete, line), line, bench)
  }

  @Test func `a UE without a SIM is let in under null algorithms, served, and forgotten when it goes`() throws {
    let bench = try bench(.authenticatedIfPossible)
    var ue = ScriptedUE()
    let (line, outputs) = try bench.initial(request(ue, .imei("123456789012345")).encoded())
    try finish(&ue, outputs, line, bench)
    let name = "emergency IMEI 123456789012345"
    #expect(bench.mme.state(imsi: name) == "EMM-REGISTERED")
    #expect(bench.mme.securityContexts(imsi: name)?.current?.algorithms == .null)
    try ue.goIdle(bench, line)
    #expect(bench.mme.state(imsi: name) == "EMM-REGISTERED")
    let done = try bench.uplinkIdle(ue.protect(ue.detachRequest(), as: .integrityProtected, bench))
    #expect(done.states == ["EMM-DEREGISTERED"])
    #expect(bench.mme.securityContexts(imsi: name)?.current == nil)
  }

  @Test func `a subscriber that cannot be authenticated is let in apart from the one it claims to be`() throws {
    let bench = try bench(.authenticatedIfPossible)
    var real = ScriptedUE()
    _ = try real.attach(bench)
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    var ue = ScriptedUE()
    let (line, outputs) = try bench.initial(request(ue, .imsi(NetworkBench.imsi)).encoded())
    #expect(try outputs.plainNAS().type == .authenticationRequest)
    try finish(&ue, bench.uplink(ScriptedUE.wrongResponse().encoded(), line), line, bench)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
    #expect(bench.mme.isConnected(imsi: NetworkBench.imsi))
  }

  @Test func `an IMSI that the HSS does not have, and a policy that authenticates nobody`() throws {
    for (policy, imsi) in [
      (MMEConfiguration.EmergencyPolicy.authenticatedIfPossible, "999990000000001"), (.neverAuthenticated, NetworkBench.imsi),
    ] {
      let bench = try bench(policy)
      var ue = ScriptedUE()
      let (line, outputs) = try bench.initial(request(ue, .imsi(imsi)).encoded())
      try finish(&ue, outputs, line, bench)
      #expect(bench.mme.state(imsi: "emergency IMSI \(imsi)") == "EMM-REGISTERED")
    }
  }

  @Test func `no IMEI where all must be authenticated, and an ordinary attach never gets null algorithms`() throws {
    let strict = try bench(.authenticated)
    let refused = try strict.initial(request(ScriptedUE(), .imei("123456789012345")).encoded()).1.plainNAS()
    #expect(try refused[AttachReject.emmCause] == .imeiNotAccepted)
    let lax = try bench(.neverAuthenticated)
    let ordinary = try lax.initial(ScriptedUE().attachRequest().encoded()).1
    #expect(try ordinary.plainNAS().type == .authenticationRequest)
    let unknown = try lax.initial(ScriptedUE().attachRequest(.imsi("999990000000001")).encoded()).1
    #expect(try unknown.plainNAS().type == .attachReject)
  }

  @Test func `guests are bounded, and a place is free again after its guest has gone`() throws {
    let bench = try bench(.authenticatedIfPossible)
    var first = ScriptedUE()
    var line = Line(association: 0, eNB: 0, mme: 0)
    for number in 1...2 {
      var ue = ScriptedUE()
      let (own, outputs) = try bench.initial(request(ue, .imei("12345678901234\(number)")).encoded())
      try finish(&ue, outputs, own, bench)
      if number == 1 { (first, line) = (ue, own) }
    }
    let full = try bench.initial(request(ScriptedUE(), .imei("123456789012343")).encoded()).1
    #expect(try full.plainNAS()[AttachReject.emmCause] == .congestion)
    _ = try bench.uplink(first.protect(first.detachRequest(switchOff: true), bench), line)
    _ = try bench.releaseComplete(line)
    let (again, outputs) = try bench.initial(request(ScriptedUE(), .imei("123456789012344")).encoded())
    var ue = ScriptedUE()
    try finish(&ue, outputs, again, bench)
  }

  @Test func `a guest cannot be authenticated, on command or by claiming its GUTI`() throws {
    let bench = try bench(.authenticatedIfPossible)
    var ue = ScriptedUE()
    let (line, outputs) = try bench.initial(request(ue, .imei("123456789012345")).encoded())
    try finish(&ue, outputs, line, bench)
    let name = "emergency IMEI 123456789012345"
    #expect(bench.give(.command(.authenticate(), imsi: name)).messages.isEmpty)
    let (_, update) = try bench.initial(ue.updateRequest(eKSI: .noKey).encoded())
    #expect(update.messages == [.ueContextReleaseCommand])
    let (_, detach) = try bench.initial(ue.detachRequest().encoded())
    #expect(!detach.messages.contains(.downlinkNASTransport))
    #expect(bench.mme.state(imsi: name) == "EMM-REGISTERED")
  }
}

extension NetworkBench {
  /// The outputs that an initial message brings.
  func uplinkIdle(_ octets: [UInt8]) throws -> [MME.Output] { try initial(octets).1 }
}

extension EmergencyTests {
  /// Found by the model test: the guest's record went on naming a connection that was a subscriber's by then.
  @Test func `a connection on which a guest was let in and a subscriber proves itself is the subscriber's alone`() throws {
    let bench = NetworkBench { $0.emergency = .authenticatedIfPossible }
    _ = try bench.setUp()
    var ue = ScriptedUE()
    try ue.goIdle(bench, ue.attach(bench))
    var emergency = ue.attachRequest(.imei("123456789012345"), eKSI: .noKey)
    emergency.set(AttachRequest.epsAttachType, .epsEmergencyAttach)
    let (line, _) = try bench.initial(emergency.encoded())
    #expect(bench.mme.ues.last?.connection == line.mme)
    _ = try bench.uplink(ue.protect(ue.attachRequest(), as: .integrityProtected, bench), line)
    #expect(bench.mme.ues[0].connection == line.mme)
    #expect(bench.mme.ues.last?.connection == nil)
    #expect(bench.mme.connections[line.mme]?.subject == .verified(0))
  }
}
