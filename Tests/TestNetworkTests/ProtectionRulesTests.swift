import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// §4.4.4.3 and §4.4.5 of TS 24.301 for the MME: message × state × protection.
@Suite struct ProtectionRulesTests {
  private func contexts(_ bench: NetworkBench) -> SecurityContexts { bench.mme.ues[0].security }

  /// What the MME knows of the UE, but for the connection.
  private func record(_ bench: NetworkBench) -> String { record(of: bench.mme.ues[0]) }

  private func record(of ue: UEContext) -> String {
    "\(ue.state) \(ue.security) \(String(describing: ue.guti)) \(ue.bearers) \(String(describing: ue.networkCapability))"
  }

  /// Messages that are answered though nobody proved them: the answer shows that they were processed.
  private static let answered: Set<NASMessageType> = [.attachRequest, .trackingAreaUpdateRequest, .detachRequestFromUE]

  enum Protection: CaseIterable { case plain, badMAC, unknownContext }

  private func octets(_ message: NASMessage, _ protection: Protection, _ ue: ScriptedUE, _ bench: NetworkBench) throws -> [UInt8] {
    var ue = ue
    switch protection {
    case .plain: return message.encoded()
    case .badMAC:
      var octets = try ue.protect(message, as: .integrityProtected, bench)
      octets[1] ^= 1
      return octets
    case .unknownContext:
      let foreign = NASSecurity.SecurityContext(
        kasme: KeyMaterial([UInt8](repeating: 0xEE, count: 32)), keySetIdentifier: 6, side: .userEquipment,
        algorithms: try #require(ue.contexts.current).algorithms, using: &bench.engine)
      return foreign.seal(message.encoded(), as: .integrityProtected, count: NASCount(70), using: &bench.engine)
    }
  }

  @Test(arguments: Protection.allCases)
  func `before secure exchange, only the messages of the list are processed when no MAC proves them; the UE's record stays`(
    protection: Protection
  ) throws {
    let (bench, ue, line) = try registered()
    try ue.goIdle(bench, line)
    let before = record(bench)
    for message in ue.everyUplinkMessage() {
      let (_, outputs) = try bench.initial(octets(message, protection, ue, bench))
      let words = "\(message.type.name), \(protection): \(outputs)"
      let isSwitchOff = (try? message[DetachRequestFromUE.detachType])?.isSwitchOff == true
      switch message.type {
      case .extendedServiceRequest where protection != .plain, .controlPlaneServiceRequest where protection != .plain:
        let reject = try NASMessage(decoding: try #require(outputs.nas.first), direction: .downlink)
        #expect(try reject[ServiceReject.emmCause] == .ueIdentityCannotBeDerivedByTheNetwork, "\(words)")
      case let type where Self.answered.contains(type) && !isSwitchOff:
        #expect(try outputs.plainNAS().type == .authenticationRequest, "\(words)")
        // Nothing is proved, so nothing comes of it: five expiries later all is as before.
        for _ in 0..<5 { try bench.expire(.t3460) }
      default:
        #expect(outputs.nas.isEmpty && outputs.discards.count == 1, "\(words)")
      }
      #expect(outputs.states.isEmpty, "\(words)")
      #expect(record(bench) == before, "\(words)")
    }
  }

  @Test(arguments: Protection.allCases)
  func `after secure exchange the MME discards all that is unprotected or fails its MAC`(protection: Protection) throws {
    let (bench, ue, line) = try registered()
    let before = record(bench)
    for message in ue.everyUplinkMessage() {
      let outputs = try bench.uplink(octets(message, protection, ue, bench), line)
      #expect(outputs.count == 1 && outputs.discards.count == 1, "\(message.type.name), \(protection): \(outputs)")
      #expect(record(bench) == before, "\(message.type.name)")
    }
    #expect(bench.mme.isConnected(imsi: NetworkBench.imsi))
  }

  /// Its MAC is right, so its COUNT is used up (§4.4.3.3); nothing else follows from it (§4.4.5).
  @Test func `once ciphering runs, an unciphered message is dropped and its COUNT used up, but for ATTACH and TAU REQUEST`() throws {
    var (bench, ue, line) = try registered()
    for message in ue.everyUplinkMessage() where ![.attachRequest, .trackingAreaUpdateRequest].contains(message.type) {
      // That one is not ciphered as a whole, and opens connections only: its MAC is not looked at.
      let isVerified = message.type != .controlPlaneServiceRequest
      let octets = try ue.protect(message, as: .integrityProtected, bench)
      var expected = bench.mme.ues[0]
      guard case .protected(let pdu) = try NASPDU(parsing: octets, direction: .uplink) else { return }
      let verified = try #require(expected.security.current).verify(pdu, using: &bench.engine)
      if isVerified { expected.security.withCurrent { $0.accept(verified) } }
      let outputs = try bench.uplink(octets, line)
      #expect(outputs.count == 1 && outputs.discards.count == 1, "\(message.type.name): \(outputs)")
      #expect(record(bench) == record(of: expected), "\(message.type.name)")
    }
    let outputs = try bench.uplink(ue.protect(ue.updateRequest(), as: .integrityProtected, bench), line)
    #expect(try ue.open(outputs.nas[0], bench).type == .trackingAreaUpdateAccept)
  }

  @Test func `EEA0 changes nothing about header types`() throws {
    var (bench, ue, line) = try registered { $0.cipheringPriority = [.eea0] }
    #expect(ue.contexts.current?.algorithms.ciphering == .eea0)
    let outputs = bench.give(.command(.identify(.imsi), imsi: NetworkBench.imsi))
    #expect(try SecurityProtectedNAS(downlink: outputs.nas[0]).headerType == .integrityProtectedAndCiphered)
    _ = try ue.open(outputs.nas[0], bench)
    var response = NASMessage(.identityResponse)
    response.set(IdentityResponse.mobileIdentity, .imsi(NetworkBench.imsi))
    #expect(try bench.uplink(ue.protect(response, as: .integrityProtected, bench), line).discards.map(\.clause) == ["TS 24.301 §4.4.5"])
    #expect(try bench.uplink(ue.protect(response, bench), line).procedures.first?.hasPrefix("identification") == true)
  }

  @Test(arguments: [false, true])
  func `SERVICE REJECT #9 leaves EMM and security contexts unchanged, and the genuine request after it is served`(isConnected: Bool) throws
  {
    var (bench, ue, line) = try registered()
    if !isConnected { try ue.goIdle(bench, line) }
    let before = record(bench)
    var forged = try ue.serviceRequest(bench)
    forged[3] ^= 1
    let (other, outputs) = try bench.initial(forged, sTMSI: ue.sTMSI)
    #expect(try outputs.plainNAS()[ServiceReject.emmCause] == .ueIdentityCannotBeDerivedByTheNetwork)
    #expect(outputs.messages.last == .ueContextReleaseCommand)
    _ = try bench.releaseComplete(other)
    #expect(record(bench) == before)
    #expect(bench.mme.isConnected(imsi: NetworkBench.imsi) == isConnected)
    forged[3] ^= 1
    #expect(try bench.initial(forged, sTMSI: ue.sTMSI).1.messages.contains(.initialContextSetupRequest))
  }

  @Test(arguments: Protection.allCases)
  func `plain or bad ATTACH: the subscriber is authenticated, and SMC carries HASHMME of the entire plain request`(
    protection: Protection
  ) throws {
    let (bench, start, line) = try registered()
    var ue = start
    try ue.goIdle(bench, line)
    let request = ue.attachRequest()
    ue.lastRequest = request.encoded()
    let (again, outputs) = try bench.initial(octets(request, protection, ue, bench))
    let command = try bench.uplink(ue.answer(challenge: outputs.plainNAS(), bench).encoded(), again)
    let said = try NASMessage(decoding: SecurityProtectedNAS(downlink: command.nas[0]).payload, direction: .downlink)
    #expect(try said[SecurityModeCommand.hashMME]?.octets == bench.engine.initialMessageHash(of: ue.lastRequest))
    try ue.finishAttach(bench.uplink(ue.complete(command.nas[0], bench), again), again, bench)
    try ue.expectAligned(bench)
  }

  @Test func `a verified ATTACH or TAU has no HASHMME in the SMC that follows`() throws {
    var (bench, ue, line) = try registered { $0.authenticatesKnownUEs = true }
    try ue.goIdle(bench, line)
    let (again, outputs) = try bench.initial(ue.protect(ue.updateRequest(), as: .integrityProtected, bench))
    let challenge = try ue.openLater(outputs, bench)
    let command = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), again)
    let said = try NASMessage(decoding: SecurityProtectedNAS(downlink: command.nas[0]).payload, direction: .downlink)
    #expect(said.type == .securityModeCommand)
    #expect(try said[SecurityModeCommand.hashMME] == nil)
  }

