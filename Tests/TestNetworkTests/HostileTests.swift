import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

@Suite struct HostileTests {
  /// One registered UE beside a peer that sends seeded noise and mutations: nothing traps, memory stays bounded, and the UE's
  /// contexts and registration are as before. (Its connection is its eNB's, so only the other association is hostile.)
  @Test(arguments: [UInt64(1), 2, 3])
  func `noise and mutations trap nothing and touch no other UE`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let bench = NetworkBench {
      $0.maximumConnections = 64
      $0.emergency = .authenticatedIfPossible
      $0.maximumEmergencyGuests = 4
    }
    _ = try bench.setUp(0)
    _ = try bench.setUp(1)
    var ue = ScriptedUE()
    let line = try ue.attach(bench, on: 0)
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)

    var nas = [
      ue.attachRequest().encoded(), ue.detachRequest().encoded(), ue.detachRequest(switchOff: true).encoded(),
      ScriptedUE.wrongResponse().encoded(), ScriptedUE.failure(.synchFailure, auts: [UInt8](repeating: 3, count: 14)).encoded(),
      ScriptedUE.attachComplete().encoded(), try ue.forgedServiceRequest(of: ue), ue.attachRequest(.imsi("001010123456781")).encoded(),
    ]
    nas += try newerMessages(of: ue)
    nas.append([0x17, 1, 2, 3, 4, 5] + nas[0])
    nas.append([0x47, 1, 2, 3, 4, 0] + random.octets(20))

    func mutated(_ octets: [UInt8]) -> [UInt8] {
      var octets = octets
      for _ in 0..<Int.random(in: 0...2, using: &random) where !octets.isEmpty {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: octets[Int.random(in: 0..<octets.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        case 1: octets.removeLast(Int.random(in: 0...octets.count / 2, using: &random))
        default: octets.append(contentsOf: random.octets(Int.random(in: 0...4, using: &random)))
        }
      }
      return octets
    }

    func message() throws -> [UInt8] {
      let message: S1APMessage = [
        .initialUEMessage, .initialUEMessage, .uplinkNASTransport, .uplinkNASTransport, .ueContextReleaseRequest,
        .ueContextReleaseComplete, .initialContextSetupResponse, .initialContextSetupFailure, .nasNonDeliveryIndication,
        .ueContextModificationResponse, .errorIndication, .resetAcknowledge, .eRABSetupResponse, .eRABModifyResponse,
        .eRABReleaseResponse, .eRABReleaseIndication,
      ][Int.random(in: 0..<16, using: &random)]
      var builder = S1APBuilder(message, deviations: .all)
      guard message != .resetAcknowledge else { return try builder.encoded() }
      if message != .initialUEMessage { builder.add(.mmeUES1APID, .integer(UInt64.random(in: 1...80, using: &random))) }
      builder.add(.eNBUES1APID, .integer(UInt64.random(in: 1...40, using: &random)))
      if message == .initialUEMessage || message == .uplinkNASTransport || message == .nasNonDeliveryIndication {
        builder.add(.nasPDU, .octets(mutated(nas[Int.random(in: 0..<nas.count, using: &random)])))
      }
      if message == .initialUEMessage || message == .uplinkNASTransport {
        builder.add(.tai, TAI(plmn: PLMNIdentity("00101")!, tac: 1))
        builder.add(.eutranCGI, EUTRANCGI(plmn: PLMNIdentity("00101")!, cell: 1))
      }
      if message == .initialUEMessage {
        builder.add(.rrcEstablishmentCause, .position(3))
        if Bool.random(using: &random) { builder.add(.sTMSI, ue.sTMSI) }
      }
      if message == .errorIndication { builder.add(.cause, Cause.unknownPairUES1APID) }
      return try builder.encoded()
    }

    for round in 0..<8_000 {
      var octets = try message()
      if round % 3 == 0 { octets = mutated(octets) }
      let outputs = bench.give(.s1ap(octets, association: 1, stream: 1))
      for (_, association, _) in outputs.pdus { #expect(association == 1) }
      if round % 50 == 0, let timer = bench.timers.keys.min(by: { $0.owner < $1.owner }) {
        bench.timers[timer] = nil
        bench.give(.timer(timer))
      }
      #expect(bench.mme.connectionCount <= 64)
    }
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    #expect(bench.mme.isConnected(imsi: NetworkBench.imsi))
    #expect(try bench.uplink(ue.protect(ue.detachRequest(), bench), line).states == ["EMM-DEREGISTERED"])
  }

  /// The messages of tracking area updating, the longer service requests, emergency attach and bearers, plain and with MACs of nobody's.
  private func newerMessages(of ue: ScriptedUE) throws -> [[UInt8]] {
    var emergency = ue.attachRequest(.imei("123456789012345"), eKSI: .noKey)
    emergency.set(AttachRequest.epsAttachType, .epsEmergencyAttach)
    let foreign = GUTI(plmn: NetworkBench.plmn, mmeGroupID: 9, mmeCode: 9, mTMSI: 9)
    var identity = NASMessage(.identityResponse)
    identity.set(IdentityResponse.mobileIdentity, .imsi(NetworkBench.imsi))
    var extended = NASMessage(.extendedServiceRequest)
    extended.set(ExtendedServiceRequest.serviceType, .packetServicesViaS1)
    extended.set(ExtendedServiceRequest.nasKeySetIdentifier, ue.contexts.eKSI)
    extended.set(ExtendedServiceRequest.mTMSI, .tmsi(ue.guti?.mTMSI ?? 0))
    var controlPlane = NASMessage(.controlPlaneServiceRequest)
    controlPlane.set(ControlPlaneServiceRequest.controlPlaneServiceType, .mobileOriginatingRequest)
    controlPlane.set(ControlPlaneServiceRequest.nasKeySetIdentifier, ue.contexts.eKSI)
    controlPlane.set(ControlPlaneServiceRequest.esmMessageContainer, ESMMessageContainer([0x52, 0, 0xEB, 0, 0]))
    let plain = [
      emergency, ue.updateRequest(), ue.updateRequest(EPSUpdateType(.taUpdating, isActive: true), withCapability: true, active: [5]),
      ue.updateRequest(guti: foreign, eKSI: .noKey, withCapability: true), identity, extended, controlPlane,
      NASMessage(.trackingAreaUpdateComplete), NASMessage(.securityModeComplete),
      NASMessage(.deactivateEPSBearerContextAccept, epsBearerIdentity: 5), NASMessage(.modifyEPSBearerContextAccept, epsBearerIdentity: 6),
    ].map { $0.encoded() }
    return plain + plain.map { [0x17, 0, 0, 0, 0, 0] + $0 } + plain.map { [0x57, 0, 0, 0, 0, 1] + $0 }
      + plain.map { [0x47, 0, 0, 0, 0, 0] + $0 }
  }

  @Test func `a flood of INITIAL UE MESSAGE is bounded and answered`() throws {
    let bench = NetworkBench { $0.maximumConnections = 100 }
    _ = try bench.setUp()
    let request = ScriptedUE().attachRequest().encoded()
    var refused = 0
    for _ in 0..<1_000 {
      let (_, outputs) = try bench.initial(request)
      if outputs.isErrorIndication(.controlProcessingOverload) { refused += 1 }
    }
    #expect(bench.mme.connectionCount == 100)
    #expect(refused == 900)
    // Unanswered, they all end by themselves.
    while let timer = bench.timers.min(by: { ($0.value, $0.key.owner) < ($1.value, $1.key.owner) }) {
      bench.now = timer.value
      bench.timers[timer.key] = nil
      bench.give(.timer(timer.key))
    }
    #expect(bench.mme.connectionCount == 0)
  }

  @Test func `commands for UEs that are unknown, idle or busy are refused or bounded`() throws {
    let bench = NetworkBench { $0.maximumQueuedCommands = 3 }
    _ = try bench.setUp()
    #expect(bench.give(.command(.reallocateGUTI, imsi: "999")).discards.count == 1)
    #expect(bench.give(.command(.reallocateGUTI, imsi: NetworkBench.imsi)).discards.count == 1)
    var ue = ScriptedUE()
    _ = try ue.attach(bench)
    bench.give(.command(.authenticate(), imsi: NetworkBench.imsi))
    for _ in 0..<3 { #expect(bench.give(.command(.emmInformation, imsi: NetworkBench.imsi)).isEmpty) }
    #expect(bench.give(.command(.emmInformation, imsi: NetworkBench.imsi)).discards.count == 1)
  }
}
