import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// TS 24.301 §4.4.4.2 and §4.4.5 as a walk: every message in every protection in every situation of the connection.
@Suite struct IntegrityTableTests {
  /// A message and whether §4.4.4.2 lets it pass without integrity before the secure exchange.
  struct Row {
    var name: String
    var message: NASMessage
    var isListed: Bool

    init(_ message: NASMessage, listed: Bool, _ note: String = "") {
      self.message = message
      isListed = listed
      name = message.type.name + note
    }
  }

  static func rows(_ bench: Bench) -> [Row] {
    var tauReject = NASMessage(.trackingAreaUpdateReject)
    tauReject.set(TrackingAreaUpdateReject.emmCause, .networkFailure)
    var tauReject25 = tauReject
    tauReject25.set(TrackingAreaUpdateReject.emmCause, .notAuthorizedForThisCSG)
    var serviceReject = NASMessage(.serviceReject)
    serviceReject.set(ServiceReject.emmCause, .implicitlyDetached)
    var serviceReject25 = serviceReject
    serviceReject25.set(ServiceReject.emmCause, .notAuthorizedForThisCSG)
    var status = NASMessage(.esmStatus, procedureTransactionIdentity: 1)
    status.set(ESMStatus.esmCause, .protocolErrorUnspecified)
    var command = NASMessage(.securityModeCommand)
    command.set(SecurityModeCommand.selectedNASSecurityAlgorithms, NASSecurityAlgorithms(ciphering: 2, integrity: 2))
    command.set(SecurityModeCommand.nasKeySetIdentifier, NASKeySetIdentifier(.native, value: 0))
    command.set(SecurityModeCommand.replayedUESecurityCapabilities, bench.ue.configuration.replayableCapabilities)
    return [
      Row(Bench.identityRequest(.imsi), listed: true, " (IMSI)"),
      Row(Bench.identityRequest(.imei), listed: false, " (IMEI)"),
      Row(Bench.identityRequest(.imeisv), listed: false, " (IMEISV)"),
      Row(Bench.identityRequest(.tmsi), listed: false, " (TMSI)"),
      Row(bench.challenge(eKSI: 2), listed: true),
      Row(NASMessage(.authenticationReject), listed: true),
      Row(Bench.attachReject(.networkFailure), listed: true),
      Row(Bench.attachReject(.notAuthorizedForThisCSG), listed: false, " (#25)"),
      Row(NASMessage(.detachAccept), listed: true),
      Row(tauReject, listed: true),
      Row(tauReject25, listed: false, " (#25)"),
      Row(serviceReject, listed: true),
      Row(serviceReject25, listed: false, " (#25)"),
      Row(Bench.attachAccept(), listed: false),
      Row(Bench.detachRequest(.reattachNotRequired), listed: false),
      Row(Bench.gutiReallocationCommand(Bench.guti), listed: false),
      Row(Bench.emmInformation("net"), listed: false),
      Row(Bench.emmStatus(), listed: false),
      Row(command, listed: false),
      Row(Bench.esmInformationRequest(), listed: false),
      Row(Bench.activation(), listed: false),
      Row(status, listed: false),
      Row(NASMessage(.emm(0x7F)), listed: false, " (unknown type)"),
    ]
  }

  enum Situation: CaseIterable {
    /// Attaching, no context in the UE; the network protects with one of its own.
    case attachingWithoutContext
    /// Attaching with a stored context; nothing has come yet.
    case attachingWithContext
    case detachingFromIdle
    /// Registered, secure exchange established.
    case secured
    /// The same under the null ciphering algorithm, which changes no rule (§4.4.5).
    case securedWithNullCiphering

    func bench() throws -> Bench {
      let bench = Bench()
      switch self {
      case .attachingWithoutContext:
        bench.give(.attach)
      case .attachingWithContext:
        try bench.attach()
        bench.give(.detach(switchOff: false))
        bench.give(.radioConnectionReleased)
        bench.give(.attach)
      case .detachingFromIdle:
        try bench.attachAndRelease()
        bench.give(.detach(switchOff: false))
      case .secured:
        try bench.attach()
      case .securedWithNullCiphering:
        try bench.attach(algorithms: NASAlgorithms(ciphering: .eea0, integrity: .eia1))
      }
      return bench
    }

    var isSecured: Bool { self == .secured || self == .securedWithNullCiphering }
    var hasContext: Bool { self != .attachingWithoutContext }
  }

  enum Protection: CaseIterable {
    case plain, integrity, integrityBadMAC, ciphered, cipheredBadMAC, newContext, newContextCiphered, partiallyCiphered

