import NASCrypto
import NASMessages
import Testing

@testable import NASSecurity

/// TS 24.301 §5.4.3.3, §5.4.3.5: every check on its own, and nothing changes where the command is not accepted.
@Suite struct SecurityModeEvaluationTests {
  static let capability = UENetworkCapability(eea: 0xF0, eia: 0x70, uea: 0xC0, uia: 0x40)
  static let replayed = UESecurityCapability(replaying: capability)
  static let partial = PartialNativeSecurityContext(kasme: key(9), keySetIdentifier: 2)
  static let eea2eia2 = NASAlgorithms(ciphering: .eea2, integrity: .eia2)

  /// A command; what it is protected with and what it says may part.
  struct Command {
    var algorithms = NASSecurityAlgorithms(ciphering: 2, integrity: 2)
    var eKSI = NASKeySetIdentifier(.native, value: 2)
    var capabilities = SecurityModeEvaluationTests.replayed
    var headerType = SecurityHeaderType.integrityProtectedNewContext
    var count = NASCount.zero
    var imeisv: IMEISVRequest?
    var hash: [UInt8]?
    var additional: UEAdditionalSecurityCapability?
    var tail: [UInt8] = []

    func pdu(under context: SecurityContext, using engine: inout CryptoEngine) throws -> SecurityProtectedNAS {
      var message = NASMessage(.securityModeCommand)
      message.set(SecurityModeCommand.selectedNASSecurityAlgorithms, algorithms)
      message.set(SecurityModeCommand.nasKeySetIdentifier, eKSI)
      message.set(SecurityModeCommand.replayedUESecurityCapabilities, capabilities)
      message.set(SecurityModeCommand.imeisvRequest, imeisv)
      message.set(SecurityModeCommand.hashMME, hash.map { HashMME($0) })
      message.set(SecurityModeCommand.replayedUEAdditionalSecurityCapability, additional)
      return try SecurityProtectedNAS(parsing: context.seal(message.encoded() + tail, as: headerType, count: count, using: &engine))
    }
  }

  /// Judges a command under the partial context of eKSI 2, beside a current one of eKSI 1 whose COUNTs have moved.
  func judge(
    _ command: Command, under context: SecurityContext? = nil, nullIntegrityAllowed: Bool = false, initialMessage: [UInt8]? = nil,
    expected: UESecurityCapability = replayed, additional: UEAdditionalSecurityCapability? = nil, spoil: (inout [UInt8]) -> Void = { _ in }
  ) throws -> SecurityModeOutcome {
    var engine = CryptoEngine()
    let contexts = SecurityContexts(
      current: NASSecurityTests.context(
        .userEquipment, kasme: key(1), eKSI: 1, counts: NASCountPair(nextToSend: NASCount(7), largestAccepted: NASCount(5)),
        using: &engine),
      partial: Self.partial)
    let mme = context ?? SecurityContext(taking: Self.partial, side: .mme, algorithms: Self.eea2eia2, using: &engine)
    var octets = try command.pdu(under: mme, using: &engine).octets
    spoil(&octets)
    let before = contexts
    let outcome = contexts.evaluateSecurityModeCommand(
      try SecurityProtectedNAS(parsing: octets),
      circumstances: SecurityModeCircumstances(
        expectedCapabilities: expected, expectedAdditionalCapability: additional, nullIntegrityAllowed: nullIntegrityAllowed,
        initialMessage: initialMessage), using: &engine)
    #expect(contexts == before)
    return outcome
  }

