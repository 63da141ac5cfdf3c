import NASCrypto
import NASMessages
import Testing

@testable import NASSecurity

/// TS 24.301 §4.4.2.1 (a)-(g), §4.4.2.2, §5.4.3.3: mapped contexts and every transition.
@Suite struct MappedContextTests {
  static let umts = UMTSSecurityContext(ck: key(1, count: 16), ik: key(2, count: 16), keySetIdentifier: 3)
  static let algorithms = NASAlgorithms(ciphering: .eea2, integrity: .eia2)

  static func key(_ seed: UInt8, count: Int = 32) -> KeyMaterial { KeyMaterial([UInt8](repeating: seed, count: count)) }

  static func native(_ ksi: UInt8, seed: UInt8 = 9, using engine: inout CryptoEngine) -> SecurityContext {
    SecurityContext(kasme: key(seed), keySetIdentifier: ksi, side: .userEquipment, algorithms: algorithms, using: &engine)
  }

  static func mapped(
    _ ksi: UInt8, nonceMME: UInt32 = 7, side: NASSide = .userEquipment, using engine: inout CryptoEngine
  ) -> SecurityContext {
    SecurityContext(
      mapping: umts, nonceUE: 5, nonceMME: nonceMME, keySetIdentifier: ksi, side: side, algorithms: algorithms, using: &engine)
  }

  static func partial(_ ksi: UInt8) -> PartialNativeSecurityContext {
    PartialNativeSecurityContext(kasme: key(0x40 + ksi), keySetIdentifier: ksi)
  }

  @Test func theEKSISaysMapped() {
    var engine = CryptoEngine()
    let context = Self.mapped(3, using: &engine)
    #expect(context.eKSI == NASKeySetIdentifier(.mapped, value: 3))
    #expect(context.uplinkNASCount == .zero && context.downlinkNASCount == nil)
  }

  // MARK: (a) to (g)

  @Test func aAuthenticationDeletesTheNonCurrentOne() {
    var engine = CryptoEngine()
    var contexts = SecurityContexts(mapped: Self.mapped(3, using: &engine), pushing: Self.native(1, using: &engine))
    let current = contexts.current
    contexts.authenticated(Self.partial(2))
    #expect(contexts == SecurityContexts(current: current, partial: Self.partial(2)))
  }

  @Test func bTakingThePartialDeletesTheCurrentOne() {
    var engine = CryptoEngine()
    for current in [Self.native(1, using: &engine), Self.mapped(1, using: &engine)] {
      var contexts = SecurityContexts(current: current, partial: Self.partial(2))
      let taken = SecurityContext(taking: Self.partial(2), side: .userEquipment, algorithms: Self.algorithms, using: &engine)
      contexts.take(taken)
      #expect(contexts == SecurityContexts(current: taken))
    }
  }

  @Test func cTheNullContextOfAnEmergencyDeletesTheCurrentOne() {
    var engine = CryptoEngine()
    var contexts = SecurityContexts(current: Self.native(1, using: &engine))
    let null = SecurityContext.nullForEmergency(localKASME: Self.key(0x77), side: .userEquipment, using: &engine)
    contexts.take(null)
    #expect(contexts == SecurityContexts(current: null))
    #expect(null.eKSI == NASKeySetIdentifier(.native, value: 0))
  }

