import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

@Suite struct SecurityModeTests {
  /// Up to the first SECURITY MODE COMMAND of an attach.
  private func command(_ bench: NetworkBench, _ ue: inout ScriptedUE) throws -> (Line, [UInt8]) {
    _ = try bench.setUp()
    ue.lastRequest = ue.attachRequest().encoded()
    let (line, outputs) = try bench.initial(ue.lastRequest)
    let command = try bench.uplink(ue.answer(challenge: outputs.plainNAS(), bench).encoded(), line)
    return (line, try #require(command.nas.first))
  }

  private func content(_ octets: [UInt8]) throws -> NASMessage {
    guard case .protected(let pdu) = try NASPDU(parsing: octets, direction: .downlink) else { return NASMessage(.emmStatus) }
    #expect(pdu.headerType == .integrityProtectedNewContext)
    return try NASMessage(decoding: pdu.payload, direction: .downlink)
  }

  private func reject(_ cause: EMMCause = .ueSecurityCapabilitiesMismatch) -> NASMessage {
    var message = NASMessage(.securityModeReject)
    message.set(SecurityModeReject.emmCause, cause)
    return message
  }

  @Test(arguments: [
    (UENetworkCapability(eea: 0xF0, eia: 0xF0), NASAlgorithms(ciphering: .eea3, integrity: .eia1)),
    (UENetworkCapability(eea: 0x80, eia: 0x40), NASAlgorithms(ciphering: .eea0, integrity: .eia1)),
    (UENetworkCapability(eea: 0xE0, eia: 0x20), NASAlgorithms(ciphering: .eea2, integrity: .eia2)),
  ])
  func `algorithms are the most wanted among the UE's, never null integrity`(
    capability: UENetworkCapability, expected: NASAlgorithms
  ) throws {
    let bench = NetworkBench {
      $0.integrityPriority = [.eia0, .eia1, .eia2, .eia3]
      $0.cipheringPriority = [.eea3, .eea2, .eea0]
    }
    var ue = ScriptedUE()
    ue.capability = capability
    let (line, octets) = try command(bench, &ue)
    let selected = try content(octets)[SecurityModeCommand.selectedNASSecurityAlgorithms]
    #expect(selected.ciphering == expected.ciphering.rawValue && selected.integrity == expected.integrity.rawValue)
    try ue.finishAttach(try bench.uplink(ue.complete(octets, bench), line), line, bench)
    try ue.expectAligned(bench)
  }

  @Test func `a UE with null integrity alone is rejected with cause 23`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    ue.capability = UENetworkCapability(eea: 0xF0, eia: 0x80)
    let (line, outputs) = try bench.initial(ue.attachRequest().encoded())
    let rejected = try bench.uplink(ue.answer(challenge: outputs.plainNAS(), bench).encoded(), line).plainNAS()
    #expect(rejected.type == .attachReject)
    #expect(try rejected[AttachReject.emmCause] == .ueSecurityCapabilitiesMismatch)
  }

  @Test func `capabilities are replayed as the rules build them`() throws {
    let bench = NetworkBench()
    var ue = ScriptedUE()
    ue.capability = UENetworkCapability(eea: 0xF0, eia: 0x70, uea: 0xC0, uia: 0xC0, features: [1, 2, 3])
    let (_, octets) = try command(bench, &ue)
    #expect(try content(octets)[SecurityModeCommand.replayedUESecurityCapabilities].octets == [0xF0, 0x70, 0xC0, 0x40])
  }

