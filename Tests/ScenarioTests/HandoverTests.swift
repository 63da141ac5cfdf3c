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

/// Handover within one MME: who sends what, and that UE and eNB hold the same keys after it.
@Suite struct HandoverTests {
  @Test func `after an attach UE and eNB hold the same AS keys, each derived on its own side`() {
    let network = MobileWorld()
    #expect(network.keysAgree)
    #expect(network.ue.accessStratum?.keys.nextHopChainingCount == 0)
  }

  @Test func `an S1 handover runs its messages in order and leaves the same keys at both sides`() {
    let network = MobileWorld()
    network.clear()
    network.handover(to: 1, .s1)
    #expect(
      network.sequence == [
        "0> HANDOVER REQUIRED", "1< HANDOVER REQUEST", "1> HANDOVER REQUEST ACKNOWLEDGE", "0< HANDOVER COMMAND", "0> ENB STATUS TRANSFER",
        "1> HANDOVER NOTIFY", "1< MME STATUS TRANSFER", "0< UE CONTEXT RELEASE COMMAND", "0> UE CONTEXT RELEASE COMPLETE",
      ])
    #expect(network.servingENB == 1)
    #expect(network.keysAgree)
    #expect(network.ue.accessStratum?.keys.nextHopChainingCount == 2)
    for message in network.messages { #expect(message.pdu.validate().isEmpty, "\(message.pdu.message.title)") }
  }

  @Test func `the first pair on the wire is NH2 with NCC 2, derived from the KeNB of INITIAL CONTEXT SETUP`() throws {
    let network = MobileWorld()
    let keys = try #require(network.ue.accessStratum?.keys)
    network.clear()
    network.handover(to: 1, .s1)
    let pair = try #require(network.pairs.first)
    let first = network.engine.deriveNextHop(kasme: keys.kasme, syncInput: keys.keNB)
    let second = network.engine.deriveNextHop(kasme: keys.kasme, syncInput: first)
    #expect(pair.nextHopChainingCount == 2)
    #expect(KeyMaterial(pair.nextHop) == second)
  }

  @Test func `the NCC goes round modulo 8 and the keys agree at every step`() {
    let network = MobileWorld()
    network.clear()
    for step in 0..<12 {
      network.handover(to: (network.servingENB + 1) % 3, .s1)
      #expect(network.keysAgree, "handover \(step)")
    }
    #expect(network.chainingCounts == [2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5])
    #expect(network.count(.handoverNotify) == 12)
  }

  @Test func `an X2 handover after an attach is horizontal, the next one vertical with the fresh pair`() {
    let network = MobileWorld()
    network.clear()
    network.handover(to: 1, .x2)
    #expect(
      network.sequence == ["1> PATH SWITCH REQUEST", "1< PATH SWITCH REQUEST ACKNOWLEDGE"])
    #expect(network.keysAgree)
    #expect(network.ue.accessStratum?.keys.nextHopChainingCount == 0)
    network.handover(to: 2, .x2)
    #expect(network.keysAgree)
    #expect(network.ue.accessStratum?.keys.nextHopChainingCount == 2)
    #expect(network.chainingCounts == [2, 3])
    for message in network.messages { #expect(message.pdu.validate().isEmpty, "\(message.pdu.message.title)") }
  }

  @Test func `S1 and X2 handovers in any order keep the keys the same`() {
    let network = MobileWorld()
    for (step, kind) in [HandoverKind.x2, .s1, .s1, .x2, .x2, .s1, .x2, .s1, .x2, .x2, .x2, .s1].enumerated() {
      network.handover(to: (network.servingENB + 1) % 3, kind)
      #expect(network.keysAgree, "handover \(step)")
    }
  }

  @Test func `NAS goes on after a handover, and a release and service request begin a new chain`() {
    let network = MobileWorld()
    network.handover(to: 1, .s1)
    network.network(.reallocateGUTI)
    #expect(network.notes.contains { $0.contains("GUTI reallocation completed") })
    network.world.requestRelease(ue: 0, cause: .userInactivity, using: &network.engine)
    network.settle()
    #expect(network.ue.accessStratum == nil)
    network.world.command(.requestService, ue: 0, using: &network.engine)
    network.settle()
    #expect(network.keysAgree)
    #expect(network.ue.accessStratum?.keys.nextHopChainingCount == 0)
    network.clear()
    network.handover(to: 2, .s1)
    #expect(network.chainingCounts == [2])
    #expect(network.keysAgree)
  }