  @Test func dAHandoverPutsTheNativeOneAsideAndThePartialOneAway() throws {
    var engine = CryptoEngine()
    let native = Self.native(1, using: &engine)
    let mapped = Self.mapped(3, using: &engine)
    var contexts = SecurityContexts(current: native, partial: Self.partial(2))
    contexts.takeByHandover(try #require(MappedSecurityContext(mapped)))
    #expect(contexts == SecurityContexts(mapped: mapped, pushing: native))
    #expect(contexts.nonCurrentNativeKeySetIdentifier == native.eKSI)
    // Without a native current one the partial stays.
    contexts = SecurityContexts(partial: Self.partial(2))
    contexts.takeByHandover(try #require(MappedSecurityContext(mapped)))
    #expect(contexts == SecurityContexts(current: mapped, partial: Self.partial(2)))
  }

  @Test func eANewMappedOneDeletesTheOldMappedOne() throws {
    var engine = CryptoEngine()
    let native = Self.native(1, using: &engine)
    let new = Self.mapped(4, nonceMME: 8, using: &engine)
    var contexts = SecurityContexts(mapped: Self.mapped(3, using: &engine), pushing: native)
    contexts.takeByHandover(try #require(MappedSecurityContext(new)))
    #expect(contexts == SecurityContexts(mapped: new, pushing: native))
  }

  @Test func fWakingTheNativeOneDeletesTheMappedOne() {
    var engine = CryptoEngine()
    let native = Self.native(1, using: &engine)
    var contexts = SecurityContexts(mapped: Self.mapped(3, using: &engine), pushing: native)
    contexts.take(native)
    #expect(contexts == SecurityContexts(current: native))
  }

  @Test func gDeregistrationWhileMapped() {
    var engine = CryptoEngine()
    let native = Self.native(1, using: &engine)
    let mapped = Self.mapped(3, using: &engine)
    var contexts = SecurityContexts(mapped: mapped, pushing: native)
    contexts.deregistered()
    #expect(contexts == SecurityContexts(current: native))
    contexts = SecurityContexts(current: mapped, partial: Self.partial(2))
    contexts.deregistered()
    #expect(contexts == SecurityContexts())
    contexts = SecurityContexts(current: native, partial: Self.partial(2))
    contexts.deregistered()
    #expect(contexts == SecurityContexts(current: native))
  }

  // MARK: Derivation

  @Test func theIdleAndTheHandoverDerivationDiffer() {
    var engine = CryptoEngine()
    let idle = Self.mapped(3, using: &engine)
    let handover = SecurityContext(
      handover: Self.umts, nonceMME: 7, keySetIdentifier: 3, side: .userEquipment, algorithms: Self.algorithms, using: &engine)
    #expect(idle.kasme == engine.deriveMappedKASME(ck: Self.umts.ck, ik: Self.umts.ik, nonceUE: 5, nonceMME: 7))
    #expect(handover.kasme == engine.deriveMappedKASME(ck: Self.umts.ck, ik: Self.umts.ik, nonceMME: 7))
    #expect(idle.kasme != handover.kasme)
  }

  @Test func fromN1ModeTheCountsGoOn() throws {
    var engine = CryptoEngine()
    let five = FiveGSecurityContext(
      kamf: Self.key(0x5A), keySetIdentifier: 2, uplinkNASCount: NASCount(17), downlinkNASCount: NASCount(11), algorithms: Self.algorithms)
    var ue = SecurityContext(idleFrom5GS: five, requestCount: NASCount(17), side: .userEquipment, using: &engine)
    var mme = SecurityContext(idleFrom5GS: five, requestCount: NASCount(17), side: .mme, using: &engine)
    #expect(ue.kasme == engine.deriveIdleFrom5GSKASME(kamf: five.kamf, uplinkNASCount: 17))
    #expect(ue.uplinkNASCount == NASCount(18) && ue.downlinkNASCount == NASCount(11))
    #expect(mme.uplinkNASCount == NASCount(18) && mme.downlinkNASCount == NASCount(11))
    let down = try SecurityProtectedNAS(parsing: mme.protect([7, 0x49], as: .integrityProtectedAndCiphered, using: &engine))
    #expect(try ue.unprotect(down, using: &engine).count == NASCount(12))
    let handedOver = SecurityContext(handoverFrom5GS: five, containerCount: NASCount(12), side: .userEquipment, using: &engine)
    #expect(handedOver.kasme == engine.deriveHandoverFrom5GSKASME(kamf: five.kamf, downlinkNASCount: 12))
    #expect(handedOver.uplinkNASCount == NASCount(17) && handedOver.downlinkNASCount == NASCount(12))
  }

  // MARK: SECURITY MODE COMMAND

  func command(
    under context: SecurityContext, nonceUE: UInt32? = 5, nonceMME: UInt32? = 7, using engine: inout CryptoEngine
  ) throws -> SecurityProtectedNAS {
    var message = NASMessage(.securityModeCommand)
    message.set(
      SecurityModeCommand.selectedNASSecurityAlgorithms,
      NASSecurityAlgorithms(ciphering: context.algorithms.ciphering.rawValue, integrity: context.algorithms.integrity.rawValue))
    message.set(SecurityModeCommand.nasKeySetIdentifier, context.eKSI)
    message.set(SecurityModeCommand.replayedUESecurityCapabilities, SecurityModeEvaluationTests.replayed)
    message.set(SecurityModeCommand.replayedNonceUE, nonceUE.map { Nonce($0) })
    message.set(SecurityModeCommand.nonceMME, nonceMME.map { Nonce($0) })
    var copy = context
    return try SecurityProtectedNAS(parsing: copy.protect(message.encoded(), as: .integrityProtectedNewContext, using: &engine))
  }

  func judge(
    _ pdu: SecurityProtectedNAS, _ contexts: SecurityContexts, mapping: Bool = true, nullAllowed: Bool = false,
    using engine: inout CryptoEngine
  ) -> SecurityModeOutcome {
    var circumstances = SecurityModeCircumstances(expectedCapabilities: SecurityModeEvaluationTests.replayed)
    if mapping { circumstances.mapping = (Self.umts, 5) }
    circumstances.nullIntegrityAllowed = nullAllowed
    circumstances.localKASME = nullAllowed ? Self.key(0x77) : nil
    return contexts.evaluateSecurityModeCommand(pdu, circumstances: circumstances, using: &engine)
  }

  @Test func noncesMakeAMappedContext() throws {
    var engine = CryptoEngine()
    let pdu = try command(under: Self.mapped(3, side: .mme, using: &engine), using: &engine)
    guard case .complete(let acceptance) = judge(pdu, SecurityContexts(), using: &engine) else {
      Issue.record("not accepted")
      return
    }
    #expect(acceptance.isFirstUse && acceptance.context.type == .mapped)
    #expect(acceptance.context.uplinkNASCount == .zero && acceptance.context.downlinkNASCount == .zero)
  }

  @Test func aChangedNonceIsRejected() throws {
    var engine = CryptoEngine()
    let context = Self.mapped(3, side: .mme, using: &engine)
    for (nonceUE, nonceMME) in [(6, 7), (nil, 7), (5, nil)] as [(UInt32?, UInt32?)] {
      let pdu = try command(under: context, nonceUE: nonceUE, nonceMME: nonceMME, using: &engine)
      guard case .reject(.securityModeRejectedUnspecified, _) = judge(pdu, SecurityContexts(), using: &engine) else {
        Issue.record("\(String(describing: nonceUE)) \(String(describing: nonceMME))")
        continue
      }
    }
    let pdu = try command(under: context, using: &engine)
    guard case .reject = judge(pdu, SecurityContexts(), mapping: false, using: &engine) else {
      Issue.record("accepted without keys to map")
      return
    }
  }

  @Test func onTheCurrentMappedContextNoncesAreNotChecked() throws {
    // §5.4.3.3: no K'ASME is made anew, so the uplink COUNT goes on.
    var engine = CryptoEngine()
    var current = Self.mapped(3, using: &engine)
    _ = try current.protect([7, 0x43], as: .integrityProtected, using: &engine)
    let pdu = try command(under: Self.mapped(3, side: .mme, using: &engine), nonceUE: 99, using: &engine)
    guard case .complete(let acceptance) = judge(pdu, SecurityContexts(current: current), mapping: false, using: &engine) else {
      Issue.record("not accepted")
      return
    }
    #expect(!acceptance.isFirstUse && acceptance.context.uplinkNASCount == NASCount(1))
  }

  @Test func theNullContextIsForEmergenciesAlone() throws {
    var engine = CryptoEngine()
    let null = SecurityContext.nullForEmergency(localKASME: Self.key(0x11), side: .mme, using: &engine)
    let pdu = try command(under: null, nonceUE: nil, nonceMME: nil, using: &engine)
    guard case .complete(let acceptance) = judge(pdu, SecurityContexts(), nullAllowed: true, using: &engine) else {
      Issue.record("not accepted")
      return
    }
    #expect(acceptance.context.algorithms == .null && acceptance.context.uplinkNASCount == .zero)
    guard case .reject = judge(pdu, SecurityContexts(), using: &engine) else {
      Issue.record("accepted without an emergency")
      return
    }
  }

  @Test func aRepeatedCommandDoesNotResetTheUplinkCount() throws {
    // SECURITY MODE COMPLETE was lost and T3460 expired: the context is current by now.
    var engine = CryptoEngine()
    var mme = SecurityContext(taking: Self.partial(2), side: .mme, algorithms: Self.algorithms, using: &engine)
    var contexts = SecurityContexts(partial: Self.partial(2))
    for round in 0..<3 {
      var copy = mme
      let pdu = try command(under: copy, nonceUE: nil, nonceMME: nil, using: &engine)
      _ = try copy.protect([], as: .integrityProtectedNewContext, using: &engine)
      mme = copy
      guard case .complete(var acceptance) = judge(pdu, contexts, mapping: false, using: &engine) else {
        Issue.record("round \(round)")
        return
      }
      #expect(acceptance.isFirstUse == (round == 0))
      #expect(acceptance.context.uplinkNASCount == NASCount(UInt32(round)))
      #expect(acceptance.context.downlinkNASCount == NASCount(UInt32(round)))
      _ = try acceptance.context.protect([7, 0x5E], as: .integrityProtectedAndCipheredNewContext, using: &engine)
      contexts.take(acceptance.context)
    }
  }
}