  @Test(arguments: [Protection.badMAC, .unknownContext])
  func `bad-MAC DETACH that is no switch-off: authenticated and then served`(protection: Protection) throws {
    let (bench, start, line) = try registered()
    var ue = start
    try ue.goIdle(bench, line)
    let (other, outputs) = try bench.initial(octets(ue.detachRequest(), protection, ue, bench))
    let response = try ue.answer(challenge: outputs.plainNAS(), bench)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    #expect(try bench.uplink(response.encoded(), other).states == ["EMM-DEREGISTERED"])
  }

  @Test(arguments: Protection.allCases)
  func `switch-off DETACH that is not proved is ignored, and the UE stays EMM-REGISTERED`(protection: Protection) throws {
    let (bench, ue, line) = try registered()
    let before = record(bench)
    let (_, outputs) = try bench.initial(octets(ue.detachRequest(switchOff: true), protection, ue, bench))
    #expect(outputs.nas.isEmpty && outputs.discards.count == 1)
    #expect(record(bench) == before)
    #expect(bench.mme.connections[line.mme]?.isReleasing == false)
  }

  @Test func `CONTROL PLANE SERVICE REQUEST with a container that is not ciphered is discarded, and its COUNT not taken`() throws {
    var (bench, ue, line) = try registered()
    try ue.goIdle(bench, line)
    let before = record(bench)
    var message = NASMessage(.controlPlaneServiceRequest)
    message.set(ControlPlaneServiceRequest.controlPlaneServiceType, .mobileOriginatingRequest)
    message.set(ControlPlaneServiceRequest.nasKeySetIdentifier, ue.contexts.eKSI)
    message.set(ControlPlaneServiceRequest.esmMessageContainer, ESMMessageContainer([0x52, 0, 0xEB, 0, 0]))
    let (_, outputs) = try bench.initial(ue.protect(message, as: .integrityProtected, bench), sTMSI: ue.sTMSI)
    #expect(outputs.discards.map(\.clause) == ["TS 24.301 §4.4.5"])
    #expect(outputs.messages == [.ueContextReleaseCommand])
    #expect(record(bench) == before)
  }
}