  @Test func `a handover into another tracking area of the list needs no update, one outside does`() {
    let network = MobileWorld(eNBs: 2, trackingAreas: [1, 2])
    network.handover(to: 1, .s1)
    #expect(network.keysAgree)
    let other = MobileWorld(eNBs: 2, trackingAreas: [1, 2]) { $0.trackingAreas.removeLast() }
    other.clear()
    other.handover(to: 1, .s1)
    #expect(other.sequence.contains("1> UPLINK NAS TRANSPORT"))
    #expect(other.keysAgree)
  }

  // MARK: Failures

  @Test func `a target without a common algorithm refuses; the chain is not rolled back`() {
    let network = MobileWorld { _ in
    } eNB: { index, configuration in
      if index == 1 { configuration.integrityPriority = [] }
    }
    network.clear()
    network.handover(to: 1, .s1)
    #expect(
      network.sequence == ["0> HANDOVER REQUIRED", "1< HANDOVER REQUEST", "1> HANDOVER FAILURE", "0< HANDOVER PREPARATION FAILURE"])
    #expect(network.servingENB == 0)
    #expect(network.keysAgree)
    network.handover(to: 2, .s1)
    #expect(network.chainingCounts == [2, 3])
    #expect(network.keysAgree)
  }

  @Test func `a handover to an eNB of no MME here fails in preparation and steps nothing`() {
    let network = MobileWorld()
    network.clear()
    let target = HandoverTarget(
      plmn: PLMNIdentity(Worlds.plmn), enbID: 0xFFFFF, trackingAreaCode: 1, cellIdentifier: 1,
      cell: .init(physicalCellIdentity: 9, downlinkEARFCN: 3350))
    network.world.serving(ue: 0, using: &network.engine) { .handover($0, to: target, .s1) }
    network.settle()
    #expect(network.sequence == ["0> HANDOVER REQUIRED", "0< HANDOVER PREPARATION FAILURE"])
    network.handover(to: 1, .s1)
    #expect(network.chainingCounts == [2])
    #expect(network.keysAgree)
  }

  @Test func `a handover cancelled before the target answers leaves nothing at the target`() {
    let network = MobileWorld()
    network.clear()
    network.world.control.add(MessageRule("ack", MessageFilter(.handoverRequestAcknowledge), .hold()))
    network.handover(to: 1, .s1)
    network.world.cancelHandover(ue: 0, using: &network.engine)
    network.world.release("ack")
    network.settle()
    #expect(network.count(.handoverCancelAcknowledge) == 1)
    #expect(network.count(.handoverCommand) == 0)
    #expect(network.count(.errorIndication) == 0)
    #expect(network.world.radio.eNB(1).connectedUEs.isEmpty)
    network.handover(to: 1, .s1)
    #expect(network.keysAgree)
    #expect(network.servingENB == 1)
    #expect(network.chainingCounts == [2, 3])
  }

  @Test func `a target that never answers: TS1RELOCprep expires, the source cancels`() {
    let network = MobileWorld()
    network.clear()
    network.world.control.add(MessageRule("lost", MessageFilter(.handoverRequest), .drop))
    network.handover(to: 1, .s1)
    network.wait(.seconds(30))
    #expect(network.sequence.prefix(2) == ["0> HANDOVER REQUIRED", "1< HANDOVER REQUEST"])
    #expect(network.count(.handoverCancel) == 1 && network.count(.handoverCancelAcknowledge) == 1)
    #expect(network.servingENB == 0)
    #expect(network.keysAgree)
    network.handover(to: 1, .s1)
    #expect(network.keysAgree && network.servingENB == 1)
  }

  @Test(arguments: HandoverKind.allCases)
  func `a UE that does not reach the target goes back: keys of the source, re-establishment, cancel`(kind: HandoverKind) {
    let network = MobileWorld()
    let before = network.ue.accessStratum?.keys.keNB
    network.world.radio.setReachable(eNB: 1, false)
    network.handover(to: 1, kind)
    #expect(network.ue.accessStratum?.keys.keNB != before)
    network.wait(.seconds(3))
    #expect(network.servingENB == 0)
    #expect(network.keysAgree)
    #expect(network.notes.contains { $0.contains("re-establishment") })
    if kind == .s1 { #expect(network.count(.handoverCancelAcknowledge) == 1) }
    #expect(network.world.radio.eNB(1).connectedUEs.isEmpty)
    network.world.radio.setReachable(eNB: 1, true)
    network.handover(to: 1, kind)
    #expect(network.servingENB == 1 && network.keysAgree)
  }

  @Test func `a radio link failure is healed by re-establishment with a horizontal KeNB*`() throws {
    let network = MobileWorld()
    let before = try #require(network.ue.accessStratum?.keys.keNB)
    network.world.command(.radio(.linkFailed), ue: 0, using: &network.engine)
    network.settle()
    let cell = network.world.radio.eNB(0).configuration.cell
    let expected = network.engine.deriveKeNBStar(from: before, pci: cell.physicalCellIdentity, earfcnDL: cell.downlinkEARFCN)
    #expect(network.ue.accessStratum?.keys.keNB == expected)
    #expect(network.keysAgree)
  }

  @Test(arguments: HandoverKind.allCases)
  func `a re-establishment while a handover is prepared calls the handover off`(kind: HandoverKind) {
    let network = MobileWorld()
    network.world.handover(ue: 0, toENB: 1, kind: kind, using: &network.engine)
    network.world.command(.radio(.linkFailed), ue: 0, using: &network.engine)
    network.settle()
    #expect(network.servingENB == 0)
    #expect(!network.notes.contains { $0.contains("does not verify") })
    #expect(network.keysAgree)
    #expect(network.world.radio.eNB(1).connectedUEs.isEmpty)
    network.handover(to: 1, kind)
    #expect(network.servingENB == 1 && network.keysAgree)
  }

  @Test func `a lost PATH SWITCH REQUEST ends at the source's overall timer, and the UE comes back by itself`() {
    let network = MobileWorld()
    network.world.control.add(MessageRule("lost", MessageFilter(.pathSwitchRequest), .drop))
    network.handover(to: 1, .x2)
    network.wait(.seconds(60))
    network.world.command(.requestService, ue: 0, using: &network.engine)
    network.wait(.seconds(60))
    #expect(network.keysAgree || network.ue.accessStratum == nil)
    network.world.requestRelease(ue: 0, cause: .userInactivity, using: &network.engine)
    network.settle()
    network.world.command(.requestService, ue: 0, using: &network.engine)
    network.wait(.seconds(60))
    #expect(network.keysAgree)
  }

  @Test func `a path switch of an unknown connection is refused and releases the UE`() {
    let network = MobileWorld()
    network.world.control.add(
      MessageRule(
        "wrong", MessageFilter(.pathSwitchRequest), .alter(.replace(.sourceMMEUES1APID, .integer(77)))))
    network.handover(to: 1, .x2)
    #expect(network.count(.pathSwitchRequestFailure) == 1)
    #expect(network.ue.accessStratum == nil)
    network.wait(.seconds(60))
    network.world.command(.requestService, ue: 0, using: &network.engine)
    network.wait(.seconds(20))
    network.clear()
    network.handover(to: 2, .s1)
    #expect(network.chainingCounts == [2] && network.keysAgree)
  }

  @Test func `an association lost in mid-handover fails the preparation`() {
    let network = MobileWorld()
    network.world.control.add(MessageRule("ack", MessageFilter(.handoverRequestAcknowledge), .drop))
    network.handover(to: 1, .s1)
    network.world.loseAssociation(eNB: 1, using: &network.engine)
    network.settle()
    #expect(network.count(.handoverPreparationFailure) == 1)
    network.handover(to: 2, .s1)
    #expect(network.keysAgree && network.servingENB == 2)
  }
}
