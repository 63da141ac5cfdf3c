import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import RadioInterface
import S1AP
import TestNetwork
import Testing
import Trace
import UserEquipment

@testable import Scenario

/// What TS 33.401 §7.2.10 says of SMC, key change and handover beside each other, on a network that keeps to it and on ones that do not.
@Suite struct KeyChangeTests {
  private static let command = MessageFilter(.downlinkNASTransport, nas: .securityModeCommand)
  private static let complete = MessageFilter(.uplinkNASTransport, nas: .securityModeComplete)

  @Test func `a re-authentication in connected mode re-keys AS, and the chain begins anew`() {
    let network = MobileWorld()
    network.handover(to: 1, .s1)
    let before = network.ue.accessStratum?.keys.kasme
    network.clear()
    network.network(.authenticate())
    #expect(network.sequence.suffix(2) == ["1< UE CONTEXT MODIFICATION REQUEST", "1> UE CONTEXT MODIFICATION RESPONSE"])
    #expect(network.keysAgree)
    #expect(network.ue.accessStratum?.keys.kasme != before)
    #expect(network.ue.accessStratum?.keys.kasme == network.ue.contexts.current?.kasme)
    network.clear()
    network.handover(to: 2, .s1)
    #expect(network.chainingCounts == [2])
    #expect(network.keysAgree)
  }

  @Test(arguments: HandoverKind.allCases)
  func `a handover while SMC is outstanding continues the old chain, the key change follows at the target`(kind: HandoverKind) {
    let network = MobileWorld()
    let old = network.ue.accessStratum?.keys.kasme
    network.world.control.add(MessageRule("complete", Self.complete, .hold()))
    network.network(.authenticate())
    #expect(network.ue.contexts.current?.kasme != old)
    network.handover(to: 1, kind)
    #expect(network.servingENB == 1)
    #expect(network.keysAgree)
    #expect(network.ue.accessStratum?.keys.kasme == old)
    // What is held names the leg that the UE has left: it is lost, and T3460 brings another.
    _ = network.world.control.release("complete")
    network.wait(.seconds(7))
    #expect(network.keysAgree)
    #expect(network.ue.accessStratum?.keys.kasme == network.ue.contexts.current?.kasme)
    #expect(network.ue.accessStratum?.keys.kasme != old)
  }

