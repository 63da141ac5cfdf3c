import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// Tracking area updates under contexts that another system's node made: idle mode change from N1 mode (TS 24.301 §4.4.2.3, TS 33.501
/// §8.2), and the first update after a handover (§5.5.3.2.4).
@Suite struct OtherSystemContextTests {
  static let fiveG = FiveGSecurityContext(
    kamf: KeyMaterial([UInt8](repeating: 0x5A, count: 32)), keySetIdentifier: 3, uplinkNASCount: NASCount(0x1FE),
    downlinkNASCount: NASCount(0x2FF), algorithms: NASAlgorithms(ciphering: .eea2, integrity: .eia2))
  /// 5G-GUTI as a GUTI.
  static let mapped = GUTI(plmn: NetworkBench.plmn, mmeGroupID: 0x8002, mmeCode: 7, mTMSI: 0xC000_0005)

  private func bench(_ security: SourceContext.Security) throws -> NetworkBench {
    let bench = NetworkBench { _ in }
    _ = try bench.setUp()
    bench.give(.sourceContext(SourceContext(guti: Self.mapped, security: security), imsi: NetworkBench.imsi))
    return bench
  }

  /// TRACKING AREA UPDATE REQUEST under the 5G context, and the mapped one in force at the UE.
  private func requestFromN1(_ ue: inout ScriptedUE, _ bench: NetworkBench) throws -> [UInt8] {
    let context = NASSecurity.SecurityContext(
      idleFrom5GS: Self.fiveG, requestCount: Self.fiveG.uplinkNASCount, side: .userEquipment, using: &bench.engine)
    ue.contexts.takeByHandover(try #require(MappedSecurityContext(context)))
    var message = ue.updateRequest(guti: Self.mapped, withCapability: true, active: [5])
    message.set(TrackingAreaUpdateRequest.additionalGUTI, ue.guti.map { .guti($0) })
    message.set(TrackingAreaUpdateRequest.ueStatus, UEStatus(s1Registered: false, n1Registered: true))
    return Self.fiveG.protectUpdateRequest(message.encoded(), using: &bench.engine)
  }

  private func finish(_ ue: inout ScriptedUE, _ outputs: [MME.Output], _ line: Line, _ bench: NetworkBench) throws {
    let accept = try ue.open(try #require(outputs.nas.first), bench)
    #expect(accept.type == .trackingAreaUpdateAccept)
    _ = try bench.uplink(ue.protect(NASMessage(.trackingAreaUpdateComplete), bench), line)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
  }

  @Test func `a TAU that the 5G context protects is accepted under the mapped context, which goes on with the 5G COUNTs`() throws {
    let bench = try bench(.fiveG(Self.fiveG))
    var ue = ScriptedUE()
    let (line, outputs) = try bench.initial(requestFromN1(&ue, bench))
    #expect(outputs.nas.first?[5] == 0x00, "downlink COUNT 0x300 is after 0x2FF")
    try finish(&ue, outputs, line, bench)
    try ue.expectAligned(bench)
    #expect(ue.contexts.current?.downlinkNASCount == NASCount(0x300))
    #expect(ue.contexts.current?.eKSI == NASKeySetIdentifier(.mapped, value: 3))
    #expect(bench.mme.ueOfSourceGUTI.isEmpty, "the AMF was asked once")
  }

  @Test func `the native context of a UE that was registered here before steps aside for the mapped one`() throws {
    let bench = try bench(.fiveG(Self.fiveG))
    var ue = ScriptedUE()
    try ue.goIdle(bench, try ue.attach(bench))
    let native = try #require(ue.contexts.current).kasme
    let (line, outputs) = try bench.initial(requestFromN1(&ue, bench))
    try finish(&ue, outputs, line, bench)
    try ue.expectAligned(bench)
    guard case .fullNative(let aside)? = bench.mme.securityContexts(imsi: NetworkBench.imsi)?.nonCurrent else {
      Issue.record("the native context is gone")
      return
    }
    #expect(aside.context.kasme == native)
  }

  @Test(arguments: [0, 3, 12]) func `a TAU that the 5G context does not protect changes no context and is authenticated`(octet: Int) throws
  {
    let bench = try bench(.fiveG(Self.fiveG))
    var ue = ScriptedUE()
    var octets = try requestFromN1(&ue, bench)
    // MAC, or a part of the message that may be anything.
    octets[octet == 0 ? 1 : octet] ^= octet == 12 ? 0x01 : 0x80
    let (_, outputs) = try bench.initial(octets)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == SecurityContexts())
    let type = try outputs.plainNAS().type
    #expect(type == .authenticationRequest || type == .identityRequest)
  }

  @Test func `the same TAU over another connection is not taken a second time: the COUNTs do not go back`() throws {
    let bench = try bench(.fiveG(Self.fiveG))
    var ue = ScriptedUE()
    let octets = try requestFromN1(&ue, bench)
    let (line, outputs) = try bench.initial(octets)
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    let (_, replayed) = try bench.initial(octets)
    // The AMF was asked once: whose GUTI it is nobody knows any more.
    #expect(try replayed.plainNAS().type == .identityRequest)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
    try finish(&ue, outputs, line, bench)
    try ue.expectAligned(bench)
  }

  // MARK: Handover

  /// A UE with a native context, handed over from UTRAN: what it sends first.
  private func requestAfterHandover(_ ue: inout ScriptedUE, namesNative: Bool, _ bench: NetworkBench) throws -> [UInt8] {
    let native = ue.contexts.current?.eKSI
    let mme = NASSecurity.SecurityContext(
      handover: InterSystemUpdateTests.umts, nonceMME: 77, keySetIdentifier: 5, side: .mme, algorithms: Self.fiveG.algorithms,
      using: &bench.engine)
    let container = mme.containerToEUTRA(nonceMME: 77)
    let own = NASSecurity.SecurityContext(
      handover: InterSystemUpdateTests.umts, nonceMME: container.nonceMME, keySetIdentifier: container.keySetIdentifier.value,
      side: .userEquipment, algorithms: Self.fiveG.algorithms, using: &bench.engine)
    bench.give(
      .sourceContext(
        SourceContext(guti: Self.mapped, security: .handover(try #require(MappedSecurityContext(mme)))), imsi: NetworkBench.imsi))
    ue.contexts.takeByHandover(try #require(MappedSecurityContext(own)))
    var message = ue.updateRequest(guti: Self.mapped, withCapability: true, active: [5])
    message.set(TrackingAreaUpdateRequest.oldGUTIType, .mapped)
    message.set(TrackingAreaUpdateRequest.additionalGUTI, ue.guti.map { .guti($0) })
    if namesNative { message.set(TrackingAreaUpdateRequest.nonCurrentNativeNASKeySetIdentifier, native) }
    return try ue.protect(message, as: .integrityProtected, bench)
  }

  @Test(arguments: [true, false])
  func `after a handover the native context stays if the TAU names its KSI, and is deleted if it does not`(namesNative: Bool) throws {
    let bench = try bench(.fiveG(Self.fiveG))
    var ue = ScriptedUE()
    try ue.goIdle(bench, try ue.attach(bench))
    let native = try #require(ue.contexts.current)
    let (line, outputs) = try bench.initial(requestAfterHandover(&ue, namesNative: namesNative, bench))
    #expect(outputs.nas.first?[5] == 1, "the container used downlink COUNT 0 up")
    try finish(&ue, outputs, line, bench)
    try ue.expectAligned(bench)
    let beside = bench.mme.securityContexts(imsi: NetworkBench.imsi)?.nonCurrent
    guard namesNative else {
      #expect(beside == nil)
      return
    }
    guard case .fullNative(let aside)? = beside else {
      Issue.record("the native context is gone")
      return
    }
    #expect(aside.context.kasme == native.kasme)
  }

  @Test func `a handover from UTRAN that failed: the mapped context that was prepared is deleted, and what was in use is in use`() throws {
    let bench = try bench(.fiveG(Self.fiveG))
    var ue = ScriptedUE()
    try ue.goIdle(bench, try ue.attach(bench))
    let before = try #require(bench.mme.securityContexts(imsi: NetworkBench.imsi))
    var other = ue
    let late = try requestAfterHandover(&other, namesNative: true, bench)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before, "prepared is not taken into use")
    bench.give(.sourceContext(nil, imsi: NetworkBench.imsi))
    // Nobody can prove anything by it any more.
    let (_, outputs) = try bench.initial(late)
    #expect(try outputs.plainNAS().type == .identityRequest)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
    let (_, served) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(served.messages == [.initialContextSetupRequest])
  }
}
