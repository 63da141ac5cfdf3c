import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// TS 24.301 §4.4.4.2 and §4.4.5 beside the walk of ProtectionWalkTests.
@Suite struct IntegrityTableTests {
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
