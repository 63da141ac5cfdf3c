import Alignment
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import S1AP
import TestNetwork
import Testing
import Trace
import UserEquipment

@testable import Scenario

/// A UE that comes from UTRAN in idle mode, end to end.
@Suite struct InterSystemWorldTests {
  private static let umts = UMTSSecurityContext(
    ck: KeyMaterial([UInt8](repeating: 0xC1, count: 16)), ik: KeyMaterial([UInt8](repeating: 0x1C, count: 16)), keySetIdentifier: 4)
  private static let mappedGUTI = GUTI(plmn: Worlds.plmn, mmeGroupID: 0x8001, mmeCode: 7, mTMSI: 0xC000_0001)

  /// Two MMEs, each with an eNB in a tracking area of its own; the UE is registered at the first and idle.
  private func world(using engine: inout CryptoEngine) -> World {
    let radio = RadioNetwork(
      ues: [Worlds.ue(Worlds.credentials())],
      eNBs: (0..<2).map {
        (ENodeBConfiguration(name: "enb-\($0)", plmn: PLMNIdentity(Worlds.plmn), enbID: 0x101 + UInt32($0), trackingAreaCode: 1), $0)
      })
    let mmes = (0..<2).map { number in
      MME(
        configuration: MMEConfiguration(plmns: [Worlds.plmn], mmeCode: UInt8(number + 1), trackingAreaCodes: [1]),
        subscribers: [Worlds.credentials()], seed: UInt64(number))
    }
    var world = World(radio: radio, core: CoreNetwork(mmes: mmes))
    world.connect(using: &engine)
    world.settle(using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    world.settle(using: &engine)
    world.requestRelease(ue: 0, cause: .userInactivity, using: &engine)
    world.settle(using: &engine)
    return world
  }

  private func expectAligned(_ world: World, mme: Int) throws {
    let network = try #require(world.core.mmes[mme].securityContexts(imsi: Worlds.imsi)?.current)
    let own = try #require(world.radio.ue(0).contexts.current)
    #expect(network.kasme == own.kasme && network.eKSI == own.eKSI && network.algorithms == own.algorithms)
    #expect(network.uplinkNASCount == own.uplinkNASCount && network.downlinkNASCount == own.downlinkNASCount)
  }

  @Test func `an MME that knows nothing but the UMTS keys makes a mapped context, and the UE takes it; then the native one wakes at home`()
    throws
  {
    var engine = CryptoEngine()
    var world = world(using: &engine)
    let native = try #require(world.radio.ue(0).contexts.current)
    world.radio.camp(ue: 0, onENB: 1, at: world.now, using: &engine, into: &world.effects)
    world.tell(SourceContext(guti: Self.mappedGUTI, security: .umts(Self.umts)), imsi: Worlds.imsi, mme: 1, using: &engine)
    world.command(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: Self.umts, mappedGUTI: Self.mappedGUTI)), ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.ueEvents.contains(.trackingAreaUpdated))
    #expect(world.radio.ue(0).contexts.current?.type == .mapped)
    try expectAligned(world, mme: 1)
    #expect(world.core.mmes[1].state(imsi: Worlds.imsi) == "EMM-REGISTERED")
    // A service request under the mapped context, and the detach that lets the native one be current again.
    world.command(.requestService, ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.ueEvents.contains(.serviceEstablished))
    world.command(.detach(switchOff: false), ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.radio.ue(0).contexts.current?.kasme == native.kasme)
    #expect(world.core.mmes[1].securityContexts(imsi: Worlds.imsi)?.current == nil)
  }

  @Test func `an MME that lacks the mapped context makes another under the same KSI: UE and MME take it`() throws {
    var engine = CryptoEngine()
    var world = world(using: &engine)
    func enter(mme: Int, _ world: inout World, _ engine: inout CryptoEngine) {
      world.radio.camp(ue: 0, onENB: mme, at: world.now, using: &engine, into: &world.effects)
      world.tell(SourceContext(guti: Self.mappedGUTI, security: .umts(Self.umts)), imsi: Worlds.imsi, mme: mme, using: &engine)
      world.command(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: Self.umts, mappedGUTI: Self.mappedGUTI)), ue: 0, using: &engine)
      world.settle(using: &engine)
    }
    enter(mme: 1, &world, &engine)
    let first = try #require(world.radio.ue(0).contexts.current)
    #expect(first.type == .mapped && first.keySetIdentifier == Self.umts.keySetIdentifier)
    world.requestRelease(ue: 0, cause: .userInactivity, using: &engine)
    world.settle(using: &engine)
    // Back to UTRAN under the mapped context, whose KSI the keys keep there; then to an MME that never had it.
    let before = world.ueEvents.count { $0 == .trackingAreaUpdated }
    enter(mme: 0, &world, &engine)
    #expect(world.ueEvents.count { $0 == .trackingAreaUpdated } == before + 1)
    let second = try #require(world.radio.ue(0).contexts.current)
    #expect(second.eKSI == first.eKSI && second.kasme != first.kasme)
    try expectAligned(world, mme: 0)
    world.requestRelease(ue: 0, cause: .userInactivity, using: &engine)
    world.settle(using: &engine)
    world.command(.requestService, ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.accessStratumKeysAgree(ue: 0))
    // The new GUTI was ciphered under keys that K does not give, so that on S1 nobody tells whose the last connection is.
    var alignment = AlignmentEngine(subscribers: [Worlds.credentials()])
    var log = TraceLog(retention: .everything)
    for effect in world.effects {
      if case .trace(let body) = effect { alignment.consume(log.append(time: world.now, body: body), using: &engine) }
    }
    #expect(alignment.verdicts().filter { $0.verdict == .misaligned }.map(\.slug) == [])
  }

  @Test func `the MME that has the native context accepts the update under it, without an SMC`() throws {
    var engine = CryptoEngine()
    var world = world(using: &engine)
    let native = try #require(world.radio.ue(0).contexts.current).kasme
    world.tell(SourceContext(guti: Self.mappedGUTI, security: .umts(Self.umts)), imsi: Worlds.imsi, using: &engine)
    world.command(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: Self.umts, mappedGUTI: Self.mappedGUTI)), ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.ueEvents.contains(.trackingAreaUpdated))
    #expect(world.radio.ue(0).contexts.current?.kasme == native)
    try expectAligned(world, mme: 0)
  }

  @Test(arguments: [0, 1])
  func `a UE from N1 mode is served under the context mapped from its 5G one, by the MME it knew and by another`(mme: Int) throws {
    var engine = CryptoEngine()
    var world = world(using: &engine)
    let native = try #require(world.radio.ue(0).contexts.current).kasme
    let fiveG = FiveGSecurityContext(
      kamf: KeyMaterial([UInt8](repeating: 0x5A, count: 32)), keySetIdentifier: 3, uplinkNASCount: NASCount(0x1FE),
      downlinkNASCount: NASCount(0x2FF), algorithms: NASAlgorithms(ciphering: .eea2, integrity: .eia2))
    world.radio.camp(ue: 0, onENB: mme, at: world.now, using: &engine, into: &world.effects)
    world.tell(SourceContext(guti: Self.mappedGUTI, security: .fiveG(fiveG)), imsi: Worlds.imsi, mme: mme, using: &engine)
    world.command(.enteredFromN1(IdleChangeFromN1(context: fiveG, mappedGUTI: Self.mappedGUTI)), ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.ueEvents.contains(.trackingAreaUpdated))
    #expect(world.radio.ue(0).contexts.current?.eKSI == NASKeySetIdentifier(.mapped, value: 3))
    try expectAligned(world, mme: mme)
    // KeNB of the next service request follows from the mapped KASME, at both sides.
    world.command(.requestService, ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.ueEvents.contains(.serviceEstablished))
    #expect(world.accessStratumKeysAgree(ue: 0))
    world.command(.detach(switchOff: false), ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.radio.ue(0).contexts.current?.kasme == native)
  }
}
