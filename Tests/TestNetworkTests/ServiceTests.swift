import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// EXTENDED SERVICE REQUEST and CONTROL PLANE SERVICE REQUEST.
@Suite struct ServiceTests {
  private func idle(_ configure: (inout MMEConfiguration) -> Void = { _ in }) throws -> (NetworkBench, ScriptedUE) {
    let bench = NetworkBench(configure)
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    try ue.goIdle(bench, line)
    return (bench, ue)
  }

  private func extended(_ ue: ScriptedUE, _ type: ServiceType) -> NASMessage {
    var message = NASMessage(.extendedServiceRequest)
    message.set(ExtendedServiceRequest.serviceType, type)
    message.set(ExtendedServiceRequest.nasKeySetIdentifier, ue.contexts.eKSI)
    message.set(ExtendedServiceRequest.mTMSI, .tmsi(ue.guti?.mTMSI ?? 0))
    return message
  }

  /// CONTROL PLANE SERVICE REQUEST with the value of its container ciphered, as §4.4.5 has it.
  private func controlPlane(
    _ ue: inout ScriptedUE, isActive: Bool = false, data: NASMessage? = nil, _ bench: NetworkBench
  ) throws -> [UInt8] {
    var message = NASMessage(.controlPlaneServiceRequest)
    message.set(ControlPlaneServiceRequest.controlPlaneServiceType, ControlPlaneServiceType(mobileTerminating: false, isActive: isActive))
    message.set(ControlPlaneServiceRequest.nasKeySetIdentifier, ue.contexts.eKSI)
    let context = try #require(ue.contexts.current)
    let count = try #require(context.uplinkNASCount)
    if let data {
      var octets = data.encoded()
      octets.withUnsafeMutableBytes {
        bench.engine.applyKeystream(
          context.algorithms.ciphering, key: context.encryptionKey, count: count.value, bearer: 0, direction: .uplink, to: $0)
      }
      message.set(ControlPlaneServiceRequest.esmMessageContainer, ESMMessageContainer(octets))
    }
    var protected = try ue.protect(message, as: .integrityProtected, bench)
    if data != nil { protected[0] = 0x57 }
    return protected
  }

  private var data: NASMessage {
    var message = NASMessage(.esmDataTransport, epsBearerIdentity: 5)
    message.set(ESMDataTransport.userDataContainer, UserDataContainer([1, 2, 3]))
    return message
  }

  @Test func `EXTENDED SERVICE REQUEST for packet services brings KeNB of its COUNT`() throws {
    var (bench, ue) = try idle()
    let count = try #require(ue.contexts.current?.uplinkNASCount)
    let (line, outputs) = try bench.initial(ue.protect(extended(ue, .packetServicesViaS1), as: .integrityProtected, bench))
    #expect(outputs.messages == [.initialContextSetupRequest])
    let kasme = try #require(ue.contexts.current).kasme
    #expect(outputs.pdus[0].pdu.keNB == bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: count.value))
    #expect(try bench.contextSetUp(line).procedures == ["service request completed"])
  }

  @Test(arguments: [UInt8(18), 39])
  func `CS fallback is rejected, and a UE with its user plane up keeps it`(cause: UInt8) throws {
    var (bench, ue) = try idle { $0.causeForCSFallback = cause }
    let (idleLine, idleOutputs) = try bench.initial(
      ue.protect(extended(ue, .mobileOriginatingCSFallback), as: .integrityProtected, bench))
    let reject = try ue.open(idleOutputs.nas[0], bench)
    #expect(try reject[ServiceReject.emmCause].rawValue == cause)
    #expect(try (reject[ServiceReject.t3442Value] != nil) == (cause == 39))
    #expect(idleOutputs.messages.last == .ueContextReleaseCommand)
    _ = try bench.releaseComplete(idleLine)
    let (line, _) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    _ = try bench.contextSetUp(line)
    let outputs = try bench.uplink(ue.protect(extended(ue, .mobileOriginatingCSFallback), bench), line)
    #expect(outputs.messages == [.downlinkNASTransport])
    #expect(bench.mme.isConnected(imsi: NetworkBench.imsi))
  }

  @Test func `a bad EXTENDED SERVICE REQUEST gets cause 9 and changes nothing`() throws {
    var (bench, ue) = try idle()
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    var octets = try ue.protect(extended(ue, .packetServicesViaS1), as: .integrityProtected, bench)
    octets[1] ^= 1
    let (_, outputs) = try bench.initial(octets)
    #expect(try outputs.plainNAS()[ServiceReject.emmCause] == .ueIdentityCannotBeDerivedByTheNetwork)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
    octets[1] ^= 1
    #expect(try bench.initial(octets).1.messages == [.initialContextSetupRequest])
  }

  @Test(arguments: [false, true])
  func `CONTROL PLANE SERVICE REQUEST is answered by SERVICE ACCEPT, its data deciphered`(hasData: Bool) throws {
    var (bench, ue) = try idle()
    let (_, outputs) = try bench.initial(controlPlane(&ue, data: hasData ? data : nil, bench), sTMSI: ue.sTMSI)
    #expect(outputs.messages == [.downlinkNASTransport])
    #expect(try ue.open(outputs.nas[0], bench).type == .serviceAccept)
    #expect(outputs.procedures.contains("control plane: ESM DATA TRANSPORT for EPS bearer 5") == hasData)
    #expect(bench.mme.isConnected(imsi: NetworkBench.imsi))
    try ue.expectAligned(bench)
  }

  @Test func `CONTROL PLANE SERVICE REQUEST with the active flag brings the user plane`() throws {
    var (bench, ue) = try idle()
    let count = try #require(ue.contexts.current?.uplinkNASCount)
    let (_, outputs) = try bench.initial(controlPlane(&ue, isActive: true, data: data, bench), sTMSI: ue.sTMSI)
    #expect(outputs.messages == [.initialContextSetupRequest])
    let kasme = try #require(ue.contexts.current).kasme
    #expect(outputs.pdus[0].pdu.keNB == bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: count.value))
  }

  @Test func `a bad CONTROL PLANE SERVICE REQUEST, or one of no UE, gets cause 9 and changes nothing`() throws {
    var (bench, ue) = try idle()
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    var octets = try controlPlane(&ue, data: data, bench)
    octets[2] ^= 0x10
    for sTMSI in [ue.sTMSI, nil] {
      let (_, outputs) = try bench.initial(octets, sTMSI: sTMSI)
      #expect(try outputs.plainNAS()[ServiceReject.emmCause] == .ueIdentityCannotBeDerivedByTheNetwork)
    }
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
    octets[2] ^= 0x10
    let (_, outputs) = try bench.initial(octets, sTMSI: ue.sTMSI)
    #expect(try ue.open(outputs.nas[0], bench).type == .serviceAccept)
  }

  @Test(arguments: [(UInt8(22), "EMM-REGISTERED"), (40, "EMM-DEREGISTERED")])
  func `a verified SERVICE REQUEST is rejected with the cause that was configured`(cause: UInt8, state: String) throws {
    var (bench, ue) = try idle { $0.serviceRejections[NetworkBench.imsi] = cause }
    let (_, outputs) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(try ue.open(outputs.nas[0], bench)[ServiceReject.emmCause].rawValue == cause)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == state)
  }
}
