import Alignment
import DequeModule
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

/// Each deviation end to end: the exact UE and the one told to deviate meet the same network, over S1AP.
@Suite struct DeviationWorldTests {
  /// A world, its engine, and what passed.
  final class Run {
    var world: World
    var engine = CryptoEngine()

    init(_ deviations: Set<Deviation>) {
      var configuration = Worlds.ue(Worlds.credentials()).configuration
      configuration.deviations = deviations
      world = Worlds.world(ues: [UE(configuration: configuration, usim: USIM(credentials: Worlds.credentials()))])
      world.connect(using: &engine)
      world.settle(using: &engine)
      world.command(.powerOn, ue: 0, using: &engine)
    }

    var ue: UE { world.radio.ue(0) }

    func attach() {
      world.command(.attach, ue: 0, using: &engine)
      world.settle(using: &engine)
    }

    /// Steps while the attach runs until the UE has taken a SECURITY MODE COMMAND.
    func secureWhileAttaching() -> Bool {
      world.command(.attach, ue: 0, using: &engine)
      return world.run(until: { $0.radio.ue(0).hasSecureExchange }, using: &engine)
    }

    /// The NAS-PDUs that the UE sent or got over the radio since `mark`.
    func nas(_ direction: LinkDirection, since mark: Int = 0) -> [[UInt8]] {
      world.effects[mark...].compactMap {
        if case .trace(.nas(_, direction, let octets)) = $0 { octets } else { nil }
      }
    }

    /// A DOWNLINK NAS TRANSPORT of the MME's association, with whatever NAS-PDU; gives what the UE answers.
    func inject(_ nas: [UInt8]) throws -> [[UInt8]] {
      let identifiers = world.effects.reversed().lazy.compactMap { effect -> (UInt64, UInt64)? in
        guard case .trace(.s1ap(_, .downlink, _, let octets)) = effect, let pdu = try? S1APPDU(decoding: octets),
          let mme = pdu[.mmeUES1APID]?.unsigned, let eNB = pdu[.eNBUES1APID]?.unsigned
        else { return nil }
        return (mme, eNB)
      }.first
      let (mme, eNB) = try #require(identifiers)
      var builder = S1APBuilder(.downlinkNASTransport)
      builder.add(.mmeUES1APID, .integer(mme))
      builder.add(.eNBUES1APID, .integer(eNB))
      builder.add(.nasPDU, .octets(nas))
      let mark = world.effects.count
      var changed = world
      changed.radio.command(.s1ap(try builder.encoded(), stream: 1), eNB: 0, at: world.now, using: &engine, into: &changed.effects)
      while changed.radio.hasHops { changed.radio.step(at: world.now, using: &engine, into: &changed.effects) }
      world = changed
      return self.nas(.uplink, since: mark)
    }

    func challenge() -> [UInt8] {
      let vector = engine.authenticationVector(for: Worlds.credentials(), sqn: 0x2000, rand: [UInt8](repeating: 7, count: 16))
      var request = NASMessage(.authenticationRequest)
      request.set(AuthenticationRequest.nasKeySetIdentifier, NASKeySetIdentifier(.native, value: 3))
      request.set(AuthenticationRequest.authenticationParameterRAND, AuthenticationParameterRAND(vector.rand))
      request.set(AuthenticationRequest.authenticationParameterAUTN, AuthenticationParameterAUTN(vector.autn))
      return request.encoded()
    }
  }