  @Test func `an SMC lost to a handover is sent again at the target with the next COUNT`() throws {
    let network = MobileWorld()
    network.world.serving(ue: 0, using: &network.engine) { .holdNAS($0, true) }
    let count = try #require(network.world.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current?.counts.nextToSend)
    network.network(.securityMode())
    network.clear()
    network.handover(to: 1, .s1)
    #expect(network.count(.nasNonDeliveryIndication) == 1)
    #expect(
      network.messages.first { $0.pdu.message == .nasNonDeliveryIndication }?.pdu[.cause].flatMap { try? Cause($0.value) }?.name
        == "s1-intra-system-handover-triggered")
    let commands = network.messages.filter { $0.pdu.message == .downlinkNASTransport }
    #expect(commands.map(\.eNB) == [1])
    #expect(network.world.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current?.counts.nextToSend?.value == count.value + 2)
    #expect(network.sequence.contains("1> UPLINK NAS TRANSPORT"))
    #expect(network.keysAgree)
  }

  @Test func `an SMC lost to a handover that is over before the MME hears of it is sent again at once`() throws {
    let network = MobileWorld()
    network.world.serving(ue: 0, using: &network.engine) { .holdNAS($0, true) }
    let count = try #require(network.world.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current?.counts.nextToSend)
    network.network(.securityMode())
    network.clear()
    // Two associations have no order between them: HANDOVER NOTIFY of the target's may overtake what the source's eNB said before.
    network.world.control.add(MessageRule("lost", MessageFilter(.nasNonDeliveryIndication), .hold()))
    network.world.control.add(MessageRule("gone", MessageFilter(.ueContextReleaseComplete), .hold()))
    network.handover(to: 1, .s1)
    #expect(network.count(.downlinkNASTransport) == 0)
    network.world.release("lost")
    network.settle()
    #expect(network.messages.filter { $0.pdu.message == .downlinkNASTransport }.map(\.eNB) == [1])
    #expect(network.world.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current?.counts.nextToSend?.value == count.value + 2)
    network.world.release("gone")
    network.settle()
    #expect(network.keysAgree)
  }

  @Test func `an SMC lost to an X2 handover is sent again at the target, also where the path was switched before the MME hears of it`()
    throws
  {
    for isLate in [false, true] {
      let network = MobileWorld()
      network.world.serving(ue: 0, using: &network.engine) { .holdNAS($0, true) }
      let count = try #require(network.world.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current?.counts.nextToSend)
      network.network(.securityMode())
      network.clear()
      if isLate { network.world.control.add(MessageRule("lost", MessageFilter(.nasNonDeliveryIndication), .hold())) }
      network.handover(to: 1, .x2)
      #expect(network.count(.downlinkNASTransport) == (isLate ? 0 : 1))
      network.world.release("lost")
      network.settle()
      #expect(network.count(.nasNonDeliveryIndication) == 1)
      #expect(network.count(.errorIndication) == 0)
      #expect(network.messages.filter { $0.pdu.message == .downlinkNASTransport }.map(\.eNB) == [1])
      #expect(network.world.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current?.counts.nextToSend?.value == count.value + 2)
      #expect(network.sequence.contains("1> UPLINK NAS TRANSPORT"))
      #expect(network.keysAgree)
    }
  }

  @Test func `an eNB refuses a key change during a handover, and gets it when that is over`() {
    let network = MobileWorld()
    let old = network.ue.accessStratum?.keys.kasme
    network.world.control.add(MessageRule("request", MessageFilter(.ueContextModificationRequest), .hold()))
    network.network(.authenticate())
    network.world.control.add(MessageRule("switch", MessageFilter(.pathSwitchRequest), .hold()))
    network.world.control.add(MessageRule("required", MessageFilter(.handoverRequired), .hold()))
    network.handover(to: 1, .s1)
    network.world.release("request")
    network.settle()
    #expect(network.count(.ueContextModificationFailure) == 1)
    network.world.release("required")
    network.clear()
    network.settle()
    #expect(network.chainingCounts == [2])
    #expect(network.servingENB == 1)
    #expect(network.keysAgree)
    #expect(network.ue.accessStratum?.keys.kasme != old)
    #expect(network.sequence.contains("1> UE CONTEXT MODIFICATION RESPONSE"))
  }

  @Test func `an eNB that breaks its rule takes the key during a handover, and the UE is lost`() {
    let network = MobileWorld { _ in
    } eNB: { _, configuration in
      configuration.brokenRules = [.rejectsRekeyDuringHandover]
    }
    network.world.control.add(MessageRule("request", MessageFilter(.ueContextModificationRequest), .hold()))
    network.network(.authenticate())
    network.world.control.add(MessageRule("required", MessageFilter(.handoverRequired), .hold()))
    network.handover(to: 1, .s1)
    network.world.release("request")
    network.settle()
    #expect(network.count(.ueContextModificationFailure) == 0)
    #expect(network.count(.ueContextModificationResponse) == 1)
  }

  @Test func `an eNB postpones a handover until the UE has answered a key change`() {
    let network = MobileWorld()
    network.world.control.add(MessageRule("request", MessageFilter(.ueContextModificationRequest), .hold()))
    network.network(.authenticate())
    network.clear()
    network.world.release("request")
    // Up to the eNB, not yet to the UE and back.
    network.world.step(using: &network.engine)
    network.world.handover(ue: 0, toENB: 1, kind: .s1, using: &network.engine)
    network.settle()
    #expect(network.notes.contains { $0.contains("postponed") })
    #expect(network.sequence.prefix(2) == ["0> UE CONTEXT MODIFICATION RESPONSE", "0> HANDOVER REQUIRED"])
    #expect(network.servingENB == 1)
    #expect(network.keysAgree)
  }

  @Test func `a UE that takes AS keys of a new KASME before it is told loses its connection`() {
    let network = MobileWorld(deviations: [.rekeyAccessStratumAtSecurityModeCommand])
    network.network(.authenticate())
    #expect(network.ue.accessStratum == nil)
    #expect(network.notes.contains { $0.contains("MAC-I of an RRC message does not verify") })
    // The network heals it.
    network.world.command(.requestService, ue: 0, using: &network.engine)
    network.wait(.seconds(20))
    #expect(network.keysAgree)
  }

  // MARK: The MME's rules

  @Test func `no SMC goes out while a key change is unanswered, one does with the defect`() {
    for (defects, expected) in [([], 0), ([.smcDuringASRekey], 1)] as [(Set<Defect>, Int)] {
      let network = MobileWorld { $0.defects = defects }
      network.world.control.add(MessageRule("answer", MessageFilter(.ueContextModificationResponse), .hold()))
      network.network(.authenticate())
      network.clear()
      network.world.command(.securityMode(), imsi: Worlds.imsi, atOnce: true, using: &network.engine)
      network.settle()
      #expect(network.messages.count { $0.direction == .downlink } == expected, "\(defects)")
      network.world.release("answer")
      network.wait(.seconds(1))
      #expect(network.count(.uplinkNASTransport) == 1)
      #expect(network.keysAgree)
    }
  }

  @Test func `no key change goes out while SMC is unanswered, one does with the defect`() {
    for (defects, expected) in [([], 0), ([.asRekeyDuringSMC], 1)] as [(Set<Defect>, Int)] {
      let network = MobileWorld { $0.defects = defects }
      // The key change is refused by an eNB that is busy; while it is owed, another SMC is sent and not answered.
      network.world.control.add(
        MessageRule("request", MessageFilter(.ueContextModificationRequest), .hold(), times: 1))
      network.network(.authenticate())
      network.world.control.add(MessageRule("required", MessageFilter(.handoverRequired), .hold()))
      network.handover(to: 1, .s1)
      network.world.release("request")
      network.settle()
      network.world.control.add(MessageRule("complete", Self.complete, .hold()))
      network.network(.securityMode())
      network.clear()
      network.world.release("required")
      network.settle()
      #expect(network.servingENB == 1)
      #expect(network.count(.ueContextModificationRequest) == expected, "\(defects)")
      #expect(network.count(.handoverNotify) == 1)
    }
  }

  // MARK: Defects of the chain

  @Test(arguments: HandoverKind.allCases)
  func `new KASME over old NH: UE and target part, as with a real core`(kind: HandoverKind) throws {
    let network = MobileWorld { $0.defects = [.oldASChainUntilRekey] }
    let keys = try #require(network.ue.accessStratum?.keys)
    network.world.control.add(MessageRule("complete", Self.complete, .hold()))
    network.network(.authenticate())
    let kasme = try #require(network.ue.contexts.current?.kasme)
    network.clear()
    network.handover(to: 1, kind)
    let first = network.engine.deriveNextHop(kasme: keys.kasme, syncInput: keys.keNB)
    let hybrid = network.engine.deriveNextHop(kasme: kasme, syncInput: first)
    let pair = try #require(network.pairs.first)
    #expect(pair.nextHopChainingCount == 2)
    #expect(KeyMaterial(pair.nextHop) == hybrid)
    if kind == .s1 {
      #expect(network.count(.handoverNotify) == 0)
      #expect(network.ue.accessStratum == nil)
    } else {
      // The first X2 handover is horizontal; the next one takes the hybrid pair.
      network.handover(to: 2, .x2)
      #expect(network.ue.accessStratum == nil)
    }
    network.wait(.seconds(60))
    network.world.command(.requestService, ue: 0, using: &network.engine)
    network.wait(.seconds(20))
    #expect(network.keysAgree)
  }

  @Test(arguments: [
    (Defect.nhZero, [0, 0] as [UInt8]), (.keNBAsNH, [0, 0]), (.nhStale, [2, 2]), (.nhSkip, [3, 5]), (.nhFirstPair, [1, 2]),
    (.nccStuck, [1, 2]), (.nhTruncated, [2, 3]),
  ])
  func `a defect of the chain shows in the NCCs`(defect: Defect, counts: [UInt8]) {
    let network = MobileWorld { $0.defects = [defect] }
    network.clear()
    network.handover(to: 1, .x2)
    network.handover(to: 0, .x2)
    #expect(network.chainingCounts.first == counts[0])
    if network.chainingCounts.count > 1 { #expect(network.chainingCounts[1] == counts[1]) }
  }

  @Test func `a KeNB of the old KASME at a key change is noticed by the UE, which is lost and comes back`() {
    let network = MobileWorld { $0.defects = [.keNBOldKASME] }
    network.network(.authenticate())
    network.wait(.seconds(20))
    #expect(network.ue.accessStratum == nil)
    network.world.command(.requestService, ue: 0, using: &network.engine)
    network.wait(.seconds(20))
    // A service request brings a KeNB of its own, which the defect spares.
    #expect(network.keysAgree)
  }

  @Test func `a KeNB of COUNT 0 at a service request: the UE refuses AS security and the set-up fails`() {
    let network = MobileWorld { $0.defects = [.keNBCountZero] }
    network.world.requestRelease(ue: 0, cause: .userInactivity, using: &network.engine)
    network.settle()
    network.clear()
    network.world.command(.requestService, ue: 0, using: &network.engine)
    network.settle()
    #expect(network.count(.initialContextSetupFailure) == 1)
    #expect(network.count(.initialContextSetupResponse) == 0)
    #expect(network.ue.accessStratum == nil)
  }
}
