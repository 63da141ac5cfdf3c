import Alignment
import NASCrypto
import NASMessages
import S1AP
import Testing
import Trace

@testable import NASSecurity
@testable import Scenario
@testable import TestNetwork
@testable import UserEquipment

/// What one side has wrong, by a hand that no message shows, is found: the ledgers are not blind for being patient.
@Suite("Faults seeded into the test network")
struct FaultsInWorldsTests {
  enum Side: String, CaseIterable { case ue, mme }

  enum Fault: String, CaseIterable {
    case kasme, ciphering, integrity, sendsCountAgain, acceptsLaterOnly, eKSI

    func apply(_ context: inout NASSecurity.SecurityContext, _ engine: inout CryptoEngine) {
      var (kasme, eKSI, algorithms, counts) = (context.kasme, context.keySetIdentifier, context.algorithms, context.counts)
      switch self {
      case .kasme: kasme = KeyMaterial([UInt8](repeating: 0x5a, count: 32))
      case .ciphering: algorithms.ciphering = algorithms.ciphering == .eea1 ? .eea3 : .eea1
      case .integrity: algorithms.integrity = algorithms.integrity == .eia1 ? .eia3 : .eia1
      case .sendsCountAgain: counts.nextToSend = NASCount((counts.nextToSend?.value ?? 2) - 1)
      case .acceptsLaterOnly: counts.largestAccepted = NASCount((counts.largestAccepted?.value ?? 0) + 40)
      case .eKSI: eKSI = (eKSI + 1) % 7
      }
      context = NASSecurity.SecurityContext(
        kasme: kasme, type: context.type, keySetIdentifier: eKSI, side: context.side, algorithms: algorithms, counts: counts, using: &engine
      )
    }

    /// Slugs of which one must be misaligned.
    func finds(on side: Side) -> Set<String> {
      switch (self, side) {
      case (.kasme, .mme): ["nas-context/kasme"]
      case (.ciphering, .mme): ["nas-context/ciphering-algorithm"]
      case (.integrity, .mme): ["nas-context/integrity-algorithm"]
      case (.sendsCountAgain, .mme): ["nas-context/downlink-nas-count"]
      case (.acceptsLaterOnly, .mme): ["nas-context/uplink-nas-count"]
      case (.eKSI, .mme): ["nas-context/eksi"]
      // It hears nothing any more, and nothing that it sends shows that.
      case (.acceptsLaterOnly, .ue): []
      // A fault of our own is nobody else's.
      case (_, .ue): ["self-check"]
      }
    }
  }

  @Test("a context, COUNT or key that one side has wrong is misaligned, in the right attribute", arguments: Side.allCases, Fault.allCases)
  func seeded(side: Side, fault: Fault) throws {
    var (tried, missed) = (0, 0)
    for seed in UInt64(0)..<12 {
      var engine = CryptoEngine()
      var walk = RandomWalk(seed: seed)
      _ = walk.run(steps: 20 + Int(seed) * 4, using: &engine)
      // Registered and connected, whatever the walk came to.
      walk.settle(after: { $0.command(.powerOn, ue: 0, using: &$1) }, using: &engine)
      walk.settle(after: { $0.command(.attach, ue: 0, using: &$1) }, using: &engine)
      walk.settle(after: { $0.command(.requestService, ue: 0, using: &$1) }, using: &engine)
      walk.settle(after: { $0.command(.emmInformation, imsi: Worlds.imsi, using: &$1) }, using: &engine)
      let ue = walk.world.radio.ue(0).contexts.current
      let mme = walk.world.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current
      guard let ue, let mme, ue.kasme == mme.kasme, ue.algorithms == mme.algorithms, walk.world.core.mmes[0].isConnected(imsi: Worlds.imsi),
        walk.verdicts().allSatisfy({ $0.verdict != .misaligned })
      else { continue }
      tried += 1
      walk.tamper { world in
        switch side {
        case .ue: world.radio.subscribers[0].ue.contexts.withCurrent { fault.apply(&$0, &engine) }
        case .mme: world.core.mmes[0].ues[0].security.withCurrent { fault.apply(&$0, &engine) }
        }
      }
      // Other messages than before, so that a COUNT used again is not the same octets again.
      walk.settle(after: { $0.command(.identify(.imeisv), imsi: Worlds.imsi, using: &$1) }, using: &engine)
      walk.settle(after: { $0.command(.emmInformation, imsi: Worlds.imsi, using: &$1) }, using: &engine)
      if fault == .ciphering { walk.settle(after: { $0.command(.detach(switchOff: false), ue: 0, using: &$1) }, using: &engine) }
      walk.settle(after: { $0.requestRelease(ue: 0, cause: .userInactivity, using: &$1) }, using: &engine)
      walk.settle(after: { $0.command(.requestService, ue: 0, using: &$1) }, using: &engine)
      walk.settle(after: { $0.command(.securityMode(), imsi: Worlds.imsi, using: &$1) }, using: &engine)
      walk.settle(after: { $0.command(.authenticate(), imsi: Worlds.imsi, using: &$1) }, using: &engine)
      let found = Set(walk.verdicts().filter { $0.verdict == .misaligned }.map(\.slug))
      let right = fault.finds(on: side)
      if found.isDisjoint(with: right), !right.isEmpty { missed += 1 }
      if side == .ue { #expect(found.isSubset(of: right), "seed \(seed): \(found)") }
    }
    // One message of the UE is all that its ciphering shows by, and one in some hundred reads with a wrong algorithm too.
    #expect(missed <= (fault == .ciphering ? 1 : 0))
    #expect(tried >= 4)
  }
}