  func acceptance(
    _ outcome: SecurityModeOutcome, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> SecurityModeOutcome.Acceptance {
    let acceptance: SecurityModeOutcome.Acceptance? = if case .complete(let acceptance) = outcome { acceptance } else { nil }
    return try #require(acceptance, "\(outcome)", sourceLocation: sourceLocation)
  }

  func expectRejects(
    _ outcome: SecurityModeOutcome, _ cause: EMMCause, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard case .reject(let given, _) = outcome else {
      Issue.record("not rejected: \(outcome)", sourceLocation: sourceLocation)
      return
    }
    #expect(given == cause, sourceLocation: sourceLocation)
  }

  func expectDiscards(
    _ outcome: SecurityModeOutcome, _ reason: DiscardReason, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard case .discard(let given) = outcome else {
      Issue.record("not discarded: \(outcome)", sourceLocation: sourceLocation)
      return
    }
    #expect(given == reason, sourceLocation: sourceLocation)
  }

  @Test func theFirstCommandTakesThePartialContextWithCOUNTsFromZero() throws {
    let accepted = try acceptance(try judge(Command()))
    #expect(accepted.isFirstUse && !accepted.imeisvRequested && !accepted.replaysInitialMessage)
    #expect(accepted.context.kasme == Self.partial.kasme && accepted.context.keySetIdentifier == 2)
    #expect(accepted.context.uplinkNASCount == .zero && accepted.context.downlinkNASCount == .zero)
  }

  @Test(arguments: [1, 2, 3] as [UInt8])
  func everyIntegrityAlgorithmIsAccepted(number: UInt8) throws {
    var engine = CryptoEngine()
    let algorithms = NASAlgorithms(ciphering: .eea0, integrity: try #require(IntegrityAlgorithm(rawValue: number)))
    let mme = SecurityContext(taking: Self.partial, side: .mme, algorithms: algorithms, using: &engine)
    let outcome = try judge(Command(algorithms: NASSecurityAlgorithms(ciphering: 0, integrity: number)), under: mme)
    #expect(try acceptance(outcome).context.algorithms == algorithms)
  }

  @Test(arguments: [1, 4, 200] as [UInt32])
  func aRetransmittedFirstCommandIsAcceptedWithItsOwnCOUNT(count: UInt32) throws {
    let accepted = try acceptance(try judge(Command(count: NASCount(count))))
    #expect(accepted.isFirstUse)
    #expect(accepted.context.downlinkNASCount == NASCount(count) && accepted.context.uplinkNASCount == .zero)
  }

  @Test func aCommandOnTheCurrentContextLetsItsCOUNTsGoOn() throws {
    var engine = CryptoEngine()
    var mme = NASSecurityTests.context(.mme, kasme: key(1), eKSI: 1, using: &engine)
    mme.select(NASAlgorithms(ciphering: .eea1, integrity: .eia1), using: &engine)
    let command = Command(
      algorithms: NASSecurityAlgorithms(ciphering: 1, integrity: 1), eKSI: NASKeySetIdentifier(.native, value: 1), count: NASCount(6))
    let accepted = try acceptance(try judge(command, under: mme))
    #expect(!accepted.isFirstUse)
    #expect(accepted.context.algorithms == NASAlgorithms(ciphering: .eea1, integrity: .eia1))
    #expect(accepted.context.uplinkNASCount == NASCount(7) && accepted.context.downlinkNASCount == NASCount(6))
  }

  @Test func aReplayedCommandIsDiscardedAndNotRejected() throws {
    var engine = CryptoEngine()
    let mme = NASSecurityTests.context(.mme, kasme: key(1), eKSI: 1, using: &engine)
    let command = Command(eKSI: NASKeySetIdentifier(.native, value: 1), count: NASCount(5))
    expectDiscards(try judge(command, under: mme), .replayed(NASCount(5)))
  }

  @Test func aWrongMACIsRejected() throws {
    for position in 1...5 {
      expectRejects(try judge(Command()) { $0[position] ^= 0x80 }, .securityModeRejectedUnspecified)
    }
  }

  @Test func aForeignKASMEIsRejected() throws {
    var engine = CryptoEngine()
    expectRejects(
      try judge(Command(), under: NASSecurityTests.context(.mme, kasme: key(7), eKSI: 2, using: &engine)), .securityModeRejectedUnspecified)
  }

  @Test(arguments: [
    NASKeySetIdentifier(.native, value: 0), NASKeySetIdentifier(.native, value: 3), .noKey, NASKeySetIdentifier(.mapped, value: 2),
    NASKeySetIdentifier(.mapped, value: 1),
  ])
  func anUnknownEKSIIsRejected(eKSI: NASKeySetIdentifier) throws {
    expectRejects(try judge(Command(eKSI: eKSI)), .securityModeRejectedUnspecified)
  }

  @Test(
    arguments: [
      [0xF0, 0x70], [0xE0, 0x70, 0xC0, 0x40], [0xF0, 0x60, 0xC0, 0x40], [0xF0, 0x70, 0x80, 0x40], [0xF0, 0x70, 0xC0, 0x00],
      [0xF0, 0x70, 0xC0, 0x40, 0x60], [0xF0, 0x70, 0xC0, 0x40, 0x00],
    ] as [[UInt8]])
  func alteredCapabilitiesAreRejected(octets: [UInt8]) throws {
    expectRejects(try judge(Command(capabilities: UESecurityCapability(octets: octets))), .ueSecurityCapabilitiesMismatch)
  }

  @Test func theAdditionalCapabilityIsCheckedWhereItIsReplayed() throws {
    let sent = UEAdditionalSecurityCapability(ea: 0xF000, ia: 0x7000)
    _ = try acceptance(try judge(Command(additional: sent), additional: sent))
    _ = try acceptance(try judge(Command(), additional: sent))
    let altered = UEAdditionalSecurityCapability(ea: 0x8000, ia: 0x7000)
    expectRejects(try judge(Command(additional: altered), additional: sent), .ueSecurityCapabilitiesMismatch)
    expectRejects(try judge(Command(additional: altered)), .ueSecurityCapabilitiesMismatch)
  }

  @Test func anAlgorithmTheUEDoesNotHaveIsRejected() throws {
    var engine = CryptoEngine()
    let onlyTwo = UESecurityCapability(replaying: UENetworkCapability(eea: 0xA0, eia: 0x20))
    for (ciphering, integrity) in [(1, 2), (2, 1), (3, 2), (2, 3)] as [(UInt8, UInt8)] {
      let algorithms = NASAlgorithms(
        ciphering: try #require(CipheringAlgorithm(rawValue: ciphering)), integrity: try #require(IntegrityAlgorithm(rawValue: integrity)))
      let mme = SecurityContext(taking: Self.partial, side: .mme, algorithms: algorithms, using: &engine)
      let command = Command(
        algorithms: NASSecurityAlgorithms(ciphering: ciphering, integrity: integrity), capabilities: onlyTwo)
      expectRejects(try judge(command, under: mme, expected: onlyTwo), .ueSecurityCapabilitiesMismatch)
    }
  }

  @Test func aReservedAlgorithmIsRejected() throws {
    for number in UInt8(4)...7 {
      expectRejects(
        try judge(Command(algorithms: NASSecurityAlgorithms(ciphering: number, integrity: 2))), .securityModeRejectedUnspecified)
      expectRejects(
        try judge(Command(algorithms: NASSecurityAlgorithms(ciphering: 2, integrity: number))), .securityModeRejectedUnspecified)
    }
  }

  @Test func nullIntegrityIsForEmergenciesOnly() throws {
    var engine = CryptoEngine()
    let capable = UESecurityCapability(replaying: UENetworkCapability(eea: 0xF0, eia: 0xF0))
    let mme = SecurityContext(
      taking: Self.partial, side: .mme, algorithms: NASAlgorithms(ciphering: .eea0, integrity: .eia0), using: &engine)
    let command = Command(algorithms: NASSecurityAlgorithms(ciphering: 0, integrity: 0), capabilities: capable)
    expectRejects(try judge(command, under: mme, expected: capable), .securityModeRejectedUnspecified)
    // Nor by one that claims nothing of it.
    expectRejects(
      try judge(Command(algorithms: NASSecurityAlgorithms(ciphering: 0, integrity: 0)), under: mme), .ueSecurityCapabilitiesMismatch)
    let accepted = try acceptance(try judge(command, under: mme, nullIntegrityAllowed: true, expected: capable))
    #expect(accepted.context.algorithms.integrity == .eia0)
  }

  @Test func hashMMEIsComparedWithTheInitialMessage() throws {
    var engine = CryptoEngine()
    let initial: [UInt8] = [0x07, 0x41, 0x71, 0x08]
    let right = engine.initialMessageHash(of: initial)
    var wrong = right
    wrong[7] ^= 1
    #expect(try !acceptance(try judge(Command(hash: right), initialMessage: initial)).replaysInitialMessage)
    #expect(try acceptance(try judge(Command(hash: wrong), initialMessage: initial)).replaysInitialMessage)
    #expect(try !acceptance(try judge(Command(), initialMessage: initial)).replaysInitialMessage)
    // No attach or tracking area update is running: the hash says nothing.
    #expect(try !acceptance(try judge(Command(hash: wrong))).replaysInitialMessage)
  }

  @Test func imeisvIsAskedForByOneValue() throws {
    #expect(try acceptance(try judge(Command(imeisv: .requested))).imeisvRequested)
    #expect(try !acceptance(try judge(Command(imeisv: .notRequested))).imeisvRequested)
    #expect(try !acceptance(try judge(Command(imeisv: IMEISVRequest(rawValue: 5)))).imeisvRequested)
  }

  @Test func anOptionalElementThatIsWrongCountsAsAbsent() throws {
    // §7.7.1: a HASH_MME of 3 octets.
    #expect(try !acceptance(try judge(Command(tail: [0x4F, 3, 1, 2, 3]), initialMessage: [7, 0x41])).replaysInitialMessage)
  }

  @Test(arguments: [1, 2, 4] as [UInt8])
  func otherHeaderTypesAreDiscarded(type: UInt8) throws {
    expectDiscards(try judge(Command(headerType: SecurityHeaderType(rawValue: type))), .securityHeaderTypeNotAllowed(type))
  }

  @Test func anotherMessageUnderTheNewContextHeaderIsDiscarded() throws {
    var engine = CryptoEngine()
    let mme = SecurityContext(taking: Self.partial, side: .mme, algorithms: Self.eea2eia2, using: &engine)
    let pdu = mme.seal([0x07, 0x46], as: .integrityProtectedNewContext, count: .zero, using: &engine)
    let outcome = SecurityContexts(partial: Self.partial).evaluateSecurityModeCommand(
      try SecurityProtectedNAS(parsing: pdu), circumstances: SecurityModeCircumstances(expectedCapabilities: Self.replayed), using: &engine)
    expectDiscards(outcome, .securityHeaderTypeNotAllowed(3))
  }

  @Test func truncatedCommandsAreDiscarded() throws {
    var engine = CryptoEngine()
    let mme = SecurityContext(taking: Self.partial, side: .mme, algorithms: Self.eea2eia2, using: &engine)
    let whole = try Command().pdu(under: mme, using: &engine).octets
    for length in 7..<whole.count {
      let outcome = SecurityContexts(partial: Self.partial).evaluateSecurityModeCommand(
        try SecurityProtectedNAS(parsing: Array(whole[..<length])),
        circumstances: SecurityModeCircumstances(expectedCapabilities: Self.replayed), using: &engine)
      guard case .discard(.malformed) = outcome else {
        Issue.record("\(length) octets: \(outcome)")
        continue
      }
    }
  }

  @Test func wakingAFullNativeContextKeepsItsCOUNTs() throws {
    var engine = CryptoEngine()
    let counts = NASCountPair(nextToSend: NASCount(40), largestAccepted: NASCount(30))
    let native = context(.userEquipment, kasme: key(3), eKSI: 4, counts: counts, using: &engine)
    let contexts = SecurityContexts(mapped: context(.userEquipment, type: .mapped, eKSI: 4, using: &engine), pushing: native)
    let mme = context(.mme, kasme: key(3), eKSI: 4, using: &engine)
    let pdu = try Command(eKSI: NASKeySetIdentifier(.native, value: 4), count: NASCount(31)).pdu(under: mme, using: &engine)
    let accepted = try acceptance(
      contexts.evaluateSecurityModeCommand(
        pdu, circumstances: SecurityModeCircumstances(expectedCapabilities: Self.replayed), using: &engine))
    #expect(!accepted.isFirstUse && accepted.context.type == .native)
    #expect(accepted.context.uplinkNASCount == NASCount(40) && accepted.context.downlinkNASCount == NASCount(31))
  }
}