    var scripted: ScriptedNetwork.Protection {
      switch self {
      case .plain: .plain
      case .integrity: .integrity
      case .integrityBadMAC: .forged(.integrityProtected)
      case .ciphered: .ciphered
      case .cipheredBadMAC: .forged()
      case .newContext: ScriptedNetwork.Protection(headerType: .integrityProtectedNewContext)
      case .newContextCiphered: ScriptedNetwork.Protection(headerType: .integrityProtectedAndCipheredNewContext)
      case .partiallyCiphered: .plain
      }
    }
  }

  /// What the text says.
  static func isProcessed(_ row: Row, _ protection: Protection, _ situation: Situation) -> Bool {
    let isCommand = row.message.type == .securityModeCommand
    switch protection {
    case .plain, .integrityBadMAC: return row.isListed && !situation.isSecured
    // Verified or not, before the secure exchange the list counts; after it, what is not ciphered is dropped.
    case .integrity: return row.isListed && !situation.isSecured
    case .ciphered: return situation.hasContext && !isCommand
    case .newContext: return isCommand
    case .cipheredBadMAC, .newContextCiphered, .partiallyCiphered: return false
    }
  }

  @Test(arguments: Situation.allCases, Protection.allCases)
  func walk(situation: Situation, protection: Protection) throws {
    let bench = try situation.bench()
    let ue = bench.ue
    let network = bench.network
    for row in Self.rows(bench) {
      bench.ue = ue
      bench.network = network
      var pdu = bench.network.pdu(row.message, protection.scripted, using: &bench.engine)
      if protection == .partiallyCiphered { pdu = [0x57, 0, 0, 0, 0, 0] + pdu }
      let outputs = bench.deliver(pdu)
      let dropped = outputs.count == 1 && outputs.discards.first.map(Self.isAboutProtection) == true
      #expect(dropped != Self.isProcessed(row, protection, situation), "\(row.name): \(outputs)")
      guard dropped else { continue }
      var expected = ue
      // A MAC that was right moves the COUNT, and nothing else moves.
      if protection == .integrity && situation.hasContext || protection == .ciphered { expected.contexts = bench.ue.contexts }
      if protection == .ciphered { expected.connection = bench.ue.connection }
      #expect(bench.ue == expected, "\(row.name)")
    }
  }

  static func isAboutProtection(_ reason: DiscardReason) -> Bool {
    switch reason {
    case .noSecurityContext, .integrityCheckFailed, .replayed, .countExhausted, .protectionMissing, .cipheringMissing,
      .securityHeaderTypeNotAllowed:
      true
    case .malformed, .notCompatibleWithState: false
    }
  }

  @Test func aVerifiedMessageIsTakenOnceOnly() throws {
    for situation in [Situation.attachingWithContext, .detachingFromIdle, .secured] {
      let bench = try situation.bench()
      for protection in [ScriptedNetwork.Protection.integrity, .ciphered] {
        let pdu = bench.network.pdu(Bench.identityRequest(.imsi), protection, using: &bench.engine)
        bench.deliver(pdu)
        let count = try #require(bench.ue.contexts.current?.downlinkNASCount)
        bench.assertDiscards(pdu, .replayed(count))
      }
    }
  }

  @Test func aForgedLowerSequenceNumberDoesNotHurt() throws {
    // Defects 22 and 23, at the UE.
    let bench = try Situation.secured.bench()
    bench.deliver(Bench.identityRequest(.imsi), .ciphered)
    var forged = ScriptedNetwork.Protection.forged()
    forged.count = NASCount(0)
    bench.assertDiscards(Bench.identityRequest(.imsi), forged, .integrityCheckFailed)
    try bench.assertSends(
      bench.deliver(Bench.identityRequest(.imsi), .ciphered), .identityResponse, header: .integrityProtectedAndCiphered)
  }

  @Test func lostMessagesAroundTheWrapAreSurvived() throws {
    let bench = try Situation.secured.bench()
    for count in [200, 255, 256, 300, 500, 512, 766] as [UInt32] {
      var protection = ScriptedNetwork.Protection.ciphered
      protection.count = NASCount(count)
      let outputs = bench.deliver(Bench.identityRequest(.imei), protection)
      #expect(bench.words(outputs) == ["send IDENTITY RESPONSE/2"])
      #expect(bench.ue.contexts.current?.downlinkNASCount == NASCount(count))
    }
  }

  @Test func withoutAConnectionNothingIsHeard() throws {
    let bench = Bench()
    try bench.attachAndRelease()
    for protection in [ScriptedNetwork.Protection.plain, .ciphered] {
      bench.assertDiscards(Bench.identityRequest(.imsi), protection)
    }
    bench.assertDiscards(bench.securityModeCommand())
  }

  @Test func aServiceRequestIsNoDownlinkMessage() throws {
    try Situation.secured.bench().assertDiscards([0xC7, 0x02, 0x72, 0x6F], .securityHeaderTypeNotAllowed(12))
  }
}