  @Test(arguments: [false, true]) func plainAuthenticationRequestOnAProtectedConnection(deviates: Bool) throws {
    let run = Run(deviates ? [.acceptPlainAuthenticationRequest] : [])
    run.attach()
    #expect(run.ue.hasSecureExchange)
    let before = run.ue
    let answers = try run.inject(run.challenge())
    #expect(answers.count == (deviates ? 1 : 0))
    #expect((run.ue.contexts.partialNative?.keySetIdentifier == 3) == deviates)
    if !deviates { #expect(run.ue == before) }
  }

  @Test(arguments: [false, true]) func plainIdentityRequestOnAProtectedConnection(deviates: Bool) throws {
    let run = Run(deviates ? [.acceptPlainIdentityRequest] : [])
    run.attach()
    var request = NASMessage(.identityRequest)
    request.set(IdentityRequest.identityType, .imsi)
    #expect(try run.inject(request.encoded()).count == (deviates ? 1 : 0))
  }

  @Test(arguments: [false, true]) func plainRejectOnAProtectedConnection(deviates: Bool) throws {
    let run = Run(deviates ? [.acceptUnprotectedReject] : [])
    #expect(run.secureWhileAttaching())
    var reject = NASMessage(.attachReject)
    reject.set(AttachReject.emmCause, .networkFailure)
    _ = try run.inject(reject.encoded())
    #expect(run.ue.state == (deviates ? .deregistered(.attemptingToAttach) : .registeredInitiated))
  }

  @Test(arguments: [false, true]) func unciphered(deviates: Bool) throws {
    let run = Run(deviates ? [.acceptUncipheredMessages] : [])
    run.attach()
    var network = try #require(run.world.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current)
    let information = NASMessage(.emmInformation)
    let pdu = try network.protect(information.encoded(), as: .integrityProtected, using: &run.engine)
    let named = run.world.ueEvents.count
    _ = try run.inject(pdu)
    #expect(run.world.ueEvents.count == named + (deviates ? 1 : 0))
  }

  @Test(arguments: [false, true]) func capabilitiesThatWereBidDownOnTheWay(deviates: Bool) throws {
    let run = Run(deviates ? [.acceptReplayedCapabilitiesMismatch] : [])
    run.world.command(.attach, ue: 0, using: &run.engine)
    // Somebody between eNB and MME takes EEA1 to EEA3 out of ATTACH REQUEST: E0 to EEA0 alone.
    let sent = [UInt8]([0xF0, 0x70, 0xC0, 0x40])
    while run.world.s1Hops.isEmpty { run.world.step(using: &run.engine) }
    let place = try #require(run.world.s1Hops[0].octets.indices.first { run.world.s1Hops[0].octets[$0...].starts(with: sent) })
    run.world.s1Hops[0].octets[place] = 0x80
    run.world.settle(using: &run.engine)
    #expect((run.ue.state == .registered) == deviates)
    #expect((run.ue.contexts.current?.algorithms.ciphering == .eea0) == deviates)
  }

  @Test func answersSecurityModeCommandTwice() throws {
    for (deviations, count) in [(Set<Deviation>(), 1), ([.answerSecurityModeCommandTwice], 2)] {
      let run = Run(deviations)
      run.attach()
      #expect(run.nas(.uplink).count { $0.first == 0x47 } == count)
      // The second has the next COUNT, so that the network takes it and drops it for being out of place.
      #expect(run.nas(.uplink).filter { $0.first == 0x47 }.map { $0[5] } == (0..<UInt8(count)).map { $0 })
      #expect(run.ue.state == .registered)
    }
  }

  @Test func restartsItsUplinkCount() throws {
    for (deviations, sequenceNumber) in [(Set<Deviation>(), UInt8(2)), ([.resetUplinkCountOnEverySecurityModeCommand], 0)] {
      let run = Run(deviations)
      run.attach()
      let mark = run.world.effects.count
      run.world.command(.securityMode(NASAlgorithms(ciphering: .eea1, integrity: .eia1)), imsi: Worlds.imsi, using: &run.engine)
      run.world.settle(using: &run.engine)
      #expect(run.nas(.uplink, since: mark).first?[5] == sequenceNumber)
      // What was accepted once is not accepted again (§4.4.3.2): the MME does not take the restarted COUNT.
      let network = run.world.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current
      #expect((network?.algorithms.ciphering == .eea1) == deviations.isEmpty)
    }
  }

  @Test(arguments: [false, true]) func ignoresPaging(deviates: Bool) throws {
    let run = Run(deviates ? [.ignorePaging] : [])
    run.attach()
    run.world.command(.release, imsi: Worlds.imsi, using: &run.engine)
    run.world.settle(using: &run.engine)
    #expect(!run.ue.isConnected)
    run.world.command(.page, imsi: Worlds.imsi, using: &run.engine)
    run.world.settle(using: &run.engine)
    #expect(run.ue.isConnected == !deviates)
  }

  @Test(arguments: [false, true]) func silentOnSecurityModeCommand(deviates: Bool) throws {
    let run = Run(deviates ? [.silentOnSecurityModeCommand] : [])
    run.attach()
    while run.ue.state == .registeredInitiated, run.world.expireNextTimer(notAfter: .seconds(14), using: &run.engine) {
      run.world.settle(using: &run.engine)
    }
    #expect((run.ue.state == .registered) == !deviates)
    // The command, and again at each expiry of T3460 until T3410 of the UE would end the attach.
    #expect(run.nas(.downlink).count { $0.first == 0x37 } == (deviates ? 3 : 1))
  }

  @Test func everyVerdictOfARunSaysSo() throws {
    var configuration = Worlds.ue(Worlds.credentials()).configuration
    configuration.deviations = [.ignorePaging, .answerSecurityModeCommandTwice]
    let world = Worlds.world(ues: [UE(configuration: configuration, usim: USIM(credentials: Worlds.credentials()))])
    let run = AttachRun(driver: InProcessDriver(world: world), subscribers: [Worlds.credentials()])
    try run.run()
    #expect(!run.verdicts().isEmpty)
    #expect(run.verdicts().allSatisfy { $0.deviations == ["answer-smc-twice", "ignore-paging"] })
    #expect(run.verdicts().allSatisfy { $0.verdict != .misaligned })
    let exact = AttachRun(driver: InProcessDriver(world: Worlds.world()), subscribers: [Worlds.credentials()])
    try exact.run()
    #expect(exact.verdicts().allSatisfy { $0.deviations.isEmpty })
  }
}