  @Test func `SECURITY MODE REJECT, plain, aborts the attach and leaves no context in use`() throws {
    let bench = NetworkBench()
    var ue = ScriptedUE()
    let (line, _) = try command(bench, &ue)
    let outputs = try bench.uplink(reject().encoded(), line)
    #expect(outputs.messages == [.ueContextReleaseCommand])
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi)?.current == nil)
    #expect(!bench.runs(.t3460))
  }

  @Test func `SECURITY MODE REJECT of a re-authenticated UE leaves the previous context in force`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    let request = try ue.open(bench.give(.command(.authenticate(), imsi: NetworkBench.imsi)).nas[0], bench)
    let answer = try ue.answer(challenge: request, bench)
    #expect(try content(bench.uplink(ue.protect(answer, bench), line).nas[0]).type == .securityModeCommand)
    let outputs = try bench.uplink(ue.protect(reject(), bench), line)
    #expect(outputs.messages.isEmpty)
    #expect(bench.mme.isConnected(imsi: NetworkBench.imsi))
    try ue.expectAligned(bench)
    try ue.goIdle(bench, line)
    let (_, served) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(served.messages == [.initialContextSetupRequest])
  }

  @Test func `SECURITY MODE COMMAND is repeated four times under COUNTs 0 to 4 and any of them may be answered`() throws {
    let bench = NetworkBench()
    var ue = ScriptedUE()
    let (line, first) = try command(bench, &ue)
    var commands = [first]
    for _ in 0..<4 { commands.append(try #require(bench.expire(.t3460).nas.first)) }
    #expect(commands.map { $0[5] } == [0, 1, 2, 3, 4])
    let accepted = try bench.uplink(ue.complete(commands[4], bench), line)
    try ue.finishAttach(accepted, line, bench)
    try ue.expectAligned(bench)
  }

  @Test func `SECURITY MODE COMMAND that is never answered aborts the attach`() throws {
    let bench = NetworkBench()
    var ue = ScriptedUE()
    _ = try command(bench, &ue)
    for _ in 0..<4 { try bench.expire(.t3460) }
    #expect(try bench.expire(.t3460).messages == [.ueContextReleaseCommand])
  }

  @Test func `a second SECURITY MODE COMPLETE is discarded and uses its COUNT up`() throws {
    let bench = NetworkBench()
    var ue = ScriptedUE()
    let (line, first) = try command(bench, &ue)
    let accepted = try bench.uplink(ue.complete(first, bench), line)
    let keNB = try #require(accepted.pdus.first).pdu.keNB
    let again = try ue.protect(NASMessage(.securityModeComplete), as: .integrityProtectedAndCipheredNewContext, bench)
    let outputs = try bench.uplink(again, line)
    #expect(outputs.messages.isEmpty)
    #expect(outputs.discards.count == 1)
    #expect(keNB == bench.engine.deriveKeNB(kasme: try #require(ue.contexts.current).kasme, uplinkNASCount: 0))
    try ue.finishAttach(accepted, line, bench)
    try ue.expectAligned(bench)
  }

  @Test func `SECURITY MODE COMPLETE under header type 2 is discarded`() throws {
    let bench = NetworkBench()
    var ue = ScriptedUE()
    let (line, first) = try command(bench, &ue)
    guard case .complete(let acceptance) = try ue.evaluate(first, bench) else { return }
    ue.contexts.take(acceptance.context)
    let outputs = try bench.uplink(ue.protect(NASMessage(.securityModeComplete), bench), line)
    #expect(outputs.messages.isEmpty && outputs.discards.count == 1)
    #expect(bench.runs(.t3460))
  }

  @Test func `an SMC for the current context changes the algorithms and lets both COUNTs go on`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    let kasme = try #require(ue.contexts.current).kasme
    let wanted = NASAlgorithms(ciphering: .eea1, integrity: .eia3)
    let outputs = bench.give(.command(.securityMode(wanted), imsi: NetworkBench.imsi))
    let uplink = try #require(ue.contexts.current?.uplinkNASCount)
    let again = try bench.expire(.t3460)
    #expect(again.nas[0][5] == outputs.nas[0][5] + 1)
    let done = try bench.uplink(ue.complete(again.nas[0], bench), line)
    #expect(done.messages.isEmpty)
    let current = try #require(ue.contexts.current)
    #expect(current.kasme == kasme && current.algorithms == wanted)
    #expect(current.uplinkNASCount == uplink.next)
    try ue.expectAligned(bench)
  }
}
